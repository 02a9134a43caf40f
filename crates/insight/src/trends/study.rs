//! The counts a report looks at, by day and source: the period and the history before it.

use super::cells::Cells;
use feedback::{
    insight::{ALL_TOPICS, InsightRow, NO_TOPIC},
    time::Day,
};
use std::{collections::BTreeMap, ops::Range};

/// Daily counts of complete days. Days are indices from `start`; the history before the period is the
/// baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    pub start: Day,
    pub days: usize,
    /// The report's period within the study.
    pub period: Range<usize>,
    pub sources: Vec<String>,
    /// All records, source by source.
    pub records: Vec<u32>,
    /// By topic id.
    pub topics: Vec<TopicSeries>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TopicSeries {
    pub topic: String,
    /// Records with the topic, source by source.
    pub mentions: Vec<u32>,
    /// Of those, the ones whose words on the topic are negative, and positive.
    pub negative: Vec<u32>,
    pub positive: Vec<u32>,
    /// Of those, the ones whose sentiment on the topic is known.
    pub known: Vec<u32>,
}

impl Study {
    /// Sums `rows` of the days from `start` to the period's end; `from` and `to` are the period's first and
    /// last day, complete ones.
    #[must_use]
    pub fn new<'a>(rows: impl IntoIterator<Item = &'a InsightRow>, start: Day, from: Day, to: Day) -> Self {
        let days = (to.0 - start.0 + 1).max(0) as usize;
        let period = (from.0 - start.0).max(0) as usize..days;
        let rows: Vec<&InsightRow> =
            rows.into_iter().filter(|row| (start..=to).contains(&row.key.day)).collect();
        let mut sources: Vec<String> = rows.iter().map(|row| row.key.source_kind.clone()).collect();
        sources.sort_unstable();
        sources.dedup();
        let cells = sources.len() * days;
        let mut records = vec![0; cells];
        let mut topics: BTreeMap<&str, TopicSeries> = BTreeMap::new();
        for row in rows {
            let (key, counts) = (&row.key, &row.counts);
            let source = sources.binary_search(&key.source_kind).unwrap_or_default();
            let at = source * days + (key.day.0 - start.0) as usize;
            match key.topic.as_str() {
                ALL_TOPICS => add(&mut records[at], counts.records),
                NO_TOPIC => {}
                topic => {
                    let series = topics.entry(topic).or_insert_with(|| TopicSeries::empty(topic, cells));
                    add(&mut series.mentions[at], counts.records);
                    add(&mut series.negative[at], counts.negative);
                    add(&mut series.positive[at], counts.positive);
                    add(&mut series.known[at], counts.records - counts.sentiment_unknown);
                }
            }
        }
        Self { start, days, period, sources, records, topics: topics.into_values().collect() }
    }

    /// The topic among all records of the same source and day.
    #[must_use]
    pub fn volume_cells(&self, topic: &TopicSeries) -> Cells {
        Cells::new(self.days, topic.mentions.clone(), self.records.clone())
    }

    /// The topic's negative or positive mentions among those whose sentiment is known.
    #[must_use]
    pub fn share_cells(&self, topic: &TopicSeries, hits: &[u32]) -> Cells {
        Cells::new(self.days, hits.to_vec(), topic.known.clone())
    }

    /// First and last day of a window.
    #[must_use]
    pub fn dates(&self, window: &Range<usize>) -> (Day, Day) {
        (self.start.plus(window.start as i32), self.start.plus(window.end as i32 - 1))
    }
}

impl TopicSeries {
    fn empty(topic: &str, cells: usize) -> Self {
        let zeros = vec![0; cells];
        Self {
            topic: topic.to_owned(),
            mentions: zeros.clone(),
            negative: zeros.clone(),
            positive: zeros.clone(),
            known: zeros,
        }
    }
}

fn add(to: &mut u32, count: i64) {
    *to = to.saturating_add(u32::try_from(count).unwrap_or(0));
}
