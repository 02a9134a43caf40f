//! Which file is to blame where a scan failed: polars names none of the missing and the torn.

use crate::error::StoreError;
use deltalake_core::DeltaTableBuilder;
use deltalake_core::parquet::file::metadata::ParquetMetaDataReader;
use polars::prelude::{DslPlan, LazyFrame};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use url::Url;

/// Why one of the query's files cannot be read; `None` if all of them can.
pub(crate) async fn why(query: &LazyFrame) -> Option<StoreError> {
    let files = files(&query.logical_plan);
    let found = crate::blocking(move || Ok(files.iter().find_map(|file| Some((file.clone(), fault(file)?)))));
    match found.await.ok()?? {
        (file, Fault::Gone) => Some(match still_named(&file).await {
            Some(false) => StoreError::Busy { path: table_of(&file)?.display().to_string() },
            // Without a word from the log it is believed.
            _ => StoreError::Missing { path: file.display().to_string() },
        }),
        (_, Fault::Told(error)) => Some(error),
    }
}

enum Fault {
    Gone,
    Told(StoreError),
}

fn fault(path: &Path) -> Option<Fault> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Some(Fault::Gone),
        Err(error) => {
            return Some(Fault::Told(StoreError::from_delta(&path.display().to_string(), error.into())));
        }
    };
    let torn = ParquetMetaDataReader::new().parse_and_finish(&file).err()?;
    Some(Fault::Told(StoreError::Torn { path: path.display().to_string(), source: torn.into() }))
}

/// The files that a query scans.
fn files(plan: &DslPlan) -> Vec<PathBuf> {
    let scans = plan.into_iter().filter_map(|node| match node {
        DslPlan::Scan { sources, .. } => sources.as_paths(),
        _ => None,
    });
    scans.flatten().map(|path| path.as_std_path().to_owned()).collect()
}

/// The folder above a file that has a log.
fn table_of(file: &Path) -> Option<&Path> {
    file.ancestors().find(|folder| folder.join("_delta_log").is_dir())
}

/// Whether the newest version of its table names the file; others may have replaced it, and a vacuum deleted it.
async fn still_named(file: &Path) -> Option<bool> {
    let table = table_of(file)?;
    let relative = file.strip_prefix(table).ok()?.to_str()?;
    let url = Url::from_directory_path(table).ok()?;
    let opened = DeltaTableBuilder::from_url(url).ok()?.load().await.ok()?;
    let named = opened.snapshot().ok()?.log_data();
    Some(named.iter().any(|file| file.remove_action(false).path == relative))
}
