//! Forgetting an author: every row of theirs under each of their names, in every file, and for every replay to
//! come.

use crate::Store;
use crate::error::StoreError;
use crate::forget::{Removed, find};
use crate::removal::texts;
use crate::schema::Table;
use crate::snapshot::FILE;
use crate::vacuum::{Expiry, vacuum};
use feedback::time::{Day, Timestamp};
use polars::prelude::{UniqueKeepStrategy, col};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EraseOptions {
    /// Delete the removed files at once. Readers that hold an older version lose it; so does whoever wanted
    /// to go back in time.
    pub purge: bool,
}

/// What an erasure removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EraseReport {
    pub author: String,
    /// Pseudonyms that were followed from it, itself among them; all are suppressed now.
    pub names: usize,
    /// Rows of `feedback`: every version, duplicates and tombstones included.
    pub feedback_rows: usize,
    pub items: usize,
    pub dead_letter_rows: usize,
    pub files_rewritten: usize,
    /// Their insights have to be recomputed; [`Store::touched_since`] names them too.
    pub days: BTreeSet<Day>,
    pub files_deleted: usize,
    /// Removed files still on disk that hold rows of theirs.
    pub files_waiting: usize,
    /// When the last of them may be deleted by a vacuum; `None` if none is left.
    pub purged_by: Option<Timestamp>,
}

/// How far an erasure is: each day is a commit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EraseProgress {
    pub table: Table,
    /// Days of the table that were rewritten.
    pub done: usize,
    /// Days that hold rows of theirs, as far as known.
    pub days: usize,
}

impl Store {
    /// Removes every row of `author` (a pseudonym) and of their items from every table. What carries another
    /// pseudonym beside theirs names the same person, and is followed. An erasure that was interrupted is finished
    /// by running it again.
    pub async fn erase(&self, author: &str, options: &EraseOptions) -> Result<EraseReport, StoreError> {
        self.erase_observed(author, options, &|_| {}).await
    }

    /// Like [`Self::erase`], and tells how far it is after each commit.
    pub async fn erase_observed(
        &self,
        author: &str,
        options: &EraseOptions,
        observe: &(dyn Fn(EraseProgress) + Send + Sync),
    ) -> Result<EraseReport, StoreError> {
        let mut names = BTreeSet::from([author.to_owned()]);
        let removed = self.forget(&mut names, observe).await?;
        let Removed { feedback_rows, items, dead_letter_rows, files, days } = removed;
        let mut report = EraseReport {
            author: author.to_owned(),
            names: names.len(),
            feedback_rows,
            items: items.len(),
            dead_letter_rows,
            files_rewritten: files,
            days,
            files_deleted: 0,
            files_waiting: 0,
            purged_by: None,
        };
        for table in [Table::Feedback, Table::DeadLetters] {
            let kept = self.retention(table);
            let retention = if options.purge { Duration::ZERO } else { kept };
            let now = chrono::Utc::now().timestamp_millis();
            let done = vacuum(self.handle(table), Expiry::new(now, retention, retention)).await?;
            let waiting = self.holding(table, &names, done.waiting).await?;
            report.files_deleted += done.deleted;
            report.files_waiting += waiting.len();
            let last = waiting.into_iter().max();
            let last = last.map(|at| Timestamp((at + kept.as_millis() as i64) * 1000));
            report.purged_by = report.purged_by.max(last);
        }
        Ok(report)
    }

    /// Since when those of the files wait that hold rows of theirs (ms since 1970).
    async fn holding(
        &self,
        table: Table,
        names: &BTreeSet<String>,
        files: HashMap<String, i64>,
    ) -> Result<Vec<i64>, StoreError> {
        let paths: Vec<String> = files.keys().cloned().collect();
        let snapshot = self.handle(table).snapshot().await?;
        let rows = find(table, &snapshot.scan_paths_with_files(&paths)?, names).await?;
        let theirs = texts(&rows, FILE)?;
        Ok(files.into_iter().filter(|(path, _)| theirs.contains(path)).map(|(_, since)| since).collect())
    }

    /// Removes what came in while its author was being erased, by a writer that died before it could look.
    pub(crate) async fn sweep_suppressed(&self) -> Result<(), StoreError> {
        let suppressions = self.suppressions().await?;
        if suppressions.is_empty() {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        for table in [Table::Feedback, Table::DeadLetters] {
            for column in ["author", "author_alias"] {
                let rows = self.handle(table).snapshot().await?.scan()?.select([col(column)]);
                let found = crate::collect(rows.unique(None, UniqueKeepStrategy::Any)).await?;
                names.extend(texts(&found, column)?.into_iter().filter(|name| suppressions.contains(name)));
            }
        }
        if !names.is_empty() {
            self.forget(&mut names, &|_| {}).await?;
        }
        Ok(())
    }
}
