//! The series as a file.

use super::ByQuery;
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::api::records::RecordsQuery;
use crate::auth::Caller;
use crate::problem::{CONTENT_TYPE, Problem};
use crate::state::App;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(trends_csv)).routes(routes!(trends_jsonl))
}

/// Records by day or week, as CSV.
///
/// The same fields as of the series, and the same days. A text that a spreadsheet would take for a formula has an apostrophe
/// before it.
#[utoipa::path(
    get,
    path = "/v1/trends.csv",
    tag = "insights",
    params(RecordsQuery, ByQuery),
    responses(
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        Csv,
    )
)]
async fn trends_csv(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    all(app, caller, query, Format::Csv).await
}

/// Records by day or week, as JSON lines.
///
/// The same fields as of the series, and the same days.
#[utoipa::path(
    get,
    path = "/v1/trends.jsonl",
    tag = "insights",
    params(RecordsQuery, ByQuery),
    responses(
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        Jsonl,
    )
)]
async fn trends_jsonl(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    all(app, caller, query, Format::Jsonl).await
}

async fn all(app: App, caller: Caller, query: Option<String>, format: Format) -> Result<Response, Problem> {
    let Json(series) = super::get_trends(State(app), caller, RawQuery(query)).await?;
    Ok(file(format).of_all(series.items))
}

fn file(format: Format) -> Export {
    Export { format, name: "trends", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("from", "/from"),
    ("to", "/to"),
    ("is_partial", "/is_partial"),
    ("records", "/records"),
    ("judged", "/judged"),
    ("negative", "/negative/hits"),
    ("negative_share", "/negative/share"),
    ("negative_low", "/negative/interval/low"),
    ("negative_high", "/negative/interval/high"),
    ("neutral", "/neutral/hits"),
    ("neutral_share", "/neutral/share"),
    ("neutral_low", "/neutral/interval/low"),
    ("neutral_high", "/neutral/interval/high"),
    ("positive", "/positive/hits"),
    ("positive_share", "/positive/share"),
    ("positive_low", "/positive/interval/low"),
    ("positive_high", "/positive/interval/high"),
];

#[cfg(test)]
mod tests {
    use super::super::{TrendPoint, TrendShare};
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::Date;
    use feedback::time::Day;
    use insight::stats::Interval;

    fn point(share: Option<f64>) -> TrendPoint {
        let of = |hits| TrendShare { hits, share, interval: share.map(|_| Interval::new(0.125, 0.75)) };
        TrendPoint {
            from: Date(Day(20_514)),
            to: Date(Day(20_520)),
            is_partial: false,
            records: 20,
            judged: 16,
            negative: of(4),
            neutral: of(8),
            positive: of(4),
        }
    }

    #[tokio::test]
    async fn a_day_or_week_is_a_row_and_a_line() {
        let told = row(point(Some(0.25)), file, &[]).await;
        let some = ["from", "negative", "negative_share", "negative_high"].map(|name| told[name].as_str());
        assert_eq!(some, ["2026-03-02", "4", "0.25", "0.75"]);
        // Of too few.
        let shares = COLUMNS.iter().map(|(name, _)| *name);
        let shares: Vec<&str> =
            shares.filter(|name| ["_share", "_low", "_high"].iter().any(|end| name.ends_with(end))).collect();
        row(point(None), file, &shares).await;
    }
}
