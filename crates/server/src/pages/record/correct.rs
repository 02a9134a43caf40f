//! Setting right what the model said: the form, and what it does.

mod given;

use crate::auth::{By, Caller, Editor, Form};
use crate::corrections::{self, CorrectionValue, NewCorrection};
use crate::pages::feedback::verbatim::are_topics_said;
use crate::pages::parts::{forms, time};
use crate::problem::Problem;
use crate::state::{App, Topics};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Redirect;
use feedback::correction::{Field, Said};
use feedback::judgement::SentimentLabel;
use given::Given;
use insight::corrections::{LONGEST_NOTE, labels};
use insight::shelf::{Label, Row};
use maud::{Markup, html};

/// What was done, for whoever comes back from the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages) enum Done {
    Corrected,
    TakenBack,
    /// But lists do not have it yet.
    Soon,
    Nothing,
}

impl Done {
    /// Of the address.
    pub const FIELD: &'static str = "done";
    const ALL: [Self; 4] = [Self::Corrected, Self::TakenBack, Self::Soon, Self::Nothing];

    fn as_str(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::TakenBack => "taken_back",
            Self::Soon => "soon",
            Self::Nothing => "nothing",
        }
    }

    /// What the query of an address tells; nothing that it could say otherwise is shown.
    pub fn of(query: &str) -> Option<Self> {
        let (_, told) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == Self::FIELD)?;
        Self::ALL.into_iter().find(|done| done.as_str() == told)
    }

    pub fn says(self) -> &'static str {
        match self {
            Self::Corrected => "Noted: the record is corrected. What the model said stays beside it.",
            Self::TakenBack => "Noted: the model\u{2019}s word holds again.",
            Self::Soon => "Noted. Lists and counts have it within seconds.",
            Self::Nothing => "Nothing was changed: choose what is right, and send it again.",
        }
    }
}

/// Writes what the form says, then leads back to where it was sent from.
pub(super) async fn correct(
    State(app): State<App>,
    Editor(caller): Editor,
    named: Result<Path<String>, PathRejection>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect, Problem> {
    let Path(record) = named?;
    let given = Given::read(&fields);
    let mut done = Done::Nothing;
    for (field, value) in &given.said {
        let asked = NewCorrection {
            record: record.clone(),
            field: field.as_str().to_owned(),
            value: value.clone(),
            note: given.note.clone(),
            version: given.version,
        };
        let row = corrections::correct(&app, &caller, &asked).await?;
        let is_taken_back = matches!(value, CorrectionValue::Word(word) if word == Said::WITHDRAWN);
        // It was waited for; where that took too long somebody is told so.
        let is_seen = app.live.status().as_of.is_some_and(|as_of| as_of >= row.at.0);
        done = match (is_seen, is_taken_back) {
            (false, _) => Done::Soon,
            (true, true) => Done::TakenBack,
            (true, false) => Done::Corrected,
        };
    }
    Ok(Redirect::to(&given.back(&record, done)))
}

/// The section of the record's page: the form for whoever may use it, and why there is none for others.
pub(super) fn section(row: &Row<'_>, caller: &Caller, topics: &Topics) -> Markup {
    html! {
        section.card #correct {
            h2 { "Correct" }
            @if caller.role.may_edit() {
                @if let Some(said) = row.correction {
                    p {
                        "Last corrected by " bdi { (said.by) } ", " (time::moment(said.at))
                        ". What the model said stays, and is shown beside it."
                    }
                    (take_back(row, caller))
                } @else {
                    p.soft { "What you say counts in place of what the model says, until the record changes. Both are kept." }
                }
                (form(row, caller, topics, None))
            } @else {
                p.soft {
                    "Editors and admins set right what the model says; "
                    @if caller.by == By::Session { "you are signed in as a " (caller.role) "." }
                    @else { "this token is a " (caller.role) "\u{2019}s." }
                }
            }
        }
    }
}

/// The form. `back` is the list that it stands in; the record's own page where it stands in none.
pub(in crate::pages) fn form(row: &Row<'_>, caller: &Caller, topics: &Topics, back: Option<&str>) -> Markup {
    let kind = row.label(Label::Kind).unwrap_or("unknown");
    html! {
        form.correct method="post" action={ "/feedback/" (row.id) "/correct" } {
            (forms::csrf(caller))
            input type="hidden" name="version" value=(row.version);
            @if let Some(back) = back { input type="hidden" name="back" value=(back); }
            (select("sentiment", "Sentiment", sentiment_name(row.sentiment), &labels(Field::Sentiment)))
            (select("kind", "Kind", &kind.replace('_', " "), &labels(Field::Kind)))
            (topic_boxes(row, topics))
            label.field {
                span { "Why, for colleagues" }
                input type="text" name="note" maxlength=(LONGEST_NOTE) dir="auto" autocomplete="off";
            }
            button type="submit" { "Correct" }
        }
    }
}

fn sentiment_name(sentiment: SentimentLabel) -> &'static str {
    if sentiment == SentimentLabel::Unknown { "not known" } else { sentiment.as_str() }
}

/// A choice that stays as it is unless somebody chooses.
fn select(name: &str, label: &str, now: &str, labels: &[&str]) -> Markup {
    html! {
        label.field {
            span { (label) }
            select name=(name) {
                option value="" { "as it is: " (now) }
                @for label in labels { option value=(label) { (label.replace('_', " ")) } }
            }
        }
    }
}

fn topic_boxes(row: &Row<'_>, topics: &Topics) -> Markup {
    let is_on = |id: &str| row.topics.iter().any(|mention| mention.topic == id);
    let known = row.topics.iter().map(|mention| mention.topic).filter(|id| topics.get(id).is_some());
    let gone: Vec<&str> =
        row.topics.iter().map(|mention| mention.topic).filter(|id| topics.get(id).is_none()).collect();
    html! {
        fieldset {
            legend { "Topics" }
            // What is sent is compared with it, so that topics that nobody touched stay the model's.
            input type="hidden" name="topics_were" value=(known.collect::<Vec<_>>().join(","));
            div.boxes {
                @for topic in topics.iter() {
                    label { input type="checkbox" name="topics" value=(topic.id) checked[is_on(&topic.id)]; " " (topic.name) }
                }
            }
            @if !gone.is_empty() {
                p.soft { small { "Where you change the topics it is no longer about " bdi { (gone.join(", ")) }
                    ", which the taxonomy does not have any more." } }
            }
        }
    }
}

/// Lets the model's word hold again, of each judgement of which it does not.
fn take_back(row: &Row<'_>, caller: &Caller) -> Markup {
    let Some(said) = row.correction else { return html! {} };
    let corrected = [
        (Field::Sentiment, said.judged_sentiment.is_some()),
        (Field::Kind, said.judged_kind.is_some()),
        (Field::Topics, are_topics_said(row)),
    ];
    html! {
        p {
            @for (field, _) in corrected.into_iter().filter(|(_, is_corrected)| *is_corrected) {
                form.inline method="post" action={ "/feedback/" (row.id) "/correct" } {
                    (forms::csrf(caller))
                    input type="hidden" name="version" value=(row.version);
                    input type="hidden" name="take_back" value=(field);
                    button.quiet type="submit" { "Take back what was said of the " (field) }
                }
                " "
            }
        }
    }
}
