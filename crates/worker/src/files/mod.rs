//! Import of files through the same decoding and the same exactly-once commit as Kafka.
//!
//! A file, read in one way, stands for a topic (`file:<identity>`) with one partition, a row's number for its offset.
//! So an import that broke off goes on where the tables say, and a file that was read whole adds nothing a second
//! time, but for rows that were refused before and are understood now. Reading the same content in another way is
//! another import; what earlier ones wrote is taken back or kept, as the caller says ([`Earlier`]).

mod broken;
mod earlier;
mod header;
mod identity;
mod letters;
mod map;
mod preview;
mod records;
mod rows;
mod run;

pub use broken::{Broken, BrokenRow, Why};
pub use identity::FileIdentity;
pub use letters::{file_of, letters, name_in, shown_name};
pub use map::ColumnMap;
pub use preview::{Preview, PreviewedRow, preview};
pub use records::{Record, Records};
pub use rows::Format;

use crate::kafka::{BatchLimits, Observer};
use crate::process::{Processor, VendorFormat};
use crate::{WorkerError, metrics::WorkerMetrics, outcome::Outcomes, shutdown::Shutdown};
use analyze::redact::{Known, RedactionCounts, Redactor};
use feedback::kind::Contract;
use feedback::refusal::{REFUSED_ROW, Reason};
use feedback::time::Timestamp;
use rows::{Row, Rows};
use run::Import;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use store::Store;

/// What to do where the same content was imported before with another map, kind or source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Earlier {
    /// Stop, unless it left nothing but dead letters.
    #[default]
    Refuse,
    /// Take back what it wrote.
    Replace,
    /// Leave it, and add what this reading gives.
    Keep,
}

#[derive(Debug, Clone)]
pub struct ImportOptions {
    pub path: PathBuf,
    pub format: Format,
    /// Of CSV files; without one the columns are named like the fields of the contract.
    pub map: Option<ColumnMap>,
    /// The source kind of rows that are not whole events, and the contract it follows.
    pub kind: Option<String>,
    pub contract: Option<Contract>,
    /// The CloudEvents source of such rows; the file's name where there is none.
    pub source: Option<String>,
    /// When such rows were given, where they do not say it themselves.
    pub occurred_at: Option<Timestamp>,
    /// The file is what a vendor exports or answers: its elements are the rows, whatever else is said of them here.
    pub vendor: Option<VendorFormat>,
    pub earlier: Earlier,
    /// A row beyond is refused.
    pub max_row_bytes: usize,
    pub batch: BatchLimits,
    pub threads: Option<usize>,
    /// How many bytes of the file have been read; for whoever shows progress.
    pub read: Arc<AtomicU64>,
}

impl ImportOptions {
    #[must_use]
    pub fn new(path: PathBuf, format: Format) -> Self {
        Self {
            path,
            format,
            map: None,
            kind: None,
            contract: None,
            source: None,
            occurred_at: None,
            vendor: None,
            earlier: Earlier::default(),
            max_row_bytes: 1 << 20,
            batch: BatchLimits::default(),
            threads: None,
            read: Arc::default(),
        }
    }

    /// Whether the file is there and the map fits it; says what stands in it besides.
    ///
    /// # Errors
    /// Says what does not fit, and what to do about it.
    pub fn check(&self) -> Result<Columns, WorkerError> {
        let failed = |source| WorkerError::File { path: self.path.clone(), source };
        let kind = std::fs::metadata(&self.path).map_err(failed)?.file_type();
        if !kind.is_file() && !kind.is_dir() {
            return Err(self.wrong(
                "it is no regular file, and it has to be read more than once: write what it gives into a file first",
            ));
        }
        if self.vendor.is_none() && self.format == Format::Csv && self.kind.is_none() {
            return Err(self.wrong("a CSV file needs the kind of its rows: name it (--kind), or in the map"));
        }
        match &Rows::open(self)? {
            Rows::Csv { map, header, .. } => self.columns(map, header),
            Rows::Lines { .. } | Rows::Elements { .. } => Ok(Columns { unmapped: Vec::new(), has_ids: true }),
        }
    }

    /// The source that rows count as which do not say it themselves.
    #[must_use]
    pub fn source(&self) -> String {
        let name = || self.path.file_name().map(|name| name.to_string_lossy().into_owned());
        self.source.clone().or_else(name).unwrap_or_default()
    }

    fn wrong(&self, reason: impl Into<String>) -> WorkerError {
        WorkerError::Map { path: self.path.clone(), reason: reason.into() }
    }
}

/// What the columns of a file say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Those that are no field, by the map or by their own name; they are kept as metadata.
    pub unmapped: Vec<String>,
    /// One gives each row an id, as far as one can tell beforehand. Others get one by content and row, which no other
    /// file gives again.
    pub has_ids: bool,
}

/// The attributes that rows have in common which are payloads alone.
pub(crate) struct Attributes {
    /// `None` where every row has to be a whole event.
    event_type: Option<String>,
    source: String,
    time: Option<String>,
    format: Format,
    vendor: Option<VendorFormat>,
}

impl Attributes {
    pub fn of(options: &ImportOptions) -> Self {
        let time = options.occurred_at.and_then(|at| at.to_datetime());
        Self {
            event_type: options.kind.as_ref().map(|kind| format!("feedback.{kind}.created")),
            source: options.source(),
            time: time.map(|at| at.to_rfc3339()),
            format: options.format,
            vendor: options.vendor.clone(),
        }
    }

    /// As headers of a message; none for a whole event. `refused`: it is only a note on a row, which was no message.
    pub fn headers<'h>(
        &'h self,
        payload: &[u8],
        id: &'h str,
        refused: Option<Reason>,
    ) -> Vec<(&'static str, &'h [u8])> {
        if let Some(vendor) = &self.vendor {
            return vendor.headers();
        }
        let Some(event_type) = &self.event_type else { return Vec::new() };
        if self.format == Format::Jsonl && is_event(payload) {
            return Vec::new();
        }
        let mut headers: Vec<(&'static str, &[u8])> = vec![
            ("ce_specversion", b"1.0"),
            ("ce_id", id.as_bytes()),
            ("ce_source", self.source.as_bytes()),
            ("ce_type", event_type.as_bytes()),
        ];
        headers.extend(self.time.as_ref().map(|time| ("ce_time", time.as_bytes())));
        headers.extend(refused.map(|reason| (REFUSED_ROW, reason.as_str().as_bytes())));
        headers
    }
}

/// Whether an object has the one attribute that no payload has, at its top level.
fn is_event(payload: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Probe {
        specversion: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Probe>(payload).is_ok_and(|probe| probe.specversion.is_some())
}

/// What an import came to. Its rows add up: `rows` is `read` + `deletions` + `ignored` + `refused` + `erased` +
/// `already_there`. What was read gave `records` and `duplicates`: one a row, but for answers to a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Of the content and the way of reading it; the same for a copy of the file.
    pub identity: String,
    /// Rows of the file; of an import that was interrupted, those that it got to. Blank ones do not count.
    pub rows: u64,
    /// Rows that gave records in this run.
    pub read: u64,
    /// Records that this run added to the tables, older versions of others among them.
    pub records: u64,
    /// Records that the tables, or the file itself, held already as they are.
    pub duplicates: u64,
    /// Rows that delete a record.
    pub deletions: u64,
    pub ignored: u64,
    /// Rows that are dead letters now, whether of this run or an earlier one.
    pub refused: u64,
    /// Rows of somebody who asked to be forgotten.
    pub erased: u64,
    /// Rows that earlier runs had read, or passed over for a reason that still holds.
    pub already_there: u64,
    /// Rows of earlier imports of the same content that were taken back first.
    pub replaced: u64,
    /// Columns that are no field; they are kept as metadata.
    pub unmapped: Vec<String>,
    /// The first row that could not be told apart into its fields.
    pub broken: Option<BrokenRow>,
    /// The first row of CSV that is not UTF-8.
    pub not_utf8: Option<BrokenRow>,
    /// As the worker counts them, messages and records.
    pub outcomes: Outcomes,
    /// Whether the whole file is in the tables now; `false` after a shutdown.
    pub complete: bool,
}

impl ImportReport {
    fn empty(identity: String, unmapped: Vec<String>) -> Self {
        Self {
            identity,
            rows: 0,
            read: 0,
            records: 0,
            duplicates: 0,
            deletions: 0,
            ignored: 0,
            refused: 0,
            erased: 0,
            already_there: 0,
            replaced: 0,
            unmapped,
            broken: None,
            not_utf8: None,
            outcomes: Outcomes::default(),
            complete: false,
        }
    }
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
    let unmapped = options.check()?.unmapped;
    let runtime = tokio::runtime::Handle::current();
    let (tell, ended) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("import".to_owned())
        .spawn(move || {
            let content = FileIdentity::of_unless(&options.path, || shutdown.is_requested())
                .map_err(|source| WorkerError::File { path: options.path.clone(), source });
            let result = content.and_then(|content| match content {
                None => Ok(ImportReport::empty(String::new(), unmapped)),
                Some(content) => Import::start(
                    &options, content, unmapped, store, processor, metrics, shutdown, observer, runtime,
                )
                .and_then(Import::run),
            });
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
    let attributes = Attributes::of(options);
    let mut payload = Vec::new();
    for number in 1.. {
        payload.clear();
        let read = rows
            .read(identity, number, options.max_row_bytes, &mut payload)
            .map_err(|source| WorkerError::File { path: options.path.clone(), source })?;
        let refused = match read {
            Row::End => break,
            Row::Blank => continue,
            Row::Payload => None,
            Row::Broken { why, .. } => Some(why.reason()),
        };
        let id = format!("{identity}-{number}");
        if !row(number, &payload, attributes.headers(&payload, &id, refused)) {
            break;
        }
    }
    Ok(())
}

/// What a file is called, or a column of it: a name may hold an address too.
fn redacted(name: &str) -> String {
    let mut redacted = String::new();
    Redactor::new().redact_into(name, Known::nobody(), &mut redacted, &mut RedactionCounts::default());
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_top_level_makes_a_whole_event() {
        assert!(is_event(br#"{"id": "1", "specversion": "1.0", "data": {}}"#));
        assert!(!is_event(br#"{"id": "1", "text": "is \"specversion\" needed?"}"#));
        assert!(!is_event(br#"{"id": "1", "metadata": {"specversion": "1.0"}}"#));
        assert!(!is_event(b"[\"specversion\""));
    }
}
