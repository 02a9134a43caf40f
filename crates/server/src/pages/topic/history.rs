//! A topic week by week, with the alerts that there were.

use crate::desk::AlertRow;
use crate::pages::parts::chart::{Chart, Look, Mark, Point};
use crate::pages::parts::number::Unit;
use crate::pages::parts::time;
use crate::problem::Problem;
use crate::query::address;
use crate::topics::{HistoryWeek, TopicWhole};
use feedback::time::Day;
use insight::report::{Period, printable};
use maud::{Markup, html};

/// Alerts whose names are written into a chart; the list beside has all.
const MOST_MARKS: usize = 4;

pub(super) fn history(whole: &TopicWhole, alerts: &Result<Vec<AlertRow>, Problem>) -> Markup {
    let last = whole.history.last().map(|week| week.to.0);
    let marks = match (alerts, last) {
        (Ok(alerts), Some(last)) => marks(alerts, last),
        _ => Vec::new(),
    };
    html! {
        section.card {
            h2 { "Week by week" }
            (mentions(&whole.history, marks.clone()).draw())
            (negative(&whole.history, marks).draw())
        }
    }
}

fn mentions(weeks: &[HistoryWeek], marks: Vec<Mark>) -> Chart {
    let point = |week: &HistoryWeek| Point {
        days: days(week),
        value: Some(week.mentions.value as f64),
        interval: None,
        n: week.mentions.value,
        partial: week.is_partial,
        link: Some(address(&week.mentions.filter)),
    };
    Chart {
        title: "Mentions by week".to_owned(),
        axis: "mentions a week".to_owned(),
        unit: Unit::Count,
        look: Look::Bars,
        points: weeks.iter().map(point).collect(),
        marks,
        goal: None,
    }
}

fn negative(weeks: &[HistoryWeek], marks: Vec<Mark>) -> Chart {
    let point = |week: &HistoryWeek| Point {
        days: days(week),
        value: week.negative.share,
        interval: week.negative.interval,
        n: week.negative.n,
        partial: week.is_partial,
        link: Some(address(&week.negative.filter)),
    };
    Chart {
        title: "Negative share by week".to_owned(),
        axis: "of the judged mentions".to_owned(),
        unit: Unit::Share,
        look: Look::Line,
        points: weeks.iter().map(point).collect(),
        marks,
        goal: None,
    }
}

fn days(week: &HistoryWeek) -> Period {
    Period { from: week.from.0, to: week.to.0 }
}

/// The newest alerts, from when each began to its end, or as far as the chart goes.
fn marks(alerts: &[AlertRow], last: Day) -> Vec<Mark> {
    let mark = |alert: &AlertRow| Mark {
        days: Period { from: alert.since.0.day(), to: alert.resolved_at.map_or(last, |at| at.0.day()) },
        label: printable(&alert.title).into_owned(),
        link: Some(format!("/alerts/{}", alert.id)),
    };
    alerts.iter().take(MOST_MARKS).map(mark).collect()
}

pub(super) fn alerts(alerts: &Result<Vec<AlertRow>, Problem>) -> Markup {
    html! {
        section.card {
            h2 { "Alerts" }
            @match alerts {
                Err(problem) => div.note role="status" { p { "They cannot be shown now: " (problem.detail) "." } },
                Ok(alerts) if alerts.is_empty() => p.empty { "There was none in these weeks." },
                Ok(alerts) => ul.plain { @for alert in alerts { li {
                    a href={ "/alerts/" (alert.id) } { (printable(&alert.title)) } " "
                    span class={ "badge badge-" (alert.state.as_str()) } { (alert.state.as_str().replace('_', " ")) }
                    p.soft {
                        "since " (time::moment(alert.since.0))
                        @if let Some(end) = alert.resolved_at { ", over " (time::moment(end.0)) }
                    }
                } } },
            }
        }
    }
}
