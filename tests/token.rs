//! `verbatim token`: made once, listed without what lets one in, and taken back.

use crate::cli::ANSWERS;
use crate::program::{stderr, stdout, verbatim};
use crate::support::oracle::Tables;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn a_token_is_shown_once_and_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| verbatim(dir.path()).arg("token").args(args).output().unwrap();
    let said = stdout(&run(&["list"]));
    assert!(said.contains("There are no tokens yet"), "{said}");

    let made = run(&["create", "jane", "--role", "editor"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let token = stdout(&made).trim_end().to_owned();
    assert!(token.starts_with("vbt_") && token.len() == 47, "{token}");
    assert!(stderr(&made).contains("jane (editor, until it is revoked)"), "{}", stderr(&made));
    let file = dir.path().join("verbatim-data.tokens");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(&file).unwrap().contains(&token), "only its hash is kept");

    let made = run(&["create", "shop", "--role", "sender", "--expires", "90d", "--json"]);
    let made: Value = serde_json::from_str(&stdout(&made)).unwrap();
    assert!(made["token"].as_str().unwrap().starts_with("vbt_") && made["expires"].is_string(), "{made}");

    let again = run(&["create", "jane", "--role", "viewer"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("there is a token \"jane\" already"), "{}", stderr(&again));
    let wrong = run(&["create", "joe", "--role", "root"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));

    let listed: Value = serde_json::from_str(&stdout(&run(&["list", "--json"]))).unwrap();
    assert_eq!((&listed[0]["name"], &listed[1]["role"]), (&"jane".into(), &"sender".into()), "{listed}");
    assert!(token.ends_with(listed[0]["ends"].as_str().unwrap()) && !listed.to_string().contains(&token));
    let table = stdout(&run(&["list"]));
    assert!(table.contains("jane") && !table.contains(&token), "{table}");

    assert!(run(&["revoke", "jane"]).status.success());
    let gone = run(&["revoke", "jane"]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(stderr(&gone).contains("there is no token \"jane\""), "{}", stderr(&gone));
    let listed: Value = serde_json::from_str(&stdout(&run(&["list", "--json"]))).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

#[test]
fn who_made_and_took_back_a_token_is_in_the_audit() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let run = |args: &[&str]| verbatim(dir.path()).args(args).env("USER", "ann").output().unwrap();
    assert!(run(&["import", "nps.csv", "--kind", "nps"]).status.success());
    for (args, code) in [
        (&["token", "create", "jane", "--role", "viewer"][..], 0),
        (&["token", "create", "jane", "--role", "viewer"][..], 1),
        (&["token", "create", "j j", "--role", "viewer"][..], 1),
        (&["token", "revoke", "joe"][..], 1),
        (&["token", "revoke", "jane"][..], 0),
    ] {
        assert_eq!(run(args).status.code(), Some(code), "{args:?}");
    }
    let audited = Tables::at(&dir.path().join("verbatim-data")).audited();
    let told: Vec<[&str; 3]> =
        audited.iter().map(|row| [row.by.as_str(), row.action.as_str(), row.object.as_str()]).collect();
    assert_eq!(told, [["ann", "token.create", "jane"], ["ann", "token.revoke", "jane"]]);
}

#[test]
fn a_server_that_others_reach_starts_only_where_somebody_has_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str], listen: &str| {
        let mut command = verbatim(dir.path());
        command.args(args).env("VERBATIM__SERVER__LISTEN", listen).output().unwrap()
    };
    let check = run(&["config", "check"], "0.0.0.0:8080");
    assert!(
        stderr(&check).contains("server.listen: other machines reach 0.0.0.0:8080"),
        "{}",
        stderr(&check)
    );
    let serve = run(&["serve"], "0.0.0.0:8080");
    assert_eq!(serve.status.code(), Some(1));
    assert!(stderr(&serve).contains("verbatim token create NAME --role admin"), "{}", stderr(&serve));
    assert!(!dir.path().join("verbatim-data").exists(), "nothing was made");
    let wrong = run(&["serve"], "localhost");
    assert!(stderr(&wrong).contains("as in \"127.0.0.1:8080\""), "{}", stderr(&wrong));
    assert!(run(&["token", "create", "jane", "--role", "admin"], "0.0.0.0:8080").status.success());
    assert!(run(&["config", "check"], "0.0.0.0:8080").status.success());
}
