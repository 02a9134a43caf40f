//! From text to meaning: redaction, language, segments, the encoder, its heads, and the user's topics.
//!
//! Knows: words, the model inside the binary, and with the feature `rust-bert` the transformer. Must not: know where a text
//! came from or where its meaning goes; read the clock; do I/O, but for the transformer's weights when it is made.
//!
//! Invariants:
//! - Redaction comes first: nothing else ever sees the raw text. It is the analyzer's, or its caller's where a text is
//!   handed over as redacted.
//! - A text is encoded once; sentiment, kind, topics and likeness all read that one pass. Only for a transformer the
//!   built-in encoder looks at a text twice: when it is read ahead, and when it is analyzed.
//! - Analysis is pure: the same input, taxonomy and weights give the same analysis, whatever the
//!   scratch held before; a transformer's probabilities to 1e-4, for a batch's shape changes how sums are rounded.
//!   Versions of all three are part of the answer.
//! - Probabilities are calibrated on development data; below its threshold, and in a language the model does
//!   not know, the answer is "unknown".
//! - Once warm, the built-in encoder's analysis allocates nothing for a text without personal data.

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
