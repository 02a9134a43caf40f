//! JSON as the decoder needs it: read once, front to back, strings borrowed, numbers kept as written.
//!
//! Own code and not serde_json, for three reasons: a refusal names the path and the expected type without
//! quoting the payload; unknown fields are kept as text without an intermediate tree; lone surrogates, which
//! vendors produce by cutting emoji in half, and control characters are replaced, where serde_json refuses the
//! former and keeps the latter.
//! Apart from that it accepts exactly what serde_json accepts, and a property test holds it to that.

mod canonical;
mod reader;
mod string;
#[cfg(test)]
mod tests;

pub(crate) use canonical::{canonical, quoted};
pub(crate) use reader::{Fault, Reader, Scalar};
