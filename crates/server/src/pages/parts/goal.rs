//! A value beside its goal, as a bar in the height of a line of text.

use super::meter::fixed;
use super::scale::Scale;
use crate::desk::TargetRow;
use insight::targets::Unit;
use maud::{Markup, html};

const WIDTH: f64 = 100.0;

/// The value with its interval as a band, the goal as a line. Nothing is drawn without a value; the numbers stand beside.
#[must_use]
pub fn bar(row: &TargetRow) -> Markup {
    let Some(value) = row.value.filter(|value| value.is_finite()) else { return html! {} };
    let Some(goal) = row.goal.at_least.or(row.goal.at_most).or(row.goal.under) else { return html! {} };
    let x = Scale::new(ends(row, value, goal), (0.0, WIDTH));
    let (low, high) = (row.low.map_or(0.0, |low| x.at(low)), row.high.map_or(WIDTH, |high| x.at(high)));
    let is_known = row.low.is_some() || row.high.is_some();
    html! {
        svg.spark viewBox={ "0 0 " (WIDTH) " 24" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            line.grid-line x1="0" x2=(WIDTH) y1="12" y2="12" {}
            @if is_known { rect.band x=(fixed(low)) y="7" width=(fixed((high - low).max(1.0))) height="10" {} }
            rect.bar x=(fixed(x.at(value) - 1.0)) y="5" width="2" height="14" {}
            line.goal x1=(fixed(x.at(goal))) x2=(fixed(x.at(goal))) y1="1" y2="23" {}
        }
    }
}

/// The whole of a scale that has ends; else from nothing to somewhat more than all that is drawn.
fn ends(row: &TargetRow, value: f64, goal: f64) -> (f64, f64) {
    match row.kpi.unit() {
        Unit::Points => (-100.0, 100.0),
        Unit::Share => (0.0, 1.0),
        Unit::Mean | Unit::Count | Unit::Seconds => {
            let high = [value, goal, row.high.unwrap_or(0.0)].into_iter().filter(|high| high.is_finite());
            (0.0, high.fold(0.0, f64::max) * 1.15)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Date, TargetGoal, TargetStanding};
    use feedback::time::Day;
    use insight::targets::{Kpi, TargetScope};

    fn row(kpi: Kpi, value: Option<f64>, goal: f64) -> TargetRow {
        TargetRow {
            name: "NPS".to_owned(),
            metric: kpi.as_str(),
            kpi,
            scope: TargetScope::default(),
            from: Date(Day(20_514)),
            to: Date(Day(20_541)),
            goal: TargetGoal { at_least: Some(goal), at_most: None, under: None },
            goal_told: format!("at least {goal}"),
            standing: TargetStanding::Open,
            n: 120,
            value,
            low: value.map(|value| value - 10.0),
            high: value.map(|value| value + 10.0),
            p90: None,
            waiting: 0,
            note: None,
            filter: None,
        }
    }

    #[test]
    fn the_goal_is_marked_where_it_lies() {
        insta::assert_snapshot!(bar(&row(Kpi::Nps, Some(30.0), 40.0)).into_string(), @r#"<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true" focusable="false"><line class="grid-line" x1="0" x2="100" y1="12" y2="12"></line><rect class="band" x="60" y="7" width="10" height="10"></rect><rect class="bar" x="64" y="5" width="2" height="14"></rect><line class="goal" x1="70" x2="70" y1="1" y2="23"></line></svg>"#);
    }

    #[test]
    fn what_has_no_end_is_drawn_within_the_space() {
        let drawn = bar(&row(Kpi::TimeToResolve, Some(90_000.0), 86_400.0)).into_string();
        assert!(drawn.contains("class=\"goal\"") && !drawn.contains("NaN"), "{drawn}");
        assert_eq!(bar(&row(Kpi::Nps, None, 40.0)).into_string(), "");
        let zero = TargetRow { low: None, high: None, ..row(Kpi::Records, Some(0.0), 0.0) };
        assert!(!bar(&zero).into_string().contains("band"));
    }
}
