//! From text to meaning: redaction, language, segments, the encoder, its heads, and the user's topics.
//!
//! Knows: words, and the model inside the binary. Must not: know where a text came from or where its
//! meaning goes; do I/O; read the clock.
//!
//! Invariants:
//! - Redaction comes first: nothing else ever sees the raw text. It is the analyzer's, or its caller's where a text is
//!   handed over as redacted.
//! - A text is encoded once; sentiment, kind, topics and likeness all read that one pass.
//! - Analysis is pure: the same input, taxonomy and weights give the same analysis, whatever the
//!   scratch held before. Versions of all three are part of the answer.
//! - Probabilities are calibrated on development data; below its threshold, and in a language the model does
//!   not know, the answer is "unknown".
//! - Once warm, nothing is allocated for a text without personal data.

mod analyzer;
mod base64;
pub mod encoder;
pub mod eval;
pub mod explain;
pub mod heads;
pub mod language;
pub mod pseudonym;
pub mod redact;
pub mod segment;
mod sieve;
pub mod taxonomy;
pub mod topics;
pub mod urgency;
mod wordset;

pub use analyzer::{Analysis, AnalyzeError, Analyzer, Input, Options, Scratch, Versions};
pub use language::Language;
pub use redact::{Known, RedactionCounts, Redactor};
pub use segment::Segment;
pub use taxonomy::Taxonomy;
