//! What a filter asks of records that no column tells by itself: hours, one of several topics, words.

use super::RecordLine;
use crate::{
    report::filter::Filter,
    triage::{Folded, Phrase},
};

/// Leaves the lines that fit, in their order.
pub(super) fn narrow(lines: &mut Vec<RecordLine>, filter: &Filter) {
    if let Some(since) = filter.since {
        lines.retain(|line| line.at >= since.0);
    }
    if let Some(before) = filter.before {
        lines.retain(|line| line.at < before.0);
    }
    if !filter.any_topic.is_empty() {
        lines.retain(|line| line.topics.iter().any(|topic| filter.any_topic.contains(topic)));
    }
    if !filter.phrase.is_empty() {
        let phrases: Vec<Phrase> = filter.phrase.iter().map(|written| Phrase::new(written)).collect();
        lines.retain(|line| says_any(line, &phrases));
    }
}

fn says_any(line: &RecordLine, phrases: &[Phrase]) -> bool {
    let mut folded = Folded::default();
    phrases.iter().any(|phrase| folded.find(line.title.as_deref(), &line.text, phrase).is_some())
}
