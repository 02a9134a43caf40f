//! The list of cases, narrowed by what stands in its address.

use super::{frame, kind_name, topic_name};
use crate::auth::Caller;
use crate::desk::{CaseRow, CaseState, CasesFilter, CasesIn, CasesSort, Listed, Page};
use crate::pages::layout::page;
use crate::pages::parts::{forms, time};
use crate::problem::Problem;
use crate::query;
use crate::state::App;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use feedback::insight::NO_TOPIC;
use insight::report::count;
use insight::triage::Priority;
use maud::{Markup, html};
use serde::Deserialize;

const STATES: [(&str, &str); 6] = [
    ("", "Not resolved"),
    ("open", "Open"),
    ("acknowledged", "Acknowledged"),
    ("reopened", "Reopened"),
    ("resolved", "Resolved"),
    ("all", "All"),
];
const SORTS: [(&str, &str); 4] = [
    ("", "Most people"),
    ("priority", "Most urgent"),
    ("newest", "Reported last"),
    ("opened", "Opened last"),
];

/// What the address asks for; what is empty is not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    owner: String,
    topic: String,
    kind: String,
    product: String,
    priority: String,
    sort: String,
    cursor: String,
}

impl Asked {
    fn filter(&self) -> Result<CasesFilter, Problem> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let state = match self.state.as_str() {
            "" => CasesIn::Unresolved,
            "all" => CasesIn::All,
            name => {
                let state = CaseState::ALL.into_iter().find(|state| state.as_str() == name);
                CasesIn::Only(state.ok_or_else(|| unknown("state"))?)
            }
        };
        let sort = match self.sort.as_str() {
            "" | "people" => CasesSort::People,
            "priority" => CasesSort::Priority,
            "newest" => CasesSort::Newest,
            "opened" => CasesSort::Opened,
            _ => return Err(unknown("sort")),
        };
        let priority = match self.priority.as_str() {
            "" => None,
            name => Some(Priority::parse(name).ok_or_else(|| unknown("priority"))?),
        };
        Ok(CasesFilter {
            state,
            owner: some(&self.owner),
            topic: some(&self.topic),
            kind: some(&self.kind),
            product: some(&self.product),
            priority,
            sort,
        })
    }

    /// Of the same list from its beginning.
    fn address(&self) -> String {
        self.at("/cases")
    }

    fn at(&self, path: &str) -> String {
        let fields = [
            ("state", &self.state),
            ("owner", &self.owner),
            ("topic", &self.topic),
            ("kind", &self.kind),
            ("product", &self.product),
            ("priority", &self.priority),
            ("sort", &self.sort),
        ];
        forms::address(path, &fields.map(|(name, value)| (name, value.as_str())))
    }
}

fn unknown(name: &str) -> Problem {
    Problem::bad_request(format!("there is no such {name} of cases: choose one on the page"))
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(asked) = asked?;
    let part = Page::new(None, Some(asked.cursor.as_str()))
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let cases = app.desk.cases(&asked.filter()?, &part).await?;
    let body = html! {
        div.lead { div {
            h1 { "Cases" }
            p { "Reports of the same thing, and what is done about them." }
        } }
        (narrow(&app, &asked))
        section.card {
            @if cases.items.is_empty() { (nothing(&app, &asked)) } @else {
                (table(&app, &cases))
                (forms::exports("All of them", |ending| asked.at(&format!("/v1/cases.{ending}"))))
            }
            (forms::pager(&asked.address(), asked.cursor.is_empty(), cases.next.as_deref()))
        }
    };
    Ok(page(&frame(&app, &caller), "Cases", body))
}

fn narrow(app: &App, asked: &Asked) -> Markup {
    let named = |choices: &[(&str, &str)]| -> Vec<(String, String)> {
        choices.iter().map(|(value, name)| ((*value).to_owned(), (*name).to_owned())).collect()
    };
    let mut topics = vec![(String::new(), "Any topic".to_owned())];
    topics.extend(app.topics.names());
    topics.push((NO_TOPIC.to_owned(), "No topic".to_owned()));
    let owners = forms::any_of("Anybody", app.desk.owners().iter().map(|owner| owner.name.as_str()));
    let priorities = forms::any_of("Any", Priority::ALL.map(Priority::as_str));
    html! {
        section.card aria-label="Narrow the list" {
            form.filters method="get" action="/cases" {
                (forms::select("state", "State", &asked.state, &named(&STATES)))
                (forms::select("owner", "Owner", &asked.owner, &owners))
                (forms::select("topic", "Topic", &asked.topic, &topics))
                (forms::select("priority", "Priority", &asked.priority, &priorities))
                (forms::select("sort", "Order", &asked.sort, &named(&SORTS)))
                @for (name, value) in [("kind", &asked.kind), ("product", &asked.product)] {
                    @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
                }
                button type="submit" { "Show" }
            }
            @if !asked.kind.is_empty() || !asked.product.is_empty() {
                p.soft { "Only "
                    @if !asked.kind.is_empty() { (kind_name(&asked.kind)) " " }
                    @if !asked.product.is_empty() { "of the product " bdi { (asked.product) } " " }
                    "\u{00b7} " a href="/cases" { "show all" } }
            }
        }
    }
}

fn nothing(app: &App, asked: &Asked) -> Markup {
    let is_narrowed = asked.address() != "/cases";
    html! {
        p.empty {
            @if is_narrowed {
                "No case fits. " a href="/cases?state=all" { "Show all cases" }
            } @else if app.live.status().records == 0 {
                "There are no cases yet: they are made of the reports that come in."
            } @else {
                "Nothing is open: no case waits for anybody. " a href="/cases?state=resolved" { "Show the resolved ones" }
            }
        }
    }
}

fn table(app: &App, cases: &Listed<CaseRow>) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Cases" {
            table.list {
                caption { (count(cases.total)) @if cases.total == 1 { " case" } @else { " cases" } }
                thead { tr {
                    th scope="col" { "Case" }
                    th scope="col" { "State" }
                    th scope="col" { "Owner" }
                    th scope="col" { "Priority" }
                    th.number scope="col" { "People" }
                    th.number scope="col" { "Reports" }
                    th.number scope="col" { "Revenue a year" }
                    th scope="col" { "Reported last" }
                } }
                tbody { @for case in &cases.items { (row(app, case)) } }
            }
        }
        p.soft { small {
            "People at least: reports of nobody knows whom count as of one person. Revenue is that of the accounts that \
             reported it, each once."
        } }
    }
}

fn row(app: &App, case: &CaseRow) -> Markup {
    let records = query::address(&case.filter);
    html! {
        tr {
            th scope="row" {
                a href={ "/cases/" (case.id) } dir="auto" { (case.title.as_deref().unwrap_or("No words are left")) }
                br;
                small {
                    (kind_name(&case.kind)) " \u{00b7} " (topic_name(app, &case.topic))
                    @if !case.product.is_empty() { " \u{00b7} " (case.product) }
                }
            }
            td { (state(case.life.state)) }
            td { @if case.owner.is_empty() { span.soft { "nobody" } } @else { (case.owner) } }
            td { @if let Some(priority) = case.priority { span class={ "badge badge-" (priority) } { (priority) } } }
            @if let Some(reach) = &case.reach {
                td.number { a href=(records) {
                    @if reach.anonymous > 0 { "\u{2265} " } (count(reach.people_at_least()))
                } }
                td.number { a href=(records) { (count(reach.reports)) } }
                td.number { @if reach.revenue >= 1.0 { (count(reach.revenue.round() as u64)) } @else { span.soft { "\u{2013}" } } }
                td { @if let Some(last) = reach.last_seen { (time::day(last.0.day())) } }
            } @else {
                td.number { span.soft title="Being counted" { "\u{2026}" } }
                td.number { span.soft title="Being counted" { "\u{2026}" } }
                td.number {}
                td { (time::day(case.life.last_at.0.day())) }
            }
        }
    }
}

/// The word for a state.
pub(super) fn state(state: CaseState) -> Markup {
    html! { span class={ "badge badge-" (state.as_str()) } { (state.as_str()) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let address = format!("/cases?{query}").parse().unwrap();
        Query::try_from_uri(&address).unwrap().0
    }

    #[test]
    fn an_address_narrows_the_list() {
        assert_eq!(asked("").filter().unwrap(), CasesFilter::default());
        let filter =
            asked("state=reopened&owner=identity&topic=none&priority=P2&sort=newest").filter().unwrap();
        assert_eq!(filter.state, CasesIn::Only(CaseState::Reopened));
        assert_eq!((filter.owner.as_deref(), filter.topic.as_deref()), (Some("identity"), Some("none")));
        assert_eq!((filter.priority, filter.sort), (Some(Priority::P2), CasesSort::Newest));
        for wrong in ["state=lost", "priority=P9", "sort=random"] {
            assert!(asked(wrong).filter().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_same_list_begins_without_its_cursor() {
        let list = asked("state=all&product=a%26b&cursor=1.2.x");
        assert_eq!(list.address(), "/cases?state=all&product=a%26b");
        assert_eq!(list.at("/v1/cases.csv"), "/v1/cases.csv?state=all&product=a%26b");
        assert_eq!(asked("cursor=1.2.x").address(), "/cases");
    }

    #[test]
    fn every_choice_of_the_page_is_one() {
        for (state, _) in STATES {
            assert!(Asked { state: state.to_owned(), ..Asked::default() }.filter().is_ok(), "{state}");
        }
        for (sort, _) in SORTS {
            assert!(Asked { sort: sort.to_owned(), ..Asked::default() }.filter().is_ok(), "{sort}");
        }
    }
}
