//! What a condition asks and what it found, in words, and the spans it rests on.

use super::{Bounds, Condition, TextField, TopicSet};
use crate::triage::{
    subject::{Subject, SubjectTopic},
    words::Folded,
};
use feedback::span::Span;
use std::fmt::Write as _;

/// Whole percents, never rounded up: what is below a floor must not read as if it reached it.
pub(in crate::triage) fn percent(confidence: f32) -> u32 {
    (confidence * 100.0 + 1e-3).clamp(0.0, 100.0) as u32
}

impl TextField {
    /// As the file calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::EventSource => "event_source",
            Self::Account => "account",
            Self::Segment => "segment",
            Self::Product => "product",
            Self::Language => "language",
        }
    }
}

impl Condition {
    /// Its key in the file.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Text(field, _) => field.as_str(),
            Self::Version(_) => "version",
            Self::Kind(_) => "kind",
            Self::Sentiment(_) => "sentiment",
            Self::Urgency(_) => "urgency",
            Self::Score(_) => "score",
            Self::Revenue(_) => "revenue",
            Self::TopicsAny(_) => "topics_any",
            Self::TopicsAll(_) => "topics_all",
            Self::Words(_) => "words",
        }
    }

    /// What it asks: `bug or complaint`.
    pub fn wanted(&self) -> String {
        let labels = |list: &[&'static str]| list.join(" or ");
        match self {
            Self::Text(_, list) | Self::Version(list) => list.join(" or "),
            Self::Kind(list) => labels(&list.iter().map(|label| label.as_str()).collect::<Vec<_>>()),
            Self::Sentiment(list) => labels(&list.iter().map(|label| label.as_str()).collect::<Vec<_>>()),
            Self::Urgency(list) => labels(&list.iter().map(|label| label.as_str()).collect::<Vec<_>>()),
            Self::Score(answers) => {
                let range = range(answers.bounds);
                format!("{} of {}-{} {range}", answers.kind, answers.min, answers.max).trim_end().to_owned()
            }
            Self::Revenue(bounds) => range(*bounds),
            Self::TopicsAny(set) => set.named.join(" or "),
            Self::TopicsAll(sets) => sets
                .iter()
                .flat_map(|set| set.named.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join(" and "),
            Self::Words(phrases) => {
                let quoted: Vec<String> =
                    phrases.iter().map(|phrase| format!("{:?}", phrase.written)).collect();
                quoted.join(" or ")
            }
        }
    }

    /// What the record has of it: what makes it hold, or else what there is instead.
    pub fn tell(&self, subject: &Subject<'_>, folded: &mut Folded, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Text(field, _) => named(field.as_str(), field.of(subject), out),
            Self::Version(_) => named("version", subject.version, out),
            Self::Kind(_) => judged("kind", subject.kind.map(|(label, sure)| (label.as_str(), sure)), out),
            Self::Sentiment(_) => {
                judged("sentiment", subject.sentiment.map(|(label, sure)| (label.as_str(), sure)), out)
            }
            Self::Urgency(_) => {
                judged("urgency", subject.urgency.map(|(label, sure)| (label.as_str(), sure)), out)
            }
            Self::Score(_) => match subject.score {
                Some(score) => {
                    write!(out, "{} {} of {}-{}", score.kind(), score.value(), score.min(), score.max())
                }
                None => write!(out, "no score"),
            },
            Self::Revenue(_) => match subject.revenue {
                Some(revenue) => write!(out, "revenue {revenue}"),
                None => write!(out, "no revenue"),
            },
            Self::TopicsAny(set) => topics(std::slice::from_ref(set), subject.topics, out),
            Self::TopicsAll(sets) => topics(sets, subject.topics, out),
            Self::Words(phrases) => {
                let mut told = "the words ";
                for phrase in phrases {
                    if folded.find(subject.title, subject.body, phrase).is_some() {
                        let _ = write!(out, "{told}{:?}", phrase.written);
                        told = " and ";
                    }
                }
                if told == " and " { Ok(()) } else { write!(out, "none of the words") }
            }
        };
    }

    /// Where in the body that stands.
    pub fn spans(&self, subject: &Subject<'_>, folded: &mut Folded, out: &mut Vec<Span>) {
        let mut add = |sets: &[TopicSet]| {
            let found = subject.topics.iter().filter(|topic| sets.iter().any(|set| set.has(topic)));
            out.extend(found.map(|topic| topic.span).filter(|span| !span.is_empty()));
        };
        match self {
            Self::TopicsAny(set) => add(std::slice::from_ref(set)),
            Self::TopicsAll(sets) => add(sets),
            Self::Words(phrases) => {
                for phrase in phrases {
                    let hit = folded.find(subject.title, subject.body, phrase);
                    out.extend(hit.and_then(|hit| hit.span));
                }
            }
            // These are said of the record as a whole.
            _ => {}
        }
    }
}

fn named(field: &str, value: Option<&str>, out: &mut String) -> std::fmt::Result {
    match value {
        Some(value) => write!(out, "{field} {value}"),
        None => write!(out, "no {field}"),
    }
}

fn judged(field: &str, judgement: Option<(&str, f32)>, out: &mut String) -> std::fmt::Result {
    match judgement {
        None | Some(("unknown", _)) => write!(out, "{field} unknown"),
        Some((label, sure)) => write!(out, "{field} {label} at {}%", percent(sure)),
    }
}

/// Those that are asked for, or else all there are.
fn topics(sets: &[TopicSet], all: &[SubjectTopic<'_>], out: &mut String) -> std::fmt::Result {
    let asked = |topic: &SubjectTopic<'_>| sets.iter().any(|set| set.has(topic));
    let any = all.iter().any(asked);
    let told = |topic: &&SubjectTopic<'_>| !any || asked(topic);
    let mut lead = if all.iter().filter(told).count() == 1 { "topic " } else { "topics " };
    for topic in all.iter().filter(told) {
        write!(out, "{lead}{} at {}%", topic.id, percent(topic.confidence))?;
        lead = " and ";
    }
    if all.is_empty() { write!(out, "no topic") } else { Ok(()) }
}

fn range(bounds: Bounds) -> String {
    match (bounds.at_least, bounds.at_most) {
        (Some(least), Some(most)) => format!("from {least} to {most}"),
        (Some(least), None) => format!("of at least {least}"),
        (None, Some(most)) => format!("of at most {most}"),
        (None, None) => String::new(),
    }
}
