//! A target tried: one message through the real channel.

use super::{some_targets, target_called};
use crate::context::{self, Context};
use crate::kafka::producer;
use crate::output;
use anyhow::Result;
use chrono::Utc;
use deliver::address::SystemResolver;
use deliver::send::open;
use deliver::{Fault, Key, Note, Outcome, Parcel, Receipt, SendError, Target};
use feedback::time::Timestamp;
use serde::Serialize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// How it went.
#[derive(Serialize)]
struct Tried<'t> {
    target: &'t str,
    kind: &'static str,
    key: String,
    ok: bool,
    milliseconds: u64,
    /// What the receiver calls what was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
}

#[derive(Serialize)]
struct Refusal {
    why: String,
    /// What to do.
    advice: &'static str,
    /// Whether a message of the outbox would be attempted again.
    retryable: bool,
}

pub fn run(name: &str, context: &Context) -> Result<ExitCode> {
    let targets = some_targets(context)?;
    let target = target_called(name, &targets)?;
    let tried = context::runtime()?.block_on(attempt(target, context))?;
    if context.json {
        output::json(&tried)?;
    } else if let Some(refusal) = &tried.refusal {
        eprintln!("verbatim: {}", refused(&tried, refusal));
    } else {
        output::text(&taken(&tried))?;
    }
    Ok(if tried.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn attempt<'t>(target: &'t Target, context: &Context) -> Result<Tried<'t>> {
    let producer = producer::for_targets(context.config(), std::iter::once(target))?;
    let channel = open(target, Arc::new(SystemResolver), producer)?;
    let now = Timestamp::from_datetime(Utc::now());
    let note = Note::test(now);
    let key = Key::of(&note.id, &target.name);
    let parcel = Parcel { note: &note, key: &key, queued: now, now, known: None, taken: &[] };
    let started = Instant::now();
    let sent = channel.send(&parcel).await;
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (reference, refusal) = match sent {
        Ok(Receipt { reference }) => (reference, None),
        Err(error) => (None, Some(Refusal::from(error))),
    };
    let (name, kind, ok) = (target.name.as_str(), target.to.kind(), refusal.is_none());
    Ok(Tried { target: name, kind, key: key.to_string(), ok, milliseconds, reference, refusal })
}

impl From<SendError> for Refusal {
    fn from(error: SendError) -> Self {
        let (advice, retryable) = (advice(error.fault()), error.is_retryable());
        // In the words that the outbox would keep.
        let why = match Outcome::from(Err::<Receipt, _>(error)) {
            Outcome::Failed { why } | Outcome::Retry { why, .. } => why,
            Outcome::Delivered { .. } => String::new(),
        };
        Self { why, advice, retryable }
    }
}

fn advice(fault: Fault) -> &'static str {
    match fault {
        Fault::Settings => "correct the target in the file that deliver.file names",
        Fault::Receiver => "look at the receiver, or try again later",
        Fault::Network => "see that this machine reaches it, and that the address is right",
        Fault::Program => "this is a defect: report it",
    }
}

fn taken(tried: &Tried<'_>) -> String {
    let made = tried.reference.as_ref().map(|made| format!(" as {made}")).unwrap_or_default();
    let Tried { target, kind, milliseconds, .. } = tried;
    let milliseconds = output::grouped(*milliseconds);
    let text = format!("{target} ({kind}) took the test message{made}, in {milliseconds} ms.");
    output::printable(&text).into_owned()
}

fn refused(tried: &Tried<'_>, refusal: &Refusal) -> String {
    let Tried { target, kind, .. } = tried;
    let Refusal { why, advice, .. } = refusal;
    let text = format!("{target} ({kind}) did not take the test message: {why}; {advice}");
    output::printable(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_receiver_answered_is_told_with_what_to_do() {
        let error = SendError::Refused { host: "h".into(), status: 404, said: "no_service".into() };
        let refusal = Refusal::from(error);
        assert!(!refusal.retryable);
        let tried = Tried {
            target: "crm",
            kind: "webhook",
            key: String::new(),
            ok: false,
            milliseconds: 1234,
            reference: None,
            refusal: None,
        };
        assert_eq!(
            refused(&tried, &refusal),
            "crm (webhook) did not take the test message: h refused it with 404: no_service; correct the target in the \
             file that deliver.file names"
        );
        let made = Tried { reference: Some("VOC-7".into()), ..tried };
        assert_eq!(taken(&made), "crm (webhook) took the test message as VOC-7, in 1,234 ms.");
    }
}
