//! The words that part clauses, by language, and those behind which a point ends nothing.

use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// They part clauses with or without a comma.
static CONTRASTS: WordSet = LazyLock::new(|| {
    Words::new(
        "but however although though whereas nevertheless nonetheless aber jedoch allerdings dennoch \
    obwohl trotzdem pero aunque mais cependant toutefois pourtant però tuttavia porém contudo \
    entretanto embora maar echter hoewel jednak chociaż natomiast avšak fakat ancak но однако зато \
    хотя але однак проте lakin dar mutta tapi tetapi namun nhưng 그러나 하지만 그런데",
    )
});

/// The same, but words of another language or meaning too: only behind a comma or a dash.
static AFTER_COMMA: WordSet = LazyLock::new(|| {
    Words::new("yet except still while doch nur ma mas men ale ama sin ali de sed а only leider sino")
});

/// They begin a concession, whose comma ends it.
const CONCESSIONS: &[&str] = &[
    "although", "though", "while", "whereas", "obwohl", "aunque", "hoewel", "embora", "chociaż", "хотя",
    "despite",
];

/// They join what could stand alone.
const JOINS: &[&str] = &[
    "and", "so", "because", "then", "also", "und", "weil", "dann", "y", "porque", "et", "parce", "e",
    "perché", "en", "omdat", "och", "og", "i", "и", "plus",
];

/// Contrasts of scripts without blanks.
pub(super) const UNSPACED: &[&str] = &["但是", "但", "不过", "不過", "しかし", "可是"];

/// Never the end of a sentence.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "e.g", "i.e", "eg", "ie", "cf", "no", "nr",
    "fig", "hr", "fr", "z.b", "d.h", "bzw", "ca", "u.a", "z.t", "evtl", "ggf", "sog", "inkl", "approx",
    "bspw", "p.ej", "sra", "mme", "mlle", "m.b.v", "o.a", "t.w.z", "např", "tj", "tzv", "np", "tzn",
];

/// The end only before a capital.
const PERHAPS: &[&str] = &[
    "etc", "usw", "inc", "ltd", "co", "corp", "a.m", "p.m", "am", "pm", "min", "max", "u.s", "ver", "vol",
    "ecc", "itd", "osv",
];

fn is(word: &str, list: &[&str]) -> bool {
    // No word of the lists is longer.
    word.len() <= 16 && list.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether a clause begins with this word; `before` is the sign that stands before it.
pub(super) fn contrasts(word: &str, before: impl FnOnce() -> Option<char>) -> bool {
    CONTRASTS.contains(word) || AFTER_COMMA.contains(word) && matches!(before(), Some(',' | '-' | '–' | '—'))
}

pub(super) fn concedes(word: &str) -> bool {
    is(word, CONCESSIONS)
}

pub(super) fn joins(word: &str) -> bool {
    is(word, JOINS)
}

/// "nothing but", "not only … but also": no contrast.
pub(super) fn negates(previous: &str, word: &str, after: &str) -> bool {
    const ALL_BUT: &[&str] =
        &["nothing", "all", "anything", "everything", "none", "anyone", "last", "anywhere"];
    let but = word.eq_ignore_ascii_case("but") && (is(previous, ALL_BUT) || after.starts_with(" also "));
    but || is(previous, &["as", "and", "but"])
}

/// Whether a point behind the word ends no sentence; `lower`: the next word begins small.
pub(super) fn abbreviates(word: &str, lower: bool) -> bool {
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    initial || is(word, TITLES) && (lower || !is(word, &["no", "st"])) || lower && is(word, PERHAPS)
}
