//! One record as people read it, piece by piece. All of it came from outside: nothing of it is anything but text.

mod marks;

use super::named::kind_name;
use crate::pages::parts::number::Unit;
use crate::pages::parts::time;
use crate::query::address;
use crate::state::Topics;
use analyze::language::may_be_read;
use feedback::judgement::SentimentLabel;
use feedback::score::ScoreKind;
use insight::report::{Filter, RecordScore};
use insight::shelf::{Label, Mention, Row, Search, Sure, Text};
use maud::{Markup, html};

/// From these on a judgement is called so. The confidences are calibrated: of answers given at least as surely four in five,
/// or three in five, are right.
const SURE: f32 = 0.8;
const FAIRLY_SURE: f32 = 0.6;

/// When and where it was said, by whom as far as that is known, and how it was scored.
pub(in crate::pages) fn context(row: &Row<'_>) -> Markup {
    let told = [Label::Platform, Label::Territory, Label::Language, Label::Segment, Label::Account];
    let told = told.into_iter().filter_map(|label| row.label(label)).filter(|value| *value != "unknown");
    html! {
        header {
            (time::moment(row.at))
            span { (source(row)) }
            @if let Some(product) = product(row) { span { (product) } }
            @for value in told { bdi { (value) } }
            @if let Some(of) = row.score() { strong { (score(of)) } }
            @if row.correction.is_some() { span.badge.badge-corrected { "corrected" } }
        }
    }
}

/// The kind, and the form, inbox or network within it.
pub(in crate::pages) fn source(row: &Row<'_>) -> Markup {
    html! {
        bdi { (row.label(Label::SourceKind).unwrap_or("unknown source")) }
        @if let Some(form) = row.label(Label::Source) { " (" bdi { (form) } ")" }
    }
}

fn product(row: &Row<'_>) -> Option<Markup> {
    let (product, version) = (row.label(Label::Product), row.label(Label::AppVersion));
    (product.is_some() || version.is_some()).then(|| {
        html! {
            @if let Some(product) = product { bdi { (product) } }
            @if let Some(version) = version { " " bdi { (version) } }
        }
    })
}

/// `NPS 3 (0–10)`.
pub(in crate::pages) fn score(RecordScore { scale, value }: RecordScore) -> String {
    let kind = match scale.kind {
        ScoreKind::Nps => "NPS",
        ScoreKind::Csat => "CSAT",
        ScoreKind::Ces => "CES",
        ScoreKind::Stars => "Stars",
    };
    format!("{kind} {value} ({}\u{2013}{})", scale.min, scale.max)
}

/// Title, question and body, with what is about a topic and what is looked for marked. Of a long body so many characters are
/// shown as `longest` says, from a little before the first of what is looked for, or this character.
pub(in crate::pages) fn words(
    row: &Row<'_>,
    topics: &Topics,
    found: &[Search],
    longest: Option<(usize, Option<usize>)>,
) -> Markup {
    let (title, body) = (row.text(Text::Title), row.text(Text::Body));
    html! {
        @if let Some(question) = row.label(Label::Question) { p.soft.question dir="auto" { (question) } }
        @if let Some(title) = title { p.title dir="auto" { (marks::found(title, found)) } }
        @match body {
            Some(body) => {
                @let shown = marks::body(body, &row.topics, topics, found, longest);
                div.words dir="auto" { (shown.words) }
                @if shown.is_part { p { a href={ "/feedback/" (row.id) } { "Read all of it" } } }
            }
            None if title.is_none() => p.soft { "Without words." },
            None => {}
        }
    }
}

/// What it is judged to be about, how, and what it wants; where a person said it, with what the model had said.
pub(in crate::pages) fn about(row: &Row<'_>, topics: &Topics) -> Markup {
    let urgency = row.label(Label::Urgency).filter(|urgency| *urgency != "normal");
    html! {
        @if !row.topics.is_empty() {
            ul.tags aria-label="What it is about" {
                @for mention in &row.topics { li { (topic(mention, topics)) } }
            }
        }
        p.judged {
            (sentiment(row))
            (kind(row))
            @if let Some(urgency) = urgency { " \u{00b7} urgency " bdi { (urgency) } }
            @if are_topics_said(row) { " \u{00b7} topics by a person" }
        }
    }
}

/// Whether a person said what it is about. A sentiment that a person said is carried to the topics, which stay the model's.
pub(in crate::pages) fn are_topics_said(row: &Row<'_>) -> bool {
    let judged = row.correction.and_then(|said| said.judged_topics.as_deref());
    judged.is_some_and(|judged| {
        !judged.iter().map(|one| one.topic.as_str()).eq(row.topics.iter().map(|one| one.topic))
    })
}

fn kind(row: &Row<'_>) -> Markup {
    let judged = row.correction.and_then(|said| said.judged_kind.as_deref());
    html! {
        @if let Some(kind) = row.label(Label::Kind).filter(|kind| *kind != "unknown") { " \u{00b7} " bdi { (kind_name(kind)) } }
        @if let Some(judged) = judged { " (by a person; the model: " bdi { (kind_name(judged)) } ")" }
    }
}

/// A topic with how it is spoken of; leads to all records about it.
pub(in crate::pages) fn topic<T: AsRef<str>>(mention: &Mention<T>, topics: &Topics) -> Markup {
    let id = mention.topic.as_ref();
    html! {
        a.badge href=(address(&Filter::default().topic(id))) {
            bdi { (topics.name(id)) }
            @if mention.sentiment != SentimentLabel::Unknown {
                ": " span class=(mention.sentiment.as_str()) { (mention.sentiment) }
            }
        }
    }
}

/// With how sure it is, or why there is none.
fn sentiment(row: &Row<'_>) -> Markup {
    let judged = row.correction.and_then(|said| said.judged_sentiment);
    html! {
        @match (judged, unjudged(row)) {
            (Some(judged), why) => {
                (label(row.sentiment)) " (by a person; the model: "
                @match why { Some(why) => (why), None => (label(judged)) }
                ")"
            }
            (None, Some(why)) => (why),
            (None, None) => {
                (label(row.sentiment))
                @if let Some(sure) = row.sure(Sure::Sentiment) { ", " (sureness(sure)) }
            }
        }
    }
}

/// Why the model says nothing of a record, where there is more to say than that it was unsure.
pub(in crate::pages) fn unjudged(row: &Row<'_>) -> Option<Markup> {
    let said = row.correction.and_then(|said| said.judged_sentiment).unwrap_or(row.sentiment);
    if said != SentimentLabel::Unknown {
        return None;
    }
    if row.text(Text::Title).or(row.text(Text::Body)).is_none() {
        return Some(html! { "no text to judge" });
    }
    let language = row.label(Label::Language).filter(|language| !may_be_read(language))?;
    Some(html! { "not judged: no model here reads its language (" bdi { (language) } ")" })
}

pub(in crate::pages) fn label(sentiment: SentimentLabel) -> Markup {
    html! {
        @match sentiment {
            SentimentLabel::Unknown => span { "sentiment not known" },
            known => span class=(known.as_str()) { (known) },
        }
    }
}

/// `fairly sure (71%)`.
pub(in crate::pages) fn sureness(confidence: f32) -> String {
    let word = match confidence {
        of if of >= SURE => "sure",
        of if of >= FAIRLY_SURE => "fairly sure",
        _ => "unsure",
    };
    format!("{word} ({})", Unit::Share.shown(confidence.into()))
}

/// Whose it is, how urgent, and why; nothing where no rules were set.
pub(in crate::pages) fn decision(row: &Row<'_>) -> Markup {
    let (owner, queue) = (row.label(Label::Owner), row.label(Label::Queue));
    html! {
        @if row.label(Label::Rule).is_some() {
            p.decision {
                @if let Some(priority) = row.label(Label::Priority) {
                    span class={ "badge badge-" (priority) } { bdi { (priority) } }
                }
                @if let Some(owner) = owner {
                    " to " a href=(address(&Filter { owner: Some(owner.to_owned()), ..Filter::default() })) { bdi { (owner) } }
                }
                @if let Some(queue) = queue {
                    ", queue " a href=(address(&Filter { queue: Some(queue.to_owned()), ..Filter::default() })) { bdi { (queue) } }
                }
                @if let Some(reason) = row.text(Text::Reason) { ": " bdi { (reason) } }
                @if let Some(unsure) = row.label(Label::Unsure) {
                    " " span.badge.badge-unclear { "waits for a person: " bdi { (unsure) } " too unsure" }
                }
            }
        }
    }
}
