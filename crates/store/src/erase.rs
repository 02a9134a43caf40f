//! Forgetting an author: every row of theirs under each of their names, in every file, and for every replay to
//! come.

use crate::Store;
use crate::error::StoreError;
use crate::forget::{Removed, find, is_theirs};
use crate::log::ErasedFromLogs;
use crate::removal::{ROUNDS, texts};
use crate::schema::Table;
use crate::snapshot::FILE;
use crate::vacuum::{Expiry, vacuum};
use feedback::record::MOST_NAMES_BESIDE;
use feedback::time::{Day, Timestamp};
use polars::prelude::{IntoLazy, JoinArgs, JoinType, UniqueKeepStrategy, col, lit};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// The columns that hold a person's pseudonyms.
const NAMES: [&str; 2] = ["author", "author_alias"];

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EraseOptions {
    /// Delete the removed files at once. Readers that hold an older version lose it; so does whoever wanted
    /// to go back in time.
    pub purge: bool,
}

/// What an erasure removed, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EraseReport {
    pub author: String,
    /// Something was there under this name, if only notes of what a compaction had dropped.
    pub found: bool,
    /// An earlier erasure found something under this name, or a message told it of somebody erased. (Where an erasure
    /// found nothing, the name is suppressed as well.)
    pub erased_before: bool,
    /// Pseudonyms that were followed from it, itself among them; all are suppressed now.
    pub names: usize,
    /// Pseudonyms that stand beside one of theirs and beside many others: an id that many people share, which was
    /// not followed.
    pub shared_names: usize,
    /// Rows of `feedback`: every version, duplicates and tombstones included.
    pub feedback_rows: usize,
    pub items: usize,
    pub dead_letter_rows: usize,
    /// Of alerts, cases, deliveries, digests and corrections.
    pub logs: ErasedFromLogs,
    pub files_rewritten: usize,
    /// Their insights have to be recomputed; [`Store::touched_since`] names them too.
    pub days: BTreeSet<Day>,
    pub files_deleted: usize,
    /// Removed files still on disk that hold rows of theirs.
    pub files_waiting: usize,
    /// When the last of them may be deleted by a vacuum; `None` if none is left.
    pub purged_by: Option<Timestamp>,
}

impl EraseReport {
    /// Before anything is said of old files.
    fn new(author: &str, erased_before: bool, names: usize, removed: Removed) -> Self {
        let found = removed.found_something();
        let Removed { feedback_rows, items, dead_letter_rows, files, days, shared, logs } = removed;
        Self {
            author: author.to_owned(),
            found,
            erased_before,
            names,
            shared_names: shared.len(),
            feedback_rows,
            items: items.len(),
            dead_letter_rows,
            logs,
            files_rewritten: files,
            days,
            files_deleted: 0,
            files_waiting: 0,
            purged_by: None,
        }
    }
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
        self.ensure_one_persons(author).await?;
        let mut names = BTreeSet::from([author.to_owned()]);
        let erased_before = self.erased_before(author).await?;
        let mut removed = self.forget(&mut names, observe).await?;
        let (found, followed) = (removed.found_something(), names.len());
        // An erasure that was interrupted may have left rows of names that no row links to theirs any more.
        removed.add(self.sweep_suppressed(&mut names, observe).await?);
        let mut report = EraseReport { found, ..EraseReport::new(author, erased_before, followed, removed) };
        for table in [Table::Feedback, Table::DeadLetters].into_iter().chain(Table::LOGS) {
            let kept = self.retention(table);
            let retention = if options.purge { Duration::ZERO } else { kept };
            let now = chrono::Utc::now().timestamp_millis();
            let done = vacuum(self.handle(table), Expiry::new(now, retention, retention)).await?;
            let waiting = match Table::LOGS.contains(&table) {
                true => self.holding_in_log(table, &names, done.waiting).await?,
                false => self.holding(table, &mut names, done.waiting).await?,
            };
            report.files_deleted += done.deleted;
            report.files_waiting += waiting.len();
            let last = waiting.into_iter().max();
            let last = last.map(|at| Timestamp((at + kept.as_millis() as i64) * 1000));
            report.purged_by = report.purged_by.max(last);
        }
        Ok(report)
    }

    /// What [`Self::erase`] would remove as the tables are now. Nothing is written; of files only how many would be
    /// rewritten is told.
    pub async fn would_erase(&self, author: &str) -> Result<EraseReport, StoreError> {
        self.ensure_one_persons(author).await?;
        let mut names = BTreeSet::from([author.to_owned()]);
        let mut shared = BTreeSet::new();
        self.follow(&mut names, &mut shared).await?;
        let found = Removed { shared, ..self.theirs(&names).await? };
        Ok(EraseReport::new(author, self.erased_before(author).await?, names.len(), found))
    }

    /// Whoever names many people cannot be followed.
    async fn ensure_one_persons(&self, author: &str) -> Result<(), StoreError> {
        let few = self.not_shared(BTreeSet::from([author.to_owned()]), &mut BTreeSet::new()).await?;
        if few.is_empty() {
            return Err(StoreError::SharedName { name: author.to_owned(), most: MOST_NAMES_BESIDE });
        }
        Ok(())
    }

    /// A name that was mistyped is suppressed, and never had a row or a message.
    async fn erased_before(&self, author: &str) -> Result<bool, StoreError> {
        if !self.suppressions().await?.contains(author) {
            return Ok(false);
        }
        let all = self.inner.suppressions.snapshot().await?.scan()?;
        let had_rows = col("author").eq(lit(author.to_owned())).and(col("removed_rows").gt(lit(0_i64)));
        Ok(crate::collect(all.filter(had_rows).select([col("author")])).await?.height() > 0)
    }

    /// Since when those of the files wait that hold rows of theirs (ms since 1970). Names that only these files link
    /// to theirs are added.
    async fn holding(
        &self,
        table: Table,
        names: &mut BTreeSet<String>,
        mut files: HashMap<String, i64>,
    ) -> Result<Vec<i64>, StoreError> {
        for _ in 0..ROUNDS {
            match self.holding_of(table, names, &files).await {
                // A writer threw away what it could not commit, or another purge was faster.
                Err(StoreError::Busy { .. }) => self.handle(table).folder().forget_gone(&mut files).await?,
                done => return done,
            }
        }
        Err(StoreError::Busy { path: self.handle(table).place.clone() })
    }

    async fn holding_of(
        &self,
        table: Table,
        names: &mut BTreeSet<String>,
        files: &HashMap<String, i64>,
    ) -> Result<Vec<i64>, StoreError> {
        let paths: Vec<String> = files.keys().cloned().collect();
        let snapshot = self.handle(table).snapshot().await?;
        let suppressions = self.suppressions().await?;
        let rows = snapshot.scan_paths_with_files(&paths)?;
        loop {
            let named = crate::collect(rows.clone().filter(is_theirs(names)).select(NAMES.map(col))).await?;
            let before = names.len();
            for column in NAMES {
                let linked = texts(&named, column)?.into_iter();
                names.extend(linked.filter(|name| suppressions.contains(name)));
            }
            if names.len() == before {
                break;
            }
        }
        let theirs = texts(&find(table, &rows, names).await?, FILE)?;
        Ok(files.iter().filter(|(path, _)| theirs.contains(*path)).map(|(_, since)| *since).collect())
    }

    /// Removes what there is of anybody suppressed: what came in while its author was being erased, by a writer that
    /// died before it could look, and what an interrupted erasure left. Their names are added.
    pub(crate) async fn sweep_suppressed(
        &self,
        names: &mut BTreeSet<String>,
        observe: &(dyn Fn(EraseProgress) + Send + Sync),
    ) -> Result<Removed, StoreError> {
        let suppressions = self.suppressions().await?;
        if suppressions.is_empty() {
            return Ok(Removed::default());
        }
        let suppressed = suppressions.frame()?;
        let mut left = BTreeSet::new();
        for table in [Table::Feedback, Table::DeadLetters] {
            for column in NAMES {
                let rows = self.handle(table).snapshot().await?.scan()?.select([col(column)]);
                let theirs = suppressed.clone().lazy();
                let join = JoinArgs::new(JoinType::Semi);
                let found = rows.join(theirs, [col(column)], [col("author")], join);
                let found = crate::collect(found.unique(None, UniqueKeepStrategy::Any)).await?;
                left.extend(texts(&found, column)?);
            }
        }
        left.extend(self.names_in_logs(|name| suppressions.contains(name)).await?);
        let removed = match left.is_empty() {
            true => Removed::default(),
            false => self.forget(&mut left, observe).await?,
        };
        names.extend(left);
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreOptions;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_file_that_its_writer_threw_away_holds_nobody() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().to_str().unwrap();
        let store = Store::open(place, StoreOptions::default()).await.unwrap();
        let gone = HashMap::from([("day=2024-10-04/part-00000-gone.parquet".to_owned(), 1)]);
        let mut names = BTreeSet::from(["somebody".to_owned()]);
        let waiting = store.holding(Table::Feedback, &mut names, gone).await.unwrap();
        assert_eq!(waiting, Vec::<i64>::new());
    }
}
