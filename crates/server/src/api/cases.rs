//! `/v1/cases`: reports of the same thing, and what is done about them.

mod export;

use crate::auth::{Caller, Editor};
use crate::desk::{
    CaseChanged, CaseRow, CaseState, CaseStep, CaseWhole, CasesFilter, CasesIn, CasesSort, Listed, Page,
    changes,
};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::{Fields, check_named};
use crate::state::App;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use insight::triage::Priority;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_cases))
        .merge(export::routes())
        .routes(routes!(get_case))
        .routes(routes!(acknowledge_case))
        .routes(routes!(resolve_case))
        .routes(routes!(reopen_case))
        .routes(routes!(assign_case))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AskedState {
    Open,
    Acknowledged,
    Resolved,
    Reopened,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
enum AskedPriority {
    P1,
    P2,
    P3,
    P4,
}

impl From<AskedPriority> for Priority {
    fn from(asked: AskedPriority) -> Self {
        match asked {
            AskedPriority::P1 => Self::P1,
            AskedPriority::P2 => Self::P2,
            AskedPriority::P3 => Self::P3,
            AskedPriority::P4 => Self::P4,
        }
    }
}

/// Which cases, and which part of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only those in this state, or all; all but the resolved ones where nothing is said.
    #[param(inline)]
    state: Option<AskedState>,
    /// Only those of this owner.
    owner: Option<String>,
    /// Only those about this topic, by its id; `none` for those without one.
    topic: Option<String>,
    /// Only of this kind: `bug`, `complaint`, `feature_request`, `question`, `cancellation`.
    kind: Option<String>,
    /// Only of this product.
    product: Option<String>,
    /// Only those whose most urgent report has this priority.
    #[param(inline)]
    priority: Option<AskedPriority>,
    /// Those that reach most people first, unless another order is named.
    #[param(inline)]
    sort: Option<CasesSort>,
    /// At most so many: 50 where nothing is said, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// `next` of the part before.
    cursor: Option<String>,
}

impl Asked {
    fn read(self) -> Result<(CasesFilter, Page), Problem> {
        let page = Page::new(self.limit, self.cursor.as_deref());
        let page = page.map_err(|error| Problem::bad_request(error.to_string()))?;
        let state = match self.state {
            None => CasesIn::Unresolved,
            Some(AskedState::All) => CasesIn::All,
            Some(AskedState::Open) => CasesIn::Only(CaseState::Open),
            Some(AskedState::Acknowledged) => CasesIn::Only(CaseState::Acknowledged),
            Some(AskedState::Resolved) => CasesIn::Only(CaseState::Resolved),
            Some(AskedState::Reopened) => CasesIn::Only(CaseState::Reopened),
        };
        let filter = CasesFilter {
            state,
            owner: self.owner,
            topic: self.topic,
            kind: self.kind,
            product: self.product,
            priority: self.priority.map(Into::into),
            sort: self.sort.unwrap_or_default(),
        };
        Ok((filter, page))
    }
}

/// List cases.
///
/// Their state is that of the moment; people, reports and revenue are counted beside, and may be a minute old.
#[utoipa::path(
    get,
    path = "/v1/cases",
    tag = "cases",
    params(Asked),
    responses(
        (status = 200, description = "A part of them", body = Listed<CaseRow>),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn list_cases(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Json<Listed<CaseRow>>, Problem> {
    let (filter, page) = asked.read()?;
    Ok(Json(part(&app, &filter, &page).await?))
}

async fn part(app: &App, filter: &CasesFilter, page: &Page) -> Result<Listed<CaseRow>, Problem> {
    let listed = app.desk.cases(filter, page).await?;
    if listed.total == 0 {
        let CasesFilter { owner, topic, kind, product, .. } = filter;
        let narrowed = [("owner", owner), ("topic", topic), ("kind", kind), ("product", product)];
        check_named(app, &narrowed.map(|(name, value)| (name, value.as_deref()))).await?;
    }
    Ok(listed)
}

/// Show a case: its reports, how far it reaches, its life, and how long each step took.
#[utoipa::path(
    get,
    path = "/v1/cases/{id}",
    tag = "cases",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "All that is known of it", body = CaseWhole),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_case(
    State(app): State<App>,
    _caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<CaseWhole>, Problem> {
    let Path(id) = id?;
    Ok(Json(app.desk.case(&id).await?))
}

/// Say that somebody has taken a case up.
#[utoipa::path(
    post,
    path = "/v1/cases/{id}/acknowledge",
    tag = "cases",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "It is acknowledged now", body = CaseChanged),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn acknowledge_case(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<CaseChanged>, Problem> {
    take(&app, &caller, id, CaseStep::Acknowledge).await
}

/// Say that a case is done, and hear whom to tell.
///
/// Everybody who reported it is noted with it, by their pseudonyms and by what the source knows each report by, and told to
/// the delivery targets of cases.
#[utoipa::path(
    post,
    path = "/v1/cases/{id}/resolve",
    tag = "cases",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "It is resolved now", body = CaseChanged),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn resolve_case(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<CaseChanged>, Problem> {
    take(&app, &caller, id, CaseStep::Resolve).await
}

/// Say that a case is not done after all.
#[utoipa::path(
    post,
    path = "/v1/cases/{id}/reopen",
    tag = "cases",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "It is open again", body = CaseChanged),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn reopen_case(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<CaseChanged>, Problem> {
    take(&app, &caller, id, CaseStep::Reopen).await
}

async fn take(
    app: &App,
    caller: &Caller,
    id: Result<Path<String>, PathRejection>,
    step: CaseStep,
) -> Result<Json<CaseChanged>, Problem> {
    let Path(id) = id?;
    Ok(Json(changes::case(app, caller, &id, step).await?))
}

/// Whose it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOwner {
    /// An owner of the triage rules or of the taxonomy.
    #[schema(example = "identity")]
    owner: String,
}

/// Give a case to another owner, whose escalation and digest it is in from then on.
#[utoipa::path(
    post,
    path = "/v1/cases/{id}/owner",
    tag = "cases",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    request_body = NewOwner,
    responses(
        (status = 200, description = "It is theirs now", body = CaseChanged),
        (status = 400, description = "No such owner, or no JSON", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such case", body = Problem, content_type = CONTENT_TYPE),
        (status = 413, description = "More than a body may have", body = Problem, content_type = CONTENT_TYPE),
        (status = 415, description = "Not application/json", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "JSON of another shape", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn assign_case(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
    given: Result<Json<NewOwner>, JsonRejection>,
) -> Result<Json<CaseChanged>, Problem> {
    let (Path(id), Json(given)) = (id?, given?);
    Ok(Json(changes::assign(&app, &caller, &id, &given.owner).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::fields;

    fn asked(query: &str) -> Result<(CasesFilter, Page), ()> {
        fields::read::<Asked>(query).and_then(Asked::read).map_err(|_| ())
    }

    #[test]
    fn an_address_narrows_the_list() {
        assert_eq!(asked("").unwrap(), (CasesFilter::default(), Page::default()));
        let (filter, page) = asked("state=all&priority=P2&sort=priority&owner=identity&limit=3").unwrap();
        assert_eq!((filter.state, filter.priority), (CasesIn::All, Some(Priority::P2)));
        assert_eq!((filter.sort, filter.owner.as_deref()), (CasesSort::Priority, Some("identity")));
        assert_eq!(page.limit, 3);
        for wrong in [
            "state=lost",
            "priority=p1",
            "sort=x",
            "stat=all",
            "cursor=x",
            "limit=-1",
            "limit=0",
            "limit=501",
        ] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
