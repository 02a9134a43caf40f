//! Which news of cases are worth a message, and whether they were said.

use super::known::KnownCase;
use super::note::{News, case_note, id, size, size_in};
use crate::outbox::StoreOutbox;
use crate::telling::{ToSay, say};
use anyhow::{Context as _, Result};
use deliver::Targets;
use feedback::insight::NO_TOPIC;
use insight::cases::State;
use insight::digest::Base;
use std::collections::{BTreeSet, HashMap};
use store::Store;

/// Reports, and people that they have to be of, below which a case stands nearly alone: as the digest has it.
const LEAST_REPORTS: u64 = 3;
const LEAST_PEOPLE: u64 = 2;
/// People from whom on it is told that a case grows.
const LEAST_GROWN: u64 = 4;

/// Queues what is new of these cases and was not said yet, for how many targets in all; `to` has the targets' names. What
/// was queued once is not queued again, so that a run that was cut off is made up for by the next one.
pub async fn tell_cases(
    store: &Store,
    targets: &Targets,
    to: &[String],
    cases: &[KnownCase],
    names: &[(String, String)],
    base: Option<&Base>,
) -> Result<usize> {
    if to.is_empty() || cases.is_empty() {
        return Ok(0);
    }
    let entries = StoreOutbox::new(store.clone()).entries().await.context("the outbox cannot be read")?;
    let mut said: HashMap<String, Vec<String>> = HashMap::new();
    for entry in entries {
        said.entry(entry.note.group).or_default().push(entry.note.id);
    }
    let to: BTreeSet<String> = to.iter().cloned().collect();
    let notes = cases.iter().filter_map(|known| {
        let news = news(known, said.get(&known.case.id).map_or(&[], Vec::as_slice))?;
        let note = case_note(known, news, name(names, &known.case.topic), base);
        Some(ToSay { note, to: to.clone() })
    });
    let notes: Vec<ToSay> = notes.collect();
    say(store, targets, &notes).await
}

fn name<'n>(names: &'n [(String, String)], topic: &'n str) -> &'n str {
    let known = names.iter().find(|(id, _)| id == topic);
    if topic == NO_TOPIC { topic } else { known.map_or(topic, |(_, name)| name.as_str()) }
}

/// What is to be said next of a case, if anything, by the ids of what was said: at most one thing at a time, so that a case
/// that comes whole is one message. Growth is told each time that the people have doubled since: a case of a thousand
/// people is at most nine messages.
fn news(known: &KnownCase, said: &[String]) -> Option<News> {
    let is_new = |news: &News| !said.contains(&id(known, *news));
    let told = said.iter().filter_map(|id| size_in(id)).max();
    let Some(told) = told else {
        // Who never heard of it need not hear that it is over.
        let is_large = known.reach.reports >= LEAST_REPORTS && known.people_at_least() >= LEAST_PEOPLE;
        return (is_large && !known.case.life.is_resolved()).then_some(News::Opened);
    };
    match known.case.life.state {
        State::Resolved => Some(News::Resolved).filter(is_new),
        State::Reopened if is_new(&News::Reopened) => Some(News::Reopened),
        _ => Some(News::Grew).filter(|_| size(known) >= LEAST_GROWN && size(known) > told),
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::tests::invented;
    use super::*;
    use feedback::time::Timestamp;
    use insight::cases::Step;

    /// What is said of a case step by step, until nothing is.
    fn all(known: &KnownCase, said: &mut Vec<String>) -> Vec<News> {
        let mut told = Vec::new();
        while let Some(one) = news(known, said) {
            said.push(id(known, one));
            told.push(one);
        }
        told
    }

    fn step(known: &mut KnownCase, step: Step, at: i64) {
        known.case.life = known.case.life.then(step, Timestamp(at)).unwrap();
    }

    #[test]
    fn a_case_is_told_once_as_it_goes_on() {
        let (mut known, mut said) = (invented(), Vec::new());
        assert_eq!(all(&known, &mut said), [News::Opened]);
        known.reach.people = 9;
        assert_eq!(all(&known, &mut said), [News::Grew], "what lies between is passed over");
        known.reach.people = 14;
        assert!(all(&known, &mut said).is_empty());
        step(&mut known, Step::Resolved, 6_000_000);
        assert_eq!(all(&known, &mut said), [News::Resolved]);
        step(&mut known, Step::Reopened, 7_000_000);
        assert_eq!(all(&known, &mut said), [News::Reopened]);
        step(&mut known, Step::Resolved, 8_000_000);
        assert_eq!(all(&known, &mut said), [News::Resolved], "once each time");
    }

    #[test]
    fn what_stands_nearly_alone_is_not_told_and_neither_is_its_end() {
        let (mut known, mut said) = (invented(), Vec::new());
        known.reach.reports = 2;
        assert!(all(&known, &mut said).is_empty());
        known.reach.reports = 30;
        (known.reach.people, known.reach.anonymous) = (0, 30);
        assert!(all(&known, &mut said).is_empty(), "they may all be of one person");
        step(&mut known, Step::Resolved, 6_000_000);
        assert!(all(&known, &mut said).is_empty());
    }

    #[test]
    fn what_was_large_from_the_beginning_has_not_grown() {
        let (mut known, mut said) = (invented(), Vec::new());
        known.reach.people = 20;
        assert_eq!(all(&known, &mut said), [News::Opened]);
        known.reach.people = 31;
        assert_eq!(all(&known, &mut said), [News::Grew], "32 with those of nobody knows whom");
    }

    #[test]
    fn a_topic_is_told_by_its_name() {
        let names = [("login_access".to_owned(), "Login".to_owned())];
        assert_eq!(
            ["login_access", "gone", NO_TOPIC].map(|id| name(&names, id)),
            ["Login", "gone", NO_TOPIC]
        );
    }
}
