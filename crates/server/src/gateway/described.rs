//! What only the description of the API says of the gateway.

use crate::problem::{CONTENT_TYPE, Problem};
use std::collections::BTreeMap;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Content, Header, Object, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// A CloudEvent 1.0 in structured mode. What `data` holds is the contract of its kind; Verbatim's source has a JSON Schema
/// of each.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "specversion": "1.0",
    "id": "e-1",
    "source": "web-nps",
    "type": "feedback.nps.created",
    "time": "2026-03-02T09:30:00Z",
    "data": {"id": "r-1", "score": 9, "text": "Love the new search, but it is slow on my phone"},
}))]
pub struct CloudEvent {
    #[schema(example = "1.0")]
    pub specversion: String,
    /// Of the event. What feedback itself is known by is the id in `data`.
    pub id: String,
    /// Which form, inbox or network it came from.
    pub source: String,
    /// `feedback.<kind>.created`, `.updated` or `.deleted`.
    #[schema(rename = "type")]
    pub kind: String,
    /// When the event was made (RFC 3339).
    pub time: Option<String>,
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// How the gateway's routes refuse a request whole, all of them alike.
pub(super) struct Refused;

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let told = [
            (401, "Nobody known, or of a webhook no good signature of just now"),
            (403, "A token that may not send"),
            (408, "The body took too long to arrive"),
            (413, "Too many bytes or items"),
            (415, "A content type or encoding that is not known"),
            (429, "Over capacity: try again later"),
            (503, "Nothing can be made durable at the moment"),
        ];
        told.map(|(status, description)| (status.to_string(), refused(status, description).into())).into()
    }
}

fn refused(status: u16, description: &str) -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    let response =
        ResponseBuilder::new().description(description).content(CONTENT_TYPE, Content::new(Some(schema)));
    if matches!(status, 429 | 503) {
        let mut seconds = Header::new(Object::with_type(Type::Integer));
        seconds.description = Some("Seconds to wait".to_owned());
        return response.header("retry-after", seconds).build();
    }
    response.build()
}
