//! Names that nobody has told, behind a greeting, a title or an introduction: `Hi Tobias,`, `Frau Schmidt`,
//! `my name is Priya Nair`.
//!
//! A title and `my name is` tell a name by themselves. A greeting tells one where a comma or the line's end follows,
//! for people greet teams, products and the world as well; in mid-sentence, and behind thanks and `I am`, only a first
//! name that many have counts. What is found so is looked for in the rest of the text. Of the record's own product no
//! word is taken for a name, unless a title of a person or an introduction stands before it.

mod given;
mod lead;
mod nobody;
mod person;
mod titles;

use super::chars::{byte, glued_left, glued_right};
use super::{Class, Known, scan::Hit};
use crate::wordset::Words;
use lead::Lead;
use std::ops::Range;

/// Blanks at the start of a text behind which a name may stand in small letters.
const HEAD_BLANKS: usize = 4;
/// Names of a text that are looked for in the rest of it: time stays linear.
const MOST_NAMES: usize = 16;
/// Longest word beyond ASCII that is looked up in small letters, in bytes; the lists hold none that is longer.
const LONGEST: usize = 32;

pub(super) fn find(text: &str, known: &Known<'_>, hits: &mut Vec<Hit>) {
    in_small_letters(text, known, hits);
    let mut done = 0;
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        let at = at + 1;
        if matches!(pair[0], b' ' | b'.')
            && at >= done
            && is_capital(text, at, pair[1])
            && let Some(range) = name_at(text, at, known)
        {
            done = range.end;
            hits.push(Hit::new(range, Class::Name));
        }
    }
}

/// `hi anna`: whoever writes no capitals greets at the start.
fn in_small_letters(text: &str, known: &Known<'_>, hits: &mut Vec<Hit>) {
    for blank in memchr::memchr_iter(b' ', text.as_bytes()).take(HEAD_BLANKS) {
        let at = blank + 1;
        if is_small(text, at)
            && let Some(range) = name_at(text, at, known)
        {
            hits.push(Hit::new(range, Class::Name));
        }
    }
}

/// Of the Latin script; `at` stands behind a byte of ASCII.
fn is_capital(text: &str, at: usize, first: u8) -> bool {
    match first {
        b'A'..=b'Z' => true,
        0xC3..=0xC9 | 0xE1 => text[at..].starts_with(char::is_uppercase),
        _ => false,
    }
}

/// Of the Latin script; `at` stands behind a blank.
fn is_small(text: &str, at: usize) -> bool {
    match byte(text, at) {
        b'a'..=b'z' => true,
        0xC3..=0xC9 | 0xE1 => text[at..].starts_with(char::is_lowercase),
        _ => false,
    }
}

fn name_at(text: &str, at: usize, known: &Known<'_>) -> Option<Range<usize>> {
    let (lead, start) = lead::before(text, at)?;
    let name = start..person::read(text, at, lead)?;
    (!is_product(text, &name, lead, known)).then_some(name)
}

/// `Hi Larchdeck,` and `Dr. Oetker`, where the product is called so; `Mr Miller` is a person, also where `Miller` is
/// the product.
fn is_product(text: &str, name: &Range<usize>, lead: Lead, known: &Known<'_>) -> bool {
    let may_be = match lead {
        Lead::Greeting | Lead::Hallo | Lead::Fond | Lead::Loose => true,
        Lead::Title | Lead::Herr => {
            let (_, title) = lead::split_last(text[..name.start].trim_end_matches(' '));
            known.is_of_a_product(title)
        }
        Lead::Named | Lead::Being => false,
    };
    may_be && known.is_of_a_product(&text[name.clone()])
}

/// Whether the list, which is in small letters, holds the word in any case; the list itself minds the case of letters
/// beyond ASCII.
fn is_in(list: &Words, word: &str) -> bool {
    if word.is_ascii() {
        return list.contains(word);
    }
    let (mut small, mut len) = ([0_u8; LONGEST], 0);
    for c in word.chars().flat_map(char::to_lowercase) {
        let Some(room) = small.get_mut(len..len + c.len_utf8()) else { return false };
        len += c.encode_utf8(room).len();
    }
    std::str::from_utf8(&small[..len]).is_ok_and(|word| list.contains(word))
}

/// Finds the names that stand in the hits from `from` on wherever else they are written the same.
pub(super) fn find_again(text: &str, known: &Known<'_>, from: usize, hits: &mut Vec<Hit>) {
    let words = hits[from..].iter().flat_map(|hit| person::words(&text[hit.range.clone()]));
    let mut names: Vec<&str> = words.filter(|word| !known.is_of_a_product(word)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().take(MOST_NAMES) {
        for (at, _) in text.match_indices(name) {
            let end = at + name.len();
            if !glued_left(text, at) && !glued_right(text, end) {
                hits.push(Hit::new(at..end, Class::Name));
            }
        }
    }
}
