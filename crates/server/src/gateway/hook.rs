//! A vendor's webhook: its signature, its id, and what it says. Of several events in one delivery each is taken by itself.

use super::answer::{HookOutcome, ItemOutcome, ItemStatus};
use super::body::{self, Sent, Unpacked};
use super::check::{self, Checked, Read};
use super::room::Slot;
use super::trouble::Trouble;
use super::{Connection, Gateway, Shared};
use crate::intake::Incoming;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use connect::Vendor;
use connect::signed::{self, Secret, Signed, Unsigned};
use feedback::ids::Id;
use feedback::refusal::IgnoreReason;
use feedback::time::Timestamp;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::time::timeout_at;

/// What Zendesk signs with where a webhook is tried before it is saved, as its documentation says.
const ZENDESK_TEST: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

/// What a webhook turned out to be.
struct Looked {
    id: Id,
    checked: Checked,
    slot: Slot,
}

/// Takes what a webhook brings, if its signature is good, or its connection has none and its sender is known.
pub(super) async fn take(
    gateway: &Gateway,
    connection: Arc<Connection>,
    headers: HeaderMap,
    body: Body,
    now: Timestamp,
) -> Result<HookOutcome, Trouble> {
    let deadline = gateway.deadline();
    // No message is longer, and whoever sends is not known yet.
    let most = gateway.0.limits.body.min(gateway.0.decoder.limits().message_bytes);
    let sent = body::read_as_it_comes(&headers, body, &gateway.0.room, most, deadline).await?;
    let bytes = sent.work();
    let work = move |gateway: &Shared| look(gateway, &connection, &headers, sent, now);
    let Looked { id, checked: Checked { messages, answer, .. }, slot } =
        gateway.beside(bytes, deadline, work).await??;
    if messages.is_empty() {
        return Ok(answer.receipt.into());
    }
    // Another of the same id may be on its way.
    let claim = timeout_at(deadline, gateway.0.replays.claim(id, now)).await;
    let Some(claim) = claim.map_err(|_| Trouble::NotInTime)? else {
        return Ok(HookOutcome::One(ItemOutcome::of(ItemStatus::Duplicate)));
    };
    let taken = gateway.hand_over(messages, slot, deadline, move || claim.taken(now)).await?;
    Ok(answer.of(&taken).into())
}

fn look(
    gateway: &Shared,
    connection: &Connection,
    headers: &HeaderMap,
    sent: Sent,
    now: Timestamp,
) -> Result<Looked, Trouble> {
    let verified = verified(connection, headers, sent.bytes(), now)?;
    let id = id(connection, &verified, sent.bytes());
    let known = gateway.replays.knows(id, now);
    let Unpacked { bytes, mut slot } = sent.unpack(gateway.decoder.limits().message_bytes)?;
    // Help Scout names the event in a header only.
    let ignored = connect::ignored_by_name(connection.vendor, |name: &str| headers.get(name));
    let checked = match (verified, ignored) {
        (Verified::Test, _) => Checked::settled(ItemOutcome::ignored(IgnoreReason::TestEvent)),
        _ if known => Checked::settled(ItemOutcome::of(ItemStatus::Duplicate)),
        (_, Some(reason)) => Checked::settled(ItemOutcome::ignored(reason)),
        _ => read(gateway, connection, &bytes, &mut slot, now)?,
    };
    Ok(Looked { id, checked, slot })
}

/// What a delivery says: of each event in it what is to be taken, a reason why it is none, or what becomes a dead letter.
fn read(
    gateway: &Shared,
    connection: &Connection,
    delivery: &Bytes,
    slot: &mut Slot,
    now: Timestamp,
) -> Result<Checked, Trouble> {
    if delivery.trim_ascii().is_empty() {
        // Somebody looks whether the address answers.
        return Ok(Checked::settled(ItemOutcome::ignored(IgnoreReason::TestEvent)));
    }
    let (vendor, setting) = (connection.vendor, connection.setting());
    let mut checked = Checked::default();
    let several = connect::events(vendor, delivery, gateway.limits.items);
    for event in several.unwrap_or_else(|| vec![delivery]) {
        let read = check::translated(&gateway.decoder, vendor, event, &setting, now);
        slot.grow(Read::made(&read))?;
        match read {
            Err(refusal) => checked.keep(letter(connection, delivery.slice_ref(event)), refusal),
            read => checked.push(read),
        }
    }
    Ok(checked)
}

/// A payload as it came.
fn letter(connection: &Connection, payload: Bytes) -> Incoming {
    Incoming {
        kind: connection.kind.clone(),
        source: connection.source.clone(),
        product: connection.product.clone(),
        payload,
        vendor: Some(connection.vendor),
        key: Vec::new(),
    }
}

/// What a request is signed as.
enum Verified {
    Signed(Signed),
    /// Its connection asks for no signature.
    Known,
    /// By what vendors sign with while somebody sets a webhook up: anybody could.
    Test,
}

fn verified(
    connection: &Connection,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Verified, Trouble> {
    let vendor = connection.vendor;
    let Some(secret) = &connection.secret else { return Ok(Verified::Known) };
    let find = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let check = |secret: &Secret| signed::check(vendor, secret, find, body, now);
    match check(secret) {
        Ok(signed) => Ok(Verified::Signed(signed)),
        Err(Unsigned::Stale) => Err(Trouble::Stale),
        Err(Unsigned::Wrong)
            if vendor == Vendor::Zendesk
                && Secret::new(ZENDESK_TEST).is_some_and(|secret| check(&secret).is_ok()) =>
        {
            Ok(Verified::Test)
        }
        Err(unsigned) => Err(Trouble::Unsigned(told(unsigned, vendor))),
    }
}

/// What is wrong, and what to look at.
fn told(unsigned: Unsigned, vendor: Vendor) -> String {
    match unsigned {
        Unsigned::Missing => {
            let header = signed::header(vendor).unwrap_or("a header of the vendor's");
            format!("there is no whole signature: expected one in {header}")
        }
        Unsigned::Wrong => {
            let title = vendor.title();
            format!(
                "the signature is wrong: the secret of this connection has to be the one that {title} signs with"
            )
        }
        Unsigned::Stale | Unsigned::NotSigned => unsigned.to_string(),
    }
}

/// By which a webhook is known again: the vendor's id in the body, or else what it says, byte by byte.
fn id(connection: &Connection, verified: &Verified, body: &[u8]) -> Id {
    match verified {
        Verified::Signed(Signed { id: Some(id) }) => Id::of(&[&connection.name, "id", id]),
        _ => Id::of(&[&connection.name, "body", &format!("{:x}", Sha256::digest(body))]),
    }
}
