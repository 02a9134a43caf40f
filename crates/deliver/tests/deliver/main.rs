//! Against real servers, in this process: what is sent is what they hear, and what they do is borne.

mod authority;
mod echo;
mod email;
mod email_tls;
mod http;
mod http_stub;
mod http_tls;
mod jira;
#[cfg(feature = "failpoints")]
mod kill;
mod outbox;
mod shut;
mod smtp_stub;
mod wire;

use async_trait::async_trait;
use deliver::address::{Resolve, SystemResolver};
use deliver::send::open;
use deliver::{Block, Key, Link, Note, Outcome, Parcel, Quote, Receipt, SendError, Step, Target, Targets};
use feedback::time::Timestamp;
use std::net::SocketAddr;
use std::sync::Arc;

/// 2025-11-27 08:00 UTC.
const NOW: Timestamp = Timestamp(1_764_230_400_000_000);

/// One target, called `t`.
fn target(settings: &str) -> Target {
    let targets = Targets::parse("test.toml", &format!("[[target]]\nname = \"t\"\n{settings}"));
    targets.unwrap().get("t").unwrap().clone()
}

fn note() -> Note {
    let quote =
        Quote {
            text: "Ça ne marche <b>pas</b> & \"voilà\".".into(), record: "play/4711".into(), link: None
        };
    Note {
        id: "alert-7".into(),
        title: "Complaints about billing doubled".into(),
        summary: "32% (24 to 40%) of 120, up from 15%".into(),
        blocks: vec![Block::Quotes { quotes: vec![quote] }],
        links: vec![Link { text: "All records".into(), url: "https://v.example/alerts/7".into() }],
        group: "incident-7".into(),
        step: Step::Opens,
        ..Note::test(NOW)
    }
}

/// Says that every name is at this address.
struct Inside(SocketAddr);

#[async_trait]
impl Resolve for Inside {
    async fn resolve(&self, _: &str, _: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(vec![self.0])
    }
}

async fn attempt(target: &Target, note: &Note, known: Option<&str>) -> Result<Option<String>, SendError> {
    attempt_by(Arc::new(SystemResolver), target, note, known).await
}

/// By one who looks names up in its own way.
async fn attempt_by(
    resolver: Arc<dyn Resolve>,
    target: &Target,
    note: &Note,
    known: Option<&str>,
) -> Result<Option<String>, SendError> {
    let channel = open(target, resolver, None).unwrap();
    let key = Key::of(&note.id, &target.name);
    let parcel = Parcel { note, key: &key, queued: NOW, now: NOW, known, taken: &[] };
    channel.send(&parcel).await.map(|receipt| receipt.reference)
}

async fn outcome(target: &Target, note: &Note) -> Outcome {
    Outcome::from(attempt(target, note, None).await.map(|reference| Receipt { reference }))
}

/// Where every name is at this address.
async fn outcome_at(address: SocketAddr, target: &Target, note: &Note) -> Outcome {
    let attempted = attempt_by(Arc::new(Inside(address)), target, note, None).await;
    Outcome::from(attempted.map(|reference| Receipt { reference }))
}
