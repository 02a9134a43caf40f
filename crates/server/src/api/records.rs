//! `/v1/records`: the current records, listed, searched by words and by meaning, exported, and one by itself.

mod item;
#[cfg(test)]
mod tests;
mod whole;

use super::export::{Export, Format};
use crate::auth::Caller;
use crate::desk::At;
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::{Asked, Ready};
use crate::state::App;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
pub use item::{Corrected, Record, Score, Span};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub use whole::{Judged, RecordWhole, Redacted, Topic, Triaged, Versions};

/// Of a list by meaning so many go into a file.
const MOST_NEAREST: usize = 10_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_records))
        .routes(routes!(export_csv))
        .routes(routes!(export_jsonl))
        .routes(routes!(get_record))
}

/// Which records: those that fit every field that is given. The fields are those of `verbatim report --records`; a value
/// that no record has is refused with those that there are. An empty value asks for nothing, `(none)` for the records that
/// tell none.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordsQuery {
    /// Words that all have to occur, where a word begins; `"several words"` as they stand; `-word` must not occur.
    pub q: Option<String>,
    /// A text: what is nearest to it in meaning comes first, and what is too far is left out. It is redacted before anything
    /// else.
    pub meaning: Option<String>,
    /// The id of a record, or how it begins: what is like it in meaning comes first, likewise. One without words that are known
    /// is refused with the reason `nothing_to_compare`.
    pub like: Option<String>,
    /// `newest` or `oldest`, where nothing is asked by meaning.
    #[param(example = "newest")]
    pub order: Option<String>,
    /// `next` of the part before.
    pub cursor: Option<String>,
    /// At most so many: 50 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
    #[param(format = Date)]
    pub from: Option<String>,
    #[param(format = Date)]
    pub to: Option<String>,
    /// The first moment, and the one that it has to be before.
    #[param(format = DateTime)]
    pub since: Option<String>,
    #[param(format = DateTime)]
    pub before: Option<String>,
    /// Days to leave out, both ends included.
    #[param(format = Date)]
    pub except_from: Option<String>,
    #[param(format = Date)]
    pub except_to: Option<String>,
    /// More of them, as `2026-02-01/2026-02-03`, with commas between.
    pub also_except: Option<String>,
    /// `monday` … `sunday`.
    pub weekday: Option<String>,
    pub product: Option<String>,
    /// A kind of source: `survey`, `ticket`, `nps`, `social` …
    pub source: Option<String>,
    /// What sent the events, any of these.
    pub event_source: Option<Vec<String>>,
    /// A topic's id, or `none`.
    pub topic: Option<String>,
    /// Ids of topics, any of these.
    pub any_topic: Option<Vec<String>>,
    /// `negative`, `neutral`, `positive` or `unknown`: of the topic where one is named, else of the record.
    pub sentiment: Option<String>,
    /// Only those whose sentiment is known.
    pub judged: Option<bool>,
    /// `with` words of the customer, or `without`.
    pub words: Option<String>,
    /// Whole words, any of these, in the title or the text.
    pub phrase: Option<Vec<String>>,
    /// `bug`, `feature_request`, `complaint`, `praise`, `question`, `cancellation`, `other` or `unknown`.
    pub kind: Option<String>,
    /// By ISO 639-1.
    pub language: Option<String>,
    pub platform: Option<String>,
    pub app_version: Option<String>,
    pub territory: Option<String>,
    pub account: Option<String>,
    pub segment: Option<String>,
    /// Which answer of a response it is.
    pub part: Option<String>,
    pub question: Option<String>,
    /// How its id begins.
    pub record: Option<String>,
    /// `nps`, `csat`, `ces` or `stars`.
    pub score: Option<String>,
    /// The ends of the score's scale, as `0-10`.
    pub scale: Option<String>,
    pub value: Option<f64>,
    /// `promoters`, `passives`, `detractors` or `top2`.
    pub band: Option<String>,
    /// `last`: of a person who answered several times the last answer only.
    pub answers: Option<String>,
    /// By the triage.
    pub owner: Option<String>,
    /// `P1` to `P4`.
    pub priority: Option<String>,
    pub queue: Option<String>,
    /// Only what waits for a person.
    pub unsure: Option<bool>,
    /// The reports of a case, by how its id begins.
    pub case: Option<String>,
    /// But for the reports of cases that are resolved.
    pub unresolved: Option<bool>,
}

/// A part of a list of records.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Records {
    pub items: Vec<Record>,
    /// Where the next part begins: give it as `cursor`; null behind the last one.
    #[schema(required = true)]
    pub next: Option<String>,
    /// Of all parts together; of a list by meaning, those that can be compared, near enough or not.
    pub total: u64,
    #[serde(flatten)]
    pub view: View,
}

/// What the records are as of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct View {
    /// When the tables were read last; null while they are read for the first time, and records may be missing.
    #[schema(required = true)]
    pub as_of: Option<At>,
    /// Older records are left out: there are more than are held. Null where none is.
    #[schema(required = true)]
    pub held_since: Option<At>,
}

impl View {
    pub(super) fn of(app: &App) -> Self {
        let status = app.live.status();
        Self { as_of: status.as_of.map(At), held_since: status.since.map(At) }
    }
}

/// List records, the newest first, or the nearest in meaning.
#[utoipa::path(
    get,
    path = "/v1/records",
    tag = "records",
    params(RecordsQuery),
    responses(
        (status = 200, description = "A part of them", body = Records),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such record or case", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "It has no words to compare", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn list_records(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Records>, Problem> {
    let asked = Asked::parse(query.as_deref().unwrap_or_default())?;
    let ready = Ready::of(&app, asked).await?;
    let view = View::of(&app);
    let listed = move || {
        let hits = ready.page()?.hits;
        Ok::<_, Problem>(Records {
            items: hits.hits.iter().map(Record::of).collect(),
            next: hits.next.map(|next| next.to_string()),
            total: hits.total.unwrap_or_default(),
            view,
        })
    };
    Ok(Json(tokio::task::spawn_blocking(listed).await??))
}

/// All records of a list as CSV.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here. Of a list by meaning the nearest 10,000. A text
/// that a spreadsheet would take for a formula has an apostrophe before it.
#[utoipa::path(
    get,
    path = "/v1/records.csv",
    tag = "records",
    params(RecordsQuery),
    responses(
        (status = 200, description = "A line each, below the names", body = String, content_type = "text/csv"),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such record or case", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "It has no words to compare", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn export_csv(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    export(&app, query.as_deref(), Format::Csv).await
}

/// All records of a list as JSON lines.
///
/// The same fields as of the list; `limit` and `cursor` are of no use here. Of a list by meaning the nearest 10,000.
#[utoipa::path(
    get,
    path = "/v1/records.jsonl",
    tag = "records",
    params(RecordsQuery),
    responses(
        (status = 200, description = "A record a line", body = String, content_type = "application/x-ndjson"),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such record or case", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "It has no words to compare", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn export_jsonl(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    export(&app, query.as_deref(), Format::Jsonl).await
}

async fn export(app: &App, query: Option<&str>, format: Format) -> Result<Response, Problem> {
    let asked = Asked::parse(query.unwrap_or_default())?;
    let ready = Ready::of(app, asked).await?;
    let export = Export { format, name: "records", columns: item::COLUMNS };
    Ok(export.answer(move |sink| ready.walk(MOST_NEAREST, &mut |hit| sink.row(&Record::of(hit)))))
}

/// One record, with all that is known of it.
///
/// What the model said and what people said of it, its decision, and by which versions. It is named by its id, or by how
/// that begins.
#[utoipa::path(
    get,
    path = "/v1/records/{id}",
    tag = "records",
    params(("id" = String, Path, description = "The record's id, or how it begins")),
    responses(
        (status = 200, description = "The record", body = RecordWhole),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such record", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_record(
    State(app): State<App>,
    _caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<RecordWhole>, Problem> {
    let Path(id) = id?;
    Ok(Json(whole::read(&app, &id).await?))
}
