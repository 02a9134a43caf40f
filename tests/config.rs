//! `config` and `doctor`: what is in force, what is wrong with it, and what is reachable.

use crate::cli::ANSWERS;
use crate::program::{stderr, stdout, verbatim};
use serde_json::Value;

#[test]
fn a_wrong_key_is_refused_with_its_place_and_the_right_one() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("verbatim.toml"), "[worker]\n\nbatch_row = 5\n").unwrap();
    let output = verbatim(dir.path()).args(["config", "check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(
        error.contains("verbatim.toml line 3") && error.contains("did you mean worker.batch_rows?"),
        "{error}"
    );

    let output = verbatim(dir.path())
        .args(["--config", "/dev/null", "config", "check"])
        .env("VERBATIM__STORE__PAHT", "x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(error.contains("did you mean $VERBATIM__STORE__PATH?"), "{error}");
}

#[test]
fn what_is_in_force_is_shown_without_its_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    std::fs::write(
        &file,
        "[kafka.properties]\n\"sasl.password\" = \"hunter2\"\n\"sasl.username\" = \"ann\"\n",
    )
    .unwrap();
    let output = verbatim(dir.path())
        .args(["config", "show", "--json"])
        .env("VERBATIM_CONFIG", &file)
        .env("VERBATIM__PRIVACY__KEY", "hunter3")
        .env("VERBATIM__WORKER__THREADS", "3")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(!text.contains("hunter"), "{text}");
    let settings: Vec<Value> = serde_json::from_str(&text).unwrap();
    let get =
        |key: &str| settings.iter().find(|line| line["key"] == key).unwrap_or_else(|| panic!("no {key}"));
    assert_eq!(get("kafka.properties.\"sasl.password\"")["value"], "\"***\"");
    assert_eq!(get("kafka.properties.\"sasl.username\"")["value"], "\"ann\"");
    assert_eq!(get("worker.threads")["from"], "$VERBATIM__WORKER__THREADS");
    assert_eq!(get("worker.batch_rows")["from"], Value::Null);
}

#[test]
fn a_check_finds_what_only_a_start_would() {
    let dir = tempfile::tempdir().unwrap();
    let topic = "[[topic]]\nid = \"a\"\nname = \"A\"\ndescription = \"All of it\"\n";
    std::fs::write(dir.path().join("topics.toml"), format!("version = \"1\"\n{topic}{topic}")).unwrap();
    std::fs::write(
        dir.path().join("verbatim.toml"),
        "[kafka]\ngroup = \"\"\n[analyze]\ntaxonomy = \"topics.toml\"\n[privacy]\nkey_file = \"nowhere\"\n\
         [kafka.properties]\n\"sesion.timeout.ms\" = 6000\n\"session.timeout.ms\" = \"soon\"\n\
         \"ssl.ca.location\" = \"/nowhere/ca.pem\"\n\"sasl.password\" = \"env:NOT_SET_ANYWHERE\"\n\
         [worker]\nbatch_time = \"5 apples\"\n",
    )
    .unwrap();
    let check = |args: &[&str]| verbatim(dir.path()).args(["config", "check"]).args(args).output().unwrap();
    let all = |output: &std::process::Output| -> Vec<String> {
        let found: Value = serde_json::from_str(&stdout(output)).unwrap();
        assert_eq!((output.status.code(), &found["ok"]), (Some(1), &false.into()));
        let text =
            |problem: &Value| format!("{}: {}", problem["at"], problem["message"]).replace(['"', '\\'], "");
        found["problems"].as_array().unwrap().iter().map(text).collect()
    };
    let says = |problems: &[String], expected: &[&str]| {
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for expected in expected {
            assert!(
                problems.iter().any(|problem| problem.starts_with(expected)),
                "{expected}: {problems:#?}"
            );
        }
    };
    let common = [
        "verbatim.toml line 2: kafka.group: must not be empty",
        "verbatim.toml line 4: analyze.taxonomy: the taxonomy topics.toml is wrong: two topics have the id a",
        "verbatim.toml line 6: privacy.key_file: the pseudonym key nowhere cannot be read",
        "verbatim.toml line 13: worker.batch_time: expected a duration",
    ];
    let secret =
        "verbatim.toml line 11: kafka.properties.sasl.password: the variable NOT_SET_ANYWHERE is not set";
    says(&all(&check(&["--json"])), &[&common[..], &[secret]].concat());
    let properties = [
        "verbatim.toml line 8: kafka.properties.sesion.timeout.ms: librdkafka has no such property",
        "verbatim.toml line 9: kafka.properties.session.timeout.ms: ",
        "verbatim.toml line 10: kafka.properties.ssl.ca.location: /nowhere/ca.pem cannot be read",
    ];
    let output = verbatim(dir.path())
        .args(["config", "check", "--json"])
        .env("NOT_SET_ANYWHERE", "s3cret")
        .output()
        .unwrap();
    assert!(!stdout(&output).contains("s3cret"));
    says(&all(&output), &[&common[..], &properties].concat());
    let text = stderr(&check(&[]));
    assert!(text.contains("the configuration has 5 mistakes"), "{text}");

    // A worker refuses to start with what the check finds.
    let worker = verbatim(dir.path())
        .args(["--config", "/dev/null", "worker"])
        .env("VERBATIM__ANALYZE__TAXONOMY", "topics.toml")
        .output()
        .unwrap();
    assert_eq!(worker.status.code(), Some(1));
    assert!(stderr(&worker).contains("two topics have the id"), "{}", stderr(&worker));
    assert!(!dir.path().join("verbatim-data").exists());
}

#[test]
fn the_committed_defaults_pass_their_own_check() {
    let dir = tempfile::tempdir().unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/verbatim.toml");
    let output = verbatim(dir.path()).args(["--config", file, "config", "check"]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn the_doctor_names_what_is_not_reachable() {
    let dir = tempfile::tempdir().unwrap();
    let output = verbatim(dir.path())
        .args(["doctor", "--json", "--patience", "1"])
        // Port 1 is nobody's.
        .env("VERBATIM__KAFKA__BOOTSTRAP", "127.0.0.1:1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
    let verdict =
        |what: &str| findings.iter().find(|finding| finding["what"] == what).unwrap()["verdict"].clone();
    assert_eq!(verdict("broker"), "fail");
    let broker = findings.iter().find(|finding| finding["what"] == "broker").unwrap();
    let found = broker["found"].as_str().unwrap();
    // Once, and not in librdkafka's words.
    assert!(found.starts_with("nothing listens at 127.0.0.1:1; start it, or set kafka.bootstrap"), "{found}");
    assert!(!found.contains("ransport"), "{found}");
    assert_eq!(verdict("taxonomy"), "ok");
    assert_eq!(verdict("pseudonym key"), "warn");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "the doctor looks and makes nothing");
}

#[test]
fn the_doctor_misses_no_broker_where_nobody_has_named_one() {
    let dir = tempfile::tempdir().unwrap();
    let output = verbatim(dir.path()).args(["doctor", "--json", "--patience", "1"]).output().unwrap();
    let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
    let broker = findings.iter().find(|finding| finding["what"] == "broker").unwrap();
    // One may be there by chance.
    assert_ne!(broker["verdict"], "fail", "what comes in goes into the tables: {broker}");
}

#[test]
fn the_doctor_says_that_a_name_does_not_resolve() {
    let dir = tempfile::tempdir().unwrap();
    let output = verbatim(dir.path())
        .args(["doctor", "--patience", "2"])
        // A domain that never is (RFC 6761).
        .env("VERBATIM__KAFKA__BOOTSTRAP", "nowhere.invalid:9092")
        .output()
        .unwrap();
    let text = stdout(&output);
    assert!(text.contains("FAIL  broker         the name nowhere.invalid does not resolve; "), "{text}");
}

#[test]
fn what_looks_like_a_setting_and_is_none_is_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = verbatim(dir.path());
        let command = command.args(args).env("VERBATIM_STORE__PATH", "elsewhere");
        command.env("VERBATIM__KAFKA__BOOTSTRAP", "127.0.0.1:1").output().unwrap()
    };
    let says = "$VERBATIM_STORE__PATH: no setting is named so, and it counts for nothing: did you mean \
                $VERBATIM__STORE__PATH?";
    let checked = run(&["config", "check"]);
    assert!(checked.status.success(), "{}", stderr(&checked));
    assert!(
        stdout(&checked).starts_with(&format!("warning: {says}\nThe configuration is right")),
        "{checked:?}"
    );
    let checked: Value = serde_json::from_str(&stdout(&run(&["config", "check", "--json"]))).unwrap();
    assert_eq!(
        (&checked["ok"], &checked["warnings"][0]["at"]),
        (&true.into(), &"$VERBATIM_STORE__PATH".into())
    );
    let doctor = stdout(&run(&["doctor", "--patience", "1"]));
    assert!(doctor.contains(&format!("warn  configuration  {says}\n")), "{doctor}");
}

#[test]
fn a_check_says_once_what_is_wrong_with_a_key_and_an_address() {
    let dir = tempfile::tempdir().unwrap();
    let output = verbatim(dir.path())
        .args(["config", "check"])
        .env("VERBATIM__PRIVACY__KEY", "hunter2")
        .env("VERBATIM__KAFKA__BOOTSTRAP", "nonsense with spaces")
        .output()
        .unwrap();
    let text = stderr(&output);
    assert!(
        text.contains("$VERBATIM__KAFKA__BOOTSTRAP: kafka.bootstrap: \"nonsense with spaces\" is no broker"),
        "{text}"
    );
    assert!(text.contains("$VERBATIM__PRIVACY__KEY: privacy.key: is no key: make one with"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn the_doctor_looks_at_the_place_of_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    let look = |path: &str| {
        let output = verbatim(dir.path())
            .args(["doctor", "--json", "--patience", "1"])
            .env("VERBATIM__KAFKA__BOOTSTRAP", "127.0.0.1:1")
            .env("VERBATIM__STORE__PATH", path)
            .output()
            .unwrap();
        let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
        move |what: &str| findings.iter().find(|finding| finding["what"] == what).cloned().unwrap_or_default()
    };
    std::fs::write(dir.path().join("file"), "x").unwrap();
    for path in ["file", "file/below"] {
        let tables = look(path)("tables");
        assert_eq!(tables["verdict"], "fail", "{tables}");
        assert!(tables["found"].as_str().unwrap().contains("is a file"), "{tables}");
    }
    assert_eq!(look("not/yet")("tables")["verdict"], "ok");
    let url = format!("file://{}", dir.path().join("tables").display());
    assert_eq!(look(&url)("tables")["verdict"], "ok");

    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let import = |path: &str| {
        let mut command = verbatim(dir.path());
        command
            .args(["import", "nps.csv", "--kind", "nps"])
            .env("VERBATIM__STORE__PATH", path)
            .output()
            .unwrap()
    };
    assert!(import(&url).status.success());
    let found = look(&url);
    assert_eq!(found("judgements")["verdict"], "ok", "{}", found("judgements"));
    assert!(found("ledger")["found"].as_str().unwrap().starts_with("3 facts"), "{}", found("ledger"));
    let topics = "version = \"9\"\n[[topic]]\nid = \"a\"\nname = \"A\"\ndescription = \"All of it\"\n";
    std::fs::write(dir.path().join("topics.toml"), topics).unwrap();
    std::fs::write(dir.path().join("verbatim.toml"), "[analyze]\ntaxonomy = \"topics.toml\"\n").unwrap();
    let judged = look(&url)("judgements");
    assert_eq!(judged["verdict"], "warn");
    assert!(judged["found"].as_str().unwrap().starts_with("3 of 3 rows"), "{judged}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    for args in [&["--config", "nosuch.toml", "report"][..], &["config", "check", "--config", "nosuch.toml"]]
    {
        let output = verbatim(dir.path()).args(args).output().unwrap();
        let error = stderr(&output);
        assert_eq!((output.status.code(), error.lines().count()), (Some(1), 1), "{error}");
        assert!(error.contains("cannot read the configuration file nosuch.toml"), "{error}");
    }
}

#[test]
fn a_server_starts_only_with_secrets_that_lead_somewhere() {
    let dir = tempfile::tempdir().unwrap();
    let settings = "[server]\nlisten = \"127.0.0.1:0\"\n[vendors.nps]\nsecret = \"env:NOT_SET_ANYWHERE\"\n";
    std::fs::write(dir.path().join("verbatim.toml"), settings).unwrap();
    for args in [&["config", "check"][..], &["serve"]] {
        let output = verbatim(dir.path()).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let error = stderr(&output);
        let why = "verbatim.toml line 4: vendors.nps.secret: the variable NOT_SET_ANYWHERE is not set";
        assert!(error.contains(why), "{args:?}: {error}");
    }
    assert!(!dir.path().join("verbatim-data").exists(), "nothing was made");
}
