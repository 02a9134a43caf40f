//! CloudEvents' binary mode: the attributes stand in `ce-` headers, the body is the data alone. What is handed on is the
//! same event in structured mode, so that nobody later has to know of it.

use axum::http::HeaderMap;
use feedback::refusal::{Reason, Refusal};
use serde::Serialize;
use serde_json::value::RawValue;

/// The header that says that a request is in binary mode.
pub(super) const SPECVERSION: &str = "ce-specversion";

/// The attributes that matter, as they were told; whether they are sound the decoder says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attributes {
    specversion: Option<String>,
    id: Option<String>,
    source: Option<String>,
    kind: Option<String>,
    time: Option<String>,
}

#[derive(Serialize)]
struct Structured<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    specversion: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'e str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<&'e str>,
    data: &'e RawValue,
}

impl Attributes {
    /// # Errors
    /// A header that is no text.
    pub fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let text = |name: &str| headers.get(name).map(|value| text(value.as_bytes(), name)).transpose();
        Ok(Self {
            specversion: text(SPECVERSION)?,
            id: text("ce-id")?,
            source: text("ce-source")?,
            kind: text("ce-type")?,
            time: text("ce-time")?,
        })
    }

    /// The event in structured mode.
    ///
    /// # Errors
    /// Data that is not one JSON value: whatever else it is could say more than an event's data.
    pub fn event(&self, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let data = serde_json::from_slice::<&RawValue>(data).map_err(|error| {
            let detail = format!("data: expected JSON at line {}, column {}", error.line(), error.column());
            Refusal::new(Reason::InvalidJson, detail)
        })?;
        let event = Structured {
            specversion: self.specversion.as_deref(),
            id: self.id.as_deref(),
            source: self.source.as_deref(),
            kind: self.kind.as_deref(),
            time: self.time.as_deref(),
            data,
        };
        // Strings and a value that was just read: nothing of it can fail.
        Ok(serde_json::to_vec(&event).unwrap_or_default())
    }
}

/// A header's value, as CloudEvents write text there: perhaps in quotes, other than visible ASCII in percents.
fn text(value: &[u8], name: &str) -> Result<String, Refusal> {
    let expected = || Refusal::new(Reason::InvalidUtf8, format!("{name}: expected UTF-8, in percents"));
    let value = unquoted(std::str::from_utf8(value).map_err(|_| expected())?.trim());
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if let (b'%', [high, low, behind @ ..]) = (first, behind)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            bytes.push(high << 4 | low);
            rest = behind;
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).map_err(|_| expected())
}

fn digit(hex: u8) -> Option<u8> {
    char::from(hex).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// What stands in double quotes (RFC 9110, quoted-string); anything else as it is.
fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let Some(inner) = inner else { return value.to_owned() };
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        text.push(if char == '\\' { chars.next().unwrap_or(char) } else { char });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};
    use feedback::decode::{Decoded, Decoder};
    use feedback::event::Headers;
    use feedback::kind::Registry;
    use feedback::limits::Limits;
    use feedback::time::Timestamp;
    use proptest::prelude::*;

    const TOLD: [(&str, &str); 5] = [
        (SPECVERSION, "1.0"),
        ("ce-id", "e-1"),
        ("ce-source", "caf%C3%A9%20%22nps%22"),
        ("ce-type", "feedback.nps.created"),
        ("ce-time", "2026-03-02T09:30:00Z"),
    ];

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn it_is_the_same_event_in_structured_mode() {
        let event =
            Attributes::of(&headers(&TOLD)).unwrap().event(b" {\"id\": \"r-1\", \"score\": 9} ").unwrap();
        let expected = concat!(
            r#"{"specversion":"1.0","id":"e-1","source":"café \"nps\"","type":"feedback.nps.created","#,
            r#""time":"2026-03-02T09:30:00Z","data":{"id": "r-1", "score": 9}}"#
        );
        assert_eq!(String::from_utf8(event).unwrap(), expected);
    }

    #[test]
    fn data_says_nothing_but_data() {
        let attributes = Attributes::of(&headers(&TOLD)).unwrap();
        for data in [&b"{}, \"source\": \"another\""[..], b"{} {}", b"", b"{", b"\xff"] {
            assert_eq!(attributes.event(data).unwrap_err().reason, Reason::InvalidJson);
        }
    }

    #[test]
    fn what_is_not_told_the_decoder_misses() {
        let event = Attributes::of(&headers(&TOLD[..1])).unwrap().event(b"{}").unwrap();
        assert_eq!(event, br#"{"specversion":"1.0","data":{}}"#);
    }

    #[test]
    fn text_in_headers() {
        for (told, meant) in [
            ("plain", "plain"),
            ("100%", "100%"),
            ("%zz%2", "%zz%2"),
            ("%2541", "%41"),
            ("\"quoted \\\" too\"", "quoted \" too"),
            ("\"", "\""),
            ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ] {
            assert_eq!(text(told.as_bytes(), "ce-id").unwrap(), meant, "{told}");
        }
        for broken in [&b"%ff"[..], b"\xff"] {
            assert_eq!(text(broken, "ce-id").unwrap_err().reason, Reason::InvalidUtf8);
        }
    }

    proptest! {
        /// Whatever is told, what leaves here is one event whose data is the body.
        #[test]
        fn sources_pass_as_they_are(source in "[^\\p{C}]{1,20}") {
            prop_assume!(!source.trim().is_empty());
            let percents: String = source.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let mut headers = headers(&TOLD);
            headers.insert("ce-source", HeaderValue::from_str(&percents).unwrap());
            let event = Attributes::of(&headers).unwrap().event(br#"{"id": "r-1", "score": 9}"#).unwrap();
            let decoder = Decoder::new(Registry::default(), Limits::default());
            let now = Timestamp(1_790_000_000_000_000);
            let Decoded::Item(item) = decoder.decode(&event, Headers::default(), now).unwrap() else {
                return Err(TestCaseError::fail("ignored"));
            };
            prop_assert_eq!(item.source.trim(), source.trim());
        }
    }
}
