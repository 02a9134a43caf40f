//! The goals that a team set itself, as they stand at the end of the last day that is over.

use super::figures::{Figure, Figures};
use super::named::failed;
use super::{Shared, now};
use crate::blocking::blocking;
use crate::cases::{Book, Logged};
use anyhow::Result;
use feedback::time::{Day, Timestamp};
use insight::cases::{Loop, LoopTimes};
use insight::digest::{CaseReport, CaseTold};
use insight::targets::{Kpi, Outcome, standing};
use server::desk::{At, Known, TargetRow, Targets};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How far a case is, with whoever acts on it.
struct CaseLoop {
    owner: String,
    topic: String,
    times: LoopTimes,
}

impl Shared {
    /// `None` where working them out for the first time takes longer than `patience`, the counting of cases included.
    pub(super) async fn standing_targets(self: &Arc<Self>, patience: Duration) -> Known<Option<Targets>> {
        let today = now().day();
        if self.goals.is_empty() {
            return Ok(Some(Targets { as_of: At(today.start()), targets: Vec::new() }));
        }
        // Of both together: whoever asks waits once.
        let until = Instant::now() + patience;
        let figures = if self.asks_for_cases() { self.counted_cases(patience).await? } else { None };
        if self.asks_for_cases() && figures.is_none() {
            return Ok(None);
        }
        self.cases.follow().await.map_err(failed)?;
        let stamp = self.stamp(i64::from(today.0)).await?;
        let shared = Arc::clone(self);
        let make = async move { shared.evaluate(figures, today).await };
        let left = until.saturating_duration_since(Instant::now());
        let made = self.standing.get(stamp, left, make).await.map_err(failed)?;
        Ok(made.map(|targets| (*targets).clone()))
    }

    /// Whether a goal is of the times that cases take.
    fn asks_for_cases(&self) -> bool {
        let of_cases = |kpi: Kpi| matches!(kpi, Kpi::TimeToAcknowledge | Kpi::TimeToResolve);
        self.goals.iter().any(|goal| of_cases(goal.metric))
    }

    async fn evaluate(self: Arc<Self>, figures: Option<Arc<Figures>>, today: Day) -> Result<Targets> {
        let facts = self.store.current_facts().await?;
        let (end, last) = (today.start(), today.plus(-1));
        let work = move || {
            let cases = figures.map(|figures| loops(&self.cases.book(), &figures, end)).unwrap_or_default();
            let cases: Vec<Loop<'_>> = cases.iter().map(CaseLoop::borrowed).collect();
            standing(&self.goals, &facts, &cases, &self.alerting.owners.topics(), last, end)
        };
        let outcomes: Vec<Outcome> = blocking("the goals could not be measured", work).await??;
        Ok(Targets { as_of: At(end), targets: outcomes.into_iter().map(TargetRow::from).collect() })
    }
}

impl CaseLoop {
    fn borrowed(&self) -> Loop<'_> {
        Loop { owner: &self.owner, topic: &self.topic, times: self.times }
    }
}

fn loops(book: &Book, figures: &Figures, end: Timestamp) -> Vec<CaseLoop> {
    let figure = |case: &Logged| figures.of(case.number()?).cloned();
    book.cases.values().filter_map(|case| case_loop(case, &figure(case)?, end)).collect()
}

/// As a digest has it; when it was said first is all that it asks of the reports.
fn case_loop(case: &Logged, figure: &Figure, end: Timestamp) -> Option<CaseLoop> {
    let first = figure.reach.first_seen?;
    let told = CaseTold {
        id: case.id.clone(),
        topic: case.topic.clone(),
        product: case.product.clone(),
        owner: case.owner.clone(),
        steps: case.steps.clone(),
        began: figure.began(),
        reports: vec![CaseReport { record: String::new(), person: None, occurred_at: first }],
    };
    let times = told.in_loop(end)?.times;
    Some(CaseLoop { owner: told.owner, topic: told.topic, times })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::invented;

    #[test]
    fn a_case_is_as_far_as_a_digest_tells() {
        let known = invented();
        let told = known.told();
        let figure = Figure::tested(known.reach.clone(), told.began);
        for end in [1_000_000, 5_000_000, 5_000_001] {
            let own = case_loop(&known.case, &figure, Timestamp(end)).map(|one| one.times);
            assert_eq!(own, told.in_loop(Timestamp(end)).map(|one| one.times), "{end}");
        }
        let gone = Figure::tested(insight::cases::Reach { first_seen: None, ..known.reach.clone() }, None);
        assert!(case_loop(&known.case, &gone, Timestamp(9_000_000)).is_none());
    }
}
