//! Local files that a power cut does not tear: what a commit names is on the disk before the commit is.
//!
//! A commit that is lost as a whole is harmless, since its offsets are lost with it and the messages are read again.
//! A log entry that survives without the files it names, or half written, is not: nobody could open the table any
//! more. So each file is synced before it gets its name, and its directory afterwards. (A large checkpoint, which Delta
//! writes in parts, is synced just after, and before the hint that names it.) Object stores in the net do all this by
//! themselves.

use crate::failpoints;
use deltalake_core::Path;
use deltalake_core::logstore::object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions, Result, UploadPart,
};
use futures::stream::BoxStream;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

/// A store of the local disk, with its root there.
#[derive(Debug)]
pub(crate) struct Durable {
    pub inner: Arc<dyn ObjectStore>,
    pub root: PathBuf,
}

impl std::fmt::Display for Durable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "durable {}", self.inner)
    }
}

#[async_trait::async_trait]
impl ObjectStore for Durable {
    async fn put_opts(&self, to: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let create = match options.mode {
            PutMode::Create => true,
            PutMode::Overwrite => false,
            // The local disk refuses it.
            PutMode::Update(_) => return self.inner.put_opts(to, payload, options).await,
        };
        let path = self.root.join(to.as_ref());
        let written = tokio::task::spawn_blocking(move || write(&path, &payload, create)).await;
        let refused = |source: std::io::Error| match source.kind() {
            ErrorKind::AlreadyExists => Error::AlreadyExists { path: to.to_string(), source: source.into() },
            _ => failed(source),
        };
        match written {
            Ok(written) => written.map_err(refused)?,
            Err(panicked) => return Err(Error::JoinError { source: panicked }),
        }
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn put_multipart_opts(
        &self,
        to: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let inner = self.inner.put_multipart_opts(to, options).await?;
        Ok(Box::new(SyncedUpload { inner, path: self.root.join(to.as_ref()) }))
    }

    async fn get_opts(&self, from: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(from, options).await
    }

    fn delete_stream(&self, paths: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.inner.rename_opts(from, to, options).await
    }
}

/// An upload in parts.
#[derive(Debug)]
struct SyncedUpload {
    inner: Box<dyn MultipartUpload>,
    path: PathBuf,
}

#[async_trait::async_trait]
impl MultipartUpload for SyncedUpload {
    fn put_part(&mut self, part: PutPayload) -> UploadPart {
        self.inner.put_part(part)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let done = self.inner.complete().await?;
        let path = self.path.clone();
        let synced = tokio::task::spawn_blocking(move || {
            File::open(&path)?.sync_data()?;
            sync_folder(path.parent().unwrap_or(&path))
        });
        match synced.await {
            Ok(synced) => synced.map_err(failed)?,
            Err(panicked) => return Err(Error::JoinError { source: panicked }),
        }
        Ok(done)
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}

fn failed(source: std::io::Error) -> Error {
    Error::Generic { store: "local disk", source: source.into() }
}

/// The whole file or none of it, under its name; with `create`, only if there is none of that name.
fn write(path: &FilePath, payload: &PutPayload, create: bool) -> std::io::Result<()> {
    failpoints::fault(failpoints::WRITE)?;
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    if !folder.is_dir() {
        // A file in the way of the folder is not the file that was to be created.
        std::fs::create_dir_all(folder).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
            _ => error,
        })?;
        sync_folder(folder.parent().unwrap_or(folder))?;
    }
    let staged = staged(path);
    let named = stage(&staged, payload).and_then(|()| {
        if create { std::fs::hard_link(&staged, path) } else { std::fs::rename(&staged, path) }
    });
    if create || named.is_err() {
        // At worst it stays, and a vacuum takes it.
        let _ = std::fs::remove_file(&staged);
    }
    named?;
    sync_folder(folder)
}

/// `<name>#<digits>`: the local object store lists no such files. The digits are random: containers that share a disk
/// may have the same process numbers, and must never write into each other's file.
fn staged(path: &FilePath) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!("#{}", uuid::Uuid::new_v4().as_u128()));
    name.into()
}

fn stage(staged: &FilePath, payload: &PutPayload) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(staged)?;
    payload.iter().try_for_each(|part| file.write_all(part))?;
    file.sync_data()
}

fn sync_folder(folder: &FilePath) -> std::io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems know no such thing.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deltalake_core::logstore::object_store::{ObjectStoreExt, memory::InMemory};

    #[tokio::test]
    async fn files_get_their_name_whole_and_once() {
        let root = tempfile::tempdir().unwrap();
        let store = Durable { inner: Arc::new(InMemory::new()), root: root.path().to_owned() };
        let (entry, path) = (Path::from("_delta_log/0.json"), root.path().join("_delta_log/0.json"));
        let create = || PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        store.put_opts(&entry, "first".into(), create()).await.unwrap();
        let error = store.put_opts(&entry, "second".into(), create()).await.unwrap_err();
        assert!(matches!(error, Error::AlreadyExists { .. }), "{error:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first");
        store.put(&entry, "third".into()).await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "third");
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "nothing staged is left");
    }

    /// Containers share process numbers: nothing but chance tells their files apart.
    #[test]
    fn no_two_writers_stage_in_one_file() {
        let path = FilePath::new("_delta_log/0.json");
        let names: std::collections::HashSet<PathBuf> = (0..1_000).map(|_| staged(path)).collect();
        assert_eq!(names.len(), 1_000);
        for name in names {
            let name = name.into_os_string().into_string().unwrap();
            let digits = name.strip_prefix("_delta_log/0.json#").unwrap();
            assert!(digits.len() > 30 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{name}");
        }
    }

    #[test]
    fn a_staged_file_is_never_written_into() {
        let root = tempfile::tempdir().unwrap();
        let taken = root.path().join("0.json#1");
        std::fs::write(&taken, "another's").unwrap();
        assert_eq!(stage(&taken, &"mine".into()).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&taken).unwrap(), "another's");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("day"), "in the way").unwrap();
        let store = Durable { inner: Arc::new(InMemory::new()), root: root.path().to_owned() };
        let error = store.put(&Path::from("day/part.parquet"), "rows".into()).await.unwrap_err();
        assert!(matches!(error, Error::Generic { .. }), "{error:?}");
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
