use super::*;
use crate::event;
use serde_json::{Value, json};

fn event_of(payload: &Value) -> event::Event {
    let said = read(Node::root(payload)).unwrap();
    let Said::Event(event) = said else { panic!("an event: {said:?}") };
    *event
}

fn messages(said: event::Said) -> Vec<(&'static str, String)> {
    let event::Said::Ticket { messages, .. } = said else { panic!("a ticket") };
    messages.into_iter().map(|message| (message.role, message.text)).collect()
}

#[test]
fn the_codes_of_ratings_are_steps() {
    let step = |code: &Value| score(&Node::root(code)).map(|score| score.map(|score| score.value));
    let codes = [-103, -102, -101, 100, 101, 102, 103];
    let steps: Vec<_> = codes.iter().map(|code| step(&json!(code)).unwrap()).collect();
    assert_eq!(steps, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0].map(Some));
    assert_eq!(step(&json!(null)).unwrap(), None);
    assert_eq!(step(&json!(5)).unwrap_err().reason, Reason::OutOfRange);
}

#[test]
fn numbers_and_words_are_the_same_states() {
    for (number, word) in
        [(json!(2), "Open"), (json!("5"), "Closed"), (json!(12), "12"), (json!("On Hold"), "on hold")]
    {
        assert_eq!(status(&Node::root(&number)).unwrap().as_deref(), Some(word.to_lowercase().as_str()));
    }
    assert_eq!(channel(&Node::root(&json!("Outbound Email"))).unwrap().as_deref(), Some(OUTBOUND));
    assert_eq!(channel(&Node::root(&json!(10))).unwrap().as_deref(), Some(OUTBOUND));
}

fn post(comment: &str) -> Value {
    json!({"freshdesk_webhook": {"ticket_id": 21, "ticket_subject": "No invoice", "ticket_description": "<p>Where is it?</p>",
        "ticket_contact_name": "Ada Renn", "ticket_created_on": "2026-03-02 09:00:00",
        "ticket_latest_public_comment": comment}})
}

#[test]
fn a_post_is_the_ticket_or_what_its_requester_said_last() {
    for comment in [
        "",
        "Lee : <div>It is there.</div>",
        "Ada Renn : <p>Where is it?</p>",
        "Ada Renn : ",
        "Ada Rennick: No",
    ] {
        let event = event_of(&post(comment));
        assert_eq!(
            (event.item.id.as_str(), event.item.title.as_deref()),
            ("21", Some("No invoice")),
            "{comment}"
        );
        assert_eq!(messages(event.said), [("customer", "Where is it?".to_owned())], "{comment}");
    }
    let once = event_of(&post("Ada Renn : <div>Not there.</div>"));
    let again = event_of(&post("Ada Renn : <div>Not there.</div>\n"));
    let other = event_of(&post("Ada Renn : <div>Thanks!</div>"));
    assert_eq!(once.item.id, again.item.id);
    assert_ne!(once.item.id, other.item.id);
    assert!(once.item.id.starts_with("21/comments/"));
    assert_eq!((once.item.conversation_id.as_deref(), once.item.title), (Some("21"), None));
    assert_eq!(messages(once.said), [("customer", "Not there.".to_owned())]);
}

#[test]
fn what_a_survey_was_told_is_said_with_the_rating_alone() {
    let ticket = json!({"id": 20, "description_text": "It stops.", "conversations": [
        {"id": 1, "incoming": true, "source": 6, "body": "Took too long."},
        {"id": 2, "incoming": true, "source": 0, "body": "Still."},
        {"id": 3, "incoming": true, "private": true, "body": "Hidden."},
        {"id": 4, "incoming": false, "body_text": "Sorry."}]});
    let said = messages(event_of(&ticket).said);
    let expected = [("customer", "It stops."), ("customer", "Still."), ("agent", "Sorry.")];
    assert_eq!(said, expected.map(|(role, text)| (role, text.to_owned())));
}

#[test]
fn trash_and_spam_can_be_taken_back() {
    for field in ["deleted", "spam"] {
        let mut ticket = json!({"id": 20, "updated_at": "2026-03-02T10:00:00Z"});
        ticket[field] = json!(true);
        let event = event_of(&ticket);
        assert_eq!((event.item.version, event.said), (Some(1), event::Said::Deleted {}), "{field}");
    }
}
