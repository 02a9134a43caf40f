use super::super::tests::{loaded, told};
use super::super::{Found, rest, triage};

const MAIL: &str = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.corp.test\"\n\
                    from = \"v@corp.test\"\nowners = true\n";
const SLACK: &str = "[[target]]\nname = \"slack\"\nkind = \"slack\"\nurl = \"https://hooks.example/x\"\n";

fn rules(owners: &[(&str, &str)]) -> String {
    let owner = |(name, rest): &(&str, &str)| format!("[[owner]]\nname = {name:?}\n{rest}\n");
    let owners: String = owners.iter().map(owner).collect();
    let name = "[fallback]\nowner = \"support\"\npriority = \"P3\"\n";
    format!("version = \"1\"\n{owners}{name}")
}

/// What is found of these files, first what is wrong.
fn found(rules: &str, targets: &str, more: &str) -> (String, String) {
    let dir = tempfile::tempdir().unwrap();
    let settings = format!("[triage]\nrules = \"{{triage}}\"\n[deliver]\nfile = \"{{deliver}}\"\n{more}");
    let loaded = loaded(&dir, &settings, &[("triage", rules), ("deliver", targets)]);
    let Found { problems, warnings } = rest(&loaded);
    (told(&problems), told(&warnings))
}

const SUPPORT: (&str, &str) = ("support", "address = \"support@corp.test\"");

#[test]
fn owners_who_are_reached_at_their_address_are_fine() {
    let names = "[alerts]\nto = [\"mail/support\"]\n";
    assert_eq!(found(&rules(&[SUPPORT]), MAIL, names), (String::new(), String::new()));
    let by_name = rules(&[SUPPORT, ("desk", "targets = [\"mail/support\"]")]);
    assert_eq!(found(&by_name, MAIL, ""), (String::new(), String::new()));
}

#[test]
fn owners_whom_nothing_reaches_are_warned_of_where_deliveries_are_on() {
    let four = rules(&[
        SUPPORT,
        ("a", "address = \"a@corp.test\""),
        ("b", "address = \"b@corp.test\""),
        ("c", "address = \"c@corp.test\""),
        ("d", "targets = [\"slack\"]"),
    ]);
    let (problems, warnings) = found(&four, SLACK, "");
    assert_eq!(problems, "");
    let says = "says owners = true, so that nothing reaches \"support\", \"a\", \"b\" and 1 more, who have";
    assert!(warnings.contains(says) && warnings.contains("say so in one, or give them"), "{warnings}");
    // Where nothing leaves, nothing is to be said.
    let dir = tempfile::tempdir().unwrap();
    let loaded = loaded(&dir, "[triage]\nrules = \"{triage}\"\n", &[("triage", rules(&[SUPPORT]).as_str())]);
    let Found { problems, warnings } = rest(&loaded);
    assert_eq!((told(&problems), told(&warnings)), (String::new(), String::new()));
}

#[test]
fn an_address_that_is_none_is_a_mistake() {
    let broken = rules(&[SUPPORT, ("a", "address = \"a@\"")]);
    let dir = tempfile::tempdir().unwrap();
    let loaded = loaded(&dir, "[triage]\nrules = \"{triage}\"\n", &[("triage", broken.as_str())]);
    let text = told(&triage(&loaded));
    assert!(text.contains("the owner \"a\" has the address \"a@\", to which no mail can go"), "{text}");
    let (problems, _) = found(&broken, MAIL, "");
    assert_eq!(problems, "", "it is told once, among what a worker needs");
}

#[test]
fn addresses_that_are_only_examples_are_warned_of() {
    let a = ("a", "address = \"a@Example.com\"");
    let examples = rules(&[SUPPORT, a, ("b", "address = \"b@x.example\"")]);
    let (problems, warnings) = found(&examples, MAIL, "");
    assert_eq!(problems, "");
    let says = "mail to \"a\", \"b\" gets lost";
    assert!(warnings.contains(says) && !warnings.contains("support"), "{warnings}");
}

#[test]
fn what_only_reaches_owners_is_no_target_by_itself() {
    let named = rules(&[SUPPORT, ("desk", "targets = [\"mail\"]")]);
    let named = format!("{named}actions = [\"mail\"]\n");
    let (problems, _) = found(&named, MAIL, "[alerts]\nto = [\"mail\"]\n[cases]\nto = [\"mail/suport\"]\n");
    let why = "it reaches owners alone: name one of them, as in \"mail/support\", or give it addresses of its \
               own by `to`";
    for says in [
        format!("alerts.to: \"mail\" is no target by itself: {why}"),
        format!("the owner \"desk\" has the target \"mail\", which is none by itself: {why}"),
        format!("the rule \"fallback\" sends to the target \"mail\", which is none by itself: {why}"),
        "cases.to: there is no delivery target \"mail/suport\": did you mean mail/support?".to_owned(),
    ] {
        assert!(problems.contains(&says), "{says}\n{problems}");
    }
    assert_eq!(problems.lines().count(), 4, "{problems}");
    let rules = rules(&[("support", "targets = [\"slack\"]")]);
    let (problems, warnings) = found(&rules, &format!("{MAIL}{SLACK}"), "");
    assert_eq!(problems, "");
    assert!(warnings.contains("target mail reaches owners who have an address and no targets"), "{warnings}");
}

#[test]
fn a_secret_of_what_only_reaches_owners_is_looked_for_once() {
    let locked = format!("{MAIL}user = \"v\"\npassword = \"env:VERBATIM_TEST_NOT_SET\"\n");
    let (problems, _) = found(&rules(&[SUPPORT, ("a", "address = \"a@corp.test\"")]), &locked, "");
    assert_eq!(problems.lines().count(), 1, "{problems}");
    assert!(problems.contains("target mail: password cannot be read: the variable VERBATIM_TEST_NOT_SET"));
}

#[test]
fn before_the_rules_are_mended_nobody_knows_the_owners() {
    let dir = tempfile::tempdir().unwrap();
    let settings = "[triage]\nrules = \"nowhere.toml\"\n[deliver]\nfile = \"{deliver}\"\n\
                    [alerts]\nto = [\"mail/support\"]\n";
    let loaded = loaded(&dir, settings, &[("deliver", MAIL)]);
    let Found { problems, warnings } = rest(&loaded);
    assert_eq!((told(&problems), told(&warnings)), (String::new(), String::new()));
}
