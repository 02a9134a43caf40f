//! Changes of letters and signs that leave the meaning as it is.

use super::data::Base;
use super::pick;
use crate::train::linear::SplitMix;

/// Words from so many letters on are mistyped.
const LONG: usize = 6;

/// Swaps two letters beside each other inside one long word.
pub fn typos(base: &Base, random: &mut SplitMix) -> Option<String> {
    let mut letters: Vec<char> = base.text.chars().collect();
    let (mut places, mut start) = (Vec::new(), 0);
    for word in letters.split(|letter| !letter.is_alphabetic()) {
        if word.len() >= LONG {
            // Neither the first letter nor the last: those are rarely mistaken.
            let inside = start + 1..start + word.len() - 2;
            places.extend(inside.filter(|at| letters[*at] != letters[*at + 1]));
        }
        start += word.len() + 1;
    }
    let at = *pick(&places, random)?;
    letters.swap(at, at + 1);
    Some(letters.into_iter().collect())
}

pub fn upper_case(base: &Base, _random: &mut SplitMix) -> Option<String> {
    changed(base, base.text.to_uppercase())
}

pub fn lower_case(base: &Base, _random: &mut SplitMix) -> Option<String> {
    changed(base, base.text.to_lowercase())
}

/// Drops marks that stand at the end of a word; those within one (`4.2`, `don't`) stay.
pub fn no_punctuation(base: &Base, _random: &mut SplitMix) -> Option<String> {
    let letters: Vec<char> = base.text.chars().collect();
    let inside = |at: usize| {
        at > 0
            && letters[at - 1].is_alphanumeric()
            && letters.get(at + 1).is_some_and(|letter| letter.is_alphanumeric())
    };
    let stays = |at: usize, letter: char| !is_mark(letter) || inside(at);
    let kept = letters.iter().enumerate().filter(|(at, letter)| stays(*at, **letter));
    changed(base, kept.map(|(_, letter)| *letter).collect())
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"')
}

/// Every digit becomes another from 2 to 9, so that the number of things stays a plural.
pub fn numbers(base: &Base, random: &mut SplitMix) -> Option<String> {
    let other = |letter: char| match letter.to_digit(10) {
        // A step of 1 to 7 among eight digits never comes back to where it began.
        Some(digit) => char::from(b'2' + ((u64::from(digit) + 6 + 1 + random.next() % 7) % 8) as u8),
        None => letter,
    };
    changed(base, base.text.chars().map(other).collect())
}

fn changed(base: &Base, text: String) -> Option<String> {
    (text != base.text).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::super::tests::base;
    use super::*;

    #[test]
    fn a_typo_swaps_two_letters_inside_one_long_word() {
        let written = base("The calendar is a joy, really.");
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..200 {
            let text = typos(&written, &mut SplitMix(seed)).unwrap();
            let mut letters: Vec<(char, char)> = written.text.chars().zip(text.chars()).collect();
            letters.retain(|(one, other)| one != other);
            assert!(letters.len() == 2 && letters[0] == (letters[1].1, letters[1].0), "{text}");
            seen.insert(text);
        }
        // Five pairs inside "calendar"; of the three inside "really", "ll" looks the same either way.
        assert_eq!(seen.len(), 5 + 2);
        assert!(seen.iter().all(|text| text.starts_with("The c") && text.ends_with("y.")));
        assert_eq!(typos(&base("It is a joy."), &mut SplitMix(1)), None);
    }

    #[test]
    fn case_is_all_or_none() {
        let written = base("Great, isn't it?");
        let mut random = SplitMix(1);
        assert_eq!(upper_case(&written, &mut random).unwrap(), "GREAT, ISN'T IT?");
        assert_eq!(lower_case(&written, &mut random).unwrap(), "great, isn't it?");
        assert_eq!(lower_case(&base("no capital."), &mut random), None);
    }

    #[test]
    fn marks_within_words_stay() {
        let bare = |text: &str| no_punctuation(&base(text), &mut SplitMix(1));
        let marked = "Version 4.2 (new): it's \"fast\", sign-on works!";
        assert_eq!(bare(marked).unwrap(), "Version 4.2 new it's fast sign-on works");
        assert_eq!(bare("no marks"), None);
    }

    #[test]
    fn every_digit_becomes_another_plural() {
        let written = base("Version 4.20, row 13 of 987.");
        for seed in 0..200 {
            let text = numbers(&written, &mut SplitMix(seed)).unwrap();
            for (one, other) in written.text.chars().zip(text.chars()) {
                assert_eq!(one != other, one.is_ascii_digit(), "{text}");
                assert!(!matches!(other, '0' | '1'), "{text}");
            }
        }
        assert_eq!(numbers(&base("none"), &mut SplitMix(1)), None);
    }
}
