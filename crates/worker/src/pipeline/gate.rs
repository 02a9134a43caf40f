//! The gate before the store: batches of the assignment in force pass, those of an earlier one do not.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug, Default)]
pub(crate) struct Gate {
    state: Mutex<State>,
    left: Condvar,
}

#[derive(Debug, Default)]
struct State {
    epoch: u64,
    /// A commit is under way.
    busy: bool,
}

/// Held while a commit is under way.
pub(crate) struct Pass<'a>(&'a Gate);

impl Gate {
    pub fn epoch(&self) -> u64 {
        self.lock().epoch
    }

    /// `None` for a batch of an earlier epoch: it is dropped.
    pub fn enter(&self, epoch: u64) -> Option<Pass<'_>> {
        let mut state = self.lock();
        if state.epoch != epoch {
            return None;
        }
        state.busy = true;
        Some(Pass(self))
    }

    /// Ends the epoch: nothing of it commits any more. Waits for a commit under way, but no longer than
    /// `patience`: if it takes longer, the store's own fence decides. Returns whether it is quiet now.
    pub fn close(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        state.epoch += 1;
        while state.busy {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.left.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Ends this epoch, unless a later one is in force.
    pub fn expire(&self, epoch: u64) {
        let mut state = self.lock();
        if state.epoch == epoch {
            state.epoch += 1;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is two plain values: whoever panicked left them whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.lock().busy = false;
        self.0.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_waits_for_the_commit_and_keeps_later_ones_out() {
        let gate = Gate::default();
        let pass = gate.enter(0).unwrap();
        assert!(!gate.close(Duration::ZERO), "a commit is under way");
        assert!(gate.enter(0).is_none() && gate.enter(1).is_some());
        drop(pass);
        gate.expire(0);
        assert_eq!(gate.epoch(), 1);
        std::thread::scope(|scope| {
            let pass = gate.enter(1).unwrap();
            let closing = scope.spawn(|| gate.close(Duration::from_secs(60)));
            while gate.epoch() == 1 {
                std::thread::yield_now();
            }
            drop(pass);
            assert!(closing.join().unwrap());
        });
    }
}
