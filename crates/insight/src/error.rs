//! What can go wrong: only frames that are not what they should be, and a filter that lacks what it needs.

use polars::prelude::PolarsError;

#[derive(Debug, thiserror::Error)]
pub enum InsightError {
    /// Reading the tables failed, or a column is missing or of another type.
    #[error("the tables could not be read")]
    Frame(#[source] PolarsError),
    /// A row of `insights` that this version does not understand.
    #[error("insights of {day} hold {what}, which this version does not know")]
    UnknownRow { day: String, what: String },
    /// A fact whose record is not named as the store names records.
    #[error("a fact of {day} has an id that is not of 32 hexadecimal digits")]
    NoId { day: String },
    /// A filter names a case, or leaves out those that are resolved, and whoever lists has not asked their log.
    #[error("which records are of which case was not looked up")]
    CasesNotAsked,
}

impl From<PolarsError> for InsightError {
    fn from(error: PolarsError) -> Self {
        Self::Frame(error)
    }
}
