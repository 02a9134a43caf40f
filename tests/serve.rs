//! `verbatim serve` as a process: everything that has its time is done, sent, and not done again after a restart.

use crate::program::{stderr, stdout};
use crate::support::hook::Hook;
use crate::support::process::{PATIENCE, Setup};
use crate::support::{planted, wait_for};
use serde_json::Value;

fn json(setup: &Setup, args: &[&str]) -> Value {
    let output = setup.command(args).arg("--json").output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn what_has_its_time_is_done_sent_and_not_done_again() {
    let dir = tempfile::tempdir().unwrap();
    let hook = Hook::start(&[]);
    let target = format!(
        "[[target]]\nname = \"desk\"\nkind = \"webhook\"\nurl = \"http://{}/hook\"\n\
         secret = \"0123456789abcdef\"\nallow_private = \"127.0.0.1\"\ntimeout = \"5s\"\n",
        hook.address
    );
    std::fs::write(dir.path().join("deliver.toml"), target).unwrap();
    let mut setup = Setup::new(dir.path(), "127.0.0.1:1");
    setup.set("VERBATIM__DELIVER__FILE", "deliver.toml");
    setup.set("VERBATIM__ALERTS__TO", "desk");
    setup.set("VERBATIM__DIGEST__TO", "desk");
    setup.set("VERBATIM__LOG__LEVEL", "info,verbatim=debug");
    planted::write(&dir.path().join("feedback.csv"), planted::this_hour());
    json(&setup, &["import", "feedback.csv", "--kind", "nps", "--source", "web"]);

    let mut serve = setup.spawn(setup.command(&["serve"]), "");
    for words in ["rollup: nothing to do", "cases: ", "alerts evaluated up to ", "made and archived"] {
        serve.wait_for_words(words, 1);
    }
    let alerts = json(&setup, &["alerts", "list"]);
    let told = alerts["firing"].as_array().unwrap().iter().filter(|alert| alert["is_told"] == true).count();
    assert!(told > 0, "{alerts}");
    let heard = wait_for("the messages", PATIENCE, || {
        let heard = hook.heard();
        (heard.len() > told).then_some(heard)
    });
    let of = |kind: &str| {
        let kind = format!("\"kind\":\"{kind}\"");
        heard.iter().filter(|request| request.body.contains(&kind)).count()
    };
    assert_eq!((of("alert"), of("digest")), (told, 1));
    serve.terminate();
    let (status, log) = serve.wait();
    assert!(status.success(), "{status}\n{log}");
    assert!(log.contains("stopped: "), "{log}");

    let archived = json(&setup, &["digest", "list"]);
    let owners: Vec<&str> =
        archived.as_array().unwrap().iter().filter_map(|digest| digest["owner"].as_str()).collect();
    assert!(owners.contains(&"") && owners.contains(&"identity"), "everybody's, and an owner's: {archived}");

    // It remembers nothing; the tables do.
    let mut serve = setup.spawn(setup.command(&["serve"]), "");
    serve.wait_for_words("digest: nothing to do", 1);
    serve.terminate();
    let (status, log) = serve.wait();
    assert!(status.success() && !log.contains("made and archived"), "{status}\n{log}");
    assert_eq!(json(&setup, &["digest", "list"]), archived);
    assert_eq!(hook.heard().len(), heard.len(), "nothing is said twice");
}

#[test]
fn what_is_wrong_with_the_configuration_is_told_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let start = |name: &str, value: &str| {
        let mut setup = Setup::new(dir.path(), "127.0.0.1:1");
        setup.set(name, value);
        let output = setup.command(&["serve"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {}", stdout(&output));
        stderr(&output)
    };
    let error = start("VERBATIM__ALERTS__RULES", "nowhere.toml");
    assert!(error.contains("the alert rules nowhere.toml cannot be read"), "{error}");
    let error = start("VERBATIM__DIGEST__TARGETS", "nowhere.toml");
    assert!(error.contains("the targets nowhere.toml cannot be read"), "{error}");
    let error = start("VERBATIM__DIGEST__ZONE", "Mars/Olympus");
    assert!(error.contains("there is no time zone \"Mars/Olympus\""), "{error}");
    assert!(!dir.path().join("tables").exists(), "nothing was made");
}
