//! Events of our own contracts: one, an array, or one a line; structured, or one in binary mode.

use super::binary::{Attributes, SPECVERSION};
use super::body::{Sent, Unpacked};
use super::check::{self, Checked, Read};
use super::room::Slot;
use super::split::{Shape, split};
use super::trouble::Trouble;
use super::{Gateway, Receipt, Shared, body};
use axum::body::Body;
use axum::http::{HeaderMap, header::CONTENT_TYPE};
use feedback::refusal::Reason;
use feedback::time::Timestamp;

/// What the content type and the headers say of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Events, whole.
    Structured(Shape),
    /// The data of an event.
    Binary(Attributes),
}

/// Takes what is sound of a request.
pub(super) async fn take(
    gateway: &Gateway,
    headers: &HeaderMap,
    body: Body,
    now: Timestamp,
) -> Result<Receipt, Trouble> {
    let form = Form::of(headers)?;
    let deadline = gateway.deadline();
    let sent = body::read(headers, body, &gateway.0.room, gateway.0.limits.body, deadline).await?;
    let bytes = sent.work();
    let work = move |gateway: &Shared| read(gateway, sent, &form, now);
    let (checked, slot) = gateway.beside(bytes, deadline, work).await??;
    let taken = gateway.hand_over(checked.messages, slot, deadline, || ()).await?;
    Ok(checked.answer.of(&taken))
}

fn read(gateway: &Shared, sent: Sent, form: &Form, now: Timestamp) -> Result<(Checked, Slot), Trouble> {
    let Unpacked { bytes, mut slot } = sent.unpack(gateway.limits.unpacked)?;
    let mut checked = Checked::default();
    match form {
        Form::Structured(shape) => {
            for event in split(&bytes, *shape, gateway.limits.items)? {
                checked.push(check::read(&gateway.decoder, event, now));
            }
        }
        Form::Binary(attributes) => {
            let event = attributes.event(&bytes);
            let read = event.and_then(|event| check::read(&gateway.decoder, event.into(), now));
            slot.grow(Read::made(&read))?;
            checked.push(read);
        }
    }
    json_at_all(&checked.answer.receipt)?;
    Ok((checked, slot))
}

/// An item alone that is no JSON is a request that is none.
fn json_at_all(receipt: &Receipt) -> Result<(), Trouble> {
    let [alone] = receipt.items.as_slice() else { return Ok(()) };
    let none = [Reason::InvalidJson.as_str(), Reason::InvalidUtf8.as_str()];
    match (alone.outcome.reason, &alone.outcome.detail) {
        (Some(reason), Some(detail)) if none.contains(&reason) => Err(Trouble::NotJson(detail.clone())),
        _ => Ok(()),
    }
}

impl Form {
    /// # Errors
    /// A content type that is none of these, or a header of binary mode that is no text.
    pub fn of(headers: &HeaderMap) -> Result<Self, Trouble> {
        let binary = headers.contains_key(SPECVERSION);
        let shape = match essence(headers).as_deref() {
            Some("application/cloudevents+json") => Shape::One,
            Some("application/cloudevents-batch+json") => Shape::Array,
            Some(other) if binary && !is_json(other) => {
                return Err(Trouble::ContentType(
                    "application/json, for the data of an event in binary mode",
                ));
            }
            _ if binary => {
                let attributes = Attributes::of(headers);
                return attributes.map(Self::Binary).map_err(|refusal| Trouble::BadHeader(refusal.detail));
            }
            _ => shape(headers)?,
        };
        Ok(Self::Structured(shape))
    }
}

/// What the content type says of a body that is JSON, or one JSON value a line; nothing said is left to its looks.
pub(super) fn shape(headers: &HeaderMap) -> Result<Shape, Trouble> {
    match essence(headers).as_deref() {
        Some(
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines",
        ) => Ok(Shape::Lines),
        None => Ok(Shape::Any),
        Some(other) if is_json(other) => Ok(Shape::Any),
        Some(_) => {
            Err(Trouble::ContentType("application/json, or application/x-ndjson for one JSON value a line"))
        }
    }
}

/// `application/json`, `text/json` or anything `+json`.
fn is_json(essence: &str) -> bool {
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// The content type without its parameters. UTF-8 is all that JSON is written in; whether it is the decoder sees.
fn essence(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?;
    let essence = String::from_utf8_lossy(value.as_bytes());
    Some(essence.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn form(content_type: Option<&'static str>, binary: bool) -> Result<Option<Shape>, &'static str> {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if binary {
            headers.insert(SPECVERSION, HeaderValue::from_static("1.0"));
        }
        match Form::of(&headers).map_err(|trouble| trouble.code())? {
            Form::Structured(shape) => Ok(Some(shape)),
            Form::Binary(_) => Ok(None),
        }
    }

    #[test]
    fn content_types() {
        for (content_type, shape) in [
            (None, Shape::Any),
            (Some("application/json"), Shape::Any),
            (Some("Application/JSON; charset=utf-8"), Shape::Any),
            (Some("application/cloudevents+json; charset=UTF-8"), Shape::One),
            (Some("application/cloudevents-batch+json"), Shape::Array),
            (Some("application/x-ndjson"), Shape::Lines),
            (Some("application/jsonl"), Shape::Lines),
        ] {
            assert_eq!(form(content_type, false), Ok(Some(shape)), "{content_type:?}");
        }
        for other in
            ["application/x-www-form-urlencoded", "text/plain", "application/xml", "", "multipart/form-data"]
        {
            assert_eq!(form(Some(other), false), Err("content_type"), "{other}");
        }
    }

    #[test]
    fn binary_mode_has_json_for_data() {
        assert_eq!(form(None, true), Ok(None));
        assert_eq!(form(Some("application/json"), true), Ok(None));
        assert_eq!(form(Some("application/vnd.acme+json"), true), Ok(None));
        assert_eq!(
            form(Some("application/cloudevents+json"), true),
            Ok(Some(Shape::One)),
            "it says what it is"
        );
        assert_eq!(form(Some("application/xml"), true), Err("content_type"));
        assert_eq!(form(Some("application/x-ndjson"), true), Err("content_type"));
    }
}
