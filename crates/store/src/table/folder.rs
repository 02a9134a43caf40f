//! The files beside a table's log: nobody sees one before a commit names it.

use crate::encode::EncodedFile;
use crate::error::StoreError;
use deltalake_core::kernel::Add;
use deltalake_core::logstore::ObjectStoreRef;
use deltalake_core::logstore::object_store::{ObjectStore as _, ObjectStoreExt as _, PutPayload};
use deltalake_core::{ObjectStoreError, Path};
use futures::StreamExt;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Files that are put at once.
const AT_ONCE: usize = 8;

/// Where a table's files lie. A clone is cheap.
#[derive(Clone)]
pub(crate) struct Folder {
    pub store: ObjectStoreRef,
    /// As people know it.
    pub place: String,
}

impl Folder {
    /// Puts the files, all of them or none: on a full disk each try would leave a little more otherwise.
    pub async fn put(&self, files: &[EncodedFile], data_change: bool) -> Result<Vec<Add>, StoreError> {
        let now = chrono::Utc::now().timestamp_millis();
        let adds: Vec<Add> = files.iter().map(|file| file.to_add(now, data_change)).collect();
        let mut puts = Vec::with_capacity(files.len());
        for (add, file) in adds.iter().zip(files) {
            puts.push(put(self.store.clone(), path(add), file.bytes.clone().into()));
        }
        // What has begun is waited for, and nothing else begun once one has failed.
        let failed = AtomicBool::new(false);
        let wanted = puts.into_iter().take_while(|_| !failed.load(Ordering::Relaxed));
        let mut puts = futures::stream::iter(wanted).buffer_unordered(AT_ONCE);
        let mut refused = None;
        while let Some(done) = puts.next().await {
            if let Err(error) = done {
                failed.store(true, Ordering::Relaxed);
                refused.get_or_insert(error);
            }
        }
        drop(puts);
        match refused {
            None => Ok(adds),
            Some(error) => {
                self.discard(&adds).await;
                Err(StoreError::from_object_store(&self.place, error))
            }
        }
    }

    /// Deletes files that no commit names, and none will.
    pub async fn discard(&self, adds: &[Add]) {
        let paths: Vec<_> = adds.iter().map(|add| Ok(path(add))).collect();
        let mut results = self.store.delete_stream(futures::stream::iter(paths).boxed());
        // What stays is an orphan, which a vacuum takes.
        while results.next().await.is_some() {}
    }

    /// Keeps those of the files that are still there, by their paths.
    pub async fn forget_gone(&self, files: &mut HashMap<String, i64>) -> Result<(), StoreError> {
        let mut gone = Vec::new();
        for file in files.keys() {
            match self.store.head(&Path::from(file.as_str())).await {
                Ok(_) => {}
                Err(ObjectStoreError::NotFound { .. }) => gone.push(file.clone()),
                Err(error) => return Err(StoreError::from_object_store(&self.place, error)),
            }
        }
        files.retain(|file, _| !gone.contains(file));
        Ok(())
    }
}

fn path(add: &Add) -> Path {
    Path::from(add.path.as_str())
}

async fn put(store: ObjectStoreRef, to: Path, bytes: PutPayload) -> Result<(), ObjectStoreError> {
    store.put(&to, bytes).await.map(|_| ())
}
