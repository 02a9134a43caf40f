//! Intervals, tests and multiplicity, each with the source of its formula.
//!
//! Everything here is a pure function of numbers. Levels are two-sided 95% unless a name says otherwise.

pub mod distribution;
pub mod fdr;
pub mod interval;
pub mod mean;
pub mod nps;
pub mod poisson;
pub mod prevalence;
pub mod proportion;
pub mod rng;

pub use interval::Interval;

/// The 97.5% point of the standard normal distribution.
pub const Z95: f64 = 1.959_963_984_540_054;
/// Below this many answers a figure is shown with its interval, but no arrow and no verdict.
pub const FEW: u64 = 30;
/// Below this many answers a figure is suppressed: it would point at single persons.
pub const SUPPRESSED: u64 = 5;
