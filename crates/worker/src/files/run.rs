//! One import: the file from where the tables say to its end.

use super::earlier::{Settled, settle_earlier};
use super::identity::{Identity, generation_id, readings_id};
use super::letters::shown_name;
use super::rows::{Row, Rows};
use super::{Attributes, BrokenRow, FileIdentity, ImportOptions, ImportReport, Why};
use crate::kafka::cursor::Cursor;
use crate::kafka::{Observer, Progress, wall_clock};
use crate::pipeline::batch::{Batch, Before, Move, Origin, Slot, again_id};
use crate::pipeline::{Event, Pipeline};
use crate::{WorkerError, metrics::WorkerMetrics, process::Processor, shutdown::Shutdown};
use feedback::refusal::Reason;
use std::sync::Arc;
use std::time::Duration;
use store::{Advance, Offsets, Store};

const TICK: Duration = Duration::from_millis(50);

pub(super) struct Import<'a> {
    options: &'a ImportOptions,
    identity: Identity,
    /// How many readings of this content had begun when the tables were asked for others.
    readings: Option<i64>,
    /// The file's, without personal data.
    name: String,
    attributes: Attributes,
    store: Store,
    pipeline: Pipeline,
    runtime: tokio::runtime::Handle,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    observer: Arc<dyn Observer>,
    open: Option<Batch>,
    /// Somebody else was faster once.
    overtaken: bool,
    /// Those of this import's rows that were duplicates as it began.
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
    refused: Offsets,
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
        content: FileIdentity,
        unmapped: Vec<String>,
        store: Store,
        processor: Arc<Processor>,
        metrics: Arc<WorkerMetrics>,
        shutdown: Shutdown,
        observer: Arc<dyn Observer>,
        runtime: tokio::runtime::Handle,
    ) -> Result<Self, WorkerError> {
        let Settled { identity, readings, replaced } =
            runtime.block_on(settle_earlier(options, content, &store))?;
        let begun = runtime.block_on(store.resume(&[identity.app_id()]))?.into_iter().flatten().next();
        let duplicates_before = match begun {
            Some(_) => runtime.block_on(store.repeats(&identity.topic()))?,
            None => 0,
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let pipeline = Pipeline::start(
            processor,
            store.clone(),
            runtime.clone(),
            options.threads.unwrap_or(cores).max(1),
            metrics.clone(),
            shutdown.clone(),
        )?;
        let report = ImportReport { replaced, ..ImportReport::empty(identity.to_string(), unmapped) };
        Ok(Self {
            options,
            attributes: Attributes::of(options),
            name: shown_name(&options.path),
            identity,
            readings,
            duplicates_before,
            store,
            pipeline,
            runtime,
            metrics,
            shutdown,
            observer,
            open: None,
            overtaken: false,
            report,
        })
    }

    pub fn run(mut self) -> Result<ImportReport, WorkerError> {
        loop {
            match self.pass()? {
                Passed::Whole => {
                    self.report.complete = true;
                    self.keep_up();
                    return self.added_up();
                }
                Passed::Stopped => return self.added_up(),
                Passed::Overtaken => {
                    self.overtaken = true;
                    tracing::info!("somebody else imports the same file; going on behind them")
                }
            }
        }
    }

    /// Many small commits leave many small files. The import is done, whatever comes of this; all else that keeps the
    /// tables fast may take long, and is left to the worker and to `verbatim maintain`.
    fn keep_up(&self) {
        if let Err(error) = self.runtime.block_on(self.store.merge_if_needed()) {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "the tables could not be maintained; `verbatim maintain` does it again");
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
        let duplicates = match sum.records {
            0 => 0,
            _ => self.runtime.block_on(self.store.repeats(&self.identity.topic()))?,
        };
        // Somebody else may have written the same meanwhile: no more than there are records can be ours.
        report.duplicates = duplicates.saturating_sub(self.duplicates_before).min(sum.records);
        report.records = sum.records - report.duplicates;
        Ok(report)
    }

    fn begin(&mut self) -> Result<Pass, WorkerError> {
        let app_id = self.identity.app_id();
        let topic = self.identity.topic();
        let app_ids = [app_id.clone(), again_id(&topic, 0), generation_id(&topic)];
        let noted = self.runtime.block_on(self.store.resume(&app_ids))?;
        let told = self.runtime.block_on(self.store.notes_resume(&app_ids[..1]))?;
        let at = |index: usize| noted.get(index).copied().flatten();
        let (noted, again, generation) = (at(0), at(1), at(2));
        if generation.unwrap_or(0) != self.identity.generation() {
            return Err(self
                .options
                .wrong("another import of the same file has just replaced this one".to_owned()));
        }
        // A first batch may have ended between its notes and its rows.
        let begun = noted.is_some() || told.iter().any(Option::is_some);
        let (known, refused) = match begun {
            false => (Offsets::default(), Offsets::default()),
            true => self.runtime.block_on(async {
                // In this order: what a retry recovers in between stands in both, and not in neither.
                let refused = self.store.refused(&topic, 0).await?;
                Ok::<_, WorkerError>((self.store.positions(&topic, 0).await?, refused))
            })?,
        };
        let guards = if noted.is_none() { self.first_of_a_reading()? } else { Vec::new() };
        let mut slot = Slot::new((topic.as_str(), 0), app_id, again, guards);
        slot.name = Some(self.name.clone());
        let origin = Arc::new(Origin { epoch: self.pipeline.epoch(), slots: vec![slot] });
        let cursor = Cursor::new(noted, 1);
        Ok(Pass { origin, cursor, noted: noted.unwrap_or(0), known, refused, again: false })
    }

    /// The first commit counts the readings of this content: of two that begin at the same time one is overtaken, and
    /// sees the other as an earlier one.
    fn first_of_a_reading(&mut self) -> Result<Vec<Advance>, WorkerError> {
        if self.overtaken {
            let content = self.identity.content;
            let settled = self.runtime.block_on(settle_earlier(self.options, content, &self.store))?;
            self.readings = settled.readings;
            self.report.replaced += settled.replaced;
        }
        let app_id = readings_id(self.identity.content);
        Ok(vec![Advance { app_id, from: self.readings, next: self.readings.unwrap_or(0) + 1 }])
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
            let refused = match row {
                Row::End => break,
                Row::Blank => continue,
                Row::Payload => None,
                Row::Broken { line, why } => Some(self.broken(number, line, why)),
            };
            if let Some(ended) = self.row(&mut pass, number, &payload, refused)? {
                return Ok(ended);
            }
        }
        self.close(&mut pass);
        self.settle(&pass)
    }

    /// The first of them is told in the report, each of them in the log.
    fn broken(&mut self, row: i64, line: u64, why: Why) -> Reason {
        let told = why.counted();
        tracing::info!(line, row, "a row is refused, and reading goes on behind it: {told}");
        let first = match why {
            Why::NotUtf8 => &mut self.report.not_utf8,
            _ => &mut self.report.broken,
        };
        first.get_or_insert(BrokenRow { row, line, why: told });
        why.reason()
    }

    fn row(
        &mut self,
        pass: &mut Pass,
        number: i64,
        payload: &[u8],
        refused: Option<Reason>,
    ) -> Result<Option<Passed>, WorkerError> {
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
            let before = match (pass.refused.contains(number), number < pass.noted) {
                (true, _) => Before::Refused,
                (false, true) => Before::Passed,
                (false, false) => Before::Unread,
            };
            pass.again |= before != Before::Unread;
            let id = format!("{}-{number}", self.identity.content);
            let headers = self.attributes.headers(payload, &id, refused);
            batch.push(0, number, payload, headers.into_iter(), wall_clock(), before);
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
