//! A command line of which each part can be read, and which cannot be meant all the same: it ends as one does that the parser
//! refuses.

use anyhow::Result;
use feedback::time::Day;

/// The exit code, as the parser's own.
pub const WRONG_USAGE: u8 = 2;

/// What is wrong with it, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongUsage(pub String);

/// Refuses what cannot be meant.
pub fn wrong<T>(told: impl Into<String>) -> Result<T> {
    Err(WrongUsage(told.into()).into())
}

/// Refuses days whose first is behind their last.
pub fn in_order(from: Day, to: Day) -> Result<()> {
    if from <= to {
        Ok(())
    } else {
        wrong(format!("--from {from} is after --to {to}: give the first day and the last one"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_an_order() {
        assert!(in_order(Day(1), Day(1)).is_ok());
        let error = in_order(Day(20_515), Day(20_514)).unwrap_err();
        assert!(error.is::<WrongUsage>());
        assert!(error.to_string().starts_with("--from 2026-03-03 is after --to 2026-03-02"), "{error}");
    }
}
