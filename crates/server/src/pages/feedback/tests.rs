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
fn topics_whose_sentiment_alone_was_set_right_stay_the_models() {
    let whole = row();
    let judged = whole.topics.iter().map(|one| Mention {
        topic: one.topic.to_owned(),
        sentiment: SentimentLabel::Neutral,
        confidence: one.confidence,
        span: one.span,
    });
    let correction = Correction {
        by: "jane".to_owned(),
        at: Timestamp(9),
        judged_sentiment: Some(SentimentLabel::Neutral),
        judged_kind: None,
        judged_topics: Some(judged.collect()),
    };
    let drawn = drawn(&Row { correction: Some(&correction), ..whole }, Role::Viewer, "");
    assert!(drawn.contains("by a person; the model") && !drawn.contains("topics by a person"), "{drawn}");
}

#[test]
fn a_score_without_words_says_so() {
    let row = Row { texts: [""; insight::shelf::Text::ALL.len()], topics: Vec::new(), ..row() };
    let drawn = drawn(&row, Role::Viewer, "");
    assert!(drawn.contains("Without words.") && drawn.contains("NPS 3 (0\u{2013}10)"), "{drawn}");
}

#[test]
fn a_record_that_no_model_can_judge_says_why() {
    let row = Row { sentiment: SentimentLabel::Unknown, ..row() };
    let silent = Row { texts: [""; insight::shelf::Text::ALL.len()], ..row.clone() };
    let told = drawn(&silent, Role::Viewer, "");
    assert!(told.contains("no text to judge"), "{told}");
    let mut labels = row.labels;
    labels[insight::shelf::Label::Language as usize] = "de";
    let foreign = Row { labels, ..row.clone() };
    let told = [drawn(&foreign, Role::Viewer, ""), told];
    assert!(told[0].contains("not judged: no model here reads its language (<bdi>de</bdi>)"), "{}", told[0]);
    for told in told {
        assert!(!told.contains("sure (") && !told.contains("sentiment not known"), "{told}");
    }
    // Of one that could be judged it is told how unsure that was.
    let unsure = drawn(&row, Role::Viewer, "");
    assert!(unsure.contains("sentiment not known</span>, fairly sure (71%)"), "{unsure}");
    let by_a_person = Correction {
        by: "ada".to_owned(),
        at: Timestamp(9),
        judged_sentiment: Some(SentimentLabel::Unknown),
        judged_kind: None,
        judged_topics: None,
    };
    let corrected = Row { sentiment: SentimentLabel::Negative, correction: Some(&by_a_person), ..silent };
    let told = drawn(&corrected, Role::Viewer, "");
    assert!(told.contains("negative</span> (by a person; the model: no text to judge)"), "{told}");
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

#[test]
fn a_record_that_nothing_is_like_is_no_error() {
    let asked = Asked { like: "ab12".to_owned(), ..Asked::default() };
    let of = |status| Problem::new(status, "this record has no words to compare");
    let nothing = of(StatusCode::UNPROCESSABLE_ENTITY).because(NOTHING_TO_COMPARE);
    let (problem, shown) = told(nothing, &asked).unwrap();
    assert!(problem.is_none() && shown.into_string().contains("Nothing to compare"));
    let (problem, shown) = told(of(StatusCode::BAD_REQUEST), &asked).unwrap();
    assert!(problem.is_some() && shown.into_string().contains("role=\"alert\""));
    assert!(told(of(StatusCode::SERVICE_UNAVAILABLE), &asked).is_err());
}
