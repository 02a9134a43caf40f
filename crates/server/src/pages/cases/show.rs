//! One case: what it is about, how far it reaches, what was done, who said so, and what to do next.

use super::list::state;
use super::{frame, kind_name, topic_name};
use crate::auth::Caller;
use crate::desk::{CaseAssigned, CaseEntry, CaseReport, CaseStep, CaseTell, CaseWhole};
use crate::pages::layout::page;
use crate::pages::parts::{forms, number, time, words};
use crate::problem::Problem;
use crate::query::{self, Fields};
use crate::state::{App, Topics};
use axum::extract::{Path, State};
use axum::response::Response;
use feedback::time::Timestamp;
use insight::report::count;
use insight::targets::duration;
use maud::{Markup, html};
use serde::Deserialize;

/// Of whom to tell this many are shown; programs get all.
const TOLD: usize = 50;

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
    let whole = app.desk.case(&id).await?;
    let case = &whole.case;
    let title = case.title.as_deref().unwrap_or("No words are left of its reports");
    let body = html! {
        div.lead { div {
            p.soft { a href="/cases" { "Cases" } " / " (words::short(&case.id)) }
            h1 dir="auto" { (title) }
            p { (state(case.life.state)) " " (kind_name(&case.kind)) " about " bdi { (topic_name(&app.topics, &case.topic)) } }
        } }
        @if let Some(told) = done(&shown.done, &whole) { (forms::done(&told)) }
        div.columns {
            div {
                (facts(&app.topics, &whole))
                (reports(&whole))
                @if case.life.resolved_at.is_some() { (tell(&whole.tell)) }
            }
            div {
                (actions(&app, &caller, &whole))
                (life(&whole))
                (took(&whole))
            }
        }
    };
    let name = format!("Case {}", words::short(&case.id));
    Ok(page(&frame(&app, &caller), &name, body))
}

/// What was done, for whoever comes back from a form; nothing of what an address may say otherwise.
fn done(what: &str, whole: &CaseWhole) -> Option<String> {
    Some(match what {
        "acknowledged" => "Noted: the case is acknowledged.".to_owned(),
        "reopened" => "Noted: the case is open again.".to_owned(),
        "assigned" => format!("Noted: the case is {}\u{2019}s now.", whole.case.owner),
        "resolved" => match whole.tell.len() {
            0 => "Noted: the case is resolved. Nobody is left who could be told.".to_owned(),
            1 => "Noted: the case is resolved. One person waits to hear of it.".to_owned(),
            many => format!("Noted: the case is resolved. {} people wait to hear of it.", count(many as u64)),
        },
        _ => return None,
    })
}

fn facts(topics: &Topics, whole: &CaseWhole) -> Markup {
    let case = &whole.case;
    let records = query::address(&case.filter);
    html! {
        section.card {
            h2 { "How far it reaches" }
            dl.facts {
                @if let Some(reach) = &case.reach {
                    dt { "People" }
                    dd {
                        a href=(records) { (count(reach.people)) " known" }
                        @if reach.anonymous > 0 {
                            ", and " (number::of(reach.anonymous, "report", "reports")) " of nobody knows whom"
                        }
                    }
                    dt { "Reports" }
                    dd { a href=(records) { (count(reach.reports)) } }
                    dt { "Accounts" }
                    dd { (count(reach.accounts)) }
                    dt { "Revenue a year" }
                    dd { @if reach.revenue >= 1.0 { (count(reach.revenue.round() as u64)) } @else { "none known" } }
                    @if let (Some(first), Some(last)) = (reach.first_seen, reach.last_seen) {
                        dt { "Reported" }
                        dd { (time::day(first.0.day())) " to " (time::day(last.0.day())) }
                    }
                } @else {
                    dt { "People and reports" }
                    dd { "being counted: load the page again in a moment" }
                }
                dt { "Topic" }
                dd { bdi { (topic_name(topics, &case.topic)) } }
                @if !case.product.is_empty() { dt { "Product" } dd { bdi { (case.product) } } }
                dt { "Owner" }
                dd { @if case.owner.is_empty() { "nobody" } @else { bdi { (case.owner) } } }
                @if let Some(priority) = case.priority {
                    dt { "Priority" }
                    dd { span class={ "badge badge-" (priority) } { (priority) } }
                }
                dt { "Case" }
                dd { code { (case.id) } }
            }
        }
    }
}

fn actions(app: &App, caller: &Caller, whole: &CaseWhole) -> Markup {
    let case = &whole.case;
    let at = |step: &str| format!("/cases/{}/{step}", case.id);
    let allowed = CaseStep::ALL.into_iter().filter(|step| case.life.state.allows(*step));
    let mut owners =
        forms::any_of("Choose\u{2026}", app.desk.owners().iter().map(|owner| owner.name.as_str()));
    // Nobody is given to nobody.
    owners.retain(|(name, _)| !name.is_empty() || case.owner.is_empty());
    html! {
        @if caller.role.may_edit() {
            section.card {
                h2 { "What to do" }
                p {
                    @for step in allowed {
                        (forms::button(caller, &at(step.as_str()), name(step), step != CaseStep::Resolve)) " "
                    }
                }
                form.inline method="post" action=(at("owner")) {
                    (forms::csrf(caller))
                    (forms::select("owner", "Owner", &case.owner, &owners))
                    button.quiet type="submit" { "Give it to them" }
                }
            }
        }
    }
}

fn name(step: CaseStep) -> &'static str {
    match step {
        CaseStep::Acknowledge => "Acknowledge",
        CaseStep::Resolve => "Resolve",
        CaseStep::Reopen => "Reopen",
    }
}

fn life(whole: &CaseWhole) -> Markup {
    let step = |entry: &CaseEntry| (entry.at.0, html! { (entry.step) (by(entry)) });
    let given = |given: &CaseAssigned| {
        (
            given.at.0,
            html! { "given to " bdi { (given.owner) } @if let Some(by) = &given.by { ", by " bdi { (by) } } },
        )
    };
    let mut all: Vec<(Timestamp, Markup)> =
        whole.steps.iter().map(step).chain(whole.assigned.iter().map(given)).collect();
    all.sort_by_key(|(at, _)| *at);
    html! {
        section.card {
            h2 { "What happened" }
            ul.plain { @for (at, what) in &all { li { (what) br; small { (time::moment(*at)) } } } }
        }
    }
}

fn by(entry: &CaseEntry) -> Markup {
    html! {
        @match &entry.by {
            Some(record) if entry.by_record => {
                ", by " a href={ "/feedback/" (record) } { "record " (words::short(record)) }
            }
            Some(name) => { ", by " bdi { (name) } }
            None => {}
        }
    }
}

fn took(whole: &CaseWhole) -> Markup {
    let steps = [
        ("stored", "To be stored"),
        ("triaged", "To get an owner"),
        ("acknowledged", "To be taken up"),
        ("resolved", "To be resolved"),
        ("whole", "In all"),
    ];
    let done = steps.into_iter().filter_map(|(step, name)| Some((name, *whole.case.took.get(step)?)));
    html! {
        @if !whole.case.took.is_empty() {
            section.card {
                h2 { "How long it took" }
                dl.facts { @for (name, seconds) in done { dt { (name) } dd { (duration(seconds)) } } }
            }
        }
    }
}

fn reports(whole: &CaseWhole) -> Markup {
    let all = whole.case.reach.map_or(whole.reports.len() as u64, |reach| reach.reports);
    html! {
        section.card {
            h2 { "Reports" }
            @if whole.reports.is_empty() {
                p.empty { "Nothing is left of its reports: they were erased or taken back." }
            } @else {
                ul.plain { @for report in &whole.reports { li { (one(report)) } } }
                p { a href=(query::address(&whole.case.filter)) {
                    @if all == 1 { "Open it in the inbox" } @else { "Open all " (count(all)) " in the inbox" }
                } }
            }
        }
    }
}

fn one(report: &CaseReport) -> Markup {
    html! {
        blockquote dir="auto" { (report.words) }
        small {
            (time::day(report.occurred_at.0.day())) " \u{00b7} "
            bdi { (report.source) } " " bdi { (report.event_source) } " \u{00b7} "
            @if let Some(account) = &report.account { bdi { (account) } " \u{00b7} " }
            a href={ "/feedback/" (report.record) } { "record " (words::short(&report.record)) }
        }
    }
}

/// Whom the resolution is to be told to.
fn tell(tell: &[CaseTell]) -> Markup {
    html! {
        section.card {
            h2 { "Whom to tell" }
            @if tell.is_empty() {
                p.empty { "Nobody is left who could be told." }
            } @else {
                div.scroll tabindex="0" role="group" aria-label="Whom to tell" {
                    table.list {
                        thead { tr { th scope="col" { "Who" } th scope="col" { "Where they said it" } } }
                        tbody { @for one in tell.iter().take(TOLD) { tr {
                            th scope="row" {
                                @if one.names.is_empty() { "nobody knows whom" } @else { bdi { (one.names.join(", ")) } }
                            }
                            td {
                                @for id in &one.reports {
                                    bdi { (id.source) } " " bdi { (id.event_source) } " " bdi { (id.native_id) } br;
                                }
                            }
                        } } }
                    }
                }
                @if tell.len() > TOLD {
                    p.soft { "And " (count((tell.len() - TOLD) as u64)) " more: the API has all." }
                }
                p.soft { small { "People are known here by pseudonyms; the source knows them by its own numbers." } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{At, CaseLife, CaseRow, CaseState, NativeId};
    use crate::pages::feedback::{HOSTILE, harmless, topics};
    use insight::report::Filter;
    use std::collections::BTreeMap;

    fn whole() -> CaseWhole {
        let at = At(Timestamp(1_774_200_000_000_000));
        let life = CaseLife {
            state: CaseState::Open,
            opened_at: at,
            acknowledged_at: None,
            resolved_at: None,
            reopened: 0,
            last_at: at,
        };
        CaseWhole {
            case: CaseRow {
                id: "aa01".repeat(8),
                topic: "login_access".to_owned(),
                kind: "bug".to_owned(),
                product: String::new(),
                owner: "identity".to_owned(),
                title: Some("<script>alert(1)</script>".to_owned()),
                life,
                reach: None,
                people_at_least: None,
                last_reported_at: Some(at),
                priority: None,
                took: BTreeMap::from([("triaged".to_owned(), 720.0)]),
                filter: Filter::default().case("aa01"),
            },
            steps: vec![CaseEntry { at, step: "opened", by: Some("0".repeat(32)), by_record: true }],
            assigned: vec![CaseAssigned { at, owner: "identity".to_owned(), by: Some("jane".to_owned()) }],
            tell: vec![CaseTell {
                names: vec!["a_1".to_owned()],
                reports: vec![NativeId {
                    source: "ticket".to_owned(),
                    event_source: "desk".to_owned(),
                    native_id: "<T-1>".to_owned(),
                }],
            }],
            reports: Vec::new(),
        }
    }

    #[test]
    fn what_happened_is_told_with_who_did_it() {
        let drawn = life(&whole()).into_string();
        assert!(drawn.contains("opened, by <a href=\"/feedback/00000000"), "{drawn}");
        assert!(drawn.contains("given to <bdi>identity</bdi>, by <bdi>jane</bdi>"), "{drawn}");
        assert!(took(&whole()).into_string().contains("<dt>To get an owner</dt><dd>12 min</dd>"));
    }

    #[test]
    fn an_address_says_nothing_but_what_a_form_did() {
        let whole = whole();
        assert_eq!(
            done("resolved", &whole).as_deref(),
            Some("Noted: the case is resolved. One person waits to hear of it.")
        );
        assert_eq!(done("<b>you won</b>", &whole), None);
        assert!(reports(&whole).into_string().contains("Nothing is left of its reports"));
    }

    fn hostile() -> CaseWhole {
        let said = || HOSTILE.to_owned();
        let mut whole = whole();
        let case = &mut whole.case;
        for text in [&mut case.topic, &mut case.product, &mut case.owner] {
            *text = said();
        }
        let at = case.life.opened_at;
        whole.steps.push(CaseEntry { at, step: "resolved", by: Some(said()), by_record: false });
        whole.assigned = vec![CaseAssigned { at, owner: said(), by: Some(said()) }];
        let id = NativeId { source: said(), event_source: said(), native_id: said() };
        whole.tell = vec![CaseTell { names: vec![said()], reports: vec![id] }];
        whole.reports = vec![CaseReport {
            record: "0".repeat(32),
            occurred_at: at,
            source: said(),
            event_source: said(),
            native_id: said(),
            person: Some(said()),
            account: Some(said()),
            words: said(),
        }];
        whole
    }

    #[test]
    fn nothing_of_the_outside_is_markup_or_turns_our_words() {
        let bad = hostile();
        for drawn in [facts(&topics(), &bad), reports(&bad), tell(&bad.tell), life(&bad)] {
            harmless(&drawn.into_string());
        }
        let drawn = tell(&whole().tell).into_string();
        assert!(drawn.contains("&lt;T-1&gt;") && !drawn.contains("<T-1>"), "{drawn}");
    }
}
