//! Deliveries as they are listed.

use super::Choice;
use crate::context::{self, Context};
use crate::outbox::StoreOutbox;
use crate::output;
use crate::surroundings::chain;
use anyhow::{Context as _, Result};
use deliver::address::{Resolve, SystemResolver};
use deliver::send::open;
use deliver::target::To;
use deliver::{Entry, State, Targets};
use feedback::time::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// Characters of a key that people see, enough to tell it from others.
const SHOWN: usize = 12;

/// One delivery for programs.
#[derive(Serialize)]
struct Shown<'e> {
    key: &'e str,
    target: &'e str,
    note: &'e str,
    kind: &'static str,
    severity: &'static str,
    title: &'e str,
    group: &'e str,
    state: &'static str,
    queued_at: String,
    deadline: String,
    attempts: u32,
    /// When it is attempted next: at once where that is past.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    /// Why the last attempt did not deliver.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'e str>,
    /// What the receiver calls what was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'e str>,
}

impl<'e> Shown<'e> {
    fn new(entry: &'e Entry) -> Self {
        let (state, next, ended_at) = match entry.state {
            State::Queued { next } => ("waiting", Some(next), None),
            State::Sending { until } => ("sending", Some(until), None),
            State::Delivered { at } => ("delivered", None, Some(at)),
            State::Failed { at } => ("failed", None, Some(at)),
        };
        Self {
            key: entry.key.as_str(),
            target: &entry.target,
            note: &entry.note.id,
            kind: entry.note.kind.name(),
            severity: entry.note.severity.name(),
            title: &entry.note.title,
            group: &entry.note.group,
            state,
            queued_at: time(entry.queued),
            deadline: time(entry.deadline),
            attempts: entry.attempts,
            next: next.map(time),
            ended_at: ended_at.map(time),
            why: entry.why.as_deref(),
            reference: entry.reference.as_deref(),
        }
    }
}

fn time(at: Timestamp) -> String {
    at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M:%SZ").to_string()).unwrap_or_default()
}

pub fn list(choice: Choice, context: &Context) -> Result<()> {
    let entries = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        StoreOutbox::new(store).entries().await.context("the deliveries cannot be read")
    })?;
    let listed: Vec<&Entry> = entries.iter().filter(|entry| choice.all || is_open(entry)).collect();
    let unusable = match context.targets() {
        Ok(targets) => unusable(&targets),
        Err(error) => vec![chain(&error)],
    };
    if context.json {
        // The list is what programs read.
        for why in unusable {
            eprintln!("warning: {}", output::printable(&why));
        }
        return output::json(&listed.into_iter().map(Shown::new).collect::<Vec<_>>());
    }
    let mut text: String = listed.iter().map(|entry| one(entry)).collect();
    text.extend(unusable.iter().map(|why| shut(why)));
    text += &if listed.is_empty() { none(choice, entries.len()).to_owned() } else { next(&listed) };
    output::text(&text)
}

/// Why targets cannot be used by this process, each of the file once. A topic needs brokers, which are not asked here.
fn unusable(targets: &Targets) -> Vec<String> {
    let resolver: Arc<dyn Resolve> = Arc::new(SystemResolver);
    let listed = targets.listed().filter(|target| !matches!(target.to, To::Kafka { .. }));
    let opened = listed.map(|target| open(target, Arc::clone(&resolver), None));
    opened.filter_map(|opened| Some(chain(&opened.err()?.into()))).collect()
}

/// Another process may have the variable that this one lacks.
fn shut(why: &str) -> String {
    let why = output::wrapped(&output::printable(why), 0, 600);
    let then = "  What is to go there waits until its deadline, unless another process can use it.";
    format!("{why}{then}\n\n")
}

/// What somebody may still have to do something about.
fn is_open(entry: &Entry) -> bool {
    !matches!(entry.state, State::Delivered { .. })
}

fn none(choice: Choice, all: usize) -> &'static str {
    if choice.all || all == 0 {
        "Nothing was ever to be delivered."
    } else {
        "Nothing waits, and nothing failed. `verbatim deliver list --all` shows what was delivered."
    }
}

fn one(entry: &Entry) -> String {
    let state = match entry.state {
        State::Queued { next } if entry.attempts == 0 => format!("waiting since {}", time(next)),
        State::Queued { next } => format!("waiting, next attempt {}", time(next)),
        State::Sending { until } => {
            format!("sending; attempted again after {} if that was cut off", time(until))
        }
        State::Delivered { at } => format!("delivered {}", time(at)),
        State::Failed { at } => format!("failed {}", time(at)),
    };
    let attempts = match entry.attempts {
        0 => String::new(),
        attempts => format!(", {}", output::counted(attempts.into(), "attempt")),
    };
    let reference = entry.reference.as_ref().map(|made| format!(" as {made}")).unwrap_or_default();
    let key = entry.key.as_str().get(..SHOWN).unwrap_or_default();
    let (target, kind) = (&entry.target, entry.note.kind.name());
    let head = format!("{key}  {kind} to {target}  {state}{reference}{attempts}");
    let mut text = output::printable(&head).into_owned() + "\n";
    text += &output::wrapped(&entry.note.title, 2, 200);
    text += &output::wrapped(entry.why.as_deref().unwrap_or_default(), 2, 600);
    text + "\n"
}

/// How many there are of each, and what to type next.
fn next(listed: &[&Entry]) -> String {
    let count = |of: fn(&State) -> bool| listed.iter().filter(|entry| of(&entry.state)).count() as u64;
    let counts = [
        (count(|state| matches!(state, State::Queued { .. } | State::Sending { .. })), "waiting"),
        (count(|state| matches!(state, State::Failed { .. })), "failed"),
        (count(|state| matches!(state, State::Delivered { .. })), "delivered"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, what)| format!("{} {what}", output::grouped(*count))).collect();
    let mut text = told.join(", ") + ".";
    if counts[1].0 > 0 {
        text += " After mending what is wrong: verbatim deliver requeue KEY";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use deliver::outbox::{What, fold};
    use deliver::{Event, Note};
    use std::time::Duration;

    const NOW: Timestamp = Timestamp(1_764_230_400_000_000);

    fn entry(then: &[What]) -> Entry {
        let first = Event::queue(Note::test(NOW), "crm", NOW, Duration::from_secs(3600));
        let key = first.key.clone();
        let then = then.iter().map(|what| Event { key: key.clone(), at: NOW, what: what.clone() });
        let events: Vec<Event> = std::iter::once(first).chain(then).collect();
        fold(&events).remove(0)
    }

    #[test]
    fn each_state_is_told_in_words() {
        let begun = What::Sending { until: NOW };
        let failed = [begun.clone(), What::Failed { why: "h refused it with 404".into() }];
        let text = one(&entry(&failed));
        assert!(text.contains("  test to crm  failed 2025-11-27 08:00:00Z, 1 attempt\n"), "{text}");
        assert!(text.contains("\n  A test from Verbatim\n  h refused it with 404\n"), "{text}");
        assert!(one(&entry(&[])).contains("waiting since 2025-11-27 08:00:00Z\n"));
        let later = [begun.clone(), What::Retried { next: NOW, why: "busy".into() }];
        assert!(one(&entry(&later)).contains("waiting, next attempt 2025-11-27 08:00:00Z, 1 attempt"));
        assert!(one(&entry(std::slice::from_ref(&begun))).contains("sending; attempted again after"));
        let made = [begun, What::Delivered { reference: Some("VOC-7".into()) }];
        assert!(one(&entry(&made)).contains("delivered 2025-11-27 08:00:00Z as VOC-7, 1 attempt"));
        let (waits, failed) = (entry(&[]), entry(&failed));
        assert_eq!(
            next(&[&waits, &failed, &failed]),
            "1 waiting, 2 failed. After mending what is wrong: verbatim deliver requeue KEY"
        );
        assert_eq!(next(&[&waits]), "1 waiting.");
    }

    #[test]
    fn a_target_that_cannot_be_used_is_told_once_with_what_to_do() {
        let text = "[[target]]\nname = \"s\"\nkind = \"slack\"\nurl = \"env:VERBATIM_TEST_NOT_SET\"\n\
                    [[target]]\nname = \"fine\"\nkind = \"slack\"\nurl = \"https://hooks.example/x\"\n\
                    [[target]]\nname = \"k\"\nkind = \"kafka\"\ntopic = \"t\"\n\
                    [[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
                    from = \"v@example.com\"\nuser = \"v\"\npassword = \"env:VERBATIM_TEST_NOT_SET\"\n\
                    owners = true\n";
        let owners = [("identity", "identity@example.com"), ("support", "support@example.com")];
        let told = unusable(&Targets::parse("deliver.toml", text).unwrap().with_owners(owners));
        let missing = "the variable VERBATIM_TEST_NOT_SET is not set: set it, or change the reference";
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with(&format!("target mail: password cannot be read: {missing}")), "{told:?}");
        assert!(told[1].starts_with(&format!("target s: url cannot be read: {missing}")), "{told:?}");
        assert!(shut(&told[1]).ends_with("waits until its deadline, unless another process can use it.\n\n"));
    }

    #[test]
    fn programs_read_the_whole_key_and_the_reason() {
        let failed = entry(&[What::Sending { until: NOW }, What::Failed { why: "no".into() }]);
        let shown = serde_json::to_value(Shown::new(&failed)).unwrap();
        assert_eq!(shown["key"].as_str().unwrap().len(), 32);
        assert_eq!((&shown["state"], &shown["why"]), (&"failed".into(), &"no".into()));
        assert_eq!(shown["deadline"], "2025-11-27 09:00:00Z");
        assert!(shown.get("next").is_none());
    }
}
