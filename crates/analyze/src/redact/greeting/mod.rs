//! Names that nobody has told, behind a greeting, a title or an introduction: `Hi Tobias,`, `Frau Schmidt`,
//! `my name is Priya Nair`.
//!
//! A title and `my name is` tell a name by themselves. A greeting tells one where a comma or the line's end follows,
//! for people greet teams, products and the world as well; in mid-sentence, and behind thanks and `I am`, only a first
//! name that many have counts. What is found so is looked for in the rest of the text.

mod given;
mod lead;
mod nobody;
mod person;
mod titles;

use super::chars::{byte, glued_left, glued_right};
use super::{Class, scan::Hit};
use std::ops::Range;

/// Blanks at the start of a text behind which a name may stand in small letters.
const HEAD_BLANKS: usize = 4;
/// Names of a text that are looked for in the rest of it: time stays linear.
const MOST_NAMES: usize = 16;

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    in_small_letters(text, hits);
    let mut done = 0;
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        let at = at + 1;
        if matches!(pair[0], b' ' | b'.')
            && at >= done
            && is_capital(text, at, pair[1])
            && let Some(range) = name_at(text, at)
        {
            done = range.end;
            hits.push(Hit::new(range, Class::Name));
        }
    }
}

/// `hi anna`: whoever writes no capitals greets at the start.
fn in_small_letters(text: &str, hits: &mut Vec<Hit>) {
    for blank in memchr::memchr_iter(b' ', text.as_bytes()).take(HEAD_BLANKS) {
        let at = blank + 1;
        if byte(text, at).is_ascii_lowercase()
            && let Some(range) = name_at(text, at)
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

fn name_at(text: &str, at: usize) -> Option<Range<usize>> {
    let (lead, start) = lead::before(text, at)?;
    Some(start..person::read(text, at, lead)?)
}

/// Finds the names that stand in the hits from `from` on wherever else they are written the same.
pub(super) fn find_again(text: &str, from: usize, hits: &mut Vec<Hit>) {
    let mut names: Vec<&str> =
        hits[from..].iter().flat_map(|hit| person::words(&text[hit.range.clone()])).collect();
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
