//! Forgetting an author: every row of theirs under each of their names, in every file, and for every replay to
//! come.

use crate::Store;
use crate::error::StoreError;
use crate::forget::{Removed, find, is_theirs};
use crate::removal::texts;
use crate::schema::Table;
use crate::snapshot::FILE;
use crate::vacuum::{Expiry, vacuum};
use feedback::record::MOST_NAMES_BESIDE;
use feedback::time::{Day, Timestamp};
use polars::prelude::{IntoLazy, JoinArgs, JoinType, UniqueKeepStrategy, col};
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

/// What an erasure removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EraseReport {
    pub author: String,
    /// The name was suppressed already: it was erased before.
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
        let mut many = BTreeSet::new();
        if self.not_shared(names.clone(), &mut many).await?.is_empty() {
            return Err(StoreError::SharedName { name: author.to_owned(), most: MOST_NAMES_BESIDE });
        }
        let erased_before = self.suppressions().await?.contains(author);
        let mut removed = self.forget(&mut names, observe).await?;
        let followed = names.len();
        // An erasure that was interrupted may have left rows of names that no row links to theirs any more.
        removed.add(self.sweep_suppressed(&mut names, observe).await?);
        let Removed { feedback_rows, items, dead_letter_rows, files, days, shared } = removed;
        let mut report = EraseReport {
            author: author.to_owned(),
            erased_before,
            names: followed,
            shared_names: shared.len(),
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
            let waiting = self.holding(table, &mut names, done.waiting).await?;
            report.files_deleted += done.deleted;
            report.files_waiting += waiting.len();
            let last = waiting.into_iter().max();
            let last = last.map(|at| Timestamp((at + kept.as_millis() as i64) * 1000));
            report.purged_by = report.purged_by.max(last);
        }
        Ok(report)
    }

    /// Since when those of the files wait that hold rows of theirs (ms since 1970). Names that only these files link
    /// to theirs are added.
    async fn holding(
        &self,
        table: Table,
        names: &mut BTreeSet<String>,
        files: HashMap<String, i64>,
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
        Ok(files.into_iter().filter(|(path, _)| theirs.contains(path)).map(|(_, since)| since).collect())
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
        let removed = match left.is_empty() {
            true => Removed::default(),
            false => self.forget(&mut left, observe).await?,
        };
        names.extend(left);
        Ok(removed)
    }
}
