//! One import: the file from where the tables say to its end.

use super::identity::{Identity, app_id, generation_id};
use super::rows::{Row, Rows};
use super::{Attributes, Earlier, FileIdentity, ImportOptions, ImportReport, now};
use crate::kafka::cursor::Cursor;
use crate::kafka::{Observer, Progress};
use crate::pipeline::batch::{Batch, Move, Origin, Slot, again_id};
use crate::pipeline::{Event, Pipeline};
use crate::{WorkerError, metrics::WorkerMetrics, outcome::Outcomes, process::Processor, shutdown::Shutdown};
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Advance, Next, Offsets, Store};

const TICK: Duration = Duration::from_millis(50);

pub(super) struct Import<'a> {
    options: &'a ImportOptions,
    identity: Identity,
    attributes: Attributes,
    store: Store,
    pipeline: Pipeline,
    runtime: tokio::runtime::Handle,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    observer: Arc<dyn Observer>,
    open: Option<Batch>,
    /// Of the whole tables, as this import began.
    duplicates_before: u64,
    report: ImportReport,
}

/// One pass over the file; another follows where somebody else imports it at the same time.
struct Pass {
    origin: Arc<Origin>,
    cursor: Cursor,
    /// Below it every row was read once.
    noted: i64,
    known: Offsets,
    /// The open batch holds rows that were read before.
    again: bool,
}

enum Passed {
    Whole,
    Stopped,
    Overtaken,
}

impl<'a> Import<'a> {
    #[expect(
        clippy::too_many_arguments,
        reason = "called once, by the function that the caller gave them to"
    )]
    pub fn start(
        options: &'a ImportOptions,
        unmapped: Vec<String>,
        store: Store,
        processor: Arc<Processor>,
        metrics: Arc<WorkerMetrics>,
        shutdown: Shutdown,
        observer: Arc<dyn Observer>,
        runtime: tokio::runtime::Handle,
    ) -> Result<Self, WorkerError> {
        let content = FileIdentity::of(&options.path)
            .map_err(|source| WorkerError::File { path: options.path.clone(), source })?;
        let (identity, replaced) = runtime.block_on(settle_earlier(options, content, &store))?;
        let duplicates_before = runtime.block_on(store.ledger())?.duplicates;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let pipeline = Pipeline::start(
            processor,
            store.clone(),
            runtime.clone(),
            options.threads.unwrap_or(cores).max(1),
            metrics.clone(),
            shutdown.clone(),
        )?;
        let report = ImportReport {
            identity: identity.to_string(),
            rows: 0,
            read: 0,
            records: 0,
            duplicates: 0,
            deletions: 0,
            ignored: 0,
            refused: 0,
            erased: 0,
            already_there: 0,
            replaced,
            unmapped,
            outcomes: Outcomes::default(),
            complete: false,
        };
        Ok(Self {
            options,
            attributes: Attributes::of(options),
            identity,
            duplicates_before,
            store,
            pipeline,
            runtime,
            metrics,
            shutdown,
            observer,
            open: None,
            report,
        })
    }

    pub fn run(mut self) -> Result<ImportReport, WorkerError> {
        loop {
            match self.pass()? {
                Passed::Whole => {
                    self.report.complete = true;
                    return self.added_up();
                }
                Passed::Stopped => return self.added_up(),
                Passed::Overtaken => {
                    tracing::info!("somebody else imports the same file; going on behind them")
                }
            }
        }
    }

    /// The figures, from what the commits say.
    fn added_up(self) -> Result<ImportReport, WorkerError> {
        let mut report = self.report;
        let sum = report.outcomes;
        if !report.complete {
            report.rows = sum.messages;
        }
        report.deletions = sum.tombstones;
        report.ignored = sum.ignored;
        report.refused = sum.dead_letters + sum.still_refused;
        report.erased = sum.erased_messages;
        let fresh = sum.messages - sum.known;
        report.read = fresh - sum.tombstones - sum.ignored - sum.dead_letters - sum.erased_messages;
        report.already_there = report.rows.saturating_sub(fresh + sum.still_refused);
        // Somebody else may have added some meanwhile: no more than there are records can be ours.
        let duplicates = self.runtime.block_on(self.store.ledger())?.duplicates;
        report.duplicates = duplicates.saturating_sub(self.duplicates_before).min(sum.records);
        report.records = sum.records - report.duplicates;
        Ok(report)
    }

    fn begin(&mut self) -> Result<Pass, WorkerError> {
        let app_id = self.identity.app_id();
        let topic = self.identity.topic();
        let app_ids = [app_id.clone(), again_id(&topic, 0), generation_id(&topic)];
        let noted = self.runtime.block_on(self.store.resume(&app_ids))?;
        let at = |index: usize| noted.get(index).copied().flatten();
        let (noted, again, generation) = (at(0), at(1), at(2));
        if generation.unwrap_or(0) != self.identity.generation() {
            return Err(self
                .options
                .wrong("another import of the same file has just replaced this one".to_owned()));
        }
        let known = match noted {
            None => Offsets::default(),
            Some(_) => self.runtime.block_on(self.store.positions(&topic, 0))?,
        };
        let slot = Slot { topic: topic.into(), partition: 0, app_id, again: Mutex::new(again) };
        let origin = Arc::new(Origin { epoch: self.pipeline.epoch(), slots: vec![slot] });
        let cursor = Cursor::new(noted, 1);
        Ok(Pass { origin, cursor, noted: noted.unwrap_or(0), known, again: false })
    }

    fn pass(&mut self) -> Result<Passed, WorkerError> {
        if let Some(batch) = &mut self.open {
            batch.clear();
        }
        let mut pass = self.begin()?;
        let mut rows = Rows::open(self.options)?;
        let mut payload = Vec::new();
        let mut number = 0;
        self.report.rows = 0;
        loop {
            if let Some(ended) = self.hear(&pass)? {
                return Ok(ended);
            }
            number += 1;
            payload.clear();
            let row = rows
                .read(self.identity.content, number, self.options.max_row_bytes, &mut payload)
                .map_err(|source| WorkerError::File { path: self.options.path.clone(), source })?;
            match row {
                Row::End => break,
                Row::Blank => {}
                Row::Payload => {}
                Row::Broken { line, why } => {
                    tracing::warn!(line, row = number, "{why}: it is refused, and reading goes on behind it");
                }
            }
            if matches!(row, Row::Payload | Row::Broken { .. })
                && let Some(ended) = self.row(&mut pass, number, &payload)?
            {
                return Ok(ended);
            }
        }
        self.close(&mut pass);
        self.settle(&pass)
    }

    fn row(&mut self, pass: &mut Pass, number: i64, payload: &[u8]) -> Result<Option<Passed>, WorkerError> {
        while self.open.is_none() {
            self.open = self.pipeline.empty_batch(TICK);
            if let Some(ended) = self.hear(pass)? {
                return Ok(Some(ended));
            }
        }
        let Some(batch) = &mut self.open else { return Ok(None) };
        self.report.rows += 1;
        // Rows come in order, each once.
        let _ = pass.cursor.take(number);
        batch.origin = pass.origin.clone();
        if pass.known.contains(number) {
            batch.known += 1;
        } else {
            let again = number < pass.noted;
            pass.again |= again;
            let id = format!("{}-{number}", self.identity.content);
            let headers = self.attributes.headers(payload, &id);
            batch.push(0, number, payload, headers.into_iter(), now(), again);
        }
        let full = batch.rows() >= self.options.batch.rows || batch.bytes() >= self.options.batch.bytes;
        if full {
            self.close(pass);
        }
        Ok(None)
    }

    fn close(&mut self, pass: &mut Pass) {
        let Some(mut batch) = self.open.take_if(|batch| batch.rows() > 0 || batch.known > 0) else { return };
        let again = std::mem::take(&mut pass.again);
        batch.moves = vec![Move { slot: 0, step: pass.cursor.cut(), again, read_to: pass.cursor.next() }];
        WorkerMetrics::add(&self.metrics.messages_read, batch.rows() as u64);
        WorkerMetrics::add(&self.metrics.bytes_read, batch.bytes() as u64);
        self.pipeline.submit(batch);
    }

    /// Waits until everything is committed.
    fn settle(&mut self, pass: &Pass) -> Result<Passed, WorkerError> {
        loop {
            let idle = self.pipeline.is_idle();
            if let Some(ended) = self.hear(pass)? {
                return Ok(ended);
            }
            if idle {
                return Ok(Passed::Whole);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn hear(&mut self, pass: &Pass) -> Result<Option<Passed>, WorkerError> {
        if let Some(ended) = self.hear_pipeline(pass)? {
            return Ok(Some(ended));
        }
        if !self.shutdown.is_requested() {
            return Ok(None);
        }
        self.pipeline.drain(Duration::from_secs(5));
        // What went in meanwhile counts.
        self.hear_pipeline(pass)?;
        Ok(Some(Passed::Stopped))
    }

    fn hear_pipeline(&mut self, pass: &Pass) -> Result<Option<Passed>, WorkerError> {
        while let Some(event) = self.pipeline.hear()? {
            match event {
                Event::Committed { outcomes, .. } => {
                    self.report.outcomes += outcomes;
                    self.observer.progress(&Progress { outcomes: self.report.outcomes, lag: None });
                }
                Event::Overtaken { epoch } if epoch == pass.origin.epoch => {
                    return Ok(Some(Passed::Overtaken));
                }
                Event::Overtaken { .. } => {}
                Event::Failed(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

/// What becomes of earlier imports of the same content, and so which import this is; with how many rows were taken
/// back for it.
async fn settle_earlier(
    options: &ImportOptions,
    content: FileIdentity,
    store: &Store,
) -> Result<(Identity, u64), WorkerError> {
    let identity = Identity::new(content, options);
    let noted = store.resume(&[generation_id(&identity.topic())]).await?;
    let identity = identity.of_generation(noted.first().copied().flatten().unwrap_or(0));
    let mut topics = store.rows_by_topic(&content.topics()).await?;
    topics.remove(&identity.topic());
    let rows: u64 = topics.values().sum();
    if topics.is_empty() || options.earlier == Earlier::Keep {
        return Ok((identity, 0));
    }
    if rows > 0 && options.earlier == Earlier::Refuse {
        let records = if rows == 1 { "1 record".to_owned() } else { format!("{rows} records") };
        return Err(options.wrong(format!(
            "it was imported before in another way (map, kind, source or limits.message; {records}): --replace takes \
             those back and reads the file anew, --keep leaves them and adds what this reading gives"
        )));
    }
    let topics: HashSet<String> = topics.into_keys().collect();
    let mut replaced = 0;
    // Twice: who asked what there is after the first closing, and writes after the first taking, the second overtakes.
    for _ in 0..2 {
        close(&topics, store).await?;
        replaced += store.withdraw(&topics).await?;
    }
    tracing::info!(rows = replaced, "took back what an earlier import of this file wrote");
    Ok((identity, replaced as u64))
}

/// Whoever still writes for one of these imports, or sends its dead letters through again, is overtaken; and a later
/// import that reads as they did begins anew.
async fn close(topics: &HashSet<String>, store: &Store) -> Result<(), WorkerError> {
    let ids = |topic: &String| [app_id(topic), again_id(topic, 0), generation_id(topic)];
    let ids: BTreeSet<String> = topics.iter().flat_map(ids).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    loop {
        let noted = store.resume(&ids).await?;
        let advance = |(app_id, from): (&String, Option<i64>)| Advance {
            app_id: app_id.clone(),
            from,
            next: from.unwrap_or(0) + 1,
        };
        let advances = ids.iter().zip(noted).map(advance).collect();
        let suppressions = store.suppressions().await?;
        let batch = store::Batch { advances, suppressions, ..store::Batch::default() };
        match store.commit(&batch).await {
            Ok(_) => return Ok(()),
            // One of them was faster; it does not get on for ever.
            Err(error) if matches!(error.next(), Next::Resume | Next::Remake) => {}
            Err(error) => return Err(WorkerError::Commit(error)),
        }
    }
}
