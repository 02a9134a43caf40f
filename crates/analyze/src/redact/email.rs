//! E-mail addresses, written plainly, quoted, with blanks around the sign, or spelled out.

use super::chars::{before, byte, is_spaced_letter, run_start};
use super::{Class, scan::Hit};

/// RFC 5321 allows 64 and 255; disguise may double it.
const MAX_LOCAL: usize = 128;
const MAX_DOMAIN: usize = 255;

/// Around an `@`.
pub(super) fn at_sign(text: &str, at: usize) -> Option<Hit> {
    let (domain_from, right_blank) = match byte(text, at + 1) {
        b' ' => (at + 2, true),
        _ => (at + 1, false),
    };
    let end = domain_end(text, domain_from).or_else(|| literal_end(text, domain_from))?;
    let mut local_to = at;
    let left_blank = before(text, at) == b' ';
    if left_blank {
        local_to -= 1;
    }
    let start = quoted_start(text, local_to).or_else(|| local_start(text, local_to))?;
    // `thanks @example.com` greets an account; an address has blanks on both sides, or looks like one.
    let local = &text[start..local_to];
    let looks = local.contains(['.', '_', '"']) || local.bytes().any(|b| b.is_ascii_digit());
    (!left_blank || right_blank || looks).then(|| Hit::new(start..end, Class::Email))
}

/// `jane (at) example (dot) com`, from its first bracket.
pub(super) fn spelled(text: &str, at: usize) -> Option<Hit> {
    let after = bracketed(text, at, "at")?;
    let local_to = at - usize::from(before(text, at) == b' ');
    let start = local_start(text, local_to)?;
    let from = after + usize::from(byte(text, after) == b' ');
    let end = domain_end(text, from).or_else(|| spelled_domain(text, from))?;
    Some(Hit::new(start..end, Class::Email))
}

/// `jane at example dot com`, from the blank before `dot`.
pub(super) fn spoken(text: &str, dot: usize) -> Option<Hit> {
    let name_from = run_start(text, dot, |b| b.is_ascii_alphanumeric() || b == b'-');
    let at = name_from.checked_sub(4)?;
    if name_from == dot || !text.as_bytes()[at..name_from].eq_ignore_ascii_case(b" at ") {
        return None;
    }
    let start = local_start(text, at)?;
    let end = spelled_domain(text, name_from)?;
    Some(Hit::new(start..end, Class::Email))
}

/// Past `(word)` or `[word]` at this place.
fn bracketed(text: &str, at: usize, word: &str) -> Option<usize> {
    let close = match byte(text, at) {
        b'(' => b')',
        b'[' => b']',
        _ => return None,
    };
    let end = at + 1 + word.len();
    let inner = text.as_bytes().get(at + 1..end)?;
    (inner.eq_ignore_ascii_case(word.as_bytes()) && byte(text, end) == close).then_some(end + 1)
}

/// `example (dot) co dot uk`: labels with spelled dots, at least one.
fn spelled_domain(text: &str, from: usize) -> Option<usize> {
    let mut at = label_end(text, from)?;
    let mut dots = 0;
    loop {
        let blank = usize::from(byte(text, at) == b' ');
        let next = bracketed(text, at + blank, "dot").or_else(|| {
            let word = text.as_bytes().get(at + blank..at + blank + 3)?;
            (blank == 1 && word.eq_ignore_ascii_case(b"dot")).then_some(at + blank + 3)
        });
        let next = next.map(|next| next + usize::from(byte(text, next) == b' '));
        match next.and_then(|next| label_end(text, next)) {
            Some(end) if dots < 4 => (at, dots) = (end, dots + 1),
            _ => return (dots > 0).then_some(at),
        }
    }
}

fn label_end(text: &str, from: usize) -> Option<usize> {
    let mut end = from;
    for c in text.get(from..)?.chars() {
        if !(c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii() && is_spaced_letter(c)) {
            break;
        }
        end += c.len_utf8();
    }
    (end > from).then_some(end)
}

/// The end of labels joined by dots, the last of which could be a top-level domain.
fn domain_end(text: &str, from: usize) -> Option<usize> {
    let mut at = label_end(text, from)?;
    let mut end = None;
    while byte(text, at) == b'.' && at - from < MAX_DOMAIN {
        let label = at + 1;
        let Some(next) = label_end(text, label) else { break };
        let name = text[label..next].trim_end_matches('-');
        if name.starts_with("xn--")
            || name.chars().count() >= 2 && !name.starts_with(|c: char| c.is_ascii_digit())
        {
            end = Some(label + name.len());
        }
        at = next;
    }
    end
}

/// `[192.168.0.1]` as a domain.
fn literal_end(text: &str, from: usize) -> Option<usize> {
    let inner = text.get(from..)?.strip_prefix('[')?;
    let close = inner.bytes().take(48).position(|b| b == b']')?;
    let address = inner[..close].trim_start_matches("IPv6:");
    address.parse::<std::net::IpAddr>().ok().map(|_| from + close + 2)
}

/// Where the local part before `end` starts.
fn local_start(text: &str, end: usize) -> Option<usize> {
    let mut start = end;
    for c in text[..end].chars().rev() {
        let inside = match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '_' | '%' | '+' | '-' => true,
            '!' | '#' | '$' | '&' | '\'' | '*' | '^' | '`' | '{' | '|' | '}' | '~' => true,
            c => !c.is_ascii() && is_spaced_letter(c),
        };
        if !inside || end - start > MAX_LOCAL {
            break;
        }
        start -= c.len_utf8();
    }
    // Signs that stand before an address rather than in it: quotes, Markdown, list dashes.
    let local = text[start..end].trim_start_matches(|c: char| c.is_ascii_punctuation());
    (!local.is_empty()).then(|| end - local.len())
}

/// `"jane doe"` before the sign.
fn quoted_start(text: &str, end: usize) -> Option<usize> {
    let inner = text[..end].strip_suffix('"')?;
    let start = inner.bytes().rev().take(MAX_LOCAL).position(|b| b == b'"' || b == b'\n')?;
    let at = inner.len() - start - 1;
    (start > 0 && byte(text, at) == b'"').then_some(at)
}
