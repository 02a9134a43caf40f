use super::super::{
    decide::Scratch,
    file::{GivenFloors, ScoreRange, When},
    rules::RuleSet,
    testing::{file, invented, some, tree, when},
};
use super::*;
use feedback::{
    judgement::{FeedbackKind, SentimentLabel, Urgency},
    score::ScoreKind,
};
use proptest::prelude::*;

fn found(file: &TriageFile) -> Vec<String> {
    let tree = tree();
    let known = Known {
        sources: Some(&["ticket", "nps"]),
        languages: Some(&["en", "de", "unknown"]),
        targets: Some(&["chat", "mail"]),
        no_target: Some(("post", "name one of its owners")),
        ..Known::new(&tree)
    };
    check(file, &known).iter().map(ToString::to_string).collect()
}

fn dead(rules: Vec<(&str, When)>) -> Vec<String> {
    let (file, tree) = (file(rules), tree());
    let found = check(&file, &Known::new(&tree)).into_iter();
    let dead = found.filter(|finding| finding.kind == FindingKind::NeverFires);
    dead.filter_map(|finding| finding.rule).collect()
}

fn tickets() -> When {
    When { source: some(&["ticket"]), ..When::default() }
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(found(&file(vec![("tickets", tickets())])), [""; 0]);
}

#[test]
fn what_does_not_exist_is_told_with_what_was_meant() {
    let mut wrong = file(vec![("tickets", When { topics_any: some(&["biling", "none"]), ..tickets() })]);
    wrong.rules[0].when.source = some(&["tickets"]);
    wrong.rules[0].outcome.owner = "onne".to_owned();
    wrong.rules[0].outcome.actions = vec!["chta".to_owned(), "post".to_owned()];
    wrong.owners[0].targets = vec!["fax".to_owned(), "post".to_owned()];
    assert_eq!(
        found(&wrong),
        [
            "the owner \"one\" has the target \"fax\", which does not exist: add the target, or take it out",
            "the owner \"one\" has the target \"post\", which is none by itself: name one of its owners",
            "the rule \"tickets\" names the topic \"biling\", which the taxonomy has not: did you mean \"billing\"?",
            "the rule \"tickets\" names the source \"tickets\", which is no kind of feedback here: \
             did you mean \"ticket\"?",
            "the rule \"tickets\" gives to the owner \"onne\", who does not exist: did you mean \"one\"?",
            "the rule \"tickets\" sends to the target \"chta\", which does not exist: did you mean \"chat\"?",
            "the rule \"tickets\" sends to the target \"post\", which is none by itself: name one of its owners",
        ]
    );
}

#[test]
fn what_no_record_has_is_told() {
    let spoken = When { language: some(&["en", "en-US", "kauderwelsch", "unknown", ""]), ..tickets() };
    let written = When { segment: some(&["team", " "]), words: some(&["?!", "refund"]), ..tickets() };
    let told = found(&file(vec![("spoken", spoken), ("written", written)]));
    assert_eq!(
        told,
        [
            "the rule \"spoken\" names the language \"en-US\", which no record has: did you mean \"en\"?",
            "the rule \"spoken\" names the language \"kauderwelsch\", which no record has: \
             write a code of ISO 639-1, as \"en\"",
            "the rule \"spoken\" has \"\" among its language, which fits nothing: take it out",
            "the rule \"written\" has \" \" among its segment, which fits nothing: take it out",
            "the rule \"written\" has \"?!\" among its words, which fits nothing: take it out",
        ]
    );
}

#[test]
fn a_rule_set_needs_a_fallback_names_and_floors() {
    let mut wrong = file(vec![("a", tickets()), ("a", tickets()), ("fallback", tickets())]);
    wrong.fallback = None;
    wrong.rules[0].floors = GivenFloors { kind: Some(1.5), ..GivenFloors::default() };
    wrong.floors.topics = f32::NAN;
    wrong.cases.likeness = 1.5;
    let told = found(&wrong);
    for part in [
        "no fallback",
        "two rules have the name \"a\"",
        "the name \"fallback\"",
        "the floor 1.5 for kind",
        "the floor NaN for topics",
        "[cases] has the likeness 1.5: it is a mean cosine",
    ] {
        assert!(told.iter().any(|line| line.contains(part)), "{part}: {told:#?}");
    }
    let refused = RuleSet::new(&wrong, &tree()).unwrap_err().to_string();
    assert!(refused.starts_with("the triage rules have 6 mistakes:\n  "), "{refused}");
    wrong.rules.clear();
    wrong.floors.topics = 0.5;
    wrong.cases.likeness = 0.5;
    let refused = RuleSet::new(&wrong, &tree()).unwrap_err().to_string();
    assert!(refused.starts_with("the triage rules are wrong. there is no fallback"), "{refused}");
}

#[test]
fn owners_have_addresses_and_escalations_an_end() {
    let mut wrong = file(vec![]);
    wrong.owners[0].address = None;
    wrong.owners[1].address = Some("two".to_owned());
    let told = found(&wrong);
    assert!(told[0].starts_with("the owner \"one\" has no address: give an address or targets"), "{told:?}");
    assert!(told[1].contains("to which no mail can go"), "{told:?}");
    let mut round = file(vec![]);
    round.owners[0].escalates_to = Some("two".to_owned());
    assert_eq!(found(&round), [""; 0]);
    round.owners[1].escalates_to = Some("one".to_owned());
    assert_eq!(
        found(&round),
        ["escalations go round in a circle: one to two to one: take escalates_to from one of them"]
    );
    round.owners[0].escalates_to = None;
    round.owners[1].escalates_to = Some("two".to_owned());
    assert!(found(&round)[0].contains("two to two"));
    round.owners[1].escalates_to = Some("tvo".to_owned());
    assert!(found(&round)[0].ends_with("escalates to \"tvo\", who does not exist: did you mean \"two\"?"));
}

#[test]
fn a_rule_behind_a_wider_one_never_fires() {
    let bugs = || When { kind: Some(vec![FeedbackKind::Bug]), ..tickets() };
    assert_eq!(dead(vec![("wide", tickets()), ("narrow", bugs())]), ["narrow"]);
    assert_eq!(dead(vec![("narrow", bugs()), ("wide", tickets())]), [""; 0]);
    assert_eq!(dead(vec![("all", When::default()), ("narrow", bugs())]), ["narrow"]);
    let topics = |any: &[&str], all: &[&str]| When {
        topics_any: some(any).filter(|list| !list.is_empty()),
        topics_all: some(all).filter(|list| !list.is_empty()),
        ..When::default()
    };
    assert_eq!(dead(vec![("a", topics(&["money"], &[])), ("b", topics(&["billing"], &[]))]), ["b"]);
    assert_eq!(dead(vec![("a", topics(&["billing"], &[])), ("b", topics(&["money"], &[]))]), [""; 0]);
    assert_eq!(dead(vec![("a", topics(&["money"], &[])), ("b", topics(&[], &["billing", "search"]))]), ["b"]);
    assert_eq!(
        dead(vec![("a", topics(&[], &["billing", "search"])), ("b", topics(&["money"], &[]))]),
        [""; 0]
    );
    let words = |list: &[&str]| When { words: some(list), ..When::default() };
    assert_eq!(dead(vec![("a", words(&["loss"])), ("b", words(&["data loss", "total loss"]))]), ["b"]);
    assert_eq!(dead(vec![("a", words(&["data loss"])), ("b", words(&["loss"]))]), [""; 0]);
    let version = |of: &str| When { version: some(&[of]), ..When::default() };
    assert_eq!(dead(vec![("a", version("7")), ("b", version("7.3"))]), ["b"]);
    let revenue = |least: f64| When { revenue_at_least: Some(least), ..When::default() };
    assert_eq!(dead(vec![("a", revenue(10.0)), ("b", revenue(20.0))]), ["b"]);
    assert_eq!(dead(vec![("a", revenue(20.0)), ("b", revenue(10.0))]), [""; 0]);
}

#[test]
fn a_rule_that_several_take_everything_from_never_fires() {
    let source = |list: &[&str]| When { source: some(list), ..When::default() };
    let sources =
        vec![("a", source(&["ticket"])), ("b", source(&["nps"])), ("c", source(&["nps", "ticket"]))];
    assert_eq!(dead(sources.clone()), ["c"]);
    assert_eq!(dead(vec![("a", source(&["ticket"])), ("b", source(&["nps", "ticket"]))]), [""; 0]);
    let topics = |any: &[&str]| When { topics_any: some(any), ..tickets() };
    let sorted = [("a", topics(&["money"])), ("b", topics(&["none"])), ("c", topics(&["billing", "none"]))];
    assert_eq!(dead(sorted.to_vec()), ["c"]);
    let mut wider = sorted.to_vec();
    wider[2].1.source = None;
    assert_eq!(dead(wider), [""; 0], "those of other sources are left");
    let words = |list: &[&str]| When { words: some(list), ..When::default() };
    let both = words(&["data loss", "refund", "!"]);
    assert_eq!(dead(vec![("a", words(&["loss"])), ("b", words(&["refund"])), ("c", both)]), ["c"]);

    // Every record has one of the sentiments, also where nobody can tell it, and one of the kinds; not so an urgency.
    let mood = |labels: &[SentimentLabel]| When { sentiment: Some(labels.to_vec()), ..tickets() };
    let (some_moods, others) = SentimentLabel::ALL.split_at(2);
    let moods = vec![("a", mood(some_moods)), ("b", mood(others)), ("c", tickets())];
    assert_eq!(dead(moods), ["c"]);
    assert_eq!(dead(vec![("a", mood(some_moods)), ("b", mood(&others[..1])), ("c", tickets())]), [""; 0]);
    let kind = |kinds: &[FeedbackKind]| When { kind: Some(kinds.to_vec()), ..When::default() };
    let (some_kinds, others) = FeedbackKind::ALL.split_at(3);
    assert_eq!(dead(vec![("a", kind(some_kinds)), ("b", kind(others)), ("c", tickets())]), ["c"]);
    let urgency = |labels: &[Urgency]| When { urgency: Some(labels.to_vec()), ..When::default() };
    let (low, others) = Urgency::ALL.split_at(1);
    assert_eq!(dead(vec![("a", urgency(low)), ("b", urgency(others)), ("c", tickets())]), [""; 0]);
    assert_eq!(dead(vec![("a", urgency(low)), ("b", urgency(others)), ("c", urgency(Urgency::ALL))]), ["c"]);

    assert_eq!(
        found(&file(sources)),
        ["the rule \"c\" can never fire, for \"a\" and \"b\" before it together take all it asks for: \
          move it above them, ask for more in one of them, or take it out"]
    );
}

#[test]
fn a_rule_that_contradicts_itself_never_fires() {
    let score = |at_least, at_most| When {
        score: Some(ScoreRange { kind: ScoreKind::Nps, scale: None, at_least, at_most }),
        ..When::default()
    };
    let topics = When { topics_all: some(&["none", "search"]), ..When::default() };
    let revenue = When { revenue_at_least: Some(9.0), revenue_at_most: Some(3.0), ..When::default() };
    let rules = vec![
        ("score", score(Some(8.0), Some(3.0))),
        ("off the scale", score(Some(11.0), None)),
        ("topics", topics),
        ("revenue", revenue),
        ("words", When { words: some(&["!?"]), ..When::default() }),
        ("texts", When { segment: some(&["", " "]), ..When::default() }),
        ("version", When { version: some(&[""]), ..When::default() }),
        ("empty", When { urgency: Some(Vec::<Urgency>::new()), ..When::default() }),
    ];
    let all: Vec<&str> = rules.iter().map(|(name, _)| *name).collect();
    assert_eq!(dead(rules.clone()), all);
    let told = found(&file(rules));
    assert_eq!(
        told[1],
        "the rule \"off the scale\" can never fire, for no answer can be nps of 0-10 of at least 11: \
         mend it or take it out"
    );
    let nothing = found(&file(vec![("all", When::default())]));
    assert!(nothing[0].starts_with("the rule \"all\" asks nothing"), "{nothing:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_called_dead_never_decides(
        conditions in prop::collection::vec(when(), 1..6),
        records in prop::collection::vec(invented(), 1..40),
    ) {
        let names = ["a", "b", "c", "d", "e", "f"];
        let named: Vec<(&str, When)> = names.into_iter().zip(conditions).collect();
        let rules = RuleSet::new(&file(named.clone()), &tree()).unwrap();
        let dead = dead(named);
        let mut scratch = Scratch::default();
        for record in &records {
            let decision = rules.decide(&record.subject(), &mut scratch);
            prop_assert!(!dead.iter().any(|name| name == decision.rule), "{} of {dead:?}", decision.rule);
        }
    }
}
