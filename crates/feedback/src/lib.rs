//! The vocabulary of customer feedback: what arrives, what it is called, and when it is refused.
//!
//! Knows: events (CloudEvents 1.0) and their payload contracts, records, scores, sources, spans,
//! judgements, ids, vectors. Must not: do I/O, or know Kafka, Delta or HTTP.
//!
//! What may be sent is described, field by field, by the JSON Schemas in `schemas/`; tests hold them against the
//! decoder, in both directions.
//!
//! Invariants:
//! - A [`decode::Decoder`] is the only way from bytes to a [`record::Record`]; every value in one passed
//!   every bound in [`limits`].
//! - Decoding is a pure function of the bytes, the registry and the limits: the same message gives the
//!   same records, ids and content hash on every machine and at every replay. The time of arrival only
//!   refuses what is dated too far ahead of it.
//! - What is refused is refused whole: one message ends as records, as ignored, or as one refusal.

pub mod correction;
pub mod decode;
pub mod event;
pub mod ids;
pub mod insight;
mod json;
pub mod judgement;
pub mod kind;
mod labels;
pub mod limits;
pub mod position;
pub mod record;
pub mod refusal;
pub mod rfc3339;
pub mod score;
pub mod size;
pub mod span;
pub mod time;
pub mod vector;
pub mod wide;
