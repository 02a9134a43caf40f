//! The queues of the triage as a file.

use super::Days;
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(triage_csv)).routes(routes!(triage_jsonl))
}

/// What waits for whom, by owner and queue, as CSV.
///
/// The same fields as of the list, the rows of which these are. A text that a spreadsheet would take for a formula has an
/// apostrophe before it.
#[utoipa::path(get, path = "/v1/triage.csv", tag = "triage", params(Days), responses(Csv))]
async fn triage_csv(State(app): State<App>, caller: Caller, days: Fields<Days>) -> Result<Response, Problem> {
    all(app, caller, days, Format::Csv).await
}

/// What waits for whom, by owner and queue, as JSON lines.
///
/// The same fields as of the list, the rows of which these are.
#[utoipa::path(get, path = "/v1/triage.jsonl", tag = "triage", params(Days), responses(Jsonl))]
async fn triage_jsonl(
    State(app): State<App>,
    caller: Caller,
    days: Fields<Days>,
) -> Result<Response, Problem> {
    all(app, caller, days, Format::Jsonl).await
}

async fn all(app: App, caller: Caller, days: Fields<Days>, format: Format) -> Result<Response, Problem> {
    let Json(load) = super::get_triage(State(app), caller, days).await?;
    Ok(file(format).of_all(load.rows))
}

fn file(format: Format) -> Export {
    Export { format, name: "triage", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("owner", "/owner"),
    ("queue", "/queue"),
    ("p1", "/priorities/0"),
    ("p2", "/priorities/1"),
    ("p3", "/priorities/2"),
    ("p4", "/priorities/3"),
    ("records", "/records"),
    ("for_a_person", "/for_a_person"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::TriageRow;
    use insight::report::Filter;

    #[tokio::test]
    async fn a_queue_is_a_row_and_a_line() {
        let queue = TriageRow {
            owner: "identity".to_owned(),
            queue: "+oncall".to_owned(),
            priorities: [1, 2, 3, 4],
            records: 10,
            for_a_person: 5,
            filter: Filter::default(),
        };
        let told = row(queue, file, &[]).await;
        assert_eq!(
            (told["queue"].as_str(), told["p4"].as_str(), told["records"].as_str()),
            ("'+oncall", "4", "10")
        );
    }
}
