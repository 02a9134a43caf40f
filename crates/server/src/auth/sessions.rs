//! Sessions of browsers, in memory: a restart ends them, and whoever has a token begins another.

use super::secret::{Hash, Secret};
use feedback::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const HOUR: i64 = 3_600 * 1_000_000;
/// A session that nobody used for so long has ended.
const IDLE: i64 = 24 * HOUR;
/// And any, so long after it began.
pub(super) const LONGEST: i64 = 7 * 24 * HOUR;
/// Of one token; a further one ends that which was not used for longest.
const MOST_OF_TOKEN: usize = 32;
/// Of all together.
const MOST: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Sessions {
    /// By the hash of the id that the browser holds.
    open: Mutex<HashMap<Hash, Session>>,
}

/// Whose it is, and what its forms send back.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub token: Hash,
    pub csrf: Secret,
    began: Timestamp,
    used: Timestamp,
}

impl Session {
    fn has_ended(&self, now: Timestamp) -> bool {
        now.0 - self.used.0 >= IDLE || now.0 - self.began.0 >= LONGEST
    }
}

impl Sessions {
    /// Begins one; returns the id for the browser.
    pub fn begin(&self, token: Hash, now: Timestamp) -> Secret {
        let id = Secret::draw("");
        let mut open = self.lock();
        open.retain(|_, session| !session.has_ended(now));
        make_room(&mut open, MOST_OF_TOKEN, |session| session.token == token);
        make_room(&mut open, MOST, |_| true);
        open.insert(id.hash(), Session { token, csrf: Secret::draw(""), began: now, used: now });
        id
    }

    /// The session of an id, used now.
    pub fn find(&self, id: &str, now: Timestamp) -> Option<Session> {
        let hash = Hash::of(id);
        let mut open = self.lock();
        let session = open.get_mut(&hash)?;
        if session.has_ended(now) {
            open.remove(&hash);
            return None;
        }
        session.used = session.used.max(now);
        Some(session.clone())
    }

    pub fn end(&self, id: &str) {
        self.lock().remove(&Hash::of(id));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, Session>> {
        // Whoever panicked left it whole.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends those of these that were not used for longest, until one more fits.
fn make_room(open: &mut HashMap<Hash, Session>, most: usize, these: impl Fn(&Session) -> bool) {
    while open.values().filter(|session| these(session)).count() >= most {
        let idlest =
            open.iter().filter(|(_, session)| these(session)).min_by_key(|(_, session)| session.used);
        let Some(id) = idlest.map(|(id, _)| *id) else { return };
        open.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp(1_800_000_000_000_000 + hours * HOUR)
    }

    #[test]
    fn a_session_ends_when_it_is_left_alone_or_after_a_week() {
        let sessions = Sessions::default();
        let id = sessions.begin(Hash::of("t"), at(0));
        let found = |hours| sessions.find(id.reveal(), at(hours)).is_some();
        assert!(sessions.find("another", at(0)).is_none());
        assert!((0..7 * 24).step_by(23).all(found), "in use");
        assert!(!found(7 * 24), "a week");
        let id = sessions.begin(Hash::of("t"), at(0));
        assert!(sessions.find(id.reveal(), at(23)).is_some());
        assert!(sessions.find(id.reveal(), at(47)).is_none());
        assert!(sessions.find(id.reveal(), at(24)).is_none(), "what has ended does not come back");
    }

    #[test]
    fn each_has_its_own_csrf_token() {
        let sessions = Sessions::default();
        let begin = || {
            let id = sessions.begin(Hash::of("t"), at(0));
            sessions.find(id.reveal(), at(0)).unwrap()
        };
        let (one, other) = (begin(), begin());
        assert!(one.csrf.is(one.csrf.reveal().as_bytes()));
        assert!(!one.csrf.is(other.csrf.reveal().as_bytes()));
    }

    #[test]
    fn there_are_never_more_than_fit_and_others_keep_theirs() {
        let sessions = Sessions::default();
        let theirs = sessions.begin(Hash::of("other"), at(0));
        let ids: Vec<Secret> = (0..MOST_OF_TOKEN + 5).map(|_| sessions.begin(Hash::of("t"), at(1))).collect();
        assert_eq!(sessions.lock().len(), MOST_OF_TOKEN + 1);
        assert!(sessions.find(theirs.reveal(), at(1)).is_some());
        assert!(sessions.find(ids.last().unwrap().reveal(), at(1)).is_some());
        for n in 0..MOST {
            sessions.begin(Hash::of(&n.to_string()), at(2));
        }
        assert_eq!(sessions.lock().len(), MOST);
        sessions.begin(Hash::of("t"), at(40));
        assert_eq!(sessions.lock().len(), 1, "what has ended makes room first");
    }

    #[test]
    fn who_signs_out_is_out() {
        let sessions = Sessions::default();
        let id = sessions.begin(Hash::of("t"), at(0));
        sessions.end(id.reveal());
        assert!(sessions.find(id.reveal(), at(0)).is_none());
    }
}
