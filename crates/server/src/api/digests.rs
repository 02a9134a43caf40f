//! `/v1/digests`: the weekly digests as they were sent.

mod export;

use crate::auth::Caller;
use crate::desk::{DigestRow, KeptDigest, Listed, Page, week};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::{Fields, check_named};
use crate::state::App;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_digests)).merge(export::routes()).routes(routes!(get_digest))
}

/// Which digests, and which part of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only those of this owner; empty for everybody's.
    owner: Option<String>,
    /// At most so many: 50 where nothing is said, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// `next` of the part before.
    cursor: Option<String>,
}

impl Asked {
    fn read(self) -> Result<(Option<String>, Page), Problem> {
        let page = Page::new(self.limit, self.cursor.as_deref());
        let page = page.map_err(|error| Problem::bad_request(error.to_string()))?;
        Ok((self.owner, page))
    }
}

/// List the digests that were archived, the last week first; of each week and owner the last one.
#[utoipa::path(
    get,
    path = "/v1/digests",
    tag = "digests",
    params(Asked),
    responses(
        (status = 200, description = "A part of them", body = Listed<DigestRow>),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn list_digests(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Json<Listed<DigestRow>>, Problem> {
    let (owner, page) = asked.read()?;
    Ok(Json(part(&app, owner.as_deref(), &page).await?))
}

async fn part(app: &App, owner: Option<&str>, page: &Page) -> Result<Listed<DigestRow>, Problem> {
    let listed = app.desk.digests(owner, page).await?;
    if listed.total == 0 {
        check_named(app, &[("owner", owner)]).await?;
    }
    Ok(listed)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// Everything that it says, each figure with the filter that lists its records.
    #[default]
    Json,
    /// A page for a browser, as it was sent.
    Html,
    Markdown,
}

/// Whose digest, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// That of this owner; everybody's where none is named.
    owner: Option<String>,
    /// JSON where nothing is said.
    #[param(inline)]
    format: Option<Format>,
}

/// A digest as it was sent, without the words of whoever was erased since.
#[utoipa::path(
    get,
    path = "/v1/digests/{week}",
    tag = "digests",
    params(("week" = String, Path, description = "An ISO week, as 2026-W12"), Wanted),
    responses(
        (status = 200, description = "The digest", content(
            (serde_json::Value = "application/json"),
            (String = "text/html"),
            (String = "text/markdown"),
        )),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 404,
            description = "No such week, none of it is archived, or not in this form",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_digest(
    State(app): State<App>,
    _caller: Caller,
    name: Result<Path<String>, PathRejection>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Problem> {
    let Path(name) = name?;
    let kept = app.desk.digest(week(&name)?, wanted.owner.as_deref()).await?;
    written(kept, wanted.format.unwrap_or_default())
}

fn written(kept: KeptDigest, format: Format) -> Result<Response, Problem> {
    let KeptDigest { row, html, markdown, json, .. } = kept;
    let none = || Problem::not_found("of this digest nothing is kept in this form: ask for another one");
    // A page of its own, with its own styles: a file, and nothing that is shown under our address.
    let file = |text: Option<String>, kind: &'static str, end: &str| {
        let name = format!("attachment; filename=\"digest-{}.{end}\"", row.week);
        let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
        text.map(|text| (headers, text).into_response()).ok_or_else(none)
    };
    match format {
        Format::Json => json.map(|json| Json(json).into_response()).ok_or_else(none),
        Format::Html => file(html, "text/html; charset=utf-8", "html"),
        Format::Markdown => file(markdown, "text/markdown; charset=utf-8", "md"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::At;
    use axum::http::StatusCode;
    use feedback::time::Timestamp;

    fn kept() -> KeptDigest {
        let row = DigestRow {
            week: "2026-W12".to_owned(),
            owner: String::new(),
            made_at: At(Timestamp(0)),
            points: None,
            summary: String::new(),
        };
        let html = Some("<h1>The week</h1>".to_owned());
        KeptDigest {
            row,
            page: None,
            html,
            markdown: None,
            json: Some(serde_json::json!({ "week": "2026-W12" })),
        }
    }

    #[test]
    fn a_page_is_a_file_and_nothing_that_is_shown_here() {
        let html = written(kept(), Format::Html).unwrap();
        let of = |name: header::HeaderName| html.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(of(header::CONTENT_DISPOSITION), "attachment; filename=\"digest-2026-W12.html\"");
        assert_eq!(of(header::CONTENT_TYPE), "text/html; charset=utf-8");
        let json = written(kept(), Format::Json).unwrap();
        assert_eq!(json.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(written(kept(), Format::Markdown).unwrap_err().status, StatusCode::NOT_FOUND);
    }
}
