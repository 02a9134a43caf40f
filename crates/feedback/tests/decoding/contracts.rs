//! What each contract makes of its payloads.

use crate::fixtures::*;
use feedback::{
    refusal::{IgnoreReason, Reason},
    score::{Score, ScoreKind},
};
use serde_json::{Value, json};

fn score(kind: ScoreKind, value: f64) -> Option<Score> {
    let (min, max) = kind.default_scale();
    Score::new(kind, value, min, max)
}

#[test]
fn numbers_in_strings_are_numbers() {
    for nine in [json!("9"), json!(9), json!(" 9.0 "), json!(9.0), json!({"value": "9"})] {
        with_record("nps", json!({"id": 1, "score": nine}), |record| {
            assert_eq!(record.score, score(ScoreKind::Nps, 9.0));
            assert_eq!(record.body, "");
        });
    }
}

#[test]
fn scores_off_their_scale_are_refused() {
    for wrong in
        [json!(11), json!("11"), json!(-1), json!(9.5), json!({"value": 9, "max": 100}), json!(1e308)]
    {
        with("nps", json!({"id": 1, "score": wrong}), |decoded| {
            assert_eq!(decoded.unwrap_err().reason, Reason::OutOfRange, "{wrong}");
        });
    }
    assert_refused("nps", json!({"id": 1, "score": 11}), Reason::OutOfRange, "data.score");
    assert_refused("nps", json!({"id": 1, "score": "NaN"}), Reason::BadType, "data.score");
    assert_refused("nps", json!({"id": 1, "score": "nine"}), Reason::BadType, "data.score");
    assert_refused("nps", json!({"id": 1, "score": true}), Reason::BadType, "data.score");
    assert_refused("nps", json!({"id": 1, "score": [9]}), Reason::BadType, "data.score");
    let csat = json!({"id": 1, "score": {"kind": "csat", "value": 4}});
    assert_refused("nps", csat, Reason::UnknownValue, "data.score.kind");
    assert_refused("social", json!({"id": 1, "score": 6}), Reason::OutOfRange, "data.score");
    let endless = json!({"id": 1, "score": {"value": 1, "max": 1e6}});
    assert_refused("social", endless, Reason::OutOfRange, "data.score.max");
    let payload = event("nps", "created", json!({"id": 1, "score": 424_242})).to_string();
    let huge = payload.replace("424242", "1e999");
    assert_eq!(decode(huge.as_bytes()).unwrap_err().reason, Reason::OutOfRange);
    let nan = payload.replace("424242", "NaN");
    assert_eq!(decode(nan.as_bytes()).unwrap_err().reason, Reason::InvalidJson);
}

#[test]
fn scales_are_kept_apart() {
    let data = json!({"id": 1, "score": {"kind": "csat", "value": "1", "min": 0, "max": 1}});
    with_record("ticket", data, |record| {
        assert_eq!(record.score, Score::new(ScoreKind::Csat, 1.0, 0.0, 1.0));
    });
    with_record("ticket", json!({"id": 1, "score": 4}), |record| {
        assert_eq!(record.score, score(ScoreKind::Csat, 4.0));
    });
    with_record("social", json!({"id": 1, "score": 4}), |record| {
        assert_eq!(record.score, score(ScoreKind::Stars, 4.0));
    });
    let bare = json!({"id": 1, "answers": [{"id": "q", "score": 4}]});
    assert_refused("survey", bare, Reason::BadType, "data.answers[0].score");
    let unnamed = json!({"id": 1, "answers": [{"id": "q", "score": {"value": 4}}]});
    assert_refused("survey", unnamed, Reason::MissingField, "data.answers[0].score.kind");
}

#[test]
fn each_answer_of_a_survey_is_a_record() {
    let data = json!({
        "id": "resp-1",
        "author": {"id": "u-1"},
        "hidden": {"utm": "mail"},
        "answers": [
            {"id": "why", "question": "What could we improve?", "text": " Nothing. ", "field_type": "long_text"},
            {"id": "skipped", "question": "Anything else?", "text": "  "},
            {"id": 2, "score": {"kind": "ces", "value": 6}},
        ],
    });
    with_item("survey", data, |item| {
        let [ces, why] = records(&item) else { panic!("two records") };
        assert_eq!((&*why.part, &*why.body), ("why", "Nothing."));
        assert_eq!(why.question.as_deref(), Some("What could we improve?"));
        assert_eq!((&*ces.part, &*ces.body), ("2", ""));
        assert_eq!(ces.score, score(ScoreKind::Ces, 6.0));
        for record in [ces, why] {
            assert_eq!(record.author.id.as_deref(), Some("u-1"));
        }
        let hidden = ("hidden".into(), r#"{"utm":"mail"}"#.into());
        assert_eq!(why.metadata, [("field_type".into(), r#""long_text""#.into()), hidden.clone()]);
        assert_eq!(ces.metadata, [hidden]);
        assert_ne!(item.record_id(&ces.part), item.record_id(&why.part));
    });
}

#[test]
fn a_survey_may_hold_one_answer_at_its_top() {
    let data =
        json!({"id": 1, "question": "Why?", "text": "Because.", "score": {"kind": "csat", "value": 2}});
    with_record("survey", data, |record| {
        assert_eq!((&*record.part, &*record.body), ("", "Because."));
        assert_eq!(record.question.as_deref(), Some("Why?"));
        assert_eq!(record.score, score(ScoreKind::Csat, 2.0));
    });
}

#[test]
fn answers_without_words_are_metadata_of_the_others() {
    let data = json!({
        "id": 1,
        "question": "Anything else?",
        "answers": [
            {"id": "plan", "question": "Which plan?", "choice": {"label": "Team"}},
            {"id": "used", "choices": ["Boards", "Lists"], "score": {"comment": "no value"}},
            {"id": "would", "boolean": true},
            {"id": "seats", "number": 12},
            {"id": "skipped", "question": "And the rest?"},
            {"id": "why", "question": "Why?", "text": "It is quick."},
            {"id": "more", "text": "No."},
        ],
    });
    with_item("survey", data, |item| {
        let [more, why] = records(&item) else { panic!("two records") };
        assert_eq!(more.question.as_deref(), Some("Anything else?"));
        assert_eq!(why.question.as_deref(), Some("Why?"));
        let expected = [
            ("answers.plan.choice", r#"{"label":"Team"}"#),
            ("answers.plan.question", r#""Which plan?""#),
            ("answers.seats.number", "12"),
            ("answers.used.choices", r#"["Boards","Lists"]"#),
            ("answers.used.score.comment", r#""no value""#),
            ("answers.would.boolean", "true"),
        ];
        for record in [more, why] {
            let metadata: Vec<_> = record.metadata.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!(metadata, expected);
        }
    });
    let choice = json!({"id": 1, "answers": [{"id": "plan", "choice": "Team"}]});
    assert_refused("survey", choice, Reason::Empty, "data");
    let unused = json!({"id": 1, "question": "Which \"one\"?",
        "answers": [{"id": "why", "question": "Why?", "text": "So."}]});
    with_record("survey", unused, |record| {
        assert_eq!(record.metadata, [("question".into(), r#""Which \"one\"?""#.into())]);
    });
}

#[test]
fn what_stands_beside_a_score_is_metadata() {
    let noted = json!({"comment": "so so", "value": 3, "kind": null});
    let expected = [("score.comment".into(), r#""so so""#.into())];
    for kind in ["nps", "social", "ticket"] {
        with_record(kind, json!({"id": 1, "score": noted}), |record| {
            assert_eq!(record.score.map(|score| score.value()), Some(3.0));
            assert_eq!(record.metadata, expected);
        });
    }
    let answer = json!({"id": "q", "score": {"kind": "csat", "value": 3, "comment": "so so"}});
    with_record("survey", json!({"id": 1, "answers": [answer]}), |record| {
        assert_eq!(record.metadata, expected);
    });
    with_record("survey", json!({"id": 1, "text": "x", "score": {"comment": "so so"}}), |record| {
        assert_eq!((record.score, &record.metadata[..]), (None, &expected[..]));
    });
}

#[test]
fn answers_need_ids_of_their_own() {
    let text = |id: Value| json!({"id": id, "text": "words"});
    let missing = json!({"id": 1, "answers": [{"text": "words"}]});
    assert_refused("survey", missing, Reason::MissingField, "data.answers[0].id");
    let twice = json!({"id": 1, "answers": [text(json!("q1")), text(json!("q2")), text(json!("q1"))]});
    assert_refused("survey", twice, Reason::DuplicatePart, "data.answers");
    let as_number = json!({"id": 1, "answers": [text(json!("7")), text(json!(7))]});
    assert_refused("survey", as_number, Reason::DuplicatePart, "data.answers");
}

#[test]
fn a_ticket_is_what_the_customer_said() {
    let data = json!({
        "id": 35436, "version": 4, "title": "Export fails", "status": "open",
        "messages": [
            {"id": 1, "role": "customer", "name": "Kim Doe", "text": "The export fails.", "at": "2026-11-20T08:00:00Z"},
            {"role": "bot", "text": "Thanks, we are looking."},
            {"role": "agent", "name": "Ines", "text": "Which browser?", "via": {"channel": "web"}},
            {"role": "customer", "name": "Kim Doe", "text": "Firefox.\n"},
            {"role": "customer", "text": " "},
        ],
    });
    with_item("ticket", data, |item| {
        assert_eq!(item.version, 4);
        let record = &records(&item)[0];
        assert_eq!(record.body, "The export fails.\n\nFirefox.");
        assert_eq!(record.agent_text.as_deref(), Some("Thanks, we are looking.\n\nWhich browser?"));
        assert_eq!(record.names, ["Kim Doe", "Ines"]);
        let via = ("messages.2.via".into(), r#"{"channel":"web"}"#.into());
        assert_eq!(record.metadata, [via, ("status".into(), r#""open""#.into())]);
    });
}

#[test]
fn tickets_without_the_customers_words() {
    let agents = json!([{"role": "agent", "text": "Hello?"}, {"role": "customer", "text": " "}]);
    assert_ignored(
        "ticket",
        json!({"id": 1, "title": "Call back", "messages": agents}),
        IgnoreReason::AgentOnly,
    );
    with_record("ticket", json!({"id": 1, "messages": agents, "score": 1}), |record| {
        assert_eq!((&*record.body, record.score), ("", score(ScoreKind::Csat, 1.0)));
    });
    with_record("ticket", json!({"id": 1, "title": "Please call"}), |record| {
        assert_eq!(record.title.as_deref(), Some("Please call"));
    });
    assert_refused("ticket", json!({"id": 1, "messages": []}), Reason::Empty, "data");
    let role = json!({"id": 1, "messages": [{"role": "admin", "text": "x"}]});
    assert_refused("ticket", role, Reason::UnknownValue, "data.messages[0].role");
    let none = json!({"id": 1, "messages": [{"text": "x"}]});
    assert_refused("ticket", none, Reason::MissingField, "data.messages[0].role");
}

#[test]
fn reposts_and_test_events_are_ignored() {
    assert_ignored("social", json!({"id": 1, "text": "RT so true", "repost_of": 99}), IgnoreReason::Repost);
    assert_ignored("nps", json!({"id": 1, "score": 3, "test": true}), IgnoreReason::TestEvent);
    for own in [json!(null), json!(false), json!("")] {
        with_record("social", json!({"id": 1, "text": "mine", "repost_of": own}), |record| {
            assert_eq!(record.body, "mine");
        });
    }
    // Ignored is not unread: what is broken is refused all the same.
    let broken = json!({"id": 1, "repost_of": 99, "score": 77});
    assert_refused("social", broken, Reason::OutOfRange, "data.score");
    assert_refused("social", json!({"text": "x", "repost_of": 99}), Reason::MissingField, "data.id");
}

#[test]
fn nothing_said_is_refused() {
    for (kind, data) in [
        ("nps", json!({"id": 1, "text": " \n\u{a0} "})),
        ("nps", json!({"id": 1, "score": null, "title": "NPS 2026"})),
        ("social", json!({"id": 1, "text": ""})),
        ("survey", json!({"id": 1, "answers": []})),
        ("survey", json!({"id": 1, "answers": [{"id": 1, "score": {"kind": "ces", "value": null}}]})),
        ("ticket", json!({"id": 1})),
    ] {
        assert_refused(kind, data, Reason::Empty, "data");
    }
}

#[test]
fn unknown_fields_are_metadata() {
    let data = json!({
        "id": 1, "score": 3, "zeta": 1.50, "channel": "in \"app\"", "nothing": null,
        "author": {"id": 5, "plan": "gold"},
        "metadata": {"channel": "from metadata", "deep": {"b": [1, {"d": 1, "c": null}], "a": "é"}},
    });
    with_record("nps", data, |record| {
        assert_eq!(record.author.id.as_deref(), Some("5"));
        let expected = [
            ("author.plan", r#""gold""#),
            ("channel", r#""from metadata""#),
            ("deep", r#"{"a":"é","b":[1,{"c":null,"d":1}]}"#),
            ("zeta", "1.5"),
        ];
        assert_eq!(record.metadata, expected.map(|(name, value)| (name.into(), value.into())));
    });
}

#[test]
fn labels_may_be_numbers_and_tags_one_string() {
    let data = json!({
        "id": "x", "text": "words", "app_version": 5.1, "territory": "", "product": " web ",
        "tags": "beta, renewal,,", "author": {"revenue": "48000", "account": 12},
    });
    with_record("social", data, |record| {
        let context = &record.context;
        assert_eq!(context.app_version.as_deref(), Some("5.1"));
        assert_eq!((&context.territory, context.product.as_deref()), (&None, Some("web")));
        assert_eq!(context.tags, ["beta", "renewal"]);
        assert_eq!((record.author.revenue, record.author.account.as_deref()), (Some(48_000.0), Some("12")));
    });
    with_record("social", json!({"id": 1, "text": "words", "tags": ["a", 7, null, " "]}), |record| {
        assert_eq!(record.context.tags, ["a", "7"]);
    });
}

#[test]
fn ids_are_strings_or_integers() {
    for same in [json!("1000"), json!(1000), json!(1000.0), json!(1e3)] {
        with_item("nps", json!({"id": same, "score": 3}), |item| assert_eq!(item.native_id, "1000"));
    }
    with_item("nps", json!({"id": u64::MAX, "score": 3}), |item| {
        assert_eq!(item.native_id, "18446744073709551615");
    });
    for wrong in [json!(1.5), json!(true), json!(["a"]), json!({"a": 1})] {
        assert_refused("nps", json!({"id": wrong, "score": 3}), Reason::BadType, "data.id");
    }
    for missing in [json!(null), json!(""), json!(" ")] {
        assert_refused("nps", json!({"id": missing, "score": 3}), Reason::MissingField, "data.id");
    }
    for wrong in [json!(-1), json!(1_u64 << 53)] {
        let data = json!({"id": 1, "score": 3, "version": wrong});
        assert_refused("nps", data, Reason::OutOfRange, "data.version");
    }
}

#[test]
fn of_equal_keys_the_last_counts() {
    let payload = event("nps", "created", json!({"id": 1, "score": 3, "a": 1})).to_string();
    let doubled = payload.replace(r#""data":{"#, r#""data":{"score":8,"a":{"x":0},"#);
    assert_ne!(payload, doubled);
    assert_eq!(decode(payload.as_bytes()), decode(doubled.as_bytes()));
}

#[test]
fn half_an_emoji_and_control_characters_are_replaced() {
    let payload = event("nps", "created", json!({"id": 1, "text": "HERE"})).to_string();
    for (escaped, text) in [
        (r"cut \ud83d", "cut \u{fffd}"),
        (r"\ude00 cut", "\u{fffd} cut"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
        (r"a\u0000b", "a\u{fffd}b"),
        (r#"\"\\\/\n\r\tx\u00e9"#, "\"\\/\n\r\txé"),
        (r"red \u001b[31m, \b.", "red \u{fffd}[31m, \u{fffd}."),
        (r"page\fline\u000bline", "page\nline\nline"),
    ] {
        let payload = payload.replace("HERE", escaped);
        let Ok(feedback::decode::Decoded::Item(item)) = decode(payload.as_bytes()) else {
            panic!("{escaped}")
        };
        assert_eq!(records(&item)[0].body, text);
    }
}
