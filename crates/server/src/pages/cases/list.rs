//! The list of cases, narrowed by what stands in its address.

use super::{frame, kind_name, topic_name};
use crate::auth::Caller;
use crate::desk::{CaseRow, CaseState, CasesFilter, CasesIn, CasesSort, Listed, Page};
use crate::pages::layout::page;
use crate::pages::parts::{forms, number, time};
use crate::problem::Problem;
use crate::query::{self, Fields};
use crate::state::{App, Topics};
use axum::extract::State;
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
                CasesIn::Only(state.ok_or_else(|| forms::no_choice("state", name, &STATES))?)
            }
        };
        let sort = match self.sort.as_str() {
            "" | "people" => CasesSort::People,
            "priority" => CasesSort::Priority,
            "newest" => CasesSort::Newest,
            "opened" => CasesSort::Opened,
            name => return Err(forms::no_choice("sort", name, &SORTS)),
        };
        let priority = match self.priority.as_str() {
            "" => None,
            name => Some(Priority::parse(name).ok_or_else(|| {
                let known = Priority::ALL.iter().map(|priority| priority.as_str());
                Problem::bad_request(query::fields::none_of("priority", name, known))
            })?),
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

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let part = Page::new(None, Some(asked.cursor.as_str()))
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let cases = app.desk.cases(&asked.filter()?, &part).await?;
    let is_first = cases.total == 0 && !any(&app).await?;
    let body = html! {
        div.lead { div {
            h1 { "Cases" }
            p { "Reports of the same thing, and what is done about them." }
        } }
        (narrow(&app, &asked))
        section.card {
            @if cases.items.is_empty() { (nothing(&asked, is_first)) } @else {
                (being_counted(&cases.items))
                (table(&app.topics, &cases))
                (forms::exports("All of them", |ending| asked.at(&format!("/v1/cases.{ending}"))))
            }
            (forms::pager(&asked.address(), asked.cursor.is_empty(), cases.next.as_deref()))
        }
    };
    Ok(page(&frame(&app, &caller), "Cases", body))
}

/// Whether there ever was one.
async fn any(app: &App) -> Result<bool, Problem> {
    let all = CasesFilter { state: CasesIn::All, ..CasesFilter::default() };
    Ok(app.desk.cases(&all, &Page { limit: 1, behind: None }).await?.total > 0)
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

/// `is_first` where there never was one.
fn nothing(asked: &Asked, is_first: bool) -> Markup {
    let is_narrowed = asked.address() != "/cases";
    html! {
        p.empty {
            @if is_first {
                "There are no cases yet: they are made of the reports that come in, a minute or two after that."
            } @else if is_narrowed {
                "No case fits. " a href="/cases?state=all" { "Show all cases" }
            } @else {
                "Nothing is open: no case waits for anybody. " a href="/cases?state=resolved" { "Show the resolved ones" }
            }
        }
    }
}

/// That some have no figures yet.
fn being_counted(cases: &[CaseRow]) -> Markup {
    html! {
        @if cases.iter().any(|case| case.reach.is_none()) {
            div.note role="status" { p {
                "How far some of these cases reach is being counted: load the page again in a moment."
            } }
        }
    }
}

fn table(topics: &Topics, cases: &Listed<CaseRow>) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Cases" {
            table.list {
                caption { (number::of(cases.total, "case", "cases")) }
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
                tbody { @for case in &cases.items { (row(topics, case)) } }
            }
        }
        p.soft { small {
            "People at least: reports of nobody knows whom count as of one person. Revenue is that of the accounts that \
             reported it, each once."
        } }
    }
}

fn row(topics: &Topics, case: &CaseRow) -> Markup {
    let records = query::address(&case.filter);
    html! {
        tr {
            th scope="row" {
                a href={ "/cases/" (case.id) } dir="auto" { (case.title.as_deref().unwrap_or("No words are left")) }
                br;
                small {
                    (kind_name(&case.kind)) " \u{00b7} " bdi { (topic_name(topics, &case.topic)) }
                    @if !case.product.is_empty() { " \u{00b7} " bdi { (case.product) } }
                }
            }
            td { (state(case.life.state)) }
            td { @if case.owner.is_empty() { span.soft { "nobody" } } @else { bdi { (case.owner) } } }
            td { @if let Some(priority) = case.priority { span class={ "badge badge-" (priority) } { (priority) } } }
            @if let Some(reach) = &case.reach {
                td.number { a href=(records) {
                    @if reach.anonymous > 0 { "\u{2265} " } (count(reach.people_at_least()))
                } }
                td.number { a href=(records) { (count(reach.reports)) } }
                td.number { @if reach.revenue >= 1.0 { (count(reach.revenue.round() as u64)) } @else { span.soft { "\u{2013}" } } }
            } @else {
                td.number { span.soft title="Being counted" { "\u{2026}" } }
                td.number { span.soft title="Being counted" { "\u{2026}" } }
                td.number { span.soft title="Being counted" { "\u{2026}" } }
            }
            td { @if let Some(last) = case.last_reported_at { (time::day(last.0.day())) } }
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
    use crate::desk::{At, CaseLife, CaseReach};
    use crate::pages::feedback::{HOSTILE, harmless, topics};
    use feedback::time::Timestamp;
    use insight::report::Filter;
    use std::collections::BTreeMap;

    fn asked(address: &str) -> Asked {
        query::fields::read(address).unwrap()
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
    fn that_nothing_is_listed_says_whether_there_ever_was_a_case() {
        let of = |address: &str, is_first| nothing(&asked(address), is_first).into_string();
        assert!(of("", true).contains("no cases yet") && of("owner=identity", true).contains("no cases yet"));
        assert!(
            of("", false).contains("Nothing is open") && of("owner=identity", false).contains("No case fits")
        );
    }

    #[test]
    fn what_is_not_counted_yet_is_told() {
        let at = At(Timestamp(1_774_200_000_000_000));
        let life = CaseLife {
            state: CaseState::Open,
            opened_at: at,
            acknowledged_at: None,
            resolved_at: None,
            reopened: 0,
            last_at: at,
        };
        let case = CaseRow {
            id: "aa01".repeat(8),
            topic: "billing".to_owned(),
            kind: "bug".to_owned(),
            product: String::new(),
            owner: String::new(),
            title: None,
            life,
            reach: None,
            people_at_least: None,
            last_reported_at: None,
            priority: None,
            took: BTreeMap::new(),
            filter: Filter::default().case("aa01"),
        };
        assert!(being_counted(std::slice::from_ref(&case)).into_string().contains("being counted"));
        let reach = CaseReach {
            reports: 1,
            people: 1,
            anonymous: 0,
            accounts: 0,
            revenue: 0.0,
            first_seen: None,
            last_seen: None,
        };
        assert_eq!(being_counted(&[CaseRow { reach: Some(reach), ..case.clone() }]).into_string(), "");
        let said = || HOSTILE.to_owned();
        let hostile = CaseRow { topic: said(), product: said(), owner: said(), title: Some(said()), ..case };
        harmless(&row(&topics(), &hostile).into_string());
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
