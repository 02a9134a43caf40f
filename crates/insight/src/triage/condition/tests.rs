use super::*;
use feedback::{score::Score, span::Span};

fn held(when: When, subject: &Subject<'_>) -> Held {
    let tree = TopicTree::new([("money", None), ("billing", Some("money")), ("search", None)]);
    let all = conditions(&when, &tree);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].test(subject, &Floors::default(), &mut Folded::default())
}

fn some(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(|text| (*text).to_owned()).collect())
}

const SURE: Held = Held::Sure(None);

#[test]
fn facts_hold_or_not() {
    let subject = Subject {
        segment: Some("enterprise"),
        version: Some("7.3.1"),
        revenue: Some(50_000.0),
        body: "The export is a data loss",
        ..Subject::new("ticket", "help-desk")
    };
    let source = |list: &[&str]| held(When { source: some(list), ..When::default() }, &subject);
    assert_eq!((source(&["nps", "ticket"]), source(&["nps"]), source(&[])), (SURE, Held::No, Held::No));
    let segment = |list: &[&str]| held(When { segment: some(list), ..When::default() }, &subject);
    assert_eq!((segment(&["enterprise"]), segment(&["team"])), (SURE, Held::No));
    assert_eq!(held(When { account: some(&["Acme"]), ..When::default() }, &subject), Held::No);
    let version = |of: &str| held(When { version: some(&[of]), ..When::default() }, &subject);
    assert_eq!((version("7"), version("7.3"), version("7.30")), (SURE, SURE, Held::No));
    assert!(!is_version_of(".5", "") && !is_version_of("", ""));
    let revenue = |at_least, at_most| {
        held(When { revenue_at_least: at_least, revenue_at_most: at_most, ..When::default() }, &subject)
    };
    assert_eq!(revenue(Some(50_000.0), None), SURE);
    assert_eq!(revenue(Some(10.0), Some(49_999.0)), Held::No);
    let words = |list: &[&str]| held(When { words: some(list), ..When::default() }, &subject);
    assert_eq!((words(&["refund", "Data loss"]), words(&["los"])), (SURE, Held::No));
}

#[test]
fn a_score_is_read_on_its_own_scale() {
    let at_most = |kind, scale, most| When {
        score: Some(super::super::file::ScoreRange { kind, scale, at_least: None, at_most: Some(most) }),
        ..When::default()
    };
    let of = |kind, value, min, max| Subject {
        score: Score::new(kind, value, min, max),
        ..Subject::new("survey", "form")
    };
    let five = of(ScoreKind::Csat, 2.0, 1.0, 5.0);
    assert_eq!(held(at_most(ScoreKind::Csat, None, 2.0), &five), SURE);
    assert_eq!(held(at_most(ScoreKind::Csat, None, 1.0), &five), Held::No);
    assert_eq!(held(at_most(ScoreKind::Nps, None, 6.0), &five), Held::No);
    let hundred = of(ScoreKind::Csat, 2.0, 0.0, 100.0);
    assert_eq!(held(at_most(ScoreKind::Csat, None, 2.0), &hundred), Held::No, "scales are never pooled");
    assert_eq!(held(at_most(ScoreKind::Csat, Some((0.0, 100.0)), 20.0), &hundred), SURE);
    assert_eq!(held(at_most(ScoreKind::Csat, None, 2.0), &Subject::default()), Held::No);
}

#[test]
fn judgements_are_held_against_their_floors() {
    let kind = |label, confidence| {
        let subject = Subject { kind: Some((label, confidence)), ..Subject::default() };
        held(When { kind: Some(vec![FeedbackKind::Bug]), ..When::default() }, &subject)
    };
    assert_eq!(kind(FeedbackKind::Bug, 0.7), Held::Sure(Some(0.7)));
    assert_eq!(kind(FeedbackKind::Praise, 0.7), Held::No);
    let floor = Floors::default().kind;
    assert_eq!(
        kind(FeedbackKind::Bug, 0.3),
        Held::Unsure { field: JudgedField::Kind, confidence: 0.3, floor }
    );
    assert!(matches!(kind(FeedbackKind::Bug, f32::NAN), Held::Unsure { .. }));
    let unknown = When { sentiment: Some(vec![SentimentLabel::Unknown]), ..When::default() };
    assert_eq!(held(unknown.clone(), &Subject::default()), Held::Unknown);
    let hardly = Subject { sentiment: Some((SentimentLabel::Unknown, 0.1)), ..Subject::default() };
    assert_eq!(held(unknown.clone(), &hardly), Held::Unknown, "no floor holds of it");
    let told = Subject { sentiment: Some((SentimentLabel::Negative, 0.9)), ..Subject::default() };
    assert_eq!(held(unknown, &told), Held::No);
    let urgent = When { urgency: Some(vec![Urgency::High]), ..When::default() };
    assert_eq!(held(urgent, &Subject::default()), Held::No);
}

#[test]
fn a_topic_takes_in_those_below_it() {
    let topic = |id, confidence| SubjectTopic::new(id, confidence, Span::new(0, 4));
    let both = [topic("billing", 0.9), topic("search", 0.6)];
    let subject = Subject { topics: &both, ..Subject::default() };
    let any = |list: &[&str], subject: &Subject<'_>| {
        held(When { topics_any: some(list), ..When::default() }, subject)
    };
    let all = |list: &[&str]| held(When { topics_all: some(list), ..When::default() }, &subject);
    assert_eq!(any(&["money"], &subject), Held::Sure(Some(0.9)));
    assert_eq!(any(&["search", "money"], &subject), Held::Sure(Some(0.9)), "the surest of them");
    assert_eq!(any(&["else"], &subject), Held::No);
    assert_eq!(all(&["money", "search"]), Held::Sure(Some(0.6)), "the least sure of them");
    assert_eq!((all(&["money", "else"]), all(&[])), (Held::No, Held::No));
    let nothing = Subject::default();
    assert_eq!((any(&["none"], &nothing), any(&["none"], &subject)), (Held::Unknown, Held::No));
    assert_eq!(any(&["none", "search"], &subject), Held::Sure(Some(0.6)));
}

#[test]
fn what_was_found_is_told_with_its_place() {
    let topics = [SubjectTopic::new("billing", 0.83, Span::new(4, 11))];
    let subject = Subject {
        kind: Some((FeedbackKind::Bug, 0.399)),
        topics: &topics,
        body: "the invoice: data loss",
        ..Subject::new("ticket", "help-desk")
    };
    let when = When {
        kind: Some(vec![FeedbackKind::Bug, FeedbackKind::Complaint]),
        account: some(&["Acme"]),
        topics_any: some(&["money", "none"]),
        words: some(&["Data loss", "refund"]),
        ..When::default()
    };
    let (mut told, mut spans, mut wanted, mut folded) =
        (Vec::new(), Vec::new(), Vec::new(), Folded::default());
    let tree = TopicTree::new([("money", None), ("billing", Some("money"))]);
    for condition in conditions(&when, &tree) {
        let mut out = String::new();
        condition.tell(&subject, &mut folded, &mut out);
        condition.spans(&subject, &mut folded, &mut spans);
        told.push(out);
        wanted.push(format!("{} {}", condition.key(), condition.wanted()));
    }
    assert_eq!(told, ["no account", "kind bug at 39%", "topic billing at 83%", "the words \"Data loss\""]);
    assert_eq!(
        wanted,
        [
            "account Acme",
            "kind bug or complaint",
            "topics_any money or none",
            "words \"Data loss\" or \"refund\""
        ]
    );
    assert_eq!(spans, [Span::new(4, 11), Span::new(13, 22)]);
}
