//! A case as a message, before anybody has decided how it looks at its receiver.

mod whom;

use super::book::Logged;
use super::known::KnownCase;
use super::time;
use crate::output;
use deliver::{Block, Fact, Kind, Link, Note, Quote, Severity, Step};
use feedback::insight::NO_TOPIC;
use feedback::time::Timestamp;
use insight::digest::{Base, Open};
use insight::triage::{DueStep, Priority};
use std::collections::HashSet;
pub use whom::Reader;
use whom::whom_to_tell;

/// Customers' words in a message.
const QUOTES: usize = 3;
/// People from whom on a case is a warning.
const LARGE: u64 = 10;

/// What is new of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Opened,
    /// Its people have doubled since it was told of.
    Grew,
    /// It was resolved, and is open again.
    Reopened,
    /// Nobody has taken it up: what whoever stands above its owner hears.
    Escalated(Priority, DueStep),
    Resolved,
}

/// The note of some news for people; `name` is the topic's. Of the same news always the same id. A customer's words stand
/// in its quotes alone, and so do the people to tell: there an erasure finds them by their record.
pub fn case_note(known: &KnownCase, news: News, name: &str, base: Option<&Base>) -> Note {
    note_for(Reader::Person, known, news, name, base)
}

/// The same for a reader: they differ where a case is resolved, for a program gets everybody who is to be told.
pub fn note_for(reader: Reader, known: &KnownCase, news: News, name: &str, base: Option<&Base>) -> Note {
    let case = &known.case;
    let open = Open::case(&case.id, base);
    let mut blocks = vec![Block::Facts { facts: facts(known, name) }];
    if let News::Escalated(priority, _) = news {
        blocks.insert(0, Block::Paragraph { text: unacknowledged(case, priority) });
    }
    match news {
        News::Resolved => blocks.extend(whom_to_tell(&case.tell, &open.command, reader)),
        News::Opened | News::Grew | News::Reopened | News::Escalated(..) => {
            let quotes = quotes(known);
            if !quotes.is_empty() {
                blocks.push(Block::Heading { text: "What customers say".to_owned() });
                blocks.push(Block::Quotes { quotes });
            }
            let who = format!(
                "Take it up: verbatim cases acknowledge {0}. When it is done: verbatim cases resolve {0}. All of it: {1}",
                case.id, open.command
            );
            blocks.push(Block::Paragraph { text: who });
        }
    }
    let many = known.people_at_least() >= LARGE && news != News::Resolved;
    let severity = match news {
        News::Escalated(Priority::P1, _) => Severity::Critical,
        News::Escalated(..) => Severity::Warning,
        _ if many => Severity::Warning,
        _ => Severity::Info,
    };
    Note {
        id: id(known, news),
        kind: Kind::Case,
        severity,
        title: title(known, news, name),
        summary: summary(known),
        blocks,
        links: open.link.map(|url| Link { text: "Open the case".to_owned(), url }).into_iter().collect(),
        occurred: occurred(known, news),
        group: case.id.clone(),
        step: match news {
            News::Opened => Step::Opens,
            News::Grew | News::Reopened | News::Escalated(..) => Step::Updates,
            News::Resolved => Step::Resolves,
        },
    }
}

/// With how large the case is, by [`size`], where it opens or grows; it is resolved once each time that it was open.
pub fn id(known: &KnownCase, news: News) -> String {
    let (id, times, size) = (&known.case.id, known.case.life.reopened, size(known));
    match news {
        News::Opened => format!("case-{id}-opened-{size}"),
        News::Grew => format!("case-{id}-grew-{size}"),
        News::Reopened => format!("case-{id}-reopened-{times}"),
        News::Escalated(_, due) => escalated(&known.case, due.step),
        News::Resolved => format!("case-{id}-resolved-{times}"),
    }
}

/// The id of the note of a step of an escalation: one each time that the case was open.
pub fn escalated(case: &Logged, step: u32) -> String {
    format!("case-{}-escalated-{}-{step}", case.id, case.life.reopened)
}

/// The greatest power of two that its people reach; 0 without any.
pub fn size(known: &KnownCase) -> u64 {
    known.people_at_least().checked_ilog2().map_or(0, |power| 1 << power)
}

/// The size that the id of a note tells; `None` of what tells none.
pub fn size_in(id: &str) -> Option<u64> {
    let (rest, size) = id.rsplit_once('-')?;
    let tells = rest.ends_with("-opened") || rest.ends_with("-grew");
    size.parse().ok().filter(|_| tells)
}

fn occurred(known: &KnownCase, news: News) -> Timestamp {
    let life = &known.case.life;
    match news {
        News::Opened => life.opened_at,
        News::Grew => known.reach.last_seen.unwrap_or(life.last_at),
        News::Reopened => life.last_at,
        News::Escalated(_, due) => due.at,
        News::Resolved => life.resolved_at.unwrap_or(life.last_at),
    }
}

fn title(known: &KnownCase, news: News, name: &str) -> String {
    let about = about(known, name);
    match news {
        News::Opened => format!("New case: {about}"),
        News::Grew => format!("A case grows, {} by now: {about}", people_of(known.people_at_least())),
        News::Reopened => format!("A case is back: {about}"),
        News::Escalated(priority, _) => format!("Nobody has taken up this case of {priority}: {about}"),
        News::Resolved => format!("Resolved: {about}"),
    }
}

/// Why whoever does not own it hears of it. In these states the last thing that happened to it is that it was opened, or
/// came back.
fn unacknowledged(case: &Logged, priority: Priority) -> String {
    format!(
        "It is of {priority}, and nobody has acknowledged it since {}. Its owner is {}; you hear of it for it escalates \
         from there.",
        time(case.life.last_at),
        case.owner
    )
}

/// `bug about Login and access (app)`.
fn about(known: &KnownCase, name: &str) -> String {
    let case = &known.case;
    let kind = case.kind.replace('_', " ");
    let topic = if case.topic == NO_TOPIC { "without a topic".to_owned() } else { format!("about {name}") };
    let product = if case.product.is_empty() { String::new() } else { format!(" ({})", case.product) };
    format!("{kind} {topic}{product}")
}

fn people_of(people: u64) -> String {
    if people == 1 { "1 person".to_owned() } else { format!("{} people", output::grouped(people)) }
}

/// `7 reports of 5 people in 3 accounts, 2026-03-02 to 2026-03-09`.
fn summary(known: &KnownCase) -> String {
    let reach = &known.reach;
    let mut text = format!(
        "{} of {}{}",
        output::counted(reach.reports, "report"),
        if reach.anonymous > 0 { "at least " } else { "" },
        people_of(known.people_at_least())
    );
    if reach.accounts > 0 {
        text += &format!(" in {}", output::counted(reach.accounts, "account"));
    }
    if let (Some(first), Some(last)) = (reach.first_seen, reach.last_seen) {
        text += &format!(", {} to {}", first.day(), last.day());
    }
    text
}

fn facts(known: &KnownCase, name: &str) -> Vec<Fact> {
    let (case, reach) = (&known.case, &known.reach);
    let day = |at: Option<Timestamp>| at.map(|at| at.day().to_string()).unwrap_or_default();
    let revenue = some(reach.revenue.round() as u64);
    let topic = if case.topic == NO_TOPIC { "none" } else { name };
    let all = [
        ("Case", case.id.clone()),
        ("Owner", case.owner.clone()),
        ("State", case.life.state.to_string()),
        ("Topic", topic.to_owned()),
        ("Kind", case.kind.replace('_', " ")),
        ("Product", case.product.clone()),
        ("Reports", output::grouped(reach.reports)),
        ("People who are known", output::grouped(reach.people)),
        ("Reports of nobody knows whom", some(reach.anonymous)),
        ("Accounts", some(reach.accounts)),
        ("Their yearly revenue", revenue),
        ("First seen", day(reach.first_seen)),
        ("Last seen", day(reach.last_seen)),
    ];
    let told = all.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| Fact { name: name.to_owned(), value }).collect()
}

fn some(count: u64) -> String {
    if count == 0 { String::new() } else { output::grouped(count) }
}

/// The newest words, no two of one person or the same.
fn quotes(known: &KnownCase) -> Vec<Quote> {
    let (mut people, mut texts, mut quotes) = (HashSet::new(), HashSet::new(), Vec::new());
    for (report, person) in known.reports.iter().zip(&known.people).rev() {
        let is_new = person.as_ref().is_none_or(|person| !people.contains(person));
        if quotes.len() == QUOTES || report.words.is_empty() || !is_new || !texts.insert(&report.words) {
            continue;
        }
        people.extend(person.as_ref());
        quotes.push(Quote { text: report.words.clone(), record: report.record.clone(), link: None });
    }
    quotes
}

#[cfg(test)]
mod tests {
    use super::super::known::tests::invented;
    use super::*;

    fn text(note: &Note) -> String {
        serde_json::to_string(note).unwrap()
    }

    #[test]
    fn words_stand_in_quotes_alone() {
        let known = invented();
        let note = case_note(&known, News::Opened, "Login and access", None);
        assert_eq!((note.id.as_str(), note.group.as_str()), ("case-aa01-opened-2", "aa01"));
        assert_eq!((note.kind, note.step, note.severity), (Kind::Case, Step::Opens, Severity::Info));
        assert_eq!(note.title, "New case: bug about Login and access");
        assert_eq!(note.summary, "4 reports of at least 3 people in 1 account, 1970-01-01 to 1970-01-01");
        let Some(Block::Quotes { quotes }) = note.blocks.get(2) else { panic!("{:?}", note.blocks) };
        let records: Vec<&str> = quotes.iter().map(|quote| quote.record.as_str()).collect();
        assert_eq!(records, ["r4", "r3", "r2"], "the newest first, and nobody twice");
        let elsewhere: Vec<&Block> =
            note.blocks.iter().filter(|block| !matches!(block, Block::Quotes { .. })).collect();
        let elsewhere = serde_json::to_string(&(elsewhere, &note.title, &note.summary)).unwrap();
        assert!(!elsewhere.contains("words of"), "{elsewhere}");
        assert!(elsewhere.contains("verbatim cases acknowledge aa01"), "{elsewhere}");
    }

    #[test]
    fn each_news_has_an_id_of_its_own_in_the_group_of_the_case() {
        let mut known = invented();
        let due = DueStep { step: 1, at: Timestamp(9_000_000) };
        let escalated = News::Escalated(Priority::P1, due);
        let all = [News::Opened, News::Grew, News::Reopened, News::Resolved, escalated];
        let notes = all.map(|news| case_note(&known, news, "Login", None));
        let ids: HashSet<&str> = notes.iter().map(|note| note.id.as_str()).collect();
        assert_eq!(ids.len(), all.len());
        assert!(notes.iter().all(|note| note.group == "aa01"));
        assert_eq!(notes[3].step, Step::Resolves);
        assert_eq!(case_note(&known, News::Opened, "Login", None), notes[0]);
        known.reach.people = 40;
        let large = case_note(&known, News::Grew, "Login", None);
        assert_eq!((large.id.as_str(), large.severity), ("case-aa01-grew-32", Severity::Warning));
        assert_eq!(large.title, "A case grows, 41 people by now: bug about Login");
        let sizes = [&large.id, &notes[0].id, &notes[2].id, &notes[4].id].map(|id| size_in(id));
        assert_eq!(sizes, [Some(32), Some(2), None, None]);
    }

    #[test]
    fn whoever_stands_above_hears_since_when_nobody_has_taken_it_up() {
        let known = invented();
        let at = |step: u32| DueStep { step, at: Timestamp(14_400_000_000) };
        let note = |news| case_note(&known, news, "Login", None);
        let first = note(News::Escalated(Priority::P1, at(1)));
        assert_eq!((first.id.as_str(), first.group.as_str()), ("case-aa01-escalated-0-1", "aa01"));
        assert_eq!((first.kind, first.step, first.severity), (Kind::Case, Step::Updates, Severity::Critical));
        assert_eq!(first.title, "Nobody has taken up this case of P1: bug about Login");
        assert_eq!(first.occurred, Timestamp(14_400_000_000));
        let told = "nobody has acknowledged it since 1970-01-01T00:00:05Z. Its owner is identity;";
        let text = text(&first);
        assert!(text.contains(told) && text.contains("verbatim cases acknowledge aa01"), "{text}");
        let second = note(News::Escalated(Priority::P2, at(2)));
        assert_eq!((second.id.as_str(), second.severity), ("case-aa01-escalated-0-2", Severity::Warning));
    }

    #[test]
    fn the_list_of_whom_to_tell_is_whole_for_programs_alone() {
        let mut known = invented();
        let report = |number: usize| crate::cases::Report {
            record: format!("r{number}"),
            names: vec![format!("a_{number}")],
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: format!("T-{number}"),
        };
        known.case.tell = (0..25).map(report).collect();
        let base = Base::parse("https://verbatim.example.com").unwrap();
        let person = case_note(&known, News::Resolved, "Login", Some(&base));
        let program = note_for(Reader::Program, &known, News::Resolved, "Login", Some(&base));
        let command = "And 5 more: verbatim cases show aa01 --json has them all.";
        assert!(text(&person).contains(command) && !text(&person).contains("T-20"), "{}", text(&person));
        assert!(text(&program).contains("T-24, of a_24") && !text(&program).contains("more:"));
        assert_eq!(person.links[0].url, "https://verbatim.example.com/cases/aa01");
        // It is the same news: no target hears both.
        assert_eq!(person.id, program.id);
        let opened = |reader| note_for(reader, &known, News::Opened, "Login", None);
        assert_eq!(opened(Reader::Person), opened(Reader::Program));
    }
}
