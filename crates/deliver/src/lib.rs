//! What leaves: Slack, Teams, e-mail, a signed webhook, Jira, Kafka; the outbox between what is to be said and who has
//! heard it, the tries, and the check of every address.
//!
//! Knows: how a [`Note`] looks at each receiver ([`render`]), how it gets there ([`send`]), when it is tried again
//! ([`outbox`], [`run`]). Must not: decide what is worth saying, or to whom; hold state (the [`outbox::Outbox`] is
//! somebody else's, by a trait); read feedback.
//!
//! Invariants:
//! - Every string of a note is data. No renderer lets one become markup, a mention or a link; addresses are links only
//!   where they are http or https.
//! - A delivery has one key for good, which every attempt carries: by HTTP and in Kafka as the header `idempotency-key`, in
//!   a mail within its Message-ID. An attempt is noted before it is made: a kill between sending and noting repeats it
//!   once, with the same key. A webhook's receiver, or a mail client, can tell the repetition by that; Slack and Teams pay
//!   the header no heed, so that what one of them took without an answer is said there twice. Of Jira an issue is looked
//!   for before it is made.
//! - Who has a mail gets it no second time because others were refused: who has it is noted before the attempt ends.
//! - A delivery ends, as delivered or as a failure that says why, at its deadline at the latest. What failed is attempted
//!   again only where somebody asks for it, under the same key.
//! - Nothing is sent to an address that was not checked just before, and the connection goes to just that address: what
//!   is not public is refused unless the target names it, redirects and proxies are not followed, certificates are
//!   checked.
//! - Secrets show themselves to nobody; an error names a host, never the rest of an address. Of what a receiver answers
//!   nothing is kept that could be out of the note (`said`).
//! - Within a group (an incident, a case) a target hears the notes in their order.

pub mod address;
pub mod clean;
mod error;
pub mod failpoints;
pub mod metrics;
pub mod note;
pub mod outbox;
pub mod render;
pub mod run;
mod said;
pub mod secret;
pub mod send;
pub mod sign;
pub mod target;

pub use error::{Fault, SendError};
pub use metrics::DeliverMetrics;
pub use note::{Block, Bullet, Fact, Kind, Link, Note, Quote, Row, Severity, Step, Table};
pub use outbox::{Entry, Event, Key, Outbox, OutboxError, Outcome, Policy, State};
pub use run::{Clock, Dice, Drained, Runner};
pub use secret::{Secret, SecretError};
pub use send::{BrokerError, Channel, Parcel, Producer, Receipt, TargetError};
pub use target::{Problem, Target, Targets, TargetsError};
