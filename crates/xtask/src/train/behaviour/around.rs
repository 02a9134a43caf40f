//! What is put around a text and leaves its meaning as it is.

use super::data::Base;
use super::lists::{CLOSINGS, GREETINGS, NEUTRAL, NEUTRAL_EMOJI};
use super::pick;
use crate::train::linear::SplitMix;

/// One neutral sentence before or after.
pub fn neutral_sentence(base: &Base, random: &mut SplitMix) -> Option<String> {
    let (text, sentence) = (&base.text, pick(NEUTRAL, random)?);
    let is_before = random.next().is_multiple_of(2);
    Some(if is_before { format!("{sentence} {text}") } else { format!("{text} {sentence}") })
}

pub fn three_sentences(base: &Base, random: &mut SplitMix) -> Option<String> {
    Some(among(base, 3, random))
}

pub fn ten_sentences(base: &Base, random: &mut SplitMix) -> Option<String> {
    Some(among(base, 10, random))
}

/// In the middle of so many neutral sentences, no two of them alike.
fn among(base: &Base, sentences: usize, random: &mut SplitMix) -> String {
    let mut drawn: Vec<&str> = NEUTRAL.to_vec();
    random.shuffle(&mut drawn);
    drawn.truncate(sentences);
    drawn.insert(sentences / 2, &base.text);
    drawn.join(" ")
}

/// As a letter.
pub fn greeting(base: &Base, random: &mut SplitMix) -> Option<String> {
    let (greeting, closing) = (pick(GREETINGS, random)?, pick(CLOSINGS, random)?);
    Some(format!("{greeting}\n{}\n{closing}", base.text))
}

pub fn neutral_emoji(base: &Base, random: &mut SplitMix) -> Option<String> {
    Some(format!("{} {}", base.text, pick(NEUTRAL_EMOJI, random)?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::base;
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_sentence_comes_before_or_after() {
        let written = base("It broke.");
        let texts: Vec<String> =
            (0..100).map(|seed| neutral_sentence(&written, &mut SplitMix(seed)).unwrap()).collect();
        let (before, after): (Vec<_>, Vec<_>) = texts.iter().partition(|text| text.ends_with("It broke."));
        assert!(before.len() > 20 && after.len() > 20);
        assert!(after.iter().all(|text| text.starts_with("It broke. ")));
    }

    #[test]
    fn the_text_stands_in_the_middle() {
        let written = base("It broke.");
        for (many, text) in [
            (3, three_sentences(&written, &mut SplitMix(1)).unwrap()),
            (10, ten_sentences(&written, &mut SplitMix(1)).unwrap()),
        ] {
            let sentences: HashSet<&str> = text.split_terminator('.').map(str::trim).collect();
            assert_eq!(sentences.len(), many + 1, "{text}");
            let before = text.split("It broke.").next().unwrap();
            assert_eq!(before.matches('.').count(), many / 2, "{text}");
        }
    }

    #[test]
    fn a_letter_has_a_beginning_and_an_end() {
        let text = greeting(&base("It broke."), &mut SplitMix(1)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() == 3 && lines[1] == "It broke.", "{text}");
        assert!(GREETINGS.contains(&lines[0]) && CLOSINGS.contains(&lines[2]));
    }

    #[test]
    fn an_emoji_comes_last() {
        let text = neutral_emoji(&base("It broke."), &mut SplitMix(1)).unwrap();
        assert!(NEUTRAL_EMOJI.contains(&text.strip_prefix("It broke. ").unwrap()));
    }
}
