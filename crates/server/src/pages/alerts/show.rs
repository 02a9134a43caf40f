//! One alert: what moved, what carries it, customers' words, what happened to it, and what to say of it.

use super::{frame, state};
use crate::auth::Caller;
use crate::desk::changes::LONGEST_REASON;
use crate::desk::{AlertChange, AlertEntry, AlertMoved, AlertRow, AlertState, AlertWhole};
use crate::pages::layout::page;
use crate::pages::parts::{forms, number, time, words};
use crate::problem::Problem;
use crate::query::{self, Fields};
use crate::state::{App, Topics, now};
use axum::extract::{Path, State};
use axum::response::Response;
use feedback::time::Day;
use insight::report::{count, printable};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Shown {
    #[serde(default)]
    done: String,
}

pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Fields(shown): Fields<Shown>,
) -> Result<Response, Problem> {
    let whole = app.desk.alert(&id, false).await?;
    let alert = &whole.alert;
    let body = html! {
        div.lead { div {
            p.soft { a href="/alerts" { "Alerts" } " / " (words::short(&alert.id)) }
            h1 { (printable(&alert.title)) }
            p { (state(alert)) " " span class={ "badge badge-" (alert.severity) } { (alert.severity) } }
        } }
        @if let Some(told) = done(&shown.done, alert) { (forms::done(&told)) }
        div.columns {
            div {
                (moved(&whole))
                (behind(&whole))
            }
            div {
                (actions(&caller, alert, now().day()))
                (facts(&app.topics, alert))
                (happened(&whole.log))
            }
        }
    };
    Ok(page(&frame(&app, &caller), &alert.title, body))
}

/// What was done, for whoever comes back from a form; nothing of what an address may say otherwise.
fn done(what: &str, alert: &AlertRow) -> Option<String> {
    Some(match what {
        "acknowledge" => "Noted: the alert is acknowledged.".to_owned(),
        "useful" => "Noted: the alert was useful. Thank you: by that it is counted how many are.".to_owned(),
        "not-useful" => {
            "Noted: the alert was not useful. Thank you: by that it is counted how many are.".to_owned()
        }
        "silence" => match alert.silenced.as_ref().and_then(|silence| silence.until) {
            Some(until) => {
                format!(
                    "Noted: nothing more of it is told, {} included, but for its end.",
                    time::written(until.0)
                )
            }
            None => "Noted: nothing more of it is told, but for its end.".to_owned(),
        },
        "unsilence" => "Noted: the silence is over, and more of it is told again.".to_owned(),
        _ => return None,
    })
}

fn moved(whole: &AlertWhole) -> Markup {
    html! {
        section.card {
            h2 { "What moved" }
            // What it says stands first below, with its records.
            @if whole.moved.is_empty() { p { (printable(&whole.summary)) } }
            ul.plain { @for one in &whole.moved { li { (opened(one)) } } }
            @if !whole.parts.is_empty() {
                details {
                    summary {
                        (number::of(whole.parts.len() as u64, "part", "parts")) " of this, by product, source or case"
                    }
                    ul.plain { @for one in &whole.parts { li { (opened(one)) } } }
                }
            }
        }
    }
}

fn opened(one: &AlertMoved) -> Markup {
    html! {
        (printable(&one.text))
        @if let Some(filter) = &one.filter { " " a href=(query::address(filter)) { "Open its records" } }
    }
}

/// What is read from the feedback, and may take a moment.
fn behind(whole: &AlertWhole) -> Markup {
    html! {
        section.card {
            h2 { "What carries it" }
            @if !whole.is_read {
                p.empty { "The feedback is being read: load the page again in a moment." }
            } @else if whole.carried_by.is_empty() {
                p.empty { "Nothing stands out: it comes from everywhere alike." }
            } @else {
                ul.plain { @for one in &whole.carried_by { li { (printable(&one.text)) } } }
            }
        }
        section.card {
            h2 { "What customers say" }
            @if !whole.is_read {
                p.empty { "The feedback is being read: load the page again in a moment." }
            } @else if whole.quotes.is_empty() {
                p.empty { "No words are left of it." }
            } @else {
                @for quote in &whole.quotes {
                    blockquote dir="auto" { (quote.text) }
                    p { small { a href={ "/feedback/" (quote.record) } { "record " (words::short(&quote.record)) } } }
                }
            }
        }
    }
}

fn actions(caller: &Caller, alert: &AlertRow, today: Day) -> Markup {
    let at = |change: &AlertChange| format!("/alerts/{}/{}", alert.id, change.as_str());
    let is_open = alert.state.is_open();
    html! {
        @if caller.role.may_edit() {
            section.card {
                h2 { "What to do" }
                div.actions {
                    @if is_open && alert.acknowledged.is_none() {
                        (forms::button(caller, &at(&AlertChange::Acknowledge), "Acknowledge", false)) " "
                    }
                    @if alert.is_useful != Some(true) {
                        (forms::button(caller, &at(&AlertChange::Useful), "Useful", true)) " "
                    }
                    @if alert.is_useful != Some(false) {
                        (forms::button(caller, &at(&AlertChange::NotUseful), "Not useful", true)) " "
                    }
                    @if alert.silenced.is_some() {
                        (forms::button(caller, &at(&AlertChange::Unsilence), "End the silence", true))
                    }
                }
                @if is_open && alert.silenced.is_none() { (silence(caller, alert, today)) }
            }
        }
    }
}

fn silence(caller: &Caller, alert: &AlertRow, today: Day) -> Markup {
    html! {
        details {
            summary { "Silence it" }
            form method="post" action={ "/alerts/" (alert.id) "/silence" } {
                (forms::csrf(caller))
                div.field {
                    label for="until" { "Last day (UTC); empty: until somebody ends it" }
                    input #until type="date" name="until" min=(today);
                }
                div.field {
                    label for="reason" { "Why" }
                    input #reason type="text" name="reason" maxlength=(LONGEST_REASON) autocomplete="off";
                }
                p.soft { small { "Nothing more of it is told meanwhile, but that it is over." } }
                button.quiet type="submit" { "Silence" }
            }
        }
    }
}

fn facts(topics: &Topics, alert: &AlertRow) -> Markup {
    html! {
        section.card {
            h2 { "About it" }
            dl.facts {
                dt { "Since about" }
                dd { (time::moment(alert.since.0)) }
                @if let Some(end) = alert.resolved_at { dt { "Over" } dd { (time::moment(end.0)) } }
                dt { "People at least" }
                dd { (count(alert.people)) }
                dt { "Owners" }
                dd { @if alert.owners.is_empty() { "nobody" } @else { bdi { (alert.owners.join(", ")) } } }
                @if !alert.topics.is_empty() {
                    dt { "Topics" }
                    dd { @for (at, topic) in alert.topics.iter().enumerate() {
                        @if at > 0 { ", " }
                        a href={ "/topics/" (topic) } { bdi { (topics.name(topic)) } }
                    } }
                }
                @if let Some(said) = &alert.acknowledged {
                    dt { "Acknowledged" }
                    dd { bdi { (said.by.as_deref().unwrap_or("somebody")) } ", " (time::moment(said.at.0)) }
                }
                @if let Some(silence) = &alert.silenced {
                    dt { "Silenced" }
                    dd {
                        @if let Some(until) = silence.until { "until " (time::day(until.0)) ", " }
                        bdi { (silence.reason) }
                    }
                }
                @if !alert.is_told && alert.state != AlertState::Resolved {
                    dt { "Told" }
                    dd { "to nobody yet" }
                }
                @if let Some(other) = &alert.told_with {
                    dt { "Told with" }
                    dd { a href={ "/alerts/" (other) } { (words::short(other)) } }
                }
                dt { "Alert" }
                dd { code { (alert.id) } }
            }
        }
    }
}

fn happened(log: &[AlertEntry]) -> Markup {
    html! {
        section.card {
            h2 { "What happened" }
            ul.plain { @for entry in log { li { (step(entry)) br; small { (time::moment(entry.at.0)) } } } }
        }
    }
}

fn step(entry: &AlertEntry) -> Markup {
    let name = match entry.step {
        "muted" => "silenced by somebody".to_owned(),
        "unmuted" => "told on".to_owned(),
        "silenced" => "held back by a silence".to_owned(),
        "over_budget" => "held back: the week\u{2019}s alerts are spent".to_owned(),
        other => other.replace('_', " "),
    };
    html! {
        (name)
        @if let Some(until) = entry.until { " until " (time::day(until.0)) }
        @if let Some(people) = entry.people { ", " (count(people)) @if people == 1 { " person" } @else { " people" } }
        @if let Some(reason) = &entry.reason { ": " bdi { (reason) } }
        @if let Some(by) = &entry.by { " (" bdi { (by) } ")" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{By, Role};
    use crate::desk::{AlertQuote, AlertSaid, AlertSilence, At, Carried, Date};
    use crate::pages::feedback::{HOSTILE, harmless};

    fn alert() -> AlertRow {
        let at = At(Day(20_514).start());
        AlertRow {
            id: "3f9c".repeat(4),
            title: "Login: more feedback than usual".to_owned(),
            state: AlertState::Firing,
            severity: "P1",
            owner: "identity".to_owned(),
            owners: vec!["identity".to_owned()],
            topics: vec!["login_access".to_owned()],
            since: at,
            opened_at: at,
            last_at: at,
            resolved_at: None,
            is_told: true,
            told_with: None,
            why: None,
            reopened: 0,
            people: 60,
            is_useful: None,
            acknowledged: None,
            silenced: None,
            filter: None,
        }
    }

    fn silenced() -> AlertRow {
        let silence = AlertSilence {
            at: At(Day(20_514).start()),
            by: Some("jo".to_owned()),
            until: Some(Date(Day(20_517))),
            reason: "<b>we know</b>".to_owned(),
        };
        AlertRow { state: AlertState::Silenced, silenced: Some(silence), ..alert() }
    }

    #[test]
    fn only_what_makes_sense_is_offered_and_nothing_to_a_viewer() {
        let editor = Caller::new("jane", Role::Editor, By::Token);
        let offered = |alert: &AlertRow| actions(&editor, alert, Day(20_514)).into_string();
        let firing = offered(&alert());
        for part in ["/acknowledge\"", "/useful\"", "/not-useful\"", "/silence\"", "min=\"2026-03-02\""] {
            assert!(firing.contains(part), "{part}: {firing}");
        }
        assert!(!firing.contains("/unsilence"));
        let silenced = offered(&silenced());
        assert!(silenced.contains("/unsilence\"") && !silenced.contains("/silence\""), "{silenced}");
        let over = offered(&AlertRow { state: AlertState::Resolved, is_useful: Some(true), ..alert() });
        assert!(
            over.contains("/not-useful\"") && !over.contains("/acknowledge") && !over.contains("/useful\"")
        );
        let viewer = Caller::new("joe", Role::Viewer, By::Token);
        assert_eq!(actions(&viewer, &alert(), Day(20_514)).into_string(), "");
    }

    fn hostile() -> AlertWhole {
        let at = At(Day(20_514).start());
        let said = || HOSTILE.to_owned();
        let silence = AlertSilence { at, by: Some(said()), until: None, reason: said() };
        let alert = AlertRow {
            title: said(),
            owners: vec![said()],
            topics: vec![said()],
            acknowledged: Some(AlertSaid { at, by: Some(said()) }),
            silenced: Some(silence),
            why: Some(said()),
            ..alert()
        };
        let carried = Carried {
            text: said(),
            field: "segment".to_owned(),
            value: said(),
            part_of: "excess",
            share: 0.5,
            usual_of: "same",
            usual: 0.1,
            since: 9,
        };
        let moved = || vec![AlertMoved { text: said(), filter: None }];
        AlertWhole {
            alert,
            summary: said(),
            moved: moved(),
            parts: moved(),
            is_read: true,
            carried_by: vec![carried],
            quotes: vec![AlertQuote { record: "0".repeat(32), text: said() }],
            log: vec![AlertEntry {
                at,
                step: "muted",
                by: Some(said()),
                people: None,
                until: None,
                reason: Some(said()),
            }],
        }
    }

    #[test]
    fn nothing_of_the_outside_is_markup_or_turns_our_words() {
        let whole = hostile();
        harmless(&moved(&whole).into_string());
        harmless(&moved(&AlertWhole { moved: Vec::new(), ..whole.clone() }).into_string());
        harmless(&behind(&whole).into_string());
        harmless(&facts(&crate::pages::feedback::topics(), &whole.alert).into_string());
        harmless(&happened(&whole.log).into_string());
        harmless(&state(&whole.alert).into_string());
    }

    #[test]
    fn a_reason_is_text() {
        let drawn = state(&silenced()).into_string();
        assert!(drawn.contains("<bdi>&lt;b&gt;we know&lt;/b&gt;</bdi>"), "{drawn}");
        assert!(drawn.contains("badge-silenced"), "{drawn}");
    }

    #[test]
    fn an_address_says_nothing_but_what_a_form_did() {
        let told = done("silence", &silenced()).unwrap();
        assert_eq!(told, "Noted: nothing more of it is told, 5 Mar 2026 included, but for its end.");
        assert_eq!(done("<script>", &alert()), None);
    }

    #[test]
    fn an_entry_is_told_in_words() {
        let entry = AlertEntry {
            at: At(Day(20_514).start()),
            step: "muted",
            by: Some("jo".to_owned()),
            people: None,
            until: Some(Date(Day(20_517))),
            reason: Some("we know".to_owned()),
        };
        let told = step(&entry).into_string();
        assert!(told.starts_with("silenced by somebody until <time datetime=\"2026-03-05\">"), "{told}");
        assert!(told.ends_with(": <bdi>we know</bdi> (<bdi>jo</bdi>)"), "{told}");
        let fired =
            AlertEntry { step: "fired", by: None, people: Some(1), until: None, reason: None, ..entry };
        assert_eq!(step(&fired).into_string(), "fired, 1 person");
    }
}
