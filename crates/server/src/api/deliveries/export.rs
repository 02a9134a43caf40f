//! The list of deliveries as a file.

use super::Asked;
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
    OpenApiRouter::new().routes(routes!(deliveries_csv)).routes(routes!(deliveries_jsonl))
}

/// All deliveries of a list as CSV.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here. A text that a spreadsheet would take for a formula
/// has an apostrophe before it.
#[utoipa::path(get, path = "/v1/deliveries.csv", tag = "deliveries", params(Asked), responses(Csv))]
async fn deliveries_csv(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Csv).await
}

/// All deliveries of a list as JSON lines.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here.
#[utoipa::path(get, path = "/v1/deliveries.jsonl", tag = "deliveries", params(Asked), responses(Jsonl))]
async fn deliveries_jsonl(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Jsonl).await
}

async fn all(app: App, asked: Asked, format: Format) -> Result<Response, Problem> {
    let (wanted, _) = asked.read()?;
    let page = move |page: Page| {
        let (app, wanted) = (app.clone(), wanted.clone());
        async move { app.desk.deliveries(&wanted, &page).await.map_err(Problem::from) }
    };
    file(format).of_pages(page).await
}

fn file(format: Format) -> Export {
    Export { format, name: "deliveries", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("key", "/key"),
    ("target", "/target"),
    ("note", "/note"),
    ("kind", "/kind"),
    ("severity", "/severity"),
    ("title", "/title"),
    ("group", "/group"),
    ("state", "/state"),
    ("queued_at", "/queued_at"),
    ("deadline", "/deadline"),
    ("attempts", "/attempts"),
    ("next", "/next"),
    ("ended_at", "/ended_at"),
    ("why", "/why"),
    ("reference", "/reference"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::{At, DeliveryRow, DeliveryState};
    use feedback::time::Day;

    #[tokio::test]
    async fn a_delivery_is_a_row_and_a_line() {
        let at = At(Day(20_514).start());
        let delivery = DeliveryRow {
            key: "0c".repeat(16),
            target: "crm".to_owned(),
            note: "aa01".to_owned(),
            kind: "alert",
            severity: "critical",
            title: "+40% about login".to_owned(),
            group: "aa01".to_owned(),
            state: DeliveryState::Failed,
            queued_at: at,
            deadline: at,
            attempts: 4,
            next: Some(at),
            ended_at: Some(at),
            why: Some("503".to_owned()),
            reference: Some("APP-7".to_owned()),
        };
        let told = row(delivery, file, &[]).await;
        assert_eq!((told["state"].as_str(), told["attempts"].as_str()), ("failed", "4"));
        assert_eq!(
            (told["title"].as_str(), told["next"].as_str()),
            ("'+40% about login", "2026-03-02T00:00:00Z")
        );
    }
}
