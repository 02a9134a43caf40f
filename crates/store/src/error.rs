//! What can go wrong with a table, who is to blame, and what to do next.

use crate::insights::RollupError;
use crate::log::AppendError;
use deltalake_core::kernel::transaction::TransactionError;
use deltalake_core::{DeltaTableError, ObjectStoreError};
use polars::prelude::PolarsError;
use std::error::Error;
use std::io::ErrorKind;

/// A table could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the disk that holds {path} is full; free some space, nothing was lost")]
    DiskFull { path: String, source: Source },
    #[error("no permission to read or write {path}; give this user the right, or name another directory")]
    Denied { path: String, source: Source },
    #[error("{path} is not a table of Verbatim's; name an empty directory or one that Verbatim made")]
    NotATable { path: String, source: Source },
    #[error(
        "the table at {path} was written by a newer version; it lacks nothing, this program does: {detail}"
    )]
    TooNew { path: String, detail: String },
    #[error("{what} is not an address of a directory or a bucket")]
    BadAddress { what: String, source: Source },
    #[error(
        "the tables at {root} were written with another pseudonym key: bring that key back (privacy.key, \
         privacy.key_file or the file beside the tables), for with this one every author would be a stranger whom \
         no erasure finds"
    )]
    OtherKey { root: String },
    #[error(
        "{name} stands beside more than {most} other names, so many people share it, and erasing it would erase all \
         of them: erase each person by the address"
    )]
    SharedName { name: String, most: usize },
    /// Another writer was faster several times in a row.
    #[error("others kept committing to {path}; try again")]
    Busy { path: String },
    #[error(
        "{path} is gone, though the table still names it; bring it back from a copy, or make the tables anew: a \
         worker with another store.path reads all that Kafka still has"
    )]
    Missing { path: String },
    #[error(
        "{path} is torn: it is no whole Parquet file; bring it back from a copy, or make the tables anew: a worker with \
         another store.path reads all that Kafka still has"
    )]
    Torn { path: String, source: Source },
    #[error("reading or writing {path} failed")]
    Storage { path: String, source: Source },
    #[error("the tables could not be scanned")]
    Scan(#[from] PolarsError),
    #[error("rows could not be turned into a Parquet file")]
    Encode { source: Source },
    #[error("{path} holds what this program never writes there: {detail}")]
    Corrupt { path: String, detail: String },
}

/// The error below, of whichever library.
pub type Source = Box<dyn Error + Send + Sync>;

/// A batch was not committed; none of its rows are visible.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another worker has moved this partition on: drop the batch, and resume from the store's offset.
    #[error("{app_id} stands at {found:?}, not at {expected:?}: another worker has taken over")]
    Fenced { app_id: String, expected: Option<i64>, found: Option<i64> },
    /// Somebody was erased since the batch was made: read the suppressions again and remake the batch.
    #[error("an author was erased while the batch was made")]
    SuppressionsChanged,
    /// The program that made the batch is at fault.
    #[error("{app_id} would go back from {from} to {next}")]
    Backwards { app_id: String, from: i64, next: i64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the caller of a failed commit should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send the same batch again, after a pause that grows.
    SendAgain,
    /// Drop the batch and resume from what the store has noted.
    Resume,
    /// Make the batch again from the same messages.
    Remake,
    /// Stop: a person has to help.
    Stop,
}

impl CommitError {
    #[must_use]
    pub fn next(&self) -> Next {
        match self {
            Self::Fenced { .. } => Next::Resume,
            Self::SuppressionsChanged => Next::Remake,
            Self::Backwards { .. } => Next::Stop,
            Self::Store(error) if error.is_retryable() => Next::SendAgain,
            Self::Store(_) => Next::Stop,
        }
    }
}

impl StoreError {
    /// Whether the same call may succeed later without anybody changing the program or the request.
    /// A full disk counts: the worker holds back until there is room.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::DiskFull { .. } | Self::Busy { .. } | Self::Storage { .. } => true,
            Self::Scan(error) => matches!(error, PolarsError::IO { .. }),
            _ => false,
        }
    }

    /// The error of a table that an error comes from, if there is one: behind those that pass its words on, too.
    #[must_use]
    pub fn behind<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(CommitError::Store(found)) = error.downcast_ref() {
                return Some(found);
            }
            if let Some(RollupError::Store(found)) = error.downcast_ref() {
                return Some(found);
            }
            if let Some(AppendError::Store(found)) = error.downcast_ref() {
                return Some(found);
            }
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            cause = error.source();
        }
        None
    }

    pub(crate) fn encode(source: impl Into<Source>) -> Self {
        Self::Encode { source: source.into() }
    }

    /// Names the cause that a person can act on, wherever in the chain it stands.
    pub(crate) fn from_delta(path: &str, error: DeltaTableError) -> Self {
        let path = path.to_owned();
        match io_kind(&error) {
            Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
                return Self::DiskFull { path, source: error.into() };
            }
            Some(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                return Self::Denied { path, source: error.into() };
            }
            Some(ErrorKind::NotADirectory) => return Self::NotATable { path, source: error.into() },
            _ => {}
        }
        match error {
            DeltaTableError::NotATable(_) | DeltaTableError::NoSchema | DeltaTableError::MetadataError(_) => {
                Self::NotATable { path, source: error.into() }
            }
            DeltaTableError::Transaction { source: TransactionError::UnsupportedTableFeatures(features) } => {
                Self::TooNew { path, detail: format!("{features:?}") }
            }
            DeltaTableError::InvalidTableLocation(_) | DeltaTableError::MissingFeature { .. } => {
                Self::BadAddress { what: path, source: error.into() }
            }
            _ => Self::Storage { path, source: error.into() },
        }
    }

    pub(crate) fn from_object_store(path: &str, error: ObjectStoreError) -> Self {
        Self::from_delta(path, DeltaTableError::ObjectStore { source: error })
    }
}

/// The operating system's word, if it is the cause.
fn io_kind(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        // Some of Delta's errors hold their cause without naming it as a source.
        if let Some(DeltaTableError::ObjectStore { source }) = error.downcast_ref::<DeltaTableError>() {
            return io_kind(source);
        }
        if let Some(DeltaTableError::Transaction { source: TransactionError::ObjectStore { source } }) =
            error.downcast_ref::<DeltaTableError>()
        {
            return io_kind(source);
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: ErrorKind) -> StoreError {
        StoreError::from_delta("/data/feedback", DeltaTableError::Io { source: kind.into() })
    }

    #[test]
    fn causes_that_a_person_can_act_on_are_named() {
        let full = of(ErrorKind::StorageFull);
        assert!(matches!(full, StoreError::DiskFull { .. }));
        assert!(full.to_string().contains("disk that holds /data/feedback is full"));
        assert!(full.is_retryable(), "the worker holds back until there is room");
        let denied = of(ErrorKind::PermissionDenied);
        assert!(matches!(denied, StoreError::Denied { .. }));
        assert!(!denied.is_retryable());
        assert!(matches!(of(ErrorKind::TimedOut), StoreError::Storage { .. }));
        let deep = ObjectStoreError::Generic {
            store: "local",
            source: Box::new(std::io::Error::from(ErrorKind::StorageFull)),
        };
        assert!(matches!(StoreError::from_object_store("/data", deep), StoreError::DiskFull { .. }));
    }

    #[test]
    fn a_table_s_error_is_found_behind_those_that_pass_its_words_on() {
        let full = || of(ErrorKind::StorageFull);
        let behind = [
            &CommitError::from(full()) as &(dyn Error + 'static),
            &RollupError::from(full()),
            &AppendError::from(full()),
            &full(),
        ]
        .map(|error| matches!(StoreError::behind(error), Some(StoreError::DiskFull { .. })));
        assert_eq!(behind, [true; 4]);
        assert!(StoreError::behind(&CommitError::SuppressionsChanged).is_none());
    }

    #[test]
    fn a_scan_is_tried_again_where_only_reading_failed() {
        let read = PolarsError::IO { error: std::io::Error::from(ErrorKind::TimedOut).into(), msg: None };
        assert!(StoreError::from(read).is_retryable());
        assert!(
            !StoreError::from(PolarsError::ComputeError("parquet: File out of specification".into()))
                .is_retryable()
        );
    }

    #[test]
    fn each_failed_commit_says_what_to_do() {
        assert_eq!(CommitError::SuppressionsChanged.next(), Next::Remake);
        assert_eq!(CommitError::from(of(ErrorKind::StorageFull)).next(), Next::SendAgain);
        assert_eq!(CommitError::from(of(ErrorKind::PermissionDenied)).next(), Next::Stop);
        assert_eq!(CommitError::from(StoreError::Busy { path: "/data".into() }).next(), Next::SendAgain);
    }
}
