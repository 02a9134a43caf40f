use super::list::{Item, article};
use super::testing::{HOSTILE, caller, harmless, hostile, row, topics};
use super::*;
use crate::auth::Role;
use axum::http::StatusCode;
use feedback::judgement::SentimentLabel;
use feedback::time::Timestamp;
use insight::shelf::{Correction, Mention, Row, Search};

fn drawn(row: &Row<'_>, role: Role, found: &str) -> String {
    let found: Vec<Search> = Search::parse(found).into_iter().collect();
    let item = Item {
        row,
        likeness: Some(0.712),
        from: None,
        found: &found,
        topics: &topics(),
        caller: &caller(role),
        back: "/feedback?q=login",
    };
    article(&item).into_string()
}

/// A tag a line, so that a change is seen where it is.
fn lines(markup: &str) -> String {
    markup.replace("><", ">\n<")
}

#[test]
fn a_record_as_a_viewer_sees_it() {
    insta::assert_snapshot!(lines(&drawn(&row(), Role::Viewer, "login")));
}

#[test]
fn an_editor_can_correct_it_in_place() {
    let drawn = drawn(&row(), Role::Editor, "");
    harmless(&drawn);
    let form = &drawn[drawn.find("<details>").unwrap()..];
    insta::assert_snapshot!(lines(form));
    assert!(!super::tests::drawn(&row(), Role::Viewer, "").contains("<form"));
}

#[test]
fn nothing_of_the_outside_is_markup() {
    for row in [row(), hostile()] {
        let drawn = drawn(&row, Role::Editor, "alert");
        harmless(&drawn);
        assert!(!drawn.contains("<script>") && !drawn.contains("<img"), "{drawn}");
    }
    let topics = topics();
    let problem = Problem::bad_request(HOSTILE);
    harmless(&not_so(&problem).into_string());
    let asked = Asked { words: HOSTILE.to_owned(), like: HOSTILE.to_owned(), ..Asked::default() };
    let filter = insight::report::Filter { segment: Some(HOSTILE.to_owned()), ..Default::default() };
    let asked = Asked { filter, ..asked };
    let chips = chips(&asked, &topics);
    harmless(&form::form(&asked, &Choices::with("segment", &[HOSTILE]), &topics, &chips).into_string());
    harmless(&empty::older(&asked, Timestamp(0)).into_string());
}

#[test]
fn what_a_person_said_stands_beside_what_the_model_said() {
    let correction = Correction {
        by: HOSTILE.to_owned(),
        at: Timestamp(9),
        judged_sentiment: Some(SentimentLabel::Positive),
        judged_kind: None,
        judged_topics: Some(Vec::<Mention>::new()),
    };
    let row = Row { correction: Some(&correction), ..row() };
    let drawn = drawn(&row, Role::Viewer, "");
    assert!(drawn.contains("<span class=\"badge badge-corrected\">corrected</span>"), "{drawn}");
    let said = "<span class=\"negative\">negative</span> (by a person; the model: <span class=\"positive\">positive</span>)";
    assert!(drawn.contains(said) && drawn.contains("topics by a person"), "{drawn}");
}

#[test]
fn a_score_without_words_says_so() {
    let row = Row { texts: [""; insight::shelf::Text::ALL.len()], topics: Vec::new(), ..row() };
    let drawn = drawn(&row, Role::Viewer, "");
    assert!(drawn.contains("Without words.") && drawn.contains("NPS 3 (0\u{2013}10)"), "{drawn}");
}

#[test]
fn what_is_wrong_is_told_above_the_form() {
    let told = not_so(&Problem::new(StatusCode::BAD_REQUEST, "no record has this product")).into_string();
    assert!(told.contains("role=\"alert\"") && told.contains("no record has this product"), "{told}");
}

#[test]
fn what_was_understood_stays_in_the_form() {
    let asked = understood("topic=login&q=%3F%21&sentiment=bad&limit=7&color=red&product=app");
    assert_eq!(asked, Asked::parse("topic=login&limit=7&product=app").unwrap());
    assert_eq!(understood(&"x=1&".repeat(500)), Asked::default());
}
