//! What a person types to find words: every word has to occur, where a word begins; `"several words"` as they stand;
//! `-word` must not occur.

use super::folded::{begins_word, ends_word, fold_each, fold_into};
use feedback::span::Span;
use memchr::memmem::Finder;

/// Words and phrases of one search.
const MOST: usize = 16;
/// Characters of one search.
const LONGEST: usize = 500;

/// A search by words. The empty one fits everything.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The longest first: it is likely to be the rarest.
    pub(super) all: Vec<Needle>,
    pub(super) none: Vec<Needle>,
    written: String,
}

/// Why a search cannot be made; the fault of whoever typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSearch {
    #[error("a search needs a word with a letter or a digit that has to occur")]
    NoWord,
    #[error("a search has at most {} words and phrases", MOST)]
    TooMany,
    #[error("a search has at most {} characters", LONGEST)]
    TooLong,
}

impl Search {
    /// # Errors
    /// Where nothing in it could be found in a text, or it is too long.
    pub fn parse(written: &str) -> Result<Self, BadSearch> {
        if written.chars().count() > LONGEST {
            return Err(BadSearch::TooLong);
        }
        let mut search = Self { written: written.trim().to_owned(), ..Self::default() };
        let mut rest = written.trim_start();
        while !rest.is_empty() {
            let negated = rest.strip_prefix('-').filter(|rest| !rest.starts_with(char::is_whitespace));
            let (word, behind) = next(negated.unwrap_or(rest));
            let needles = if negated.is_some() { &mut search.none } else { &mut search.all };
            needles.extend(word);
            rest = behind.trim_start();
        }
        match (search.all.len(), search.none.len()) {
            // Nobody wants all feedback but some: what has to go is told beside what has to be there.
            (0, _) => return Err(BadSearch::NoWord),
            (all, none) if all + none > MOST => return Err(BadSearch::TooMany),
            _ => {}
        }
        search.all.sort_by_key(|needle| std::cmp::Reverse(needle.text().len()));
        Ok(search)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.none.is_empty()
    }

    /// As it was typed.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Where the words and phrases that have to occur stand in a text, in their order and apart from each other.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<Span> {
        let (mut folded, mut places) = (String::new(), Vec::new());
        fold_each(text, &mut folded, |number, at| places.push((at, number as u32)));
        let character = |byte: usize| {
            let behind = places.partition_point(|(at, _)| *at <= byte);
            behind.checked_sub(1).map_or(0, |at| places[at].1)
        };
        let mut marks = Vec::new();
        for needle in &self.all {
            let hits = needle.hits(&folded);
            marks.extend(hits.map(|(start, end)| Span::new(character(start), character(end - 1) + 1)));
        }
        marks.sort_by_key(|span| (span.start, span.end));
        joined(marks)
    }

    /// Whether a folded text fits.
    pub(super) fn fits(&self, folded: &str) -> bool {
        self.all.iter().all(|needle| needle.is_in(folded))
            && !self.none.iter().any(|needle| needle.is_in(folded))
    }
}

/// Marks that touch, or lie within each other, as one.
fn joined(marks: Vec<Span>) -> Vec<Span> {
    let mut apart: Vec<Span> = Vec::new();
    for mark in marks {
        match apart.last_mut().filter(|last| mark.start <= last.end) {
            Some(last) => last.end = last.end.max(mark.end),
            None => apart.push(mark),
        }
    }
    apart
}

/// The next word or phrase, `None` where it has neither a letter nor a digit, and what stands behind it.
fn next(text: &str) -> (Option<Needle>, &str) {
    let quote = |c: char| matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}');
    if let Some(inner) = text.strip_prefix(quote) {
        let end = inner.find(quote).unwrap_or(inner.len());
        let behind = &inner[end..];
        return (Needle::new(&inner[..end], true), behind.strip_prefix(quote).unwrap_or(behind));
    }
    let end = text.find(|c: char| c.is_whitespace() || quote(c)).unwrap_or(text.len());
    // What stands around words in a sentence is not looked for; what belongs to a name is, as in C++ and #42.
    let around = |c: char| ",.;:!?()[]{}<>'\u{2018}\u{2019}\u{2026}*".contains(c);
    // Of a sign alone there is nothing to go on with: it must be taken all the same.
    (Needle::new(text[..end].trim_matches(around), false), &text[end..])
}

/// One word or phrase, folded.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    finder: Finder<'static>,
    folded: String,
    /// Whether it ends where a word does.
    is_whole: bool,
}

impl Needle {
    fn new(written: &str, is_whole: bool) -> Option<Self> {
        let mut folded = String::new();
        fold_into(written, &mut folded);
        let says_something = folded.chars().any(char::is_alphanumeric);
        let finder = Finder::new(folded.as_bytes()).into_owned();
        says_something.then_some(Self { finder, folded, is_whole })
    }

    pub fn text(&self) -> &str {
        &self.folded
    }

    /// Where it occurs in a folded text.
    pub fn hits<'t>(&'t self, folded: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let mut from = 0;
        std::iter::from_fn(move || {
            let hit = self.find(folded, from)?;
            from = hit.1;
            Some(hit)
        })
    }

    /// Where it occurs first at or behind a byte.
    pub fn find(&self, folded: &str, from: usize) -> Option<(usize, usize)> {
        let mut from = from;
        loop {
            let start = from + self.finder.find(folded.as_bytes().get(from..)?)?;
            let end = start + self.folded.len();
            if begins_word(folded, start) && (!self.is_whole || ends_word(folded, end)) {
                return Some((start, end));
            }
            // What does not count may hide what does, a byte on.
            from = start + 1;
        }
    }

    pub fn is_in(&self, folded: &str) -> bool {
        self.find(folded, 0).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fits(search: &str, text: &str) -> bool {
        let mut folded = String::new();
        fold_into(text, &mut folded);
        Search::parse(search).unwrap().fits(&folded)
    }

    #[test]
    fn every_word_has_to_occur_where_a_word_begins() {
        let text = "Cannot LOG in: the login page of the web-app is blank, Straße 退款";
        for found in ["log", "page login", "app", "web-app", "strasse", "款", "(blank),", "log page -refund"]
        {
            assert!(fits(found, text), "{found}");
        }
        for lost in ["gin", "log refund", "log -page", "ank", "blank2"] {
            assert!(!fits(lost, text), "{lost}");
        }
    }

    #[test]
    fn a_phrase_stands_as_it_is_written() {
        let text = "We can\u{2019}t  pay. Data loss!";
        for found in [
            "\"can't pay\"",
            "\u{201e}data LOSS\u{201c}",
            "\"pay. data\"",
            "\"data loss",
            "pay -\"data losses\"",
        ] {
            assert!(fits(found, text), "{found}");
        }
        for lost in ["\"data los\"", "\"pay data\"", "\"loss data\"", "pay -\"data loss\""] {
            assert!(!fits(lost, text), "{lost}");
        }
        assert!(fits("c++ #42", "C++ crashes, see #42"));
    }

    #[test]
    fn what_finds_nothing_is_told() {
        for none in ["", "  ", "?!", "\"\"", "-refund", "- -", "\"-\"", "\u{201c}"] {
            assert_eq!(Search::parse(none).map(|_| ()), Err(BadSearch::NoWord), "{none:?}");
        }
        assert!(matches!(Search::parse(&"a ".repeat(17)), Err(BadSearch::TooMany)));
        assert!(matches!(Search::parse(&"a".repeat(501)), Err(BadSearch::TooLong)));
        assert!(Search::default().is_empty() && Search::default().fits("anything"));
    }

    #[test]
    fn what_was_found_is_marked() {
        let marked = |search: &str, text: &str| -> Vec<String> {
            let spans = Search::parse(search).unwrap().marks(text);
            spans.into_iter().map(|span| span.of(text).to_owned()).collect()
        };
        assert_eq!(marked("log", "LOG in, log\nout, blog"), ["LOG", "log"]);
        assert_eq!(marked("\"log out\" log", "please Log \n out"), ["Log \n out"]);
        assert_eq!(marked("strasse fehlt", "é Straße fehlt"), ["Straße", "fehlt"]);
        assert_eq!(marked("refund", "nothing"), Vec::<String>::new());
    }

    proptest! {
        /// Whatever is typed is read without a panic, and what fits is marked.
        #[test]
        fn anything_can_be_typed(written in "[a-zA-Zß \"“'+-]{0,24}", text in "[a-zA-Zß \"'+\\n-]{0,40}") {
            if let Ok(search) = Search::parse(&written) {
                let mut folded = String::new();
                fold_into(&text, &mut folded);
                let marks = search.marks(&text);
                prop_assert!(!search.fits(&folded) || !marks.is_empty());
                let length = text.chars().count() as u32;
                prop_assert!(marks.iter().all(|span| span.start < span.end && span.end <= length));
                prop_assert!(marks.windows(2).all(|pair| pair[0].end < pair[1].start));
            }
        }
    }
}
