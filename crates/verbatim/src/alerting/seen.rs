//! What a look at the tables has read: the counts, the records behind them, and the facts that quotes are cut from.

use super::Alerting;
use crate::blocking::blocking;
use crate::cases::Book;
use anyhow::{Context as _, Result};
use insight::InsightError;
use insight::alerts::{AlertEvent, Behind, Facts, History, Hour, Incident, Stored, days, quotes, read};
use std::sync::Arc;
use store::Store;

/// Hours before an alert that what carries it is held against.
const BEFORE: i32 = 5 * 7 * 24;
/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 50_000;

pub struct Seen {
    pub history: History,
    pub stored: Stored,
    pub cases: Book,
    facts: Facts,
}

impl Seen {
    /// The records of some hours; the second one is left out.
    pub async fn read(store: &Store, alerting: &Arc<Alerting>, hours: (Hour, Hour)) -> Result<Self> {
        let facts = facts_of(store, hours).await?;
        let cases = Book::read(store).await?;
        let alerting = Arc::clone(alerting);
        let work = move || {
            let case = |record: &str| cases.case_of(record).map(str::to_owned);
            let stored = records(&facts, &alerting, hours, &case)?;
            Ok::<_, InsightError>(Self { history: stored.history(), stored, cases, facts })
        };
        let read = blocking("the reading of the facts broke off", work).await?;
        read.context("the facts cannot be counted")
    }

    /// Who stands behind an alert, its scores as a report has them, what carries what names it, and three customers' words on
    /// that.
    pub fn behind(&self, event: &AlertEvent) -> Result<Behind> {
        behind_of(&self.facts, &self.stored, event)
    }
}

fn behind_of(facts: &Facts, stored: &Stored, event: &AlertEvent) -> Result<Behind> {
    let Some(incident) = &event.incident else { return Ok(Behind::default()) };
    let now = Hour::of(event.at);
    let incident = stored.as_reported(incident, now);
    let lead = incident.lead();
    Ok(Behind {
        carried_by: stored.carried_by(lead, now),
        quotes: quotes(&facts.all, &stored.speaking(lead, now), lead, now)
            .context("the quotes cannot be read")?,
        crowd: stored.crowd(&incident, now),
        incident: Some(incident),
    })
}

/// What stands behind one event, by the weeks before it; `case` knows the case of a record.
pub async fn behind(
    store: &Store,
    alerting: &Arc<Alerting>,
    event: AlertEvent,
    case: impl Fn(&str) -> Option<String> + Send + 'static,
) -> Result<Behind> {
    let hours = hours_behind(&event);
    let facts = facts_of(store, hours).await?;
    let alerting = Arc::clone(alerting);
    let work = move || {
        let stored = records(&facts, &alerting, hours, &case).context("the facts cannot be counted")?;
        behind_of(&facts, &stored, &event)
    };
    blocking("the alert could not be told", work).await?
}

/// The hours that tell what carries an event, up to when it was noted.
pub fn hours_behind(event: &AlertEvent) -> (Hour, Hour) {
    let onset = event.incident.as_ref().map_or(Hour::of(event.at), Incident::onset);
    (onset.plus(-BEFORE), Hour::of(event.at))
}

async fn facts_of(store: &Store, hours: (Hour, Hour)) -> Result<Facts> {
    let parts = store.current_facts_in_parts(&days(hours), ROWS_AT_ONCE).await?;
    Ok(Facts { all: store.current_facts().await?, parts })
}

fn records(
    facts: &Facts,
    alerting: &Alerting,
    hours: (Hour, Hour),
    case: &dyn Fn(&str) -> Option<String>,
) -> Result<Stored, InsightError> {
    let words = |title: Option<&str>, body: &str| alerting.wordings.of(title, body);
    let watch = &alerting.rules.watch;
    let case = |record: &str| if watch.cases { case(record) } else { None };
    read(facts, hours, &words, &case, watch.least.records)
}
