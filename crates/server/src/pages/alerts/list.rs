//! The alerts that fire, and those of late.

use super::{frame, state};
use crate::api::alerts::MOST_DAYS;
use crate::auth::Caller;
use crate::desk::{AlertRow, Alerts, AlertsCoverage, AlertsFilter, AlertsPrecision, AlertsStanding, Page};
use crate::pages::layout::page;
use crate::pages::parts::{forms, number, time};
use crate::problem::Problem;
use crate::query::{self, Fields};
use crate::state::{App, now};
use axum::extract::State;
use axum::response::Response;
use feedback::time::Timestamp;
use insight::report::{count, printable};
use maud::{Markup, html};
use serde::Deserialize;

/// Days in which an alert has ended that is shown unless somebody asks for all.
const LATELY: i32 = 30;

/// What the address asks for; what is empty is not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    show: String,
    owner: String,
    topic: String,
    cursor: String,
}

const SHOWN: [(&str, &str); 3] = [("", "Firing or recent"), ("firing", "Firing"), ("all", "All")];

impl Asked {
    fn filter(&self, now: Timestamp) -> Result<AlertsFilter, Problem> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (open, since) = match self.show.as_str() {
            "" => (None, Some(now.day().plus(-LATELY))),
            "firing" => (Some(true), None),
            "all" => (None, None),
            name => return Err(forms::no_choice("show", name, &SHOWN)),
        };
        Ok(AlertsFilter { open, since, state: None, owner: some(&self.owner), topic: some(&self.topic) })
    }

    /// Of the same list from its beginning.
    fn address(&self) -> String {
        let fields = [("show", &self.show), ("owner", &self.owner), ("topic", &self.topic)];
        forms::address("/alerts", &fields.map(|(name, value)| (name, value.as_str())))
    }

    /// Of the same list as a file.
    fn file(&self, ending: &str) -> String {
        let (open, days) = match self.show.as_str() {
            "firing" => ("true", String::new()),
            "all" => ("", MOST_DAYS.to_string()),
            _ => ("", String::new()),
        };
        let (days, owner, topic) = (days.as_str(), self.owner.as_str(), self.topic.as_str());
        let fields = [("open", open), ("days", days), ("owner", owner), ("topic", topic)];
        forms::address(&format!("/v1/alerts.{ending}"), &fields)
    }
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let part = Page::new(None, Some(asked.cursor.as_str()));
    let part = part.map_err(|error| Problem::bad_request(error.to_string()))?;
    let alerts = app.desk.alerts(&asked.filter(now())?, &part).await?;
    let body = html! {
        div.lead { div {
            h1 { "Alerts" }
            p {
                (standing(&alerts))
                @if asked.show.is_empty() { " What ended in the last " (LATELY) " days is listed as well." }
            }
        } }
        (narrow(&app, &asked))
        section.card {
            @if alerts.list.items.is_empty() { (nothing(&alerts, &asked)) } @else {
                (table(&alerts))
                (forms::exports("All of them", |ending| asked.file(ending)))
            }
            (forms::pager(&asked.address(), asked.cursor.is_empty(), alerts.list.next.as_deref()))
        }
        section.card {
            h2 { "How far to rely on this" }
            p { (precision(&alerts.precision)) }
            p { (looked(&alerts)) }
        }
    };
    Ok(page(&frame(&app, &caller), "Alerts", body))
}

/// The one sentence that somebody comes for.
fn standing(alerts: &Alerts) -> Markup {
    html! {
        @match alerts.standing() {
            AlertsStanding::NotLookedYet => {
                "The first look for alerts has not ended yet. If it fails, the server\u{2019}s log says so, and why."
            }
            AlertsStanding::QuietSince(since) => { "No alert is firing, since " (time::moment(since.0)) "." }
            AlertsStanding::NeverFired => { "No alert is firing, and none ever was." }
            AlertsStanding::Firing(1) => { "One alert is firing." }
            AlertsStanding::Firing(many) => { (count(many)) " alerts are firing." }
        }
    }
}

fn narrow(app: &App, asked: &Asked) -> Markup {
    let shown: Vec<(String, String)> =
        SHOWN.iter().map(|(value, name)| ((*value).to_owned(), (*name).to_owned())).collect();
    let owners = forms::any_of("Anybody", app.desk.owners().iter().map(|owner| owner.name.as_str()));
    let mut topics = vec![(String::new(), "Any topic".to_owned())];
    topics.extend(app.topics.names());
    html! {
        section.card aria-label="Narrow the list" {
            form.filters method="get" action="/alerts" {
                (forms::select("show", "Show", &asked.show, &shown))
                (forms::select("owner", "Owner", &asked.owner, &owners))
                (forms::select("topic", "Topic", &asked.topic, &topics))
                button type="submit" { "Show" }
            }
        }
    }
}

fn nothing(alerts: &Alerts, asked: &Asked) -> Markup {
    html! {
        p.empty {
            @if alerts.standing() == AlertsStanding::NotLookedYet {
                "The counts are being looked at for the first time: load the page again in a moment."
            } @else if !asked.owner.is_empty() || !asked.topic.is_empty() {
                "No alert fits. " a href="/alerts" { "Show those of everybody" }
            } @else if asked.show == "all" {
                "There never was an alert."
            } @else {
                "No alert is firing, and none has ended lately. " a href="/alerts?show=all" { "Show all alerts" }
            }
        }
    }
}

fn table(alerts: &Alerts) -> Markup {
    let total = alerts.list.total;
    html! {
        div.scroll tabindex="0" role="group" aria-label="Alerts" {
            table.list {
                caption { (number::of(total, "alert", "alerts")) }
                thead { tr {
                    th scope="col" { "What moved" }
                    th scope="col" { "State" }
                    th scope="col" { "Severity" }
                    th scope="col" { "Owners" }
                    th scope="col" { "From" }
                    th scope="col" { "To" }
                    th.number scope="col" { "People" }
                    th scope="col" { "Useful" }
                } }
                tbody { @for alert in &alerts.list.items { (row(alert)) } }
            }
        }
    }
}

fn row(alert: &AlertRow) -> Markup {
    html! {
        tr {
            th scope="row" { a href={ "/alerts/" (alert.id) } { (printable(&alert.title)) } }
            td { (state(alert)) }
            td { span class={ "badge badge-" (alert.severity) } { (alert.severity) } }
            td { @if alert.owners.is_empty() { span.soft { "nobody" } } @else { bdi { (alert.owners.join(", ")) } } }
            td { (time::moment(alert.since.0)) }
            td { @if let Some(end) = alert.resolved_at { (time::moment(end.0)) } @else { "goes on" } }
            td.number {
                @match &alert.filter {
                    Some(filter) => { a href=(query::address(filter)) { (count(alert.people)) } }
                    None => { (count(alert.people)) }
                }
            }
            td {
                @match alert.is_useful {
                    Some(true) => { span.badge.badge-useful { "useful" } }
                    Some(false) => { span.badge { "not useful" } }
                    None => {}
                }
            }
        }
    }
}

/// Of those that somebody spoke about, with the interval.
fn precision(precision: &AlertsPrecision) -> String {
    let AlertsPrecision { told, useful, not_useful, share, low, high } = *precision;
    if told == 0 {
        return "No alert was told to anybody yet.".to_owned();
    }
    let told = number::of(told, "alert was told", "alerts were told");
    match (share, low, high) {
        (Some(share), Some(low), Some(high)) => format!(
            "{told}. Of {} that somebody spoke about, {} {} useful: {:.0}% ({:.0} to {:.0}%).",
            count(useful + not_useful),
            count(useful),
            if useful == 1 { "was" } else { "were" },
            100.0 * share,
            100.0 * low,
            100.0 * high
        ),
        _ => format!("{told}; nobody has said yet whether one was useful."),
    }
}

/// Up to when somebody looked, and of how much anything could be said.
fn looked(alerts: &Alerts) -> Markup {
    html! {
        @if let Some(to) = alerts.looked_to {
            "The counts were looked at up to " (time::moment(to.0)) ". "
            @match alerts.coverage {
                Some(AlertsCoverage { speaking: 0, from: Some(from), .. }) => {
                    "There is not enough history yet to say anything; something can be said from "
                    (time::day(from.0)) " on."
                }
                Some(AlertsCoverage { speaking: 0, .. }) => { "There is too little feedback yet to say anything." }
                Some(AlertsCoverage { speaking, series, .. }) => {
                    "Of " (count(speaking)) " of the " (count(series))
                    " series that are watched there was history enough to say something."
                }
                None => {}
            }
        } @else {
            "The counts were not looked at yet."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{At, Date, Listed};
    use feedback::time::Day;

    fn alerts() -> Alerts {
        Alerts {
            list: Listed { items: Vec::new(), next: None, total: 0 },
            firing: 0,
            precision: AlertsPrecision {
                told: 0,
                useful: 0,
                not_useful: 0,
                share: None,
                low: None,
                high: None,
            },
            looked_to: None,
            coverage: None,
            quiet_since: None,
        }
    }

    #[test]
    fn that_nothing_fires_says_since_when() {
        let quiet = Alerts { quiet_since: Some(At(Day(20_514).start())), ..alerts() };
        let told = standing(&quiet).into_string();
        assert!(told.starts_with("No alert is firing, since <time datetime=\"2026-03-02"), "{told}");
        let looked = Alerts { looked_to: Some(At(Day(20_514).start())), ..alerts() };
        assert_eq!(standing(&looked).into_string(), "No alert is firing, and none ever was.");
        let told = standing(&alerts()).into_string() + &nothing(&alerts(), &Asked::default()).into_string();
        assert!(told.contains("has not ended yet") && !told.contains("No alert"), "{told}");
        assert_eq!(standing(&Alerts { firing: 3, ..alerts() }).into_string(), "3 alerts are firing.");
    }

    #[test]
    fn that_nothing_was_found_says_whether_anything_could_be() {
        assert_eq!(looked(&alerts()).into_string(), "The counts were not looked at yet.");
        let with = |speaking, series, from| Alerts {
            looked_to: Some(At(Day(20_514).start())),
            coverage: Some(AlertsCoverage { speaking, series, from }),
            ..alerts()
        };
        let told = looked(&with(0, 6, Some(Date(Day(20_517))))).into_string();
        assert!(told.contains("can be said from <time datetime=\"2026-03-05\">"), "{told}");
        assert!(looked(&with(0, 6, None)).into_string().contains("too little feedback"));
        assert!(looked(&with(12, 1_034, None)).into_string().contains("Of 12 of the 1,034 series"));
    }

    #[test]
    fn precision_has_its_interval() {
        let some = AlertsPrecision {
            told: 9,
            useful: 1,
            not_useful: 1,
            share: Some(0.5),
            low: Some(0.09),
            high: Some(0.91),
        };
        assert_eq!(
            precision(&some),
            "9 alerts were told. Of 2 that somebody spoke about, 1 was useful: 50% (9 to 91%)."
        );
        let few = AlertsPrecision { told: 1, useful: 0, not_useful: 0, share: None, low: None, high: None };
        assert_eq!(precision(&few), "1 alert was told; nobody has said yet whether one was useful.");
        assert_eq!(precision(&alerts().precision), "No alert was told to anybody yet.");
    }

    #[test]
    fn an_address_narrows_the_list() {
        let now = Day(20_514).start();
        let asked = |show: &str| Asked { show: show.to_owned(), ..Asked::default() };
        assert_eq!(asked("").filter(now).unwrap().since, Some(Day(20_484)));
        assert_eq!(asked("firing").filter(now).unwrap().open, Some(true));
        assert_eq!(asked("all").filter(now).unwrap(), AlertsFilter::default());
        assert!(asked("none").filter(now).is_err());
        assert!(SHOWN.iter().all(|(value, _)| asked(value).filter(now).is_ok()));
        let all = Asked { owner: "a b".to_owned(), ..asked("all") };
        assert_eq!(all.address(), "/alerts?show=all&owner=a+b");
        assert_eq!(all.file("csv"), "/v1/alerts.csv?days=3650&owner=a+b");
        assert_eq!(asked("firing").file("jsonl"), "/v1/alerts.jsonl?open=true");
    }
}
