//! Of the alerts that people spoke about, how many were of use.

use super::Alert;
use crate::stats::{Interval, proportion::Proportion};
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Precision {
    /// Alerts that were told.
    pub told: u64,
    pub useful: u64,
    pub not_useful: u64,
    /// Of those that were marked the part that was useful, with Wilson's interval; `None` where none was.
    pub share: Option<f64>,
    pub range: Option<Interval>,
}

/// Of the alerts that were told; of an alert that was marked more than once the last word counts.
#[must_use]
pub fn precision(alerts: &[Alert]) -> Precision {
    let told = || alerts.iter().filter(|alert| alert.is_told);
    let marked = |useful: bool| told().filter(|alert| alert.is_useful == Some(useful)).count() as u64;
    let (useful, not_useful) = (marked(true), marked(false));
    let share = Proportion::new(useful, useful + not_useful);
    let is_known = share.n > 0.0;
    Precision {
        told: told().count() as u64,
        useful,
        not_useful,
        share: is_known.then(|| share.share()),
        range: is_known.then(|| share.wilson()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::{
        incident::{Incident, tests::spell},
        life::{AlertEvent, Step, fold},
    };
    use crate::triage::Priority;
    use feedback::time::Timestamp;

    #[test]
    fn only_what_was_told_and_marked_counts() {
        let event = |id: &str, at, step, is_told| AlertEvent {
            id: id.to_owned(),
            at: Timestamp(at),
            step,
            is_told,
            owner: "a".to_owned(),
            owners: Vec::new(),
            severity: Priority::P3,
            incident: Some(Incident { spells: vec![spell("access", 1, 2, None, 5)] }),
            by: None,
            mute: None,
        };
        let log = [
            event("a", 1, Step::Fired, true),
            event("b", 1, Step::Fired, true),
            event("c", 1, Step::Fired, true),
            event("d", 1, Step::Silenced, false),
            event("a", 2, Step::NotUseful, false),
            event("a", 3, Step::Useful, false),
            event("b", 3, Step::NotUseful, false),
            event("d", 3, Step::Useful, false),
        ];
        let found = precision(&fold(&log));
        assert_eq!((found.told, found.useful, found.not_useful, found.share), (3, 1, 1, Some(0.5)));
        assert!(found.range.unwrap().contains(0.2));
        assert_eq!(precision(&[]).share, None);
    }
}
