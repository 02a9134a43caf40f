use super::*;
use crate::auth::{By, Role};
use crate::corrections::CorrectionValue;
use crate::desk::{At, Date};
use crate::pages::feedback::{HOSTILE, harmless, hostile, row, topics};
use crate::state::Topics;
use crate::stored::Beside;
use feedback::judgement::SentimentLabel;
use feedback::time::{Day, Timestamp};
use insight::shelf::{Correction, Mention};
use store::CorrectionState;

fn caller(role: Role) -> Caller {
    Caller::new("ada", role, By::Token)
}

fn corrected() -> Correction {
    Correction {
        by: "jane".to_owned(),
        at: Timestamp(1_772_443_800_000_000),
        judged_sentiment: Some(SentimentLabel::Positive),
        judged_kind: None,
        judged_topics: Some(Vec::<Mention>::new()),
    }
}

fn said(value: CorrectionValue, state: CorrectionState, note: Option<&str>) -> CorrectionRow {
    CorrectionRow {
        id: "c1".to_owned(),
        at: At(Timestamp(1_772_443_800_000_000)),
        by: HOSTILE.to_owned(),
        record: "0".repeat(32),
        day: Date(Day(20_514)),
        field: "sentiment".to_owned(),
        value,
        judged: Some(CorrectionValue::Word("positive".to_owned())),
        note: note.map(str::to_owned),
        state,
    }
}

fn word(word: &str) -> CorrectionValue {
    CorrectionValue::Word(word.to_owned())
}

#[test]
fn nothing_of_the_outside_is_markup() {
    let (row, topics) = (hostile(), topics());
    let beside = Beside {
        metadata: Some(serde_json::json!({ HOSTILE: HOSTILE })),
        redactions: vec![(HOSTILE.to_owned(), 2)],
        space: Some(HOSTILE.to_owned()),
        ..Beside::default()
    };
    let pieces = [
        judged::judged(&row, &topics),
        decision(&row, Some("aa01")),
        correct::section(&row, &caller(Role::Editor), &topics),
        agents(Some(HOSTILE)),
        facts::facts(&row, &beside),
        facts::metadata(beside.metadata.as_ref()),
    ];
    for piece in pieces {
        harmless(&piece.into_string());
    }
    let corrections = Listed {
        items: vec![said(word(HOSTILE), CorrectionState::Replaced, Some(HOSTILE))],
        next: None,
        total: 1,
    };
    harmless(&history::history(&corrections, &topics).into_string());
}

#[test]
fn a_viewer_is_told_why_there_is_no_form() {
    let drawn = |role| correct::section(&row(), &caller(role), &topics()).into_string();
    let viewer = drawn(Role::Viewer);
    assert!(!viewer.contains("<form") && viewer.contains("Editors and admins set right"), "{viewer}");
    let editor = drawn(Role::Editor);
    assert!(editor.contains("<form") && !editor.contains("Take back"), "{editor}");
}

#[test]
fn what_a_person_said_can_be_taken_back() {
    let correction = corrected();
    let row = Row { correction: Some(&correction), ..row() };
    let drawn = correct::section(&row, &caller(Role::Editor), &topics()).into_string();
    harmless(&drawn);
    for field in ["sentiment", "topics"] {
        assert!(drawn.contains(&format!("name=\"take_back\" value=\"{field}\"")), "{field}: {drawn}");
    }
    assert!(
        !drawn.contains("value=\"kind\"") && drawn.contains("Last corrected by <bdi>jane</bdi>"),
        "{drawn}"
    );
}

#[test]
fn both_the_models_word_and_a_persons_are_shown() {
    let correction = corrected();
    let row = Row { correction: Some(&correction), ..row() };
    let drawn = judged::judged(&row, &topics()).into_string();
    let both =
        "<td><span class=\"negative\">negative</span></td><td><span class=\"positive\">positive</span></td>";
    assert!(drawn.contains(both), "{drawn}");
    assert!(drawn.contains("fairly sure (71%)"), "{drawn}");
}

#[test]
fn the_history_says_what_counts_and_what_does_not() {
    let items = vec![
        said(word("withdrawn"), CorrectionState::Holds, None),
        said(CorrectionValue::Topics(Vec::new()), CorrectionState::Replaced, Some("a test")),
    ];
    let drawn = history::history(&Listed { items, next: None, total: 9 }, &Topics::default()).into_string();
    assert!(drawn.contains("taken back, the model\u{2019}s word holds again"), "{drawn}");
    assert!(drawn.contains("<strong>none</strong>") && drawn.contains("replaced since"), "{drawn}");
    assert!(drawn.contains("And 7 older"), "{drawn}");
    let none = Listed { items: Vec::new(), next: None, total: 0 };
    assert_eq!(history::history(&none, &Topics::default()).into_string(), "");
}

#[test]
fn the_words_that_a_decision_rests_on_are_quoted() {
    let drawn = decision(&row(), None).into_string();
    assert!(drawn.contains("<blockquote dir=\"auto\">login fails</blockquote>"), "{drawn}");
    assert!(drawn.contains("<dd>of none</dd>"), "{drawn}");
    let case = decision(&row(), Some("aa01bb02cc03")).into_string();
    assert!(case.contains("<a href=\"/cases/aa01bb02cc03\">case aa01bb02</a>"), "{case}");
}

#[test]
fn an_address_says_nothing_but_what_a_form_did() {
    assert_eq!(Done::of("topic=login&done=corrected"), Some(Done::Corrected));
    for other in ["done=%3Cb%3Eyou+won", "done=", "", "topic=corrected"] {
        assert_eq!(Done::of(other), None, "{other}");
    }
}
