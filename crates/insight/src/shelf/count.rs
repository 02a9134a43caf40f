//! How many records fit, by what they tell.

use super::{
    Query, Shelf,
    choose::Chosen,
    fits::{Fits, Said},
    row::Label,
};
use crate::error::InsightError;
use feedback::{insight::NO_TOPIC, judgement::SentimentLabel};
use rayon::prelude::*;
use serde::Serialize;
use std::{collections::BTreeMap, ops::AddAssign};

/// By what records are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// A record that tells none has the empty one.
    Label(Label),
    /// A record is counted with each of its topics, and with `none` where it has none; the sentiment is that of what it says
    /// on each.
    Topic,
    /// By the sentiment, as [`super::Hit::sentiment`] has it.
    Sentiment,
}

/// Records by sentiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    pub records: u64,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    pub unknown: u64,
}

impl Tally {
    pub(super) fn add(&mut self, sentiment: SentimentLabel) {
        self.records += 1;
        match sentiment {
            SentimentLabel::Negative => self.negative += 1,
            SentimentLabel::Neutral => self.neutral += 1,
            SentimentLabel::Positive => self.positive += 1,
            SentimentLabel::Unknown => self.unknown += 1,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.negative += other.negative;
        self.neutral += other.neutral;
        self.positive += other.positive;
        self.unknown += other.unknown;
    }
}

/// The records that tell one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    pub value: String,
    #[serde(flatten)]
    pub tally: Tally,
}

/// The values of a facet in one part.
type Values<'s> = Vec<(&'s str, Tally)>;

impl Shelf {
    /// All records that fit, and for each of the facets its values, the most records first.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn counts(&self, query: &Query, facets: &[Facet]) -> Result<(Tally, Vec<Vec<Count>>), InsightError> {
        let fits = Fits::new(&query.filter)?;
        let chosen = self.choose(query)?;
        let of_parts: Vec<(Tally, Vec<Values<'_>>)> = chosen
            .par_iter()
            .map(|chosen| {
                let said = fits.said(chosen.part);
                let of = |facet: &Facet| of_part(chosen, said, *facet);
                (totals(chosen, said), facets.iter().map(of).collect())
            })
            .collect();
        let mut all = Tally::default();
        let mut by_value = vec![BTreeMap::<&str, Tally>::new(); facets.len()];
        for (tally, of_facets) in of_parts {
            all += tally;
            for (values, of_facet) in by_value.iter_mut().zip(of_facets) {
                of_facet.into_iter().for_each(|(value, tally)| *values.entry(value).or_default() += tally);
            }
        }
        Ok((all, by_value.into_iter().map(most_first).collect()))
    }
}

fn totals(chosen: &Chosen<'_>, said: Said) -> Tally {
    let mut tally = Tally::default();
    chosen.rows().for_each(|row| tally.add(said.of(chosen.part, row)));
    tally
}

fn of_part<'s>(chosen: &Chosen<'s>, said: Said, facet: Facet) -> Values<'s> {
    let part = chosen.part;
    let mut told: Values<'s> = match facet {
        Facet::Label(label) => {
            let column = part.column(label);
            let mut tallies = vec![Tally::default(); column.words().len()];
            chosen.rows().for_each(|row| tallies[column.number(row)].add(said.of(part, row)));
            tallies
                .into_iter()
                .enumerate()
                .map(|(number, tally)| (column.words().get(number), tally))
                .collect()
        }
        Facet::Topic => {
            let (mut tallies, mut none) = (vec![Tally::default(); part.topics.len()], Tally::default());
            for row in chosen.rows() {
                let mentions = part.mentions.get(row);
                if mentions.is_empty() {
                    none.add(part.sentiments[row]);
                }
                mentions.iter().for_each(|mention| tallies[mention.topic as usize].add(mention.sentiment));
            }
            let topics = tallies.into_iter().enumerate();
            topics.map(|(topic, tally)| (part.topics.get(topic), tally)).chain([(NO_TOPIC, none)]).collect()
        }
        Facet::Sentiment => {
            let mut tallies = vec![Tally::default(); SentimentLabel::ALL.len()];
            chosen.rows().for_each(|row| {
                let sentiment = said.of(part, row);
                tallies[sentiment as usize].add(sentiment);
            });
            SentimentLabel::ALL.iter().map(|label| label.as_str()).zip(tallies).collect()
        }
    };
    told.retain(|(_, tally)| tally.records > 0);
    told
}

fn most_first(values: BTreeMap<&str, Tally>) -> Vec<Count> {
    let counts = values.into_iter().map(|(value, tally)| Count { value: value.to_owned(), tally });
    let mut counts: Vec<Count> = counts.collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.tally.records));
    counts
}
