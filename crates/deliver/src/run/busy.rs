//! What is under way in this process, so that nothing is taken up twice before it is noted, and no target gets more at
//! once than it may.

use super::Done;
use crate::outbox::{Entry, Key};
use crate::target::listed_name;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Busy {
    keys: BTreeSet<Key>,
    groups: BTreeSet<(String, String)>,
    /// By the target of the file: those of owners are its server's, all together.
    by_target: BTreeMap<String, usize>,
}

impl Busy {
    /// Whether the entry may be taken up now; it counts as under way then.
    pub(super) fn begin(&mut self, entry: &Entry, at_once: usize) -> bool {
        let group = (entry.target.clone(), entry.note.group.clone());
        let listed = listed_name(&entry.target);
        let running = self.by_target.get(listed).copied().unwrap_or(0);
        if running >= at_once || self.groups.contains(&group) || !self.keys.insert(entry.key.clone()) {
            return false;
        }
        if !entry.note.group.is_empty() {
            self.groups.insert(group);
        }
        *self.by_target.entry(listed.to_owned()).or_default() += 1;
        true
    }

    pub(super) fn end(&mut self, done: &Done) {
        self.keys.remove(&done.key);
        self.groups.remove(&(done.target.clone(), done.group.clone()));
        if let Some(running) = self.by_target.get_mut(listed_name(&done.target)) {
            *running = running.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Note;
    use crate::outbox::Event;
    use feedback::time::Timestamp;
    use std::time::Duration;

    #[test]
    fn targets_of_owners_share_what_their_server_gets_at_once() {
        let entry = |target: &str| {
            let now = Timestamp(1_764_230_400_000_000);
            Entry::queued(&Event::queue(Note::test(now), target, now, Duration::from_secs(60))).unwrap()
        };
        let (one, other, elsewhere) = (entry("mail/identity"), entry("mail/support"), entry("post"));
        let mut busy = Busy::default();
        assert!(busy.begin(&one, 1) && !busy.begin(&other, 1) && busy.begin(&elsewhere, 1));
        assert!(!busy.begin(&one, 2), "it is under way");
        let group = String::new();
        busy.end(&Done { key: one.key, target: one.target, group, end: None });
        assert!(busy.begin(&other, 1));
    }
}
