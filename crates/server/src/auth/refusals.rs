//! Who was not let in: counted for `/metrics`, and told to the log now and then.

use feedback::time::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Between two lines of the log, in microseconds: whoever tries on fills no disk.
const PAUSE: i64 = 60 * 1_000_000;

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A request with a token that is not known.
    Token,
    SignIn,
}

#[derive(Debug, Default)]
pub(super) struct Refusals {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    tokens: u64,
    sign_ins: u64,
    /// Since the log was told last, and when that was.
    untold: u64,
    told_at: Option<Timestamp>,
}

impl Refusals {
    pub fn count(&self, refusal: Refusal, now: Timestamp) {
        if let Some(refused) = self.counted(refusal, now) {
            // Neither what was tried nor from where: that may be somebody's who only mistyped it.
            tracing::warn!(refused, "requests or sign-ins with a token that is not known, or may not");
        }
    }

    /// How many there were since the log was told, where it is to be told again.
    fn counted(&self, refusal: Refusal, now: Timestamp) -> Option<u64> {
        let mut counts = self.counts();
        match refusal {
            Refusal::Token => counts.tokens += 1,
            Refusal::SignIn => counts.sign_ins += 1,
        }
        counts.untold += 1;
        if counts.told_at.is_some_and(|at| (0..PAUSE).contains(&(now.0 - at.0))) {
            return None;
        }
        counts.told_at = Some(now);
        Some(std::mem::take(&mut counts.untold))
    }

    /// Each by its name.
    pub fn told(&self) -> Vec<(String, u64)> {
        let counts = self.counts();
        vec![
            ("verbatim_http_refused_tokens_total".to_owned(), counts.tokens),
            ("verbatim_http_refused_sign_ins_total".to_owned(), counts.sign_ins),
        ]
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Plain numbers: whoever panicked left them whole.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_log_is_told_once_a_minute() {
        let refusals = Refusals::default();
        let counted = |refusal, seconds: i64| refusals.counted(refusal, Timestamp(seconds * 1_000_000));
        assert_eq!(counted(Refusal::Token, 0), Some(1));
        assert_eq!(counted(Refusal::SignIn, 1), None);
        assert_eq!(counted(Refusal::SignIn, 59), None);
        assert_eq!(counted(Refusal::Token, 60), Some(3), "with those since");
        assert_eq!(counted(Refusal::Token, 10), Some(1), "the clock went back");
        let told: Vec<u64> = refusals.told().into_iter().map(|(_, count)| count).collect();
        assert_eq!(told, [3, 2]);
        assert!(refusals.told().iter().all(|(name, _)| crate::metrics::help(name).is_some()));
    }
}
