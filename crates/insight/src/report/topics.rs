//! How often each topic is mentioned, and what has none.

use super::{
    filter::{Filter, Wording},
    model::{Figure, Share, TopicRow},
    movers::Judged,
    scope::{Period, Scope},
    volume::{Tally, by_week, share},
    words::Words,
};
use crate::{stats::SUPPRESSED, trends::Metric};
use feedback::{
    insight::{ALL_TOPICS, InsightRow, NO_TOPIC},
    judgement::SentimentLabel,
};
use std::collections::BTreeMap;

pub fn topics(
    rows: &[InsightRow],
    scope: &Scope,
    period: Period,
    judged: &[Judged],
    name: impl Fn(&str) -> String,
) -> Vec<TopicRow> {
    let everything: Vec<&InsightRow> = rows.iter().filter(|row| row.key.topic == ALL_TOPICS).collect();
    let records = Tally::of(&everything, period).records;
    let everyone = scope.on_all_topics();
    // The records without a topic are a row only where they are asked for.
    let asked = |topic: &str| scope.topic.as_deref().map_or(topic != NO_TOPIC, |asked| asked == topic);
    let within = rows.iter().filter(|row| period.contains(row.key.day));
    let mut by_topic: BTreeMap<&str, Vec<&InsightRow>> = Default::default();
    for row in within.filter(|row| row.key.topic != ALL_TOPICS) {
        by_topic.entry(&row.key.topic).or_default().push(row);
    }
    let verdict = |topic: &str, metric: Metric| {
        judged.iter().find(|j| j.test.topic == topic && j.test.metric == metric).map(|j| j.verdict)
    };
    let row = |(topic, rows): (&str, Vec<&InsightRow>)| {
        let tally = Tally::of(&rows, period);
        let filter = Filter::of(scope, period).topic(topic);
        TopicRow {
            name: name(topic),
            share: (records >= SUPPRESSED).then(|| tally.records as f64 / records as f64),
            of: Figure { value: records, filter: Filter::of(&everyone, period) },
            weeks: by_week(&rows, period, &filter),
            negative: share(
                tally.negative,
                Figure { value: tally.known(), filter: filter.clone().judged() },
                filter.clone().sentiment(SentimentLabel::Negative),
            ),
            volume_verdict: verdict(topic, Metric::Volume),
            negative_verdict: verdict(topic, Metric::Negative),
            positive_verdict: verdict(topic, Metric::Positive),
            mentions: Figure { value: tally.records, filter },
            topic: topic.to_owned(),
        }
    };
    let mut result: Vec<TopicRow> = by_topic.into_iter().filter(|(t, _)| asked(t)).map(row).collect();
    result.sort_by(|a, b| b.mentions.value.cmp(&a.mentions.value).then_with(|| a.topic.cmp(&b.topic)));
    result
}

/// Of the records with words: of those without nobody can tell a topic.
pub fn unassigned(words: &Words, scope: &Scope, period: Period) -> Share {
    let with = Filter::of(scope, period).words(Wording::With);
    let all = words.all();
    share(all.untold, Figure { value: all.with, filter: with.clone() }, with.topic(NO_TOPIC))
}
