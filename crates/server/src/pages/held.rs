//! Records that are held and in no figure of a page: they came just now, or are of other days.

use crate::pages::parts::number;
use crate::problem::Problem;
use crate::query::address;
use crate::state::{App, now};
use feedback::time::Day;
use insight::InsightError;
use insight::report::model::Figure;
use insight::report::{Filter, Period, Scope};
use insight::shelf::Shelf;
use maud::{Markup, html};
use std::time::Duration;

/// The records of a scope as they are held now, by where they lie to the days that count.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    /// On those days.
    pub within: Figure<u64>,
    /// Before them; looked for where there are none on them.
    pub earlier: Figure<u64>,
    /// Behind them.
    pub later: Figure<u64>,
}

impl Held {
    pub async fn read(app: &App, scope: &Scope) -> Result<Self, Problem> {
        let (shelf, scope, today) = (app.live.shelf(), scope.clone(), now().day());
        let counted = tokio::task::spawn_blocking(move || Self::of(&shelf, &scope, today)).await?;
        counted.map_err(Problem::internal)
    }

    fn of(shelf: &Shelf, scope: &Scope, today: Day) -> Result<Self, InsightError> {
        let days = Period { from: scope.period.from, to: scope.period.to.min(today.plus(-1)) };
        let of = |from, to| Filter { from, to, ..Filter::of(scope, days) };
        let count = |filter: Filter| {
            let (tally, _) = shelf.counts(&filter.clone().into(), &[])?;
            Ok::<_, InsightError>(Figure { value: tally.records, filter })
        };
        let within = count(of(Some(days.from), Some(days.to)))?;
        let before = of(None, Some(days.from.plus(-1)));
        Ok(Self {
            earlier: if within.value == 0 { count(before)? } else { Figure { value: 0, filter: before } },
            later: count(of(Some(days.to.plus(1)), None))?,
            within,
        })
    }

    /// How many are on the days that count, and not among the `counted` ones.
    pub fn uncounted(&self, counted: u64) -> u64 {
        self.within.value.saturating_sub(counted)
    }

    /// Those on the days that count, none of which is counted yet; `when` they will be.
    pub fn not_counted_yet(&self, when: &str) -> Markup {
        html! {
            h2 { "Records have come in and are not counted yet" }
            p { (records(&self.within)) " of these days " (is_or_are(&self.within)) " held. " (when) }
        }
    }

    /// Those of other days.
    pub fn of_other_days(&self) -> Markup {
        html! {
            @if self.earlier.value > 0 { (records(&self.earlier)) " came earlier. " }
            @if self.later.value > 0 {
                (records(&self.later)) " came later, and " (is_or_are(&self.later)) " counted in the figures of later days. "
            }
        }
    }
}

fn records(figure: &Figure<u64>) -> Markup {
    html! { a href=(address(&figure.filter)) { (number::of(figure.value, "record", "records")) } }
}

fn is_or_are(figure: &Figure<u64>) -> &'static str {
    if figure.value == 1 { "is" } else { "are" }
}

/// When a report follows what has come in; `every` is how often the server itself counts, if it does.
pub(super) fn when(every: Option<Duration>) -> String {
    match every {
        Some(every) => format!("Figures follow about {}: the page shows them by itself.", often(every)),
        None => "Figures follow when a worker, or the command verbatim rollup, has counted them.".to_owned(),
    }
}

/// `every 10 seconds`, by the largest unit that says it.
fn often(every: Duration) -> String {
    let seconds = every.as_secs().max(1);
    let units = [(3_600, "hour"), (60, "minute"), (1, "second")];
    let (of, unit) = units.into_iter().find(|(of, _)| seconds.is_multiple_of(*of)).unwrap_or((1, "second"));
    match seconds / of {
        1 => format!("once a{} {unit}", if unit == "hour" { "n" } else { "" }),
        many => format!("every {many} {unit}s"),
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// So many on the days that count, before and behind them.
    pub fn held([within, earlier, later]: [u64; 3]) -> Held {
        let figure = |value, topic: &str| Figure { value, filter: Filter::default().topic(topic) };
        Held {
            within: figure(within, "within"),
            earlier: figure(earlier, "earlier"),
            later: figure(later, "later"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::held;
    use super::*;
    use crate::query::testing::{DAY, shelf};

    #[test]
    fn records_lie_before_the_days_that_count_on_them_or_behind() {
        let counted = |from: i32, to: i32, today: i32| {
            let scope = Scope::of_days(DAY.plus(from), DAY.plus(to));
            let held = Held::of(&shelf(), &scope, DAY.plus(today)).unwrap();
            [held.within.value, held.earlier.value, held.later.value]
        };
        assert_eq!(counted(-6, 0, 1), [3, 0, 0]);
        assert_eq!(counted(-6, 0, 0), [0, 0, 3], "the day is not over");
        assert_eq!(counted(1, 7, 30), [0, 3, 0]);
        assert_eq!(counted(-8, -2, 30), [0, 0, 3]);
        let scope = Scope { source: Some("nps".to_owned()), ..Scope::of_days(DAY.plus(-6), DAY) };
        let held = Held::of(&shelf(), &scope, DAY.plus(9)).unwrap();
        assert_eq!((held.within.value, held.uncounted(1), held.uncounted(7)), (2, 1, 0));
        assert_eq!(held.later.filter.from, Some(DAY.plus(1)));
    }

    #[test]
    fn what_is_in_no_figure_is_told_with_its_records() {
        let told = held([2, 0, 1]).not_counted_yet(&when(Some(Duration::from_secs(10)))).into_string();
        assert!(told.contains("topic=within\">2 records</a> of these days are held."), "{told}");
        assert!(told.contains("Figures follow about every 10 seconds"), "{told}");
        let told = held([0, 1, 3]).of_other_days().into_string();
        assert!(told.contains("topic=earlier\">1 record</a> came earlier."), "{told}");
        assert!(told.contains("topic=later\">3 records</a> came later, and are counted"), "{told}");
        assert_eq!(held([2, 0, 0]).of_other_days().into_string(), "");
    }

    #[test]
    fn how_often_is_told_by_the_largest_unit() {
        let told = [1, 10, 60, 90, 300, 3_600, 7_200].map(|seconds| often(Duration::from_secs(seconds)));
        let expected = [
            "once a second",
            "every 10 seconds",
            "once a minute",
            "every 90 seconds",
            "every 5 minutes",
            "once an hour",
            "every 2 hours",
        ];
        assert_eq!(told, expected);
        assert_eq!(often(Duration::from_millis(20)), "once a second");
        assert!(when(None).contains("verbatim rollup"));
    }
}
