//! The goals as a file.

use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(targets_csv)).routes(routes!(targets_jsonl))
}

/// All targets as CSV.
///
/// A text that a spreadsheet would take for a formula has an apostrophe before it.
#[utoipa::path(get, path = "/v1/targets.csv", tag = "targets", responses(Csv))]
async fn targets_csv(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    all(app, caller, Format::Csv).await
}

/// All targets as JSON lines.
#[utoipa::path(get, path = "/v1/targets.jsonl", tag = "targets", responses(Jsonl))]
async fn targets_jsonl(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    all(app, caller, Format::Jsonl).await
}

async fn all(app: App, caller: Caller, format: Format) -> Result<Response, Problem> {
    let Json(listed) = super::get_targets(State(app), caller).await?;
    Ok(file(format).of_all(listed.targets))
}

fn file(format: Format) -> Export {
    Export { format, name: "targets", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("name", "/name"),
    ("metric", "/metric"),
    ("product", "/scope/product"),
    ("topic", "/scope/topic"),
    ("source", "/scope/source"),
    ("segment", "/scope/segment"),
    ("owner", "/scope/owner"),
    ("part", "/scope/part"),
    ("question", "/scope/question"),
    ("from", "/from"),
    ("to", "/to"),
    ("goal", "/goal_told"),
    ("at_least", "/goal/at_least"),
    ("at_most", "/goal/at_most"),
    ("under", "/goal/under"),
    ("standing", "/standing"),
    ("n", "/n"),
    ("value", "/value"),
    ("low", "/low"),
    ("high", "/high"),
    ("p90", "/p90"),
    ("waiting", "/waiting"),
    ("note", "/note"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::TargetRow;
    use feedback::time::Day;
    use insight::report::{Filter, Period};
    use insight::targets::{Goal, Kpi, Outcome, Standing, TargetScope};

    fn target() -> TargetRow {
        let some = |text: &str| Some(text.to_owned());
        Outcome {
            name: "NPS of the app".to_owned(),
            metric: Kpi::Nps,
            scope: TargetScope {
                product: some("app"),
                topic: some("login"),
                source: some("nps"),
                segment: some("smb"),
                owner: some("identity"),
                part: some("q1"),
                question: some("How likely?"),
            },
            period: Period { from: Day(20_514), to: Day(20_520) },
            goal: Goal { at_least: Some(-40.0), at_most: Some(90.0), under: Some(95.0) },
            standing: Standing::Open,
            n: 120,
            value: Some(-38.0),
            low: Some(-44.0),
            high: Some(-31.0),
            p90: Some(60.0),
            waiting: 2,
            note: some("=few"),
            filter: Some(Filter::default()),
        }
        .into()
    }

    #[tokio::test]
    async fn a_target_is_a_row_and_a_line() {
        let told = row(target(), file, &[]).await;
        assert_eq!((told["metric"].as_str(), told["standing"].as_str()), ("nps", "open"));
        assert_eq!(
            (told["value"].as_str(), told["note"].as_str()),
            ("-38.0", "'=few"),
            "a number is no formula"
        );
    }
}
