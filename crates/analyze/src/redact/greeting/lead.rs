//! What stands before a name: a greeting, a title, an introduction.

use super::{is_in, titles};
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// What the words before a place say of the word there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// `Hi`: a name, or anything that is greeted.
    Greeting,
    /// `Hallo`: the same, in a language that writes every noun with a capital.
    Hallo,
    /// `Liebe`: a word like any other, which greets where a comma ends it.
    Fond,
    /// `Mrs`: a name.
    Title,
    /// `Herr`: a name, and perhaps a noun behind it.
    Herr,
    /// `my name is`: a name, also one that is a word.
    Named,
    /// `I am`: a name, or anything that somebody is.
    Being,
    /// `Thanks`: a name, or anything that is thanked.
    Loose,
}

impl Lead {
    /// Behind it stands a name, whatever else the text says.
    pub fn is_sure(self) -> bool {
        matches!(self, Self::Title | Self::Herr | Self::Named)
    }
}

static GREETINGS: WordSet = LazyLock::new(|| {
    Words::new(
        "hi hiya hii hello helo hey heya hoi hola olá oi bonjour bonsoir salut coucou ciao salve dear goedemorgen \
         goedemiddag goedenavond goedendag buongiorno buonasera howdy",
    )
});

static HALLO: WordSet = LazyLock::new(|| Words::new("hallo halloo moin servus grüezi"));

static FOND: WordSet = LazyLock::new(|| {
    Words::new(
        "liebe lieber liebes beste caro cara querido querida estimado estimada cher chère prezado prezada gentile \
         geachte dag",
    )
});

/// Before a first name, and before anything else as well.
static LOOSE: WordSet = LazyLock::new(|| {
    Words::new(
        "thanks thx thankyou cheers danke dank merci gracias obrigado obrigada grazie bedankt miss sir doctor nurse \
         midwife sister don doña dona",
    )
});

static BEING: WordSet = LazyLock::new(|| Words::new("i'm i’m soy sono"));

/// Small words within a name: `Ana de la Cruz`, `Frau von Weber`.
static PARTICLES: WordSet = LazyLock::new(|| {
    Words::new(
        "de da do dos das del della di du des la las los le van von vom zu zum zur der den dem ter ten te el y e",
    )
});

/// The last words of [`PAIRS`], and those behind `my name`.
static SECOND: WordSet = LazyLock::new(|| {
    Words::new(
        "morning afternoon evening day tag morgen abend gott días dias tardes noches dia tarde noite giorno sera middag \
         there again am bin suis sou ben heiße heisse m'appelle m’appelle llamo chamo chiamo heet you to an à a aan u \
         is ist est es é è name's name’s",
    )
});

/// Leads of two words.
const PAIRS: &[(&str, &str, Lead)] = &[
    ("good", "morning", Lead::Greeting),
    ("good", "afternoon", Lead::Greeting),
    ("good", "evening", Lead::Greeting),
    ("good", "day", Lead::Greeting),
    ("hi", "there", Lead::Greeting),
    ("hello", "there", Lead::Greeting),
    ("hey", "there", Lead::Greeting),
    ("hi", "again", Lead::Greeting),
    ("hello", "again", Lead::Greeting),
    ("guten", "tag", Lead::Hallo),
    ("guten", "morgen", Lead::Hallo),
    ("guten", "abend", Lead::Hallo),
    ("grüß", "gott", Lead::Hallo),
    ("grüss", "gott", Lead::Hallo),
    ("buenos", "días", Lead::Greeting),
    ("buenos", "dias", Lead::Greeting),
    ("buenas", "tardes", Lead::Greeting),
    ("buenas", "noches", Lead::Greeting),
    ("bom", "dia", Lead::Greeting),
    ("boa", "tarde", Lead::Greeting),
    ("boa", "noite", Lead::Greeting),
    ("buon", "giorno", Lead::Greeting),
    ("buona", "sera", Lead::Greeting),
    ("goede", "middag", Lead::Greeting),
    ("i", "am", Lead::Being),
    ("ich", "bin", Lead::Being),
    ("je", "suis", Lead::Being),
    ("eu", "sou", Lead::Being),
    ("ik", "ben", Lead::Being),
    ("my", "name's", Lead::Named),
    ("my", "name’s", Lead::Named),
    ("ich", "heiße", Lead::Named),
    ("ich", "heisse", Lead::Named),
    ("je", "m'appelle", Lead::Named),
    ("je", "m’appelle", Lead::Named),
    ("me", "llamo", Lead::Named),
    ("me", "chamo", Lead::Named),
    ("mi", "chiamo", Lead::Named),
    ("ik", "heet", Lead::Named),
    ("thank", "you", Lead::Loose),
    ("thanks", "to", Lead::Loose),
    ("dank", "an", Lead::Loose),
    ("danke", "an", Lead::Loose),
    ("merci", "à", Lead::Loose),
    ("gracias", "a", Lead::Loose),
    ("grazie", "a", Lead::Loose),
    ("obrigado", "a", Lead::Loose),
    ("obrigada", "a", Lead::Loose),
    ("dank", "aan", Lead::Loose),
    ("bedankt", "aan", Lead::Loose),
    ("dank", "u", Lead::Loose),
];

/// Longest word that could be of a lead, in letters; of a longer one no more is read.
const MOST_LETTERS: usize = 24;
/// Small words of a name in a row.
const MOST_PARTICLES: usize = 3;

/// What the words before `at` say, and where the name begins: there, or at its small words before.
pub(super) fn before(text: &str, at: usize) -> Option<(Lead, usize)> {
    let (mut gap, mut start) = (text[..at].trim_end_matches(' '), at);
    let (mut earlier, mut word) = split_last(gap);
    for _ in 0..MOST_PARTICLES {
        if !is_particle(word) || word.starts_with(char::is_uppercase) {
            break;
        }
        start = gap.len() - word.len();
        gap = earlier;
        (earlier, word) = split_last(gap);
    }
    let lead = match word.strip_suffix('.') {
        Some(title) => titles::lead(earlier, title, true),
        None if !text[..at].ends_with(' ') => None,
        None if word.is_empty() => before_comma(gap),
        None => titles::lead(earlier, word, false).or_else(|| plain(earlier, word)),
    }?;
    let told = start == at || lead.is_sure() && !is_article(&text[start..]);
    told.then_some((lead, start))
}

/// `Hello, Anna` and `Thanks, Anna`: behind a comma a sentence may begin.
fn before_comma(gap: &str) -> Option<Lead> {
    let (earlier, word) = split_last(gap.strip_suffix(',')?);
    let greets = |lead: &Lead| matches!(lead, Lead::Greeting | Lead::Hallo | Lead::Loose);
    plain(earlier, word).filter(greets).map(|_| Lead::Loose)
}

fn plain(earlier: &str, word: &str) -> Option<Lead> {
    match () {
        () if is_in(&GREETINGS, word) => Some(Lead::Greeting),
        () if is_in(&HALLO, word) => Some(Lead::Hallo),
        () if LOOSE.contains(word) => Some(Lead::Loose),
        () if BEING.contains(word) => Some(Lead::Being),
        () if FOND.contains(word) => greets_fondly(earlier, word).then_some(Lead::Fond),
        () if SECOND.contains(word) => named(earlier, word).or_else(|| pair(earlier, word)),
        () => None,
    }
}

/// At the start of a line, or behind another greeting: `Hallo liebe Anna,`.
fn greets_fondly(earlier: &str, word: &str) -> bool {
    let begins = earlier.is_empty() || earlier.ends_with('\n');
    let (_, previous) = split_last(earlier);
    begins && word.starts_with(char::is_uppercase) || GREETINGS.contains(previous) || HALLO.contains(previous)
}

/// `my name is`, not `the name is`.
fn named(earlier: &str, last: &str) -> Option<Lead> {
    let is = |word: &str, list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(word));
    let (whose, name) = split_last(earlier);
    let told = is(last, &["is", "ist", "est", "es", "é", "è"])
        && is(name, &["name", "nom", "nombre", "nome", "naam"])
        && is(split_last(whose).1, &["my", "mein", "mon", "mi", "meu", "mio", "mijn"]);
    told.then_some(Lead::Named)
}

fn pair(earlier: &str, last: &str) -> Option<Lead> {
    let (_, first) = split_last(earlier);
    let is =
        |pair: &&(&str, &str, Lead)| pair.1.eq_ignore_ascii_case(last) && pair.0.eq_ignore_ascii_case(first);
    PAIRS.iter().find(is).map(|pair| pair.2)
}

/// The last word, and what stands before it and its blanks.
pub(super) fn split_last(text: &str) -> (&str, &str) {
    let inside = |c: &char| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.');
    let len: usize = text.chars().rev().take(MOST_LETTERS).take_while(inside).map(char::len_utf8).sum();
    let word = text[text.len() - len..].trim_start_matches(['\'', '’', '-', '.']);
    (text[..text.len() - word.len()].trim_end_matches(' '), word)
}

pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(word)
}

/// At the start of the text: `Frau von der Leyen` has a name, and `Herr der Ringe` has none.
pub(super) fn is_article(text: &str) -> bool {
    ["der ", "den ", "dem ", "des "].iter().any(|article| text.starts_with(*article))
}

/// Greets, thanks, or names a title: no name by itself.
pub(super) fn is_lead(word: &str) -> bool {
    [&GREETINGS, &HALLO, &LOOSE, &FOND].iter().any(|words| words.contains(word)) || titles::is_title(word)
}
