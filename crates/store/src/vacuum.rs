//! Deleting files that no version within the retention names.
//!
//! A file that a commit removed goes when its removal is old enough. A file that no commit names, left by
//! a crash, goes when it has lain there long enough that no live writer can still mean to commit it.

use crate::error::StoreError;
use crate::table::Handle;
use deltalake_core::Path;
use deltalake_core::logstore::object_store::ObjectStore;
use futures::{StreamExt, TryStreamExt};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

/// What may go: files removed, or never committed and written, before these times (ms since 1970).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expiry {
    pub removed_before: i64,
    pub orphans_before: i64,
}

impl Expiry {
    pub fn new(now_millis: i64, removed: Duration, orphans: Duration) -> Self {
        let before =
            |age: Duration| now_millis.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        // Whatever is asked for, a live writer's files are not a crash's leftovers.
        let orphans = orphans.max(crate::table::UNCOMMITTED_FILES_LIVE * 2);
        Self { removed_before: before(removed), orphans_before: before(orphans) }
    }
}

/// What a vacuum did, and what it left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Vacuumed {
    pub deleted: usize,
    /// Files still there that no current version names, and since when none does (ms since 1970).
    pub waiting: HashMap<String, i64>,
}

pub(crate) async fn vacuum(handle: &Handle, expiry: Expiry) -> Result<Vacuumed, StoreError> {
    let store = handle.log_store().object_store(None);
    let failed = |error| StoreError::from_object_store(&handle.place, error);
    // Listed before the table is read: what was committed by then is known to be active.
    let listed: Vec<_> = store.list(None).try_collect().await.map_err(failed)?;
    let delta = handle.delta().await?;
    let loaded = delta.snapshot().map_err(|error| handle.failed(error))?;
    let all = loaded.log_data();
    let active: HashSet<String> = all.iter().map(|file| file.path().into_owned()).collect();
    let removed = loaded.all_tombstones(handle.log_store().as_ref());
    let removed = removed.map_ok(|file| (file.path().into_owned(), file.deletion_timestamp().unwrap_or(0)));
    let removed: HashMap<String, i64> = removed.try_collect().await.map_err(|error| handle.failed(error))?;

    let mut done = Vacuumed::default();
    let mut expired = Vec::new();
    for object in listed {
        let path = object.location.as_ref();
        if path.starts_with('_') || !path.ends_with(".parquet") || active.contains(path) {
            continue;
        }
        let (since, before) = match removed.get(path) {
            Some(removed_at) => (*removed_at, expiry.removed_before),
            None => (object.last_modified.timestamp_millis(), expiry.orphans_before),
        };
        if since <= before {
            expired.push(object.location);
        } else {
            done.waiting.insert(path.to_owned(), since);
        }
    }
    done.deleted = delete(store.as_ref(), expired).await.map_err(failed)?;
    done.deleted += sweep_staged(handle, expiry).await?;
    Ok(done)
}

async fn delete(
    store: &dyn ObjectStore,
    paths: Vec<Path>,
) -> Result<usize, deltalake_core::ObjectStoreError> {
    use deltalake_core::ObjectStoreError::NotFound;
    let paths = futures::stream::iter(paths.into_iter().map(Ok)).boxed();
    let mut results = store.delete_stream(paths);
    let mut deleted = 0;
    while let Some(result) = results.next().await {
        match result {
            Ok(_) => deleted += 1,
            // Another vacuum was faster.
            Err(NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(deleted)
}

/// On a local disk a crash in the middle of a write leaves `<name>#<digits>`, which the object store never
/// lists, and so never deletes. They may lie in the folder of any day, and in that of the log.
async fn sweep_staged(handle: &Handle, expiry: Expiry) -> Result<usize, StoreError> {
    let root = std::path::PathBuf::from(&handle.place);
    crate::blocking(move || {
        let mut deleted = 0;
        let folders = std::fs::read_dir(&root).into_iter().flatten().flatten();
        let folders = folders.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        for folder in folders.map(|entry| entry.path()).chain([root.clone()]) {
            for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let written = file.metadata().and_then(|meta| meta.modified()).ok();
                let written = written.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
                let old = written.is_some_and(|at| (at.as_millis() as i64) <= expiry.orphans_before);
                if old
                    && is_staged(&file.file_name().to_string_lossy())
                    && std::fs::remove_file(file.path()).is_ok()
                {
                    deleted += 1;
                }
            }
        }
        Ok(deleted)
    })
    .await
}

fn is_staged(name: &str) -> bool {
    let digits = name.rsplit_once('#').map_or("", |(_, digits)| digits);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
