//! Taking out of the logs what is of somebody: rows that are theirs, and their words in the rows of others.
//!
//! The logs give it up before the facts do, for only the facts tell which records of an item carry no name.

use super::columns::{all_quoted, decode, encode_rows};
use super::{
    AlertEvent, CaseEvent, Correction, Delivered, DeliveryEvent, Digest, ERASURES, LogEvent, Mark, Noted,
    QUOTED, Quoted,
};
use crate::Store;
use crate::erase::EraseProgress;
use crate::error::StoreError;
use crate::index::read_columns;
use crate::rewrite::read_whole;
use crate::schema::Table;
use crate::snapshot::ActiveFile;
use crate::table::{AppVersion, Expected, Handle, Intent, Purpose, Refused};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// All that is read of most files.
const ONLY_QUOTED: &[&str] = &[QUOTED.name];

/// What was taken out of the logs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ErasedFromLogs {
    pub rows_removed: usize,
    /// Rows that stay, without their words.
    pub rows_changed: usize,
    /// What had left before: nobody can call it back.
    pub delivered: BTreeSet<Delivered>,
}

impl ErasedFromLogs {
    pub(crate) fn add(&mut self, other: Self) {
        let Self { rows_removed, rows_changed, delivered } = other;
        self.rows_removed += rows_removed;
        self.rows_changed += rows_changed;
        self.delivered.extend(delivered);
    }
}

/// Whom an erasure is about.
#[derive(Debug, Clone, Default)]
pub struct Theirs {
    /// Pseudonyms.
    pub names: BTreeSet<String>,
    /// Ids of their records, as far as the facts still tell.
    pub records: HashSet<String>,
}

impl Theirs {
    pub fn hold(&self, quoted: &Quoted) -> bool {
        self.records.contains(&quoted.record_id) || quoted.names().any(|name| self.names.contains(name))
    }

    fn hold_any<'q>(&self, quoted: impl IntoIterator<Item = &'q Quoted>) -> bool {
        quoted.into_iter().any(|quoted| self.hold(quoted))
    }
}

/// What became of a file that holds something of theirs.
enum Rewrite {
    Done(ErasedFromLogs),
    /// Somebody else rewrote it first.
    Late,
}

impl Store {
    /// Whether any log has ever had a row; where none has, nobody is looked for in them.
    pub(crate) async fn has_logs(&self) -> Result<bool, StoreError> {
        for table in Table::LOGS {
            if Noted::of(self.handle(table)).await?.last.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes out what the logs hold of theirs, a file a commit; whether there was anything.
    pub(crate) async fn forget_in_logs(
        &self,
        theirs: &Theirs,
        removed: &mut ErasedFromLogs,
        observe: &(dyn Fn(EraseProgress) + Send + Sync),
    ) -> Result<bool, StoreError> {
        // Before their rows go.
        removed.delivered.extend(self.delivered(theirs).await?);
        let alerts = self.pass_log::<AlertEvent>(theirs, removed, observe).await?;
        let cases = self.pass_log::<CaseEvent>(theirs, removed, observe).await?;
        let deliveries = self.pass_log::<DeliveryEvent>(theirs, removed, observe).await?;
        let digests = self.pass_log::<Digest>(theirs, removed, observe).await?;
        let corrections = self.pass_log::<Correction>(theirs, removed, observe).await?;
        // The audit quotes nobody.
        Ok(alerts || cases || deliveries || digests || corrections)
    }

    /// What [`Self::forget_in_logs`] would take out. Nothing is written.
    pub(crate) async fn theirs_in_logs(&self, theirs: &Theirs) -> Result<ErasedFromLogs, StoreError> {
        let mut found =
            ErasedFromLogs { delivered: self.delivered(theirs).await?, ..ErasedFromLogs::default() };
        found.add(self.count_in_log::<AlertEvent>(theirs).await?);
        found.add(self.count_in_log::<CaseEvent>(theirs).await?);
        found.add(self.count_in_log::<DeliveryEvent>(theirs).await?);
        found.add(self.count_in_log::<Digest>(theirs).await?);
        found.add(self.count_in_log::<Correction>(theirs).await?);
        Ok(found)
    }

    async fn delivered(&self, theirs: &Theirs) -> Result<BTreeSet<Delivered>, StoreError> {
        let log = self.tail::<DeliveryEvent>(Mark::default()).await?;
        Ok(DeliveryEvent::delivered(&log.events, theirs))
    }

    async fn count_in_log<E: LogEvent>(&self, theirs: &Theirs) -> Result<ErasedFromLogs, StoreError> {
        let log = self.tail::<E>(Mark::default()).await?;
        let rows = log.events.into_iter().enumerate().map(|(at, event)| (at as i64, event));
        Ok(without(rows.collect(), theirs).1)
    }

    async fn pass_log<E: LogEvent>(
        &self,
        theirs: &Theirs,
        removed: &mut ErasedFromLogs,
        observe: &(dyn Fn(EraseProgress) + Send + Sync),
    ) -> Result<bool, StoreError> {
        let handle = self.handle(E::TABLE);
        if Noted::of(handle).await?.last.is_none() {
            return Ok(false);
        }
        let (files, gone) = holding_files(handle, theirs).await?;
        let mut progress = EraseProgress { table: E::TABLE, done: 0, days: files.len() };
        for file in &files {
            if let Rewrite::Done(done) = rewrite_without::<E>(handle, file, theirs).await? {
                removed.add(done);
                progress.done += 1;
                observe(progress);
            }
        }
        // Whoever lost a race finds its rows again in the next pass.
        Ok(gone || !files.is_empty())
    }

    /// Since when those of the files wait that hold something of theirs (ms since 1970).
    pub(crate) async fn holding_in_log(
        &self,
        table: Table,
        names: &BTreeSet<String>,
        files: HashMap<String, i64>,
    ) -> Result<Vec<i64>, StoreError> {
        let theirs = Theirs { names: names.clone(), records: HashSet::new() };
        let mut waiting = Vec::new();
        for (path, since) in files {
            // A writer threw away what it could not commit, or another purge was faster.
            let Some(quoted) = quoted_in(self.handle(table), &path).await? else { continue };
            if theirs.hold_any(quoted.iter().flatten()) {
                waiting.push(since);
            }
        }
        Ok(waiting)
    }

    /// The names in the logs that `is_wanted`.
    pub(crate) async fn names_in_logs(
        &self,
        is_wanted: impl Fn(&str) -> bool + Send + Sync,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut names = BTreeSet::new();
        for table in Table::LOGS {
            let handle = self.handle(table);
            if Noted::of(handle).await?.last.is_none() {
                continue;
            }
            for file in handle.snapshot().await?.files().iter() {
                // What replaced it meanwhile is looked at the next time.
                let Some(quoted) = quoted_in(handle, &file.path).await? else { continue };
                let told = quoted.iter().flatten().flat_map(Quoted::names);
                names.extend(told.filter(|name| is_wanted(name)).cloned());
            }
        }
        Ok(names)
    }
}

/// Those of each row of a file; `None` if it is gone.
async fn quoted_in(handle: &Handle, path: &str) -> Result<Option<Vec<Vec<Quoted>>>, StoreError> {
    let read = read_columns(handle, path, ONLY_QUOTED).await?;
    read.map(|batches| all_quoted(&batches)).transpose()
}

/// The files that hold something of theirs, and whether one was gone that the table had named.
async fn holding_files(handle: &Handle, theirs: &Theirs) -> Result<(Vec<Arc<ActiveFile>>, bool), StoreError> {
    let (mut holding, mut gone) = (Vec::new(), false);
    for file in handle.snapshot().await?.files().iter() {
        match quoted_in(handle, &file.path).await? {
            Some(quoted) if theirs.hold_any(quoted.iter().flatten()) => holding.push(Arc::clone(file)),
            Some(_) => {}
            None => gone = true,
        }
    }
    Ok((holding, gone))
}

/// The rows without what is of theirs, and what that was.
fn without<E: LogEvent>(rows: Vec<(i64, E)>, theirs: &Theirs) -> (Vec<(i64, E)>, ErasedFromLogs) {
    let (mut left, mut erased) = (Vec::with_capacity(rows.len()), ErasedFromLogs::default());
    for (sequence, event) in rows {
        if !theirs.hold_any(event.quoted()) {
            left.push((sequence, event));
        } else if let Some(event) = event.without(theirs) {
            erased.rows_changed += 1;
            left.push((sequence, event));
        } else {
            erased.rows_removed += 1;
        }
    }
    (left, erased)
}

async fn rewrite_without<E: LogEvent>(
    handle: &Handle,
    file: &ActiveFile,
    theirs: &Theirs,
) -> Result<Rewrite, StoreError> {
    let put_at = Instant::now();
    let Some(batches) = read_whole(handle, &file.path).await? else { return Ok(Rewrite::Late) };
    let (left, erased) = without(decode::<E>(&batches)?, theirs);
    let left: Vec<(i64, &E)> = left.iter().map(|(sequence, event)| (*sequence, event)).collect();
    let noted = Noted::of(handle).await?;
    let adds = handle.put(&encode_rows(&left)?, true).await?;
    // Whoever keeps rows in memory learns by this that some of them must go.
    let note = AppVersion {
        app_id: ERASURES.to_owned(),
        expected: Expected::Exactly(noted.erasures),
        version: noted.mark().erasures + 1,
    };
    let removes = vec![file.remove.clone()];
    let intent = Intent { purpose: Purpose::Erase, adds, removes, notes: vec![note], put_at };
    match handle.transact(&intent).await {
        Ok(_) => Ok(Rewrite::Done(erased)),
        Err(Refused::FilesGone | Refused::AppMoved { .. }) => Ok(Rewrite::Late),
        Err(Refused::Store(error)) => Err(error),
    }
}
