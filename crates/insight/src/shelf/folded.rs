//! Texts as they are searched: without case, white space made one blank, the two apostrophes made one.
//!
//! Character by character as the triage folds words, so that whatever a phrase of a rule or a filter fits has the phrase's
//! words in it here too.

use crate::triage::{fold, stands_alone};

/// Between the title and the body, and behind each record: no search runs over it, for it is in no folded text.
pub(super) const END: char = '\n';

/// Writes a text folded, white space at its ends left out.
pub(super) fn fold_into(text: &str, out: &mut String) {
    fold_each(text, out, |_, _| ());
}

/// The same; of each character of `text` that is written, `at` is told its number and where it begins in `out`.
pub(super) fn fold_each(text: &str, out: &mut String, mut at: impl FnMut(usize, usize)) {
    let start = out.len();
    let mut blank = None;
    for (number, c) in text.chars().enumerate() {
        if c.is_whitespace() {
            blank = blank.or(Some(number));
            continue;
        }
        if let Some(blank) = blank.take()
            && out.len() > start
        {
            at(blank, out.len());
            out.push(' ');
        }
        at(number, out.len());
        match c {
            '\u{2019}' => out.push('\''),
            // What has no width divides no word.
            '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
            c => fold(c, out),
        }
    }
}

/// Whether a word begins at this byte of a folded text.
pub(super) fn begins_word(text: &str, at: usize) -> bool {
    divides(text[..at].chars().next_back(), text[at..].chars().next())
}

/// Whether a word ends before this byte.
pub(super) fn ends_word(text: &str, at: usize) -> bool {
    begins_word(text, at)
}

/// Whether there is a bound of a word between two characters.
fn divides(before: Option<char>, behind: Option<char>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_alone = |c: Option<char>| c.is_some_and(stands_alone);
    !is_word(before) || !is_word(behind) || is_alone(before) || is_alone(behind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::{Folded, Phrase};
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        fold_into(text, &mut out);
        out
    }

    #[test]
    fn case_and_white_space_make_no_difference() {
        assert_eq!(folded("  Can\u{2019}t\n\tLOG   in "), "can't log in");
        assert_eq!(folded("Straße STRASSE ὈΔΥΣΣΕΎΣ"), "strasse strasse ὀδυσσεύσ");
        assert_eq!(folded("soft\u{ad}ware"), "software");
        assert_eq!(folded(" \n "), "");
    }

    #[test]
    fn words_have_bounds() {
        let text = "re-login 退款 it's";
        let begins: Vec<usize> =
            text.char_indices().map(|(at, _)| at).filter(|at| begins_word(text, *at)).collect();
        // "re", "-", "login", " ", the two characters that stand alone, " ", "it", "'", "s".
        assert_eq!(begins, [0, 2, 3, 8, 9, 12, 15, 16, 18, 19]);
    }

    proptest! {
        #[test]
        fn each_character_is_told_where_it_goes(text in "[a-zßÉ \\n退\u{ad}\u{2019}]{0,20}") {
            let (mut out, mut told) = (String::new(), Vec::new());
            fold_each(&text, &mut out, |number, at| told.push((number, at)));
            prop_assert_eq!(&out, &folded(&text));
            prop_assert!(told.is_sorted());
            for (number, at) in told {
                let c = text.chars().nth(number).unwrap();
                prop_assert!(out.is_char_boundary(at));
                if c.is_alphanumeric() {
                    let mut own = String::new();
                    fold(c, &mut own);
                    prop_assert!(out[at..].starts_with(&own));
                }
            }
        }

        /// What the triage finds has each of its words in the folded text.
        #[test]
        fn a_phrase_that_fits_has_its_words_here(text in "[aAbBßẞsS'\u{2019} 退款-]{0,12}", phrase in "[aAbBßsS' 退-]{1,5}") {
            let phrase = Phrase::new(&phrase);
            if Folded::default().find(None, &text, &phrase).is_some() {
                let folded = folded(&text);
                prop_assert!(phrase.words().iter().all(|word| folded.contains(word.as_str())));
            }
        }
    }
}
