//! The tables as lazy frames. They are scans of one version's files: collect them before the retention
//! of a week is over, and off the async threads (`spawn_blocking`).

use crate::error::StoreError;
use crate::resolve::without;
use crate::schema::Table;
use crate::snapshot::ActiveFile;
use crate::{Store, collect};
use feedback::time::Day;
use polars::prelude::{DataFrame, LazyFrame};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

impl Store {
    /// Every row ever accepted: versions, duplicates and tombstones included.
    pub async fn feedback(&self) -> Result<LazyFrame, StoreError> {
        self.inner.feedback.snapshot().await?.scan()
    }

    /// The current rows, as people corrected them; a filter on `day` skips the files of other days.
    ///
    /// Where somebody corrected `sentiment`, `kind` or `topics`, these have what was said, and beside them stand
    /// `judged_sentiment`, `judged_kind` and `judged_topics` with what the model said, `corrected_by` and `corrected_at`;
    /// all five are null where nothing was corrected. Confidences and probabilities are always the model's own; a topic
    /// that a person named has the confidence 1, and, where the model had not found it, the whole body as its span.
    pub async fn current_facts(&self) -> Result<LazyFrame, StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        self.corrected(without(snapshot.scan()?, &self.hidden(&snapshot).await?)?).await
    }

    /// The current rows of some days, at one version of the table that is told with them.
    pub async fn current_facts_of(&self, days: &BTreeSet<Day>) -> Result<(i64, LazyFrame), StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        let rows = without(snapshot.scan_days(days)?, &self.hidden(&snapshot).await?)?;
        Ok((crate::signed(snapshot.version), self.corrected(rows).await?))
    }

    /// The current rows of a few records, of those of them that occurred on one of these days.
    ///
    /// The ids are read now, of all files of these days; of the frame, which is the same as of all facts, only the files are
    /// that have one of these records.
    pub async fn current_facts_of_records(
        &self,
        days: &BTreeSet<Day>,
        records: HashSet<String>,
    ) -> Result<LazyFrame, StoreError> {
        let (snapshot, records) = (self.inner.feedback.snapshot().await?, Arc::new(records));
        let rows = self.current_of_records(&snapshot, days, &records).await?;
        Ok(self.overlay().await?.only(&records)?.over(rows))
    }

    /// The current rows of some days, in parts of whole days: as many at once as have about `rows` rows, so
    /// that whoever counts them one after the other needs no more memory than the largest day does.
    pub async fn current_facts_in_parts(
        &self,
        days: &BTreeSet<Day>,
        rows: usize,
    ) -> Result<Vec<LazyFrame>, StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        let hidden = self.hidden(&snapshot).await?;
        let mut by_day: BTreeMap<Day, Vec<Arc<ActiveFile>>> = BTreeMap::new();
        for file in snapshot.files().iter() {
            if let Some(day) = file.day.filter(|day| days.contains(day)) {
                by_day.entry(day).or_default().push(Arc::clone(file));
            }
        }
        let mut parts: Vec<Vec<Arc<ActiveFile>>> = Vec::new();
        let mut room = 0;
        for files in by_day.into_values() {
            let count: usize = files.iter().map(|file| file.rows.unwrap_or(rows)).sum();
            match parts.last_mut() {
                Some(part) if count <= room => part.extend(files),
                _ => {
                    parts.push(files);
                    room = rows;
                }
            }
            room = room.saturating_sub(count);
        }
        let overlay = self.overlay().await?;
        let part = |files: &Vec<Arc<ActiveFile>>| -> Result<LazyFrame, StoreError> {
            Ok(overlay.over(without(snapshot.scan_files(files)?, &hidden)?))
        };
        parts.iter().map(part).collect()
    }

    pub async fn insights(&self) -> Result<LazyFrame, StoreError> {
        self.inner.insights.snapshot().await?.scan()
    }

    /// Rows of `table` as they lie in it.
    pub async fn scan(&self, table: Table) -> Result<LazyFrame, StoreError> {
        self.handle(table).snapshot().await?.scan()
    }

    /// Why a query of these tables failed that was run elsewhere, where one of its files is missing or torn.
    pub async fn why_failed(&self, query: &LazyFrame) -> Option<StoreError> {
        crate::scanned::why(query).await
    }

    /// Runs a query off the async threads.
    pub async fn collect(&self, query: LazyFrame) -> Result<DataFrame, StoreError> {
        collect(query).await
    }
}
