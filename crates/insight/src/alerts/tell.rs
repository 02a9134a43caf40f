//! An alert as it is said: what moved, from what to what, since when, what carries it, the words of customers, and the
//! command that opens the records. It knows no channel: a binary makes a message of it.

mod contribution;
mod people;
mod score;
mod words;

pub use contribution::{Contribution, PartOf, UsualOf};
pub(super) use contribution::{Counted, Tally, excess, fall};
pub use people::{Crowd, people_told};
pub use words::{fields, headline, moved};

use super::{
    hour::Hour,
    incident::Incident,
    life::{AlertEvent, Step},
    named::Wordings,
    series::{Metric, ScoreName, What, counts_people},
    watch::Spell,
};
use crate::{
    digest::Open,
    report::{
        Filter,
        filter::{Answers, Moment},
    },
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
    /// Who stands behind it; `None` where nobody has looked, or the records are gone.
    pub crowd: Option<Crowd>,
    /// The incident with its scores in the figures of a report; `None` where nobody has looked.
    pub incident: Option<Incident>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertTold {
    /// Of the alert: all that is said of it belongs together.
    pub alert: String,
    pub step: Step,
    pub severity: Priority,
    /// Empty where nobody owns any of it.
    pub owner: String,
    /// Who is told of it, the owner first.
    pub owners: Vec<String>,
    pub at: Timestamp,
    pub title: String,
    /// One line: the figures of what names it, since when, and how many people.
    pub summary: String,
    pub people: Crowd,
    /// What moved, with its figures: each thing and metric once, in the widest of its series. The first names it.
    pub moved: Vec<Moved>,
    /// The other series that moved: parts of these by product and source, and cases.
    pub parts: Vec<Moved>,
    pub carried_by: Vec<Contribution>,
    pub quotes: Vec<Quoted>,
    /// Says whether it was of use.
    pub feedback: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// `Login: 84 records where 31 would be usual (20 to 42), of late 2.7× as many`; when it began where that was another
    /// day than that of what names it.
    pub text: String,
    /// Lists its records, as many as were counted for it; `None` of words that the rules no longer name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// The same as a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// An event that goes out, in words. `name` gives the name that readers know a topic by, `wordings` what the rules mean by the
/// name of words. `None` for an event that tells nothing: a mark.
#[must_use]
pub fn tell(
    event: &AlertEvent,
    behind: Behind,
    name: &dyn Fn(&What) -> String,
    wordings: &Wordings,
) -> Option<AlertTold> {
    let noted = event.incident.as_ref()?;
    let Behind { carried_by, quotes, crowd, incident } = behind;
    let incident = incident.as_ref().unwrap_or(noted);
    let (now, people) = (Hour::of(event.at), crowd.unwrap_or(Crowd { known: noted.people(), unknown: 0 }));
    let of = |spell: &Spell| {
        let filter = filter(spell, now, wordings);
        let command = filter.as_ref().map(|filter| Open::records(filter, None).command);
        Moved { text: moved(spell, incident.lead(), name), filter, command }
    };
    Some(AlertTold {
        alert: event.id.clone(),
        step: event.step,
        severity: event.severity,
        owner: event.owner.clone(),
        owners: event.owners.clone(),
        at: event.at,
        title: headline(event.step, incident, name),
        summary: words::summary(event.step, incident, people, now, name),
        people,
        moved: widest(incident).into_iter().map(of).collect(),
        parts: parts(incident).into_iter().map(of).collect(),
        carried_by,
        quotes,
        feedback: format!("verbatim alerts useful {}", event.id),
    })
}

/// Of each thing and metric the series that is narrowed least: first what names the incident, then what else moved of the
/// same, and everything together last. A case stands here only where it names the whole.
fn widest(incident: &Incident) -> Vec<&Spell> {
    let lead = &incident.lead().key;
    let is_case = |what: &What| matches!(what, What::Case(_));
    let mut widest: Vec<&Spell> = Vec::new();
    for spell in incident.spells.iter().filter(|spell| !is_case(&spell.key.what) || is_case(&lead.what)) {
        let same =
            |known: &&mut &Spell| known.key.what == spell.key.what && known.key.metric == spell.key.metric;
        match widest.iter_mut().find(same) {
            Some(known) if spell.key.narrowed() < known.key.narrowed() => *known = spell,
            Some(_) => {}
            None => widest.push(spell),
        }
    }
    widest.sort_by_key(|Spell { key, .. }| (key != lead, key.what != lead.what, key.what == What::All));
    widest
}

/// All others, in the order in which they were found.
fn parts(incident: &Incident) -> Vec<&Spell> {
    let widest = widest(incident);
    incident.spells.iter().filter(|spell| !widest.iter().any(|known| known.key == spell.key)).collect()
}

/// The records of a series in the hours of its change: up to its end, or to `now`. `None` of words that the rules no longer
/// name.
#[must_use]
pub fn filter(spell: &Spell, now: Hour, wordings: &Wordings) -> Option<Filter> {
    let key = &spell.key;
    let of_what = match &key.what {
        What::All => Filter::default(),
        What::Topic(id) => Filter::default().topic(id),
        What::Case(id) => Filter::default().case(id),
        What::Words(name) => {
            let phrase = Some(wordings.written(name)).filter(|written| !written.is_empty())?;
            Filter { phrase, ..Filter::default() }
        }
    };
    let span = spell.span(now);
    let of_hours = Filter {
        from: Some(span.from.day()),
        to: Some(span.to.plus(-1).day()),
        since: within_a_day(span.from),
        before: within_a_day(span.to),
        product: key.product.clone(),
        source: key.source.clone(),
        ..of_what
    };
    Some(match &key.metric {
        Metric::Volume => of_hours,
        Metric::Negative => of_hours.sentiment(SentimentLabel::Negative),
        Metric::Score(name) => answering(of_hours, name),
    })
}

/// The answers that a report counts.
fn answering(filter: Filter, name: &ScoreName) -> Filter {
    let question = name.question.as_ref();
    Filter {
        score: Some(name.kind.clone()),
        scale: Some(name.scale.clone()),
        part: question.map(|question| question.part.clone()),
        question: question
            .filter(|question| question.part.is_empty())
            .map(|question| question.wording.clone()),
        answers: name.scale().is_some_and(|scale| counts_people(scale.kind)).then_some(Answers::Last),
        ..filter
    }
}

/// Where the bounds of days do not say it already.
fn within_a_day(hour: Hour) -> Option<Moment> {
    (hour != Hour::of_day(hour.day())).then(|| Moment(hour.start()))
}

#[cfg(test)]
mod opens;
#[cfg(test)]
mod tests;
