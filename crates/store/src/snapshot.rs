//! One version of a table: its files, and how polars scans them.

use crate::error::StoreError;
use crate::schema::{DAY, Table};
use chrono::NaiveDate;
use deltalake_core::kernel::{Remove, Version};
use feedback::time::Day;
use polars::prelude::*;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Does not move when others commit. A clone is cheap.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub table: Table,
    pub place: String,
    pub version: Version,
    files: Files,
}

/// The files of a version, those of its last commits first.
pub(crate) type Files = Arc<[Arc<ActiveFile>]>;

#[derive(Debug, Clone)]
pub(crate) struct ActiveFile {
    /// Relative to the table.
    pub path: String,
    pub day: Option<Day>,
    pub bytes: u64,
    pub rows: Option<usize>,
    /// As Delta's log holds them.
    pub stats: Option<String>,
    /// What takes it out; the commit says when that was.
    pub remove: Remove,
}

impl ActiveFile {
    /// From where to where the values of a column of whole numbers go, as far as the log tells.
    pub fn extent(&self, column: &str) -> Option<RangeInclusive<i64>> {
        let stats: serde_json::Value = serde_json::from_str(self.stats.as_deref()?).ok()?;
        let of = |bounds: &str| stats.get(bounds)?.get(column)?.as_i64();
        Some(of("minValues")?..=of("maxValues")?)
    }
}

impl Snapshot {
    pub fn new(table: Table, place: String, version: Version, files: Files) -> Self {
        Self { table, place, version, files }
    }

    pub fn files(&self) -> Files {
        Arc::clone(&self.files)
    }

    /// A partition's value.
    pub fn day(&self, text: &str) -> Result<Day, StoreError> {
        day(&self.place, text)
    }

    pub fn days(&self) -> BTreeSet<Day> {
        self.files.iter().filter_map(|file| file.day).collect()
    }

    /// All rows, every column of the table as of today's schema; a column that an older file lacks is null.
    pub fn scan(&self) -> Result<LazyFrame, StoreError> {
        self.scan_files(&self.files)
    }

    pub fn scan_days(&self, days: &BTreeSet<Day>) -> Result<LazyFrame, StoreError> {
        let files = self.files.iter().filter(|file| file.day.is_some_and(|day| days.contains(&day)));
        self.scan_files(&files.cloned().collect::<Vec<_>>())
    }

    pub fn scan_files(&self, files: &[Arc<ActiveFile>]) -> Result<LazyFrame, StoreError> {
        scan_paths(self.table, &self.place, &paths(files))
    }

    /// Like [`Self::scan`], with [`FILE`] beside.
    pub fn scan_with_files(&self) -> Result<LazyFrame, StoreError> {
        self.scan_paths_with_files(&paths(&self.files))
    }

    /// The same of any files under the table's directory, active or not.
    pub fn scan_paths_with_files(&self, paths: &[String]) -> Result<LazyFrame, StoreError> {
        scan(self.table, &self.place, paths, true)
    }
}

/// A partition's value in the table at this place.
pub(crate) fn day(place: &str, text: &str) -> Result<Day, StoreError> {
    text.parse::<NaiveDate>().map(Day::from_date).map_err(|_| StoreError::Corrupt {
        path: place.to_owned(),
        detail: format!("the partition {text:?} is not a day"),
    })
}

/// Those of the files, in their order.
pub(crate) fn paths(files: &[Arc<ActiveFile>]) -> Vec<String> {
    files.iter().map(|file| file.path.clone()).collect()
}

/// The column that [`Snapshot::scan_with_files`] adds: the file's path, relative to the table.
pub(crate) const FILE: &str = "file";

/// Scans Parquet files under a table's directory, active or not.
pub(crate) fn scan_paths(table: Table, place: &str, paths: &[String]) -> Result<LazyFrame, StoreError> {
    scan(table, place, paths, false)
}

fn scan(table: Table, place: &str, paths: &[String], files: bool) -> Result<LazyFrame, StoreError> {
    let mut schema = table.polars_schema();
    if files {
        schema.with_column(FILE.into(), DataType::String);
    }
    if paths.is_empty() {
        return Ok(DataFrame::empty_with_schema(&schema).lazy());
    }
    let full: Vec<PlRefPath> = paths.iter().map(|path| PlRefPath::new(format!("{place}/{path}"))).collect();
    let stored = table.stored_columns().filter_map(|c| schema.get_field(c.name));
    let mut args = ScanArgsParquet {
        schema: Some(Arc::new(stored.collect())),
        allow_missing_columns: true,
        glob: false,
        include_file_paths: files.then(|| FILE.into()),
        ..ScanArgsParquet::default()
    };
    args.hive_options.enabled = Some(table.is_partitioned());
    if table.is_partitioned() {
        let day = Schema::from_iter([Field::new(DAY.into(), DataType::Date)]);
        args.hive_options.schema = Some(Arc::new(day));
    }
    let scan = LazyFrame::scan_parquet_sources(ScanSources::Paths(full.into()), args)?;
    let mut columns: Vec<Expr> = table.columns().iter().map(|column| col(column.name)).collect();
    if files {
        columns.push(col(FILE).str().strip_prefix(lit(format!("{place}/"))));
    }
    Ok(scan.select(columns))
}
