//! What a report asks of the facts, from memory: the same answers as the tables give.

mod cells;
mod rolled;

use super::{
    Shelf,
    choose::Chosen,
    part::Part,
    people::People,
    row::{Label, Text},
    runs::runs,
};
use crate::{
    error::InsightError,
    report::{
        Filter, Period, Scope,
        facts::{Answer, Cells, Facts, Person, Sure, Worded},
    },
};
use feedback::{
    ids::Id,
    insight::{InsightRow, NO_TOPIC},
    judgement::SentimentLabel,
    span::Span,
    time::{Day, Timestamp},
};
use rayon::prelude::*;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

impl Shelf {
    fn of_scope(&self, scope: &Scope, days: Period) -> Result<Vec<Chosen<'_>>, InsightError> {
        self.choose(&Filter::of(scope, days).into())
    }
}

/// What a scope speaks of in a part.
#[derive(Clone, Copy)]
enum Of {
    Records,
    Topic(u32),
}

impl Of {
    fn new(scope: &Scope, part: &Part) -> Self {
        let topic = scope.topic.as_deref().filter(|topic| *topic != NO_TOPIC);
        // A part that does not know the topic has no row of it.
        topic
            .and_then(|topic| part.topics.find(topic))
            .map_or(Self::Records, |topic| Self::Topic(topic as u32))
    }

    /// A sentiment each time that a row speaks of it.
    fn said(self, part: &Part, row: usize) -> impl Iterator<Item = SentimentLabel> {
        let (record, mentions) = match self {
            Self::Records => (Some(part.sentiments[row]), [].as_slice()),
            Self::Topic(_) => (None, part.mentions.get(row)),
        };
        let is_meant = move |topic| matches!(self, Self::Topic(wanted) if wanted == topic);
        let said = mentions.iter().filter(move |mention| is_meant(mention.topic));
        record.into_iter().chain(said.map(|mention| mention.sentiment))
    }
}

fn person(people: &People, part: &Part, row: usize) -> Option<Person> {
    people.of(part).author(row).map(Person::from)
}

impl Facts for Shelf {
    fn rolled_up(&self, scope: &Scope, days: Period) -> Result<Vec<InsightRow>, InsightError> {
        Ok(rolled::up(&self.of_scope(&scope.on_all_topics(), days)?))
    }

    fn reach(&self, scope: &Scope) -> Result<Option<Period>, InsightError> {
        let any_day = Filter { from: None, to: None, ..Filter::of(&scope.on_all_topics(), scope.period) };
        let chosen = self.choose(&any_day.into())?;
        let mut days = chosen.iter().filter(|chosen| chosen.rows().next().is_some()).map(|c| c.part.day);
        let Some(from) = days.next() else { return Ok(None) };
        Ok(Some(Period { from, to: days.next_back().unwrap_or(from) }))
    }

    fn worded(&self, scope: &Scope, days: Period) -> Result<Vec<(Worded, u64)>, InsightError> {
        let chosen = self.of_scope(scope, days)?;
        Ok(chosen.par_iter().flat_map_iter(|chosen| worded(chosen, scope)).collect())
    }

    fn answers(&self, scope: &Scope, days: Period) -> Result<Vec<Answer>, InsightError> {
        let (people, chosen) = (self.people(), self.of_scope(scope, days)?);
        Ok(chosen.par_iter().flat_map_iter(|chosen| answers(chosen, scope, people)).collect())
    }

    fn cells(&self, scope: &Scope, days: Period, topics: &[String]) -> Result<Cells, InsightError> {
        Ok(cells::counted(&self.of_scope(&scope.on_all_topics(), days)?, topics))
    }

    fn surest(
        &self,
        scope: &Scope,
        days: Period,
        (topic, label): (&str, Option<SentimentLabel>),
        most: usize,
    ) -> Result<Vec<Sure>, InsightError> {
        let scope = Scope { topic: Some(topic.to_owned()), ..scope.clone() };
        let (people, chosen) = (self.people(), self.of_scope(&scope, days)?);
        let of_parts: Vec<_> = chosen.par_iter().map(|chosen| surest(chosen, topic, label, most)).collect();
        let mut all: Vec<_> = chosen
            .iter()
            .zip(of_parts)
            .flat_map(|(chosen, of)| of.into_iter().map(move |at| (at, chosen)))
            .collect();
        all.sort_by_key(|((sure, id, ..), _)| (*sure, *id));
        all.truncate(most);
        let sure = |((Reverse(sure), id, row, span), chosen): (At, &Chosen<'_>)| Sure {
            record: Id(id),
            day: chosen.part.day,
            source: chosen.part.column(Label::SourceKind).get(row).to_owned(),
            person: person(people, chosen.part, row),
            confidence: f64::from(sure) / 1e4,
            span,
        };
        Ok(all.into_iter().map(sure).collect())
    }

    fn bodies(&self, records: &[(Day, Id)]) -> Result<HashMap<Id, String>, InsightError> {
        let mut wanted: BTreeMap<Day, HashSet<u128>> = BTreeMap::new();
        for (day, id) in records {
            wanted.entry(*day).or_default().insert(id.0);
        }
        let of_part = |part: &Arc<Part>, ids: &HashSet<u128>| -> Vec<(Id, String)> {
            let rows = part.ids.iter().enumerate().filter(|(_, id)| ids.contains(id));
            rows.map(|(row, id)| (Id(*id), part.text(row, Text::Body).to_owned())).collect()
        };
        let of_days = wanted.iter().map(|(day, ids)| (self.parts(*day), ids));
        Ok(of_days.flat_map(|(parts, ids)| parts.iter().flat_map(move |part| of_part(part, ids))).collect())
    }
}

fn worded(chosen: &Chosen<'_>, scope: &Scope) -> Vec<(Worded, u64)> {
    let (part, of): (&Part, Of) = (chosen.part, Of::new(scope, chosen.part));
    let columns = [Label::SourceKind, Label::Kind, Label::Language].map(|label| part.column(label));
    let may_be_untold = matches!(of, Of::Records);
    let mut rows = Vec::new();
    for row in chosen.rows() {
        let words = columns.map(|column| column.number(row));
        let is_untold = may_be_untold && part.mentions.get(row).is_empty();
        for said in of.said(part, row) {
            rows.push((words, [part.has_words(row), said == SentimentLabel::Unknown, is_untold]));
        }
    }
    let told = |column: usize, word: usize| match columns[column].words().get(word) {
        "" if column > 0 => "unknown".to_owned(),
        word => word.to_owned(),
    };
    let worded = |(words, [has_words, is_unknown, is_untold]): ([usize; 3], [bool; 3])| Worded {
        source: told(0, words[0]),
        kind: told(1, words[1]),
        language: told(2, words[2]),
        has_words,
        is_unknown,
        is_untold,
    };
    runs(rows).into_iter().map(|(row, n)| (worded(row), n)).collect()
}

fn answers(chosen: &Chosen<'_>, scope: &Scope, people: &People) -> Vec<Answer> {
    let (part, of): (&Part, Of) = (chosen.part, Of::new(scope, chosen.part));
    let columns = [Label::SourceKind, Label::Part, Label::Question].map(|label| part.column(label));
    let texts = columns.map(|column| -> Vec<Arc<str>> {
        (0..column.words().len()).map(|word| Arc::from(column.words().get(word))).collect()
    });
    let mut scales = HashMap::new();
    let mut answers = Vec::new();
    for row in chosen.rows() {
        let Some((numbers, value)) = part.scored(row) else { continue };
        let Some(scale) = *scales.entry(numbers).or_insert_with(|| part.scale(numbers)) else { continue };
        let text = |column: usize| Arc::clone(&texts[column][columns[column].number(row)]);
        for _ in of.said(part, row) {
            answers.push(Answer {
                scale,
                source: text(0),
                part: text(1),
                question: text(2),
                person: person(people, part, row),
                at: Timestamp(part.times[row]),
                day: part.day,
                record: Id(part.ids[row]),
                value,
            });
        }
    }
    answers
}

/// How sure a mention is, its record by id and row, and its span.
type At = (Reverse<u16>, u128, usize, Span);

fn surest(chosen: &Chosen<'_>, topic: &str, label: Option<SentimentLabel>, most: usize) -> Vec<At> {
    let part: &Part = chosen.part;
    let Some(topic) = part.topics.find(topic) else { return Vec::new() };
    let mut all: Vec<At> = Vec::new();
    for row in chosen.rows().filter(|row| !part.text(*row, Text::Body).is_empty()) {
        let own = part.mentions.get(row).iter().filter(|mention| mention.topic as usize == topic);
        for mention in own.filter(|mention| label.is_none_or(|label| mention.sentiment == label)) {
            let span = Span::new(mention.start, mention.end);
            all.push((Reverse(Part::sure_of(mention)), part.ids[row], row, span));
        }
    }
    all.sort_by_key(|(sure, id, ..)| (*sure, *id));
    all.truncate(most);
    all
}
