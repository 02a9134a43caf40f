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

/// A topic, a sentiment by its place, and what [`LABELS`] tell, by the numbers of a part.
type Key = (u32, u8, [u32; CARRIERS.len()]);

/// Of the topics that are wanted, and of all records.
struct OfPart {
    mentions: Vec<(Key, u64)>,
    records: Vec<(Key, u64)>,
}

pub(super) fn counted(chosen: &[Chosen<'_>], topics: &[String]) -> Cells {
    let of_parts: Vec<OfPart> = chosen.par_iter().map(|chosen| of_part(chosen, topics)).collect();
    let mut cells = Cells::default();
    for (chosen, of) in chosen.iter().zip(of_parts) {
        let names = Names::of(chosen.part, &mut cells.texts);
        cells.mentions.extend(of.mentions.into_iter().map(|counted| names.cell(counted, true)));
        cells.records.extend(of.records.into_iter().map(|counted| names.cell(counted, false)));
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
        records.push((0, 0, values));
        let own = part.mentions.get(row).iter().filter(|mention| is_wanted[mention.topic as usize]);
        mentions.extend(own.map(|mention| (mention.topic, place(mention.sentiment), values)));
    }
    OfPart { mentions: runs(mentions), records: runs(records) }
}

fn place(label: SentimentLabel) -> u8 {
    // There are four.
    SentimentLabel::ALL.iter().position(|one| *one == label).unwrap_or_default() as u8
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

    fn cell(&self, ((topic, sentiment, values), n): (Key, u64), is_mention: bool) -> Cell {
        let said = (self.topics.get(topic as usize), SentimentLabel::ALL.get(usize::from(sentiment)));
        let (topic, sentiment) = match said {
            (Some(topic), Some(sentiment)) if is_mention => (*topic, *sentiment),
            _ => (self.none, SentimentLabel::Unknown),
        };
        Cell {
            topic,
            sentiment,
            day: self.part.day,
            values: std::array::from_fn(|at| self.values[at][values[at] as usize]),
            n,
        }
    }
}
