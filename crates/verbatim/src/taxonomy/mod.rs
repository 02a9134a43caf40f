//! The taxonomy in force: where it lies, who hears when it changes, and how another one takes its place.
//!
//! Knows: the configuration, files, the rooms that hold topics. Must not: judge what a taxonomy is worth.
//!
//! Invariants:
//! - Where the configuration says "built-in", a file beside the tables stands in its place, if there is one: that is how one
//!   is switched on.
//! - A file that cannot be used changes nothing: what was in force before stays, and the log says so once.
//! - Which one came into force, and by whom, is in the audit; by a file that was changed by hand, once it is taken up.
//! - A text is written whole or not at all, over the one that whoever changed it had seen, and the one before stays beside it.

mod in_force;
mod judge;
mod keeper;
mod naming;
mod noted;
mod place;
mod write;

pub use in_force::InForce;
pub use keeper::Keeper;
pub use noted::note_found;
pub use place::{Place, place};
