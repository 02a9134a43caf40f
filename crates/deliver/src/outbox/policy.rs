//! What follows from an attempt: delivered, another one, or the end.

use super::entry::{Entry, Event, What, after};
use crate::clean;
use crate::error::{SendError, chain};
use crate::send::Receipt;
use feedback::time::Timestamp;
use std::time::Duration;

/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 500;
/// The longest that a receiver may ask to be left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(7 * 86_400);

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Delivered {
        reference: Option<String>,
    },
    /// Another attempt may help, after the wait that the receiver asked for, or that what is in doubt takes, if any.
    Retry {
        after: Option<Duration>,
        why: String,
    },
    Failed {
        why: String,
    },
}

impl From<Result<Receipt, SendError>> for Outcome {
    fn from(result: Result<Receipt, SendError>) -> Self {
        match result {
            Ok(Receipt { reference }) => Self::Delivered { reference },
            Err(error) => {
                let why = clean::cut(&clean::line(&chain(&error)), LONGEST_REASON);
                if error.is_retryable() {
                    Self::Retry { after: error.after(), why }
                } else {
                    Self::Failed { why }
                }
            }
        }
    }
}

/// How long to wait between attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The bound of the first wait; each further one is twice the bound before.
    pub base: Duration,
    pub cap: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self { base: Duration::from_secs(2), cap: Duration::from_secs(15 * 60) }
    }
}

impl Policy {
    /// The longest wait after so many attempts.
    fn bound(&self, attempts: u32) -> Duration {
        let doubled = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        self.base.saturating_mul(doubled).min(self.cap)
    }

    /// Full jitter: anything from nothing to the bound, so that what failed together does not come back together; never
    /// less than was asked for. `dice` is from 0 to 1.
    fn wait(&self, attempts: u32, asked: Option<Duration>, dice: f64) -> Duration {
        let jitter = self.bound(attempts).mul_f64(dice.clamp(0.0, 1.0));
        match asked {
            Some(asked) => asked.min(LONGEST_WAIT).saturating_add(jitter),
            None => jitter,
        }
    }

    /// The event that an outcome makes of an entry, whose attempt was noted. Where the next attempt would come after the
    /// deadline, this was the last.
    #[must_use]
    pub fn settle(&self, entry: &Entry, outcome: &Outcome, now: Timestamp, dice: f64) -> Event {
        let what = match outcome {
            Outcome::Delivered { reference } => What::Delivered { reference: reference.clone() },
            Outcome::Failed { why } => What::Failed { why: why.clone() },
            Outcome::Retry { after: asked, why } => {
                let next = after(now, self.wait(entry.attempts, *asked, dice));
                if next > entry.deadline {
                    let last = Entry { why: Some(why.clone()), ..entry.clone() };
                    let asked = asked.map(|asked| after(now, asked.min(LONGEST_WAIT)));
                    let beyond = asked.filter(|until| *until > entry.deadline);
                    let why = beyond.map_or_else(|| last.too_late(), |until| last.left_alone(until));
                    What::Failed { why }
                } else {
                    What::Retried { next, why: why.clone() }
                }
            }
        };
        Event { key: entry.key.clone(), at: now, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_under_a_bound_that_doubles_up_to_the_cap() {
        let policy = Policy { base: Duration::from_secs(1), cap: Duration::from_secs(5) };
        let bounds: Vec<u64> = [1, 2, 3, 4, 40].map(|attempts| policy.bound(attempts).as_secs()).to_vec();
        assert_eq!(bounds, [1, 2, 4, 5, 5]);
        assert_eq!(policy.wait(3, None, 0.0), Duration::ZERO);
        assert_eq!(policy.wait(3, None, 0.5), Duration::from_secs(2));
        // Asked to stay away for a minute, those who were turned away together do not all come back with it.
        assert_eq!(policy.wait(3, Some(Duration::from_secs(60)), 0.5), Duration::from_secs(62));
        assert_eq!(policy.wait(1, Some(Duration::MAX), 0.0), LONGEST_WAIT);
    }
}
