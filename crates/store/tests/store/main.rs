//! The store on real directories: one binary, since each would link polars and Delta again.

mod arrived;
mod between;
mod commits;
mod compaction;
mod corrections;
mod erasure;
mod failures;
mod few;
mod golden;
mod logs;
mod logs_erased;
mod maintenance;
mod names;
mod replay;
mod resolution;
mod rollup;
mod rows;
