//! The lists of the taxonomy as files.

use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::App;
use crate::taxonomy::{period, show, show_with_candidates};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(taxonomy_csv)).routes(routes!(taxonomy_jsonl))
}

/// A list of the taxonomy, by the name of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum List {
    #[default]
    Topics,
    Overlaps,
    Candidates,
}

/// Which list of the taxonomy, and over which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Which one: `topics` where nothing is said.
    #[param(inline)]
    list: Option<List>,
    /// Complete weeks before today that are looked at: 4 where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 26)]
    weeks: Option<String>,
}

/// A list of the taxonomy as CSV: its topics with how much each holds, which two hold the same, or what it misses.
///
/// A text that a spreadsheet would take for a formula has an apostrophe before it.
#[utoipa::path(get, path = "/v1/taxonomy.csv", tag = "taxonomy", params(ListQuery), responses(Csv))]
async fn taxonomy_csv(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<ListQuery>,
) -> Result<Response, Problem> {
    all(&app, &asked, Format::Csv).await
}

/// A list of the taxonomy as JSON lines: its topics with how much each holds, which two hold the same, or what it misses.
#[utoipa::path(get, path = "/v1/taxonomy.jsonl", tag = "taxonomy", params(ListQuery), responses(Jsonl))]
async fn taxonomy_jsonl(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<ListQuery>,
) -> Result<Response, Problem> {
    all(&app, &asked, Format::Jsonl).await
}

async fn all(app: &App, asked: &ListQuery, format: Format) -> Result<Response, Problem> {
    let period = period(asked.weeks.as_deref().unwrap_or_default())?;
    let list = asked.list.unwrap_or_default();
    let shown = match list {
        List::Candidates => show_with_candidates(app, period).await?,
        List::Topics | List::Overlaps => show(app, period).await?,
    };
    let file = list.file(format);
    Ok(match list {
        List::Topics => file.of_all(shown.topics),
        List::Overlaps => file.of_all(shown.overlaps),
        List::Candidates => {
            let found = shown.candidates.ok_or_else(|| {
                Problem::unavailable("candidates are being looked for the first time: ask again in a moment")
            })?;
            file.of_all(found.items)
        }
    })
}

impl List {
    fn file(self, format: Format) -> Export {
        let (name, columns) = match self {
            Self::Topics => ("taxonomy", TOPICS),
            Self::Overlaps => ("taxonomy-overlaps", OVERLAPS),
            Self::Candidates => ("taxonomy-candidates", CANDIDATES),
        };
        Export { format, name, columns }
    }
}

type Columns = &'static [(&'static str, &'static str)];

const TOPICS: Columns = &[
    ("id", "/id"),
    ("name", "/name"),
    ("description", "/description"),
    ("owner", "/owner"),
    ("parent", "/parent"),
    ("examples", "/examples"),
    ("keywords", "/keywords"),
    ("is_current", "/is_current"),
    ("line", "/line"),
    ("records", "/records"),
    ("share", "/share"),
];

const OVERLAPS: Columns = &[
    ("one", "/one"),
    ("other", "/other"),
    ("both", "/both"),
    ("of_one", "/of_one"),
    ("of_other", "/of_other"),
    ("share_of_one", "/share_of_one"),
    ("share_of_other", "/share_of_other"),
    ("jaccard", "/jaccard"),
];

const CANDIDATES: Columns = &[
    ("record", "/record"),
    ("records", "/records"),
    ("people", "/people"),
    ("first_at", "/first_at"),
    ("last_at", "/last_at"),
    ("words", "/words"),
    ("quotes", "/quotes/*/text"),
    ("quoted_records", "/quotes/*/record"),
    ("id", "/suggestion/id"),
    ("name", "/suggestion/name"),
    ("keywords", "/suggestion/keywords"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::{At, Date};
    use crate::taxonomy::{
        TaxonomyCandidate, TaxonomyOverlap, TaxonomyQuote, TaxonomySuggestion, TaxonomyTopic,
    };
    use feedback::time::Day;
    use insight::report::Filter;

    #[tokio::test]
    async fn a_topic_is_a_row_and_a_line() {
        let topic = TaxonomyTopic {
            id: "login".to_owned(),
            name: "Signing in".to_owned(),
            description: "Whatever keeps people out".to_owned(),
            owner: Some("identity".to_owned()),
            parent: Some("account".to_owned()),
            examples: vec!["cannot get in".to_owned(), "=1+1".to_owned()],
            keywords: vec!["login".to_owned()],
            is_current: true,
            line: Some(3),
            records: 20,
            share: Some(0.25),
            filter: Filter::default().topic("login"),
        };
        let told = row(topic, |format| List::Topics.file(format), &[]).await;
        assert_eq!((told["examples"].as_str(), told["share"].as_str()), ("cannot get in;' =1+1", "0.25"));
    }

    #[tokio::test]
    async fn a_pair_of_topics_is_a_row_and_a_line() {
        let pair = TaxonomyOverlap {
            one: "login".to_owned(),
            other: "account".to_owned(),
            both: 9,
            of_one: 12,
            of_other: 18,
            share_of_one: 0.75,
            share_of_other: 0.5,
            jaccard: 0.428_571,
            filter: Filter::default(),
        };
        let told = row(pair, |format| List::Overlaps.file(format), &[]).await;
        assert_eq!((told["other"].as_str(), told["share_of_one"].as_str()), ("account", "0.75"));
    }

    #[tokio::test]
    async fn a_candidate_is_a_row_and_a_line() {
        let (record, at) = ("aa".repeat(16), At(Day(20_514).start()));
        let quote =
            TaxonomyQuote { record: record.clone(), day: Date(Day(20_514)), text: "+1: dark mode".into() };
        let candidate = TaxonomyCandidate {
            record,
            records: 7,
            people: 5,
            first_at: at,
            last_at: at,
            words: vec!["dark".to_owned(), "mode".to_owned()],
            quotes: vec![quote],
            suggestion: TaxonomySuggestion {
                id: "dark".to_owned(),
                name: "Dark".to_owned(),
                keywords: vec!["dark".to_owned()],
                toml: "[[topic]]".to_owned(),
            },
        };
        let told = row(candidate, |format| List::Candidates.file(format), &[]).await;
        assert_eq!((told["words"].as_str(), told["quotes"].as_str()), ("dark; mode", "'+1: dark mode"));
    }
}
