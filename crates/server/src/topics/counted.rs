//! Figures of topics, counted once for all who ask the same, and kept.
//!
//! Corrections are a part of the question: whoever has just corrected a record sees no figure from before. Of records
//! themselves nothing is kept.

use super::line::Before;
use super::table::{TopicTable, table};
use super::whole::{TopicWhole, whole};
use crate::desk::At;
use crate::kept::{BrokeOff, Crowded, Haste, Kept, Made, Maker, Rules};
use crate::live::Live;
use crate::problem::Problem;
use crate::quiet::quietly;
use crate::state::{App, Topics, now};
use feedback::time::{Day, Timestamp};
use insight::InsightError;
use insight::report::{Filter, Period, Scope};
use insight::shelf::Shelf;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Under a steady stream the records are others every few seconds, of days that are over hardly any.
const RULES: Rules = Rules {
    what: "figures of topics",
    times: 20,
    at_least: Duration::from_secs(1),
    at_most: Duration::from_secs(60),
    oldest: Duration::from_secs(600),
    patience: Duration::from_millis(50),
    at_once: 2,
    rest: 3,
    most: 64,
    waiting: 16,
};

/// What was counted for whoever asks next.
pub struct Counts {
    tables: Kept<Question, Count<TopicTable>>,
    wholes: Kept<Question, Count<TopicWhole>>,
    days: Kept<Question, Count<Vec<(Day, u64)>>>,
}

impl Default for Counts {
    fn default() -> Self {
        // A table has as many lines as there are topics.
        let tables = Kept::new(Rules { most: RULES.most / 2, ..RULES });
        Self { tables, wholes: Kept::new(RULES), days: Kept::new(RULES) }
    }
}

/// Why nothing was counted; the log has what is a failure.
#[derive(Debug, thiserror::Error)]
pub(super) enum CountError {
    #[error("the topics cannot be counted")]
    Insight(#[from] InsightError),
    #[error(transparent)]
    BrokeOff(#[from] BrokeOff),
    #[error(transparent)]
    Crowded(#[from] Crowded),
}

impl From<CountError> for Problem {
    fn from(error: CountError) -> Self {
        match error {
            CountError::Crowded(_) => {
                Self::unavailable("many other figures are being counted at the moment: try again soon")
            }
            CountError::Insight(_) | CountError::BrokeOff(_) => Self::broken(),
        }
    }
}

impl Counts {
    /// All topics of a scope.
    pub(super) async fn table(
        &self,
        known: Known<'_>,
        scope: &Scope,
        before: Before,
    ) -> Result<TopicTable, CountError> {
        let asked = Asked { scope: scope.clone(), topic: String::new(), before };
        let count: Counter<TopicTable> =
            |shelf, topics, asked, now| table(shelf, topics, &asked.scope, asked.before, now);
        let made = self.tables.get(known.question(&asked), known.count(asked, count)).await?;
        Ok(TopicTable { as_of: known.as_of(&made).map(At), ..made.answer.told.clone() })
    }

    /// One topic of it. Its change is judged among all of them, and taken from their table: it is as of that.
    pub(super) async fn whole(
        &self,
        known: Known<'_>,
        topic: &str,
        scope: &Scope,
        before: Before,
    ) -> Result<TopicWhole, CountError> {
        let asked = Asked { scope: scope.clone(), topic: topic.to_owned(), before };
        let count: Counter<TopicWhole> =
            |shelf, topics, asked, now| whole(shelf, topics, &asked.topic, &asked.scope, asked.before, now);
        let wholes = self.wholes.get(known.question(&asked), known.count(asked, count));
        let (made, table) = tokio::try_join!(wholes, self.table(known, scope, before))?;
        let mut told = TopicWhole { as_of: known.as_of(&made).map(At), ..made.answer.told.clone() };
        told.line.change =
            table.items.into_iter().find(|line| line.topic == topic).and_then(|line| line.change);
        Ok(told)
    }

    /// The records of a scope by day, whatever its period, ascending. Where all records are meant they are those of now.
    pub(super) async fn days(&self, known: Known<'_>, scope: &Scope) -> Result<Vec<(Day, u64)>, CountError> {
        let period = Period { from: Day(0), to: Day(0) };
        let scope = Scope { period, ..scope.clone() };
        if scope == Scope::of_days(period.from, period.to) {
            return Ok(known.live.shelf().records_by_day().collect());
        }
        let asked = Asked { scope, topic: String::new(), before: Before::Unknown };
        let made = self.days.get(known.question(&asked), known.count(asked, by_day)).await?;
        Ok(made.answer.told.clone())
    }
}

fn by_day(shelf: &Shelf, _: &Topics, asked: &Asked, _: Timestamp) -> Result<Vec<(Day, u64)>, InsightError> {
    let days = shelf.series(&Filter::of(&asked.scope, asked.scope.period).of_any_time().into())?;
    Ok(days.into_iter().map(|day| (day.day, day.tally.records)).collect())
}

/// What there is to count.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    pub live: &'k Live,
    pub topics: &'k Topics,
    /// Whether nobody waits for what is counted.
    pub is_ahead: bool,
}

impl<'k> Known<'k> {
    pub fn of(app: &'k App) -> Self {
        Self { live: &app.live, topics: &app.topics, is_ahead: false }
    }

    /// The same for whoever counts before anybody asks.
    pub fn ahead(app: &'k App) -> Self {
        Self { is_ahead: true, ..Self::of(app) }
    }

    fn question(self, asked: &Asked) -> Question {
        let shelf = self.live.shelf();
        Question {
            // A scope is plain values: it can be written.
            scope: serde_json::to_string(&asked.scope).unwrap_or_default(),
            topic: asked.topic.clone(),
            before: asked.before,
            today: now().day(),
            taxonomy: self.topics.version().to_owned(),
            is_whole: shelf.version().is_some(),
            corrected: shelf.corrected(),
        }
    }

    fn count<T>(self, asked: Asked, count: Counter<T>) -> Count<T> {
        let (live, topics) = (self.live.clone(), self.topics.clone());
        Count { live, topics, is_ahead: self.is_ahead, asked, count }
    }

    /// Where nothing has changed since it was counted, it is as fresh as the records.
    fn as_of<T>(self, made: &Made<Of, Counted<T>>) -> Option<Timestamp> {
        let as_of = self.live.status().as_of;
        if Of::now(self.live) == made.basis { as_of } else { made.answer.as_of }
    }
}

/// What somebody asks for.
#[derive(Debug, Clone)]
struct Asked {
    scope: Scope,
    /// One, or none for all of them.
    topic: String,
    before: Before,
}

/// The same, with all that makes it another question: what was answered before is not shown then, not even for a while.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Question {
    /// As JSON.
    scope: String,
    topic: String,
    before: Before,
    /// The days before it are complete.
    today: Day,
    /// The version of the one in force.
    taxonomy: String,
    /// Whether all records were read once.
    is_whole: bool,
    /// [`Shelf::corrected`].
    corrected: u64,
}

/// The records that something was counted of: they are not kept, but told apart from all others.
struct Of(Weak<Shelf>);

impl Of {
    fn now(live: &Live) -> Self {
        Self(Arc::downgrade(&live.shelf()))
    }
}

impl PartialEq for Of {
    fn eq(&self, other: &Self) -> bool {
        Weak::ptr_eq(&self.0, &other.0)
    }
}

struct Counted<T> {
    told: T,
    /// The tables were read then.
    as_of: Option<Timestamp>,
}

type Counter<T> = fn(&Shelf, &Topics, &Asked, Timestamp) -> Result<T, InsightError>;

struct Count<T> {
    live: Live,
    topics: Topics,
    is_ahead: bool,
    asked: Asked,
    count: Counter<T>,
}

impl<T: Send + Sync + 'static> Maker for Count<T> {
    type Answer = Counted<T>;
    type Basis = Of;
    type Error = CountError;

    async fn basis(&self) -> Result<Of, CountError> {
        Ok(Of::now(&self.live))
    }

    async fn make(&self, haste: Haste) -> Result<(Of, Counted<T>), CountError> {
        // Told before the records are taken, which are as fresh as that or fresher.
        let as_of = self.live.status().as_of;
        let shelf = self.live.shelf();
        let of = Of(Arc::downgrade(&shelf));
        let (topics, asked, count) = (self.topics.clone(), self.asked.clone(), self.count);
        let work = move || count(&shelf, &topics, &asked, now());
        let counted = match haste {
            Haste::First if !self.is_ahead => {
                tokio::task::spawn_blocking(work).await.map_err(|_| BrokeOff)?
            }
            _ => quietly(work).await?,
        };
        Ok((of, Counted { told: counted?, as_of }))
    }
}

#[cfg(test)]
mod tests;
