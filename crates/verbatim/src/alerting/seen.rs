//! What a look at the tables has read: the counts, the records behind them, and the facts that quotes are cut from.

use super::Alerting;
use crate::blocking::blocking;
use crate::cases::Book;
use anyhow::{Context as _, Result};
use insight::InsightError;
use insight::alerts::{
    AlertEvent, Behind, History, Hour, Metric, SeriesKey, Span, Stored, contributions, quotes, read,
};
use insight::report::{Inputs, People};
use std::sync::Arc;
use store::Store;

/// Hours before a change that what carries it is held against: whole weeks, so that every day of the week counts alike.
const BEFORE: i32 = 4 * 7 * 24;

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
            let case = |record: &str| cases.case_of(record).map(str::to_owned);
            let (history, stored) = read(&inputs.facts, &people, hours, &words, &case)?;
            Ok::<_, InsightError>(Self { history, stored, cases, inputs })
        };
        let read = blocking("the reading of the facts broke off", work).await?;
        read.context("the facts cannot be counted")
    }

    /// What carries the lead of an alert, and three customers' words on it.
    pub fn behind(&self, event: &AlertEvent) -> Result<Behind> {
        let Some(incident) = &event.incident else { return Ok(Behind::default()) };
        let key = &incident.lead().key;
        let since = incident.span(Hour::of(event.at));
        let before = Span { from: since.from.plus(-BEFORE), to: since.from };
        // The history may not reach as far.
        let before = Span { from: before.from.max(self.history.from), ..before };
        let counted = self.stored.counted(&carried(key), before, since);
        let ids = self.stored.ids(key, since);
        Ok(Behind {
            carried_by: contributions(&counted, before.hours(), since.hours()),
            quotes: quotes(&self.inputs.facts, &ids, &key.what).context("the quotes cannot be read")?,
        })
    }
}

/// A lower score comes with no more answers than before: what it is carried by are the negative records beyond what is usual.
fn carried(key: &SeriesKey) -> SeriesKey {
    match &key.metric {
        Metric::Score(_) => SeriesKey { metric: Metric::Negative, ..key.clone() },
        Metric::Volume | Metric::Negative => key.clone(),
    }
}
