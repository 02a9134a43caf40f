//! Which news of cases are worth a message, and whether they were said.

use super::known::KnownCase;
use super::note::{News, Reader, case_note, id, note_for, size, size_in};
use crate::outbox::StoreOutbox;
use crate::telling::{ToSay, say};
use anyhow::{Context as _, Result};
use chrono::Utc;
use deliver::target::To;
use deliver::{Entry, Targets};
use feedback::insight::NO_TOPIC;
use feedback::time::Timestamp;
use insight::cases::State;
use insight::digest::Base;
use std::collections::{BTreeSet, HashMap, HashSet};
use store::Store;

/// Under which it is noted since when, in microseconds.
const WHO: &str = "cases told";
/// Reports, and people that they have to be of, below which a case stands nearly alone: as the digest has it.
const LEAST_REPORTS: u64 = 3;
const LEAST_PEOPLE: u64 = 2;
/// People from whom on it is told that a case grows.
const LEAST_GROWN: u64 = 4;
/// For so long, in microseconds, a resolution is news to a target that has not heard of it. What was resolved before that
/// is history to whoever begins to listen.
const NEWS_FOR: i64 = 7 * 86_400_000_000;

/// Queues what is new of these cases and was not said yet, for how many targets in all; `to` has the targets' names. What
/// was queued once is not queued again, so that a run that was cut off is made up for by the next one.
pub async fn tell_cases(
    outbox: &StoreOutbox,
    targets: &Targets,
    to: &[String],
    cases: &[KnownCase],
    names: &[(String, String)],
    base: Option<&Base>,
) -> Result<usize> {
    if to.is_empty() {
        return Ok(0);
    }
    let now = Timestamp::from_datetime(Utc::now());
    // Before there is any case, so that the first one is told.
    let begun = begun(outbox.store(), now).await?;
    if cases.is_empty() {
        return Ok(0);
    }
    let said = outbox.look(|entries| said_of(cases, entries)).await.context("the outbox cannot be read")?;
    let to: BTreeSet<String> = to.iter().cloned().collect();
    let nothing = Said::default();
    let notes = cases.iter().flat_map(|known| {
        let said = said.get(&known.case.id).unwrap_or(&nothing);
        let name = topic_name(names, &known.case.topic);
        match news(known, &said.ids, now) {
            None => Vec::new(),
            // It was there before anybody was to hear of cases, and nothing has come to it since.
            Some(News::Opened) if known.reports.iter().all(|report| report.stored_at <= begun) => Vec::new(),
            Some(News::Resolved) => resolved(known, said, targets, &to, name, base),
            Some(news) => vec![ToSay { note: case_note(known, news, name, base), to: to.clone() }],
        }
    });
    let notes: Vec<ToSay> = notes.collect();
    say(outbox, targets, &notes).await
}

/// Since when cases are told here; the first time, from now on: otherwise whoever begins to listen would hear of every case
/// that there ever was.
async fn begun(store: &Store, now: Timestamp) -> Result<Timestamp> {
    if let Some(at) = store.got_to(WHO).await.context("since when cases are told cannot be read")? {
        return Ok(Timestamp(at));
    }
    store.note_got_to(WHO, None, now.0).await.context("since when cases are told cannot be noted")?;
    Ok(now)
}

/// What was said of a case.
#[derive(Default)]
struct Said {
    /// Of the notes.
    ids: Vec<String>,
    /// The targets that know of the case, or will before they hear anything new.
    targets: BTreeSet<String>,
}

impl Said {
    fn add(&mut self, entry: &Entry) {
        if !matches!(entry.state, deliver::State::Failed { .. }) {
            self.targets.insert(entry.target.clone());
        }
        self.ids.push(entry.note.id.clone());
    }
}

/// By their ids, of those of these cases that anything was said of.
fn said_of(cases: &[KnownCase], entries: &[Entry]) -> HashMap<String, Said> {
    let asked: HashSet<&str> = cases.iter().map(|known| known.case.id.as_str()).collect();
    let mut said: HashMap<String, Said> = HashMap::new();
    for entry in entries.iter().filter(|entry| asked.contains(entry.note.group.as_str())) {
        said.entry(entry.note.group.clone()).or_default().add(entry);
    }
    said
}

/// That a case is resolved: to programs with everybody who is to be told, to people with as many as they read. Where a
/// project of Jira has no issue of the case none is made for what is over.
fn resolved(
    known: &KnownCase,
    said: &Said,
    targets: &Targets,
    to: &BTreeSet<String>,
    name: &str,
    base: Option<&Base>,
) -> Vec<ToSay> {
    let kind = |target: &str| targets.get(target).map(|target| &target.to);
    let hears = |target: &&String| {
        !matches!(kind(target), Some(To::Jira(_))) || said.targets.contains(target.as_str())
    };
    let is_program = |target: &String| matches!(kind(target), Some(To::Webhook { .. } | To::Kafka { .. }));
    let (programs, people): (BTreeSet<String>, BTreeSet<String>) =
        to.iter().filter(hears).cloned().partition(is_program);
    [(Reader::Program, programs), (Reader::Person, people)]
        .map(|(reader, to)| ToSay { note: note_for(reader, known, News::Resolved, name, base), to })
        .into()
}

/// As readers know a topic, by ids and names; the id of one that is not there any more.
pub fn topic_name<'n>(names: &'n [(String, String)], topic: &'n str) -> &'n str {
    let known = names.iter().find(|(id, _)| id == topic);
    if topic == NO_TOPIC { topic } else { known.map_or(topic, |(_, name)| name.as_str()) }
}

/// What is to be said next of a case, if anything, by the ids of what was said: at most one thing at a time, so that a case
/// that comes whole is one message. Growth is told each time that the people have doubled since: a case of a thousand
/// people is at most nine messages. That it is resolved is told of any case, however small, as long as somebody waits for
/// an answer; the outbox knows which targets have heard that.
fn news(known: &KnownCase, said: &[String], now: Timestamp) -> Option<News> {
    let is_new = |news: News| !said.contains(&id(known, news));
    let told = said.iter().filter_map(|id| size_in(id)).max();
    let life = &known.case.life;
    if let Some(at) = life.resolved_at {
        let somebody_waits = !known.case.tell.is_empty() && now.0.saturating_sub(at.0) <= NEWS_FOR;
        let is_over = told.is_some() && is_new(News::Resolved);
        return (somebody_waits || is_over).then_some(News::Resolved);
    }
    let Some(told) = told else {
        let is_large = known.reach.reports >= LEAST_REPORTS && known.people_at_least() >= LEAST_PEOPLE;
        return is_large.then_some(News::Opened);
    };
    match life.state {
        State::Reopened if is_new(News::Reopened) => Some(News::Reopened),
        _ => (size(known) >= LEAST_GROWN && size(known) > told).then_some(News::Grew),
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::tests::invented;
    use super::*;
    use crate::cases::Report;
    use deliver::Event;
    use insight::cases::Step;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp(10_000_000);

    /// What is said of a case step by step, until nothing is that was not said.
    fn all(known: &KnownCase, said: &mut Vec<String>) -> Vec<News> {
        let mut told = Vec::new();
        while let Some(one) = news(known, said, NOW).filter(|one| !said.contains(&id(known, *one))) {
            said.push(id(known, one));
            told.push(one);
        }
        told
    }

    fn step(known: &mut KnownCase, step: Step, at: i64) {
        known.case.life = known.case.life.then(step, Timestamp(at)).unwrap();
    }

    fn report(record: &str) -> Report {
        Report {
            record: record.to_owned(),
            names: vec!["a_1".to_owned()],
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: format!("T-{record}"),
        }
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
    fn what_stands_nearly_alone_is_not_told_before_its_end() {
        let (mut known, mut said) = (invented(), Vec::new());
        known.reach.reports = 2;
        assert!(all(&known, &mut said).is_empty());
        known.reach.reports = 30;
        (known.reach.people, known.reach.anonymous) = (0, 30);
        assert!(all(&known, &mut said).is_empty(), "they may all be of one person");
        step(&mut known, Step::Resolved, 6_000_000);
        assert!(all(&known, &mut said).is_empty(), "nobody is left who waits for an answer");
        known.case.tell = vec![report("r1")];
        assert_eq!(all(&known, &mut said), [News::Resolved]);
        step(&mut known, Step::Reopened, 7_000_000);
        assert!(all(&known, &mut said).is_empty());
        step(&mut known, Step::Resolved, 8_000_000);
        assert_eq!(all(&known, &mut said), [News::Resolved], "once each time");
    }

    #[test]
    fn what_was_resolved_long_ago_is_no_news_to_who_begins_to_listen() {
        let mut known = invented();
        known.case.tell = vec![report("r1")];
        step(&mut known, Step::Resolved, 6_000_000);
        let after = |micros: i64| news(&known, &[], Timestamp(6_000_000 + micros));
        assert_eq!((after(NEWS_FOR), after(NEWS_FOR + 1)), (Some(News::Resolved), None));
        // A clock that was ahead then changes nothing.
        assert_eq!(after(-1), Some(News::Resolved));
        // Who heard of the case hears its end, whenever that can be said.
        let opened = [id(&known, News::Opened)];
        assert_eq!(news(&known, &opened, Timestamp(i64::MAX)), Some(News::Resolved));
        let both = [id(&known, News::Opened), id(&known, News::Resolved)];
        assert_eq!(news(&known, &both, Timestamp(i64::MAX)), None);
    }

    const TARGETS: &str = "[[target]]\nname = \"chat\"\nkind = \"slack\"\nurl = \"env:X\"\n\
                           [[target]]\nname = \"crm\"\nkind = \"webhook\"\nurl = \"https://crm.example/\"\n\
                           secret = \"env:X\"\n\
                           [[target]]\nname = \"topic\"\nkind = \"kafka\"\ntopic = \"told\"\n\
                           [[target]]\nname = \"jira\"\nkind = \"jira\"\nurl = \"https://x.atlassian.net\"\n\
                           user = \"bot@example.com\"\npassword = \"env:X\"\nproject = \"VOC\"\n";

    /// For whom the two notes of a resolution are, and how many people each names.
    fn heard(known: &KnownCase, said: &Said) -> [(Vec<String>, usize); 2] {
        let targets = Targets::parse("deliver.toml", TARGETS).unwrap();
        let to = BTreeSet::from(["chat", "crm", "jira", "topic"].map(str::to_owned));
        let notes = resolved(known, said, &targets, &to, "Login", None);
        let told = |one: &ToSay| -> (Vec<String>, usize) {
            let named = serde_json::to_string(&one.note).unwrap().matches("ticket desk T-").count();
            (one.to.iter().cloned().collect(), named)
        };
        [told(&notes[0]), told(&notes[1])]
    }

    #[test]
    fn programs_get_the_whole_list_and_jira_no_issue_of_what_is_over() {
        let mut known = invented();
        known.case.tell = (0..30).map(|number| report(&format!("r{number}"))).collect();
        step(&mut known, Step::Resolved, 6_000_000);
        let names = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let mut said = Said::default();
        assert_eq!(heard(&known, &said), [(names(&["crm", "topic"]), 30), (names(&["chat"]), 20)]);
        // One that is on its way is there before this.
        let note = case_note(&known, News::Opened, "Login", None);
        let queued = Event::queue(note, "jira", NOW, Duration::from_secs(60));
        let entry = Entry::queued(&queued).unwrap();
        let mut failed = entry.clone();
        failed.state = deliver::State::Failed { at: NOW };
        said.add(&failed);
        assert_eq!(heard(&known, &said)[1].0, names(&["chat"]), "it was never made");
        said.add(&entry);
        assert_eq!(heard(&known, &said)[1], (names(&["chat", "jira"]), 20));
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
            ["login_access", "gone", NO_TOPIC].map(|id| topic_name(&names, id)),
            ["Login", "gone", NO_TOPIC]
        );
    }
}
