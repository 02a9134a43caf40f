//! How good judgements are: counted against gold labels, with what chance leaves open.
//!
//! Every interval is one of 95%, over texts: another sample of as many texts of the same sort would give other figures.

mod bootstrap;
mod calibration;
mod coverage;
mod estimate;
mod rng;
mod scores;
mod slices;
mod tally;

pub use bootstrap::{Estimates, RESAMPLES, difference, estimates};
pub use calibration::{CurveBin, calibration_error, curve};
pub use coverage::{Covered, coverage};
pub use estimate::Estimate;
pub use slices::{FEWEST, Sliced, slices};
pub use tally::{Answer, Evaluation, LabelScores, Tally, UnknownGold};
