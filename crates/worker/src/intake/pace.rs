//! When the next commit may begin: not too soon after the one before, and with those who come back from it.

use std::time::{Duration, Instant};

/// Commits are at least so far apart, unless a batch is full: each leaves a file, which a compaction has to read again.
const PACE: Duration = Duration::from_millis(50);
/// Of what a commit took that answered several, this part is waited behind it: those whom it answered send the next message
/// at once, and a commit takes about as long for all of them as for the half that came meanwhile.
const SHARE: u32 = 4;
const LONGEST: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(super) struct Pace {
    closed_at: Instant,
    gathers_until: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self { closed_at: now.checked_sub(PACE).unwrap_or(now), gathers_until: now }
    }

    /// A batch was closed, to be committed.
    pub fn closed(&mut self, now: Instant) {
        self.closed_at = now;
    }

    /// All that was closed is committed, and so many callers were told.
    pub fn committed(&mut self, now: Instant, answered: usize) {
        let took = now.saturating_duration_since(self.closed_at);
        let gathers = if answered > 1 { (took / SHARE).min(LONGEST) } else { Duration::ZERO };
        self.gathers_until = now + gathers;
    }

    /// Not sooner, where nothing is under way.
    pub fn may_at(&self) -> Instant {
        self.gathers_until.max(self.closed_at + PACE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_keep_their_distance_and_gather_those_who_come_back() {
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        let mut pace = Pace::new(start);
        assert!(pace.may_at() <= start, "the first one waits for nobody");
        pace.closed(start);
        pace.committed(at(8), 40);
        assert_eq!(pace.may_at(), at(50));
        pace.closed(at(50));
        pace.committed(at(450), 40);
        assert_eq!(pace.may_at(), at(550));
        // Who is alone is not kept waiting.
        pace.closed(at(600));
        pace.committed(at(1_000), 1);
        assert_eq!(pace.may_at(), at(1_000));
        pace.closed(at(1_000));
        pace.committed(at(31_000), 40);
        assert_eq!(pace.may_at(), at(31_200));
    }
}
