//! The records of a series.

use super::{Answer, Mention, Record, Stored, Text};
use crate::alerts::{
    hour::Span,
    series::{Metric, ScoreName, SeriesKey, is_on},
};
use feedback::insight::Scale;
use std::cmp::Ordering;

/// The records of a series in some hours.
pub(super) struct Members<'a> {
    stored: &'a Stored,
    /// In these hours, of what the series is about.
    mentions: &'a [Mention],
    product: Option<Text>,
    source: Option<Text>,
    counts: Counts,
}

/// Which of them the metric is about.
enum Counts {
    All,
    Negative,
    /// Those on a scale, and of one question where there are several.
    Answers {
        scale: Scale,
        question: Option<(Text, Text)>,
    },
}

impl Stored {
    /// The records of a series that its metric is about.
    pub(super) fn members(&self, key: &SeriesKey, hours: Span) -> Members<'_> {
        self.known(key, hours).unwrap_or(Members {
            stored: self,
            mentions: &[],
            product: None,
            source: None,
            counts: Counts::All,
        })
    }

    /// `None` where no record has what the key names.
    fn known(&self, key: &SeriesKey, hours: Span) -> Option<Members<'_>> {
        let all = self.whats.get(&key.what)?;
        let row = |hour| self.records.partition_point(|record| record.at < hour) as u32;
        let place = |row: u32| all.partition_point(|mention| mention.row < row);
        let (from, to) = (place(row(hours.from)), place(row(hours.to)));
        let number = |name: &Option<String>| match name {
            Some(name) => self.texts.find(name).map(Some),
            None => Some(None),
        };
        Some(Members {
            stored: self,
            mentions: &all[from..to.max(from)],
            product: number(&key.product)?,
            source: number(&key.source)?,
            counts: match &key.metric {
                Metric::Volume => Counts::All,
                Metric::Negative => Counts::Negative,
                Metric::Score(name) => self.answers(name)?,
            },
        })
    }

    fn answers(&self, name: &ScoreName) -> Option<Counts> {
        let question = match &name.question {
            Some(question) => Some((self.texts.find(&question.part)?, self.texts.find(&question.wording)?)),
            None => None,
        };
        Some(Counts::Answers { scale: name.scale()?, question })
    }
}

impl<'a> Members<'a> {
    /// The first first.
    pub fn records(&self) -> impl Iterator<Item = &'a Record> {
        self.rows().map(|row| &self.stored.records[row as usize])
    }

    /// Their places.
    fn rows(&self) -> impl Iterator<Item = u32> {
        self.mentions.iter().filter(|mention| self.has(mention)).map(|mention| mention.row)
    }

    fn has(&self, mention: &Mention) -> bool {
        let record = &self.stored.records[mention.row as usize];
        self.product.is_none_or(|product| product == record.product())
            && self.source.is_none_or(|source| source == record.source())
            && match self.counts {
                Counts::All => true,
                Counts::Negative => mention.is_negative == Some(true),
                Counts::Answers { scale, question } => {
                    record.answer.is_some_and(|answer| answers(answer, scale, question))
                }
            }
    }

    /// Of the smaller of two the part, from 0 to 1, that the other has too.
    pub fn overlap(&self, other: &Self) -> f64 {
        if self.is_elsewhere(other) {
            return 0.0;
        }
        let (mut one, mut two) = (self.rows().peekable(), other.rows().peekable());
        let (mut first, mut second, mut both) = (0_u32, 0_u32, 0_u32);
        loop {
            let order = match (one.peek(), two.peek()) {
                (Some(a), Some(b)) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            if order.is_le() {
                one.next();
                first += 1;
            }
            if order.is_ge() {
                two.next();
                second += 1;
            }
            both += u32::from(order.is_eq());
        }
        f64::from(both) / f64::from(first.min(second).max(1))
    }

    /// Whether the two are of different products or kinds of source, and so share nothing.
    fn is_elsewhere(&self, other: &Self) -> bool {
        let differ =
            |one: Option<Text>, other: Option<Text>| one.is_some() && other.is_some() && one != other;
        differ(self.product, other.product) || differ(self.source, other.source)
    }
}

fn answers(answer: Answer, scale: Scale, question: Option<(Text, Text)>) -> bool {
    is_on(answer.score, scale) && question.is_none_or(|own| own == (answer.part, answer.wording))
}
