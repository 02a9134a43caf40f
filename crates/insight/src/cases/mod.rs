//! Reports of the same thing are one case, with a life of its own: how many people it reaches, whom to tell when it is
//! resolved, and how long each step took.
//!
//! Knows: vectors of texts, topics, kinds, products, times. Must not: do I/O, read the clock, encode a text.
//!
//! Invariants:
//! - A case's id follows from its first report and the version of these rules: it never moves, whatever comes later.
//! - In which order the reports of one batch come makes no difference; whoever brings them leaves out those that came
//!   before.
//! - Two spaces of vectors are never compared.
//! - The state of a case is the fold of its events; what a state does not allow is refused and changes nothing.

mod common;
mod group;
mod held;
pub mod life;
mod likeness;
pub mod medoid;
pub mod reach;
mod rules;
mod stamps;
mod stored;
pub mod times;
mod touches;

pub(crate) use common::apart;
pub use common::mean;
pub use group::{Case, Cases, Joined, Placed, Report, block};
pub use held::{held_people, of_held};
pub use life::{Event, Life, Refused, State, Step};
pub use likeness::{Sum, likeness};
pub use medoid::medoid;
pub use reach::{NativeId, Reach, Tell, Touch, reach, whom_to_tell};
pub use rules::CaseRules;
pub use stamps::{Embedded, Stamp, embedded, stamps};
pub use stored::{StoredReport, Vectors, of_records};
pub use times::{
    Far, Loop, LoopRow, LoopStep, LoopTimes, Loops, Quantile, RecordLoop, Waits, Window, first_stored,
    loop_times, record_loops,
};
pub use touches::{StoredTouch, held_touches, touches};
