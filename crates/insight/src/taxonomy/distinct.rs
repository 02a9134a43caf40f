//! The words that set some records apart from all others.

use crate::digest::{
    tokens::{tells, tokens},
    words::{Gram, Vocabulary, grams, log_odds},
};
use std::collections::HashMap;

/// Words of a group that are told.
const MOST_WORDS: usize = 5;
/// Who says a word in the group, for it to be told: so many, and such a share.
const LEAST_PEOPLE: u32 = 3;
const LEAST_SHARE: f64 = 0.12;
/// The standard errors that its log-odds have to lie above nothing.
const LEAST_SURE: f64 = 2.0;

/// Of whom a text is: those of one person count as one voice.
pub(super) type Person = u128;

/// Everybody's words.
#[derive(Default)]
pub(super) struct Speech {
    vocabulary: Vocabulary,
    /// Who says each word.
    people: HashMap<Gram, u32>,
    all: u32,
}

/// The words of each person among some texts.
fn voices<'t>(
    texts: impl Iterator<Item = (Person, [&'t str; 2])>,
    vocabulary: &mut Vocabulary,
) -> Vec<Vec<Gram>> {
    let (mut places, mut voices): (HashMap<Person, usize>, Vec<Vec<Gram>>) = Default::default();
    for (person, texts) in texts {
        let at = *places.entry(person).or_insert_with(|| {
            voices.push(Vec::new());
            voices.len() - 1
        });
        texts.iter().for_each(|text| grams(&tokens(text), vocabulary, &mut voices[at]));
    }
    for voice in &mut voices {
        voice.sort_unstable();
        voice.dedup();
    }
    voices
}

fn counted(voices: &[Vec<Gram>]) -> HashMap<Gram, u32> {
    let mut people = HashMap::new();
    voices.iter().flatten().for_each(|gram| *people.entry(*gram).or_default() += 1);
    people
}

impl Speech {
    /// Of texts as title and body.
    pub fn of<'t>(texts: impl Iterator<Item = (Person, [&'t str; 2])>) -> Self {
        let mut vocabulary = Vocabulary::default();
        let voices = voices(texts, &mut vocabulary);
        Self { people: counted(&voices), all: voices.len() as u32, vocabulary }
    }

    /// The words and pairs of words that these texts, some of all, hold much more often, the surest first: those that many
    /// of the people say, and none that is a part of another that is told.
    pub fn distinct<'t>(&mut self, texts: impl Iterator<Item = (Person, [&'t str; 2])>) -> Vec<String> {
        let voices = voices(texts, &mut self.vocabulary);
        let n = voices.len() as f64;
        let least = LEAST_PEOPLE.max((n * LEAST_SHARE).ceil() as u32);
        let mut surest: Vec<(f64, String)> = Vec::new();
        for (gram, hits) in counted(&voices).into_iter().filter(|(_, hits)| *hits >= least) {
            let (hits, rest) =
                (f64::from(hits), f64::from(self.people.get(&gram).copied().unwrap_or_default()));
            let rest = [(rest - hits).max(0.0), (f64::from(self.all) - n).max(1.0)];
            let (odds, error) = log_odds([hits, n], rest, n);
            if odds >= LEAST_SURE * error {
                surest.push((odds / error, self.vocabulary.name(gram)));
            }
        }
        surest.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        apart(surest.into_iter().map(|(_, name)| name))
    }
}

fn apart(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        let shares = |other: &String| {
            let of = |text: &str| -> Vec<String> {
                tokens(text).into_iter().map(|token| token.word).filter(|word| tells(word)).collect()
            };
            let words = of(other);
            of(&name).iter().any(|word| words.contains(word))
        };
        if !kept.iter().any(shares) {
            kept.push(name);
        }
        if kept.len() == MOST_WORDS {
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_all_say_set_nothing_apart() {
        let common = ["hello there", "please help"];
        let text = |at: u128| match at % 10 {
            0 => format!("{} the captcha loop never ends", common[at as usize / 10 % 2]),
            _ => format!("{} with thing number {at}", common[at as usize / 10 % 2]),
        };
        let texts: Vec<(Person, String)> = (0..200).map(|at| (at, text(at))).collect();
        let all = |of: fn(Person) -> bool| {
            texts.iter().filter(move |(at, _)| of(*at)).map(|(at, text)| (*at, ["", text.as_str()]))
        };
        let mut speech = Speech::of(all(|_| true));
        let words = speech.distinct(all(|at| at % 10 == 0));
        assert!(!words.is_empty() && words.len() <= MOST_WORDS, "{words:?}");
        let told = words.join(" ");
        assert!(told.contains("captcha") && !told.contains("hello") && !told.contains("thing"), "{words:?}");
        // Whoever says much is one voice.
        let one = texts.iter().filter(|(at, _)| at % 10 == 0).map(|(_, text)| (1, ["", text.as_str()]));
        assert_eq!(speech.distinct(one), [""; 0]);
        assert_eq!(speech.distinct(std::iter::empty()), [""; 0]);
    }

    #[test]
    fn a_part_of_what_is_told_is_not_told_again() {
        let names =
            ["captcha loop", "captcha", "loop never", "ends", "fail", "again", "and", "more", "words"];
        let told = apart(names.iter().map(|name| (*name).to_owned()));
        assert_eq!(told, ["captcha loop", "ends", "fail", "again", "and"]);
    }
}
