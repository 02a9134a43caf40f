//! The content hash: one number for what an item says, the same on every machine and at every replay.
//!
//! Every value is framed, a text by its length and an absent value by its own mark, and the fields follow in a
//! fixed order, so that two different items never hash the same bytes. To change the framing is to change the
//! hash of every item: replayed old messages would then compete with their own rows.

use crate::{
    record::{Author, Change, Context, Item, Record},
    score::Score,
};
use std::borrow::Cow;
use xxhash_rust::xxh3::xxh3_64;

type Text<'a> = Option<Cow<'a, str>>;

pub(super) fn of(item: &Item<'_>) -> i64 {
    let Change::Upsert(records) = &item.change else { return Item::DELETED_HASH };
    let mut frame = Frame(Vec::with_capacity(1024));
    frame.text(item.kind.as_str());
    frame.text(&item.source);
    frame.text(&item.native_id);
    for number in [item.version, item.updated_at.0, item.occurred_at.0] {
        frame.word(number as u64);
    }
    frame.word(records.len() as u64);
    for record in records {
        frame.record(record);
    }
    // Below the hash of a deletion, which holds against any content.
    (xxh3_64(&frame.0) as i64).min(Item::DELETED_HASH - 1)
}

struct Frame(Vec<u8>);

impl Frame {
    fn word(&mut self, word: u64) {
        self.0.extend_from_slice(&word.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.word(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    fn optional(&mut self, text: &Text<'_>) {
        match text {
            Some(text) => self.text(text),
            // No text is this long.
            None => self.word(u64::MAX),
        }
    }

    fn number(&mut self, number: f64) {
        // -0 is 0.
        self.word((number + 0.0).to_bits());
    }

    fn texts(&mut self, texts: &[Cow<'_, str>]) {
        self.word(texts.len() as u64);
        texts.iter().for_each(|text| self.text(text));
    }

    fn record(&mut self, record: &Record<'_>) {
        // Taken apart without `..`, so that a new field cannot be forgotten here.
        let Record {
            part,
            conversation_id,
            author,
            question,
            title,
            body,
            agent_text,
            score,
            context,
            names,
            metadata,
        } = record;
        self.text(part);
        self.text(body);
        [conversation_id, question, title, agent_text].into_iter().for_each(|text| self.optional(text));
        self.author(author);
        self.context(context);
        self.score(score.as_ref());
        self.texts(names);
        self.word(metadata.len() as u64);
        for (name, value) in metadata {
            self.text(name);
            self.text(value);
        }
    }

    fn author(&mut self, author: &Author<'_>) {
        let Author { id, email, name, account, segment, revenue } = author;
        [id, email, name, account, segment].into_iter().for_each(|text| self.optional(text));
        match revenue {
            Some(revenue) => self.number(*revenue),
            // No finite number has these bits.
            None => self.word(u64::MAX),
        }
    }

    fn context(&mut self, context: &Context<'_>) {
        let Context { product, app_version, platform, territory, language_hint, permalink, tags } = context;
        [product, app_version, platform, territory, language_hint, permalink]
            .into_iter()
            .for_each(|text| self.optional(text));
        self.texts(tags);
    }

    fn score(&mut self, score: Option<&Score>) {
        let Some(score) = score else { return self.word(u64::MAX) };
        self.text(score.kind().as_str());
        [score.value(), score.min(), score.max()].into_iter().for_each(|number| self.number(number));
    }
}
