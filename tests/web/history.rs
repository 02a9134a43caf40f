//! Weeks of feedback that several tests look at: the demo's, with something of these days that everybody should hear of, and the
//! cases, the alert, the digests and the messages that the server makes of it.

use super::DEMO;
use super::site::{deliver, import, setup, wait_until_made};
use crate::program::stderr;
use crate::support::planted;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;

/// Of the demo: enough that something of it is real.
const EVENTS: &str = "3000";

/// It takes the better part of a minute, so it is made once for the tests that run at the same time.
pub fn shared() -> Arc<TempDir> {
    static SHARED: Mutex<Weak<TempDir>> = Mutex::new(Weak::new());
    // Where it could not be made, the next test tries again.
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let made = Arc::new(make());
        *shared = Arc::downgrade(&made);
        made
    })
}

/// The tables with their key, for one test alone.
pub fn copy(history: &Path, to: &Path) -> PathBuf {
    let copied = Command::new("cp").arg("-r").arg(history.join(DEMO)).arg(to).status().unwrap();
    assert!(copied.success());
    tables(to)
}

fn tables(dir: &Path) -> PathBuf {
    dir.join(DEMO).join("tables")
}

fn make() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut setup = setup(dir.path());
    let demo = setup.command(&["demo", "--events", EVENTS, "--dir", DEMO, "--json"]).output().unwrap();
    assert!(demo.status.success(), "{}", stderr(&demo));
    setup.set("VERBATIM__STORE__PATH", tables(dir.path()).display());
    planted::write(&dir.path().join("feedback.csv"), planted::this_hour());
    import(&setup, "web");
    let hook = deliver(&mut setup);
    let mut served = setup.serve();
    wait_until_made(&mut served, &hook);
    served.stop();
    dir
}
