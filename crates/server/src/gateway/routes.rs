//! The gateway's routes: who may post, and where.

use super::described::{CloudEvent, Refused};
use super::{HookOutcome, ImportQuery, NothingTaken, Receipt};
use crate::auth::Sender;
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::Fields;
use crate::state::{App, now};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of the gateway.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(post_events))
        .routes(routes!(post_hook, get_hook))
        .routes(routes!(post_import))
}

/// That an address is a webhook's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HookReady {
    #[schema(example = "ready")]
    status: &'static str,
}

/// Take feedback in.
///
/// One CloudEvent (also in binary mode, its attributes in `ce-` headers), a JSON array, or one a line. Each item is
/// checked before any is taken, and those that are called accepted are durable. An answer other than 200 and 202 means
/// that nothing may be counted on; sending all of it again does no harm.
#[utoipa::path(
    post,
    path = "/v1/events",
    tag = "gateway",
    request_body(
        description = "Events, gzip or not",
        content(
            (CloudEvent = "application/json"),
            (CloudEvent = "application/cloudevents+json"),
            (Vec<CloudEvent> = "application/cloudevents-batch+json"),
            (String = "application/x-ndjson")
        )
    ),
    responses(
        (status = 200, description = "Nothing was refused, and there was nothing to take", body = Receipt),
        (status = 202, description = "What is called accepted is durable", body = Receipt),
        (status = 400, description = "No JSON at all, or nothing", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 422,
            description = "Something was refused, and nothing accepted",
            body = NothingTaken,
            content_type = CONTENT_TYPE
        ),
        Refused,
    )
)]
async fn post_events(
    State(app): State<App>,
    Sender(_): Sender,
    headers: HeaderMap,
    body: Body,
) -> Result<Receipt, Problem> {
    Ok(app.gateway.events(&headers, body, now()).await?)
}

/// Take a vendor's webhook in.
///
/// The request has to be signed as the vendor signs, or, where its connection has no secret, to carry a token that may
/// send. What cannot be read is kept as a dead letter, so that nothing is lost; what was taken before is not taken again.
/// Where a vendor puts several events into one delivery, each is answered by itself.
#[utoipa::path(
    post,
    path = "/v1/hooks/{connection}",
    tag = "gateway",
    security((), ("token" = [])),
    params(("connection" = String, Path, description = "A connection's name: a table of [vendors]")),
    request_body(
        description = "The vendor's payload, as the vendor sends it",
        content = serde_json::Value,
        content_type = "application/json"
    ),
    responses(
        (
            status = 200,
            description = "There was nothing to take: a duplicate, or ignored for the reason that is given",
            body = HookOutcome
        ),
        (status = 202, description = "It is durable, as feedback or as a dead letter", body = HookOutcome),
        (status = 400, description = "Not the encoding that it says", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such connection", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 422,
            description = "Something is larger than what stands behind this server takes, and nothing was taken",
            body = HookOutcome
        ),
        Refused,
    )
)]
async fn post_hook(
    State(app): State<App>,
    name: Result<Path<String>, PathRejection>,
    sender: Result<Sender, Problem>,
    headers: HeaderMap,
    body: Body,
) -> Result<HookOutcome, Problem> {
    let Path(name) = name?;
    let connection = app.gateway.connection(&name)?;
    if connection.secret.is_none() {
        // Who may send stands in for the signature.
        sender?;
    }
    Ok(app.gateway.hook(connection, headers, body, now()).await?)
}

/// Tell whether there is such a webhook.
///
/// Some vendors ask with GET or HEAD before they take an address.
#[utoipa::path(
    get,
    path = "/v1/hooks/{connection}",
    tag = "gateway",
    security(()),
    params(("connection" = String, Path, description = "A connection's name: a table of [vendors]")),
    responses(
        (status = 200, description = "There is", body = HookReady),
        (status = 404, description = "No such connection", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_hook(
    State(app): State<App>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<HookReady>, Problem> {
    let Path(name) = name?;
    app.gateway.connection(&name)?;
    Ok(Json(HookReady { status: "ready" }))
}

/// Take in what a vendor's API answered.
///
/// Items, an array of them, one a line, or the objects in which the vendor lists them.
#[utoipa::path(
    post,
    path = "/v1/import/{vendor}",
    tag = "gateway",
    params(
        ("vendor" = String, Path, description = "A vendor's name, or a connection's", example = "app-store"),
        ImportQuery
    ),
    request_body(
        description = "The vendor's items, gzip or not",
        content((serde_json::Value = "application/json"), (String = "application/x-ndjson"))
    ),
    responses(
        (status = 200, description = "Nothing was refused, and there was nothing to take", body = Receipt),
        (status = 202, description = "What is called accepted is durable", body = Receipt),
        (
            status = 400,
            description = "No JSON at all, nothing, or a query that is not known",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
        (status = 404, description = "No such vendor", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 422,
            description = "Something was refused, and nothing accepted",
            body = NothingTaken,
            content_type = CONTENT_TYPE
        ),
        Refused,
    )
)]
async fn post_import(
    State(app): State<App>,
    Sender(_): Sender,
    name: Result<Path<String>, PathRejection>,
    Fields(query): Fields<ImportQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Receipt, Problem> {
    let Path(name) = name?;
    Ok(app.gateway.import(&name, query, &headers, body, now()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn the_description_is_whole() {
        let document = serde_json::to_value(routes().into_openapi()).unwrap();
        let mut named = Vec::new();
        references(&document, &mut named);
        for name in &named {
            let place = name.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{name}");
        }
        let paths = document["paths"].as_object().unwrap();
        let addresses: Vec<&str> = paths.keys().map(String::as_str).collect();
        assert_eq!(addresses.len(), 3, "{addresses:?}");
        for (address, path) in paths {
            let statuses = path["post"]["responses"].as_object().unwrap();
            for status in ["202", "401", "403", "408", "413", "415", "429", "503"] {
                assert!(statuses.contains_key(status), "{address} {status}");
            }
        }
    }
}
