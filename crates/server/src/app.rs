//! The router: every route, and what stands before all of them.

mod dress;

use crate::auth::admit;
use crate::metrics::{ServerMetrics, Under};
use crate::problem::Problem;
use crate::serve::{Clock, within};
use crate::state::App;
use crate::{api, assets, gateway, health, pages};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

/// All that the server answers.
pub fn router(app: App) -> Router {
    let (api, document) = api();
    let document = Bytes::from(document.to_json().unwrap_or_default());
    let told = move || {
        let document = document.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], document) }
    };
    let routes = api
        .route("/v1/openapi.json", get(told))
        .merge(pages::routes())
        .merge(assets::routes())
        .merge(health::routes())
        .fallback(|| async { Problem::not_found("there is nothing at this address") });
    dress::dressed(before_all(routes, &app).with_state(app))
}

/// The routes for programs, with what is told of them.
fn api() -> (Router<App>, OpenApi) {
    OpenApiRouter::with_openapi(description()).merge(gateway::routes()).merge(api::routes()).split_for_parts()
}

/// The OpenAPI document of `/v1`.
#[must_use]
pub fn document() -> OpenApi {
    api().1
}

fn description() -> OpenApi {
    let mut info = Info::new("Verbatim", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "What customers say, and what was counted from it. Times are RFC 3339 in UTC, days ISO 8601; lists come in pages \
         (`next` is the cursor of the next one), and all at once as files, with `.csv` or `.jsonl` behind their path. Errors are \
         `application/problem+json` (RFC 9457), whatever a request accepts."
            .to_owned(),
    );
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description =
        Some("A token that `verbatim token create` made; a sender's posts alone.".to_owned());
    let components = ComponentsBuilder::new().security_scheme("token", SecurityScheme::Http(bearer)).build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .security(Some([SecurityRequirement::new("token", [""; 0])]))
        .build()
}

/// From the outside in, behind what dresses the answers: counted and logged, a panic caught, the time kept, somebody known.
fn before_all(routes: Router<App>, app: &App) -> Router<App> {
    let metrics = Arc::clone(&app.metrics);
    let clock = Clock { time: app.settings.request_time, metrics: Arc::clone(&metrics) };
    routes
        .layer(DefaultBodyLimit::max(app.settings.body))
        .layer(from_fn_with_state(app.access.clone(), admit))
        .layer(from_fn_with_state(clock, within))
        .layer(from_fn_with_state(Arc::clone(&metrics), caught))
        .layer(from_fn_with_state(metrics, observed))
}

/// Counts a request, and logs it at debug: by the route that it matched, for an address may hold words.
async fn observed(State(metrics): State<Arc<ServerMetrics>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let _running = Under::way(&metrics.running);
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let (took, status) = (began.elapsed(), response.status().as_u16());
    let route = route.as_ref().map(MatchedPath::as_str);
    metrics.answered(route, status, took);
    tracing::debug!(method, route, status, took_ms = took.as_millis() as u64, "answered");
    response
}

/// A method may be any word of the client's.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// A defect ends one request. Its message may hold what somebody wrote: the log has its place, and the client neither.
async fn caught(State(metrics): State<Arc<ServerMetrics>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            metrics.panics.fetch_add(1, Ordering::Relaxed);
            let route = route.as_ref().map(MatchedPath::as_str);
            tracing::error!(route, "a request broke off by a defect of this program");
            Problem::broken().into_response()
        }
    }
}

#[cfg(test)]
mod tests;
