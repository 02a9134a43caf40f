//! Posts over HTTPS, to a server whose certificate comes from an authority that only the target knows.

use super::authority::Authority;
use super::http_stub::{Reply, Request, Stub};
use super::{note, outcome, outcome_at, target};
use deliver::sign::signature;
use deliver::{Key, Outcome, Target};

const HOST: &str = "hooks.example";
const SECRET: &str = "0123456789abcdef";

/// A target at the stub that trusts this authority beside those of the system.
fn webhook(stub: &Stub, host: &str, trusted: Option<&Authority>) -> Target {
    let port = stub.address.port();
    let ca_file = trusted.map(Authority::setting).unwrap_or_default();
    target(&format!(
        "kind = \"webhook\"\nurl = \"https://{host}:{port}/hook\"\nallow_private = \"127.0.0.1\"\n\
         secret = \"{SECRET}\"\n{ca_file}"
    ))
}

/// As a receiver finds out: over the time that the request names, and its body as it came.
fn is_genuine(request: &Request, secret: &str) -> bool {
    let seconds: i64 = request.headers["verbatim-timestamp"].parse().unwrap();
    signature(secret, seconds, &request.body) == request.headers["verbatim-signature"]
}

#[tokio::test]
async fn a_webhook_is_signed_and_keeps_its_key() {
    let authority = Authority::new("Ours");
    let replies = vec![Reply::status(503), Reply::status(204)];
    let stub = Stub::encrypted(replies, authority.serves(HOST)).await;
    let target = webhook(&stub, HOST, Some(&authority));
    let first = outcome_at(stub.address, &target, &note()).await;
    assert!(matches!(first, Outcome::Retry { .. }), "{first:?}");
    assert_eq!(outcome_at(stub.address, &target, &note()).await, Outcome::Delivered { reference: None });
    let heard = stub.heard();
    assert_eq!(heard.len(), 2);
    for request in &heard {
        assert!(is_genuine(request, SECRET));
        assert!(!is_genuine(request, "fedcba9876543210"), "another secret makes another signature");
        let mut changed = request.clone();
        changed.body = changed.body.replace("doubled", "halved");
        assert!(changed.body != request.body && !is_genuine(&changed, SECRET), "so does another text");
        assert_eq!(request.headers["idempotency-key"], Key::of("alert-7", "t").as_str());
        assert_eq!(request.headers["host"], format!("{HOST}:{}", stub.address.port()));
        assert_eq!(request.json()["title"], "Complaints about billing doubled");
    }
}

#[tokio::test]
async fn a_server_that_is_named_by_its_address_shows_that_address() {
    let authority = Authority::new("Ours");
    let stub = Stub::encrypted(Vec::new(), authority.serves("127.0.0.1")).await;
    let target = webhook(&stub, "127.0.0.1", Some(&authority));
    assert_eq!(outcome(&target, &note()).await, Outcome::Delivered { reference: None });
    // That it is at the address is no proof of a name.
    let target = webhook(&stub, HOST, Some(&authority));
    let outcome = outcome_at(stub.address, &target, &note()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert_eq!(stub.heard().len(), 1);
}

#[tokio::test]
async fn a_certificate_that_proves_nothing_gets_no_post() {
    let ours = Authority::new("Ours");
    let cases = ours.worthless(HOST).map(|(acceptor, says)| (acceptor, Some(&ours), says));
    // Without the setting nobody here knows the authority, and the error names the setting.
    let unnamed = (ours.serves(HOST), None, "ca_file");
    for (acceptor, trusted, says) in cases.into_iter().chain([unnamed]) {
        let stub = Stub::encrypted(Vec::new(), acceptor).await;
        match outcome_at(stub.address, &webhook(&stub, HOST, trusted), &note()).await {
            Outcome::Retry { after: None, why } => {
                assert!(why.contains("certificate") && why.contains(says), "{why}");
                assert!(why.contains(HOST) && !why.contains("/hook"), "{why}");
            }
            other => panic!("{says}: {other:?}"),
        }
        assert!(stub.heard().is_empty(), "{says}");
    }
}
