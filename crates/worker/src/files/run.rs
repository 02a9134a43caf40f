//! One import: the file from where the tables say to its end.

use super::rows::{Row, Rows};
use super::{FileIdentity, ImportOptions, ImportReport, now};
use crate::kafka::cursor::Cursor;
use crate::kafka::{Observer, Progress};
use crate::pipeline::batch::{Batch, Move, Origin, Slot, again_id};
use crate::pipeline::{Event, Pipeline};
use crate::{WorkerError, metrics::WorkerMetrics, outcome::Outcomes, process::Processor, shutdown::Shutdown};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Offsets, Store};

const TICK: Duration = Duration::from_millis(50);

pub(super) struct Import<'a> {
    options: &'a ImportOptions,
    identity: FileIdentity,
    store: Store,
    pipeline: Pipeline,
    runtime: tokio::runtime::Handle,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    observer: Arc<dyn Observer>,
    open: Option<Batch>,
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
    pub fn start(
        options: &'a ImportOptions,
        store: Store,
        processor: Arc<Processor>,
        metrics: Arc<WorkerMetrics>,
        shutdown: Shutdown,
        observer: Arc<dyn Observer>,
        runtime: tokio::runtime::Handle,
    ) -> Result<Self, WorkerError> {
        let identity = FileIdentity::of(&options.path)
            .map_err(|source| WorkerError::File { path: options.path.clone(), source })?;
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
            before: 0,
            outcomes: Outcomes::default(),
            complete: false,
        };
        Ok(Self {
            options,
            identity,
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
                    return Ok(self.report);
                }
                Passed::Stopped => return Ok(self.report),
                Passed::Overtaken => {
                    tracing::info!("somebody else imports the same file; going on behind them")
                }
            }
        }
    }

    fn begin(&mut self) -> Result<Pass, WorkerError> {
        let app_id = self.identity.app_id();
        let topic = self.identity.topic();
        let app_ids = [app_id.clone(), again_id(&topic, 0)];
        let noted = self.runtime.block_on(self.store.resume(&app_ids))?;
        let (noted, again) = (noted.first().copied().flatten(), noted.get(1).copied().flatten());
        let known = match noted {
            None => Offsets::default(),
            Some(_) => self.runtime.block_on(self.store.positions(&topic, 0))?,
        };
        self.report.before = noted.map_or(0, |next| next.unsigned_abs().saturating_sub(1));
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
        let event_type = self.options.event_type();
        let mut payload = Vec::new();
        let mut number = 0;
        loop {
            if let Some(ended) = self.hear(&pass)? {
                return Ok(ended);
            }
            number += 1;
            payload.clear();
            let row = rows
                .read(self.identity, number, self.options.max_row_bytes, &mut payload)
                .map_err(|source| WorkerError::File { path: self.options.path.clone(), source })?;
            match row {
                Row::End => break,
                Row::Blank => {}
                Row::Payload => {
                    if let Some(ended) = self.row(&mut pass, number, &payload, &event_type)? {
                        return Ok(ended);
                    }
                }
            }
        }
        self.close(&mut pass);
        self.settle(&pass)
    }

    fn row(
        &mut self,
        pass: &mut Pass,
        number: i64,
        payload: &[u8],
        event_type: &str,
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
            let again = number < pass.noted;
            pass.again |= again;
            let id = format!("{}-{number}", self.identity);
            let headers = self.options.headers(payload, &id, event_type);
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
