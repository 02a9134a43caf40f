//! What changed on some days, read from the store.

use feedback::ids::Id;
use feedback::time::{Day, Timestamp};
use insight::InsightError;
use insight::shelf::{Due, Part, Shelf, Stamp, due, of_ids, parts, stamps};
use polars::prelude::LazyFrame;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Store, StoreError};

/// Facts that are read at once; a part of the days that has fewer is read whole.
pub(super) const ROWS_AT_ONCE: usize = 40_000;

#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error("the tables cannot be read")]
    Store(#[from] StoreError),
    #[error("the facts are not as they should be")]
    Insight(#[from] InsightError),
    #[error("the reading of the facts broke off by a defect of this program")]
    Defect,
}

/// The parts of a day.
pub(super) type OfDay = (Day, Vec<Arc<Part>>);

/// The days that these facts are of, as they are now. What is held of them and did not change is not read again.
pub(super) async fn changed(
    store: &Store,
    held: &Arc<Shelf>,
    facts: LazyFrame,
) -> Result<Vec<OfDay>, LiveError> {
    let (held, asked) = (Arc::clone(held), facts.clone());
    match tokio::task::spawn_blocking(move || of_facts(&held, &asked)).await {
        Ok(Ok(changed)) => Ok(changed),
        // A file that was merged meanwhile is an error that passes.
        Ok(Err(error @ InsightError::Frame(_))) => match store.why_failed(&facts).await {
            Some(why) => Err(LiveError::Store(why)),
            None => Err(error.into()),
        },
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(LiveError::Defect),
    }
}

fn of_facts(held: &Shelf, facts: &LazyFrame) -> Result<Vec<OfDay>, InsightError> {
    let mut there = stamps(facts.clone())?;
    if let Some(since) = held.since() {
        leave_out(&mut there, since);
    }
    let rows: usize = there.values().map(Vec::len).sum();
    let dues: Vec<Due> = there.iter().map(|(day, there)| due(*day, held.parts(*day), there)).collect();
    let mut read = missing(facts, &dues, rows, held.since().is_none())?;
    let filled = |due: Due| {
        let read = read.remove(&due.day()).unwrap_or_default();
        due.filled(read)
    };
    Ok(dues.into_iter().map(filled).collect())
}

/// What occurred before, so that it is not read only to be left out again.
fn leave_out(there: &mut BTreeMap<Day, Vec<Stamp>>, since: Timestamp) {
    there.values_mut().for_each(|stamps| stamps.retain(|stamp| stamp.at >= since));
}

fn missing(
    facts: &LazyFrame,
    dues: &[Due],
    rows: usize,
    all: bool,
) -> Result<BTreeMap<Day, Vec<Part>>, InsightError> {
    let mut ids: Vec<Id> = dues.iter().flat_map(Due::missing).copied().collect();
    ids.sort_unstable();
    let mut by_day: BTreeMap<Day, Vec<Part>> = BTreeMap::new();
    let mut take = |facts: LazyFrame| -> Result<(), InsightError> {
        for part in parts(facts)? {
            by_day.entry(part.day()).or_default().push(part);
        }
        Ok(())
    };
    if all && ids.len() == rows && rows <= ROWS_AT_ONCE {
        take(facts.clone())?;
        return Ok(by_day);
    }
    // A day that has more is read by and by: ids are spread evenly.
    for ids in ids.chunks(ROWS_AT_ONCE) {
        take(of_ids(facts.clone(), ids)?)?;
    }
    Ok(by_day)
}
