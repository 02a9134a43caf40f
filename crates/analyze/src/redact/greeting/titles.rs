//! Titles, which tell a name wherever they stand: `Mrs Okafor`, `Herr Weber`, `la señora García`.

use super::lead::{Lead, split_last};
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// With a capital or without one.
static TITLES: WordSet = LazyLock::new(|| {
    Words::new(
        "mr mrs dr señor señora señorita monsieur madame mademoiselle signor signora signorina mevrouw meneer mijnheer \
         heer senhor senhora dottor dottoressa",
    )
});

/// With a capital only: in small letters they are units, or words.
static CAPITAL_TITLES: WordSet = LazyLock::new(|| {
    Words::new(
        "ms mx sr sra srta sig sig.ra dott dott.ssa prof professor frau herr herrn fräulein mme mlle dhr mevr mw dra",
    )
});

/// Before `Frau` they say that a woman is meant, and no name: `meine Frau Probleme hat`.
static WHOSE: WordSet = LazyLock::new(|| {
    Words::new(
        "mein meine meiner meinen dein deine deiner sein seine seiner ihre ihrer unsere unserer eine einer keine jede",
    )
});

/// Before `Dr.` they say that the sentence ends: `I saw the Dr. Everything was fine`.
static ARTICLES: WordSet = LazyLock::new(|| {
    Words::new("the a my our your this that his her der die das ein mein meine le la mon ma el mi il de")
});

/// Before `M.` they say that a Frenchman is meant.
static BEFORE_M: WordSet =
    LazyLock::new(|| Words::new("bonjour bonsoir merci cher à de avec par chez pour que monsieur et"));

pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(word) || CAPITAL_TITLES.contains(word)
}

/// What a title says that stands behind `earlier`; `dotted` where a point follows.
pub(super) fn lead(earlier: &str, word: &str, dotted: bool) -> Option<Lead> {
    if !is_one(earlier, word, dotted) || earlier.ends_with([';', '&', '/']) {
        return None;
    }
    let is = |title: &str| word.eq_ignore_ascii_case(title);
    let (_, previous) = split_last(earlier);
    match () {
        () if is("dr") && (dotted && ARTICLES.contains(previous) || is_street(earlier)) => None,
        () if is("frau") && WHOSE.contains(previous) => Some(Lead::Loose),
        () if is("frau") || is("herr") || is("herrn") => Some(Lead::Herr),
        () => Some(Lead::Title),
    }
}

fn is_one(earlier: &str, word: &str, dotted: bool) -> bool {
    let capital = word.starts_with(char::is_uppercase);
    let loud = capital && word.chars().nth(1).is_some_and(char::is_uppercase);
    match () {
        () if TITLES.contains(word) => !loud || ["MR", "MRS", "DR"].contains(&word),
        () if CAPITAL_TITLES.contains(word) => capital && !loud,
        () => dotted && word == "M" && is_french(earlier),
    }
}

/// `Merci M. Dupont`, and not `size M. Too small`.
fn is_french(earlier: &str) -> bool {
    earlier.is_empty() || earlier.ends_with(['\n', ',']) || BEFORE_M.contains(split_last(earlier).1)
}

/// `12 Elm Dr`.
fn is_street(earlier: &str) -> bool {
    let number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    earlier.rsplit(' ').take(2).any(number)
}
