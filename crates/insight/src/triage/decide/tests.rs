use super::super::{
    file::{TriageFile, When},
    subject::SubjectTopic,
    testing::{invented, rules, some, when},
    topics::TopicTree,
};
use super::*;
use feedback::judgement::{FeedbackKind, SentimentLabel, Urgency};
use proptest::prelude::*;

fn urgent() -> When {
    When {
        topics_any: some(&["money"]),
        urgency: Some(vec![Urgency::High]),
        words: some(&["charged twice"]),
        ..When::default()
    }
}

fn bugs() -> When {
    When { kind: Some(vec![FeedbackKind::Bug]), ..When::default() }
}

#[test]
fn the_first_rule_that_holds_decides_and_says_why() {
    let rules = rules(vec![("bugs", bugs()), ("double charge", urgent())]);
    let topics = [SubjectTopic::new("billing", 0.83, Span::new(2, 9))];
    let subject = Subject {
        topics: &topics,
        urgency: Some((Urgency::High, 0.71)),
        body: "I, a payer, was charged twice",
        ..Subject::new("ticket", "help-desk")
    };
    let mut scratch = Scratch::default();
    let decision = rules.decide(&subject, &mut scratch);
    assert_eq!((decision.rule, decision.owner, decision.queue), ("double charge", "two", "two"));
    assert_eq!(decision.reason, "urgency high at 71%, topic billing at 83%, the words \"charged twice\"");
    assert_eq!(decision.spans, [Span::new(2, 9), Span::new(16, 29)]);
    assert_eq!((decision.confidence, decision.needs_person()), (Confidence::Medium, false));
    assert_eq!((decision.priority, decision.version), (Priority::P2, "1:test"));
    assert_eq!((decision.labels.len(), decision.actions.len()), (1, 1));
}

#[test]
fn below_a_floor_it_goes_to_a_person_and_no_later_rule_is_tried() {
    let rules = rules(vec![("bugs", bugs()), ("all", When::default())]);
    let subject = Subject { kind: Some((FeedbackKind::Bug, 0.31)), ..Subject::default() };
    let mut scratch = Scratch::default();
    let decision = rules.decide(&subject, &mut scratch);
    assert_eq!((decision.rule, decision.owner, decision.queue), ("bugs", "one", "review"));
    assert_eq!((decision.unsure, decision.confidence), (Some(JudgedField::Kind), Confidence::Low));
    assert!(decision.actions.is_empty() && decision.labels.len() == 1);
    assert_eq!(decision.reason, "kind bug at 31%; needs a person: kind at 31%, where the rule asks for 40%");
    // A condition that fails is no doubt.
    let mut ticket = bugs();
    ticket.source = some(&["ticket"]);
    let rules = super::super::testing::rules(vec![("bugs", ticket)]);
    assert_eq!(rules.decide(&subject, &mut scratch).rule, FALLBACK);
}

#[test]
fn the_fallback_takes_the_rest() {
    let rules = rules(vec![("bugs", bugs())]);
    let mut scratch = Scratch::default();
    let decision = rules.decide(&Subject::default(), &mut scratch);
    assert_eq!((decision.rule, decision.owner, decision.priority), (FALLBACK, "two", Priority::P4));
    assert_eq!((decision.reason, decision.confidence), ("no rule holds", Confidence::Low));
    assert!(!decision.needs_person() && decision.spans.is_empty());
}

#[test]
fn facts_and_sure_judgements_are_of_high_confidence() {
    let confidence = |when: When, kind: Option<(FeedbackKind, f32)>| {
        let rules = rules(vec![("a", when)]);
        let subject = Subject { kind, ..Subject::new("ticket", "help-desk") };
        rules.decide(&subject, &mut Scratch::default()).confidence
    };
    let tickets = When { source: some(&["ticket"]), ..When::default() };
    assert_eq!(confidence(tickets, None), Confidence::High);
    assert_eq!(confidence(bugs(), Some((FeedbackKind::Bug, 0.8))), Confidence::High);
    assert_eq!(confidence(bugs(), Some((FeedbackKind::Bug, 0.79))), Confidence::Medium);
}

#[test]
fn what_holds_for_nobody_can_tell_is_of_low_confidence_and_needs_no_person() {
    let bug_or_not = When { kind: Some(vec![FeedbackKind::Bug, FeedbackKind::Unknown]), ..When::default() };
    let none = When { topics_any: some(&["none"]), ..When::default() };
    let rules = rules(vec![("bugs", bug_or_not), ("no topic", none)]);
    let mut scratch = Scratch::default();
    let of = |kind| Subject { kind, ..Subject::new("ticket", "help-desk") };
    for kind in [None, Some((FeedbackKind::Unknown, 0.9))] {
        let decision = rules.decide(&of(kind), &mut scratch);
        assert_eq!((decision.rule, decision.reason), ("bugs", "kind unknown"));
        assert_eq!((decision.confidence, decision.needs_person()), (Confidence::Low, false));
        assert_eq!((decision.queue, decision.actions.len()), ("one", 1), "the rule asked for it");
    }
    let sure = rules.decide(&of(Some((FeedbackKind::Bug, 0.9))), &mut scratch);
    assert_eq!(sure.confidence, Confidence::High);
    let praise = rules.decide(&of(Some((FeedbackKind::Praise, 0.9))), &mut scratch);
    assert_eq!((praise.rule, praise.reason), ("no topic", "no topic"));
    assert_eq!((praise.confidence, praise.needs_person()), (Confidence::Low, false));
}

#[test]
fn the_default_rules_find_what_is_urgent_by_its_words() {
    let topics = ["availability", "login_access", "billing"].map(|id| (id, None));
    let rules = RuleSet::new(&TriageFile::standard().unwrap(), &TopicTree::new(topics)).unwrap();
    let mut scratch = Scratch::default();
    for (topic, body, rule, priority) in [
        (None, "My account was HACKED last night", "security alarm, by its words", Priority::P1),
        (Some("availability"), "The site is down, 503 everywhere", "outage, by its words", Priority::P1),
        (Some("login_access"), "I can’t log in any more", "locked out, by its words", Priority::P1),
        (Some("billing"), "You charged us twice in May", "money, by its words", Priority::P2),
    ] {
        let topics: Vec<SubjectTopic<'_>> =
            topic.into_iter().map(|id| SubjectTopic::new(id, 0.9, Span::new(0, 4))).collect();
        let subject = Subject {
            topics: &topics,
            sentiment: Some((SentimentLabel::Negative, 0.2)),
            // As the built-in encoder judges nearly all of them.
            urgency: Some((Urgency::Normal, 0.9)),
            body,
            ..Subject::new("ticket", "help-desk")
        };
        let decision = rules.decide(&subject, &mut scratch);
        assert_eq!((decision.rule, decision.priority, decision.needs_person()), (rule, priority, false));
        let pleased = Subject { sentiment: Some((SentimentLabel::Positive, 0.9)), ..subject };
        assert_ne!(rules.decide(&pleased, &mut scratch).rule, rule, "praise is no alarm");
    }
}

proptest! {
    #[test]
    fn every_record_has_one_decision_that_no_earlier_record_changes(
        conditions in prop::collection::vec(when(), 0..5),
        records in prop::collection::vec(invented(), 1..12),
    ) {
        let named = ["a", "b", "c", "d", "e"].into_iter().zip(conditions).collect();
        let rules = rules(named);
        let mut kept = Scratch::default();
        for record in &records {
            let subject = record.subject();
            let mut fresh = Scratch::default();
            let decision = rules.decide(&subject, &mut kept);
            prop_assert_eq!(decision, rules.decide(&subject, &mut fresh));
            prop_assert!(rules.names().any(|name| name == decision.rule));
            prop_assert!(rules.owner(decision.owner).is_some());
            prop_assert_eq!(decision.needs_person(), decision.queue == "review");
            prop_assert!(decision.spans.is_sorted_by_key(|span| (span.start, span.end)));
            for span in decision.spans {
                prop_assert!((span.end as usize) <= record.body.chars().count() || record.body.is_empty());
            }
        }
    }
}
