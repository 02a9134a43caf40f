//! Trouble that passes by itself: told when it begins, when it becomes another one, and when it is over.

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

#[derive(Debug)]
pub(crate) struct Trouble {
    /// What does not work: "writing to the tables" …
    what: &'static str,
    now: Mutex<Option<Now>>,
}

#[derive(Debug)]
struct Now {
    since: Instant,
    /// The error's own sentence; what stands below it may name another file each time.
    words: String,
    tries: u32,
}

impl Trouble {
    pub fn new(what: &'static str) -> Self {
        Self { what, now: Mutex::default() }
    }

    /// Another try failed. Returns whether it was said.
    pub fn failed(&self, error: &(dyn Error + 'static)) -> bool {
        let words = error.to_string();
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(now) = now.as_mut() {
            now.tries += 1;
            if now.words == words {
                return false;
            }
        }
        tracing::warn!(error, "{} failed; it is tried again until it works", self.what);
        match now.as_mut() {
            Some(now) => now.words = words,
            None => *now = Some(Now { since: Instant::now(), words, tries: 1 }),
        }
        true
    }

    /// It worked.
    pub fn over(&self) {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Now { since, tries, .. }) = now {
            let after_s = since.elapsed().as_secs();
            tracing::info!(after_s, tries, "{} works again", self.what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_once_until_it_changes_or_passes() {
        let trouble = Trouble::new("writing");
        let (full, away) =
            (std::io::Error::other("the disk is full"), std::io::Error::other("nobody answers"));
        assert!(trouble.failed(&full));
        assert!(!trouble.failed(&full));
        assert!(trouble.failed(&away));
        assert!(!trouble.failed(&away));
        trouble.over();
        trouble.over();
        assert!(trouble.failed(&away));
    }
}
