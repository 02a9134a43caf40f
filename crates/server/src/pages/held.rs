//! Records that are held and in no figure of a page: they came just now, or are of other days.

use crate::pages::parts::number;
use crate::problem::Problem;
use crate::query::address;
use crate::state::{App, now};
use crate::topics::read_days;
use feedback::time::Day;
use insight::report::model::Figure;
use insight::report::{Filter, Period, Scope};
use maud::{Markup, html};
use std::time::Duration;

/// The records of a scope as they are held now, by where they lie to the days that count: those of its period that are over, or
/// all of its period where none is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    /// On those days.
    pub within: Figure<u64>,
    /// Before them; looked for where there are none on them, and a day is over.
    pub earlier: Figure<u64>,
    /// Behind them.
    pub later: Figure<u64>,
}

impl Held {
    pub async fn read(app: &App, scope: &Scope) -> Result<Self, Problem> {
        Ok(Self::of(&read_days(app, scope).await?, scope, now().day()))
    }

    /// Of the records by day.
    fn of(held: &[(Day, u64)], scope: &Scope, today: Day) -> Self {
        let over = Period { to: scope.period.to.min(today.plus(-1)), ..scope.period };
        let days = if over.days() > 0 { over } else { scope.period };
        let count = |from: Option<Day>, to: Option<Day>| {
            let is_meant = |day: Day| from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to);
            let value = held.iter().filter(|(day, _)| is_meant(*day)).map(|(_, records)| records).sum();
            Figure { value, filter: Filter { from, to, ..Filter::of(scope, days) } }
        };
        let within = count(Some(days.from), Some(days.to));
        let before = count(None, Some(days.from.plus(-1)));
        let is_shown = within.value == 0 && over.days() > 0;
        let earlier = if is_shown { before } else { Figure { value: 0, ..before } };
        Self { within, earlier, later: count(Some(days.to.plus(1)), None) }
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

    /// Those of a period of which no day is over.
    pub fn of_days_not_over(&self) -> Markup {
        html! {
            @if self.within.value == 0 {
                "No records of these days are held yet; they are counted when the days are over."
            } @else {
                (records(&self.within)) " of these days " (is_or_are(&self.within)) " held; "
                (if self.within.value == 1 { "it is" } else { "they are" }) " counted when the days are over."
            }
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
        let by_day: Vec<(Day, u64)> = shelf().records_by_day().collect();
        assert_eq!(by_day, [(DAY, 3)]);
        let counted = |from: i32, to: i32, today: i32| {
            let scope = Scope::of_days(DAY.plus(from), DAY.plus(to));
            let held = Held::of(&by_day, &scope, DAY.plus(today));
            [held.within.value, held.earlier.value, held.later.value]
        };
        assert_eq!(counted(-6, 0, 1), [3, 0, 0]);
        assert_eq!(counted(-6, 0, 0), [0, 0, 3], "the day is not over");
        assert_eq!(counted(1, 7, 30), [0, 3, 0]);
        assert_eq!(counted(-8, -2, 30), [0, 0, 3]);
        assert_eq!(counted(0, 0, 0), [3, 0, 0], "of a period of which no day is over all count");
        assert_eq!(counted(1, 1, 1), [0, 0, 0], "and none from before it");
        let scope = Scope { source: Some("nps".to_owned()), ..Scope::of_days(DAY.plus(-6), DAY) };
        let held = Held::of(&[(DAY, 2)], &scope, DAY.plus(9));
        assert_eq!((held.within.value, held.uncounted(1), held.uncounted(7)), (2, 1, 0));
        assert_eq!((held.later.filter.from, held.later.filter.to), (Some(DAY.plus(1)), None));
        assert_eq!(held.later.filter.source.as_deref(), Some("nps"));
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
        let told = held([1, 0, 0]).of_days_not_over().into_string();
        assert!(
            told.ends_with("1 record</a> of these days is held; it is counted when the days are over."),
            "{told}"
        );
        let told = held([0, 0, 0]).of_days_not_over().into_string();
        assert!(told.starts_with("No records of these days are held yet"), "{told}");
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
