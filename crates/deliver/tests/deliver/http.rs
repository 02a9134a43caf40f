use super::http_stub::{Reply, Stub};
use super::{Inside, attempt, attempt_by, note, outcome, target};
use deliver::sign::signature;
use deliver::{Fault, Key, Outcome, SendError};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SECRET: &str = "0123456789abcdef";

fn webhook(stub: &Stub) -> deliver::Target {
    target(&format!("{}secret = \"{SECRET}\"\n", stub.settings("webhook", "/hook?a=b")))
}

#[tokio::test]
async fn a_webhook_is_signed_and_carries_its_key() {
    let stub = Stub::start(vec![Reply::status(204)]).await;
    let target = webhook(&stub);
    assert_eq!(outcome(&target, &note()).await, Outcome::Delivered { reference: None });
    let heard = stub.heard();
    assert_eq!((heard.len(), heard[0].path.as_str()), (1, "/hook?a=b"));
    let headers = &heard[0].headers;
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["idempotency-key"], Key::of("alert-7", "t").as_str());
    assert_eq!(headers["verbatim-timestamp"], "1764230400");
    assert_eq!(headers["verbatim-signature"], signature(SECRET, 1_764_230_400, &heard[0].body));
    assert!(headers["user-agent"].starts_with("verbatim/"));
    assert_eq!(heard[0].json()["title"], "Complaints about billing doubled");
}

#[tokio::test]
async fn each_answer_is_understood() {
    let later = |seconds| Some(Duration::from_secs(seconds));
    let date = "retry-after: Thu, 27 Nov 2025 08:01:30 GMT\r\n".to_owned();
    for (reply, expected) in [
        (Reply::Say(429, "retry-after: 7\r\n".into(), "slow down".into()), Ok(later(7))),
        (Reply::Say(503, date, String::new()), Ok(later(90))),
        (Reply::status(500), Ok(None)),
        (Reply::status(408), Ok(None)),
        (Reply::Cut, Ok(None)),
        (Reply::status(400), Err("refused it with 400")),
        (Reply::Say(404, String::new(), "no_service".into()), Err("refused it with 404: no_service")),
        (
            Reply::Say(302, "location: http://127.0.0.1/\r\n".into(), String::new()),
            Err("a redirect, which is not followed"),
        ),
    ] {
        let stub = Stub::start(vec![reply.clone()]).await;
        match (outcome(&webhook(&stub), &note()).await, expected) {
            (Outcome::Retry { after, .. }, Ok(asked)) => assert_eq!(after, asked, "{reply:?}"),
            (Outcome::Failed { why }, Err(says)) => assert!(why.contains(says), "{reply:?}: {why}"),
            (other, _) => panic!("{reply:?}: {other:?}"),
        }
        assert_eq!(stub.heard().len(), 1, "{reply:?}: one attempt is one request");
    }
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let stub = Stub::start(vec![Reply::Hang]).await;
    let mut target = webhook(&stub);
    target.timeout = Duration::from_millis(300);
    let started = Instant::now();
    let error = attempt(&target, &note(), None).await.unwrap_err();
    assert!(matches!(error, SendError::Timeout { .. }) && error.fault() == Fault::Network, "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
    // At that address nobody listens.
    let port = stub.address.port();
    let text =
        format!("kind = \"slack\"\nurl = \"http://127.0.0.2:{port}/x\"\nallow_private = \"127.0.0.2\"\n");
    let error = attempt(&super::target(&text), &note(), None).await.unwrap_err();
    assert!(matches!(error, SendError::Connection { .. }), "{error}");
}

#[tokio::test]
async fn an_answer_is_read_only_so_far_and_gives_no_key_away() {
    let echo = format!("no such hook: /services/T000/s3cr3tk3y (s3cr3tk3y) {}", "x".repeat(2_000_000));
    let stub = Stub::start(vec![Reply::Say(403, String::new(), echo)]).await;
    let target = target(&stub.settings("slack", "/services/T000/s3cr3tk3y"));
    let Outcome::Failed { why } = outcome(&target, &note()).await else { panic!("it was refused") };
    assert!(why.len() < 600 && why.contains("no such hook: *** (***)"), "{why}");
    assert!(!why.contains("s3cr3tk3y"), "{why}");
    let heard = stub.heard().remove(0);
    assert_eq!(heard.json()["blocks"][0]["type"], "header");
    assert_eq!(heard.headers["idempotency-key"], Key::of("alert-7", "t").as_str());
}

#[tokio::test]
async fn teams_gets_a_card_and_its_old_connectors_are_not_believed() {
    let limited =
        "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with x";
    let stub = Stub::start(vec![Reply::status(202), Reply::json(limited)]).await;
    let target = target(&stub.settings("teams", "/workflows/x"));
    assert!(matches!(outcome(&target, &note()).await, Outcome::Delivered { .. }));
    assert_eq!(stub.heard()[0].headers["idempotency-key"], Key::of("alert-7", "t").as_str());
    assert_eq!(stub.heard()[0].json()["attachments"][0]["content"]["type"], "AdaptiveCard");
    assert!(matches!(outcome(&target, &note()).await, Outcome::Retry { .. }));
}

async fn at_a_name(address: SocketAddr, settings: &str) -> Result<(), SendError> {
    attempt_by(Arc::new(Inside(address)), &target(settings), &note(), None).await.map(|_| ())
}

#[tokio::test]
async fn a_name_that_leads_inside_leads_nowhere() {
    let stub = Stub::start(Vec::new()).await;
    let port = stub.address.port();
    let error =
        at_a_name(stub.address, "kind = \"slack\"\nurl = \"https://hooks.example/x\"\n").await.unwrap_err();
    assert!(error.to_string().contains("hooks.example is at 127.0.0.1, this machine itself"), "{error}");
    assert_eq!((error.fault(), error.is_retryable()), (Fault::Settings, false));
    assert!(stub.heard().is_empty());
    // Where the address is named, the client connects to it and asks nobody else: there is no such name.
    let named = format!(
        "kind = \"slack\"\nurl = \"http://hooks.example:{port}/x\"\nallow_private = \"127.0.0.0/8\"\n"
    );
    at_a_name(stub.address, &named).await.unwrap();
    assert_eq!(stub.heard()[0].headers["host"], format!("hooks.example:{port}"));
    // Another network than the one that is named, or the internet, is not spoken to in the clear.
    let elsewhere = "kind = \"slack\"\nurl = \"http://hooks.example/x\"\nallow_private = \"10.0.0.0/8\"\n";
    let error = at_a_name("93.184.216.34:80".parse().unwrap(), elsewhere).await.unwrap_err();
    assert!(error.to_string().contains("only https is spoken"), "{error}");
}
