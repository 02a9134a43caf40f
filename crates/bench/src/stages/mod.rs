//! Each stage alone, over the same events, in processor time: other work on the machine does not blur it.

mod rows;

use crate::process;
use analyze::pseudonym::PseudonymKey;
use analyze::{Analyzer, Options, RedactionCounts, Redactor, Scratch, Taxonomy};
use anyhow::{Context, Result, bail, ensure};
use feedback::decode::{Decoded, Decoder};
use feedback::event::Headers;
use feedback::kind::Registry;
use feedback::limits::Limits;
use feedback::record::Item;
use feedback::time::Timestamp;
use rows::{Judged, Told};
use std::hint::black_box;
use std::sync::Arc;
use store::{Batch, FactColumns, Store, StoreOptions, Suppressions};
use worker::process::{Desk, Message};
use worker::{Processor, WorkerMetrics};

/// Rows of one commit, as the worker closes its batches.
const BATCH: usize = 20_000;

#[derive(Debug, serde::Serialize)]
pub struct Stage {
    pub name: &'static str,
    pub rows: u64,
    /// A second of processor time.
    pub rows_per_second: f64,
}

impl Stage {
    fn new(name: &'static str, rows: usize, cpu_seconds: f64) -> Self {
        Self { name, rows: rows as u64, rows_per_second: rows as f64 / cpu_seconds }
    }
}

/// Measures decoding, redaction, encoding and writing, each with what it needs made before, and then the whole: the
/// worker's own processor, which also makes pseudonyms and protects ids and labels, from messages to commits.
pub fn measure(events: u64) -> Result<Vec<Stage>> {
    let now = crate::events::now()?;
    let payloads: Vec<Vec<u8>> = (0..events).map(|number| demo::bench::event(number, now).payload).collect();
    let decoder = decoder();
    let items = payloads.iter().map(|bytes| decoded(&decoder, bytes, now)).collect::<Result<Vec<_>>>()?;
    let told: Vec<Told<'_>> = items.iter().flat_map(Told::of).collect();
    let analyzer = analyzer()?;
    let decode = cpu_seconds(|| {
        for bytes in &payloads {
            let _ = black_box(decoder.decode(bytes, Headers::default(), now));
        }
    });
    let redact = cpu_seconds(|| redact(&told));
    // The analysis redacts first, and nothing of it runs without: its other part is the difference.
    let encode = cpu_seconds(|| analyze(&analyzer, &told)) - redact;
    let judged = rows::judge(&analyzer, &key()?, &told);
    Ok(vec![
        Stage::new("decode", told.len(), decode),
        Stage::new("redact", told.len(), redact),
        Stage::new("encode (segments to topics)", told.len(), encode),
        Stage::new("write (full rows to commits)", told.len(), write(&told, &judged, &analyzer)?),
        Stage::new("whole (messages to commits)", told.len(), whole(&payloads, now)?),
    ])
}

fn decoder() -> Decoder {
    Decoder::new(Registry::default(), Limits::default())
}

fn analyzer() -> Result<Analyzer> {
    Ok(Analyzer::new(Taxonomy::standard()?, Options::default())?)
}

fn key() -> Result<PseudonymKey> {
    Ok(PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8))?)
}

fn decoded<'a>(decoder: &Decoder, bytes: &'a [u8], now: Timestamp) -> Result<Item<'a>> {
    match decoder.decode(bytes, Headers::default(), now) {
        Ok(Decoded::Item(item)) => Ok(item),
        Ok(Decoded::Ignored(_)) => bail!("an event of the benchmark was ignored"),
        Err(refusal) => bail!("an event of the benchmark was refused: {}", refusal.detail),
    }
}

fn cpu_seconds(work: impl FnOnce()) -> f64 {
    let started = process::own_cpu_seconds();
    work();
    process::own_cpu_seconds() - started
}

fn redact(told: &[Told<'_>]) {
    let (redactor, mut out, mut counts) = (Redactor::new(), String::new(), RedactionCounts::default());
    for told in told {
        let known = told.known();
        for text in told.texts() {
            out.clear();
            redactor.redact_into(text, &known, &mut out, &mut counts);
            black_box(&out);
        }
    }
}

fn analyze(analyzer: &Analyzer, told: &[Told<'_>]) {
    let mut scratch = Scratch::default();
    for told in told {
        let known = told.known();
        black_box(analyzer.analyze(&told.input(&known), &mut scratch));
    }
}

fn write(told: &[Told<'_>], judged: &[Judged<'_>], analyzer: &Analyzer) -> Result<f64> {
    let tables = Tables::open()?;
    let mut columns = FactColumns::new();
    let started = process::own_cpu_seconds();
    for batch in told.iter().zip(judged).enumerate().collect::<Vec<_>>().chunks(BATCH) {
        for (number, (told, judged)) in batch {
            columns.push(&judged.row(told, analyzer.versions(), *number as i64));
        }
        tables.commit(&mut columns)?;
    }
    Ok(process::own_cpu_seconds() - started)
}

fn whole(payloads: &[Vec<u8>], now: Timestamp) -> Result<f64> {
    let tables = Tables::open()?;
    let processor = Processor::new(decoder(), analyzer()?, key()?, Arc::new(WorkerMetrics::new()));
    let (nobody, mut desk, mut offset) = (Suppressions::default(), Desk::default(), 0);
    let started = process::own_cpu_seconds();
    for batch in payloads.chunks(BATCH) {
        for payload in batch {
            let headers = Headers::default();
            let message =
                Message { payload, headers, topic: "bench", partition: 0, offset, ingested_at: now };
            processor.process(&message, &nobody, &mut desk);
            offset += 1;
        }
        tables.commit(&mut desk.facts)?;
    }
    let seconds = process::own_cpu_seconds() - started;
    ensure!(desk.notes.is_empty(), "some of the benchmark's events gave no rows");
    Ok(seconds)
}

/// Empty tables, gone when dropped.
struct Tables {
    runtime: tokio::runtime::Runtime,
    store: Store,
    _folder: tempfile::TempDir,
}

impl Tables {
    fn open() -> Result<Self> {
        let folder = tempfile::tempdir().context("could not make a folder")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let path = folder.path().to_string_lossy();
        let store = runtime.block_on(Store::open(&path, StoreOptions::default()))?;
        drop(path);
        Ok(Self { runtime, store, _folder: folder })
    }

    fn commit(&self, columns: &mut FactColumns) -> Result<()> {
        let facts = columns.encode()?;
        self.runtime.block_on(self.store.commit(&Batch { facts, ..Batch::default() }))?;
        Ok(())
    }
}
