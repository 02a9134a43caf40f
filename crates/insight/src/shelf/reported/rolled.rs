//! Days, products, sources and topics counted, as [`crate::rollup`] counts them.

use crate::{
    rollup::{Said, folded, score},
    shelf::{choose::Chosen, part::Part, row::Label},
};
use feedback::insight::{ALL_TOPICS, InsightCounts, InsightKey, InsightRow, NO_TOPIC};
use rayon::prelude::*;
use std::collections::HashMap;

/// Topics that no part has a number for.
const ALL: u32 = u32::MAX;
const NONE: u32 = u32::MAX - 1;

/// A topic, a product and a source by the numbers of a part, and an answer by those of its scale and its bits.
type Key = (u32, [u32; 2], Option<([u32; 2], u64)>);

pub(super) fn up(chosen: &[Chosen<'_>]) -> Vec<InsightRow> {
    folded(chosen.par_iter().flat_map_iter(of_part).collect())
}

/// A row for each value of a score.
fn of_part(chosen: &Chosen<'_>) -> Vec<(Option<f64>, InsightRow)> {
    let part: &Part = chosen.part;
    let [kinds, urgencies] = [Label::Kind, Label::Urgency].map(|label| part.column(label));
    let place = [Label::Product, Label::SourceKind].map(|label| part.column(label));
    let mut counts: HashMap<Key, InsightCounts> = HashMap::new();
    for row in chosen.rows() {
        // A part has far fewer words than 2^32.
        let place = place.map(|column| column.number(row) as u32);
        let answer = part.scored(row).map(|(scale, value)| (scale, value.to_bits()));
        let (kind, is_urgent) = (kinds.get(row), urgencies.get(row) == "high");
        let mut count = |topic: u32, sentiment| {
            let said = Said { sentiment, kind, is_urgent };
            said.add_to(counts.entry((topic, place, answer)).or_default());
        };
        count(ALL, part.sentiments[row]);
        let mentions = part.mentions.get(row);
        if mentions.is_empty() {
            count(NONE, part.sentiments[row]);
        }
        mentions.iter().for_each(|mention| count(mention.topic, mention.sentiment));
    }
    counts.into_iter().map(|(key, counts)| told(part, key, counts)).collect()
}

fn told(part: &Part, (topic, place, answer): Key, mut counts: InsightCounts) -> (Option<f64>, InsightRow) {
    let word = |label: Label, number: u32| part.column(label).words().get(number as usize).to_owned();
    let scale = answer.and_then(|(scale, _)| part.scale(scale));
    let value = answer.map(|(_, bits)| f64::from_bits(bits));
    if let Some((scale, value)) = scale.zip(value) {
        let n = counts.records;
        score(&mut counts, scale, value, n);
    }
    let key = InsightKey {
        day: part.day,
        product: word(Label::Product, place[0]),
        source_kind: word(Label::SourceKind, place[1]),
        topic: match topic {
            ALL => ALL_TOPICS.to_owned(),
            NONE => NO_TOPIC.to_owned(),
            topic => part.topics.get(topic as usize).to_owned(),
        },
        scale,
    };
    (value, InsightRow { key, counts })
}
