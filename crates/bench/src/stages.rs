//! Each stage alone, over the same events, in processor time: other work on the machine does not blur it.

use crate::process;
use analyze::{Analyzer, Input, Known, Options, RedactionCounts, Redactor, Scratch, Taxonomy};
use anyhow::{Context, Result, bail};
use feedback::decode::{Decoded, Decoder};
use feedback::event::Headers;
use feedback::kind::Registry;
use feedback::limits::Limits;
use feedback::record::{Change, Item};
use feedback::time::Timestamp;
use std::hint::black_box;
use store::{Batch, FactColumns, FactRow, Store, StoreOptions};

#[derive(Debug, serde::Serialize)]
pub struct Stage {
    pub name: &'static str,
    pub rows: u64,
    pub rows_per_second: f64,
}

/// Measures decoding, redaction, the whole analysis, and writing, over so many of the benchmark's events.
pub fn measure(events: u64) -> Result<Vec<Stage>> {
    let now = crate::events::now()?;
    let payloads: Vec<Vec<u8>> = (0..events).map(|number| demo::bench::event(number, now).payload).collect();
    let decoder = Decoder::new(Registry::default(), Limits::default());
    let items = payloads.iter().map(|bytes| decoded(&decoder, bytes, now)).collect::<Result<Vec<_>>>()?;
    let texts: Vec<Text<'_>> = items.iter().flat_map(Text::of).collect();
    Ok(vec![
        timed("decode", events, || {
            for bytes in &payloads {
                let _ = black_box(decoder.decode(bytes, Headers::default(), now));
            }
        }),
        timed("redact", texts.len() as u64, || redact(&texts)),
        analyze(&texts)?,
        write(&texts)?,
    ])
}

struct Text<'a> {
    kind: &'a str,
    native_id: &'a str,
    body: &'a str,
    question: Option<&'a str>,
    at: Timestamp,
}

impl<'a> Text<'a> {
    fn of(item: &'a Item<'_>) -> Vec<Self> {
        let Change::Upsert(records) = &item.change else { return Vec::new() };
        records
            .iter()
            .map(|record| Self {
                kind: item.kind.as_str(),
                native_id: &item.native_id,
                body: &record.body,
                question: record.question.as_deref(),
                at: item.occurred_at,
            })
            .collect()
    }
}

fn timed(name: &'static str, rows: u64, work: impl FnOnce()) -> Stage {
    let started = process::own_cpu_seconds();
    work();
    Stage { name, rows, rows_per_second: rows as f64 / (process::own_cpu_seconds() - started) }
}

fn decoded<'a>(decoder: &Decoder, bytes: &'a [u8], now: Timestamp) -> Result<Item<'a>> {
    match decoder.decode(bytes, Headers::default(), now) {
        Ok(Decoded::Item(item)) => Ok(item),
        Ok(Decoded::Ignored(_)) => bail!("an event of the benchmark was ignored"),
        Err(refusal) => bail!("an event of the benchmark was refused: {}", refusal.detail),
    }
}

fn redact(texts: &[Text<'_>]) {
    let (redactor, mut out, mut counts) = (Redactor::new(), String::new(), RedactionCounts::default());
    for text in texts {
        out.clear();
        redactor.redact_into(text.body, Known::nobody(), &mut out, &mut counts);
        black_box(&out);
    }
}

fn analyze(texts: &[Text<'_>]) -> Result<Stage> {
    let analyzer = Analyzer::new(Taxonomy::standard()?, Options::default())?;
    let mut scratch = Scratch::default();
    Ok(timed("analyze (redact to topics)", texts.len() as u64, || {
        for text in texts {
            let input = Input { body: text.body, question: text.question, ..Input::default() };
            black_box(analyzer.analyze(&input, &mut scratch));
        }
    }))
}

fn write(texts: &[Text<'_>]) -> Result<Stage> {
    let folder = tempfile::tempdir().context("could not make a folder")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let store = runtime.block_on(Store::open(&folder.path().to_string_lossy(), StoreOptions::default()))?;
    let vector = [7_i8; 64];
    let mut columns = FactColumns::new();
    let started = process::own_cpu_seconds();
    for (number, text) in texts.iter().enumerate() {
        columns.push(&FactRow {
            record_id: feedback::ids::Id(number as u128),
            item_id: feedback::ids::Id(number as u128),
            source_kind: text.kind,
            source: "bench",
            native_id: text.native_id,
            occurred_at: text.at,
            updated_at: text.at,
            ingested_at: text.at,
            body: Some(text.body),
            question: text.question,
            embedding: &vector,
            position_topic: "bench",
            position_offset: number as i64,
            ..FactRow::default()
        });
    }
    let facts = columns.encode()?;
    runtime.block_on(store.commit(&Batch { facts, ..Batch::default() }))?;
    let rows_per_second = texts.len() as f64 / (process::own_cpu_seconds() - started);
    Ok(Stage { name: "write (columns to one commit)", rows: texts.len() as u64, rows_per_second })
}
