//! Topics that the taxonomy may lack: records without a topic that say alike things.

use super::{
    distinct::{Person, Speech},
    groups::{Group, groups},
    standing::within,
};
use crate::{
    cases::apart,
    error::InsightError,
    report::Period,
    shelf::{Hit, Label, Order, Query, Row, Shelf, Text},
};
use feedback::{
    ids::Id,
    insight::NO_TOPIC,
    time::{Day, Timestamp},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
    ops::ControlFlow,
};

/// Records without a topic that are looked at, the newest; and so many of all, to know what is said everywhere.
const MOST_LOOKED_AT: usize = 20_000;
/// Candidates that are told, the largest first.
const MOST: usize = 12;
/// Records and people of a candidate.
const LEAST_RECORDS: usize = 5;
const LEAST_PEOPLE: usize = 3;
/// Records that a candidate is shown by.
const QUOTED: usize = 3;
/// Letters and digits below which words say too little to be quoted.
const LEAST_LETTERS: usize = 12;
/// Characters of a quote, and of a text that is looked at for words.
const LONGEST_QUOTE: usize = 200;
const LONGEST_TEXT: usize = 4_000;

/// What was found among the records without a topic of some days.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    pub period: Period,
    /// Records that were looked at; `more` where there are older ones of these days that were not.
    pub looked_at: u64,
    pub more: bool,
    /// Records in languages that nothing was read of, by their codes, the most first: that they have no topic tells nothing.
    pub left_out: Vec<(String, u64)>,
    pub candidates: Vec<Candidate>,
}

/// Records that say alike things. It holds no words of a single person.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The record in its middle, by which it is known as long as it stays there.
    pub middle: Id,
    pub records: u64,
    /// Distinct, those unknown each time.
    pub people: u64,
    pub first: Timestamp,
    pub last: Timestamp,
    /// That set it apart, the surest first.
    pub words: Vec<String>,
    /// Records that are nearest to the middle, of different people and texts.
    pub nearest: Vec<Place>,
}

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub day: Day,
    pub id: Id,
}

/// A customer's words, cut from a record as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    pub id: Id,
    pub day: Day,
    pub text: String,
}

impl Place {
    /// `None` where the record is gone, or has no words any more.
    #[must_use]
    pub fn read(self, shelf: &Shelf) -> Option<Excerpt> {
        let hit = shelf.find_on(self.day, self.id)?;
        let text = words_of(&hit.row());
        (!text.is_empty()).then_some(Excerpt { id: self.id, day: self.day, text })
    }
}

/// `reads`: whether texts in a language are read, by its code; where nobody knows the language they are looked at.
///
/// # Errors
/// None of these filters can fail.
pub fn candidates(
    shelf: &Shelf,
    period: Period,
    reads: impl Fn(&str) -> bool,
) -> Result<Candidates, InsightError> {
    let Newest { hits, more, left_out } = newest(shelf, &within(period).topic(NO_TOPIC).into(), &reads)?;
    let vectors = vectors(&hits);
    let mut found = groups(&vectors);
    found.retain(|group| group.members.len() >= LEAST_RECORDS);
    found.retain(|group| people(&hits, group).len() >= LEAST_PEOPLE);
    found.truncate(MOST);
    let mut candidates = Vec::new();
    if !found.is_empty() {
        let all = newest(shelf, &within(period).into(), &reads)?.hits;
        let mut speech = Speech::of(spoken(all.iter()));
        candidates = found.iter().map(|group| candidate(&hits, group, &mut speech)).collect();
    }
    let mut left_out: Vec<(String, u64)> = left_out.into_iter().collect();
    left_out.sort_by_key(|(_, records)| Reverse(*records));
    Ok(Candidates { period, looked_at: hits.len() as u64, more, left_out, candidates })
}

/// The newest that fit and can be read.
#[derive(Default)]
struct Newest {
    hits: Vec<Hit>,
    /// Whether there are older ones.
    more: bool,
    /// As far as was looked, by language.
    left_out: BTreeMap<String, u64>,
}

fn newest(shelf: &Shelf, query: &Query, reads: &dyn Fn(&str) -> bool) -> Result<Newest, InsightError> {
    let mut newest = Newest::default();
    shelf.walk(query, Order::Newest, &mut |hit| {
        if newest.hits.len() == MOST_LOOKED_AT {
            newest.more = true;
            return ControlFlow::Break(());
        }
        match hit.row().label(Label::Language).filter(|language| !reads(language)) {
            Some(language) => *newest.left_out.entry(language.to_owned()).or_default() += 1,
            None => newest.hits.push(hit.clone()),
        }
        ControlFlow::Continue(())
    })?;
    Ok(newest)
}

/// Without what all feedback has in common. Two spaces are never compared: that of the newest record is the one in use.
fn vectors(hits: &[Hit]) -> Vec<Vec<i8>> {
    let mut space: Option<String> = None;
    let of = |hit: &Hit| {
        let row = hit.row();
        let Some((version, vector)) = row.vector else { return Vec::new() };
        if *space.get_or_insert_with(|| version.to_owned()) != *version {
            return Vec::new();
        }
        apart(version, vector.to_vec())
    };
    hits.iter().map(of).collect()
}

/// Who said it; of nobody knows whom the record stands for somebody.
fn person(row: &Row<'_>) -> Person {
    row.text(Text::Author).map_or(row.id.0, |author| Id::of(&["person", author]).0)
}

fn people(hits: &[Hit], group: &Group) -> HashSet<Person> {
    group.members.iter().map(|at| person(&hits[*at].row())).collect()
}

/// Title and body of each, as far as they are looked at.
fn spoken<'h>(hits: impl Iterator<Item = &'h Hit>) -> impl Iterator<Item = (Person, [&'h str; 2])> {
    hits.map(|hit| {
        let row = hit.row();
        let of = |text| cut(row.texts[text as usize], LONGEST_TEXT);
        (person(&row), [of(Text::Title), of(Text::Body)])
    })
}

fn candidate(hits: &[Hit], group: &Group, speech: &mut Speech) -> Candidate {
    let of_group = || group.members.iter().map(|at| &hits[*at]);
    let times: Vec<Timestamp> = of_group().map(|hit| hit.row().at).collect();
    Candidate {
        middle: hits[group.nearest[0]].id(),
        records: group.members.len() as u64,
        people: people(hits, group).len() as u64,
        first: times.iter().copied().min().unwrap_or(Timestamp(0)),
        last: times.iter().copied().max().unwrap_or(Timestamp(0)),
        words: speech.distinct(spoken(of_group())),
        nearest: quoted(hits, group),
    }
}

/// The nearest to the middle that say enough.
fn quoted(hits: &[Hit], group: &Group) -> Vec<Place> {
    let mut people: HashSet<Person> = HashSet::new();
    let mut texts: HashSet<String> = HashSet::new();
    let mut places = Vec::new();
    for at in &group.nearest {
        let row = hits[*at].row();
        let text = words_of(&row);
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        if letters < LEAST_LETTERS || texts.contains(&text.to_lowercase()) || !people.insert(person(&row)) {
            continue;
        }
        texts.insert(text.to_lowercase());
        places.push(Place { day: row.day, id: row.id });
        if places.len() == QUOTED {
            break;
        }
    }
    places
}

/// The beginning of a record's body, else of its title, in one line.
fn words_of(row: &Row<'_>) -> String {
    let text = row.text(Text::Body).or(row.text(Text::Title)).unwrap_or_default();
    // Blanks shrink: what is cut here is enough.
    let line: Vec<&str> = cut(text, LONGEST_QUOTE * 4).split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() <= LONGEST_QUOTE {
        return line;
    }
    let whole = cut(&line, LONGEST_QUOTE);
    // No word is cut, where there are words.
    let end = whole.rfind(' ').filter(|end| *end > whole.len() / 2).unwrap_or(whole.len());
    format!("{}\u{2026}", &whole[..end])
}

/// At most so many characters of a text.
fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}
