//! The current facts of one day, or of a part of it: column by column, in the order in which they occurred.

mod build;

use super::{
    column::Column,
    lists::{Lists, Thin},
    row::{Correction, Label, Mention, Row, Sure, Text},
    texts::Texts,
    vectors::Spaces,
    writers::Writers,
};
use crate::report::RecordScore;
pub(super) use build::Builder;
use feedback::{
    ids::Id,
    insight::Scale,
    judgement::SentimentLabel,
    score::ScoreKind,
    span::Span,
    time::{Day, Timestamp},
};
use std::sync::Arc;

/// Rows of a part.
pub(super) const MOST_ROWS: usize = 1 << 16;

#[derive(Debug, Clone)]
pub struct Part {
    pub(super) day: Day,
    /// Ascending, with the ids.
    pub(super) times: Vec<i64>,
    pub(super) ids: Vec<u128>,
    updated: Vec<i64>,
    stored: Vec<i64>,
    /// [`NEVER`] where nothing was decided on it.
    triaged: Thin<i64>,
    versions: Thin<i64>,
    pub(super) columns: [Column; Label::ALL.len()],
    /// [`Text::ALL`] of a row, then those of the next.
    texts: Texts,
    /// Title and body, folded; a text for each row.
    pub(super) folded: Texts,
    sure: [Thin<u16>; Sure::ALL.len()],
    pub(super) sentiments: Vec<SentimentLabel>,
    /// Bits of reals; those of [`NONE`] where there is none.
    revenue: Thin<u64>,
    score_values: Thin<u64>,
    scales: Thin<u32>,
    /// The ends of scales; the first are none.
    scale_ends: Vec<Option<(f64, f64)>>,
    pub(super) mentions: Lists<Mentioned>,
    /// What `mentions` name, ascending.
    pub(super) topics: Texts,
    lists: [Lists<u32>; WORD_LISTS],
    /// What `lists` name, ascending.
    words: Texts,
    spans: Lists<Span>,
    pub(super) vectors: Spaces,
    /// By the row, ascending.
    corrections: Vec<(u32, Correction)>,
    pub(super) writers: Arc<Writers>,
}

/// Tags, labels and actions of the triage.
const WORD_LISTS: usize = 3;
const NONE: u64 = f64::NAN.to_bits();
const NEVER: i64 = i64::MIN;

/// A topic of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mentioned {
    /// In [`Part::topics`].
    pub topic: u32,
    pub start: u32,
    pub end: u32,
    confidence: u16,
    pub sentiment: SentimentLabel,
}

/// What orders records: when they occurred, then their id.
pub(super) type Key = (i64, u128);

impl Part {
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// # Panics
    /// Where there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> Row<'_> {
        Row {
            id: Id(self.ids[row]),
            day: self.day,
            at: Timestamp(self.times[row]),
            updated_at: Timestamp(self.updated[row]),
            stored_at: Timestamp(self.stored[row]),
            triaged_at: self.triaged_at(row),
            version: self.versions.get(row),
            labels: std::array::from_fn(|label| self.columns[label].get(row)),
            texts: Text::ALL.map(|text| self.text(row, text)),
            sure: std::array::from_fn(|sure| share(self.sure[sure].get(row))),
            sentiment: self.sentiments[row],
            revenue: real(self.revenue.get(row)),
            score_value: self.score_value(row),
            score_ends: self.score_ends(row),
            topics: self.mentions.get(row).iter().map(|mention| self.mention(mention)).collect(),
            tags: self.list(0, row),
            triage_labels: self.list(1, row),
            triage_actions: self.list(2, row),
            triage_spans: self.spans.get(row).to_vec(),
            vector: self.vectors.get(row),
            correction: self.correction(row),
        }
    }

    pub(super) fn key(&self, row: usize) -> Key {
        (self.times[row], self.ids[row])
    }

    pub(super) fn column(&self, label: Label) -> &Column {
        &self.columns[label as usize]
    }

    pub(super) fn text(&self, row: usize, text: Text) -> &str {
        self.texts.get(row * Text::ALL.len() + text as usize)
    }

    pub(super) fn stored_at(&self, row: usize) -> Timestamp {
        Timestamp(self.stored[row])
    }

    pub(super) fn triaged_at(&self, row: usize) -> Option<Timestamp> {
        Some(self.triaged.get(row)).filter(|at| *at != NEVER).map(Timestamp)
    }

    pub(super) fn correction(&self, row: usize) -> Option<&Correction> {
        let at = self.corrections.binary_search_by_key(&row, |(row, _)| *row as usize).ok()?;
        Some(&self.corrections[at].1)
    }

    pub(super) fn revenue(&self, row: usize) -> Option<f64> {
        real(self.revenue.get(row))
    }

    pub(super) fn score_value(&self, row: usize) -> Option<f64> {
        real(self.score_values.get(row))
    }

    pub(super) fn score_ends(&self, row: usize) -> Option<(f64, f64)> {
        self.scale_ends[self.scales.get(row) as usize]
    }

    /// As [`Row::score`].
    pub(super) fn score(&self, row: usize) -> Option<RecordScore> {
        let (scale, value) = self.scored(row)?;
        Some(RecordScore { scale: self.scale(scale)?, value })
    }

    /// The same, with the scale by numbers that [`Self::scale`] knows: of many rows it is looked up once.
    pub(super) fn scored(&self, row: usize) -> Option<([u32; 2], f64)> {
        let (value, _) = self.score_value(row).zip(self.score_ends(row))?;
        // A part has far fewer words than 2^32.
        Some(([self.column(Label::ScoreKind).number(row) as u32, self.scales.get(row)], value))
    }

    /// `None` where it is of a kind that this version does not know.
    pub(super) fn scale(&self, [kind, ends]: [u32; 2]) -> Option<Scale> {
        let kind = ScoreKind::parse(self.column(Label::ScoreKind).words().get(kind as usize))?;
        let (min, max) = self.scale_ends[ends as usize]?;
        Some(Scale { kind, min, max })
    }

    /// The records that were corrected, with when that was.
    pub(super) fn corrected(&self) -> impl Iterator<Item = (u128, Timestamp)> {
        self.corrections.iter().map(|(row, correction)| (self.ids[*row as usize], correction.at))
    }

    fn mention(&self, mention: &Mentioned) -> Mention<&str> {
        Mention {
            topic: self.topics.get(mention.topic as usize),
            sentiment: mention.sentiment,
            confidence: share(mention.confidence),
            span: Span::new(mention.start, mention.end),
        }
    }

    /// How sure a mention is, in steps of a hundredth of a percent; 0 where nobody knows.
    pub(super) fn sure_of(mention: &Mentioned) -> u16 {
        hundredths(mention.confidence)
    }

    fn list(&self, list: usize, row: usize) -> Vec<&str> {
        self.lists[list].get(row).iter().map(|word| self.words.get(*word as usize)).collect()
    }

    /// Whether there are words of the customer.
    pub(super) fn has_words(&self, row: usize) -> bool {
        !self.text(row, Text::Title).is_empty() || !self.text(row, Text::Body).is_empty()
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn heap(&self) -> usize {
        let ids = 16 * self.ids.capacity();
        let times = 8 * (self.times.capacity() + self.updated.capacity() + self.stored.capacity());
        let times = times + self.triaged.heap();
        let columns: usize = self.columns.iter().map(Column::heap).sum();
        let texts = self.texts.heap() + self.folded.heap() + self.topics.heap() + self.words.heap();
        let sure: usize = self.sure.iter().map(Thin::heap).sum();
        let numbers =
            self.versions.heap() + self.revenue.heap() + self.score_values.heap() + self.scales.heap();
        let lists: usize = self.lists.iter().map(Lists::heap).sum();
        let lists = lists + self.mentions.heap() + self.spans.heap();
        // What a correction holds itself is short, and corrections are few.
        let rare = 24 * self.scale_ends.capacity() + 256 * self.corrections.capacity();
        size_of::<Self>()
            + self.writers.heap()
            + ids
            + times
            + columns
            + texts
            + sure
            + numbers
            + lists
            + rare
            + self.sentiments.capacity()
            + self.vectors.heap()
    }

    /// Rows of several parts of one day as one.
    pub(super) fn gathered(day: Day, mut rows: Vec<(&Self, usize)>) -> Self {
        rows.sort_unstable_by_key(|(part, row)| part.key(*row));
        let mut builder = Builder::new(day);
        rows.iter().for_each(|(part, row)| builder.push(&part.row(*row)));
        builder.finish()
    }
}

fn real(bits: u64) -> Option<f64> {
    Some(f64::from_bits(bits)).filter(|number| !number.is_nan())
}

fn bits(number: Option<f64>) -> u64 {
    number.filter(|number| !number.is_nan()).map_or(NONE, f64::to_bits)
}

/// From 1 to 65,535 for 0 to 1; 0 for nothing. Told to a hundredth of a percent.
fn share(steps: u16) -> Option<f32> {
    (steps > 0).then(|| (f64::from(steps - 1) * 1e4 / 65_534.0).round() as f32 / 1e4)
}

fn steps(share: Option<f32>) -> u16 {
    share
        .filter(|share| !share.is_nan())
        .map_or(0, |share| (share.clamp(0.0, 1.0) * 65_534.0).round() as u16 + 1)
}

/// A share as it is held, in steps of a hundredth of a percent.
pub(crate) fn in_steps(share: f32) -> u16 {
    hundredths(steps(Some(share)))
}

/// 0 for nothing.
fn hundredths(steps: u16) -> u16 {
    (share(steps).unwrap_or(0.0) * 1e4).round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_to_a_hundredth_of_a_percent() {
        assert_eq!((share(steps(None)), share(steps(Some(f32::NAN)))), (None, None));
        for exact in [0.0, 0.123_45, 0.5, 0.999_9, 1.0] {
            let held = share(steps(Some(exact))).unwrap();
            assert!((held - exact).abs() <= 5.1e-5, "{exact}: {held}");
        }
        assert_eq!(share(steps(Some(0.8))), Some(0.8));
        // As often as it is written and read.
        assert!((0..=u16::MAX).all(|step| share(steps(share(step))) == share(step)));
        assert_eq!(
            (real(bits(Some(-2.5))), real(bits(None)), real(bits(Some(f64::NAN)))),
            (Some(-2.5), None, None)
        );
    }
}
