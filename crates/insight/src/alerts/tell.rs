//! An alert as it is said: what moved, from what to what, since when, what carries it, the words of customers, and the
//! command that opens the records. It knows no channel: a binary makes a message of it.

mod contribution;
mod words;

pub use contribution::{Contribution, Counted, contributions};
pub use words::{fields, headline, moved};

use super::{
    hour::Hour,
    incident::Incident,
    life::{AlertEvent, Step},
    series::{Metric, SeriesKey, What},
};
use crate::{
    report::{Filter, shell_word},
    triage::Priority,
};
use feedback::{judgement::SentimentLabel, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Quotes are extracted, never written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The record's id.
    pub record: String,
    pub text: String,
}

/// What the records themselves add, looked up by whoever has them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Behind {
    /// What carries it, the largest part first.
    pub carried_by: Vec<Contribution>,
    pub quotes: Vec<Quoted>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertTold {
    /// Of the alert: all that is said of it belongs together.
    pub alert: String,
    pub step: Step,
    pub severity: Priority,
    pub owner: String,
    pub at: Timestamp,
    pub title: String,
    /// One line.
    pub summary: String,
    /// Every series that moved, with its figures.
    pub moved: Vec<Moved>,
    pub carried_by: Vec<Contribution>,
    pub quotes: Vec<Quoted>,
    /// Says whether it was of use.
    pub feedback: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// `login: 84 records where 31 were due (20 to 42), 2.7 times as many`.
    pub text: String,
    /// Lists its records; `None` for words and cases, which have lists of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// The same as a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// An event that goes out, in words. `name` gives the name that readers know a topic by. `None` for an event that tells
/// nothing: a mark.
#[must_use]
pub fn tell(event: &AlertEvent, behind: Behind, name: &dyn Fn(&What) -> String) -> Option<AlertTold> {
    let incident = event.incident.as_ref()?;
    let now = Hour::of(event.at);
    let of = |key: &SeriesKey, text: String| {
        let filter = filter(key, incident, now);
        let command = filter.as_ref().map(command);
        Moved { text, filter, command }
    };
    Some(AlertTold {
        alert: event.id.clone(),
        step: event.step,
        severity: event.severity,
        owner: event.owner.clone(),
        at: event.at,
        title: headline(event.step, incident, name),
        summary: words::summary(event, incident, now, name),
        moved: incident.spells.iter().map(|spell| of(&spell.key, moved(spell, name))).collect(),
        carried_by: behind.carried_by,
        quotes: behind.quotes,
        feedback: format!("verbatim alerts useful {}", event.id),
    })
}

/// The records of a series since the incident began, by whole days: that is what lists know.
#[must_use]
pub fn filter(key: &SeriesKey, incident: &Incident, now: Hour) -> Option<Filter> {
    let span = incident.span(now);
    let topic = match &key.what {
        What::All => None,
        What::Topic(id) => Some(id.clone()),
        What::Words(_) | What::Case(_) => return None,
    };
    let of_days = Filter {
        from: Some(span.from.day()),
        to: Some(span.to.plus(-1).day()),
        topic,
        product: key.product.clone(),
        source: key.source.clone(),
        ..Filter::default()
    };
    Some(match &key.metric {
        Metric::Volume => of_days,
        Metric::Negative => of_days.sentiment(SentimentLabel::Negative),
        Metric::Score(score) => {
            Filter { score: Some(score.kind.clone()), scale: Some(score.scale.clone()), ..of_days }
        }
    })
}

/// `verbatim report --records --topic login --from 2026-03-02 …`.
fn command(filter: &Filter) -> String {
    let words = filter.args().into_iter().map(|word| shell_word(&word));
    std::iter::once("verbatim report --records".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
