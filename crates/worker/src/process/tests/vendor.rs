//! Payloads of vendors, by the topic that they come by and by their own headers.

use super::*;
use connect::Vendor;
use feedback::event::{VENDOR_FORMAT, VENDOR_KIND, VENDOR_SOURCE};

const TOPIC: &str = "reviews.apple";

fn with_topic() -> Processor {
    let format = VendorFormat { source: "ios".to_owned(), ..VendorFormat::of(Vendor::AppStore) };
    processor().with_vendors(VendorTopics::from([(TOPIC.to_owned(), format)]))
}

fn review(rating: &Value) -> Vec<u8> {
    json!({
        "type": "customerReviews", "id": "r1", "attributes": {
            "rating": rating, "title": "Zyglo Wathrix here", "body": "It crashes since the update.",
            "reviewerNickname": "Zyglo Wathrix", "createdDate": "2026-05-04T10:00:00Z", "territory": "DEU",
        },
    })
    .to_string()
    .into_bytes()
}

fn of_topic<'m>(payload: &'m [u8], topic: &'m str, headers: &[(&'m str, &'m [u8])]) -> Message<'m> {
    Message { topic, headers: headers.iter().copied().collect(), ..message(payload) }
}

fn processed(processor: &Processor, message: &Message<'_>) -> (Outcome, Desk) {
    let mut desk = Desk::default();
    let outcome = processor.process(message, &Suppressions::default(), &mut desk);
    (outcome, desk)
}

#[test]
fn a_topic_or_a_header_says_whose_payload_it_is() {
    let (processor, payload) = (with_topic(), review(&json!(2)));
    let fact = Outcome::Facts { records: 1, deletion: false };
    let header: [(&str, &[u8]); 2] = [(VENDOR_FORMAT, b"app-store"), (VENDOR_SOURCE, b"ios")];
    let mut ids = Vec::new();
    for (topic, headers) in [(TOPIC, &[][..]), ("feedback.social", &header[..])] {
        let (outcome, mut desk) = processed(&processor, &of_topic(&payload, topic, headers));
        assert_eq!(outcome, fact, "{topic} {:?}", desk.notes);
        let rows = rows(&mut desk);
        assert_eq!((text(&rows, "source"), text(&rows, "source_kind")), ("ios".into(), "social".into()));
        assert_eq!(text(&rows, "body"), "It crashes since the update.");
        assert_eq!(text(&rows, "title"), "[name] here");
        assert_eq!(text(&rows, "territory"), "DEU");
        ids.push(text(&rows, "record_id"));
    }
    assert_eq!(ids[0], ids[1], "whichever way it comes it is the same record");
    // Any other topic carries events of ours, and a message's own word counts before the topic's.
    let (outcome, _) = processed(&processor, &of_topic(&payload, "feedback.social", &[]));
    assert_eq!(outcome, Outcome::DeadLetter);
    let other: [(&str, &[u8]); 1] = [(VENDOR_FORMAT, b"google-play")];
    let (outcome, _) = processed(&processor, &of_topic(&payload, TOPIC, &other));
    assert_eq!(outcome, Outcome::DeadLetter);
}

#[test]
fn what_no_vendor_says_is_a_dead_letter_without_its_people() {
    let (processor, broken) = (with_topic(), review(&json!("two")));
    let (outcome, desk) = processed(&processor, &of_topic(&broken, TOPIC, &[]));
    assert_eq!(outcome, Outcome::DeadLetter);
    let letter = &desk.notes[0];
    assert_eq!(letter.reason, "bad_type");
    let kept: Value = serde_json::from_str(letter.payload.as_deref().unwrap()).unwrap();
    assert_eq!((&kept["id"], &kept["attributes"]["rating"]), (&json!("r1"), &json!("two")));
    assert_eq!(kept["attributes"]["reviewerNickname"], "[name]");
    assert_eq!(kept["attributes"]["title"], "[name] here");
    // A look shows the same.
    let headers: Headers<'_> = [(VENDOR_FORMAT, &b"app-store"[..])].into_iter().collect();
    let (shown, refused) = processor.preview(&broken, headers, message(&broken).ingested_at);
    assert_eq!(Some(&shown), letter.payload.as_ref());
    assert!(refused.unwrap().starts_with("bad_type: "));
    let sound = review(&json!(2));
    assert_eq!(processor.preview(&sound, headers, message(&sound).ingested_at).1, None);
}

#[test]
fn headers_that_make_no_sense_are_refused_and_say_why() {
    let (processor, payload) = (with_topic(), review(&json!(2)));
    for (headers, reason) in [
        (vec![(VENDOR_FORMAT, &b"appstore"[..])], "unknown_value"),
        (vec![(VENDOR_FORMAT, &b"\xff"[..])], "invalid_utf8"),
        (vec![(VENDOR_FORMAT, &b"app-store"[..]), (VENDOR_KIND, &b"ticket"[..])], "unknown_kind"),
        (vec![(VENDOR_FORMAT, &b"app-store"[..]), (VENDOR_KIND, &b"pigeon"[..])], "unknown_kind"),
    ] {
        let (outcome, desk) = processed(&processor, &of_topic(&payload, "t", &headers));
        assert_eq!((outcome, desk.notes[0].reason.as_str()), (Outcome::DeadLetter, reason), "{headers:?}");
        assert!(!desk.notes[0].payload.as_deref().unwrap().contains("Zyglo"));
    }
}

#[test]
fn one_that_is_too_long_is_not_even_looked_at() {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let decoder = Decoder::new(Registry::default(), Limits { message_bytes: 100, ..Limits::default() });
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8)).unwrap();
    let small = Processor::new(decoder, analyzer, key, Arc::default());
    let payload = review(&json!(2));
    let headers: [(&str, &[u8]); 1] = [(VENDOR_FORMAT, b"app-store")];
    let (_, desk) = processed(&small, &of_topic(&payload, "t", &headers));
    assert_eq!(desk.notes[0].reason, "too_large");
}

/// Its author is told by the event that it became, and by nothing that the vendor wrote.
#[test]
fn a_broken_payload_of_somebody_forgotten_is_no_dead_letter() {
    let processor = processor();
    let payload = json!({
        "kind": "t1", "data": {
            "name": "t1_c1", "link_id": "t3_p1", "author": "zyglo_wathrix", "created_utc": 946_000_000,
            "body": "Slow since the update",
        },
    })
    .to_string()
    .into_bytes();
    let headers: [(&str, &[u8]); 1] = [(VENDOR_FORMAT, b"reddit")];
    let message = of_topic(&payload, "t", &headers);
    let (outcome, desk) = processed(&processor, &message);
    assert_eq!((outcome, desk.notes[0].reason.as_str()), (Outcome::DeadLetter, "out_of_range"));
    let author = processor.key().author("reddit", Some("zyglo_wathrix"), None).unwrap();
    assert_eq!(desk.notes[0].author.as_deref(), Some(author.name.as_str()));
    let mut desk = Desk::default();
    let outcome = processor.process(&message, &without(author.name), &mut desk);
    assert_eq!((outcome, &desk.notes[0].payload), (Outcome::Erased { records: 1 }, &None));
}

#[test]
fn what_is_read_ahead_is_what_is_processed() {
    let (processor, payload) = (with_topic(), review(&json!(2)));
    let message = of_topic(&payload, TOPIC, &[]);
    let mut desk = Desk::default();
    processor.foresee([message].into_iter(), &mut desk);
    let outcome = processor.process(&message, &Suppressions::default(), &mut desk);
    assert_eq!(outcome, Outcome::Facts { records: 1, deletion: false });
    assert_eq!(text(&rows(&mut desk), "title"), "[name] here");
}

/// A position has one item: whoever writes several events there has to split them.
#[test]
fn several_events_of_a_vendor_in_one_message_are_refused() {
    let event = json!({ "eventName": "service-review-created", "eventData": { "id": "r1", "stars": 4 } });
    let payload = json!({ "events": [event, event] }).to_string().into_bytes();
    let headers: [(&str, &[u8]); 1] = [(VENDOR_FORMAT, b"trustpilot")];
    let (outcome, desk) = processed(&processor(), &of_topic(&payload, "t", &headers));
    assert_eq!((outcome, desk.notes[0].reason.as_str()), (Outcome::DeadLetter, "too_many"));
}

#[test]
fn what_is_no_feedback_is_noted_as_ignored() {
    let retweet = json!({
        "id": "19", "text": "RT @a: yes", "author_id": "7", "created_at": "2026-05-04T10:00:00Z",
        "referenced_tweets": [{ "type": "retweeted", "id": "18" }],
    })
    .to_string()
    .into_bytes();
    let headers: [(&str, &[u8]); 1] = [(VENDOR_FORMAT, b"x")];
    let (outcome, desk) = processed(&processor(), &of_topic(&retweet, "t", &headers));
    assert_eq!((outcome, desk.notes[0].reason.as_str()), (Outcome::Ignored, "repost"));
}
