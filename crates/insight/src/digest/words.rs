//! Words and pairs of words that are said more than in the weeks before.
//!
//! Who says a word counts, not how often: a person counts once a week, a record of nobody knows whom by itself. Shares are
//! compared within sources: the weeks before are weighed as if they had the week's mix of sources, so that a burst of
//! app reviews makes no word of app reviews new.
//!
//! The evidence is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin'
//! Words", Political Analysis 16:372, equations 16 to 22): the prior is the word's share over all the weeks, and weighs as
//! much as the week itself. Its variance is widened by the scatter from week to week before. Benjamini and Hochberg's
//! procedure runs over every word that ten or more say over all weeks: a bound that says nothing of when they came,
//! and below which no word could ever pass.
//!
//! Simulated (6,000 words of Zipf's frequencies, 300 or 2,000 voices a week, 200 weeks): without any news 0.005 false words a
//! week; where every word's share scatters by 30% from week to week 0.35. A word that 12 people say and nobody did before is
//! always found, one of 8 people never.

mod judge;

use super::{
    model::Weekly,
    quotes,
    tokens::{Token, joined, pair_tells, tells, tokens},
    week::Week,
};
use crate::{
    error::InsightError,
    frame::Rows,
    report::{Filter, People, Period, model::Quote},
    stats::Interval,
};
use feedback::{span::Span, time::Day};
pub(crate) use judge::log_odds;
use judge::{Mix, judge};
use polars::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Weeks before that a word is compared with.
pub(super) const BEFORE: usize = 8;
/// Voices of the weeks before, for anything to be compared.
const LEAST_HISTORY: u64 = 50;
/// Words that are quoted; a page shows as many.
const QUOTED: usize = 5;

/// The new words, and how many were looked at.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct EmergingWords {
    /// The surest first.
    pub words: Vec<Emerging>,
    pub looked_at: usize,
    /// There are too few records of the weeks before to compare with.
    pub too_little: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Emerging {
    /// A word, or two; in small letters.
    pub word: String,
    /// How many say it in the week, of how many with words.
    pub people: u64,
    pub of: u64,
    /// The share of the weeks before, in the week's mix of sources.
    pub before: f64,
    /// The odds of its being said over those of before, drawn towards 1 by the prior, with the interval of 95%.
    pub odds: f64,
    pub interval: Interval,
    pub p: f64,
    pub q: f64,
    pub weeks: Weekly,
    pub quotes: Vec<Quote>,
    /// Lists the records of the week that say it, as whole words, whatever stands between two. Those of a kind of source that
    /// is new are among them: `people` leaves them out, for nobody knows what was usual there.
    pub filter: Filter,
}

/// A word, or a pair: by their places in the vocabulary.
pub(crate) type Gram = (u32, u32);
/// In place of a second word.
const SINGLE: u32 = u32::MAX;

/// All the words that one person says in one week, or one record of nobody knows whom.
struct Voice {
    /// From the first week before; [`BEFORE`] is the week itself.
    week: usize,
    source: usize,
    grams: Vec<Gram>,
}

/// A record's text, while it is read.
struct Text {
    record: String,
    week: usize,
    source: String,
    person: Option<String>,
    title: Vec<Token>,
    body: Vec<Token>,
}

/// What is looked for in `facts`, which are narrowed to what the digest is about already; `all` are all current ones, and
/// `filter` lists those of the week.
pub(super) fn emerging(
    all: &LazyFrame,
    facts: LazyFrame,
    people: &People,
    week: Week,
    period: Period,
    filter: &Filter,
) -> Result<EmergingWords, InsightError> {
    let first = week.plus(-(BEFORE as i32));
    let mut texts = read(facts, people, first.period().from)?;
    texts.sort_by(|a, b| a.record.cmp(&b.record));
    texts.dedup_by(|a, b| a.record == b.record);
    let mut vocabulary = Vocabulary::default();
    let (voices, sources) = voices(&texts, &mut vocabulary);
    let mix = Mix::of(&voices, sources);
    if mix.before < LEAST_HISTORY || mix.week == 0 || period.days() == 0 {
        return Ok(EmergingWords { too_little: true, ..EmergingWords::default() });
    }
    let judged = judge(&voices, &mix, &vocabulary);
    let mut words = Vec::new();
    // Nobody is quoted twice.
    let mut told = HashSet::new();
    for (at, found) in judged.found.iter().enumerate() {
        // Each look for quotes reads the facts.
        let quotes = if at < QUOTED {
            quotes::of_words(all, &places(&texts, &vocabulary, found.gram), &mut told)?
        } else {
            Vec::new()
        };
        words.push(Emerging {
            word: vocabulary.name(found.gram),
            people: u64::from(found.weekly[BEFORE]),
            of: mix.week,
            before: found.before,
            odds: found.log_odds.exp(),
            interval: found.interval(),
            p: found.p,
            q: found.q,
            weeks: found.weeks(&mix, first),
            quotes,
            filter: filter.clone().phrase(&vocabulary.name(found.gram)),
        });
    }
    Ok(EmergingWords { words, looked_at: judged.looked_at, too_little: false })
}

fn read(facts: LazyFrame, people: &People, first: Day) -> Result<Vec<Text>, InsightError> {
    let names = ["record_id", "day", "source_kind", "author", "title", "body"];
    let rows = Rows::collect(facts.select(names.map(col)))?;
    let [records, sources, authors, titles, bodies] =
        ["record_id", "source_kind", "author", "title", "body"].map(|name| rows.text(name));
    let (records, sources, authors, titles, bodies) = (records?, sources?, authors?, titles?, bodies?);
    let days = rows.days("day")?;
    let text = |row: usize| Text {
        record: records.get(row).unwrap_or_default().to_owned(),
        week: ((days[row].0 - first.0).max(0) / 7) as usize,
        source: sources.get(row).unwrap_or_default().to_owned(),
        person: authors.get(row).map(|author| people.of(author).to_owned()),
        title: tokens(titles.get(row).unwrap_or_default()),
        body: tokens(bodies.get(row).unwrap_or_default()),
    };
    let texts = (0..rows.len()).map(text);
    Ok(texts.filter(|text| text.week <= BEFORE && !(text.title.is_empty() && text.body.is_empty())).collect())
}

#[derive(Default)]
pub(crate) struct Vocabulary {
    places: HashMap<String, u32>,
    words: Vec<String>,
}

impl Vocabulary {
    fn place(&mut self, word: &str) -> u32 {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let place = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.places.insert(word.to_owned(), place);
        place
    }

    fn word(&self, place: u32) -> &str {
        self.words.get(place as usize).map_or("", String::as_str)
    }

    pub(crate) fn name(&self, (first, second): Gram) -> String {
        if second == SINGLE {
            return self.word(first).to_owned();
        }
        joined(self.word(first), self.word(second))
    }
}

/// The voices, and how many sources they have.
fn voices(texts: &[Text], vocabulary: &mut Vocabulary) -> (Vec<Voice>, usize) {
    let mut sources: BTreeMap<&str, usize> = texts.iter().map(|text| (text.source.as_str(), 0)).collect();
    for (at, place) in sources.values_mut().enumerate() {
        *place = at;
    }
    let mut known: HashMap<(usize, usize, &str), usize> = HashMap::new();
    let mut voices: Vec<Voice> = Vec::new();
    for text in texts {
        let source = sources.get(text.source.as_str()).copied().unwrap_or_default();
        let new = voices.len();
        let at = match &text.person {
            Some(person) => *known.entry((text.week, source, person.as_str())).or_insert(new),
            None => new,
        };
        if at == new {
            voices.push(Voice { week: text.week, source, grams: Vec::new() });
        }
        for tokens in [&text.title, &text.body] {
            grams(tokens, vocabulary, &mut voices[at].grams);
        }
    }
    for voice in &mut voices {
        voice.grams.sort_unstable();
        voice.grams.dedup();
    }
    (voices, sources.len())
}

/// The words and pairs of a text that tell something, in its order.
pub(crate) fn grams(tokens: &[Token], vocabulary: &mut Vocabulary, into: &mut Vec<Gram>) {
    let mut before: Option<(&Token, u32)> = None;
    for token in tokens {
        let place = vocabulary.place(&token.word);
        if tells(&token.word) {
            into.push((place, SINGLE));
        }
        if let Some((first, of_first)) = before.filter(|_| token.follows)
            && pair_tells(&first.word, &token.word)
        {
            into.push((of_first, place));
        }
        before = Some((token, place));
    }
}

/// The records of the week whose body has a word, with the characters it takes.
fn places<'a>(texts: &'a [Text], vocabulary: &Vocabulary, (first, second): Gram) -> HashMap<&'a str, Span> {
    let (first_word, second_word) = (vocabulary.word(first), vocabulary.word(second));
    let mut found = HashMap::new();
    for text in texts.iter().filter(|text| text.week == BEFORE) {
        let span = if second == SINGLE {
            text.body.iter().find(|token| token.word == first_word).map(|token| token.span)
        } else {
            let pair = |pair: &&[Token]| {
                pair[1].follows && pair[0].word == first_word && pair[1].word == second_word
            };
            text.body.windows(2).find(pair).map(|pair| Span::new(pair[0].span.start, pair[1].span.end))
        };
        if let Some(span) = span {
            found.insert(text.record.as_str(), span);
        }
    }
    found
}

#[cfg(test)]
mod tests;
