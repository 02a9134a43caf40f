//! Rows put into columns, in the order in which they occurred.

use super::{MOST_ROWS, Mentioned, NEVER, NONE, Part, WORD_LISTS, bits, steps};
use crate::shelf::{
    column::{ColumnBuilder, Words},
    folded::{END, fold_into},
    lists::{Lists, Thin},
    row::{Correction, Label, Row, Sure, Text},
    texts::Texts,
    vectors::Spaces,
    writers::Writers,
};
use feedback::{judgement::SentimentLabel, span::Span, time::Day};
use std::{collections::HashMap, sync::Arc};

pub(in crate::shelf) struct Builder {
    day: Day,
    times: Vec<i64>,
    ids: Vec<u128>,
    updated: Vec<i64>,
    stored: Vec<i64>,
    triaged: Thin<i64>,
    versions: Thin<i64>,
    columns: [ColumnBuilder; Label::ALL.len()],
    texts: Texts,
    folded: Texts,
    sure: [Thin<u16>; Sure::ALL.len()],
    sentiments: Vec<SentimentLabel>,
    revenue: Thin<u64>,
    score_values: Thin<u64>,
    scales: Thin<u32>,
    scale_ends: Vec<Option<(f64, f64)>>,
    /// Of the bits of both ends.
    scale_numbers: HashMap<(u64, u64), u32>,
    mentions: Lists<Mentioned>,
    topics: Words,
    lists: [Lists<u32>; WORD_LISTS],
    words: Words,
    spans: Lists<Span>,
    vectors: Spaces,
    corrections: Vec<(u32, Correction)>,
}

impl Builder {
    pub fn new(day: Day) -> Self {
        Self {
            day,
            times: Vec::new(),
            ids: Vec::new(),
            updated: Vec::new(),
            stored: Vec::new(),
            triaged: Thin::new(NEVER),
            versions: Thin::new(1),
            columns: std::array::from_fn(|_| ColumnBuilder::default()),
            texts: Texts::default(),
            folded: Texts::default(),
            sure: std::array::from_fn(|_| Thin::new(0)),
            sentiments: Vec::new(),
            revenue: Thin::new(NONE),
            score_values: Thin::new(NONE),
            scales: Thin::new(0),
            scale_ends: vec![None],
            scale_numbers: HashMap::new(),
            mentions: Lists::default(),
            topics: Words::default(),
            lists: std::array::from_fn(|_| Lists::default()),
            words: Words::default(),
            spans: Lists::default(),
            vectors: Spaces::default(),
            corrections: Vec::new(),
        }
    }

    /// Whether another part has to be begun.
    pub fn is_full(&self) -> bool {
        self.ids.len() >= MOST_ROWS || self.texts.bytes().max(self.folded.bytes()) >= Texts::MOST
    }

    /// A row that occurred after those before it.
    pub fn push(&mut self, row: &Row<'_>) {
        let number = self.ids.len() as u32;
        self.times.push(row.at.0);
        self.ids.push(row.id.0);
        self.updated.push(row.updated_at.0);
        self.stored.push(row.stored_at.0);
        self.triaged.push(row.triaged_at.map_or(NEVER, |at| at.0));
        self.versions.push(row.version);
        self.columns.iter_mut().zip(row.labels).for_each(|(column, word)| column.push(word));
        self.push_texts(row);
        self.sure.iter_mut().zip(row.sure).for_each(|(column, share)| column.push(steps(share)));
        self.sentiments.push(row.sentiment);
        self.revenue.push(bits(row.revenue));
        self.score_values.push(bits(row.score_value));
        let scale = self.scale(row.score_ends);
        self.scales.push(scale);
        self.push_lists(row);
        if let Some((version, vector)) = row.vector {
            self.vectors.push(number, version, vector);
        }
        self.corrections.extend(row.correction.map(|correction| (number, correction.clone())));
    }

    fn push_texts(&mut self, row: &Row<'_>) {
        row.texts.iter().for_each(|text| self.texts.push(text));
        let [title, body] = [Text::Title, Text::Body].map(|text| row.texts[text as usize]);
        self.folded.write(|out| {
            for text in [title, body] {
                fold_into(text, out);
                out.push(END);
            }
        });
    }

    fn scale(&mut self, ends: Option<(f64, f64)>) -> u32 {
        let Some((min, max)) = ends else { return 0 };
        let ends = &mut self.scale_ends;
        *self.scale_numbers.entry((min.to_bits(), max.to_bits())).or_insert_with(|| {
            ends.push(Some((min, max)));
            ends.len() as u32 - 1
        })
    }

    fn push_lists(&mut self, row: &Row<'_>) {
        let topics = &mut self.topics;
        self.mentions.push(row.topics.iter().map(|mention| Mentioned {
            topic: topics.number(mention.topic),
            start: mention.span.start,
            end: mention.span.end,
            confidence: steps(mention.confidence),
            sentiment: mention.sentiment,
        }));
        let words = &mut self.words;
        let lists = [&row.tags, &row.triage_labels, &row.triage_actions];
        for (list, given) in self.lists.iter_mut().zip(lists) {
            list.push(given.iter().map(|word| words.number(word)));
        }
        self.spans.push(row.triage_spans.iter().copied());
    }

    pub fn finish(self) -> Part {
        let (topics, places) = self.topics.sorted();
        let mut mentions = self.mentions;
        for mention in mentions.items_mut() {
            mention.topic = places[mention.topic as usize];
        }
        let (words, places) = self.words.sorted();
        let mut lists = self.lists;
        for word in lists.iter_mut().flat_map(Lists::items_mut) {
            *word = places[*word as usize];
        }
        let mut part = Part {
            day: self.day,
            times: self.times,
            ids: self.ids,
            updated: self.updated,
            stored: self.stored,
            triaged: self.triaged,
            versions: self.versions,
            columns: self.columns.map(ColumnBuilder::finish),
            texts: self.texts,
            folded: self.folded,
            sure: self.sure,
            sentiments: self.sentiments,
            revenue: self.revenue,
            score_values: self.score_values,
            scales: self.scales,
            scale_ends: self.scale_ends,
            mentions,
            topics,
            lists,
            words,
            spans: self.spans,
            vectors: self.vectors,
            corrections: self.corrections,
            writers: Arc::default(),
        };
        part.writers = Arc::new(Writers::of(&part));
        part.shrink();
        part
    }
}

impl Part {
    /// Gives back what the columns took for rows that did not come.
    fn shrink(&mut self) {
        [&mut self.times, &mut self.updated, &mut self.stored].into_iter().for_each(Vec::shrink_to_fit);
        self.ids.shrink_to_fit();
        [&mut self.triaged, &mut self.versions].into_iter().for_each(Thin::shrink);
        self.texts.shrink();
        self.folded.shrink();
        self.sure.iter_mut().for_each(Thin::shrink);
        self.sentiments.shrink_to_fit();
        [&mut self.revenue, &mut self.score_values].into_iter().for_each(Thin::shrink);
        self.scales.shrink();
        self.mentions.shrink();
        self.lists.iter_mut().for_each(Lists::shrink);
        self.spans.shrink();
        self.vectors.shrink();
        self.corrections.shrink_to_fit();
    }
}
