//! The tokens as a server follows them: read again when the file has changed.

use super::secret::Hash;
use super::tokens::{Token, TokenFile, find};
use crate::problem::chain;
use feedback::time::Timestamp;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The file is looked at no more often: one revoked counts no longer than this.
const LOOK_EVERY: i64 = 1_000_000;

#[derive(Debug)]
pub(super) struct Watched {
    file: TokenFile,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    looked: Option<Timestamp>,
    /// Of what was read; `None` where it could not be.
    seen: Option<Look>,
    tokens: Arc<[Token]>,
    is_broken: bool,
}

/// What tells one content of the file from another, and one mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Nothing,
    File { inode: u64, len: u64, written: (i64, i64), changed: (i64, i64) },
}

fn look(path: &Path) -> std::io::Result<Look> {
    match std::fs::metadata(path) {
        Ok(about) => Ok(Look::File {
            inode: about.ino(),
            len: about.len(),
            written: (about.mtime(), about.mtime_nsec()),
            changed: (about.ctime(), about.ctime_nsec()),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Look::Nothing),
        Err(error) => Err(error),
    }
}

impl Watched {
    pub fn new(file: TokenFile) -> Self {
        Self { file, state: Mutex::default() }
    }

    /// The token with this hash, if it counts now.
    pub fn find(&self, hash: Hash, now: Timestamp) -> Option<Token> {
        find(&self.tokens(now), hash, now).cloned()
    }

    /// A small file of this machine, looked at once a second: not worth a thread of its own.
    fn tokens(&self, now: Timestamp) -> Arc<[Token]> {
        // Whoever panicked left it whole.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back makes it look again.
        let fresh = state.looked.is_some_and(|looked| (0..LOOK_EVERY).contains(&(now.0 - looked.0)));
        if !fresh {
            state.looked = Some(now);
            self.follow(&mut state);
        }
        Arc::clone(&state.tokens)
    }

    /// What cannot be read lets nobody in.
    fn follow(&self, state: &mut State) {
        // Looked at before it is read: what changes in between is seen the next time.
        let found = look(self.file.path()).ok();
        if found.is_some() && found == state.seen {
            return;
        }
        match self.file.read() {
            Ok(tokens) => {
                let is_first = state.seen.is_none() && !state.is_broken;
                *state = State { looked: state.looked, seen: found, tokens: tokens.into(), is_broken: false };
                if !is_first {
                    tracing::info!(tokens = state.tokens.len(), "the tokens have changed");
                }
            }
            Err(error) => {
                if !state.is_broken {
                    tracing::error!(why = chain(&error), "the tokens cannot be used: nobody is let in");
                }
                *state = State { looked: state.looked, is_broken: true, ..State::default() };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::role::Role;
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_800_000_000_000_000 + seconds * 1_000_000)
    }

    #[test]
    fn what_the_file_says_counts_within_a_second() {
        let dir = tempfile::tempdir().unwrap();
        let file = TokenFile::new(dir.path().join("tokens"));
        let watched = Watched::new(file.clone());
        assert!(watched.find(Hash::of("nothing"), at(0)).is_none());
        let (secret, _) = file.create("ci", Role::Viewer, None, at(0)).unwrap();
        let found = |now| watched.find(secret.hash(), now).map(|token| token.name);
        assert_eq!(found(Timestamp(at(0).0 + 999_999)), None, "it was looked at just now");
        assert_eq!(found(at(1)).as_deref(), Some("ci"));
        file.revoke("ci").unwrap();
        assert_eq!(found(at(2)), None);
        // A clock that was put back.
        let (again, _) = file.create("ci", Role::Viewer, None, at(0)).unwrap();
        assert!(watched.find(again.hash(), at(-50)).is_some());
    }

    #[test]
    fn a_file_that_breaks_lets_nobody_in_until_it_is_mended() {
        let dir = tempfile::tempdir().unwrap();
        let file = TokenFile::new(dir.path().join("tokens"));
        let (secret, _) = file.create("ci", Role::Viewer, None, at(0)).unwrap();
        let watched = Watched::new(file.clone());
        assert!(watched.find(secret.hash(), at(0)).is_some());
        let text = std::fs::read(file.path()).unwrap();
        std::fs::write(file.path(), "[[token]]\nname = 1\n").unwrap();
        assert!(watched.find(secret.hash(), at(1)).is_none());
        std::fs::write(file.path(), text).unwrap();
        assert!(watched.find(secret.hash(), at(2)).is_some());
        std::fs::remove_file(file.path()).unwrap();
        assert!(watched.find(secret.hash(), at(3)).is_none());
    }
}
