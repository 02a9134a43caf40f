//! Facts on their way to a file: rows are pushed into columns by day, and the columns of a day
//! become one Parquet file in memory, on whichever thread holds them.

mod columns;
mod row;
mod triage;

pub use columns::FactColumns;
pub(crate) use columns::{element, field};
pub use row::{FactRow, TopicFact};
pub use triage::TriageFact;
