use super::*;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use sha2::{Digest, Sha256};

const ANSWER: &str = r#"{"id": "r-1", "score": 9, "comment": "Good", "created_at": "2026-03-01T10:00:00Z"}"#;
const NOW_SECONDS: i64 = NOW.0 / 1_000_000;

/// HMAC-SHA-256 as RFC 2104 has it, for a key shorter than a block.
fn hmac(key: &[u8], text: &[u8]) -> String {
    let pad = |with: u8| {
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        block.map(|byte: u8| byte ^ with)
    };
    let inner = Sha256::digest([&pad(0x36)[..], text].concat());
    format!("{:x}", Sha256::digest([&pad(0x5c)[..], &inner[..]].concat()))
}

/// Signed at a time, by a secret.
fn signed(body: &[u8], at: i64, secret: &str) -> HeaderMap {
    let text = [format!("{at}.").as_bytes(), body].concat();
    let signature = format!("sha256={}", hmac(secret.as_bytes(), &text));
    let at = at.to_string();
    headers(&[("x-signature-256", signature.as_str()), ("x-signature-timestamp", at.as_str())])
}

async fn post(
    gateway: &Gateway,
    name: &str,
    headers: HeaderMap,
    body: impl Into<Body>,
) -> Result<(&'static str, Option<&'static str>), &'static str> {
    post_at(gateway, name, headers, body, NOW).await
}

async fn post_at(
    gateway: &Gateway,
    name: &str,
    headers: HeaderMap,
    body: impl Into<Body>,
    now: Timestamp,
) -> Result<(&'static str, Option<&'static str>), &'static str> {
    let connection = gateway.connection(name).map_err(|trouble| trouble.code())?;
    let taken = gateway.hook(connection, headers, body.into(), now).await;
    assert_eq!(gateway.waiting(), 0);
    taken.map(one).map_err(|trouble| trouble.code())
}

fn one(taken: HookOutcome) -> (&'static str, Option<&'static str>) {
    match taken {
        HookOutcome::One(outcome) => (outcome.status.as_str(), outcome.reason),
        HookOutcome::Several(receipt) => panic!("several: {receipt:?}"),
    }
}

fn now_signed(body: &str) -> HeaderMap {
    signed(body.as_bytes(), NOW_SECONDS, "word")
}

#[tokio::test]
async fn what_is_signed_is_taken_and_nothing_else() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let wrong = signed(ANSWER.as_bytes(), NOW_SECONDS, "another");
    assert_eq!(post(&gateway, "nps", wrong, ANSWER).await, Err("unsigned"));
    assert_eq!(post(&gateway, "nps", now_signed("{}"), ANSWER).await, Err("unsigned"));
    assert_eq!(post(&gateway, "nps", HeaderMap::new(), ANSWER).await, Err("unsigned"));
    assert_eq!(
        post(&gateway, "nps", HeaderMap::new(), "no JSON").await,
        Err("unsigned"),
        "before it is looked at"
    );
    assert_eq!(post(&gateway, "nobody", now_signed(ANSWER), ANSWER).await, Err("unknown_connection"));
    assert!(memory.taken().is_empty());
    assert_eq!(post(&gateway, "nps", now_signed(ANSWER), ANSWER).await, Ok(("accepted", None)));
    let taken = memory.taken();
    assert_eq!((taken[0].kind.as_str(), taken[0].source.as_str(), taken[0].vendor), ("nps", "nps", None));
    assert_eq!(memory.keys(), ["r-1"]);
}

#[tokio::test]
async fn who_sends_wrongly_is_told_what_to_look_at() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let connection = gateway.connection("zendesk").unwrap();
    let missing = gateway.hook(connection, HeaderMap::new(), "{}".into(), NOW).await.unwrap_err();
    let told = "there is no whole signature: expected one in X-Zendesk-Webhook-Signature";
    assert_eq!(missing.to_string(), told);
}

#[tokio::test]
async fn replays_are_refused_by_time_and_known_by_id() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let old = signed(ANSWER.as_bytes(), NOW_SECONDS - 3_600, "word");
    assert_eq!(post(&gateway, "nps", old, ANSWER).await, Err("stale"));
    let body = ANSWER.replacen('{', r#"{"event_id": "e-1", "#, 1);
    assert_eq!(post(&gateway, "nps", now_signed(&body), body.clone()).await, Ok(("accepted", None)));
    // Tried again: signed anew, and with the same id.
    let again = signed(body.as_bytes(), NOW_SECONDS + 60, "word");
    assert_eq!(post(&gateway, "nps", again, body.clone()).await, Ok(("duplicate", None)));
    assert_eq!(memory.taken().len(), 1);
    // Long after, it is known by its content alone, wherever it is read.
    let day = 24 * 3_600;
    let late = signed(body.as_bytes(), NOW_SECONDS + day + 1, "word");
    let now = Timestamp(NOW.0 + (day + 1) * 1_000_000);
    assert_eq!(post_at(&gateway, "nps", late, body, now).await, Ok(("accepted", None)));
}

#[tokio::test]
async fn an_id_is_known_only_when_it_is_durable() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    memory.refuse(Some(away));
    assert_eq!(post(&gateway, "nps", now_signed(ANSWER), ANSWER).await, Err("unavailable"));
    memory.refuse(None);
    assert_eq!(post(&gateway, "nps", now_signed(ANSWER), ANSWER).await, Ok(("accepted", None)));
    assert_eq!(post(&gateway, "nps", now_signed(ANSWER), ANSWER).await, Ok(("duplicate", None)));
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_as_it_came() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    for (body, reason) in [
        ("no JSON", "invalid_json"),
        (r#"{"id": "r-2", "score": 11, "created_at": "2026-03-01T10:00:00Z"}"#, "out_of_range"),
        // Read, and refused by our own contract.
        (r#"{"id": "r-3", "score": 9, "created_at": "2036-03-01T10:00:00Z"}"#, "out_of_range"),
    ] {
        let taken = post(&gateway, "nps", now_signed(body), body).await;
        assert_eq!(taken, Ok(("dead_letter", Some(reason))), "{body}");
        let letter = memory.taken().pop().unwrap();
        assert_eq!((letter.payload.as_ref(), letter.vendor), (body.as_bytes(), Some(Vendor::Nps)));
        assert_eq!((letter.kind.as_str(), letter.source.as_str(), letter.key.len()), ("nps", "nps", 0));
        let again = post(&gateway, "nps", now_signed(body), body).await;
        assert_eq!(again, Ok(("duplicate", None)), "a dead letter is durable too");
    }
}

#[tokio::test]
async fn without_a_secret_a_webhook_is_known_by_what_it_says() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    assert_eq!(post(&gateway, "nps-by-token", HeaderMap::new(), ANSWER).await, Ok(("accepted", None)));
    assert_eq!(post(&gateway, "nps-by-token", HeaderMap::new(), ANSWER).await, Ok(("duplicate", None)));
    let other = ANSWER.replace("r-1", "r-2");
    assert_eq!(post(&gateway, "nps-by-token", HeaderMap::new(), other).await, Ok(("accepted", None)));
    // Of another connection it is another.
    assert_eq!(post(&gateway, "nps", now_signed(ANSWER), ANSWER).await, Ok(("accepted", None)));
}

#[tokio::test]
async fn a_packed_webhook_is_signed_as_it_was_sent() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let packed = gzip(ANSWER);
    let mut headers = signed(&packed, NOW_SECONDS, "word");
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    assert_eq!(post(&gateway, "nps", headers, packed).await, Ok(("accepted", None)));
    let bomb = gzip(&" ".repeat(2 << 20));
    let mut headers = signed(&bomb, NOW_SECONDS, "word");
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    assert_eq!(post(&gateway, "nps", headers, bomb).await, Err("too_large"));
}

#[tokio::test]
async fn tests_of_the_vendors_are_answered_and_take_nothing() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let ignored = Ok(("ignored", Some("test_event")));
    assert_eq!(post(&gateway, "nps", now_signed(""), "").await, ignored);
    // HMAC-SHA-1 by the secret.
    let ping = r#"{"type":"notification_event","topic":"ping","id":"n-1"}"#;
    let by_intercom = headers(&[("x-hub-signature", "sha1=09d3fac6cebc548d1401aec0572f98ef7d3e2a01")]);
    assert_eq!(post(&gateway, "intercom", by_intercom, ping).await, ignored);
    // By the secret that Zendesk has for a webhook that is not saved yet, which everybody knows.
    let tried = headers(&[
        ("x-zendesk-webhook-signature", "qu0MIthuZ3yMJ5ZxxInlrh5nHACyeKMdpX6ijKuajwU="),
        ("x-zendesk-webhook-signature-timestamp", "2026-03-02T09:30:00Z"),
    ]);
    let test = r#"{"test": "from the admin page"}"#;
    assert_eq!(post(&gateway, "zendesk", tried.clone(), test).await, ignored);
    assert_eq!(post(&gateway, "zendesk", tried, "{}").await, Err("unsigned"));
    assert!(memory.taken().is_empty());
}

#[tokio::test]
async fn a_webhook_is_no_longer_than_a_message() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let long = " ".repeat(1 + (1 << 20));
    assert_eq!(post(&gateway, "nps", now_signed(&long), long).await, Err("too_large"));
}

fn begin(gateway: &Gateway) -> tokio::task::JoinHandle<Result<&'static str, &'static str>> {
    let gateway = gateway.clone();
    tokio::spawn(async move {
        let connection = gateway.connection("nps").map_err(|trouble| trouble.code())?;
        let taken = gateway.hook(connection, now_signed(ANSWER), ANSWER.into(), NOW).await;
        taken.map(|taken| one(taken).0).map_err(|trouble| trouble.code())
    })
}

#[tokio::test]
async fn the_same_webhook_twice_at_once_is_taken_once() {
    let memory = Memory::shut();
    let gateway = gateway(&memory);
    let both = [begin(&gateway), begin(&gateway)];
    memory.has_begun().await;
    memory.let_pass(2);
    let mut answers = Vec::new();
    for one in both {
        answers.push(one.await.unwrap());
    }
    answers.sort_unstable();
    assert_eq!(answers, [Ok("accepted"), Ok("duplicate")]);
    assert_eq!((memory.taken().len(), gateway.waiting()), (1, 0));
}

#[tokio::test]
async fn where_the_first_of_two_fails_the_second_is_taken() {
    let memory = Memory::shut();
    let gateway = gateway(&memory);
    memory.refuse(Some(away));
    let first = begin(&gateway);
    memory.has_begun().await;
    let second = begin(&gateway);
    memory.let_pass(1);
    assert_eq!(first.await.unwrap(), Err("unavailable"));
    memory.refuse(None);
    memory.has_begun().await;
    memory.let_pass(1);
    assert_eq!(second.await.unwrap(), Ok("accepted"));
    assert_eq!((memory.taken().len(), gateway.waiting()), (1, 0));
}

#[tokio::test]
async fn a_webhook_that_is_too_large_is_refused_and_may_come_again() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    memory.takes(10);
    let refused = Ok(("refused", Some("too_large")));
    assert_eq!(post(&gateway, "nps", now_signed(ANSWER), ANSWER).await, refused);
    memory.takes(10_000);
    assert_eq!(post(&gateway, "nps", now_signed(ANSWER), ANSWER).await, Ok(("accepted", None)));
}

/// A review, as Trustpilot tells of it.
fn told(id: &str, stars: u32) -> serde_json::Value {
    let review = serde_json::json!({
        "id": id, "stars": stars, "text": "Solid, but pricey.", "createdAt": "2026-03-01T10:00:00Z",
    });
    serde_json::json!({ "eventName": "service-review-created", "version": "1", "eventData": review })
}

async fn deliver(gateway: &Gateway, events: &[serde_json::Value]) -> HookOutcome {
    let body = serde_json::json!({ "events": events }).to_string();
    let connection = gateway.connection("trustpilot").unwrap();
    let taken = gateway.hook(connection, HeaderMap::new(), body.into(), NOW).await.unwrap();
    assert_eq!(gateway.waiting(), 0);
    taken
}

#[tokio::test]
async fn each_event_of_a_delivery_is_taken_by_itself() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let reply =
        serde_json::json!({ "eventName": "service-review-reply-created", "eventData": { "id": "r-1" } });
    let events = [told("r-1", 4), told("r-2", 7), told("r-1", 4), reply, told("r-3", 5)];
    let HookOutcome::Several(receipt) = deliver(&gateway, &events).await else { panic!("one") };
    assert_eq!(statuses(&receipt), ["accepted", "dead_letter", "duplicate", "ignored", "accepted"]);
    assert_eq!((receipt.accepted, receipt.duplicate, receipt.ignored, receipt.refused), (3, 1, 1, 0));
    assert_eq!(receipt.items[1].outcome.detail.as_deref().map(|told| &told[..15]), Some("eventData.stars"));
    assert_eq!(memory.keys(), ["r-1", "", "r-3"]);
    // The letter is the one event, which anybody may read again.
    let letter = &memory.taken()[1];
    assert_eq!(
        (letter.payload.as_ref(), letter.vendor),
        (events[1].to_string().as_bytes(), Some(Vendor::Trustpilot))
    );
    // Tried again it is the same delivery; of another nobody knows what was in this one.
    assert_eq!(one(deliver(&gateway, &events).await), ("duplicate", None));
    assert_eq!(memory.taken().len(), 3);
    assert_eq!(one(deliver(&gateway, &events[..1]).await), ("accepted", None));
    let counted = gateway.counters();
    let letters = "verbatim_gateway_items_total{route=\"hooks\",status=\"dead_letter\"}";
    assert!(counted.contains(&(letters.to_owned(), 1)), "{counted:?}");
}

#[tokio::test]
async fn a_delivery_of_which_nothing_is_durable_may_come_again_whole() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let events = [told("r-1", 4), told("r-2", 5)];
    memory.takes(events[0].to_string().len() / 2);
    let HookOutcome::Several(receipt) = deliver(&gateway, &events).await else { panic!("one") };
    assert_eq!((statuses(&receipt), receipt.refused), (vec!["refused", "refused"], 2));
    memory.takes(usize::MAX);
    let HookOutcome::Several(receipt) = deliver(&gateway, &events).await else { panic!("one") };
    assert_eq!(receipt.accepted, 2);
    assert_eq!(memory.keys(), ["r-1", "r-2"]);
}

#[tokio::test]
async fn what_is_too_large_beside_what_is_durable_does_not_bring_it_again() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let mut large = told("r-3", 5);
    large["eventData"]["text"] = "so slow ".repeat(400).into();
    let events = [told("r-1", 4), told("r-2", 7), large];
    memory.takes(2_000);
    let HookOutcome::Several(receipt) = deliver(&gateway, &events).await else { panic!("one") };
    assert_eq!(statuses(&receipt), ["accepted", "dead_letter", "refused"]);
    assert_eq!(receipt.items[2].outcome.reason, Some("too_large"));
    assert_eq!(HookOutcome::from(receipt).into_response().status(), StatusCode::ACCEPTED);
    assert_eq!(one(deliver(&gateway, &events).await), ("duplicate", None));
    assert_eq!(memory.keys(), ["r-1", ""], "no dead letter twice");
}

#[tokio::test]
async fn more_events_than_items_may_be_are_one_dead_letter() {
    let memory = Memory::new();
    let gateway = with_limits(&memory, Limits { items: 2, ..Limits::default() });
    let events = ["r-1", "r-2", "r-3"].map(|id| told(id, 4));
    assert_eq!(one(deliver(&gateway, &events).await), ("dead_letter", Some("too_many")));
    assert_eq!(memory.taken().len(), 1);
}
