//! What a look at the tables has read: the counts, the records behind them, and the facts that quotes are cut from.

use super::Alerting;
use crate::blocking::blocking;
use crate::cases::Book;
use anyhow::{Context as _, Result};
use insight::InsightError;
use insight::alerts::{AlertEvent, Behind, History, Hour, Stored, quotes, read};
use insight::report::{Inputs, People};
use std::sync::Arc;
use store::Store;

pub struct Seen {
    pub history: History,
    pub stored: Stored,
    pub cases: Book,
    inputs: Inputs,
}

impl Seen {
    /// The records of some hours; the second one is left out.
    pub async fn read(store: &Store, alerting: &Arc<Alerting>, hours: (Hour, Hour)) -> Result<Self> {
        let inputs = Inputs { insights: store.insights().await?, facts: store.current_facts().await? };
        let cases = Book::read(store).await?;
        let alerting = Arc::clone(alerting);
        let work = move || {
            let people = People::read(&inputs.facts)?;
            let words = |title: Option<&str>, body: &str| alerting.wordings.of(title, body);
            let watched = alerting.rules.watch.cases;
            let case = |record: &str| {
                let case = watched.then(|| cases.case_of(record)).flatten();
                case.map(str::to_owned)
            };
            let least = alerting.rules.watch.least.records;
            let (history, stored) = read(&inputs.facts, &people, hours, &words, &case, least)?;
            Ok::<_, InsightError>(Self { history, stored, cases, inputs })
        };
        let read = blocking("the reading of the facts broke off", work).await?;
        read.context("the facts cannot be counted")
    }

    /// Who stands behind an alert, its scores as a report has them, what carries what names it, and three customers' words on
    /// that.
    pub fn behind(&self, event: &AlertEvent) -> Result<Behind> {
        let Some(incident) = &event.incident else { return Ok(Behind::default()) };
        let now = Hour::of(event.at);
        let incident = self.stored.as_reported(incident, now);
        let lead = incident.lead();
        let ids = self.stored.speaking(lead, now);
        Ok(Behind {
            carried_by: self.stored.carried_by(lead, now),
            quotes: quotes(&self.inputs.facts, &ids, &lead.key.what).context("the quotes cannot be read")?,
            crowd: self.stored.crowd(&incident, now),
            incident: Some(incident),
        })
    }
}
