//! The envelope: CloudEvents 1.0, structured (all in the payload) or binary (attributes in Kafka's headers).
//!
//! Of the attributes `id`, `source`, `specversion`, `type` and `time` matter; extension attributes belong to
//! the transport and are dropped. The envelope's `id` must be there, but identity is the payload's: the same
//! content sent in two events is one record. A reader of files may also hand over a note on a row that is no message; its
//! header says why it is refused.

use crate::{
    decode::fields::fields,
    decode::{Path, Scope, read},
    json::{Fault, Reader},
    kind::{Contract, Registry, SourceKind},
    refusal::{REFUSED_ROW, Reason, Refusal},
    time::Timestamp,
};
use std::borrow::Cow;

/// The CloudEvents attributes among a message's headers; what else stands there is passed over.
///
/// Collect it from `(name, value)` pairs. Empty means structured mode.
#[derive(Debug, Clone, Copy, Default)]
pub struct Headers<'a> {
    specversion: Option<&'a [u8]>,
    id: Option<&'a [u8]>,
    source: Option<&'a [u8]>,
    kind: Option<&'a [u8]>,
    time: Option<&'a [u8]>,
    content_type: Option<&'a [u8]>,
    refused_row: Option<&'a [u8]>,
    vendor: VendorHeaders<'a>,
}

/// The headers by which a message says that it is a vendor's payload as it came, and what it would be as an event of ours.
/// No attribute of a CloudEvent can have such a name.
pub const VENDOR_FORMAT: &str = "ce_vendor_format";
pub const VENDOR_SOURCE: &str = "ce_vendor_source";
pub const VENDOR_KIND: &str = "ce_vendor_kind";
pub const VENDOR_PRODUCT: &str = "ce_vendor_product";

/// What those headers say, not yet believed.
#[derive(Debug, Clone, Copy, Default)]
pub struct VendorHeaders<'a> {
    pub format: Option<&'a [u8]>,
    pub source: Option<&'a [u8]>,
    pub kind: Option<&'a [u8]>,
    pub product: Option<&'a [u8]>,
}

impl<'a> FromIterator<(&'a str, &'a [u8])> for Headers<'a> {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a [u8])>>(pairs: T) -> Self {
        let mut headers = Self::default();
        for (name, value) in pairs {
            let slot = match name {
                "ce_specversion" => &mut headers.specversion,
                "ce_id" => &mut headers.id,
                "ce_source" => &mut headers.source,
                "ce_type" => &mut headers.kind,
                "ce_time" => &mut headers.time,
                "content-type" => &mut headers.content_type,
                REFUSED_ROW => &mut headers.refused_row,
                VENDOR_FORMAT => &mut headers.vendor.format,
                VENDOR_SOURCE => &mut headers.vendor.source,
                VENDOR_KIND => &mut headers.vendor.kind,
                VENDOR_PRODUCT => &mut headers.vendor.product,
                _ => continue,
            };
            *slot = Some(value);
        }
        headers
    }
}

impl<'a> Headers<'a> {
    /// The event's source in binary mode, if it is readable at all.
    #[must_use]
    pub fn source(&self) -> Option<&'a str> {
        self.source.and_then(|source| std::str::from_utf8(source).ok())
    }

    /// Whose payload it is, where it is a vendor's as it came; then no other header counts.
    #[must_use]
    pub fn vendor(&self) -> Option<VendorHeaders<'a>> {
        self.vendor.format.map(|_| self.vendor)
    }

    /// Binary mode: the payload is the data alone.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.specversion.is_some()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Created and updated alike: the payload is the whole item.
    Upsert,
    Delete,
}

#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub source: Cow<'a, str>,
    pub kind: SourceKind,
    pub contract: Contract,
    pub action: Action,
    pub time: Option<Timestamp>,
    /// One JSON value, checked for syntax and depth.
    pub data: &'a str,
}

/// The attributes, read but not yet believed.
struct Attributes<'a> {
    specversion: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    source: Option<Cow<'a, str>>,
    kind: Option<Cow<'a, str>>,
    time: Option<Timestamp>,
    content_type: Option<Cow<'a, str>>,
    data: Option<&'a str>,
}

fields! {
    /// What a structured event may hold besides extension attributes.
    pub(crate) Attribute {
        Specversion = "specversion",
        Id = "id",
        Source = "source",
        Type = "type",
        Time = "time",
        Datacontenttype = "datacontenttype",
        Data = "data",
        DataBase64 = "data_base64",
    }
}

pub(crate) fn open<'a>(
    text: &'a str,
    headers: Headers<'a>,
    registry: &Registry,
    scope: &Scope<'_>,
) -> Result<Envelope<'a>, Refusal> {
    if let Some(refusal) = headers.refused_row.and_then(Refusal::of_row) {
        return Err(refusal);
    }
    let attributes =
        if headers.is_binary() { binary(text, headers, scope)? } else { structured(text, scope)? };
    attributes.check(registry)
}

fn structured<'a>(text: &'a str, scope: &Scope<'_>) -> Result<Attributes<'a>, Refusal> {
    let mut reader = Reader::new(text, 0, scope.limits.depth);
    // All of the syntax before any of the meaning: a broken message is called broken whatever else it is.
    let mut raw = [None; Attribute::ALL.len()];
    if reader.peek() == b'{' {
        reader.object(|reader, key| {
            let value = reader.skip()?;
            if let Some(attribute) = Attribute::parse(&key) {
                raw[attribute as usize] = Some(value);
            }
            Ok::<_, Fault>(())
        })?;
        reader.finish()?;
    } else {
        reader.skip()?;
        reader.finish()?;
        return Err(Path::Root.refuse(Reason::BadType, "a CloudEvents object"));
    }
    if raw[Attribute::DataBase64 as usize].is_some() {
        let path = Path::Root;
        return Err(path.key("data_base64").refuse(Reason::UnsupportedContent, "`data` as JSON"));
    }
    let string = |attribute: Attribute| match raw[attribute as usize] {
        Some(value) => read::id(&mut Reader::new(value, 0, 1), &Path::Root.key(attribute.name()), scope),
        None => Ok(None),
    };
    Ok(Attributes {
        specversion: string(Attribute::Specversion)?,
        id: string(Attribute::Id)?,
        source: string(Attribute::Source)?,
        kind: string(Attribute::Type)?,
        time: match raw[Attribute::Time as usize] {
            Some(value) => read::time(&mut Reader::new(value, 0, 1), &Path::Root.key("time"), scope)?,
            None => None,
        },
        content_type: string(Attribute::Datacontenttype)?,
        data: raw[Attribute::Data as usize].filter(|data| *data != "null"),
    })
}

fn binary<'a>(text: &'a str, headers: Headers<'a>, scope: &Scope<'_>) -> Result<Attributes<'a>, Refusal> {
    // The data stands as deep as it would in a structured event.
    let mut reader = Reader::new(text, 1, scope.limits.depth);
    let data = reader.skip()?;
    reader.finish()?;
    let time = header(headers.time, "ce_time", scope)?;
    let path = Path::Root;
    Ok(Attributes {
        specversion: header(headers.specversion, "ce_specversion", scope)?,
        id: header(headers.id, "ce_id", scope)?,
        source: header(headers.source, "ce_source", scope)?,
        kind: header(headers.kind, "ce_type", scope)?,
        time: match time {
            Some(time) => read::time_text(&time, &path.key("ce_time"), scope).map(Some)?,
            None => None,
        },
        content_type: header(headers.content_type, "content-type", scope)?,
        data: Some(data),
    })
}

fn header<'a>(
    value: Option<&'a [u8]>,
    name: &'static str,
    scope: &Scope<'_>,
) -> Result<Option<Cow<'a, str>>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let path = Path::Root;
    let path = path.key(name);
    let text = std::str::from_utf8(value).map_err(|_| path.refuse(Reason::InvalidUtf8, "UTF-8"))?;
    read::within(text, scope.limits.id, &path)?;
    Ok((!text.trim().is_empty()).then_some(Cow::Borrowed(text)))
}

impl<'a> Attributes<'a> {
    fn check(self, registry: &Registry) -> Result<Envelope<'a>, Refusal> {
        let missing = |name: &'static str| Path::Root.key(name).refuse(Reason::MissingField, "a value");
        if self.specversion.as_deref().ok_or_else(|| missing("specversion"))? != "1.0" {
            return Err(Path::Root.key("specversion").refuse(Reason::UnsupportedVersion, "\"1.0\""));
        }
        self.id.ok_or_else(|| missing("id"))?;
        let source = self.source.ok_or_else(|| missing("source"))?;
        let (kind, contract, action) = kind(&self.kind.ok_or_else(|| missing("type"))?, registry)?;
        if self.content_type.is_some_and(|content| !is_json(&content)) {
            let path = Path::Root;
            return Err(path.key("datacontenttype").refuse(Reason::UnsupportedContent, "application/json"));
        }
        let data = self.data.ok_or_else(|| missing("data"))?;
        Ok(Envelope { source, kind, contract, action, time: self.time, data })
    }
}

fn kind(text: &str, registry: &Registry) -> Result<(SourceKind, Contract, Action), Refusal> {
    let unknown = |reason, expected| Path::Root.key("type").refuse(reason, expected);
    let (name, action) = text
        .strip_prefix("feedback.")
        .and_then(|rest| rest.split_once('.'))
        .ok_or_else(|| unknown(Reason::UnknownType, "feedback.<kind>.created, .updated or .deleted"))?;
    let action = match action {
        "created" | "updated" => Action::Upsert,
        "deleted" => Action::Delete,
        _ => return Err(unknown(Reason::UnknownType, "created, updated or deleted after the kind")),
    };
    let (kind, contract) = registry
        .get(name)
        .ok_or_else(|| unknown(Reason::UnknownKind, "a source kind of this deployment's configuration"))?;
    Ok((kind.clone(), contract, action))
}

/// `application/json`, `text/json` or anything `+json`, whatever parameters follow.
fn is_json(content: &str) -> bool {
    let essence = content.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
}
