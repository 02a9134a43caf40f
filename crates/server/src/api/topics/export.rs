//! The list of topics as a file.

use super::SortQuery;
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::api::scope::ScopeQuery;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(topics_csv)).routes(routes!(topics_jsonl))
}

/// The topics with what is said of each, as CSV.
///
/// The same fields as of the list. `weeks` are the mentions by week. A text that a spreadsheet would take for a formula has an
/// apostrophe before it.
#[utoipa::path(get, path = "/v1/topics.csv", tag = "topics", params(ScopeQuery, SortQuery), responses(Csv))]
async fn topics_csv(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    all(app, caller, query, Format::Csv).await
}

/// The topics with what is said of each, as JSON lines.
///
/// The same fields as of the list.
#[utoipa::path(
    get,
    path = "/v1/topics.jsonl",
    tag = "topics",
    params(ScopeQuery, SortQuery),
    responses(Jsonl)
)]
async fn topics_jsonl(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    all(app, caller, query, Format::Jsonl).await
}

async fn all(app: App, caller: Caller, query: Option<String>, format: Format) -> Result<Response, Problem> {
    let Json(listed) = super::list_topics(State(app), caller, RawQuery(query)).await?;
    Ok(file(format).of_all(listed.table.items))
}

fn file(format: Format) -> Export {
    Export { format, name: "topics", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("topic", "/topic"),
    ("name", "/name"),
    ("parent", "/parent"),
    ("owner", "/owner"),
    ("is_current", "/is_current"),
    ("mentions", "/mentions/value"),
    ("weeks", "/weeks/*/value"),
    ("share", "/share"),
    ("share_before", "/change/before"),
    ("share_change", "/change/difference"),
    ("share_change_low", "/change/interval/low"),
    ("share_change_high", "/change/interval/high"),
    ("share_change_q", "/change/q"),
    ("share_change_verdict", "/change/verdict"),
    ("mentions_before", "/change/mentions_before/value"),
    ("negative", "/negative/hits"),
    ("neutral", "/neutral"),
    ("positive", "/positive"),
    ("judged", "/negative/n"),
    ("negative_share", "/negative/share"),
    ("negative_low", "/negative/interval/low"),
    ("negative_high", "/negative/interval/high"),
    ("volume_verdict", "/volume_verdict"),
    ("negative_verdict", "/negative_verdict"),
    ("people", "/reach/people"),
    ("anonymous", "/reach/anonymous"),
    ("accounts", "/reach/accounts"),
    ("revenue", "/reach/revenue"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::topics::testing::line;
    use crate::topics::{ShareMoved, TopicLine, TopicReach};
    use insight::report::Filter;
    use insight::report::model::{Figure, Share};
    use insight::stats::Interval;
    use insight::trends::Verdict;

    fn whole() -> TopicLine {
        let told = line("login", 12, Some(0.25));
        let week = |value| Figure { value, filter: Filter::default() };
        TopicLine {
            name: "=Signing in".to_owned(),
            parent: Some("account".to_owned()),
            owner: Some("identity".to_owned()),
            weeks: vec![week(5), week(7)],
            share: Some(0.5),
            negative: Share { interval: Some(Interval::new(0.125, 0.75)), ..told.negative },
            change: told.change.map(|change| ShareMoved {
                before: 0.25,
                after: 0.5,
                q: Some(0.5),
                verdict: Some(Verdict::Unclear),
                ..change
            }),
            volume_verdict: Some(Verdict::Real),
            negative_verdict: Some(Verdict::Noise),
            reach: TopicReach { people: Some(8), anonymous: 1, accounts: Some(6), revenue: Some(1_200.0) },
            ..told
        }
    }

    #[tokio::test]
    async fn a_topic_is_a_row_and_a_line() {
        let told = row(whole(), file, &[]).await;
        let some = ["name", "mentions", "weeks", "share_change", "share_change_verdict", "volume_verdict"];
        let some = some.map(|name| told[name].as_str());
        assert_eq!(some, ["'=Signing in", "12", "5; 7", "0.25", "unclear", "real"]);
    }
}
