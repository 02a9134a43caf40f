//! The list of digests as a file.

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
    OpenApiRouter::new().routes(routes!(digests_csv)).routes(routes!(digests_jsonl))
}

/// All digests of a list as CSV.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here. A text that a spreadsheet would take for a formula
/// has an apostrophe before it.
#[utoipa::path(get, path = "/v1/digests.csv", tag = "digests", params(Asked), responses(Csv))]
async fn digests_csv(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Csv).await
}

/// All digests of a list as JSON lines.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here.
#[utoipa::path(get, path = "/v1/digests.jsonl", tag = "digests", params(Asked), responses(Jsonl))]
async fn digests_jsonl(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    all(app, asked, Format::Jsonl).await
}

async fn all(app: App, asked: Asked, format: Format) -> Result<Response, Problem> {
    let (owner, _) = asked.read()?;
    let page = move |page: Page| {
        let (app, owner) = (app.clone(), owner.clone());
        async move { part(&app, owner.as_deref(), &page).await }
    };
    file(format).of_pages(page).await
}

fn file(format: Format) -> Export {
    Export { format, name: "digests", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("week", "/week"),
    ("owner", "/owner"),
    ("made_at", "/made_at"),
    ("points", "/points"),
    ("summary", "/summary"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::{At, DigestRow};
    use feedback::time::Day;

    #[tokio::test]
    async fn a_digest_is_a_row_and_a_line() {
        let digest = DigestRow {
            week: "2026-W12".to_owned(),
            owner: "identity".to_owned(),
            made_at: At(Day(20_535).start()),
            points: Some(3),
            summary: "-5 points of NPS".to_owned(),
        };
        let told = row(digest.clone(), file, &[]).await;
        assert_eq!((told["week"].as_str(), told["summary"].as_str()), ("2026-W12", "'-5 points of NPS"));
        row(DigestRow { owner: String::new(), points: None, ..digest }, file, &["owner", "points"]).await;
    }
}
