//! What pages and the API tell of topics: figures of the facts in memory, beside what the report says of them.
//!
//! Knows: the taxonomy in force, which days count, what a topic is compared with. Must not: judge by itself; a verdict comes
//! from [`insight`], which holds the false-discovery level: that on the change of a share among the topics of the period, those
//! on single days among all that the report looks at.
//!
//! Invariants:
//! - Figures are of the records that are held: the list that a number opens has just those. Where older ones are not held,
//!   that is told.
//! - Only complete days count, but for the last week of a history, which is told to be cut.
//! - Of fewer than five nothing is shown that could point at one of them.
//! - Figures and the verdicts on their change are kept for a while, and tell as of when they are; those of the report, and
//!   records, are those of now.

mod counted;
mod described;
mod line;
mod sort;
mod table;
#[cfg(test)]
pub(crate) mod testing;
mod whole;

pub use counted::Counts;
use counted::Known;
pub use described::{FigureShown, IntervalShown, ShareShown};
pub use line::{Before, ShareMoved, TopicLine, TopicReach};
pub use sort::{By, Sort};
pub use table::{TopicTable, Unassigned, table};
pub use whole::{HistoryWeek, Related, ScoreOfAll, TopicName, TopicScore, TopicWhole, Weeks, newest, whole};

use crate::desk::{self, AlertRow, AlertsFilter};
use crate::problem::Problem;
use crate::reports::Look;
use crate::state::{App, now};
use feedback::time::Day;
use insight::nearest;
use insight::report::{Report, Scope};
use insight::shelf::Hit;
use std::time::Duration;

/// So long the figures wait for a report that was never made; without it no days stand out yet.
const PATIENCE: Duration = Duration::from_millis(100);
/// Alerts of a topic that are shown, the newest.
const MOST_ALERTS: usize = 20;

/// A name that is no topic's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The one that was meant, perhaps.
    pub near: Option<TopicName>,
}

impl From<Unknown> for Problem {
    fn from(Unknown { near }: Unknown) -> Self {
        let meant = near.map(|near| format!(": did you mean {}?", near.topic)).unwrap_or_default();
        Self::not_found(format!("there is no such topic{meant}"))
    }
}

/// Whether the taxonomy has it, or had it when records were judged.
///
/// # Errors
/// [`Unknown`].
pub fn check(app: &App, topic: &str) -> Result<(), Unknown> {
    if app.topics.get(topic).is_some() || app.live.shelf().has_topic(topic) {
        return Ok(());
    }
    let near = nearest(topic, app.topics.iter().map(|topic| topic.id.as_str()));
    let near = near.map(|id| TopicName { topic: id.to_owned(), name: app.topics.name(id).to_owned() });
    Err(Unknown { near })
}

/// The topics of a scope, with what there is of its report.
///
/// # Errors
/// Only of the program.
pub async fn read_table(app: &App, scope: &Scope) -> Result<(TopicTable, Look), Problem> {
    let look = app.reports.look(scope, now, PATIENCE).await;
    let mut table = app.counts.table(Known::of(app), scope, look.report().into()).await?;
    table.judge(look.report());
    Ok((table, look))
}

/// The records of a scope by day, whatever its period, ascending. They are as of now, or counted a moment ago where not all
/// records are meant.
///
/// # Errors
/// Only of the program.
pub async fn read_days(app: &App, scope: &Scope) -> Result<Vec<(Day, u64)>, Problem> {
    Ok(app.counts.days(Known::of(app), scope).await?)
}

/// Counts all topics of a scope, and some of them by themselves, before anybody asks. What cannot be counted is in the log.
pub async fn count_ahead(app: &App, scope: &Scope, report: &Report, topics: &[String]) {
    let (known, before) = (Known::ahead(app), Before::from(Some(report)));
    let _ = app.counts.table(known, scope, before).await;
    for topic in topics {
        let _ = app.counts.whole(known, topic, scope, before).await;
    }
}

/// All that there is of a topic.
pub struct TopicRead {
    pub whole: TopicWhole,
    pub newest: Vec<Hit>,
    /// The report on all topics, among which this one is judged.
    pub report: Look,
    /// Those of the history.
    pub alerts: Result<Vec<AlertRow>, Problem>,
}

/// One topic of a scope. That there is one is [checked](check) before.
///
/// # Errors
/// Only of the program.
pub async fn read(app: &App, topic: &str, scope: &Scope) -> Result<TopicRead, Problem> {
    let wanted = AlertsFilter {
        topic: Some(topic.to_owned()),
        since: Some(Weeks::of(scope, now()).days.from),
        ..AlertsFilter::default()
    };
    let page = desk::Page { limit: MOST_ALERTS, behind: None };
    let (report, alerts) =
        tokio::join!(app.reports.look(scope, now, PATIENCE), app.desk.alerts(&wanted, &page));
    let alerts = alerts.map(|alerts| alerts.list.items).map_err(Problem::from);
    let (shelf, owned) = (app.live.shelf(), (topic.to_owned(), scope.clone()));
    let newest = tokio::task::spawn_blocking(move || newest(&shelf, &owned.0, &owned.1, now()));
    let mut whole = app.counts.whole(Known::of(app), topic, scope, report.report().into()).await?;
    whole.judge(report.report());
    Ok(TopicRead { whole, newest: newest.await?.map_err(Problem::internal)?, report, alerts })
}
