//! The exactly-once commit: notes first, then rows and offsets at once.

use crate::encode::EncodedFiles;
use crate::error::{CommitError, StoreError};
use crate::failpoints;
use crate::notes::{Note, Outcome, encode_notes};
use crate::table::{AppVersion, Expected, Intent, Purpose, Refused};
use crate::{Store, Suppressions, signed};
use std::collections::BTreeSet;
use std::time::Instant;

/// What a worker has ready: rows, notes, and how far they bring each partition.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub facts: EncodedFiles,
    /// Those of positions that have a note already are dropped.
    pub notes: Vec<Note>,
    /// Notes of positions that have one, which they take the place of: what was refused is ignored now, say.
    pub replacing: Vec<Note>,
    /// At most one for each app id. With none, the rows are committed without any fence.
    pub advances: Vec<Advance>,
    /// What the rows were filtered by; none of them is of a suppressed author.
    pub suppressions: Suppressions,
}

/// One partition's progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// `<group>/<topic>/<partition>`.
    pub app_id: String,
    /// The next offset as [`Store::resume`] or the commit before said; the commit fails if it moved.
    pub from: Option<i64>,
    /// The next offset after this batch. The same as `from` where a replay fills in below it.
    pub next: i64,
}

/// What a commit became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Of `feedback`.
    pub version: i64,
    pub rows: usize,
    /// Notes written; those that were there already are not counted.
    pub notes: usize,
}

impl Store {
    /// The next offset that `feedback` notes for each app id; `None` where it has never been committed.
    pub async fn resume(&self, app_ids: &[String]) -> Result<Vec<Option<i64>>, StoreError> {
        self.inner.feedback.app_versions(app_ids).await
    }

    /// The same of the notes, which are committed before the rows: further on than [`Self::resume`] says where
    /// somebody ended in between.
    pub async fn notes_resume(&self, app_ids: &[String]) -> Result<Vec<Option<i64>>, StoreError> {
        self.inner.dead_letters.app_versions(app_ids).await
    }

    /// Makes the batch visible, all of it or nothing; it can be sent again after any error that
    /// [`CommitError::next`] says so of, and then finds by itself what has already been done.
    pub async fn commit(&self, batch: &Batch) -> Result<Committed, CommitError> {
        self.check_batch(batch).await?;
        self.follow_aliases(batch).await?;
        let notes = self.commit_notes(batch).await?;
        failpoints::pass(failpoints::BETWEEN_TABLES);
        let committed = self.commit_facts(batch).await;
        // Where the facts were refused, too: the notes stand.
        self.forget_latecomers(&batch.suppressions).await?;
        Ok(Committed { version: committed?, rows: batch.facts.rows(), notes })
    }

    /// The version they became.
    async fn commit_facts(&self, batch: &Batch) -> Result<i64, CommitError> {
        let feedback = &self.inner.feedback;
        let put_at = Instant::now();
        let adds = feedback.put(&batch.facts, true).await?;
        failpoints::pass(failpoints::FILES_PUT);
        let notes_of = |advance: &Advance| AppVersion {
            app_id: advance.app_id.clone(),
            expected: Expected::Exactly(advance.from),
            version: advance.next,
        };
        let intent = Intent {
            purpose: Purpose::Append,
            adds,
            removes: Vec::new(),
            notes: batch.advances.iter().map(notes_of).collect(),
            put_at,
        };
        match feedback.transact(&intent).await {
            Ok(version) => Ok(signed(version)),
            Err(Refused::AppMoved { app_id, expected, found }) => {
                Err(CommitError::Fenced { app_id, expected, found })
            }
            Err(Refused::Store(error)) => Err(error.into()),
            // Nothing is removed by an append.
            Err(Refused::FilesGone) => Err(StoreError::Busy { path: feedback.place.clone() }.into()),
        }
    }

    /// A message of somebody forgotten may tell another name of theirs, under which there are rows: that is
    /// forgotten as well, before the message counts as done.
    async fn follow_aliases(&self, batch: &Batch) -> Result<(), CommitError> {
        let notes = batch.notes.iter().chain(&batch.replacing);
        let erased = notes.filter(|note| note.outcome == Outcome::Erased && note.names().count() > 1);
        let told: Vec<&Note> = erased.collect();
        if told.is_empty() {
            return Ok(());
        }
        let suppressions = self.suppressions().await?;
        let is_known = |name: &&String| suppressions.contains(name);
        let half_known = told.iter().filter(|note| note.names().any(|name| is_known(&name)));
        let others = half_known.flat_map(|note| note.names().filter(|name| !is_known(name)).cloned());
        let mut others: BTreeSet<String> = others.collect();
        // Shared ones are asked about once: they stay shared.
        let mut shared = self.inner.caches.shared.lock().await;
        others.retain(|name| !shared.contains(name));
        let mut names = self.not_shared(others, &mut shared).await?;
        drop(shared);
        if names.is_empty() {
            return Ok(());
        }
        // This message at least was theirs: whoever erases such a name later has made no slip.
        self.suppress_all(&names, 1).await?;
        self.forget(&mut names, &|_| {}).await?;
        Err(CommitError::SuppressionsChanged)
    }

    async fn check_batch(&self, batch: &Batch) -> Result<(), CommitError> {
        for advance in &batch.advances {
            if let Some(from) = advance.from.filter(|from| *from > advance.next) {
                return Err(CommitError::Backwards {
                    app_id: advance.app_id.clone(),
                    from,
                    next: advance.next,
                });
            }
        }
        if !self.suppressions().await?.since(&batch.suppressions).is_empty() {
            return Err(CommitError::SuppressionsChanged);
        }
        // Looked at again under the commit; here it spares a zombie's notes.
        let app_ids: Vec<String> = batch.advances.iter().map(|advance| advance.app_id.clone()).collect();
        let found = self.resume(&app_ids).await?;
        for (advance, found) in batch.advances.iter().zip(found) {
            if found != advance.from {
                let (app_id, expected) = (advance.app_id.clone(), advance.from);
                return Err(CommitError::Fenced { app_id, expected, found });
            }
        }
        Ok(())
    }

    /// Somebody may have been erased between the check above and the commit. The erasure looks for rows
    /// after it has suppressed the author, this looks for suppressions after it has written rows: one of
    /// the two sees the other.
    pub(crate) async fn forget_latecomers(&self, known: &Suppressions) -> Result<(), StoreError> {
        let mut names = self.suppressions().await?.since(known);
        if !names.is_empty() {
            self.forget(&mut names, &|_| {}).await?;
        }
        Ok(())
    }

    /// Writes the notes whose positions have none yet, and those that take another's place.
    async fn commit_notes(&self, batch: &Batch) -> Result<usize, CommitError> {
        if batch.notes.is_empty() && batch.replacing.is_empty() {
            return Ok(0);
        }
        let positions: Vec<_> = batch.notes.iter().map(|note| &note.position).collect();
        let noted = self.is_noted(&positions).await?;
        let fresh = batch.notes.iter().zip(noted).filter(|(_, noted)| !noted).map(|(note, _)| note);
        let replacing = self.outlasting(batch.replacing.clone()).await?;
        let fresh: Vec<&Note> = fresh.chain(&replacing).collect();
        let advance = |advance: &Advance| AppVersion {
            app_id: advance.app_id.clone(),
            expected: Expected::Anything,
            version: advance.next,
        };
        self.append_notes(&fresh, batch.advances.iter().map(advance).collect()).await?;
        Ok(fresh.len())
    }

    pub(crate) async fn append_notes(
        &self,
        notes: &[&Note],
        apps: Vec<AppVersion>,
    ) -> Result<(), StoreError> {
        if notes.is_empty() {
            return Ok(());
        }
        let table = &self.inner.dead_letters;
        let put_at = Instant::now();
        let adds = table.put(&encode_notes(notes)?, true).await?;
        let intent = Intent { purpose: Purpose::Append, adds, removes: vec![], notes: apps, put_at };
        let version = match table.transact(&intent).await {
            Ok(version) => version,
            Err(Refused::Store(error)) => return Err(error),
            // Nothing is expected and nothing removed.
            Err(_) => return Err(StoreError::Busy { path: table.place.clone() }),
        };
        self.remember_noted(notes.iter().map(|note| &note.position).collect(), version).await;
        Ok(())
    }
}
