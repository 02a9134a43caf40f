//! The list of corrections as a file.

use super::Asked;
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Caller;
use crate::corrections;
use crate::desk::Page;
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(corrections_csv)).routes(routes!(corrections_jsonl))
}

/// All corrections of a list as CSV.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here. A text that a spreadsheet would take for a formula
/// has an apostrophe before it.
#[utoipa::path(get, path = "/v1/corrections.csv", tag = "corrections", params(Asked), responses(Csv))]
async fn corrections_csv(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Csv).await
}

/// All corrections of a list as JSON lines.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here.
#[utoipa::path(get, path = "/v1/corrections.jsonl", tag = "corrections", params(Asked), responses(Jsonl))]
async fn corrections_jsonl(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Jsonl).await
}

async fn all(app: App, asked: Asked, format: Format) -> Result<Response, Problem> {
    let (record, _) = asked.read()?;
    let page = move |page: Page| {
        let (app, record) = (app.clone(), record.clone());
        async move { corrections::list(&app.store, record.as_deref(), &page).await.map_err(Problem::from) }
    };
    file(format).of_pages(page).await
}

fn file(format: Format) -> Export {
    Export { format, name: "corrections", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("id", "/id"),
    ("at", "/at"),
    ("by", "/by"),
    ("record", "/record"),
    ("day", "/day"),
    ("field", "/field"),
    ("value", "/value"),
    ("judged", "/judged"),
    ("note", "/note"),
    ("state", "/state"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::corrections::{CorrectionRow, CorrectionValue};
    use crate::desk::{At, Date};
    use feedback::time::Day;
    use store::CorrectionState;

    #[tokio::test]
    async fn a_correction_is_a_row_and_a_line() {
        let day = Day(20_514);
        let topics = |ids: &[&str]| CorrectionValue::Topics(ids.iter().map(|id| (*id).to_owned()).collect());
        let correction = CorrectionRow {
            id: "c1".to_owned(),
            at: At(day.start()),
            by: "jane".to_owned(),
            record: "aa".repeat(16),
            day: Date(day),
            field: "topics".to_owned(),
            value: topics(&["billing", "search"]),
            judged: Some(topics(&["search"])),
            note: Some("=why not".to_owned()),
            state: CorrectionState::Holds,
        };
        let told = row(correction.clone(), file, &[]).await;
        assert_eq!((told["value"].as_str(), told["judged"].as_str()), ("billing; search", "search"));
        assert_eq!((told["note"].as_str(), told["state"].as_str()), ("'=why not", "holds"));
        let none = CorrectionRow { value: topics(&[]), judged: None, note: None, ..correction };
        row(none, file, &["value", "judged", "note"]).await;
    }
}
