//! How long the steps of a loop take, by whatever began in the period, with what still waits.

use super::{kpi::Kpi, scope::TargetScope};
use crate::cases::{Far, Loop, LoopStep, Loops, Quantile, Waits, Window};
use feedback::time::Timestamp;

/// Times in seconds; `None` is what the data leave open, and all of fewer than five.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Took {
    /// Begun in the period, and how many of these are still waiting.
    pub n: u64,
    pub waiting: u64,
    pub median: Option<Quantile>,
    /// `None` where more than a tenth still wait.
    pub p90: Option<f64>,
    /// Since when such steps would be known, whoever takes them.
    pub first: Option<Timestamp>,
}

/// The step that a metric is of.
pub(super) fn step(kpi: Kpi) -> Option<LoopStep> {
    match kpi {
        Kpi::TimeToTriage => Some(LoopStep::Triaged),
        Kpi::TimeToAcknowledge => Some(LoopStep::Acknowledged),
        Kpi::TimeToResolve => Some(LoopStep::Whole),
        _ => None,
    }
}

/// Of the loops within the scope (topic and owner alone).
pub(super) fn took(loops: Loops<'_>, step: LoopStep, scope: &TargetScope, window: Window) -> Took {
    let fits = |one: &&Loop<'_>| {
        scope.topic.as_deref().is_none_or(|topic| topic == one.topic)
            && scope.owner.as_deref().is_none_or(|owner| owner == one.owner)
    };
    let mut waits = Waits::default();
    for one in loops.of(step).iter().filter(fits) {
        match one.times.far(step, window) {
            Some(Far::Done(after)) => waits.done(after),
            Some(Far::Waits(_, so_far)) => waits.waits(so_far),
            None => {}
        }
    }
    let curve = waits.curve();
    Took {
        n: waits.finished() + waits.waiting(),
        waiting: waits.waiting(),
        median: curve.as_ref().map(|curve| curve.quantile(0.5)),
        p90: curve.as_ref().and_then(|curve| curve.quantile(0.9).value),
        first: loops.first(step),
    }
}
