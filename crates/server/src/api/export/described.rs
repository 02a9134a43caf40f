//! How lists answer as files, for the description of the API: all of them alike.

use crate::problem::{CONTENT_TYPE, Problem};
use std::collections::BTreeMap;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Content, Object, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema as _};

pub struct Csv;
pub struct Jsonl;

impl IntoResponses for Csv {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses("text/csv", "A line each, below the names")
    }
}

impl IntoResponses for Jsonl {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses("application/x-ndjson", "An object a line, as the list has it")
    }
}

fn responses(kind: &str, description: &str) -> BTreeMap<String, RefOr<Response>> {
    let text = Content::new(Some(Object::with_type(Type::String)));
    let whole = ResponseBuilder::new().description(description).content(kind, text);
    let refused = [
        (400, "It cannot be asked so"),
        (401, "Nobody is known by this"),
        (403, "The token is of another role"),
        (503, "The tables cannot be used now"),
    ];
    let mut responses: BTreeMap<String, RefOr<Response>> =
        refused.map(|(status, description)| (status.to_string(), problem(description))).into();
    responses.insert(200.to_string(), whole.build().into());
    responses
}

fn problem(description: &str) -> RefOr<Response> {
    let schema = Ref::from_schema_name(Problem::name());
    let content = Content::new(Some(schema));
    ResponseBuilder::new().description(description).content(CONTENT_TYPE, content).build().into()
}
