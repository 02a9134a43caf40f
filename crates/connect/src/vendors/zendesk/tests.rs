use super::*;
use crate::event;
use serde_json::json;

fn read_value(payload: &Value) -> Said {
    read(Node::root(payload)).unwrap()
}

fn event_of(said: Said) -> event::Event {
    let Said::Event(event) = said else { panic!("an event: {said:?}") };
    *event
}

fn messages(said: Said) -> Vec<(&'static str, String)> {
    let event::Said::Ticket { messages, .. } = event_of(said).said else { panic!("a ticket") };
    messages.into_iter().map(|message| (message.role, message.text)).collect()
}

fn notice(kind: &str, detail: &Value, event: &Value) -> Value {
    let kind = format!("zen:event-type:{kind}");
    json!({"type": kind, "time": "2026-03-02T10:00:00Z", "detail": detail, "event": event})
}

fn detail() -> Value {
    json!({"id": "7", "subject": "Slow", "description": "It is slow.\n", "requester_id": "1", "submitter_id": "1",
           "created_at": "2026-03-02T09:30:00Z", "is_public": true})
}

fn comment(body: &str) -> Value {
    json!({"comment": {"id": "70", "body": body, "is_public": true, "author": {"id": "1", "is_staff": false}}})
}

/// Whatever is announced first, and however often, the words of the first message are one item's.
#[test]
fn the_first_message_is_one_item() {
    let created = event_of(read_value(&notice("ticket.created", &detail(), &json!({}))));
    let announced = notice("ticket.comment_added", &detail(), &comment(" It is  slow."));
    let announced = event_of(read_value(&announced));
    assert_eq!((&created.item, &created.said), (&announced.item, &announced.said));
    let later = event_of(read_value(&notice("ticket.comment_added", &detail(), &comment("Still."))));
    assert_eq!((later.item.id.as_str(), later.item.title), ("comments/70", None));
    assert_eq!(later.item.conversation_id.as_deref(), Some("7"));
}

/// An agent forwards a customer's mail: the ticket is the agent's, the words are not.
#[test]
fn words_that_an_agent_passed_on_are_still_the_customers() {
    let mut forwarded = detail();
    forwarded["submitter_id"] = json!("2");
    let event = event_of(read_value(&notice("ticket.comment_added", &forwarded, &comment("It is slow."))));
    assert_eq!(event.item.id, "comments/70");
    let opened = event_of(read_value(&notice("ticket.created", &forwarded, &json!({}))));
    assert_eq!((opened.item.id.as_str(), opened.item.title), ("7", None));
    forwarded["via"] = json!({"channel": "native_messaging"});
    let said = read_value(&notice("ticket.comment_added", &forwarded, &comment("It is slow.")));
    assert_eq!(said, Said::Ignored(IgnoreReason::AgentOnly), "what the vendor wrote itself");
}

#[test]
fn a_redaction_takes_the_words_from_the_item_that_holds_them() {
    let mut redacted = detail();
    redacted["description"] = json!("It ▇▇ slow.");
    let first = notice("ticket.comment_redacted", &redacted, &comment("It ▇▇ slow."));
    assert_eq!(event_of(read_value(&first)).item.id, "7");
    let mut gone = comment("");
    let said = read_value(&notice("ticket.comment_redacted", &detail(), &gone));
    let said = event_of(said);
    assert_eq!(
        (said.item.id.as_str(), said.item.version, said.said),
        ("comments/70", None, event::Said::Deleted {})
    );
    gone["comment"]["author"]["is_staff"] = json!(true);
    let agents = read_value(&notice("ticket.comment_redacted", &detail(), &gone));
    assert_eq!(agents, Said::Ignored(IgnoreReason::AgentOnly));
}

#[test]
fn whoever_submitted_the_ticket_wrote_the_description() {
    let role = |change: &[(&str, Value)]| {
        let mut detail = detail();
        for (name, value) in change {
            detail[*name] = value.clone();
        }
        messages(read_value(&notice("ticket.created", &detail, &json!({}))))[0].0
    };
    assert_eq!(role(&[]), "customer");
    assert_eq!(role(&[("submitter_id", json!(null))]), "customer");
    assert_eq!(role(&[("submitter_id", json!("2"))]), "agent");
    assert_eq!(role(&[("via", json!({"channel": "native_messaging"}))]), "bot");
    assert_eq!(role(&[("via", json!("Web Form"))]), "customer");
    let mut private = detail();
    private["is_public"] = json!(false);
    let said = read_value(&notice("ticket.created", &private, &json!({})));
    assert_eq!(said, Said::Ignored(IgnoreReason::AgentOnly));
}

#[test]
fn a_comment_is_the_customers_only_where_that_is_certain() {
    let whole = json!({"id": 7, "requester": {"id": 1}, "comments": [
        {"body": "a", "author_id": 1}, {"body": "b", "author_id": 2}, {"body": "c"},
        {"body": "d", "author": {"is_staff": false}}, {"body": "e", "author": {"id": 1, "is_staff": true}},
        {"body": "f", "author": {"role": "End-User"}}, {"body": "g", "author_role": "agent", "author_id": 1},
        {"body": "h", "author_id": 1, "public": false}, {"body": " ", "author_id": 1}]});
    let said = messages(read_value(&whole));
    let of = |role: &str| -> String {
        said.iter().filter(|(by, _)| *by == role).map(|(_, text)| text.as_str()).collect()
    };
    assert_eq!((of("customer"), of("agent")), ("adf".to_owned(), "bceg".to_owned()));
}

#[test]
fn satisfaction_has_a_scale_of_two() {
    let value = |word: &str| {
        let rating = json!({"score": word});
        score(&Node::root(&rating)).unwrap().map(|score| score.value)
    };
    for word in ["good", "GOOD", "good with comment", "good_with_comment"] {
        assert_eq!(value(word), Some(1.0), "{word}");
    }
    assert_eq!(value("Bad with comment"), Some(0.0));
    for word in ["offered", "unoffered", "goodness", ""] {
        assert_eq!(value(word), None, "{word}");
    }
    let nonsense =
        notice("ticket.csat_received", &detail(), &json!({"satisfaction_score": {"score": "meh"}}));
    assert_eq!(
        read(Node::root(&nonsense)).unwrap_err().detail,
        "event.satisfaction_score.score: expected good or bad"
    );
}

#[test]
fn a_soft_deletion_can_be_taken_back() {
    let mut deleted = detail();
    deleted["status"] = json!("DELETED");
    let by_state = event_of(read_value(&notice("ticket.status_changed", &deleted, &json!({}))));
    let by_name = event_of(read_value(&notice("ticket.soft_deleted", &detail(), &json!({}))));
    assert_eq!(by_state, by_name);
    assert_eq!(by_name.item.version, Some(1), "that of an item that names none");
    let back = event_of(read_value(&notice("ticket.undeleted", &detail(), &json!({}))));
    assert_eq!(back.item.version, None);
    let for_good = event_of(read_value(&notice("ticket.permanently_deleted", &json!({"id": 7}), &json!({}))));
    assert_eq!(for_good.item.version, None);
    assert_eq!(for_good.said, event::Said::Deleted {});
}

#[test]
fn a_template_names_times_and_tags_in_its_own_way() {
    let given = json!({"ticket_id": "7", "title": "Slow", "tags": "billing vip", "priority": "-", "via": "Web Form",
        "created_at": "March 2, 2026", "created_at_with_timestamp": "2026-03-02T09:30Z"});
    let event = event_of(read_value(&given));
    assert_eq!(event.item.occurred_at.as_deref(), Some("2026-03-02T09:30:00Z"));
    assert_eq!((event.item.id.as_str(), event.item.tags.join("|").as_str()), ("7", "billing|vip"));
    assert!(matches!(event.said, event::Said::Ticket { priority: None, .. }));
}
