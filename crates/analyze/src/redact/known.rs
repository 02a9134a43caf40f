//! The author's own name, address and handle, and those of others whom the conversation names, wherever they
//! occur.

use super::chars::{glued_left, glued_right};
use super::letters::{base, matches_at};
use super::{Class, fold::View, scan::Hit, signature};
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// Names that are words, and words that stand where a name should. As a part of a name they are masked only with
/// a capital and where a name is to be expected; as the whole name, with a capital; as a handle, behind `@` or `/`.
static WORDS: WordSet = LazyLock::new(|| {
    Words::new(
        "will may mark grant hope best good young long art rich bill grace joy faith price page case chase \
     summer april june july august sunny love king day white black brown green gray grey rose dawn eve sky \
     star new app the and von van der den del los las dos bin ben for not gut lang user customer support \
     test admin team guest anonymous happy early frank major sharp swift wise west north south east \
     street field fields wood woods stone mobile home don won can jack pat drew sue rob nick dean earl duke \
     ray gene cliff guy olive ivy lily violet hazel daisy iris ruby pearl amber crystal ginger melody \
     harmony angel mercy patience charity destiny autumn winter holly basil sage robin jay martin wolf fox \
     bird fish lane brook brooks ford marsh banks hill hills park parks parker lake rivers church bishop \
     pope prince knight baker cook mason smith taylor butler porter turner walker hunter fisher miller \
     potter shepherd rush noble small little short strong bond cash pound penny sale law lord max min ace \
     chance chip buck rock clay sandy dusty rusty rain snow frost dale glen heath forest reed moss berry \
     cherry rice bean pepper sugar honey candy cookie echo nova dash flash ash link log root port host web \
     data key keys cast general power powers bright smart quick ready true real main post read reads write \
     bell ball hall wall walls gates house mills dear sweet merry carol mia dan jan jun juli juni per sol \
     luz paz mar sean rosa blanco blanca nur son das die sie man song sun hang ping sing das mit und les des \
     una uno con por las sur pas bon bonne leon lion tiger golf polo mini alpha beta gamma delta java ruby \
     swift python rust android ios windows linux mac chrome safari email mail login checkout billing export \
     import sales service system bot help info news client account office agent unknown none null nobody \
     someone everybody company product feedback enterprise business free pro plus basic premium trial you \
     your our all any are was has had but out who how why yes now one two bug fix",
    )
});

pub(super) fn find(text: &str, known: &[&str], hits: &mut Vec<Hit>) {
    for name in known {
        let view = View::of(name);
        let name = view.text().trim().trim_start_matches('@');
        if !is_long_enough(name) || name.starts_with('[') {
            continue;
        }
        if name.contains('@') {
            each(text, name, |hit| hits.push(Hit { class: Class::Email, ..hit }));
            continue;
        }
        let small = name.starts_with(char::is_lowercase);
        each(text, name, |hit| {
            let fits = match (WORDS.contains(name), small) {
                (false, _) => true,
                (true, true) => text[..hit.range.start].ends_with(['@', '/', '=']),
                (true, false) => !text[hit.range.start..].starts_with(char::is_lowercase),
            };
            if fits {
                hits.push(hit);
            }
        });
        parts(text, name, hits);
    }
}

/// The first name and the last by themselves.
fn parts(text: &str, name: &str, hits: &mut Vec<Hit>) {
    let blank = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '·' | '・');
    let words = || name.split(blank).filter(|word| !word.is_empty());
    for half in halves(name).into_iter().flatten() {
        each(text, half, |hit| hits.push(hit));
    }
    if words().nth(1).is_none() {
        return;
    }
    for part in words().filter(|part| is_long_enough(part)) {
        if !WORDS.contains(part) {
            each(text, part, |hit| hits.push(hit));
            continue;
        }
        each(text, part, |hit| {
            let capital = text[hit.range.start..].starts_with(char::is_uppercase);
            let others = || words().filter(|other| *other != part);
            if capital && signature::is_place_of_name(text, &hit.range, others) {
                hits.push(hit);
            }
        });
    }
}

/// Three letters, or two where a letter is a syllable.
fn is_long_enough(name: &str) -> bool {
    name.chars().nth(2).is_some() || name.chars().nth(1).is_some() && name.chars().all(is_syllable)
}

/// Ideographs and Hangul, of which two are a name.
fn is_syllable(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What a name without a blank is made of: of three syllables the first is the family's, and a word like any
/// other; of four the first two.
fn halves(name: &str) -> [Option<&str>; 2] {
    let count = name.chars().take(5).count();
    if !(3..=4).contains(&count) || !name.chars().all(is_syllable) {
        return [None, None];
    }
    let first = name.char_indices().nth(count - 2).map_or(name.len(), |(at, _)| at);
    let (family, given) = name.split_at(first);
    [Some(given), Some(family).filter(|family| is_long_enough(family))]
}

/// Every place where the name stands as words of its own, in any case.
fn each(text: &str, name: &str, mut found: impl FnMut(Hit)) {
    let Some(first) = name.chars().next().map(base) else { return };
    let mut visit = |at: usize| {
        if glued_left(text, at) {
            return;
        }
        if let Some(len) = matches_at(&text[at..], name) {
            let hit = Hit::new(at..at + len, Class::Name);
            if !glued_right(text, at + len) && !in_placeholder(text, &hit) && !shortened(&text[at + len..]) {
                found(hit);
            }
        }
    };
    let bytes = text.as_bytes();
    if first.is_ascii() {
        let (lower, upper) = (first.to_ascii_lowercase() as u8, first.to_ascii_uppercase() as u8);
        memchr::memchr2_iter(lower, upper, bytes).for_each(&mut visit);
        // Where an accented letter of Latin begins; the rarer ones behind U+1E00 begin no name.
        let accented = |at: &usize| text[*at..].chars().next().is_some_and(|c| base(c) == first);
        memchr::memchr3_iter(0xC3, 0xC4, 0xC5, bytes).filter(accented).for_each(&mut visit);
    } else {
        text.char_indices().filter(|(_, c)| !c.is_ascii() && base(*c) == first).for_each(|(at, _)| visit(at));
    }
}

/// `don't`: no name.
fn shortened(rest: &str) -> bool {
    rest.starts_with(['\'', '’']) && rest.chars().nth(1).is_some_and(|c| matches!(c, 't' | 'T'))
}

/// A customer called Card must not unmake `[card]`.
fn in_placeholder(text: &str, hit: &Hit) -> bool {
    text[..hit.range.start].ends_with('[')
        && text[hit.range.end..].starts_with(']')
        && Class::ALL.iter().any(|class| class.as_str() == &text[hit.range.clone()])
}
