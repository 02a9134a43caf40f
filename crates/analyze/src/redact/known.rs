//! The author's own name, address and handle, wherever they occur.

use super::chars::{glued_left, glued_right};
use super::{Class, fold::View, scan::Hit};
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// Names that are words. As a part of a name they are masked only with all of it; as the whole name, where
/// they are written with a capital.
static WORDS: WordSet = LazyLock::new(|| {
    Words::new(
        "will may mark grant hope best good young long art rich bill grace joy faith price page case chase \
     summer april june august sunny love king day white black brown green gray grey rose dawn eve sky \
     star new app the and von van der den del los las dos bin ben for not gut lang user customer support \
     test admin team guest anonymous happy early frank major sharp swift wise west north south east \
     street field wood stone mobile home",
    )
});

pub(super) fn find(text: &str, known: &[&str], hits: &mut Vec<Hit>) {
    for name in known {
        let view = View::of(name);
        let name = view.text().trim().trim_start_matches('@');
        if name.chars().nth(2).is_none() || name.starts_with('[') {
            continue;
        }
        let class = if name.contains('@') { Class::Email } else { Class::Name };
        occurrences(text, name, WORDS.contains(name), class, hits);
        if class == Class::Name && name.contains(char::is_whitespace) {
            for part in name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.')) {
                if part.chars().nth(2).is_some() && !WORDS.contains(part) {
                    occurrences(text, part, true, class, hits);
                }
            }
        }
    }
}

/// Every place where the name stands as words of its own, in any case (`capital`: at least with a capital first).
fn occurrences(text: &str, name: &str, capital: bool, class: Class, hits: &mut Vec<Hit>) {
    let Some(first) = name.chars().next() else { return };
    let mut visit = |at: usize| {
        if glued_left(text, at) {
            return;
        }
        if let Some(len) = matches_at(&text[at..], name) {
            let found = Hit::new(at..at + len, class);
            let shouted = !capital || !text[at..].starts_with(char::is_lowercase);
            if shouted && !glued_right(text, at + len) && !in_placeholder(text, &found) {
                hits.push(found);
            }
        }
    };
    if first.is_ascii() {
        let (lower, upper) = (first.to_ascii_lowercase() as u8, first.to_ascii_uppercase() as u8);
        memchr::memchr2_iter(lower, upper, text.as_bytes()).for_each(&mut visit);
    } else {
        text.char_indices().filter(|(_, c)| same(*c, first)).for_each(|(at, _)| visit(at));
    }
}

/// The length of the name at the start of the text: in any case, any run of blanks for one.
fn matches_at(text: &str, name: &str) -> Option<usize> {
    let mut rest = text;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            while chars.next_if(|next| next.is_whitespace()).is_some() {}
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        } else {
            let here = rest.chars().next().filter(|here| same(*here, c))?;
            rest = &rest[here.len_utf8()..];
        }
    }
    Some(text.len() - rest.len())
}

fn same(a: char, b: char) -> bool {
    a == b || a.eq_ignore_ascii_case(&b) || !a.is_ascii() && a.to_lowercase().eq(b.to_lowercase())
}

/// A customer called Card must not unmake `[card]`.
fn in_placeholder(text: &str, hit: &Hit) -> bool {
    text[..hit.range.start].ends_with('[')
        && text[hit.range.end..].starts_with(']')
        && Class::ALL.iter().any(|class| class.as_str() == &text[hit.range.clone()])
}
