//! A goal, and on which side of it an interval lies.

use super::kpi::Kpi;
use serde::Serialize;

/// What a value should be, in the unit of its KPI; all that is set has to hold. Something is set.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Goal {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Below this, and not this itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under: Option<f64>,
}

/// Where an interval lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// All of it within the goal.
    Within,
    /// All of it outside, on one side.
    Beyond,
    /// On both sides of an end.
    Across,
}

impl Goal {
    /// On which side an interval with these ends lies, both included; `None` is an end that the data leave open.
    #[must_use]
    pub fn side(self, low: Option<f64>, high: Option<f64>) -> Side {
        let of = |within: bool, beyond: bool| match (within, beyond) {
            (true, _) => Side::Within,
            (_, true) => Side::Beyond,
            _ => Side::Across,
        };
        let at_least =
            |goal: f64| of(low.is_some_and(|low| low >= goal), high.is_some_and(|high| high < goal));
        let at_most =
            |goal: f64| of(high.is_some_and(|high| high <= goal), low.is_some_and(|low| low > goal));
        let under = |goal: f64| of(high.is_some_and(|high| high < goal), low.is_some_and(|low| low >= goal));
        let sides = [self.at_least.map(at_least), self.at_most.map(at_most), self.under.map(under)];
        let any = |side: Side| sides.iter().flatten().any(|one| *one == side);
        match (any(Side::Beyond), any(Side::Across)) {
            (true, _) => Side::Beyond,
            (false, true) => Side::Across,
            (false, false) => Side::Within,
        }
    }

    /// What no value can fulfil.
    #[must_use]
    pub fn is_contradictory(self) -> bool {
        let Some(low) = self.at_least else { return false };
        self.at_most.is_some_and(|high| low > high) || self.under.is_some_and(|high| low >= high)
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.ends().next().is_none()
    }

    /// The ends that are set, by the key that sets them.
    pub fn ends(self) -> impl Iterator<Item = (&'static str, f64)> {
        let ends = [("at_least", self.at_least), ("at_most", self.at_most), ("under", self.under)];
        ends.into_iter().filter_map(|(key, end)| Some((key, end?)))
    }

    /// `at least +40`, `under 20%`.
    #[must_use]
    pub fn tell(self, kpi: Kpi) -> String {
        let told = |(key, end): (&str, f64)| format!("{} {}", key.replace('_', " "), kpi.tell(end));
        self.ends().map(told).collect::<Vec<_>>().join(" and ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at_least(goal: f64) -> Goal {
        Goal { at_least: Some(goal), ..Goal::default() }
    }

    #[test]
    fn an_end_that_touches_the_goal_is_on_its_side() {
        let side = |goal: Goal, low: f64, high: f64| goal.side(Some(low), Some(high));
        assert_eq!(side(at_least(40.0), 40.0, 50.0), Side::Within);
        assert_eq!(side(at_least(40.0), 39.9, 50.0), Side::Across);
        assert_eq!(side(at_least(40.0), 20.0, 40.0), Side::Across);
        assert_eq!(side(at_least(40.0), 20.0, 39.9), Side::Beyond);
        let at_most = Goal { at_most: Some(0.2), ..Goal::default() };
        assert_eq!([side(at_most, 0.1, 0.2), side(at_most, 0.2, 0.3)], [Side::Within, Side::Across]);
        let under = Goal { under: Some(0.2), ..Goal::default() };
        assert_eq!([side(under, 0.1, 0.2), side(under, 0.2, 0.3)], [Side::Across, Side::Beyond]);
    }

    #[test]
    fn an_open_end_decides_nothing_on_its_side() {
        assert_eq!(at_least(5.0).side(Some(6.0), None), Side::Within);
        assert_eq!(at_least(5.0).side(Some(4.0), None), Side::Across);
        assert_eq!(Goal { under: Some(5.0), ..Goal::default() }.side(Some(6.0), None), Side::Beyond);
        assert_eq!(Goal { under: Some(5.0), ..Goal::default() }.side(Some(1.0), None), Side::Across);
    }

    #[test]
    fn a_range_is_two_goals() {
        let range = Goal { at_least: Some(10.0), at_most: Some(20.0), under: None };
        let side = |low: f64, high: f64| range.side(Some(low), Some(high));
        assert_eq!([side(12.0, 18.0), side(12.0, 22.0)], [Side::Within, Side::Across]);
        assert_eq!([side(21.0, 22.0), side(1.0, 9.0)], [Side::Beyond, Side::Beyond]);
        assert!(!range.is_contradictory());
        assert!(Goal { at_least: Some(21.0), ..range }.is_contradictory());
        assert!(Goal { at_least: Some(5.0), at_most: None, under: Some(5.0) }.is_contradictory());
        assert_eq!(at_least(40.0).tell(Kpi::Nps), "at least +40");
    }

    proptest! {
        #[test]
        fn a_narrower_interval_never_takes_a_verdict_back(
            goal in -50.0f64..50.0, low in -60.0f64..60.0, width in 0.0f64..40.0, from in 0.0f64..1.0, to in 0.0f64..1.0,
        ) {
            let wide = at_least(goal).side(Some(low), Some(low + width));
            let (from, to) = (from.min(to), from.max(to));
            let narrow = at_least(goal).side(Some(low + width * from), Some(low + width * to));
            prop_assert!(wide == Side::Across || wide == narrow);
        }
    }
}
