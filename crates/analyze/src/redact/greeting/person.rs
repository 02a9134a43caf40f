//! A name as it is written: words with capitals, and what may stand between and behind them.

use super::lead::{self, Lead};
use super::{given, nobody};
use unicode_normalization::char::is_combining_mark;

/// Most words of a name, the small ones apart.
const MOST_WORDS: usize = 3;
/// Small words and initials in a row.
const MOST_BETWEEN: usize = 3;
/// Longest word of a name, in letters.
const MOST_LETTERS: usize = 40;

/// A word that may be of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    start: usize,
    /// Before `'s`.
    end: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A first name that many have.
    Given,
    /// The same in small letters.
    Small,
    /// No word that is known.
    Name,
    /// A name that is a word as well.
    WordToo,
    /// A small word or an initial, which stand between others.
    Between,
}

/// The end of the name that stands at `at`, if what stands before and behind tells one there.
pub(super) fn read(text: &str, at: usize, lead: Lead) -> Option<usize> {
    let first = name_at(text, at)?;
    if first.start != at && !lead.is_sure() {
        return None;
    }
    if first.kind == Kind::Small {
        let told = !matches!(lead, Lead::Title | Lead::Herr | Lead::Fond);
        return told.then_some(first.end);
    }
    let end = last_end(text, first, lead);
    let told = match (lead, first.kind) {
        (Lead::Title | Lead::Herr | Lead::Named, _) => true,
        (Lead::Fond, Kind::Given) => closes(text, end),
        (_, Kind::Given) => true,
        (Lead::Loose, _) => false,
        (Lead::Being, _) => end > first.end && comes_from_somewhere(text, end),
        (Lead::Greeting | Lead::Hallo | Lead::Fond, _) => ends_a_greeting(text, end),
    };
    told.then_some(end)
}

/// The end of its last word. In mid-sentence a word that nobody knows goes on with a name that is known for one; in
/// a language that writes nouns with capitals it could be any.
fn last_end(text: &str, first: Word, lead: Lead) -> usize {
    let goes_on = match lead {
        Lead::Title | Lead::Named | Lead::Being => true,
        Lead::Hallo => false,
        _ => first.kind == Kind::Given,
    };
    let (mut seen, mut end) = (first.end, first.end);
    for _ in 1..MOST_WORDS {
        let next =
            behind(text, seen).and_then(|at| name_at(text, at)).filter(|word| word.kind != Kind::Small);
        let Some(word) = next else { break };
        seen = word.end;
        if closes(text, seen) || goes_on && word.kind != Kind::WordToo {
            end = seen;
        }
    }
    end
}

/// The first word of a name that is none of the small ones.
fn name_at(text: &str, at: usize) -> Option<Word> {
    if lead::is_article(&text[at..]) {
        return None;
    }
    let mut at = at;
    for _ in 0..=MOST_BETWEEN {
        let word = word_at(text, at)?;
        if word.kind != Kind::Between {
            return Some(word);
        }
        // An initial has a point, or none.
        let point = usize::from(text[word.end..].starts_with('.'));
        at = behind(text, word.end + point)?;
    }
    None
}

/// Behind one blank.
fn behind(text: &str, end: usize) -> Option<usize> {
    text[end..].starts_with(' ').then_some(end + 1)
}

fn word_at(text: &str, at: usize) -> Option<Word> {
    let rest = &text[at..];
    let mut len = 0;
    for (place, c) in rest.char_indices().take(MOST_LETTERS) {
        let end = place + c.len_utf8();
        let joint = is_joint(c) && len > 0 && rest[end..].starts_with(char::is_alphabetic);
        if !(c.is_alphabetic() || !c.is_ascii() && is_combining_mark(c) || joint) {
            break;
        }
        len = end;
    }
    if is_glued(&rest[len..]) {
        return None;
    }
    let word = &rest[..len];
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    Some(Word { start: at, end: at + word.len(), kind: kind(word)? })
}

fn is_joint(c: char) -> bool {
    matches!(c, '\'' | '’' | '-')
}

/// More of the same word, an address, or a path.
fn is_glued(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some('.' | ':') => chars.next().is_some_and(|c| c.is_lowercase() || c.is_numeric() || c == '/'),
        Some(c) => c.is_alphanumeric() || matches!(c, '_' | '@' | '/' | '&'),
        None => false,
    }
}

fn kind(word: &str) -> Option<Kind> {
    let first = word.chars().next()?;
    let single = word.len() == first.len_utf8();
    let loud = word.chars().all(char::is_uppercase);
    match () {
        () if first.is_lowercase() && lead::is_particle(word) => Some(Kind::Between),
        () if first.is_lowercase() => given::is_given_in_small_letters(word).then_some(Kind::Small),
        () if single => first.is_uppercase().then_some(Kind::Between),
        () if loud => given::is_given(word).then_some(Kind::Given),
        () if !word.split(is_joint).all(is_capitalised) => None,
        () if lead::is_particle(word) => Some(Kind::Between),
        () if given::is_given(word) => Some(Kind::Given),
        () if given::is_word_too(word) => Some(Kind::WordToo),
        () if given::is_surname(word) => Some(Kind::Name),
        () if is_nobody(word) => None,
        () if word.split(is_joint).next().is_some_and(given::is_given) => Some(Kind::Given),
        () => Some(Kind::Name),
    }
}

fn is_nobody(word: &str) -> bool {
    let is_part = |part: &str| {
        let initial = part.chars().nth(1).is_none();
        !initial && nobody::is_nobody(part) && !given::is_given(part) && !lead::is_particle(part)
    };
    nobody::is_nobody(word) || word.contains(is_joint) && word.split(is_joint).any(is_part)
}

/// `Weber` and `McDonald`; not `PayPal`.
fn is_capitalised(part: &str) -> bool {
    let inner = part.strip_prefix("Mc").or_else(|| part.strip_prefix("Mac"));
    let inner = inner.filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(part);
    let mut letters = inner.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_lowercase() || !c.is_ascii() && is_combining_mark(c))
}

/// Whether no word goes on behind it.
fn closes(text: &str, end: usize) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || "@#[&+/_*=<>{(\\|%$^~'’".contains(c);
    !text[end..].trim_start_matches(' ').starts_with(goes_on)
}

/// Behind a word that nobody knows the greeting ends: `Hi Okonkwo,`.
fn ends_a_greeting(text: &str, end: usize) -> bool {
    closes(text, end) && !text[end..].trim_start_matches(' ').starts_with(['.', '?', ';', '…'])
}

/// `I am … from`, `ich bin … von`.
fn comes_from_somewhere(text: &str, end: usize) -> bool {
    const FROM: &str = "from at of aus von vom bei de du chez da do di della van uit";
    let next = text[end..].trim_start_matches(' ');
    let next = &next[..next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len())];
    FROM.split_ascii_whitespace().any(|word| word == next)
}

/// The words of a name that mean nobody else and nothing else, wherever they stand.
pub(super) fn words(name: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| !(c.is_alphabetic() || is_joint(c) || !c.is_ascii() && is_combining_mark(c));
    let words = name.split(between).map(|word| word.trim_matches(is_joint));
    words.filter(|word| word.chars().nth(2).is_some() && matches!(kind(word), Some(Kind::Given | Kind::Name)))
}
