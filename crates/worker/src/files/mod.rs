//! Import of files through the same decoding and the same exactly-once commit as Kafka.
//!
//! A file stands for a topic (`file:<identity>`) with one partition, a row's number for its offset. So an import
//! that broke off goes on where the tables say, and a file that was read whole adds nothing a second time, but
//! for rows that were refused before and are understood now.

mod identity;
mod map;
mod rows;
mod run;

pub use identity::FileIdentity;
pub use map::ColumnMap;
pub use rows::Format;

use crate::kafka::{BatchLimits, Observer};
use crate::{WorkerError, metrics::WorkerMetrics, outcome::Outcomes, process::Processor, shutdown::Shutdown};
use feedback::time::Timestamp;
use rows::{Row, Rows};
use run::Import;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;

#[derive(Debug, Clone)]
pub struct ImportOptions {
    pub path: PathBuf,
    pub format: Format,
    /// Of CSV files; without one the columns are named like the fields of the contract.
    pub map: Option<ColumnMap>,
    /// The source kind of rows that are not whole events.
    pub kind: Option<String>,
    /// The CloudEvents source of such rows.
    pub source: Option<String>,
    /// A row beyond is refused.
    pub max_row_bytes: usize,
    pub batch: BatchLimits,
    pub threads: Option<usize>,
}

impl ImportOptions {
    #[must_use]
    pub fn new(path: PathBuf, format: Format) -> Self {
        Self {
            path,
            format,
            map: None,
            kind: None,
            source: None,
            max_row_bytes: 1 << 20,
            batch: BatchLimits::default(),
            threads: None,
        }
    }

    /// The attributes of a row that is a payload alone; none for a whole event.
    pub(crate) fn headers<'h>(
        &'h self,
        payload: &[u8],
        id: &'h str,
        kind: &'h str,
    ) -> Vec<(&'static str, &'h [u8])> {
        let whole = self.format == Format::Jsonl && contains(payload, b"\"specversion\"");
        let (true, Some(source)) = (!whole && self.kind.is_some(), &self.source) else { return Vec::new() };
        vec![
            ("ce_specversion", b"1.0"),
            ("ce_id", id.as_bytes()),
            ("ce_source", source.as_bytes()),
            ("ce_type", kind.as_bytes()),
        ]
    }

    pub(crate) fn event_type(&self) -> String {
        format!("feedback.{}.created", self.kind.as_deref().unwrap_or_default())
    }

    fn check(&self) -> Result<(), WorkerError> {
        let wrong =
            |reason: &str| Err(WorkerError::Map { path: self.path.clone(), reason: reason.to_owned() });
        match (self.format, &self.kind, &self.source) {
            (Format::Csv, None, _) => {
                wrong("a CSV file needs the kind of its rows: name it (--kind), or in the map")
            }
            (_, Some(_), None) => {
                wrong("rows that are not whole events need a source: name it (--source), or in the map")
            }
            _ => Ok(()),
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Of the content; the same for a copy of the file.
    pub identity: String,
    /// Rows read in this run.
    pub rows: u64,
    /// How many rows earlier runs had committed.
    pub before: u64,
    /// Of the rows committed in this run.
    pub outcomes: Outcomes,
    /// Whether the whole file is in the tables now; `false` after a shutdown.
    pub complete: bool,
}

/// Reads a file into the tables.
///
/// # Errors
/// Where the file or the tables cannot be used, or the map does not fit the file. What was committed stays, and the
/// next import goes on behind it.
pub async fn import(
    options: ImportOptions,
    store: Store,
    processor: Arc<Processor>,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    observer: Arc<dyn Observer>,
) -> Result<ImportReport, WorkerError> {
    options.check()?;
    let runtime = tokio::runtime::Handle::current();
    let (tell, ended) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("import".to_owned())
        .spawn(move || {
            let result = Import::start(&options, store, processor, metrics, shutdown, observer, runtime)
                .and_then(Import::run);
            // Fails only where the caller has gone.
            let _ = tell.send(result);
        })
        .map_err(WorkerError::Thread)?;
    ended.await.unwrap_or(Err(WorkerError::Panicked))
}

/// Every row with its number and the headers that make it an event, until `row` says that it has seen enough.
pub(crate) fn each_row(
    options: &ImportOptions,
    identity: FileIdentity,
    mut row: impl FnMut(i64, &[u8], Vec<(&'static str, &[u8])>) -> bool,
) -> Result<(), WorkerError> {
    let mut rows = Rows::open(options)?;
    let event_type = options.event_type();
    let mut payload = Vec::new();
    for number in 1.. {
        payload.clear();
        let read = rows
            .read(identity, number, options.max_row_bytes, &mut payload)
            .map_err(|source| WorkerError::File { path: options.path.clone(), source })?;
        match read {
            Row::End => break,
            Row::Blank => {}
            Row::Payload => {
                let id = format!("{identity}-{number}");
                if !row(number, &payload, options.headers(&payload, &id, &event_type)) {
                    break;
                }
            }
        }
    }
    Ok(())
}

fn now() -> Timestamp {
    crate::kafka::wall_clock()
}
