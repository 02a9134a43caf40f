//! Mentions and records by what they have in common.

use crate::{
    report::facts::{CARRIERS, Cell, Cells},
    shelf::{choose::Chosen, part::Part, row::Label, runs::runs},
    texts::{Text, Texts},
};
use feedback::judgement::SentimentLabel;
use rayon::prelude::*;

/// In the order of [`CARRIERS`].
const LABELS: [Label; CARRIERS.len()] =
    [Label::Product, Label::Platform, Label::AppVersion, Label::Territory];

/// What [`LABELS`] tell, by the numbers of a part.
type Values = [u32; CARRIERS.len()];

/// Of the topics that are wanted, and of all records; topics by the numbers of a part.
struct OfPart {
    mentions: Vec<((u32, SentimentLabel, Values), u64)>,
    records: Vec<(Values, u64)>,
}

pub(super) fn counted(chosen: &[Chosen<'_>], topics: &[String]) -> Cells {
    let of_parts: Vec<OfPart> = chosen.par_iter().map(|chosen| of_part(chosen, topics)).collect();
    let mut cells = Cells::default();
    for (chosen, of) in chosen.iter().zip(of_parts) {
        let names = Names::of(chosen.part, &mut cells.texts);
        let mention = |((topic, sentiment, values), n): ((u32, SentimentLabel, Values), u64)| {
            names.cell((names.topics[topic as usize], sentiment), values, n)
        };
        let record =
            |(values, n): (Values, u64)| names.cell((names.none, SentimentLabel::Unknown), values, n);
        cells.mentions.extend(of.mentions.into_iter().map(mention));
        cells.records.extend(of.records.into_iter().map(record));
    }
    cells
}

fn of_part(chosen: &Chosen<'_>, topics: &[String]) -> OfPart {
    let part: &Part = chosen.part;
    let mut is_wanted = vec![false; part.topics.len()];
    topics.iter().filter_map(|topic| part.topics.find(topic)).for_each(|topic| is_wanted[topic] = true);
    let columns = LABELS.map(|label| part.column(label));
    let (mut mentions, mut records) = (Vec::new(), Vec::new());
    for row in chosen.rows() {
        // A part has far fewer words than 2^32.
        let values = columns.map(|column| column.number(row) as u32);
        records.push(values);
        let own = part.mentions.get(row).iter().filter(|mention| is_wanted[mention.topic as usize]);
        mentions.extend(own.map(|mention| (mention.topic, mention.sentiment, values)));
    }
    OfPart { mentions: runs(mentions), records: runs(records) }
}

/// The words of a part among those of all.
struct Names<'s> {
    part: &'s Part,
    none: Text,
    topics: Vec<Text>,
    values: [Vec<Text>; CARRIERS.len()],
}

impl<'s> Names<'s> {
    fn of(part: &'s Part, texts: &mut Texts) -> Self {
        let none = texts.number("");
        let topics = (0..part.topics.len()).map(|topic| texts.number(part.topics.get(topic))).collect();
        let values = LABELS.map(|label| {
            let words = part.column(label).words();
            (0..words.len()).map(|word| texts.number(words.get(word))).collect()
        });
        Self { part, none, topics, values }
    }

    fn cell(&self, (topic, sentiment): (Text, SentimentLabel), values: Values, n: u64) -> Cell {
        let values = std::array::from_fn(|at| self.values[at][values[at] as usize]);
        Cell { topic, sentiment, day: self.part.day, values, n }
    }
}
