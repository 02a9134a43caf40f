//! What somebody asked a vendor's API for, or exported there: handed over as it was answered.

use super::body::{self, Sent, Unpacked};
use super::check::{self, Checked, Read};
use super::connection::follows;
use super::events::shape;
use super::room::Slot;
use super::trouble::Trouble;
use super::{Connection, Gateway, Receipt, Shared};
use crate::query::fields::none_of;
use axum::body::Body;
use axum::http::HeaderMap;
use connect::{Setting, Vendor};
use feedback::kind::SourceKind;
use feedback::time::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

/// What an import says of its items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// The event source: a later import of the same source replaces what has the same id. By default the connection's, or
    /// the vendor's name.
    pub source: Option<String>,
    /// The source kind. By default the connection's, or the vendor's usual one.
    pub kind: Option<String>,
    /// The product that items are about which name none.
    pub product: Option<String>,
}

/// Takes what is sound of an import.
pub(super) async fn take(
    gateway: &Gateway,
    said: Said,
    headers: &HeaderMap,
    body: Body,
    now: Timestamp,
) -> Result<Receipt, Trouble> {
    // One value or one a line: whichever it is the splitting finds out.
    shape(headers)?;
    let deadline = gateway.deadline();
    let sent = body::read(headers, body, &gateway.0.room, gateway.0.limits.body, deadline).await?;
    let bytes = sent.work();
    let work = move |gateway: &Shared| read(gateway, &said, sent, now);
    let (checked, slot) = gateway.beside(bytes, deadline, work).await??;
    let taken = gateway.hand_over(checked.messages, slot, deadline, || ()).await?;
    Ok(checked.answer.of(&taken))
}

/// Whose items an import brings, and what they are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    vendor: Vendor,
    source: String,
    kind: String,
    product: Option<String>,
}

impl Said {
    /// By the name of a connection or of a vendor, unless the query says otherwise.
    pub fn of(gateway: &Shared, name: &str, query: ImportQuery) -> Result<Self, Trouble> {
        let named = match gateway.connections.get(name) {
            Some(connection) => Self::connected(connection),
            None => Self::plain(Vendor::parse(name).ok_or_else(no_vendor)?),
        };
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let said = Self {
            vendor: named.vendor,
            source: given(query.source).unwrap_or(named.source),
            kind: given(query.kind).unwrap_or(named.kind),
            product: given(query.product).or(named.product),
        };
        let registry = gateway.decoder.registry();
        if follows(registry, &said.kind, said.vendor) {
            return Ok(said);
        }
        let kinds = registry.kinds().map(SourceKind::as_str);
        let known: Vec<&str> = kinds.filter(|kind| follows(registry, kind, said.vendor)).collect();
        Err(Trouble::BadQuery(none_of("kind", &said.kind, known.iter().copied())))
    }

    fn connected(connection: &Connection) -> Self {
        let Connection { vendor, source, kind, product, .. } = connection;
        Self { vendor: *vendor, source: source.clone(), kind: kind.clone(), product: product.clone() }
    }

    fn plain(vendor: Vendor) -> Self {
        let (source, kind) = (vendor.as_str().to_owned(), vendor.kind().to_owned());
        Self { vendor, source, kind, product: None }
    }

    fn setting(&self) -> Setting<'_> {
        Setting { source: &self.source, kind: &self.kind, product: self.product.as_deref() }
    }
}

fn no_vendor() -> Trouble {
    let names: Vec<&str> = Vendor::ALL.iter().map(|vendor| vendor.as_str()).collect();
    Trouble::NoVendor(names.join(", "))
}

fn read(gateway: &Shared, said: &Said, sent: Sent, now: Timestamp) -> Result<(Checked, Slot), Trouble> {
    let Unpacked { bytes, mut slot } = sent.unpack(gateway.limits.unpacked)?;
    if bytes.trim_ascii().is_empty() {
        return Err(Trouble::Empty);
    }
    let most = gateway.limits.items;
    let mut checked = Checked::default();
    let elements =
        connect::elements(said.vendor, &bytes, most).map_err(|refusal| Trouble::NotJson(refusal.detail))?;
    for (index, element) in elements.enumerate() {
        if index == most {
            return Err(Trouble::TooMany { most });
        }
        let read = check::translated(&gateway.decoder, said.vendor, element.payload, &said.setting(), now);
        slot.grow(Read::made(&read))?;
        checked.push(read);
    }
    Ok((checked, slot))
}
