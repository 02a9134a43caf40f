//! The record has room for what real systems send: each vendor's payload, of invented content, put into its
//! contract field by field, and everything that mattered found again.

use crate::fixtures::*;
use feedback::score::{Score, ScoreKind};
use serde_json::{Value, json};

#[test]
fn typeform_response() {
    let hook = json!({
        "event_id": "01HZX", "event_type": "form_response",
        "form_response": {
            "form_id": "lT4Z3j", "token": "a3a12ec67a1365927098a606107fac15",
            "landed_at": "2026-11-01T10:00:00Z", "submitted_at": "2026-11-01T10:03:20Z",
            "hidden": {"user_id": "u-77"}, "calculated": {"score": 9},
            "definition": {"fields": [
                {"id": "f1", "ref": "why", "title": "What could we improve?", "type": "long_text"},
                {"id": "f2", "ref": "ease", "title": "How easy was it?", "type": "opinion_scale"}]},
            "answers": [
                {"type": "text", "text": "Nothing.", "field": {"id": "f1", "ref": "why", "type": "long_text"}},
                {"type": "number", "number": 6, "field": {"id": "f2", "ref": "ease", "type": "opinion_scale"}}],
        },
    });
    let response = &hook["form_response"];
    let question = |id: &Value| {
        let fields = response["definition"]["fields"].as_array().unwrap();
        fields.iter().find(|field| field["id"] == *id).unwrap()["title"].clone()
    };
    let answers: Vec<_> = response["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| {
            json!({
                "id": answer["field"]["ref"], "question": question(&answer["field"]["id"]), "text": answer["text"],
                "score": if answer["type"] == "number" { json!({"kind": "ces", "value": answer["number"]}) } else { json!(null) },
                "field_type": answer["field"]["type"],
            })
        })
        .collect();
    let data = json!({
        "id": response["token"], "occurred_at": response["submitted_at"], "answers": answers,
        "author": {"id": response["hidden"]["user_id"]},
        "metadata": {"form_id": response["form_id"], "calculated": response["calculated"], "landed_at": response["landed_at"]},
    });
    with_item("survey", data, |item| {
        assert_eq!(item.native_id, "a3a12ec67a1365927098a606107fac15");
        assert_eq!(item.occurred_at, at("2026-11-01T10:03:20Z"));
        let [ease, why] = records(&item) else { panic!("two records") };
        assert_eq!((why.question.as_deref(), &*why.body), (Some("What could we improve?"), "Nothing."));
        assert_eq!(ease.score, Score::new(ScoreKind::Ces, 6.0, 1.0, 7.0));
        assert_eq!(why.author.id.as_deref(), Some("u-77"));
        assert!(why.metadata.contains(&("calculated".into(), r#"{"score":9}"#.into())));
    });
}

#[test]
fn delighted_response() {
    let response = json!({
        "id": "5435", "person": {"id": "81", "email": "mo@example.org", "name": "Mo"}, "survey_type": "nps",
        "score": 3, "comment": "Too many clicks.", "permalink": "https://delighted.example/r/5435",
        "created_at": 1_790_000_000, "updated_at": 1_790_000_500,
        "person_properties": {"plan": "pro", "country": "NL"}, "notes": [], "tags": ["churn-risk"],
    });
    let data = json!({
        "id": response["id"], "score": response["score"], "text": response["comment"],
        "permalink": response["permalink"], "occurred_at": response["created_at"], "updated_at": response["updated_at"],
        "author": response["person"], "tags": response["tags"], "metadata": response["person_properties"],
    });
    with_item("nps", data, |item| {
        assert_eq!(item.updated_at.0 - item.occurred_at.0, 500_000_000);
        let record = &records(&item)[0];
        assert_eq!(record.score, Score::new(ScoreKind::Nps, 3.0, 0.0, 10.0));
        assert_eq!(record.author.email.as_deref(), Some("mo@example.org"));
        assert_eq!(record.context.tags, ["churn-risk"]);
        assert!(record.metadata.contains(&("plan".into(), r#""pro""#.into())));
    });
}

#[test]
fn zendesk_ticket() {
    let hook = json!({
        "type": "zen:event-type:ticket.comment_added", "id": "01K", "time": "2026-11-03T08:00:00Z", "account_id": 22,
        "subject": "zen:ticket:5158", "zendesk_event_version": "2022-11-06",
        "detail": {
            "id": "5158", "subject": "Invoice shows the wrong VAT", "description": "Our invoice has 19 % VAT.",
            "status": "OPEN", "priority": "HIGH", "tags": ["billing"], "requester_id": "8447388090494",
            "organization_id": "8447346621310", "via": {"channel": "mail"},
            "created_at": "2026-11-02T08:00:00Z", "updated_at": "2026-11-03T08:00:00Z"},
        "event": {"meta": {"sequence": {"id": "7b", "position": 2, "total": 2}}},
        "satisfaction_rating": {"score": "bad", "comment": "Still waiting."},
    });
    let detail = &hook["detail"];
    let data = json!({
        "id": detail["id"], "title": detail["subject"], "status": detail["status"], "priority": detail["priority"],
        "tags": detail["tags"], "occurred_at": detail["created_at"], "updated_at": detail["updated_at"],
        "author": {"id": detail["requester_id"], "account": detail["organization_id"]},
        // Good or bad is a scale of two.
        "score": {"kind": "csat", "value": if hook["satisfaction_rating"]["score"] == "good" { 1 } else { 0 }, "min": 0, "max": 1},
        "messages": [
            {"role": "customer", "text": detail["description"], "at": detail["created_at"]},
            {"role": "agent", "text": "Please send the number.", "name": "Ines", "at": "2026-11-02T09:00:00Z"},
            {"role": "customer", "text": hook["satisfaction_rating"]["comment"]}],
        "via": detail["via"], "sequence": hook["event"]["meta"]["sequence"],
    });
    with_item("ticket", data, |item| {
        let record = &records(&item)[0];
        assert_eq!(record.body, "Our invoice has 19 % VAT.\n\nStill waiting.");
        assert_eq!(record.agent_text.as_deref(), Some("Please send the number."));
        assert_eq!(record.score, Score::new(ScoreKind::Csat, 0.0, 0.0, 1.0));
        assert_eq!(record.author.account.as_deref(), Some("8447346621310"));
        let names: Vec<_> = record.metadata.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["priority", "sequence", "status", "via"]);
    });
}

#[test]
fn intercom_conversation() {
    let conversation = json!({
        "type": "conversation", "id": "147", "created_at": 1_790_000_000, "updated_at": 1_790_003_600, "state": "closed",
        "source": {"type": "conversation", "subject": "", "body": "<p>The app signs me out.</p>",
                   "author": {"type": "user", "id": "64f", "name": "Sam Roe", "email": "sam@example.org"},
                   "url": "https://app.example/settings"},
        "conversation_parts": [
            {"id": "1", "part_type": "comment", "body": "<p>Which phone?</p>", "author": {"type": "admin", "name": "Lin"}, "created_at": 1_790_000_600},
            {"id": "2", "part_type": "comment", "body": "Pixel 9", "author": {"type": "user", "name": "Sam Roe"}, "created_at": 1_790_001_200}],
        "conversation_rating": {"rating": 2, "remark": "Slow."}, "tags": [{"id": "5", "name": "android"}],
    });
    let source = &conversation["source"];
    let message = |part: &Value| {
        let role = if part["author"]["type"] == "user" { "customer" } else { "agent" };
        json!({"id": part["id"], "role": role, "text": part["body"], "name": part["author"]["name"], "at": part["created_at"]})
    };
    let mut messages = vec![message(source)];
    messages.extend(conversation["conversation_parts"].as_array().unwrap().iter().map(message));
    let data = json!({
        "id": conversation["id"], "conversation_id": conversation["id"], "title": source["subject"],
        "occurred_at": conversation["created_at"], "updated_at": conversation["updated_at"],
        "author": {"id": source["author"]["id"], "name": source["author"]["name"], "email": source["author"]["email"]},
        "score": conversation["conversation_rating"]["rating"], "tags": ["android"], "permalink": source["url"],
        "messages": messages, "metadata": {"state": conversation["state"]},
    });
    with_record("ticket", data, |record| {
        assert_eq!(record.body, "<p>The app signs me out.</p>\n\nPixel 9");
        assert_eq!(record.agent_text.as_deref(), Some("<p>Which phone?</p>"));
        assert_eq!((record.title.as_deref(), record.conversation_id.as_deref()), (None, Some("147")));
        assert_eq!(record.names, ["Sam Roe", "Lin"]);
        assert_eq!(record.score, Score::new(ScoreKind::Csat, 2.0, 1.0, 5.0));
    });
    let gone = event("ticket", "deleted", json!({"id": "147"})).to_string();
    assert!(decode(gone.as_bytes()).is_ok(), "conversation.deleted carries ids only");
}

#[test]
fn app_store_and_google_play_reviews() {
    let apple = json!({"id": "00000049", "attributes": {
        "rating": 2, "title": "Used to be good", "body": "Crashes since 5.12.", "reviewerNickname": "tessa_k",
        "createdDate": "2026-11-04T02:11:45-07:00", "territory": "USA"}});
    let review = &apple["attributes"];
    let data = json!({
        "id": apple["id"], "title": review["title"], "text": review["body"], "score": review["rating"],
        "author": {"name": review["reviewerNickname"]}, "occurred_at": review["createdDate"],
        "territory": review["territory"], "platform": "ios", "network": "app_store",
    });
    with_item("social", data, |item| {
        assert_eq!(item.occurred_at, at("2026-11-04T09:11:45Z"));
        let record = &records(&item)[0];
        assert_eq!(
            (record.title.as_deref(), &*record.body),
            (Some("Used to be good"), "Crashes since 5.12.")
        );
        assert_eq!(record.context.territory.as_deref(), Some("USA"));
    });

    let google = json!({"reviewId": "gp:AOq", "authorName": "R. Lund", "comments": [{"userComment": {
        "text": "\tKan inte logga in", "originalText": "Kan inte logga in", "starRating": 1, "reviewerLanguage": "sv",
        "appVersionName": "5.12.1", "device": "husky", "lastModified": {"seconds": "1790000000", "nanos": 5}}}]});
    let comment = &google["comments"][0]["userComment"];
    let data = json!({
        "id": google["reviewId"], "text": comment["originalText"], "score": comment["starRating"],
        "author": {"name": google["authorName"]}, "occurred_at": comment["lastModified"]["seconds"],
        "language": comment["reviewerLanguage"], "app_version": comment["appVersionName"], "platform": "android",
        "device": comment["device"],
    });
    with_item("social", data, |item| {
        assert_eq!(item.occurred_at.0, 1_790_000_000_000_000);
        let context = &records(&item)[0].context;
        assert_eq!(
            (context.app_version.as_deref(), context.language_hint.as_deref()),
            (Some("5.12.1"), Some("sv"))
        );
    });
}

#[test]
fn posts_on_x_and_reddit() {
    let post = json!({
        "id": "1460323737035677698", "text": "@verb why is export so slow", "author_id": "2244994945",
        "created_at": "2026-11-05T12:00:00.000Z", "conversation_id": "1460323737035677698", "lang": "en",
        "referenced_tweets": [{"type": "replied_to", "id": "14603"}], "public_metrics": {"like_count": 4, "retweet_count": 1}});
    let mut data = json!({
        "id": post["id"], "text": post["text"], "author": {"id": post["author_id"]}, "occurred_at": post["created_at"],
        "conversation_id": post["conversation_id"], "language": post["lang"], "metrics": post["public_metrics"],
        "network": "x",
    });
    with_record("social", data.clone(), |record| {
        assert_eq!(record.conversation_id.as_deref(), Some("1460323737035677698"));
        assert!(
            record.metadata.contains(&("metrics".into(), r#"{"like_count":4,"retweet_count":1}"#.into()))
        );
    });
    data["repost_of"] = json!("14603");
    assert_ignored("social", data, feedback::refusal::IgnoreReason::Repost);

    let comment = json!({
        "name": "t1_c3v7f8u", "link_id": "t3_92dd8", "parent_id": "t3_92dd8", "body": "Same here.", "author": "nn_7",
        "created_utc": 1_790_000_000.0, "edited": 1_790_000_900.0, "score": 12, "subreddit": "saas"});
    let data = json!({
        "id": comment["name"], "conversation_id": comment["link_id"], "text": comment["body"],
        "author": {"id": comment["author"]}, "occurred_at": comment["created_utc"], "updated_at": comment["edited"],
        // Votes are no rating.
        "metrics": {"votes": comment["score"]}, "subreddit": comment["subreddit"], "parent_id": comment["parent_id"],
    });
    with_item("social", data, |item| {
        assert_eq!(item.updated_at.0 - item.occurred_at.0, 900_000_000);
        assert_eq!(records(&item)[0].score, None);
    });
}

#[test]
fn trustpilot_review_and_help_scout_rating() {
    let review = json!({
        "id": "5f1e", "stars": 4, "title": "Solid", "text": "Solid, but pricey.", "language": "en",
        "createdAt": "2026-11-06T00:00:00Z", "updatedAt": null, "consumer": {"id": "c9", "displayName": "Ada"}, "status": "active"});
    let data = json!({
        "id": review["id"], "score": review["stars"], "title": review["title"], "text": review["text"],
        "language": review["language"], "occurred_at": review["createdAt"], "updated_at": review["updatedAt"],
        "author": {"id": review["consumer"]["id"], "name": review["consumer"]["displayName"]}, "status": review["status"],
    });
    with_item("social", data, |item| assert_eq!(item.updated_at, item.occurred_at));

    let rating = json!({"id": 8, "score": "9", "comment": "", "createdAt": "2026-11-06T00:00:00Z"});
    let data = json!({"id": rating["id"], "score": rating["score"], "text": rating["comment"], "occurred_at": rating["createdAt"]});
    with_record("nps", data, |record| {
        assert_eq!(record.score, Score::new(ScoreKind::Nps, 9.0, 0.0, 10.0));
        assert_eq!(record.body, "");
    });
}

#[test]
fn survey_monkey_response() {
    let response = json!({
        "id": "5007154402", "survey_id": "84672934", "collector_id": "50253586", "response_status": "completed",
        "date_created": "2026-11-06T16:56:55+00:00", "date_modified": "2026-11-06T17:01:10+00:00",
        "custom_variables": {"account": "acme"},
        "pages": [{"questions": [
            {"id": "319352786", "answers": [{"text": "Fewer clicks, please."}]},
            {"id": "319352787", "answers": [{"choice_id": "4385174700", "row_id": "4385174701"}]}]}],
    });
    let questions = response["pages"][0]["questions"].as_array().unwrap();
    // Choices are looked up in the survey's details; here the fourth of a row of five.
    let answers = [
        json!({"id": questions[0]["id"], "question": "What would you change?", "text": questions[0]["answers"][0]["text"]}),
        json!({"id": questions[1]["id"], "question": "How satisfied are you?", "score": {"kind": "csat", "value": 4},
               "choice": questions[1]["answers"][0]}),
    ];
    let data = json!({
        "id": response["id"], "occurred_at": response["date_created"], "updated_at": response["date_modified"],
        "author": {"account": response["custom_variables"]["account"]}, "answers": answers,
        "metadata": {"survey_id": response["survey_id"], "collector_id": response["collector_id"],
                     "response_status": response["response_status"]},
    });
    with_item("survey", data, |item| {
        assert_eq!(item.updated_at.0 - item.occurred_at.0, 255_000_000);
        let [text, rated] = records(&item) else { panic!("two records") };
        assert_eq!(&*text.body, "Fewer clicks, please.");
        assert_eq!(rated.score, Score::new(ScoreKind::Csat, 4.0, 1.0, 5.0));
        assert_eq!(rated.author.account.as_deref(), Some("acme"));
        let choice = r#"{"choice_id":"4385174700","row_id":"4385174701"}"#;
        assert!(rated.metadata.contains(&("choice".into(), choice.into())));
    });
}

#[test]
fn freshdesk_ticket() {
    let ticket = json!({
        "id": 20, "subject": "Export stops at 90 %", "description": "<div>It stops at 90 %.</div>",
        "description_text": "It stops at 90 %.", "status": 2, "priority": 3, "source": 1, "type": "Problem",
        "requester_id": 129, "tags": ["export"], "created_at": "2026-11-06T09:00:00Z", "updated_at": "2026-11-06T10:00:00Z"});
    let data = json!({
        "id": ticket["id"], "title": ticket["subject"], "status": ticket["status"], "priority": ticket["priority"],
        "author": {"id": ticket["requester_id"]}, "tags": ticket["tags"],
        "occurred_at": ticket["created_at"], "updated_at": ticket["updated_at"],
        "messages": [{"role": "customer", "text": ticket["description_text"]}],
        "channel": ticket["source"], "ticket_type": ticket["type"],
    });
    with_item("ticket", data, |item| {
        assert_eq!(item.native_id, "20");
        let record = &records(&item)[0];
        assert_eq!((record.author.id.as_deref(), &*record.body), (Some("129"), "It stops at 90 %."));
        let expected = [("channel", "1"), ("priority", "3"), ("status", "2"), ("ticket_type", "\"Problem\"")];
        let metadata: Vec<(&str, &str)> =
            record.metadata.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(metadata, expected);
    });
}

/// Every value put into a field, known to the contract or not, is found again in what was decoded.
#[test]
fn nothing_that_a_vendor_sends_is_lost() {
    let shared = json!({
        "id": "native-1", "version": 41, "conversation_id": "thread-2", "title": "title-3", "product": "product-4",
        "app_version": "version-5", "platform": "platform-6", "territory": "territory-7", "language": "xq",
        "permalink": "https://example.org/8", "tags": ["tag-9"], "occurred_at": "2026-11-01T00:00:01Z",
        "updated_at": "2026-11-01T00:00:02Z", "metadata": {"own": "meta-10", "nested": {"deep": ["meta-11"]}},
        "author": {"id": "author-12", "email": "mail-13@example.org", "name": "name-14", "account": "account-15",
                   "segment": "segment-16", "revenue": 1717, "plan": "plan-18"},
        "unknown": {"to": {"the": "contract-19"}},
    });
    for (kind, own) in [
        (
            "survey",
            json!({"answers": [{"id": "part-20", "question": "question-21", "text": "text-22",
            "score": {"kind": "ces", "value": 6, "comment": "comment-24"}, "field": {"ref": "ref-23"}},
            {"id": "part-25", "question": "question-26", "choice": {"label": "choice-27"}, "choices": ["choice-28"]},
            {"id": "part-29", "number": 3030}, {"id": "part-31", "text": "text-32"}],
            "question": "question-33", "score": {"comment": "comment-34"}}),
        ),
        (
            "ticket",
            json!({"messages": [{"id": "m-20", "role": "customer", "text": "text-21", "name": "name-22",
            "at": "2026-11-01T00:00:01Z", "via": "via-23"}, {"role": "agent", "text": "text-24"}],
            "status": "status-25", "priority": "priority-26", "score": {"value": 4, "comment": "comment-27"}}),
        ),
        (
            "nps",
            json!({"score": {"value": 7, "comment": {"by": "comment-22"}}, "question": "question-20", "text": "text-21"}),
        ),
        (
            "social",
            json!({"text": "text-20", "score": 4, "network": "network-21", "metrics": {"likes": 2222}}),
        ),
    ] {
        let mut data = shared.clone();
        data.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let mut sent = Vec::new();
        leaves(&data, &mut sent);
        with_item(kind, data, |item| {
            // Words of our own, as a score's kind, are printed capitalised.
            let found = format!("{item:?}").to_lowercase();
            for value in &sent {
                assert!(found.contains(&value.to_lowercase()), "{kind} lost {value}: {found}");
            }
        });
    }
}

/// The texts with a number in them, and the numbers that stand for themselves.
fn leaves(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            // A message's own id and time say nothing about the feedback; its role decides where its text goes.
            .filter(|(name, value)| {
                !["at", "role"].contains(&name.as_str()) && !name.ends_with("_at") && **value != json!("m-20")
            })
            .for_each(|(_, value)| leaves(value, out)),
        Value::Array(values) => values.iter().for_each(|value| leaves(value, out)),
        Value::String(text) => out.push(text.clone()),
        Value::Number(number) => out.push(number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}
