//! The list of alerts as a file.

use super::{Asked, part};
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Caller;
use crate::desk::Page;
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::{App, now};
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(alerts_csv)).routes(routes!(alerts_jsonl))
}

/// All alerts of a list as CSV.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here. A text that a spreadsheet would take for a formula
/// has an apostrophe before it.
#[utoipa::path(get, path = "/v1/alerts.csv", tag = "alerts", params(Asked), responses(Csv))]
async fn alerts_csv(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Csv).await
}

/// All alerts of a list as JSON lines.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here.
#[utoipa::path(get, path = "/v1/alerts.jsonl", tag = "alerts", params(Asked), responses(Jsonl))]
async fn alerts_jsonl(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Jsonl).await
}

async fn all(app: App, asked: Asked, format: Format) -> Result<Response, Problem> {
    let (filter, _) = asked.read(now())?;
    let page = move |page: Page| {
        let (app, filter) = (app.clone(), filter.clone());
        async move { part(&app, &filter, &page).await.map(|alerts| alerts.list) }
    };
    file(format).of_pages(page).await
}

fn file(format: Format) -> Export {
    Export { format, name: "alerts", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("id", "/id"),
    ("title", "/title"),
    ("state", "/state"),
    ("severity", "/severity"),
    ("owner", "/owner"),
    ("owners", "/owners"),
    ("topics", "/topics"),
    ("since", "/since"),
    ("opened_at", "/opened_at"),
    ("last_at", "/last_at"),
    ("resolved_at", "/resolved_at"),
    ("is_told", "/is_told"),
    ("told_with", "/told_with"),
    ("why", "/why"),
    ("reopened", "/reopened"),
    ("people", "/people"),
    ("is_useful", "/is_useful"),
    ("acknowledged_at", "/acknowledged/at"),
    ("acknowledged_by", "/acknowledged/by"),
    ("silenced_at", "/silenced/at"),
    ("silenced_by", "/silenced/by"),
    ("silenced_until", "/silenced/until"),
    ("silenced_reason", "/silenced/reason"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::{AlertRow, AlertSaid, AlertSilence, AlertState, At, Date};
    use feedback::time::Day;
    use insight::report::Filter;

    fn alert() -> AlertRow {
        let day = Day(20_514);
        let at = At(day.start());
        AlertRow {
            id: "a".repeat(16),
            title: "More about login".to_owned(),
            state: AlertState::Silenced,
            severity: "P1",
            owner: "identity".to_owned(),
            owners: vec!["identity".to_owned(), "finance".to_owned()],
            topics: vec!["login".to_owned()],
            since: at,
            opened_at: at,
            last_at: at,
            resolved_at: Some(at),
            is_told: true,
            told_with: Some("b".repeat(16)),
            why: Some("an event".to_owned()),
            reopened: 1,
            people: 12,
            is_useful: Some(false),
            acknowledged: Some(AlertSaid { at, by: Some("jane".to_owned()) }),
            silenced: Some(AlertSilence {
                at,
                by: Some("jane".to_owned()),
                until: Some(Date(day)),
                reason: "@everybody knows".to_owned(),
            }),
            filter: Some(Filter::default().topic("login")),
        }
    }

    #[tokio::test]
    async fn an_alert_is_a_row_and_a_line() {
        let told = row(alert(), file, &[]).await;
        assert_eq!((told["owners"].as_str(), told["is_useful"].as_str()), ("identity; finance", "false"));
        assert_eq!(told["silenced_until"], "2026-03-02");
        assert_eq!(told["silenced_reason"], "'@everybody knows");
    }
}
