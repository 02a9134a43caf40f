//! Whom the deployment has forgotten: pseudonyms whose rows never come back, a replay included.

use crate::encode::{EncodedFiles, encode};
use crate::error::StoreError;
use crate::failpoints;
use crate::schema::Table;
use crate::snapshot::Snapshot;
use crate::table::{Intent, Purpose, Refused};
use crate::{Store, collect};
use deltalake_core::arrow::array::{
    ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use feedback::time::Timestamp;
use polars::prelude::{Column, DataFrame, col};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// The suppressed pseudonyms at one version of the table; a clone is cheap.
#[derive(Debug, Clone, Default)]
pub struct Suppressions {
    version: u64,
    authors: Arc<HashSet<String>>,
}

impl Suppressions {
    #[must_use]
    pub fn contains(&self, author: &str) -> bool {
        self.authors.contains(author)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.authors.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.authors.is_empty()
    }

    /// One column, `author`.
    pub(crate) fn frame(&self) -> Result<DataFrame, StoreError> {
        let authors = self.authors.iter().map(String::as_str);
        Ok(DataFrame::new(self.len(), vec![Column::new("author".into(), authors.collect::<Vec<_>>())])?)
    }

    /// Those that `older` did not know yet.
    pub(crate) fn since(&self, older: &Self) -> BTreeSet<String> {
        if self.version == older.version {
            return BTreeSet::new();
        }
        self.authors.difference(&older.authors).cloned().collect()
    }
}

impl Store {
    /// The newest suppressions; read again only if somebody was erased since.
    pub async fn suppressions(&self) -> Result<Suppressions, StoreError> {
        let table = &self.inner.suppressions.place;
        failpoints::fault(failpoints::SUPPRESSIONS)
            .map_err(|error| StoreError::from_delta(table, error.into()))?;
        let mut cache = self.inner.caches.suppressions.lock().await;
        let snapshot = self.inner.suppressions.snapshot().await?;
        if let Some(known) = cache.as_ref()
            && known.version == snapshot.version
        {
            return Ok(known.clone());
        }
        let read = Suppressions { version: snapshot.version, authors: Arc::new(read(&snapshot).await?) };
        *cache = Some(read.clone());
        Ok(read)
    }

    pub(crate) async fn suppress(&self, author: &str, at: Timestamp, rows: usize) -> Result<(), StoreError> {
        let table = &self.inner.suppressions;
        let put_at = Instant::now();
        let adds = table.put(&row(author, at, rows)?, true).await?;
        let intent = Intent { purpose: Purpose::Append, adds, removes: vec![], notes: vec![], put_at };
        match table.transact(&intent).await {
            Ok(_) => Ok(()),
            Err(Refused::Store(error)) => Err(error),
            // Nothing was expected and nothing removed.
            Err(_) => Err(StoreError::Busy { path: table.place.clone() }),
        }
    }
}

/// A file of one row.
pub(crate) fn row(author: &str, at: Timestamp, rows: usize) -> Result<EncodedFiles, StoreError> {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values([author])),
        Arc::new(TimestampMicrosecondArray::from_iter_values([at.0]).with_timezone("UTC")),
        Arc::new(Int64Array::from_iter_values([rows as i64])),
    ];
    let batch = RecordBatch::try_new(Table::Suppressions.arrow_schema(), columns);
    let mut files = EncodedFiles::default();
    files.push(encode(Table::Suppressions, None, &[batch.map_err(StoreError::encode)?])?);
    Ok(files)
}

async fn read(snapshot: &Snapshot) -> Result<HashSet<String>, StoreError> {
    let rows = collect(snapshot.scan()?.select([col("author")])).await?;
    Ok(rows.column("author")?.str()?.iter().flatten().map(str::to_owned).collect())
}
