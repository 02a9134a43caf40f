//! What moved, since when, by how much, and whether chance alone explains it.

pub mod cells;
pub mod movers;
pub mod rhythm;
pub mod scan;
pub mod shares;
pub mod study;
pub mod verdict;
pub mod volume;
pub mod windows;

pub use movers::{Change, Effect, Metric, ShareChange, TopicTest};
pub use rhythm::{Rhythm, rhythm};
pub use shares::ShareMoved;
pub use study::Study;
pub use verdict::Verdict;
pub use volume::VolumeMoved;
