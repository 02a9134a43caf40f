//! An object store that fails as real ones do, for the tests of this crate.

use deltalake_core::Path;
use deltalake_core::logstore::object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions, Result,
};
use futures::stream::BoxStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What happens to the next writes of a commit's log entry.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// So many are written, and an error is reported.
    pub written_but_failed: AtomicU32,
    /// So many are not written, and an error is reported.
    pub failed: AtomicU32,
    /// The file of rows, counted from here, that no longer fits the disk; 0 for none.
    pub full_at: AtomicU32,
    /// So many entries do not fit the disk.
    pub full: AtomicU32,
    /// How often something was listed, and how often read.
    pub lists: AtomicU32,
    pub reads: AtomicU32,
    /// Each waits while this is locked, and says so before.
    pub gate: tokio::sync::Mutex<()>,
    pub at_gate: tokio::sync::Notify,
}

#[derive(Debug)]
pub(crate) struct Faulty {
    pub inner: Arc<dyn ObjectStore>,
    pub faults: Arc<Faults>,
}

impl std::fmt::Display for Faulty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "faulty {}", self.inner)
    }
}

fn take(count: &AtomicU32) -> bool {
    count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

fn timed_out() -> Error {
    let source = std::io::Error::from(std::io::ErrorKind::TimedOut);
    Error::Generic { store: "faulty", source: source.into() }
}

fn full() -> Error {
    let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
    Error::Generic { store: "faulty", source: source.into() }
}

#[async_trait::async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(&self, to: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let is_entry = to.as_ref().contains("_delta_log/") && to.as_ref().ends_with(".json");
        if is_entry {
            self.faults.at_gate.notify_one();
            drop(self.faults.gate.lock().await);
        }
        if is_entry && take(&self.faults.failed) {
            return Err(timed_out());
        }
        if is_entry && take(&self.faults.full) {
            return Err(full());
        }
        if !to.as_ref().contains("_delta_log/") && self.faults.full_at.load(Ordering::SeqCst) > 0 {
            // The last step down to 0.
            if self.faults.full_at.fetch_sub(1, Ordering::SeqCst) == 1 {
                return Err(full());
            }
        }
        let done = self.inner.put_opts(to, payload, options).await?;
        if is_entry && take(&self.faults.written_but_failed) { Err(timed_out()) } else { Ok(done) }
    }

    async fn put_multipart_opts(
        &self,
        to: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(to, options).await
    }

    async fn get_opts(&self, from: &Path, options: GetOptions) -> Result<GetResult> {
        self.faults.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.get_opts(from, options).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.faults.lists.fetch_add(1, Ordering::SeqCst);
        self.inner.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.faults.lists.fetch_add(1, Ordering::SeqCst);
        self.inner.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.faults.lists.fetch_add(1, Ordering::SeqCst);
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.inner.rename_opts(from, to, options).await
    }
}

mod tests {
    use super::*;
    use crate::schema::Table;
    use crate::suppressions::row;
    use crate::table::{AppVersion, Expected, Handle, Intent, Purpose, Refused};
    use crate::{Advance, Batch, DeadLetterFilter, EraseOptions, Note, Outcome, Store, StoreOptions};
    use std::time::Instant;
    use url::Url;

    async fn open(root: &tempfile::TempDir) -> (Handle, Arc<Faults>) {
        let url = Url::from_directory_path(root.path()).unwrap();
        let handle = Handle::open(&url, Table::Suppressions, &crate::StoreOptions::default()).await.unwrap();
        let faults = Arc::new(Faults::default());
        (handle.with_faults(Arc::clone(&faults)).await, faults)
    }

    async fn intent(handle: &Handle, expected: Option<i64>, version: i64) -> Intent {
        let adds = handle.put(&row("a_1", feedback::time::Timestamp(0), 1).unwrap(), true).await.unwrap();
        let note = AppVersion { app_id: "g/t/0".to_owned(), expected: Expected::Exactly(expected), version };
        Intent { purpose: Purpose::Append, adds, removes: vec![], notes: vec![note], put_at: Instant::now() }
    }

    #[tokio::test]
    async fn a_put_that_succeeded_and_reported_an_error_is_recognised() {
        let root = tempfile::tempdir().unwrap();
        let (handle, faults) = open(&root).await;
        faults.written_but_failed.store(1, Ordering::SeqCst);
        let first = intent(&handle, None, 5).await;
        assert_eq!(handle.transact(&first).await.unwrap(), 1);
        assert_eq!(handle.app_versions(&["g/t/0".to_owned()]).await.unwrap(), [Some(5)]);
        let second = intent(&handle, Some(5), 6).await;
        assert_eq!(handle.transact(&second).await.unwrap(), 2);
        assert_eq!(handle.snapshot().await.unwrap().files().len(), 2, "none was added twice");
    }

    #[tokio::test]
    async fn a_commit_costs_the_same_however_much_there_is() {
        let root = tempfile::tempdir().unwrap();
        let (handle, faults) = open(&root).await;
        handle.transact(&intent(&handle, None, 0).await).await.unwrap();
        let asked = || (faults.lists.load(Ordering::SeqCst), faults.reads.load(Ordering::SeqCst));
        // Until a checkpoint is due.
        for at in 0..45 {
            let (next, before) = (intent(&handle, Some(at), at + 1).await, asked());
            handle.transact(&next).await.unwrap();
            let after = asked();
            assert_eq!((after.0 - before.0, after.1 - before.1), (0, 2), "commit {at}");
        }
        // To look at what there is by now costs no more.
        let before = asked();
        assert_eq!(named(&handle).await, 46);
        assert_eq!(asked(), (before.0, before.1 + 2));
    }

    #[tokio::test]
    async fn a_put_that_failed_can_be_sent_again() {
        let root = tempfile::tempdir().unwrap();
        let (handle, faults) = open(&root).await;
        faults.failed.store(1, Ordering::SeqCst);
        let first = intent(&handle, None, 5).await;
        let error = handle.transact(&first).await.unwrap_err();
        assert!(matches!(&error, Refused::Store(error) if error.is_retryable()), "{error:?}");
        assert_eq!(handle.app_versions(&["g/t/0".to_owned()]).await.unwrap(), [None]);
        assert_eq!(handle.transact(&first).await.unwrap(), 1);
    }

    /// The Parquet files on the disk.
    async fn stored(handle: &Handle) -> Vec<String> {
        use futures::TryStreamExt;
        let listed: Vec<_> = handle.folder().store.list(None).try_collect().await.unwrap();
        let paths = listed.into_iter().map(|file| file.location.to_string());
        paths.filter(|path| !path.starts_with('_')).collect()
    }

    async fn named(handle: &Handle) -> usize {
        handle.snapshot().await.unwrap().files().len()
    }

    #[tokio::test]
    async fn what_does_not_fit_the_disk_leaves_nothing_on_it() {
        let root = tempfile::tempdir().unwrap();
        let (handle, faults) = open(&root).await;
        let mut files = crate::EncodedFiles::default();
        for name in ["a_1", "a_2", "a_3", "a_4"] {
            files.merge(row(name, feedback::time::Timestamp(0), 1).unwrap());
        }
        for at in 1..=4 {
            faults.full_at.store(at, Ordering::SeqCst);
            let error = handle.put(&files, true).await.unwrap_err();
            assert!(matches!(error, crate::StoreError::DiskFull { .. }), "{error:?}");
            faults.full_at.store(0, Ordering::SeqCst);
            assert_eq!(stored(&handle).await, [""; 0], "file {at}");
        }
        // There is room for the files, and none for the entry that names them.
        let first = intent(&handle, None, 5).await;
        faults.full.store(1, Ordering::SeqCst);
        let refused = handle.transact(&first).await.unwrap_err();
        assert!(matches!(refused, Refused::Store(crate::StoreError::DiskFull { .. })), "{refused:?}");
        assert_eq!((stored(&handle).await.len(), named(&handle).await), (0, 0));
    }

    #[tokio::test]
    async fn files_go_with_a_commit_that_was_refused_and_stay_where_it_may_have_been_written() {
        let root = tempfile::tempdir().unwrap();
        let (handle, faults) = open(&root).await;
        let (first, second) = (intent(&handle, None, 5).await, intent(&handle, None, 6).await);
        faults.failed.store(1, Ordering::SeqCst);
        handle.transact(&first).await.unwrap_err();
        assert_eq!(stored(&handle).await.len(), 2, "an entry that timed out may still arrive");
        handle.transact(&first).await.unwrap();
        let refused = handle.transact(&second).await.unwrap_err();
        assert!(matches!(refused, Refused::AppMoved { .. }), "{refused:?}");
        assert_eq!((stored(&handle).await.len(), named(&handle).await), (1, 1));
        // Sent once more, its files are in the table already.
        handle.transact(&first).await.unwrap_err();
        assert_eq!((stored(&handle).await.len(), named(&handle).await), (1, 1));
    }

    #[tokio::test]
    async fn a_rewrite_that_does_not_fit_the_disk_leaves_nothing_on_it() {
        let root = tempfile::tempdir().unwrap();
        let (handle, faults) = open(&root).await;
        handle.transact(&intent(&handle, None, 1).await).await.unwrap();
        let files = handle.snapshot().await.unwrap().files();
        faults.full_at.store(1, Ordering::SeqCst);
        assert!(crate::rewrite::rewrite(&handle, None, &files, None, false).await.is_err());
        assert_eq!(stored(&handle).await.len(), 1);
        let written = crate::rewrite::rewrite(&handle, None, &files, None, false).await.unwrap().unwrap();
        assert_eq!((written.rows, written.adds.len(), stored(&handle).await.len()), (1, 1, 2));
    }

    #[tokio::test]
    async fn an_entry_that_was_written_late_fences_the_second_try() {
        let root = tempfile::tempdir().unwrap();
        let (handle, _) = open(&root).await;
        let first = intent(&handle, None, 5).await;
        handle.transact(&first).await.unwrap();
        // The caller heard nothing and sends the same once more.
        let refused = handle.transact(&first).await.unwrap_err();
        assert!(matches!(refused, Refused::AppMoved { found: Some(5), .. }), "{refused:?}");
    }

    #[tokio::test]
    async fn files_that_another_rewrote_are_never_rewritten_again() {
        let root = tempfile::tempdir().unwrap();
        let (handle, _) = open(&root).await;
        handle.transact(&intent(&handle, None, 1).await).await.unwrap();
        let old = Arc::clone(&handle.snapshot().await.unwrap().files()[0]);
        // Two compactions of one file: Delta's own checker would let both pass.
        let compaction = async || {
            let mut intent = intent(&handle, None, 1).await;
            intent.notes.clear();
            intent.purpose = Purpose::Compact;
            let mut remove = old.remove.clone();
            remove.data_change = false;
            intent.removes.push(remove);
            intent.adds.iter_mut().for_each(|add| add.data_change = false);
            intent
        };
        let (first, second) = (compaction().await, compaction().await);
        handle.transact(&first).await.unwrap();
        assert!(matches!(handle.transact(&second).await, Err(Refused::FilesGone)));
        assert_eq!(handle.snapshot().await.unwrap().files().len(), 1);
    }

    #[tokio::test]
    async fn whoever_was_erased_meanwhile_goes_although_the_facts_are_refused() {
        let root = tempfile::tempdir().unwrap();
        let root_of = root.path().to_str().unwrap();
        let other = Store::open(root_of, StoreOptions::default()).await.unwrap();
        let url = Url::from_directory_path(root.path()).unwrap();
        let (facts, notes) = (Arc::new(Faults::default()), Arc::new(Faults::default()));
        let open = async |table| Handle::open(&url, table, &StoreOptions::default()).await.unwrap();
        let store = Store::of(
            open(Table::Feedback).await.with_faults(Arc::clone(&facts)).await,
            open(Table::Insights).await,
            open(Table::DeadLetters).await.with_faults(Arc::clone(&notes)).await,
            open(Table::Suppressions).await,
            crate::Logs::open(&url, &StoreOptions::default()).await.unwrap(),
            root_of.to_owned(),
        );
        let letter = Note {
            outcome: Outcome::DeadLetter,
            reason: "invalid_json".to_owned(),
            detail: String::new(),
            payload: Some("{".to_owned()),
            source_kind: None,
            author: Some("a_1".to_owned()),
            author_alias: None,
            records: 1,
            ingested_at: feedback::time::Timestamp(0),
            position: feedback::position::Position { topic: "t".into(), partition: 0, offset: 0 },
        };
        let advances = vec![Advance { app_id: "g/t/0".to_owned(), from: None, next: 1 }];
        let suppressions = store.suppressions().await.unwrap();
        let batch = Batch { notes: vec![letter], advances, suppressions, ..Batch::default() };
        facts.failed.store(1, Ordering::SeqCst);
        let closed = notes.gate.lock().await;
        let commit = {
            let store = store.clone();
            tokio::spawn(async move { store.commit(&batch).await })
        };
        notes.at_gate.notified().await;
        other.erase("a_1", &EraseOptions::default()).await.unwrap();
        drop(closed);
        let error = commit.await.unwrap().unwrap_err();
        assert_eq!(error.next(), crate::Next::SendAgain, "{error}");
        let left = store.dead_letter_rows(&DeadLetterFilter::default()).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
    }
}
