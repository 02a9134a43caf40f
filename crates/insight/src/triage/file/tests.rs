use super::super::check::{Known, check};
use super::super::topics::TopicTree;
use super::*;
use feedback::{judgement::Urgency, score::ScoreKind};

const FULL: &str = r#"
version = "3"
review_queue = "people"

[floors]
topics = 0.6

[[owner]]
name = "identity"
address = "identity@example.com"
targets = ["slack"]
escalates_to = "support"

[[owner]]
name = "support"
targets = ["mail"]

[[rule]]
name = "locked out"
owner = "identity"
priority = "P1"
queue = "access"
labels = ["outage"]
actions = ["slack"]
review_queue = "doubtful"
[rule.floors]
urgency = 0.7
[rule.when]
source = ["ticket"]
event_source = ["help-desk"]
account = ["Acme"]
segment = ["enterprise"]
product = ["app"]
version = ["7.3"]
language = ["en"]
kind = ["bug", "complaint"]
sentiment = ["negative"]
urgency = ["high"]
score = { kind = "csat", scale = "1-5", at_least = 1, at_most = 2 }
revenue_at_least = 1000
revenue_at_most = 1e6
topics_any = ["login_access"]
topics_all = ["login_access"]
words = ["locked out"]

[fallback]
owner = "support"
priority = "P4"

[cases]
likeness = 0.7
window_days = 10
reopen_days = 20
kinds = ["bug"]

[escalate]
P1 = "90m"
P4 = "1w"
history_days = 3
"#;

fn fault(text: &str) -> String {
    TriageFile::parse(text).unwrap_err().to_string()
}

#[test]
fn every_key_is_read() {
    let file = TriageFile::parse(FULL).unwrap();
    assert!(file.version.starts_with("3:") && file.version.len() == "3:".len() + 8, "{}", file.version);
    assert_eq!((file.review_queue.as_str(), file.owners.len()), ("people", 2));
    assert_eq!(file.floors, Floors { topics: 0.6, ..Floors::default() });
    let rule = &file.rules[0];
    assert_eq!(file.floors.but_for(rule.floors).urgency, 0.7);
    assert_eq!((rule.outcome.priority, rule.outcome.queue.as_str()), (Priority::P1, "access"));
    assert_eq!(rule.when.urgency, Some(vec![Urgency::High]));
    let score = rule.when.score.unwrap();
    assert_eq!((score.kind, score.scale, score.at_most), (ScoreKind::Csat, Some((1.0, 5.0)), Some(2.0)));
    assert_eq!(rule.when.revenue_at_least, Some(1000.0));
    let fallback = file.fallback.unwrap();
    assert_eq!((fallback.queue.as_str(), fallback.priority), ("support", Priority::P4));
    assert_eq!(file.cases.window_days, 10);
    let wait = |priority| file.escalate.wait(priority).map(|wait| wait.as_secs());
    let of_the_code = Some(2 * 86_400);
    assert_eq!(Priority::ALL.map(wait), [Some(5_400), of_the_code, None, Some(604_800)]);
    assert_eq!(file.escalate.history_days, 3);
}

#[test]
fn the_default_is_right_and_states_the_floors_of_the_code() {
    let file = TriageFile::standard().unwrap();
    assert_eq!(file.floors, Floors::default());
    assert_eq!(file.cases, CaseRules::default());
    assert_eq!(file.escalate, Escalate::default());
    // The topics it names are in the built-in taxonomy, which only the binary sees beside it.
    let named = file.rules.iter().flat_map(|rule| [&rule.when.topics_any, &rule.when.topics_all]);
    let named: Vec<&str> = named.flatten().flatten().map(String::as_str).collect();
    let tree = TopicTree::new(named.iter().map(|id| (*id, None)));
    let findings = check(&file, &Known::new(&tree));
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn the_version_follows_the_content() {
    let one = TriageFile::parse(FULL).unwrap();
    let two = TriageFile::parse(&FULL.replace("\"P4\"", "\"P3\"")).unwrap();
    assert!(one.version != two.version && two.version.starts_with("3:"));
    assert!(fault("[fallback]\nowner = \"a\"\npriority = \"P1\"").contains("there is no version"));
}

#[test]
fn faults_name_the_line_and_what_was_meant() {
    assert!(fault("version = ").contains("line 1"));
    assert_eq!(
        fault(&FULL.replace("escalates_to", "escalate_to")),
        "the triage rules are wrong. line 12: there is no key owner.escalate_to: did you mean escalates_to?"
    );
    let two = FULL.replace("window_days", "windw_days").replace("[floors]", "[floor]");
    assert!(fault(&two).starts_with("the triage rules have 2 mistakes:\n  line 5: "), "{}", fault(&two));
    let kind = fault(&FULL.replace("\"bug\", \"complaint\"", "\"bugg\""));
    assert!(kind.contains("line 36") && kind.contains("feature_request"), "{kind}");
    assert!(fault(&FULL.replace("\"1-5\"", "\"five\"")).contains("\"five\" is no scale"));
    assert!(fault(&FULL.replace("\"1-5\"", "\"5-1\"")).contains("is no scale"));
    assert!(fault(&FULL.replace("1e6", "nan")).contains("nan is no bound"));
    assert!(fault(&FULL.replace("\"P1\"", "\"P0\"")).contains("P0"));
    let wait = fault(&FULL.replace("90m", "soon"));
    assert!(wait.contains("line 57") && wait.contains("\"soon\" is no time that a case may wait"), "{wait}");
}
