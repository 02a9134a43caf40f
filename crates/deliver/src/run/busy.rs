//! What is under way in this process, so that nothing is taken up twice before it is noted, and no target gets more at
//! once than it may.

use super::Done;
use crate::outbox::{Entry, Key};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Busy {
    keys: BTreeSet<Key>,
    groups: BTreeSet<(String, String)>,
    by_target: BTreeMap<String, usize>,
}

impl Busy {
    /// Whether the entry may be taken up now; it counts as under way then.
    pub(super) fn begin(&mut self, entry: &Entry, at_once: usize) -> bool {
        let group = (entry.target.clone(), entry.note.group.clone());
        let running = self.by_target.get(&entry.target).copied().unwrap_or(0);
        if running >= at_once || self.groups.contains(&group) || !self.keys.insert(entry.key.clone()) {
            return false;
        }
        if !entry.note.group.is_empty() {
            self.groups.insert(group);
        }
        *self.by_target.entry(entry.target.clone()).or_default() += 1;
        true
    }

    pub(super) fn end(&mut self, done: &Done) {
        self.keys.remove(&done.key);
        self.groups.remove(&(done.target.clone(), done.group.clone()));
        if let Some(running) = self.by_target.get_mut(&done.target) {
            *running = running.saturating_sub(1);
        }
    }
}
