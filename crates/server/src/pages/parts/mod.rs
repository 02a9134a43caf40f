//! What pages are put together from. Each part is a pure function of values; everything that came from outside goes through
//! maud, which escapes it.

pub mod chart;
pub mod forms;
pub mod goal;
pub mod meter;
pub mod number;
pub mod scale;
pub mod scores;
pub mod spark;
pub mod time;
pub mod verdict;
pub mod words;
