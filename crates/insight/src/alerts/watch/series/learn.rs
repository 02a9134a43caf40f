//! What is usual for a series on a day, learned anew every day.

use super::{Model, Watched};
use crate::alerts::{
    hour::{A_DAY, A_WEEK},
    hourly::Hourly,
    model::{CountModel, LEAST_DAYS, ScoreModel, ShareModel, learned_from},
    series::{History, Metric, Part, first_day},
};

/// A kind of source that is this much younger than the others joins their sum once it is so many days old: a feed that
/// was connected is no rise.
const SAME_AGE: usize = A_WEEK;
const JOINS_AFTER_DAYS: usize = 28;

impl Watched<'_> {
    /// Learns what is usual on `day`, which begins. Where a long episode leaves too little to learn from, what was known
    /// before it stands.
    pub fn learn(&mut self, history: &History, day: usize) {
        let adopted = self.adopted;
        let past = move |part: &Part| learned_from(first_day(part.since.max(adopted)), day);
        let learned = match &self.key.metric {
            Metric::Volume => {
                let joined = self.joined.clone();
                let model = self.learn_volume(history, day);
                // What was seen counts a source that has joined in the hours before as well: so does what was due.
                if let Some(model) = model.as_ref().filter(|_| joined != self.joined) {
                    for (at, due) in self.due.iter_mut().enumerate().take(day * A_DAY) {
                        *due = model.expected(history.hour(at));
                    }
                }
                model.map_or(Model::Unknown, |model| Model::Volume(Box::new(model)))
            }
            Metric::Negative => {
                let of = |part: &Part| {
                    let past = past(part)?;
                    ShareModel::learn(&part.counts.dense(history.hours), &self.left_out, past)
                };
                let mut parts: Vec<_> = self.stream.parts.iter().map(of).collect();
                ShareModel::together(&mut parts);
                Model::Negative(parts)
            }
            Metric::Score(name) => {
                let of = |part: &Part| {
                    let (answers, past) = (part.answers.get(name)?, past(part)?);
                    ScoreModel::learn(&answers.dense(history.hours), &self.left_out, past)
                };
                let mut parts: Vec<_> = self.stream.parts.iter().map(of).collect();
                ScoreModel::together(&mut parts);
                Model::Score(parts)
            }
        };
        if learned.can_speak() || !self.is_running() {
            self.model = learned;
        }
    }

    fn learn_volume(&mut self, history: &History, day: usize) -> Option<CountModel> {
        let parts = &self.stream.parts;
        let oldest = parts.iter().map(|part| part.since).min()?;
        let joins =
            |part: &Part| part.since <= oldest + SAME_AGE || first_day(part.since) + JOINS_AFTER_DAYS <= day;
        let joined: Vec<bool> = parts.iter().map(joins).collect();
        if joined != self.joined || self.due.is_empty() {
            self.counts = Hourly::default();
            self.due.resize(history.hours, 0.0);
            for part in parts.iter().zip(&joined).filter(|(_, joined)| **joined).map(|(part, _)| part) {
                part.counts.iter().for_each(|(at, of)| *self.counts.at_mut(at) += of.records);
            }
            self.joined = joined;
        }
        let since = parts.iter().zip(&self.joined).filter(|(_, joined)| **joined).map(|(part, _)| part.since);
        let first = first_day(since.max()?.max(self.adopted));
        let past = learned_from(first, day)?;
        CountModel::learn(&self.counts.dense(history.hours), &self.left_out, history.from, past, day)
    }

    /// The first day that a part of it is old enough on for anything to be said.
    pub fn old_enough_on(&self) -> Option<usize> {
        let part = |part: &Part| first_day(part.since.max(self.adopted)) + LEAST_DAYS;
        self.stream.parts.iter().map(part).min()
    }
}
