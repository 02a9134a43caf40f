//! How long the steps of a loop take, with what still waits.
//!
//! Of what is done alone the times are too good: what takes long is not done yet. So whatever began in the period counts.
//! What waits has taken at least its time so far, and perhaps takes for ever: the interval is from the one to the other.

use super::{kpi::Kpi, scope::TargetScope};
use crate::{
    cases::{Loop, LoopStep, quantile},
    report::Period,
};
use feedback::time::Timestamp;

/// Stands for a time without end, in seconds: some 30,000 years. Not more: what rounding leaves of it between two ranks
/// must be no time at all.
const NEVER: f64 = 1e12;

/// A quantile of times in seconds; `None` is what the data leave open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Took {
    /// Begun in the period, and how many of these are still waiting.
    pub n: u64,
    pub waiting: u64,
    /// `None` where half of them still wait, or below five.
    pub median: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub p90: Option<f64>,
}

fn step(kpi: Kpi) -> Option<LoopStep> {
    match kpi {
        Kpi::TimeToTriage => Some(LoopStep::Triaged),
        Kpi::TimeToAcknowledge => Some(LoopStep::Acknowledged),
        Kpi::TimeToResolve => Some(LoopStep::Whole),
        _ => None,
    }
}

/// Since when the step is under way.
fn began(of: &Loop<'_>, step: LoopStep) -> Option<Timestamp> {
    match step {
        LoopStep::Triaged => of.times.stored,
        LoopStep::Acknowledged => of.times.triaged,
        LoopStep::Resolved => of.times.acknowledged,
        LoopStep::Stored | LoopStep::Whole => Some(of.times.occurred),
    }
}

/// Of the loops within the scope (topic and owner alone) that began in the period, as of `now`.
pub(super) fn took(
    loops: &[Loop<'_>],
    kpi: Kpi,
    scope: &TargetScope,
    period: Period,
    now: Timestamp,
) -> Option<Took> {
    let step = step(kpi)?;
    let fits = |one: &&Loop<'_>| {
        scope.topic.as_deref().is_none_or(|topic| topic == one.topic)
            && scope.owner.as_deref().is_none_or(|owner| owner == one.owner)
            && began(one, step).is_some_and(|at| at <= now && period.contains(at.day()))
    };
    let (mut soonest, mut latest, mut waiting) = (Vec::new(), Vec::new(), 0);
    for one in loops.iter().filter(fits) {
        if let Some(seconds) = one.times.took(step) {
            soonest.push(seconds);
            latest.push(seconds);
        } else if let Some(since) = one.times.waits_since(step) {
            soonest.push(now.0.saturating_sub(since.0).max(0) as f64 / 1e6);
            latest.push(NEVER);
            waiting += 1;
        }
    }
    soonest.sort_by(f64::total_cmp);
    latest.sort_by(f64::total_cmp);
    let ended = |seconds: f64| (seconds < NEVER / 100.0).then_some(seconds);
    let (best, worst, late) = (quantile(&soonest, 0.5), quantile(&latest, 0.5), quantile(&latest, 0.9));
    Some(Took {
        n: latest.len() as u64,
        waiting,
        median: worst.and_then(|median| ended(median.value)),
        low: best.and_then(|median| median.low),
        high: worst.and_then(|median| median.high).and_then(ended),
        p90: late.and_then(|late| ended(late.value)),
    })
}
