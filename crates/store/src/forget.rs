//! Following a person's names, and taking their rows out.
//!
//! The suppressions are written first, so that whoever comes back with their rows is refused or cleaned up after.
//! Each position that loses its rows gets a note, so that the ledger adds up. Each day is a commit of its own:
//! memory is that of one file, and a commit beside it costs a day's work and not all. A row that is theirs only by
//! its item (a tombstone names nobody) goes before the rows that tell whose the item is: so an erasure that was
//! interrupted finds the rest again. The logs of what happened come before all of these, for the same reason.

use crate::erase::EraseProgress;
use crate::error::StoreError;
use crate::index::{column, why_gone};
use crate::log::{ErasedFromLogs, Theirs};
use crate::notes::Outcome;
use crate::removal::{ROUNDS, by_day, counted_by, notes_of, take_out, texts};
use crate::resolve::POSITION;
use crate::rewrite::Keep;
use crate::schema::{DAY, Table};
use crate::snapshot::FILE;
use crate::{Store, collect};
use deltalake_core::arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use feedback::record::MOST_NAMES_BESIDE;
use feedback::time::{Day, Timestamp};
use polars::prelude::{DataFrame, Expr, JoinArgs, JoinType, LazyFrame, UniqueKeepStrategy, col, lit};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// The column of [`find`] that tells the rows that name them from those that only belong to their items.
const NAMED: &str = "named";

/// What may hold rows of a person, in the order in which it gives them up.
const TABLES: [Table; 2] = [Table::DeadLetters, Table::Feedback];

/// What the passes over the tables took out.
#[derive(Default)]
pub(crate) struct Removed {
    pub feedback_rows: usize,
    pub items: HashSet<String>,
    pub dead_letter_rows: usize,
    pub files: usize,
    pub days: BTreeSet<Day>,
    /// Names that stood beside theirs and were not followed ([`MOST_NAMES_BESIDE`]).
    pub shared: BTreeSet<String>,
    pub logs: ErasedFromLogs,
}

impl Removed {
    /// Of a table's day: rows as [`find`] gives them, which stand in so many files.
    fn count(
        &mut self,
        table: Table,
        day: Option<Day>,
        rows: &DataFrame,
        files: usize,
    ) -> Result<(), StoreError> {
        self.files += files;
        match table {
            Table::Feedback => {
                self.feedback_rows += rows.height();
                self.items.extend(texts(rows, "item_id")?);
                self.days.extend(day);
            }
            // Notes of what a compaction dropped are there for their names only.
            _ => {
                let outcomes = rows.column("outcome")?.str()?;
                let letter = Outcome::DeadLetter.as_str();
                self.dead_letter_rows += outcomes.iter().filter(|outcome| *outcome == Some(letter)).count();
            }
        }
        Ok(())
    }

    pub fn found_something(&self) -> bool {
        self.files > 0 || self.logs.rows_removed + self.logs.rows_changed > 0
    }

    pub fn add(&mut self, other: Self) {
        let Self { feedback_rows, items, dead_letter_rows, files, days, shared, logs } = other;
        self.feedback_rows += feedback_rows;
        self.items.extend(items);
        self.dead_letter_rows += dead_letter_rows;
        self.files += files;
        self.days.extend(days);
        self.shared.extend(shared);
        self.logs.add(logs);
    }
}

impl Store {
    /// Takes out every row of these names, and of every name that stands beside one of them, until none is left,
    /// whatever others commit meanwhile. The names that were found are added.
    pub(crate) async fn forget(
        &self,
        names: &mut BTreeSet<String>,
        observe: &(dyn Fn(EraseProgress) + Send + Sync),
    ) -> Result<Removed, StoreError> {
        let mut removed = Removed::default();
        for _ in 0..ROUNDS {
            self.follow(names, &mut removed.shared).await?;
            self.suppress_all(names, 0).await?;
            let mut found = match self.theirs_of(names).await? {
                Some(theirs) => self.forget_in_logs(&theirs, &mut removed.logs, observe).await?,
                None => false,
            };
            for table in TABLES {
                found |= self.pass(table, names, &mut removed, observe).await?;
            }
            if !found {
                return Ok(removed);
            }
        }
        Err(why_gone(&self.inner.feedback).await)
    }

    /// What a pass over the tables would take out. Nothing is written.
    pub(crate) async fn theirs(&self, names: &BTreeSet<String>) -> Result<Removed, StoreError> {
        let mut found = Removed::default();
        for table in TABLES {
            let snapshot = self.handle(table).snapshot().await?;
            let rows = find(table, &snapshot.scan_with_files()?, names).await?;
            for (day, (rows, files)) in by_day(&rows, &snapshot.files())? {
                found.count(table, day, &rows, files.len())?;
            }
        }
        if let Some(theirs) = self.theirs_of(names).await? {
            found.logs = self.theirs_in_logs(&theirs).await?;
        }
        Ok(found)
    }

    /// Whom the logs are searched for; `None` where there is nothing to search.
    async fn theirs_of(&self, names: &BTreeSet<String>) -> Result<Option<Theirs>, StoreError> {
        if !self.has_logs().await? {
            return Ok(None);
        }
        let rows = self.inner.feedback.snapshot().await?.scan()?;
        let on = [col("item_id")];
        let theirs = rows.clone().filter(is_theirs(names)).select(on.clone());
        let theirs = theirs.unique(None, UniqueKeepStrategy::Any);
        let records = rows.join(theirs, on.clone(), on, JoinArgs::new(JoinType::Semi));
        let records = collect(records.select([col("record_id")])).await?;
        Ok(Some(Theirs { names: names.clone(), records: texts(&records, "record_id")? }))
    }

    /// Adds the names that rows carry beside one of these, to the last; but for those that many people share.
    pub(crate) async fn follow(
        &self,
        names: &mut BTreeSet<String>,
        shared: &mut BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let mut latest = names.clone();
        while !latest.is_empty() {
            let beside = neighbours(&self.pairs(&latest).await?, &latest);
            let found: BTreeSet<String> =
                beside.into_values().flatten().filter(|name| !names.contains(name)).collect();
            latest = self.not_shared(found, shared).await?;
            names.extend(latest.iter().cloned());
        }
        Ok(())
    }

    /// Those that stand beside few others. An id as `anonymous` stands beside everybody's address: it names nobody,
    /// and following it would forget everybody.
    pub(crate) async fn not_shared(
        &self,
        names: BTreeSet<String>,
        shared: &mut BTreeSet<String>,
    ) -> Result<BTreeSet<String>, StoreError> {
        if names.is_empty() {
            return Ok(names);
        }
        let beside = neighbours(&self.pairs(&names).await?, &names);
        let many = |name: &String| beside.get(name).is_some_and(|others| others.len() > MOST_NAMES_BESIDE);
        let (many, few): (BTreeSet<String>, BTreeSet<String>) = names.into_iter().partition(many);
        shared.extend(many);
        Ok(few)
    }

    /// The names that stand in one row of either table, where one of them is one of these.
    async fn pairs(&self, names: &BTreeSet<String>) -> Result<Vec<(String, String)>, StoreError> {
        let mut pairs = Vec::new();
        for table in TABLES {
            let both = col("author").is_not_null().and(col("author_alias").is_not_null());
            let rows = self.handle(table).snapshot().await?.scan()?.filter(is_theirs(names).and(both));
            let rows = rows.select([col("author"), col("author_alias")]);
            let rows = collect(rows.unique(None, UniqueKeepStrategy::Any)).await?;
            let (author, alias) = (rows.column("author")?.str()?, rows.column("author_alias")?.str()?);
            let both = author.iter().zip(alias.iter());
            pairs.extend(both.filter_map(|(one, other)| Some((one?.to_owned(), other?.to_owned()))));
        }
        Ok(pairs)
    }

    /// Keeps these names out from now on, with how many rows there are of theirs; `at_least` so many are noted, for
    /// names that were told by a message and not by whoever erases.
    pub(crate) async fn suppress_all(
        &self,
        names: &BTreeSet<String>,
        at_least: usize,
    ) -> Result<(), StoreError> {
        let suppressed = self.suppressions().await?;
        let fresh: Vec<&String> = names.iter().filter(|name| !suppressed.contains(name)).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let mut rows = 0;
        for table in TABLES {
            let all = self.handle(table).snapshot().await?.scan_with_files()?;
            rows += find(table, &all, names).await?.height();
        }
        if let Some(theirs) = self.theirs_of(names).await? {
            let ErasedFromLogs { rows_removed, rows_changed, .. } = self.theirs_in_logs(&theirs).await?;
            rows += rows_removed + rows_changed;
        }
        for name in fresh {
            self.suppress(name, Timestamp::from_datetime(chrono::Utc::now()), rows.max(at_least)).await?;
        }
        Ok(())
    }

    /// Whether there was anything of theirs in the table.
    async fn pass(
        &self,
        table: Table,
        names: &BTreeSet<String>,
        removed: &mut Removed,
        observe: &(dyn Fn(EraseProgress) + Send + Sync),
    ) -> Result<bool, StoreError> {
        let snapshot = self.handle(table).snapshot().await?;
        let rows = find(table, &snapshot.scan_with_files()?, names).await?;
        if rows.height() == 0 {
            return Ok(false);
        }
        let named = rows.column(NAMED)?.bool()?;
        let (by_name, by_item) = (rows.filter(named)?, rows.filter(&!named)?);
        let items = if table == Table::Feedback { texts(&rows, "item_id")? } else { HashSet::new() };
        let files = snapshot.files();
        let (by_item, by_name) = (by_day(&by_item, &files)?, by_day(&by_name, &files)?);
        let mut progress = EraseProgress { table, done: 0, days: by_item.len() + by_name.len() };
        let keep_items = keep_others(names.clone(), Some(items.clone()));
        let keep_names = keep_others(names.clone(), None);
        let work = by_item.into_iter().map(|day| (day, &keep_items));
        for ((day, (rows, files)), keep) in work.chain(by_name.into_iter().map(|day| (day, &keep_names))) {
            let notes = notes_of(table, &rows, Outcome::Erased, "erasure").await?;
            let notes = self.outlasting(notes).await?;
            self.append_notes(&notes.iter().collect::<Vec<_>>(), Vec::new()).await?;
            // Whoever lost a race finds its rows again in the next pass.
            if !take_out(self.handle(table), day, &files, keep).await? {
                continue;
            }
            removed.count(table, day, &rows, files.len())?;
            progress.done += 1;
            observe(progress);
        }
        Ok(true)
    }
}

/// What stands beside each of the names.
fn neighbours(pairs: &[(String, String)], names: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut beside: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (one, other) in pairs {
        for (name, other) in [(one, other), (other, one)] {
            if names.contains(name) {
                beside.entry(name.clone()).or_default().insert(other.clone());
            }
        }
    }
    beside
}

/// Whether a row carries one of the names.
pub(crate) fn is_theirs(names: &BTreeSet<String>) -> Expr {
    names.iter().fold(lit(false), |any, name| {
        let is = |column| col(column).eq_missing(lit(name.clone()));
        any.or(is("author")).or(is("author_alias"))
    })
}

/// The rows that carry one of the names, and those of the same items, each with its file and [`NAMED`].
pub(crate) async fn find(
    table: Table,
    rows: &LazyFrame,
    names: &BTreeSet<String>,
) -> Result<DataFrame, StoreError> {
    let mut columns = [&POSITION, counted_by(table), &[DAY, FILE, NAMED]].concat();
    let rows = rows.clone().with_column(is_theirs(names).alias(NAMED));
    let rows = if table == Table::Feedback {
        columns.push("item_id");
        let on = [col("item_id")];
        let theirs = rows.clone().filter(col(NAMED)).select(on.clone());
        let theirs = theirs.unique(None, UniqueKeepStrategy::Any);
        rows.join(theirs, on.clone(), on, JoinArgs::new(JoinType::Semi))
    } else {
        rows.filter(col(NAMED))
    };
    collect(rows.select(crate::resolve::columns(&columns))).await
}

/// Keeps the rows that carry none of the names; with items the other way round: drops of theirs the rows that carry
/// no name.
fn keep_others(names: BTreeSet<String>, items: Option<HashSet<String>>) -> Keep {
    Arc::new(move |batch: &RecordBatch| {
        let texts = |name: &str| column(batch, name).map(AsArray::as_string::<i32>);
        let (author, alias) = (texts("author")?, texts("author_alias")?);
        let named = |row: usize| {
            [author, alias].iter().any(|array| !array.is_null(row) && names.contains(array.value(row)))
        };
        let keep: Vec<bool> = match &items {
            None => (0..batch.num_rows()).map(|row| !named(row)).collect(),
            Some(items) => {
                let item = texts("item_id")?;
                (0..batch.num_rows()).map(|row| named(row) || !items.contains(item.value(row))).collect()
            }
        };
        Ok(BooleanArray::from(keep))
    })
}
