//! What people see in a real browser, and what programs get: the scripts in `tests/web` ask the real server and say what is
//! wrong. Pictures of every page are left in `target/screenshots`.

use crate::program::stderr;
use crate::support::oracle::Tables;
use crate::support::process::{PATIENCE, Setup};
use crate::support::served::Served;
use crate::support::{planted, tool, wait_for};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Where the demo puts its tables.
const DEMO: &str = "demo";
/// What the vendor of the connection `typeform` signs with.
const SECRET: &str = "correct horse battery staple";

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

    /// Runs a script of `tests/web` to its end; what it says is wrong fails the test.
    fn look(&self, script: &str, arguments: &[&str], served: &Served, token: &str) {
        let scripts = xtask::paths::root().join("tests/web");
        let output = Command::new(&self.python)
            .arg("-B")
            .arg(scripts.join(script))
            .args(arguments)
            .env("VERBATIM_WEB_URL", format!("http://{}", served.address))
            .env("VERBATIM_WEB_TOKEN", token)
            .env("VERBATIM_WEB_SECRET", SECRET)
            .env("VERBATIM_WEB_BROWSER", &self.browser)
            .env("VERBATIM_WEB_SCREENSHOTS", xtask::paths::target().join("screenshots"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{script} {arguments:?}:\n{said}\n{}", stderr(&output));
        println!("{script} {arguments:?}:\n{said}");
    }
}

/// Empty tables, and a connection whose requests are signed.
fn setup(dir: &Path) -> Setup {
    let mut setup = Setup::without_kafka(dir);
    let config = std::fs::read_to_string(dir.join("verbatim.toml")).unwrap();
    let vendors = "[vendors.typeform]\nsecret = \"env:TYPEFORM_SECRET\"\n\
                   [vendors.freshdesk]\nsource = \"freshdesk-eu\"\n";
    std::fs::write(dir.join("verbatim.toml"), config + vendors).unwrap();
    setup.set("TYPEFORM_SECRET", SECRET);
    setup.set("VERBATIM__WORKER__ROLLUP_EVERY", "1s");
    setup
}

/// Starts the server on empty tables and lets a script at it, as an admin called jane.
fn from_nothing(script: &str, arguments: &[&str]) {
    let Some(eyes) = Eyes::open() else { return };
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let token = setup.token("jane", "admin");
    let served = setup.serve();
    served.wait_until_ready();
    eyes.look(script, arguments, &served, &token);
    served.stop();
}

#[test]
fn a_person_gets_from_nothing_to_the_records_behind_a_number() {
    from_nothing("journey.py", &["desktop"]);
}

#[test]
fn and_on_a_phone() {
    from_nothing("journey.py", &["phone"]);
}

#[test]
fn feedback_with_scripts_and_links_shows_as_text() {
    from_nothing("hostile.py", &[]);
}

#[test]
fn nobody_gets_in_without_a_token() {
    from_nothing("closed.py", &[]);
}

#[test]
fn the_api_answers_as_its_document_says() {
    on_a_history(3_000, |look| {
        look("files.py", &[]);
        look("fuzz.py", &[]);
    });
}

#[test]
fn what_is_done_on_a_page_is_seen_there_and_by_programs_and_audited() {
    let Some(root) = on_a_history(3_000, |look| look("actions.py", &[])) else { return };
    let audited = Tables::open(&root.path().join(DEMO)).audited();
    let mut by_jane = audited.iter().filter(|event| event.by == "jane").map(|event| event.action.as_str());
    // In this order, whatever else is noted.
    for action in [
        "case.acknowledge",
        "case.assign",
        "case.resolve",
        "case.reopen",
        "alert.acknowledge",
        "alert.silence",
        "alert.unsilence",
        "alert.useful",
        "taxonomy.switch",
    ] {
        assert!(by_jane.any(|noted| noted == action), "{action} is not noted: {audited:?}");
    }
}

#[test]
fn every_page_is_whole_on_every_screen() {
    // At once, for a browser on one core takes minutes.
    on_a_history(8_000, |look| {
        std::thread::scope(|threads| {
            for part in ["desktop", "phone", "otherwise"] {
                threads.spawn(move || look("pages.py", &[part]));
            }
        });
    });
}

/// Starts the server on the demo's tables, waits until it has made of them what it makes, and lets scripts at it. What
/// is left is in the folder; `None` where nothing could look.
fn on_a_history(events: u32, scripts: impl FnOnce(&(dyn Fn(&str, &[&str]) + Sync))) -> Option<TempDir> {
    let eyes = Eyes::open()?;
    let dir = tempfile::tempdir().unwrap();
    let mut setup = setup(dir.path());
    let events = events.to_string();
    let demo = setup.command(&["demo", "--events", &events, "--dir", DEMO, "--json"]).output().unwrap();
    assert!(demo.status.success(), "{}", stderr(&demo));
    setup.set("VERBATIM__STORE__PATH", dir.path().join(DEMO).join("tables").display());
    // Something of these days that everybody should hear of.
    planted::write(&dir.path().join("feedback.csv"), planted::this_hour());
    let import = ["import", "feedback.csv", "--kind", "nps", "--source", "web"];
    let import = setup.command(&import).output().unwrap();
    assert!(import.status.success(), "{}", stderr(&import));
    std::fs::write(dir.path().join("targets.toml"), TARGETS).unwrap();
    setup.set("VERBATIM__DIGEST__TARGETS", "targets.toml");
    let token = setup.token("jane", "admin");
    let mut served = setup.serve();
    served.wait_until_ready();
    for words in ["cases: ", "alerts evaluated up to ", "made and archived"] {
        served.process.wait_for_words(words, 1);
    }
    scripts(&|script, arguments| eyes.look(script, arguments, &served, &token));
    let log = served.stop();
    assert!(!log.contains("by a defect of this program"), "{log}");
    Some(dir)
}

#[test]
fn a_demo_is_served_until_it_is_told_to_stop() {
    let dir = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(dir.path(), "127.0.0.1:1");
    // Of the user's settings it takes nothing that would lead out of the demo.
    setup.set("VERBATIM__GATEWAY__INTO", "kafka");
    setup.set("VERBATIM__CASES__TOPIC", "told");
    setup.set("VERBATIM__LOG__LEVEL", "info");
    let mut command = setup.command(&["demo", "--serve", "--json", "--events", "100"]);
    let said = dir.path().join("said.json");
    command.stdout(std::fs::File::create(&said).unwrap());
    let process = setup.spawn_heard(command);
    let address = wait_for("the demo's address", PATIENCE, || {
        let said = std::fs::read_to_string(&said).unwrap();
        let said: serde_json::Value = serde_json::from_str(&said).ok()?;
        said["dashboard"].as_str()?.strip_prefix("http://")?.strip_suffix('/')?.parse().ok()
    });
    let served = Served { process, address };
    served.wait_until_ready();
    // Nobody is asked for a token on this machine.
    let anybody = served.client("");
    let page = anybody.ask("GET", "/", &[("accept", "text/html")], b"").unwrap();
    assert!(page.status == 200 && page.body.contains("Overview"), "{page:?}");
    assert_eq!(anybody.get("/v1/status").unwrap().status, 200);
    let event = crate::support::events::payload(0);
    assert_eq!(anybody.post("/v1/events", "application/json", &event).unwrap().status, 202);
    served.stop();
}
