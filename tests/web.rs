//! What people see in a real browser, and what programs get: the scripts in `tests/web` ask the real server and say what is
//! wrong. Pictures of every page are left in `target/screenshots`.

mod history;
mod hostile;
mod site;

use crate::program::{stderr, stdout};
use crate::support::oracle::Tables;
use crate::support::process::{PATIENCE, Setup};
use crate::support::served::Served;
use crate::support::wait_for;
use serde_json::Value;
use site::Site;
use std::path::Path;

/// Where the demo puts its tables.
const DEMO: &str = "demo";

/// Starts the server on empty tables and lets a script at it.
fn from_nothing(script: &str, arguments: &[&str]) {
    let Some(site) = Site::empty() else { return };
    site.look(script, arguments);
    site.stop();
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
fn nobody_gets_in_without_a_token() {
    from_nothing("closed.py", &[]);
}

#[test]
fn feedback_with_scripts_and_links_shows_as_text_and_the_api_answers_as_its_document_says() {
    let Some(site) = Site::hostile() else { return };
    site.look("hostile.py", &[]);
    site.look("fuzz.py", &[]);
    site.stop();
}

#[test]
fn every_list_is_a_file_and_a_shell_finds_what_the_api_does() {
    let Some(site) = Site::full() else { return };
    a_shell_finds_what_the_api_does(&site);
    site.look("files.py", &[]);
    site.stop();
}

/// `search` reads the tables, the server what it holds of them: by words and by meaning both find the same, in the same order.
fn a_shell_finds_what_the_api_does(site: &Site) {
    let api = site.served.client(&site.token);
    let found = |records: &Value| -> Vec<(String, Value)> {
        let records = records.as_array().unwrap().iter();
        records.map(|one| (one["record_id"].as_str().unwrap().to_owned(), one["likeness"].clone())).collect()
    };
    let mut nearest = String::new();
    for (asked, options) in [
        ("q=log+in+-zeppelin", vec!["log in -zeppelin"]),
        ("q=%22the+export%22&source=ticket", vec!["\"the export\"", "--source", "ticket"]),
        (
            "meaning=people+cannot+get+into+their+account",
            vec!["--meaning", "people cannot get into their account"],
        ),
    ] {
        let told = api.get(&format!("/v1/records?{asked}&limit=20")).unwrap().json();
        let shown = searched(site, &options);
        let (by_api, by_shell) = (found(&told["items"]), found(&shown["records"]));
        assert!(!by_api.is_empty() && by_api == by_shell, "{asked}: {by_api:?}\n{by_shell:?}");
        assert_eq!(told["total"], shown["total"], "{asked}");
        nearest = by_api[0].0.clone();
    }
    let told = api.get(&format!("/v1/records?like={nearest}&limit=20")).unwrap().json();
    assert_eq!(found(&told["items"]), found(&searched(site, &["--like", &nearest])["records"]));
}

fn searched(site: &Site, options: &[&str]) -> Value {
    let output = site.setup.command(&["search", "--json", "--limit", "20"]).args(options).output().unwrap();
    assert!(output.status.success(), "{options:?}: {}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn what_is_done_on_a_page_is_seen_there_and_by_programs_and_audited() {
    let Some(site) = Site::full() else { return };
    let (editor, viewer) = (site.setup.token("ed", "editor"), site.setup.token("vera", "viewer"));
    site.look("actions.py", &[]);
    site.look("roles.py", &[&editor, &viewer]);
    let root = site.stop();
    let audited = Tables::open(&root.path().join(DEMO)).audited();
    let mut by_jane = audited.iter().filter(|event| event.by == "jane").map(|event| event.action.as_str());
    // In this order, whatever else is noted.
    for action in [
        "record.correct",
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
    assert!(audited.iter().all(|event| event.by != "vera"), "a viewer changed something: {audited:?}");
}

#[test]
fn every_page_is_whole_on_every_screen() {
    let Some(site) = Site::full() else { return };
    // At once, for a browser on one core takes minutes.
    std::thread::scope(|threads| {
        for part in ["desktop", "phone", "otherwise"] {
            let site = &site;
            threads.spawn(move || site.look("pages.py", &[part]));
        }
    });
    site.stop();
}

#[test]
fn a_demo_is_served_until_it_is_told_to_stop() {
    let dir = tempfile::tempdir().unwrap();
    let (served, said) = demo(dir.path(), &["--json", "--events", "6000"], |said| {
        serde_json::from_str::<Value>(said).ok()?["dashboard"].as_str().map(str::to_owned)
    });
    // Nobody is asked for a token on this machine.
    let anybody = served.client("");
    assert_eq!(anybody.get("/v1/status").unwrap().status, 200);
    let event = crate::support::events::payload(0);
    assert_eq!(anybody.post("/v1/events", "application/json", &event).unwrap().status, 202);
    let said: Value = serde_json::from_str(&said).unwrap();
    shows_the_story(&served, &said["report"]);
    served.stop();
}

/// What the report calls real stands on the overview of the same weeks.
fn shows_the_story(served: &Served, report: &Value) {
    let real = report["movers"].as_array().unwrap().iter().filter(|mover| mover["verdict"] == "real");
    let topics: Vec<String> =
        real.map(|mover| format!("href=\"/topics/{}", mover["topic"].as_str().unwrap())).collect();
    assert!(!topics.is_empty(), "nothing of the story is real: {report}");
    let anybody = served.client("");
    wait_for("the story on the overview", PATIENCE, || {
        let page = anybody.ask("GET", "/?weeks=12", &[("accept", "text/html")], b"").unwrap();
        assert!(page.status == 200 && page.body.contains("Overview"), "{page:?}");
        topics.iter().all(|topic| page.body.contains(topic)).then_some(())
    });
}

#[test]
fn the_last_that_a_demo_prints_is_where_its_dashboard_is() {
    let dir = tempfile::tempdir().unwrap();
    let (served, said) = demo(dir.path(), &["--events", "100"], |said| {
        let last = said.lines().last()?.strip_prefix("Dashboard  ")?;
        last.strip_suffix("  (Ctrl-C ends it)").map(str::to_owned)
    });
    let page = served.client("").ask("GET", "/", &[("accept", "text/html")], b"").unwrap();
    assert!(page.status == 200 && page.body.contains("Overview"), "{page:?}");
    assert!(said.contains("messages held"), "{said}");
    served.stop();
}

/// Serves a demo; returns once it answers at the address that `told` finds in what it printed, with all of that.
fn demo(dir: &Path, options: &[&str], told: impl Fn(&str) -> Option<String>) -> (Served, String) {
    let mut setup = Setup::new(dir, "127.0.0.1:1");
    // Of the user's settings it takes nothing that would lead out of the demo.
    setup.set("VERBATIM__GATEWAY__INTO", "kafka");
    setup.set("VERBATIM__CASES__TOPIC", "told");
    let mut command = setup.command(&["demo", "--serve"]);
    let printed = dir.join("printed");
    command.args(options).stdout(std::fs::File::create(&printed).unwrap());
    let process = setup.spawn_heard(command);
    let (address, said) = wait_for("the demo's address", PATIENCE, || {
        let said = std::fs::read_to_string(&printed).unwrap();
        let address = told(&said)?.strip_prefix("http://")?.strip_suffix('/')?.parse().ok()?;
        Some((address, said))
    });
    let served = Served { process, address };
    served.wait_until_ready();
    (served, said)
}
