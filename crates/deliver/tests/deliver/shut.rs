//! A target that something is missing for: it waits, and nobody else does.

use super::http_stub::Stub;
use super::outbox::{Hands, webhook};
use super::{NOW, note};
use deliver::address::{Resolve, SystemResolver};
use deliver::outbox::Memory;
use deliver::{Drained, Event, Note, Outbox, Policy, Producer, Runner, State, Targets};
use feedback::time::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// A process with the targets of this file, and waits of a second.
fn process(
    kept: &Arc<Memory>,
    targets: &str,
    producer: Result<Option<Arc<dyn Producer>>, String>,
    hands: &Hands,
) -> Runner {
    let targets = Targets::parse("test.toml", targets).unwrap();
    let resolver: Arc<dyn Resolve> = Arc::new(SystemResolver);
    let policy = Policy { base: Duration::from_secs(1), cap: Duration::from_secs(1) };
    let hands = hands.clone();
    Runner::new(Arc::clone(kept) as Arc<dyn Outbox>, Arc::default())
        .with_targets(&targets, &resolver, &producer)
        .steered(policy, Arc::new(move || hands.now()), Arc::new(|| 1.0))
}

async fn queue(kept: &Memory, target: &str) {
    let note = Note { id: format!("for {target}"), group: String::new(), ..note() };
    kept.append(&Event::queue(note, target, NOW, Duration::from_secs(600))).await.unwrap();
}

fn why(kept: &Memory, target: &str) -> String {
    let entries = kept.entries();
    entries.iter().find(|entry| entry.target == target).unwrap().why.clone().unwrap_or_default()
}

#[tokio::test]
async fn what_is_missing_keeps_one_target_waiting_and_no_other() {
    let stub = Stub::start(Vec::new()).await;
    let text = format!(
        "[[target]]\nname = \"s\"\nkind = \"slack\"\nurl = \"env:VERBATIM_TEST_NOT_SET\"\n\
         [[target]]\nname = \"c\"\nkind = \"slack\"\nurl = \"https://hooks.example/x\"\n\
         ca_file = \"/no/such.pem\"\n\
         [[target]]\nname = \"k\"\nkind = \"kafka\"\ntopic = \"told\"\n\
         [[target]]\nname = \"t\"\n{}",
        webhook(&stub)
    );
    let (kept, hands) = (Arc::new(Memory::new()), Hands::new());
    for target in ["s", "c", "k", "t"] {
        queue(&kept, target).await;
    }
    let runner = process(&kept, &text, Err("no brokers today".to_owned()), &hands);
    assert_eq!(runner.drain().await.unwrap(), Drained { delivered: 1, waiting: 3, failed: 0 });
    assert_eq!(stub.heard().len(), 1);
    let says = "target s: url cannot be read: the variable VERBATIM_TEST_NOT_SET is not set";
    assert!(why(&kept, "s").starts_with(says), "{}", why(&kept, "s"));
    assert!(why(&kept, "c").starts_with("target c: the certificates in /no/such.pem cannot be used"));
    assert_eq!(why(&kept, "k"), "target k: no brokers today");
    // At its deadline it is over, and for the same reason.
    hands.forward(601);
    assert_eq!(runner.drain().await.unwrap(), Drained { failed: 3, ..Drained::default() });
    let given_up = format!("given up at its deadline: one attempt was made; at last: {says}");
    assert!(why(&kept, "s").starts_with(&given_up), "{}", why(&kept, "s"));
    assert!(kept.entries().iter().all(|entry| entry.has_ended()));
}

#[tokio::test]
async fn a_target_that_is_mended_gets_what_waited_without_a_restart() {
    let stub = Stub::start(Vec::new()).await;
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("secret");
    let settings = stub.settings("webhook", "/hook");
    let text = format!("[[target]]\nname = \"t\"\n{settings}secret = \"file:{}\"\n", secret.display());
    let (kept, hands) = (Arc::new(Memory::new()), Hands::new());
    queue(&kept, "t").await;
    let runner = process(&kept, &text, Ok(None), &hands);
    assert_eq!(runner.drain().await.unwrap(), Drained { waiting: 1, ..Drained::default() });
    assert!(why(&kept, "t").starts_with("target t: secret cannot be read: cannot read the file "));
    std::fs::write(&secret, "0123456789abcdef\n").unwrap();
    hands.forward(1);
    assert_eq!(runner.drain().await.unwrap(), Drained { delivered: 1, ..Drained::default() });
    // Once open it stays so.
    std::fs::remove_file(&secret).unwrap();
    let other = Note { id: "b".into(), group: String::new(), ..note() };
    kept.append(&Event::queue(other, "t", hands.now(), Duration::from_secs(600))).await.unwrap();
    assert_eq!(runner.drain().await.unwrap(), Drained { delivered: 1, ..Drained::default() });
    assert_eq!(stub.heard().len(), 2);
}

#[tokio::test]
async fn what_was_for_an_owner_who_is_gone_ends_visibly() {
    let mail = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"127.0.0.1:9\"\ntls = \"none\"\n\
                allow_private = \"127.0.0.1\"\nfrom = \"v@example.com\"\nowners = true\n";
    let (kept, hands) = (Arc::new(Memory::new()), Hands::new());
    queue(&kept, "mail/identity").await;
    // The rules of today have no such owner.
    let runner = process(&kept, mail, Ok(None), &hands);
    assert_eq!(runner.drain().await.unwrap(), Drained { waiting: 1, ..Drained::default() });
    let gone = "there is no target mail/identity in the settings any more";
    assert_eq!(why(&kept, "mail/identity"), gone);
    hands.forward(601);
    assert_eq!(runner.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
    assert!(why(&kept, "mail/identity").ends_with(gone));
    assert!(matches!(kept.entries()[0].state, State::Failed { at: Timestamp(at) } if at == hands.now().0));
}
