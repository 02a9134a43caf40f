//! How a record is judged: what counts, what the model said, and how sure it was.

use crate::pages::feedback::verbatim::{label, sureness, topic};
use crate::pages::parts::number::Unit;
use crate::state::Topics;
use insight::shelf::{Label, Mention, Row, Sure, Text};
use maud::{Markup, html};

pub(super) fn judged(row: &Row<'_>, topics: &Topics) -> Markup {
    html! {
        section.card {
            h2 { "How it is judged" }
            div.scroll tabindex="0" role="group" aria-label="How it is judged" {
                table {
                    thead { tr {
                        th scope="col" { "Judgement" }
                        th scope="col" { "Counts as" }
                        th scope="col" { "The model says" }
                        th scope="col" { "How sure it is" }
                    } }
                    tbody {
                        (sentiment(row))
                        (kind(row))
                        (urgency(row))
                        (of_topics(row, topics))
                    }
                }
            }
            (places(row, topics))
        }
    }
}

fn sentiment(row: &Row<'_>) -> Markup {
    let judged = row.correction.and_then(|said| said.judged_sentiment).unwrap_or(row.sentiment);
    let shares = [("negative", Sure::Negative), ("neutral", Sure::Neutral), ("positive", Sure::Positive)];
    let shares = shares.into_iter().filter_map(|(name, of)| Some((name, row.sure(of)?)));
    let shares: Vec<String> =
        shares.map(|(name, share)| format!("{name} {}", Unit::Share.shown(share.into()))).collect();
    html! {
        tr {
            th scope="row" { "Sentiment" }
            td { (label(row.sentiment)) }
            td { (label(judged)) }
            td {
                @if let Some(sure) = row.sure(Sure::Sentiment) { (sureness(sure)) }
                @if !shares.is_empty() { br; small { (shares.join(", ")) } }
            }
        }
    }
}

fn kind(row: &Row<'_>) -> Markup {
    let kind = row.label(Label::Kind).unwrap_or("unknown");
    let judged = row.correction.and_then(|said| said.judged_kind.as_deref()).unwrap_or(kind);
    let shown = |kind: &str| if kind == "unknown" { "not known".to_owned() } else { kind.replace('_', " ") };
    html! {
        tr {
            th scope="row" { "Kind" }
            td { bdi { (shown(kind)) } }
            td { bdi { (shown(judged)) } }
            td { @if let Some(sure) = row.sure(Sure::Kind) { (sureness(sure)) } }
        }
    }
}

fn urgency(row: &Row<'_>) -> Markup {
    html! {
        @if let Some(urgency) = row.label(Label::Urgency) {
            tr {
                th scope="row" { "Urgency" }
                td { bdi { (urgency) } }
                td { bdi { (urgency) } }
                td { @if let Some(sure) = row.sure(Sure::Urgency) { (sureness(sure)) } }
            }
        }
    }
}

fn of_topics(row: &Row<'_>, topics: &Topics) -> Markup {
    let corrected = row.correction.and_then(|said| said.judged_topics.as_deref());
    let sure = |name: &str, confidence: Option<f32>| {
        confidence.map(|sure| format!("{}: {}", topics.name(name), sureness(sure)))
    };
    let sure: Vec<String> = match corrected {
        Some(judged) => judged.iter().filter_map(|one| sure(&one.topic, one.confidence)).collect(),
        None => row.topics.iter().filter_map(|one| sure(one.topic, one.confidence)).collect(),
    };
    html! {
        tr {
            th scope="row" { "Topics" }
            td { (names(&row.topics, topics)) }
            td {
                @match corrected {
                    Some(judged) => (names(judged, topics)),
                    None => (names(&row.topics, topics)),
                }
            }
            td { ul.plain { @for sure in &sure { li { bdi { (sure) } } } } }
        }
    }
}

fn names<T: AsRef<str>>(mentions: &[Mention<T>], topics: &Topics) -> Markup {
    html! {
        @if mentions.is_empty() { "none" } @else {
            ul.tags { @for mention in mentions { li { (topic(mention, topics)) } } }
        }
    }
}

/// The words that each topic was found in.
fn places(row: &Row<'_>, topics: &Topics) -> Markup {
    let body = row.text(Text::Body).unwrap_or_default();
    let places: Vec<(&str, &str)> = row
        .topics
        .iter()
        .map(|mention| (topics.name(mention.topic), mention.span.of(body)))
        .filter(|(_, words)| !words.is_empty() && *words != body)
        .collect();
    html! {
        @if !places.is_empty() {
            h3 { "Where each topic was found" }
            dl.facts { @for (name, words) in &places { dt { bdi { (name) } } dd dir="auto" { (words) } } }
        }
    }
}
