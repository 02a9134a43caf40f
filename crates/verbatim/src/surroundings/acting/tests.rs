use super::*;
use crate::config::assemble;
use std::path::Path;

const RULES: &str = "version = \"1\"\n[[owner]]\nname = \"support\"\naddress = \"support@example.com\"\n\
                     targets = [\"crm\"]\n[fallback]\nowner = \"support\"\npriority = \"P3\"\n";

/// A directory with these files, whose names stand as `{name}` in the settings.
pub(super) fn loaded(dir: &tempfile::TempDir, settings: &str, files: &[(&str, &str)]) -> Loaded {
    let mut settings = settings.to_owned();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        settings = settings.replace(&format!("{{{name}}}"), &path.to_string_lossy());
    }
    assemble(Some((Path::new("my.toml"), &settings)), std::iter::empty()).unwrap()
}

pub(super) fn told(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{}: {}\n", problem.at, problem.message)).collect()
}

#[test]
fn the_defaults_fit_together() {
    let loaded = assemble(None, std::iter::empty()).unwrap();
    assert_eq!(told(&triage(&loaded)), "");
    let Found { problems, warnings } = rest(&loaded);
    assert_eq!((told(&problems), told(&warnings)), (String::new(), String::new()));
}

#[test]
fn every_name_that_leads_nowhere_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let rule = "[[rule]]\nname = \"a\"\nowner = \"support\"\npriority = \"P2\"\n[rule.when]\n\
                topics_any = [\"biling\"]\nsource = [\"reviw\"]\n\
                [[rule]]\nname = \"b\"\nowner = \"support\"\npriority = \"P2\"\n[rule.when]\n\
                revenue_at_least = 10\nrevenue_at_most = 5\n";
    let files = [
        ("triage", format!("{RULES}{rule}")),
        ("deliver", "[[target]]\nname = \"crn\"\nkind = \"kafka\"\ntopic = \"feedback.nps\"\n".to_owned()),
        (
            "alerts",
            "[budgets]\nsuport = 3\n[[silence]]\ntopic = \"loginn_access\"\nsource = \"npss\"\n".to_owned(),
        ),
        (
            "goals",
            "[[target]]\nname = \"n\"\nmetric = \"nps\"\nat_least = 40\nscope = { owner = \"nobody\" }\n"
                .to_owned(),
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let settings = "[triage]\nrules = \"{triage}\"\n[deliver]\nfile = \"{deliver}\"\n[alerts]\nrules = \"{alerts}\"\n\
                    to = [\"crm\"]\n[digest]\ntargets = \"{goals}\"\nto = [\"crn\"]\n";
    let loaded = loaded(&dir, settings, &files);
    assert_eq!(told(&triage(&loaded)), "", "a worker runs all the same");
    let Found { problems, warnings } = rest(&loaded);
    let text = told(&problems);
    for says in [
        "my.toml line 7: alerts.to: there is no delivery target \"crm\": did you mean crn?",
        "target crn: topic: feedback.nps is nps's topic",
        "the owner \"support\" has the target \"crm\", which does not exist",
        "\"biling\"",
        "\"reviw\"",
        "the rule \"b\" can never fire",
        "a budget is of the owner \"suport\", which does not exist: did you mean support?",
        "a silence is of the topic \"loginn_access\", which does not exist: did you mean login_access?",
        "a silence is of the source \"npss\", which does not exist: did you mean nps?",
        "goals line 2: the target \"n\" has the owner \"nobody\", which does not exist",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    assert_eq!((problems.len(), warnings.len()), (10, 0), "{text}");
}

#[test]
fn what_cannot_be_read_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let settings = "[triage]\nrules = \"{triage}\"\n[deliver]\nfile = \"{deliver}\"\n[alerts]\nrules = \"nowhere\"\n\
                    to = [\"crm\"]\n[digest]\ntargets = \"nowhere\"\n";
    let files = [("triage", "version = \"1\"\nowners = 1\n"), ("deliver", "[[target]]\nname = \"x\"\n")];
    let loaded = loaded(&dir, settings, &files);
    let wrong = triage(&loaded);
    assert!(wrong.len() == 1 && wrong[0].at.ends_with("triage line 2"), "{wrong:?}");
    assert!(wrong[0].message.contains("did you mean owner?"), "{wrong:?}");
    let Found { problems, .. } = rest(&loaded);
    let text = told(&problems);
    assert!(text.contains("alerts.rules: the alert rules nowhere cannot be read"), "{text}");
    assert!(text.contains("digest.targets: the goals nowhere cannot be read"), "{text}");
    assert!(text.contains("target x: kind: is missing"), "{text}");
    assert_eq!(problems.len(), 3, "{text}");
}

#[test]
fn rules_without_a_fallback_keep_a_worker_from_starting() {
    let dir = tempfile::tempdir().unwrap();
    let rules = RULES.split("[fallback]").next().unwrap();
    let loaded = loaded(&dir, "[triage]\nrules = \"{triage}\"\n", &[("triage", rules)]);
    let text = told(&triage(&loaded));
    assert!(text.contains("there is no fallback"), "{text}");
}

#[test]
fn a_secret_that_is_not_there_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let target = "[[target]]\nname = \"s\"\nkind = \"slack\"\nurl = \"env:VERBATIM_TEST_NOT_SET\"\n";
    let loaded = loaded(&dir, "[deliver]\nfile = \"{deliver}\"\n", &[("deliver", target)]);
    let text = told(&rest(&loaded).problems);
    assert!(
        text.contains("target s: url cannot be read: the variable VERBATIM_TEST_NOT_SET is not set"),
        "{text}"
    );
}

#[test]
fn the_built_in_rules_beside_another_taxonomy_are_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    let topics = "version = \"1\"\n[[topic]]\nid = \"a\"\nname = \"A\"\ndescription = \"All of it\"\n";
    let loaded = loaded(&dir, "[analyze]\ntaxonomy = \"{topics}\"\n", &[("topics", topics)]);
    let Found { problems, warnings } = rest(&loaded);
    assert_eq!(told(&problems), "");
    assert!(warnings.len() == 1 && warnings[0].message.contains("do not fit this taxonomy"), "{warnings:?}");
}

#[test]
fn a_silence_that_is_over_is_warned_of_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let alerts = "[[silence]]\ntopic = \"login_access\"\nuntil = \"2026-03-02\"\n\
                  [[silence]]\nsource = \"nps\"\nuntil = \"2999-01-01\"\n[[silence]]\ntopic = \"billing\"\n";
    let loaded = loaded(&dir, "[alerts]\nrules = \"{alerts}\"\n", &[("alerts", alerts)]);
    let Found { problems, warnings } = rest(&loaded);
    assert_eq!((told(&problems), warnings.len()), (String::new(), 1), "{warnings:?}");
    assert!(warnings[0].at.ends_with("alerts"), "{warnings:?}");
    let says = "the silence of the topic login_access is over, its last day was 2026-03-02: take it out";
    assert_eq!(warnings[0].message, says);
}
