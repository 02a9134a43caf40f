//! One version of a table: its files, and how polars scans them.

use crate::error::StoreError;
use crate::schema::{DAY, Table};
use chrono::NaiveDate;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::{Remove, Version};
use feedback::time::Day;
use polars::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Does not move when others commit.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub table: Table,
    pub place: String,
    pub version: Version,
    delta: DeltaTable,
}

#[derive(Debug, Clone)]
pub(crate) struct ActiveFile {
    /// Relative to the table.
    pub path: String,
    pub day: Option<Day>,
    pub bytes: u64,
    pub rows: Option<usize>,
    pub remove: Remove,
}

impl Snapshot {
    pub fn new(table: Table, place: String, delta: DeltaTable) -> Result<Self, StoreError> {
        let version = delta.version().ok_or_else(|| StoreError::Corrupt {
            path: place.clone(),
            detail: "it was opened but has no version".to_owned(),
        })?;
        Ok(Self { table, place, version, delta })
    }

    pub fn delta(&self) -> &DeltaTable {
        &self.delta
    }

    /// Whether the table is one of ours: every column without which a row means nothing is there.
    pub fn check(&self) -> Result<(), StoreError> {
        let snapshot = self.delta.snapshot().map_err(|error| StoreError::from_delta(&self.place, error))?;
        let schema = snapshot.schema();
        let missing =
            self.table.columns().iter().filter(|c| !c.nullable).find(|c| schema.field(c.name).is_none());
        match missing {
            None => Ok(()),
            Some(column) => Err(StoreError::NotATable {
                path: self.place.clone(),
                source: format!("it is a Delta table without the column {:?}", column.name).into(),
            }),
        }
    }

    pub fn files(&self) -> Result<Vec<ActiveFile>, StoreError> {
        let snapshot = self.delta.snapshot().map_err(|error| StoreError::from_delta(&self.place, error))?;
        snapshot
            .log_data()
            .iter()
            .map(|file| {
                let remove = file.remove_action(true);
                let day = remove.partition_values.as_ref().and_then(|values| values.get(DAY));
                let day = day.and_then(Option::as_deref).map(|text| self.day(text)).transpose()?;
                Ok(ActiveFile {
                    path: remove.path.clone(),
                    day,
                    bytes: file.size().unsigned_abs(),
                    rows: file.num_records(),
                    remove,
                })
            })
            .collect()
    }

    /// The greatest value of a column of whole numbers in each file, by its path, as far as the log tells.
    pub fn greatest(&self, column: &str) -> Result<HashMap<String, i64>, StoreError> {
        let snapshot = self.delta.snapshot().map_err(|error| StoreError::from_delta(&self.place, error))?;
        let of = |stats: &str| {
            let stats: serde_json::Value = serde_json::from_str(stats).ok()?;
            stats.get("maxValues")?.get(column)?.as_i64()
        };
        let greatest = |path: String, stats: Option<String>| Some((path, of(&stats?)?));
        let files = snapshot.log_data();
        Ok(files.iter().filter_map(|file| greatest(file.path().into_owned(), file.stats())).collect())
    }

    /// A partition's value.
    pub fn day(&self, text: &str) -> Result<Day, StoreError> {
        text.parse::<NaiveDate>().map(Day::from_date).map_err(|_| StoreError::Corrupt {
            path: self.place.clone(),
            detail: format!("the partition {text:?} is not a day"),
        })
    }

    pub fn days(&self) -> Result<BTreeSet<Day>, StoreError> {
        Ok(self.files()?.into_iter().filter_map(|file| file.day).collect())
    }

    /// All rows, every column of the table as of today's schema; a column that an older file lacks is null.
    pub fn scan(&self) -> Result<LazyFrame, StoreError> {
        self.scan_files(&self.files()?)
    }

    pub fn scan_days(&self, days: &BTreeSet<Day>) -> Result<LazyFrame, StoreError> {
        let mut files = self.files()?;
        files.retain(|file| file.day.is_some_and(|day| days.contains(&day)));
        self.scan_files(&files)
    }

    pub fn scan_files(&self, files: &[ActiveFile]) -> Result<LazyFrame, StoreError> {
        let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        scan_paths(self.table, &self.place, &paths)
    }

    /// Like [`Self::scan`], with [`FILE`] beside.
    pub fn scan_with_files(&self) -> Result<LazyFrame, StoreError> {
        let paths: Vec<String> = self.files()?.into_iter().map(|file| file.path).collect();
        self.scan_paths_with_files(&paths)
    }

    /// The same of any files under the table's directory, active or not.
    pub fn scan_paths_with_files(&self, paths: &[String]) -> Result<LazyFrame, StoreError> {
        scan(self.table, &self.place, paths, true)
    }
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
