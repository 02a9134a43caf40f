//! Vendors' payloads in, events of our own contracts out: one small module a vendor.
//!
//! Knows: what each vendor sends, how it signs it, and which contract of `feedback` says the same. Must not: do I/O, read
//! the clock, know Kafka, HTTP or the tables.
//!
//! Invariants:
//! - [`translate`] is a pure function: the same payload gives the same event on every machine, at every replay, whether it
//!   came by webhook, by Kafka or from a file. What is bound, missing or malformed is decided once, by `feedback`'s decoder,
//!   which reads every event that leaves here.
//! - One payload ends as one event, as ignored with a reason, or as one refusal. An edit is a later version of the same item,
//!   a deletion a tombstone of it, in whatever order they come.
//! - A score is what the customer gave; a category that a vendor derived from it is never believed.
//! - What agents and bots said is never the customer's.
//! - A refusal names a place and what was expected there, never a value of the payload.

mod delivered;
mod event;
mod html;
mod node;
mod polled;
mod raw;
pub mod signed;
mod time;
mod vendor;
mod vendors;

pub use delivered::events;
pub use polled::{Element, Elements, Place, elements};
pub use vendor::{Setting, Vendor, Way};
pub use vendors::ignored_by_name;

use feedback::refusal::{IgnoreReason, Reason, Refusal};
use node::Node;

/// What a payload is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Translated {
    /// A structured CloudEvent by our contracts, as JSON.
    Event(Vec<u8>),
    Ignored(IgnoreReason),
}

/// Reads one payload of a vendor.
///
/// # Errors
/// What in it cannot be read; the sender is to blame, and the same payload is refused again.
pub fn translate(vendor: Vendor, payload: &[u8], setting: &Setting<'_>) -> Result<Translated, Refusal> {
    let value: serde_json::Value =
        serde_json::from_slice(payload).map_err(|error| not_json(payload, &error))?;
    let said = vendors::read(vendor, Node::root(&value))?;
    Ok(match said {
        vendors::Said::Event(event) => Translated::Event(event.into_json(setting)),
        vendors::Said::Ignored(reason) => Translated::Ignored(reason),
    })
}

fn not_json(payload: &[u8], error: &serde_json::Error) -> Refusal {
    if std::str::from_utf8(payload).is_err() {
        return Refusal::new(Reason::InvalidUtf8, "the message: expected UTF-8");
    }
    // Its reader stops at 128 levels; of other mistakes it tells the place, in words that hold nothing of the text.
    let deep = error.to_string().starts_with("recursion limit");
    let reason = if deep { Reason::TooDeep } else { Reason::InvalidJson };
    Refusal::new(
        reason,
        format!("the message: expected JSON at line {}, column {}", error.line(), error.column()),
    )
}
