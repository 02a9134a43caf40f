//! A payload that is no JSON, or no longer: torn, invalid, or something else.

use super::{Class, Known, RedactionCounts, Redactor, keys, masked};
use crate::pseudonym::{Author, PseudonymKey};

/// Longest name of a field that is looked at.
const MAX_KEY: usize = 40;
/// How far a person's object reaches at most, where its end is missing.
const MAX_PERSON: usize = 4096;
/// Base64 of fewer characters holds no address.
const MIN_BASE64: usize = 12;

pub(super) fn redact(
    redactor: Redactor,
    text: &str,
    source: Option<&str>,
    key: &PseudonymKey,
    counts: &mut RedactionCounts,
) -> (String, Option<Author>) {
    let fields = fields(text);
    let known: Vec<&str> = fields.iter().filter(|f| f.masks_others).map(|f| &text[f.start..f.end]).collect();
    let known = Known::new(known.into_iter().filter(|value| (3..=128).contains(&value.len())));
    let author = author(text, &fields, source, key);

    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for field in &fields {
        redactor.redact_into(&text[done..field.start], &known, &mut out, counts);
        if Redactor::is_placeholder(&text[field.start..field.end]) {
            out.push_str(&text[field.start..field.end]);
        } else {
            out.push_str(masked(field.class, counts));
        }
        done = field.end;
    }
    redactor.redact_into(&text[done..], &known, &mut out, counts);
    // Once more over the whole: a piece of an address may stand on either side of a field.
    let mut whole = String::with_capacity(out.len());
    redactor.redact_into(&out, &known, &mut whole, counts);
    (unveil_base64(redactor, whole, counts), author)
}

/// By the first address, else by the author's id. Never by both: what is torn may tell two people's.
fn author(text: &str, fields: &[Field], source: Option<&str>, key: &PseudonymKey) -> Option<Author> {
    let value = |field: &Field| &text[field.start..field.end];
    let email = fields.iter().find(|field| field.class == Class::Email).map(value);
    let source = source.or_else(|| source_in(text)).filter(|source| !source.is_empty());
    let id = fields.iter().find(|field| field.names_author).map(value);
    key.author("", None, email).or_else(|| key.author(source?, id, None))
}

/// The envelope's own attribute.
fn source_in(text: &str) -> Option<&str> {
    const NAME: &str = "\"source\"";
    let after = text.find(NAME)? + NAME.len();
    let colon =
        text[after..].find(|c: char| !c.is_whitespace()).filter(|at| text[after + at..].starts_with(':'))?;
    let (start, end) = value_after(text, after + colon + 1);
    Some(&text[start..end])
}

/// A value that is personal by its key, without its quotes.
struct Field {
    class: Class,
    /// The id in `"author": {…`.
    names_author: bool,
    /// Where it stands elsewhere it is masked too. A number of somebody is not: it may be any other number.
    masks_others: bool,
    start: usize,
    end: usize,
}

/// Finds `"email": "…`, `email=…`, `<email>…`, also where the end is missing, and within `"author": {…` whatever
/// does not merely group people.
fn fields(text: &str) -> Vec<Field> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut person_until, mut author_until) = (0, 0, 0);
    while let Some(sign) = memchr::memchr3(b':', b'=', b'>', &bytes[at..]).map(|i| at + i) {
        at = sign + 1;
        let Some(key) = key_before(text, sign) else { continue };
        if keys::is_person(key) && text[at..].trim_start_matches([' ', '\\', '"']).starts_with('{') {
            let reach = bytes.len().min(at + MAX_PERSON);
            person_until = memchr::memchr(b'}', &bytes[at..reach]).map_or(reach, |end| at + end);
            if key.eq_ignore_ascii_case("author") {
                author_until = person_until;
            }
            continue;
        }
        let within = (sign < person_until && !keys::is_grouping(key)).then_some(Class::Name);
        let told = keys::personal_field(key).or(within);
        let number = || keys::is_persons_id(key).then_some(Class::Id);
        let Some(class) = told.or_else(number) else { continue };
        let (start, end) = value_after(text, at);
        if start < end {
            let names_author = sign < author_until && key.eq_ignore_ascii_case("id");
            let masks_others = told.is_some_and(|class| class != Class::Token);
            found.push(Field { class, names_author, masks_others, start, end });
            at = end;
        }
    }
    found
}

fn key_before(text: &str, sign: usize) -> Option<&str> {
    let quoted = |b: u8| matches!(b, b' ' | b'"' | b'\'' | b'\\' | b'\t');
    let bytes = text.as_bytes();
    let end = sign - bytes[..sign].iter().rev().take(8).take_while(|b| quoted(**b)).count();
    let inside = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let length = bytes[..end].iter().rev().take(MAX_KEY).take_while(|b| inside(**b)).count();
    (length > 0).then(|| &text[end - length..end])
}

/// To the closing quote, or where nothing is quoted to the next sign that ends a value.
fn value_after(text: &str, at: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let lead = |b: u8| matches!(b, b' ' | b'\t' | b'\\' | b'[' | b'\r' | b'\n');
    let start = at + bytes[at..].iter().take(64).take_while(|b| lead(**b)).count();
    // The brackets of a placeholder are no list.
    let start = if bytes[..start].ends_with(b"[") && is_word_then_bracket(&text[start..]) {
        start - 1
    } else {
        start
    };
    let quote = bytes.get(start).copied().filter(|b| matches!(b, b'"' | b'\''));
    match quote {
        Some(quote) => {
            let from = start + 1;
            // JSON within a string escapes its own quotes; else an escaped one is part of the value.
            let nested = bytes[..start].ends_with(b"\\");
            let mut end = from;
            while end < bytes.len() && bytes[end] != quote {
                end += if bytes[end] == b'\\' && !nested { 2 } else { 1 };
            }
            let end = end.min(bytes.len());
            let end = (from..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(from);
            (from, from + text[from..end].trim_end_matches('\\').len())
        }
        None => {
            let stop = |b: &u8| matches!(b, b',' | b'}' | b'\n' | b'\r' | b'&' | b'<' | b'"' | b';' | b'{');
            let end = start + bytes[start..].iter().take_while(|b| !stop(b)).count();
            (start, start + text[start..end].trim_end().len())
        }
    }
}

fn is_word_then_bracket(text: &str) -> bool {
    text.find(']').is_some_and(|end| Class::ALL.iter().any(|class| class.as_str() == &text[..end]))
}

/// Replaces runs of base64 in which something personal stands.
pub(super) fn unveil_base64(redactor: Redactor, text: String, counts: &mut RedactionCounts) -> String {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=');
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    while let Some(begin) = text[at..].find(inside).map(|i| at + i) {
        let end = text[begin..].find(|c| !inside(c)).map_or(text.len(), |i| begin + i);
        at = end;
        if end - begin >= MIN_BASE64 && hides(redactor, &text[begin..end]) {
            out.push_str(&text[done..begin]);
            out.push_str(masked(Class::Token, counts));
            done = end;
        }
    }
    if done == 0 {
        return text;
    }
    out.push_str(&text[done..]);
    out
}

fn hides(redactor: Redactor, run: &str) -> bool {
    let decoded = crate::base64::decode(run).and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.is_some_and(|text| {
        !text.contains(|c: char| c.is_control() && !c.is_whitespace()) && !redactor.is_clean(&text)
    })
}
