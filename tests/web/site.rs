//! A server that the scripts look at: what its tables begin with, and whoever looks.

use super::{history, hostile};
use crate::program::stderr;
use crate::support::hook::Hook;
use crate::support::process::{PATIENCE, Setup};
use crate::support::served::Served;
use crate::support::{tool, wait_for};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// What the vendor of the connection `typeform` signs with.
const SECRET: &str = "correct horse battery staple";
/// What the server says once it has made of its tables what it makes.
const MADE: [&str; 3] = ["cases: ", "alerts evaluated up to ", "made and archived"];

/// Goals of each kind of figure: a score, a share, a time.
const TARGETS: &str = r#"
[[target]]
name = "NPS"
metric = "nps"
at_least = 40
period = "4 weeks"

[[target]]
name = "Complaints about billing"
metric = "negative_share"
scope = { topic = "billing" }
under = "20%"
period = "4 weeks"

[[target]]
name = "Somebody takes it up within a day"
metric = "time_to_acknowledge"
under = "24h"
"#;

/// What looks: Python with its packages, and a browser.
struct Eyes {
    python: PathBuf,
    browser: PathBuf,
}

impl Eyes {
    fn open() -> Option<Self> {
        Some(Self { python: tool("VERBATIM_TEST_WEB")?, browser: tool("VERBATIM_TEST_BROWSER")? })
    }
}

/// Looked at as an admin called jane.
pub struct Site {
    eyes: Eyes,
    pub setup: Setup,
    pub served: Served,
    pub token: String,
    dir: TempDir,
    /// As long as somebody has a copy of it the next one need not make it.
    _history: Option<Arc<TempDir>>,
}

impl Site {
    /// On empty tables; `None` where nothing can look.
    pub fn empty() -> Option<Self> {
        let eyes = Eyes::open()?;
        let dir = tempfile::tempdir().unwrap();
        let setup = setup(dir.path());
        Some(Self::open(eyes, dir, setup, None))
    }

    /// On weeks of feedback, with all that the server makes of them.
    pub fn full() -> Option<Self> {
        let eyes = Eyes::open()?;
        let dir = tempfile::tempdir().unwrap();
        let mut setup = setup(dir.path());
        let history = history::shared();
        setup.set("VERBATIM__STORE__PATH", history::copy(history.path(), dir.path()).display());
        set_goals(&mut setup);
        Some(Self::open(eyes, dir, setup, Some(history)))
    }

    /// On weeks of feedback by people who would run something, with all that the server makes of them.
    pub fn hostile() -> Option<Self> {
        let eyes = Eyes::open()?;
        let dir = tempfile::tempdir().unwrap();
        let mut setup = setup(dir.path());
        hostile::write_taxonomy(&dir.path().join("taxonomy.toml"));
        setup.set("VERBATIM__ANALYZE__TAXONOMY", "taxonomy.toml");
        // Of the week that ended last, on whatever day and at whatever hour this runs.
        setup.set("VERBATIM__DIGEST__TIME", "00:00");
        set_goals(&mut setup);
        let hook = deliver(&mut setup);
        hostile::write(&dir.path().join("feedback.csv"));
        import(&setup, "planted");
        let mut site = Self::open(eyes, dir, setup, None);
        wait_until_made(&mut site.served, &hook);
        Some(site)
    }

    fn open(eyes: Eyes, dir: TempDir, setup: Setup, history: Option<Arc<TempDir>>) -> Self {
        let token = setup.token("jane", "admin");
        let served = setup.serve();
        served.wait_until_ready();
        Self { eyes, setup, served, token, dir, _history: history }
    }

    /// Runs a script of `tests/web` to its end; what it says is wrong fails the test.
    pub fn look(&self, script: &str, arguments: &[&str]) {
        let scripts = xtask::paths::root().join("tests/web");
        let output = Command::new(&self.eyes.python)
            .arg("-B")
            .arg(scripts.join(script))
            .args(arguments)
            .env("VERBATIM_WEB_URL", format!("http://{}", self.served.address))
            .env("VERBATIM_WEB_TOKEN", &self.token)
            .env("VERBATIM_WEB_SECRET", SECRET)
            .env("VERBATIM_WEB_BROWSER", &self.eyes.browser)
            .env("VERBATIM_WEB_SCREENSHOTS", xtask::paths::target().join("screenshots"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{script} {arguments:?}:\n{said}\n{}", stderr(&output));
        println!("{script} {arguments:?}:\n{said}");
    }

    /// Stops it in order; what is left is in the folder.
    pub fn stop(self) -> TempDir {
        let log = self.served.stop();
        assert!(!log.contains("by a defect of this program"), "{log}");
        self.dir
    }
}

/// Empty tables, and a connection whose requests are signed.
pub fn setup(dir: &Path) -> Setup {
    let mut setup = Setup::without_kafka(dir);
    let config = std::fs::read_to_string(dir.join("verbatim.toml")).unwrap();
    let vendors = "[vendors.typeform]\nsecret = \"env:TYPEFORM_SECRET\"\n\
                   [vendors.freshdesk]\nsource = \"freshdesk-eu\"\n";
    std::fs::write(dir.join("verbatim.toml"), config + vendors).unwrap();
    setup.set("TYPEFORM_SECRET", SECRET);
    setup.set("VERBATIM__WORKER__ROLLUP_EVERY", "1s");
    setup
}

/// Imports `feedback.csv`, answers to the NPS question.
pub fn import(setup: &Setup, source: &str) {
    let import =
        setup.command(&["import", "feedback.csv", "--kind", "nps", "--source", source]).output().unwrap();
    assert!(import.status.success(), "{}", stderr(&import));
}

fn set_goals(setup: &mut Setup) {
    std::fs::write(setup.dir.join("targets.toml"), TARGETS).unwrap();
    setup.set("VERBATIM__DIGEST__TARGETS", "targets.toml");
}

/// Alerts and digests go to a webhook.
pub fn deliver(setup: &mut Setup) -> Hook {
    let hook = Hook::start(&[]);
    let desk = format!(
        "[[target]]\nname = \"desk\"\nkind = \"webhook\"\nurl = \"http://{}/hook\"\n\
         secret = \"0123456789abcdef\"\nallow_private = \"127.0.0.1\"\n",
        hook.address
    );
    std::fs::write(setup.dir.join("deliver.toml"), desk).unwrap();
    setup.set("VERBATIM__DELIVER__FILE", "deliver.toml");
    setup.set("VERBATIM__ALERTS__TO", "desk");
    setup.set("VERBATIM__DIGEST__TO", "desk");
    hook
}

/// Until there are cases, alerts and digests, and an alert and a digest were delivered.
pub fn wait_until_made(served: &mut Served, hook: &Hook) {
    for words in MADE {
        served.process.wait_for_words(words, 1);
    }
    wait_for("the alert and the digest to be delivered", PATIENCE, || (hook.heard().len() > 1).then_some(()));
}
