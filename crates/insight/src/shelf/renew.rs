//! What of a day has to be read again: only what came, and what was corrected.

use super::{
    part::{MOST_ROWS, Part},
    read::{only, parse_id},
};
use crate::{error::InsightError, frame::Rows};
use feedback::{
    ids::Id,
    time::{Day, Timestamp},
};
use polars::prelude::*;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// A current record by its name. Where it changed, was read anew or was corrected, it was stored or corrected at another
/// time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub id: Id,
    /// When it occurred.
    pub at: Timestamp,
    pub stored_at: Timestamp,
    pub corrected_at: Option<Timestamp>,
}

/// What [`stamps`] are read of.
pub const STAMP: [&str; 5] = ["day", "record_id", "occurred_at", "ingested_at", "corrected_at"];

/// The records of these facts by day. Of each row an id and two times are read.
///
/// # Errors
/// As [`super::parts`].
pub fn stamps(mut facts: LazyFrame) -> Result<BTreeMap<Day, Vec<Stamp>>, InsightError> {
    let columns = only(&mut facts, &STAMP)?;
    let mut frame = facts.select(columns).collect()?;
    frame.rechunk_mut();
    let has = ["ingested_at", "corrected_at"].map(|name| frame.schema().contains(name));
    let rows = Rows::of(frame);
    let times = |has: bool, name| if has { rows.maybe_times(name) } else { Ok(vec![None; rows.len()]) };
    let (stored, corrected) = (times(has[0], "ingested_at")?, times(has[1], "corrected_at")?);
    let (ids, days, occurred) = (rows.text("record_id")?, rows.days("day")?, rows.times("occurred_at")?);
    let mut by_day: BTreeMap<Day, Vec<Stamp>> = BTreeMap::new();
    for (row, day) in days.into_iter().enumerate() {
        let id =
            ids.get(row).and_then(parse_id).ok_or_else(|| InsightError::NoId { day: day.to_string() })?;
        let (at, corrected_at) = (occurred[row], corrected[row]);
        let stamp = Stamp { id, at, stored_at: stored[row].unwrap_or(at), corrected_at };
        by_day.entry(day).or_default().push(stamp);
    }
    Ok(by_day)
}

/// The facts of the records with these ids.
///
/// # Errors
/// None but those of polars.
pub fn of_ids(facts: LazyFrame, ids: &[Id]) -> Result<LazyFrame, InsightError> {
    let ids: Vec<String> = ids.iter().map(Id::to_string).collect();
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else { return Ok(facts.limit(0)) };
    // The bounds are checked first, and cost little.
    let id = || col("record_id");
    let between = id().gt_eq(lit(first.clone())).and(id().lt_eq(lit(last.clone())));
    let ids = Series::new("ids".into(), ids).implode()?.into_series();
    Ok(facts.filter(between.and(id().is_in(lit(ids), false))))
}

/// What became of the rows of a day.
#[derive(Debug)]
pub struct Due {
    day: Day,
    /// What stays as it is.
    kept: Vec<Arc<Part>>,
    /// What has to be read, ascending.
    missing: Vec<Id>,
}

/// Compares what is held of a day with what there is.
#[must_use]
pub fn due(day: Day, held: &[Arc<Part>], there: &[Stamp]) -> Due {
    let mut wanted: HashMap<u128, &Stamp> = there.iter().map(|stamp| (stamp.id.0, stamp)).collect();
    let mut kept = Vec::new();
    for part in held {
        let stays = |row: &usize| {
            let is_same = wanted.get(&part.ids[*row]).is_some_and(|stamp| part.is_as(*row, stamp));
            // Of two that are held once, the second is gone.
            is_same && wanted.remove(&part.ids[*row]).is_some()
        };
        let rows: Vec<usize> = (0..part.len()).filter(stays).collect();
        if rows.len() == part.len() {
            kept.push(Arc::clone(part));
        } else if !rows.is_empty() {
            let rows = rows.into_iter().map(|row| (part.as_ref(), row)).collect();
            kept.push(Arc::new(Part::gathered(day, rows)));
        }
    }
    let mut missing: Vec<Id> = wanted.into_keys().map(Id).collect();
    missing.sort_unstable();
    Due { day, kept, missing }
}

impl Due {
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    /// The records that have to be read, ascending.
    #[must_use]
    pub fn missing(&self) -> &[Id] {
        &self.missing
    }

    /// The day with what was read. Parts that came by and by are put together, so that a day has few.
    #[must_use]
    pub fn filled(self, read: Vec<Part>) -> (Day, Vec<Arc<Part>>) {
        let mut parts = self.kept;
        for part in read.into_iter().map(Arc::new) {
            parts.push(part);
            while let [.., before, last] = parts.as_slice()
                && before.len() <= 2 * last.len()
                && before.len() + last.len() <= MOST_ROWS
            {
                let rows = [before, last]
                    .into_iter()
                    .flat_map(|part| (0..part.len()).map(|row| (part.as_ref(), row)));
                let together = Arc::new(Part::gathered(self.day, rows.collect()));
                parts.truncate(parts.len() - 2);
                parts.push(together);
            }
        }
        (self.day, parts)
    }
}

impl Part {
    /// Of a row that has the same id.
    pub(super) fn is_as(&self, row: usize, stamp: &Stamp) -> bool {
        let corrected_at = self.correction(row).map(|correction| correction.at);
        self.stored_at(row) == stamp.stored_at && corrected_at == stamp.corrected_at
    }
}
