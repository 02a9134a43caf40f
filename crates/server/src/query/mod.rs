//! Addresses of lists of records: what a list shows stands in its address, and every figure has the address of its records.
//! Beside them, those of figures ([`scope`]).
//!
//! Knows: the names of a filter's fields, and what else an address may ask for. Must not: answer it.
//!
//! Invariants:
//! - The names are those of `verbatim report --records`; a name or a value that is none is told, with what there is.
//! - [`address`] of a filter asks for that filter.
//! - What was typed to be found is in no log and no error.

mod asked;
pub(crate) mod fields;
mod names;
mod ready;
pub mod scope;
#[cfg(test)]
pub(crate) mod testing;

pub use asked::{AT_MOST, Asked, NOT_TOLD, USUAL};
pub use fields::Fields;
pub use names::check_named;
pub use ready::{ALIKE, Found, NOTHING_TO_COMPARE, Ready, is_alike};

use insight::report::Filter;

/// Where lists of records are shown.
pub const PAGE: &str = "/feedback";

/// Where the dashboard shows the records of a filter.
#[must_use]
pub fn address(filter: &Filter) -> String {
    Asked { filter: filter.clone(), ..Asked::default() }.address(PAGE)
}
