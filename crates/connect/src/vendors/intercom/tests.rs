use super::*;
use crate::event;
use serde_json::{Value, json};

fn read_value(payload: &Value) -> Said {
    read(Node::root(payload)).unwrap()
}

fn event_of(said: Said) -> event::Event {
    let Said::Event(event) = said else { panic!("an event: {said:?}") };
    *event
}

fn texts(said: event::Said) -> Vec<String> {
    let event::Said::Ticket { messages, .. } = said else { panic!("a ticket") };
    messages.into_iter().map(|message| message.text).collect()
}

fn notice(topic: &str, parts: &Value) -> Value {
    json!({"type": "notification_event", "topic": topic, "created_at": 1_772_447_401, "data": {"item": {
        "id": "21", "created_at": 1_772_443_800, "updated_at": 1_772_447_400,
        "source": {"id": "1", "body": "<p>It signs me out.</p>", "author": {"type": "user", "id": "u"}},
        "conversation_parts": parts}}})
}

fn part(id: &str, by: &str, body: &str) -> Value {
    json!({"id": id, "part_type": "comment", "body": body, "created_at": 1_772_447_400, "author": {"type": by, "id": by}})
}

/// The list of parts by itself, and with their count.
#[test]
fn a_reply_is_an_item_of_its_own() {
    let parts = json!([part("5", "user", "Pixel 9"), part("6", "admin", "Thanks")]);
    for parts in [parts.clone(), json!({"conversation_parts": parts, "total_count": 2})] {
        let event = event_of(read_value(&notice("conversation.user.replied", &parts)));
        assert_eq!((event.item.id.as_str(), event.item.conversation_id.as_deref()), ("parts/5", Some("21")));
        assert_eq!(texts(event.said), ["Pixel 9"]);
    }
}

#[test]
fn of_several_replies_the_last_is_meant() {
    let parts =
        json!([part("5", "user", "Pixel 9"), part("6", "lead", "Android 16"), part("7", "bot", "Hm")]);
    let event = event_of(read_value(&notice("conversation.user.replied", &parts)));
    assert_eq!((event.item.id.as_str(), event.item.author.id.as_deref()), ("parts/6", Some("lead")));
}

#[test]
fn without_a_reply_it_is_the_conversation() {
    for (topic, parts) in [
        ("conversation.user.created", json!([part("5", "user", "Pixel 9")])),
        ("conversation.rating.added", json!([part("5", "user", "Pixel 9")])),
        ("conversation.admin.replied", json!([part("5", "admin", "Which phone?")])),
        ("conversation.admin.closed", json!([])),
        ("conversation.admin.snoozed", json!(null)),
    ] {
        let event = event_of(read_value(&notice(topic, &parts)));
        assert_eq!(event.item.id, "21", "{topic}");
        assert_eq!(texts(event.said), ["It signs me out."], "{topic}");
    }
}

#[test]
fn notes_ratings_and_redacted_parts_are_no_messages() {
    let mut redacted = part("5", "user", "Gone");
    redacted["redacted"] = json!(true);
    for part in [
        json!({"id": "5", "part_type": "note", "body": "Known.", "author": {"type": "user"}}),
        json!({"id": "5", "part_type": "conversation_rating_remark_added", "body": "Slow.", "author": {"type": "user"}}),
        json!({"id": "5", "part_type": "comment", "body": "<p> </p>", "author": {"type": "user"}}),
        redacted,
    ] {
        assert_eq!(said(&Node::root(&part)).unwrap(), None, "{part}");
    }
}

#[test]
fn deletions_name_the_conversation_by_either_field() {
    for item in [json!({"id": 21}), json!({"id": "9", "conversation_id": "21"})] {
        let payload =
            json!({"topic": "conversation.deleted", "created_at": 1_772_447_401, "data": {"item": item}});
        let event = event_of(read_value(&payload));
        assert_eq!((event.item.id.as_str(), event.said), ("21", event::Said::Deleted {}));
    }
}

#[test]
fn an_address_is_kept_without_what_may_be_secret() {
    assert_eq!(page("https://app.example/a/b?token=1#x"), "https://app.example/a/b");
    assert_eq!(page("https://app.example/#token=1"), "https://app.example/");
}
