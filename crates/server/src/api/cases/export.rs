//! The list of cases as a file.

use super::{Asked, part};
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Caller;
use crate::desk::Page;
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(cases_csv)).routes(routes!(cases_jsonl))
}

/// All cases of a list as CSV.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here. A text that a spreadsheet would take for a formula
/// has an apostrophe before it.
#[utoipa::path(get, path = "/v1/cases.csv", tag = "cases", params(Asked), responses(Csv))]
async fn cases_csv(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Csv).await
}

/// All cases of a list as JSON lines.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here.
#[utoipa::path(get, path = "/v1/cases.jsonl", tag = "cases", params(Asked), responses(Jsonl))]
async fn cases_jsonl(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Jsonl).await
}

async fn all(app: App, asked: Asked, format: Format) -> Result<Response, Problem> {
    let (filter, _) = asked.read()?;
    let page = move |page: Page| {
        let (app, filter) = (app.clone(), filter.clone());
        async move { part(&app, &filter, &page).await }
    };
    file(format).of_pages(page).await
}

fn file(format: Format) -> Export {
    Export { format, name: "cases", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("id", "/id"),
    ("topic", "/topic"),
    ("kind", "/kind"),
    ("product", "/product"),
    ("owner", "/owner"),
    ("title", "/title"),
    ("state", "/life/state"),
    ("opened_at", "/life/opened_at"),
    ("acknowledged_at", "/life/acknowledged_at"),
    ("resolved_at", "/life/resolved_at"),
    ("reopened", "/life/reopened"),
    ("last_at", "/life/last_at"),
    ("reports", "/reach/reports"),
    ("people", "/reach/people"),
    ("anonymous", "/reach/anonymous"),
    ("people_at_least", "/people_at_least"),
    ("accounts", "/reach/accounts"),
    ("revenue", "/reach/revenue"),
    ("first_seen", "/reach/first_seen"),
    ("last_seen", "/reach/last_seen"),
    ("last_reported_at", "/last_reported_at"),
    ("priority", "/priority"),
    ("seconds_to_store", "/took/stored"),
    ("seconds_to_triage", "/took/triaged"),
    ("seconds_to_acknowledge", "/took/acknowledged"),
    ("seconds_to_resolve", "/took/resolved"),
    ("seconds_in_all", "/took/whole"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::{At, CaseLife, CaseReach, CaseRow, CaseState};
    use feedback::time::Day;
    use insight::report::Filter;

    fn case() -> CaseRow {
        let at = At(Day(20_514).start());
        let took = ["stored", "triaged", "acknowledged", "resolved", "whole"];
        CaseRow {
            id: "aa".repeat(16),
            topic: "login".to_owned(),
            kind: "bug".to_owned(),
            product: "app".to_owned(),
            owner: "identity".to_owned(),
            title: Some("=cannot log in".to_owned()),
            life: CaseLife {
                state: CaseState::Resolved,
                opened_at: at,
                acknowledged_at: Some(at),
                resolved_at: Some(at),
                reopened: 2,
                last_at: at,
            },
            reach: Some(CaseReach {
                reports: 9,
                people: 4,
                anonymous: 3,
                accounts: 1,
                revenue: 1_200.0,
                first_seen: Some(at),
                last_seen: Some(at),
            }),
            people_at_least: Some(5),
            last_reported_at: Some(at),
            priority: Some("P1"),
            took: took.map(|step| (step.to_owned(), 60.0)).into(),
            filter: Filter::default().case("aa"),
        }
    }

    #[tokio::test]
    async fn a_case_is_a_row_and_a_line() {
        let told = row(case(), file, &[]).await;
        assert_eq!((told["title"].as_str(), told["state"].as_str()), ("'=cannot log in", "resolved"));
        assert_eq!((told["reports"].as_str(), told["seconds_in_all"].as_str()), ("9", "60.0"));
        // While it is counted for the first time.
        let new = CaseRow { reach: None, people_at_least: None, priority: None, ..case() };
        let counted = [
            "reports",
            "people",
            "anonymous",
            "people_at_least",
            "accounts",
            "revenue",
            "first_seen",
            "last_seen",
            "priority",
        ];
        row(new, file, &counted).await;
    }
}
