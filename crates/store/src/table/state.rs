//! What this process knows of a table, brought on commit by commit.

use super::active::{Active, Change};
use super::transact::TOKEN;
use crate::error::StoreError;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::{Action, Version};
use deltalake_core::table::config::TablePropertiesExt;
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

/// A log that was looked at within this time has lost no entry since.
const LOOK_HOLDS: Duration = Duration::from_secs(3600);

/// The newest version that is known, and what it says.
pub(super) struct State {
    pub version: Version,
    pub active: Active,
    /// App transactions: those that were asked for, and all that were committed after the version of `delta`.
    pub apps: HashMap<String, Option<i64>>,
    /// Delta's own view, of this version or an older one: for what hardly ever changes or is seldom asked for.
    pub delta: DeltaTable,
    /// Delta's view is of an older schema, protocol or set of properties.
    pub is_dated: bool,
    /// When the newest version was known to be the last.
    pub looked: Looked,
}

impl State {
    /// As it was loaded, after this look.
    pub fn of(delta: DeltaTable, looked: Looked, place: &str) -> Result<Self, StoreError> {
        let loaded = delta.snapshot().map_err(|error| StoreError::from_delta(place, error))?;
        let (version, active) = (loaded.version(), Active::of(loaded, place)?);
        Ok(Self { version, active, apps: HashMap::new(), delta, is_dated: false, looked })
    }

    /// Goes on to the version that these actions make; whether they carry the token.
    pub fn follow(&mut self, actions: Vec<Action>, token: Option<&str>, place: &str) -> bool {
        let (mut change, mut found) = (Change::default(), false);
        for action in actions {
            match action {
                Action::Add(add) => change.added.push(add),
                Action::Remove(remove) => change.removed.push(remove.path),
                Action::Txn(note) => {
                    self.apps.insert(note.app_id, Some(note.version));
                }
                Action::CommitInfo(info) => {
                    let mark = info.info.get(TOKEN).and_then(|mark| mark.as_str());
                    found |= mark.is_some() && mark == token;
                }
                Action::Metadata(_) | Action::Protocol(_) => self.is_dated = true,
                Action::Cdc(_) | Action::DomainMetadata(_) => {}
            }
        }
        self.version += 1;
        self.active.push(change, place);
        found
    }

    /// An app transaction that is known.
    pub fn noted(&self, app_id: &str) -> Option<i64> {
        self.apps.get(app_id).copied().flatten()
    }

    /// Whether no entry behind the newest version can have been cleaned up since the log was looked at: entries have to
    /// be of some age for that.
    pub fn is_fresh(&self) -> bool {
        let loaded = self.delta.snapshot();
        let age = loaded.map(|loaded| loaded.table_config().log_retention_duration());
        age.is_ok_and(|age| self.looked.is_within(LOOK_HOLDS.min(age / 2)))
    }
}

/// A point in time, by two clocks: the one stands still while a computer sleeps, and the other may be set back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked {
    at: Instant,
    by_wall: SystemTime,
}

impl Looked {
    pub fn now() -> Self {
        Self { at: Instant::now(), by_wall: SystemTime::now() }
    }

    fn is_within(self, age: Duration) -> bool {
        self.at.elapsed() < age && self.by_wall.elapsed().is_ok_and(|elapsed| elapsed < age)
    }
}

#[cfg(test)]
impl State {
    /// As after a night's sleep.
    pub fn sleep(&mut self) {
        self.looked.by_wall -= Duration::from_secs(12 * 3600);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_holds_for_a_while_by_both_clocks() {
        let (hour, looked) = (Duration::from_secs(3600), Looked::now());
        assert!(looked.is_within(hour) && !looked.is_within(Duration::ZERO));
        assert!(!Looked { by_wall: looked.by_wall - 2 * hour, ..looked }.is_within(hour), "it slept");
        assert!(
            !Looked { by_wall: looked.by_wall + hour, ..looked }.is_within(hour),
            "the clock was set back"
        );
    }
}
