//! The rollup that follows the commits: days that new facts or corrections touched are counted again.
//!
//! Any process may do it, at any time; the commit of the insights decides who did.

use crate::{backoff::Backoff, shutdown::Shutdown, trouble::Trouble};
use insight::InsightError;
use serde::Serialize;
use std::time::{Duration, Instant};
use store::{Rollup, Store, StoreError};

/// So often another process may come first before this one leaves it to the next time.
const TRIES: u32 = 8;
/// Facts that are counted at once, unless one day has more.
const ROWS_AT_ONCE: usize = 100_000;
/// A rollup takes at most a tenth of the time, as long as the facts stay fresh enough.
const REST: u32 = 10;
/// From the arrival of a message to the insights that count it.
const FRESH: Duration = Duration::from_secs(30);
/// Of it, what a batch takes from its end to its commit.
const COMMIT: Duration = Duration::from_secs(2);

#[derive(Debug, thiserror::Error)]
pub enum RollupError {
    #[error("the tables could not be read or written")]
    Store(#[from] StoreError),
    #[error("the facts could not be counted")]
    Insight(#[from] InsightError),
    #[error("the counting ended by a defect of this program")]
    Panicked(#[source] tokio::task::JoinError),
}

/// What a rollup did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RollupReport {
    /// Days counted again.
    pub days: usize,
    /// Insights that these days have now.
    pub insights: usize,
    /// The version of `feedback` that the insights stand for.
    pub version: i64,
}

/// Brings the insights up to the facts and to what people corrected. Cheap where there is nothing to do.
///
/// # Errors
/// Where a table cannot be used. Being overtaken by another process is none.
pub async fn rollup_now(store: &Store) -> Result<RollupReport, RollupError> {
    let mut backoff = Backoff::new(Duration::from_millis(20), Duration::from_secs(1));
    for _ in 0..TRIES {
        let from = store.rolled_up_to().await?;
        let touched = store.touched_since(from).await?;
        if touched.days.is_empty() || from == Some(touched.seen()) {
            return Ok(RollupReport { version: touched.version, ..RollupReport::default() });
        }
        // These facts may be newer than `touched`; then their days are counted once more the next time.
        let mut rows = Vec::new();
        // An insight is of one day: the days are counted one part after the other, in bounded memory.
        for facts in store.current_facts_in_parts(&touched.days, ROWS_AT_ONCE).await? {
            let asked = facts.clone();
            let counted = tokio::task::spawn_blocking(move || insight::rollup::rollup(facts)).await;
            match counted.map_err(RollupError::Panicked)? {
                Ok(counted) => rows.extend(counted),
                Err(error) => {
                    let why = store.why_failed(&asked).await;
                    return Err(why.map_or(RollupError::Insight(error), RollupError::Store));
                }
            }
        }
        let span = Rollup { from, to: touched.seen() };
        match store.replace_insights(&touched.days, &rows, span).await {
            Ok(_) => {
                return Ok(RollupReport {
                    days: touched.days.len(),
                    insights: rows.len(),
                    version: touched.version,
                });
            }
            Err(store::RollupError::Superseded { .. }) => tokio::time::sleep(backoff.next_wait()).await,
            Err(store::RollupError::Store(error)) => return Err(error.into()),
        }
    }
    tracing::debug!("other processes keep rolling up; leaving it to them");
    Ok(RollupReport { version: store.version().await?, ..RollupReport::default() })
}

/// How long to rest after a rollup that took so long.
///
/// A fact that just missed a rollup waits for that one, the rest and the next one, after its batch was closed and
/// committed. However slow rollups are, the sum stays below [`FRESH`] where `every` and `batch_age` allow it; beyond,
/// one follows the other.
fn rest(took: Duration, every: Duration, batch_age: Duration) -> Duration {
    let left = FRESH.saturating_sub(batch_age + COMMIT + took * 2);
    every.saturating_sub(took).max((took * REST).min(left))
}

/// Rolls up every so often, until the shutdown. Errors are logged and tried again. `batch_age` is how long a
/// message may wait in a batch.
pub async fn run_every(store: Store, every: Duration, batch_age: Duration, shutdown: Shutdown) {
    let mut backoff = Backoff::default();
    let trouble = Trouble::new("the rollup");
    loop {
        let started = Instant::now();
        let wait = match round(&store).await {
            Ok(()) => {
                backoff.reset();
                trouble.over();
                rest(started.elapsed(), every, batch_age)
            }
            Err(error) => {
                trouble.failed(&error);
                every + backoff.next_wait()
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shutdown.requested() => return,
        }
    }
}

async fn round(store: &Store) -> Result<(), RollupError> {
    let started = Instant::now();
    let report = rollup_now(store).await?;
    if report.days > 0 {
        tracing::info!(
            days = report.days,
            insights = report.insights,
            version = report.version,
            took_ms = started.elapsed().as_millis() as u64,
            "rolled up"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_fresh_however_long_a_rollup_takes() {
        let seconds = Duration::from_secs;
        let (every, batch_age) = (seconds(10), seconds(5));
        for millis in (0..=11_500).step_by(100) {
            let took = Duration::from_millis(millis);
            let rest = rest(took, every, batch_age);
            let worst = batch_age + COMMIT + took + rest + took;
            assert!(worst <= FRESH, "{took:?}: {worst:?}");
            assert!(took + rest >= every, "{took:?}: no more often than asked for");
        }
        assert_eq!(rest(seconds(1), every, batch_age), seconds(10), "a tenth of the time");
        assert_eq!(rest(seconds(20), every, batch_age), Duration::ZERO);
        assert_eq!(rest(seconds(1), seconds(600), batch_age), seconds(599), "the operator's word");
    }
}
