//! Triaged records as messages, before anybody has decided how they look at their receiver.

use super::plan::Many;
use crate::cases::{time, topic_name};
use crate::output;
use deliver::{Block, Fact, Kind, Link, Note, Quote, Row, Severity, Step, Table};
use feedback::ids::Id;
use feedback::insight::NO_TOPIC;
use feedback::time::{Day, Timestamp};
use insight::digest::{Base, Open};
use insight::report::Filter;
use insight::triage::{Decided, Priority};
use std::collections::BTreeMap;

/// Customers' words in a message of many.
const QUOTES: usize = 5;
/// Topics that a message of many counts.
const TOPICS: usize = 8;

/// Of the same record and rule always the same: where its rule is another one, that is other news.
pub fn id_of_record(one: &Decided) -> String {
    format!("action-{}-{}", one.kept.record, short(&one.kept.rule))
}

/// `to` is the version of the facts up to which its records were looked at.
pub fn id_of_rule(rule: &str, to: i64) -> String {
    format!("actions-{}-{to}", short(rule))
}

/// A rule's name as a part of an id.
fn short(rule: &str) -> String {
    format!("{:08x}", Id::of(&[rule]).0 as u32)
}

/// A record by itself. A customer's words stand in its quote alone.
pub fn of_record(one: &Decided, names: &[(String, String)], base: Option<&Base>) -> Note {
    let kept = &one.kept;
    let open = Open::records(&Filter { record: Some(kept.record.clone()), ..Filter::default() }, base);
    let mut blocks = vec![Block::Facts { facts: facts_of_record(one, names) }];
    say(&mut blocks, quotes([one]));
    let how = format!("All of it: {}. {}", open.command, why(&kept.record));
    blocks.push(Block::Paragraph { text: how });
    Note {
        id: id_of_record(one),
        kind: Kind::Triage,
        severity: severity(&kept.priority),
        title: format!("{} for {}: {}", kept.priority, kept.owner, kept.rule),
        summary: format!("{}, {}: {}", place(one), kept.occurred_at.day(), kept.reason),
        blocks,
        links: link("Open the record", open.link),
        occurred: kept.occurred_at,
        group: String::new(),
        step: Step::Single,
    }
}

/// The records of a rule together; of nobody but in its quotes.
pub fn of_rule(many: &Many<'_>, names: &[(String, String)], base: Option<&Base>) -> Note {
    // They have a rule in common, and with it owner, priority and queue, unless that was changed meanwhile.
    let newest = many.records.last().map(|one| &one.kept);
    let whose = newest.map(|kept| (kept.owner.clone(), kept.priority.clone(), kept.queue.clone()));
    let (owner, priority, queue) = whose.unwrap_or_default();
    let (from, to) = days(&many.records);
    let filter = Filter {
        from: Some(from),
        to: Some(to),
        owner: Some(owner.clone()),
        priority: Priority::parse(&priority),
        queue: Some(queue.clone()),
        ..Filter::default()
    };
    let open = Open::records(&filter, base);
    let count = output::counted(many.records.len() as u64, "record");
    let facts = named([
        ("Rule", many.rule.to_owned()),
        ("Priority", priority.clone()),
        ("Owner", owner.clone()),
        ("Queue", queue),
    ]);
    let mut blocks = vec![
        Block::Facts { facts },
        Block::Heading { text: "What they are about".to_owned() },
        Block::Table(topics(&many.records, names)),
    ];
    say(&mut blocks, quotes(many.records.iter().copied().rev()));
    let all = format!("All of this owner, priority and queue in these days: {}. {}", open.command, why("ID"));
    blocks.push(Block::Paragraph { text: all });
    Note {
        id: id_of_rule(many.rule, many.to),
        kind: Kind::Triage,
        severity: severity(&priority),
        title: format!("{count} of {priority} for {owner}: {}", many.rule),
        summary: format!("{count} at once, {from} to {to}"),
        blocks,
        links: link("Open the records", open.link),
        occurred: newest.map_or(Timestamp(0), |kept| kept.occurred_at),
        group: String::new(),
        step: Step::Single,
    }
}

/// The days of the first and the last of them; they are in the order in which they occurred.
fn days(records: &[&Decided]) -> (Day, Day) {
    let day = |one: Option<&&Decided>| one.map_or(Day(0), |one| one.kept.occurred_at.day());
    (day(records.first()), day(records.last()))
}

fn severity(priority: &str) -> Severity {
    match Priority::parse(priority) {
        Some(Priority::P1) => Severity::Critical,
        Some(Priority::P2 | Priority::P3) => Severity::Warning,
        Some(Priority::P4) | None => Severity::Info,
    }
}

/// `ticket of help-desk`.
fn place(one: &Decided) -> String {
    format!("{} of {}", one.kept.source, one.kept.event_source)
}

fn why(record: &str) -> String {
    format!("Why it went there: verbatim triage --explain {record}")
}

fn link(text: &str, address: Option<String>) -> Vec<Link> {
    address.map(|url| Link { text: text.to_owned(), url }).into_iter().collect()
}

fn facts_of_record(one: &Decided, names: &[(String, String)]) -> Vec<Fact> {
    let (kept, own) = (&one.kept, |text: &Option<String>| text.clone().unwrap_or_default());
    let topics: Vec<&str> = one.topics.iter().map(|topic| topic_name(names, topic)).collect();
    named([
        ("Priority", kept.priority.clone()),
        ("Owner", kept.owner.clone()),
        ("Queue", kept.queue.clone()),
        ("Rule", kept.rule.clone()),
        ("Why", kept.reason.clone()),
        ("Confidence", kept.confidence.clone()),
        ("Labels", kept.labels.join(", ")),
        ("Topics", topics.join(", ")),
        ("Kind", own(&one.kind).replace('_', " ")),
        ("Product", own(&one.product)),
        ("Account", own(&one.account)),
        ("From", format!("{}, there {}", place(one), kept.native_id)),
        ("Occurred", time(kept.occurred_at)),
        ("Record", kept.record.clone()),
    ])
}

/// Those that say something.
fn named<const N: usize>(all: [(&str, String); N]) -> Vec<Fact> {
    let told = all.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(name, value)| Fact { name: name.to_owned(), value }).collect()
}

/// The words that the decisions rest on, of the first that have any.
fn quotes<'d>(records: impl IntoIterator<Item = &'d Decided>) -> Vec<Quote> {
    let spoken = records.into_iter().filter(|one| !one.words.is_empty());
    let quote =
        |one: &Decided| Quote { text: one.words.clone(), record: one.kept.record.clone(), link: None };
    spoken.map(quote).take(QUOTES).collect()
}

fn say(blocks: &mut Vec<Block>, quotes: Vec<Quote>) {
    if !quotes.is_empty() {
        let text = if quotes.len() == 1 { "What the customer says" } else { "The newest" };
        blocks.push(Block::Heading { text: text.to_owned() });
        blocks.push(Block::Quotes { quotes });
    }
}

/// Records by topic, the most frequent first; one with several topics counts with each.
fn topics(records: &[&Decided], names: &[(String, String)]) -> Table {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for one in records {
        for topic in &one.topics {
            *counts.entry(topic.as_str()).or_default() += 1;
        }
        if one.topics.is_empty() {
            *counts.entry(NO_TOPIC).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let name = |topic: &str| match topic {
        NO_TOPIC => "Without a topic".to_owned(),
        topic => topic_name(names, topic).to_owned(),
    };
    let all = records.len().max(1) as f64;
    let row = |(topic, count): &(&str, u64)| Row {
        cells: vec![name(topic), output::grouped(*count)],
        bar: Some(*count as f64 / all),
    };
    Table {
        columns: ["topic", "records"].map(str::to_owned).into(),
        rows: counts.iter().take(TOPICS).map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::invented;
    use super::*;

    fn names() -> Vec<(String, String)> {
        vec![("login_access".to_owned(), "Login and access".to_owned())]
    }

    /// All but the quotes.
    fn around(note: &Note) -> String {
        let blocks: Vec<&Block> =
            note.blocks.iter().filter(|block| !matches!(block, Block::Quotes { .. })).collect();
        serde_json::to_string(&(blocks, &note.title, &note.summary, &note.links)).unwrap()
    }

    fn quoted(note: &Note) -> Vec<&str> {
        let quotes = note.blocks.iter().filter_map(|block| match block {
            Block::Quotes { quotes } => Some(quotes),
            _ => None,
        });
        quotes.flatten().map(|quote| quote.record.as_str()).collect()
    }

    #[test]
    fn a_record_is_told_with_why_and_how_to_open_it() {
        let one = invented(3, "locked out", &["chat"]);
        let note = of_record(&one, &names(), None);
        assert_eq!((note.kind, note.severity, note.step), (Kind::Triage, Severity::Critical, Step::Single));
        assert_eq!(note.title, "P1 for identity: locked out");
        assert_eq!(note.summary, "ticket of desk, 1970-01-01: urgency high at 90%");
        assert_eq!((quoted(&note), note.occurred), (vec!["r3"], one.kept.occurred_at));
        let text = around(&note);
        for part in [
            "{\"name\":\"Topics\",\"value\":\"Login and access\"}",
            "{\"name\":\"From\",\"value\":\"ticket of desk, there T-3\"}",
            "All of it: verbatim report --records --record r3.",
            "verbatim triage --explain r3",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("words of") && !text.contains("Product"), "{text}");
        let base = Base::parse("https://verbatim.example.com").unwrap();
        let linked = of_record(&one, &names(), Some(&base));
        assert_eq!(linked.links[0].url, "https://verbatim.example.com/records?record=r3");
        let silent = of_record(&Decided { words: String::new(), ..one.clone() }, &names(), None);
        assert!(quoted(&silent).is_empty());
        assert_eq!(silent.id, note.id, "whatever was changed in it");
        assert_ne!(of_record(&invented(3, "money", &["chat"]), &names(), None).id, note.id);
    }

    #[test]
    fn many_are_one_message_that_counts_them_and_quotes_the_newest() {
        let mut all: Vec<Decided> = (0..12).map(|number| invented(number, "locked out", &[])).collect();
        all[0].topics.clear();
        all[1].topics.push("stability".to_owned());
        let records: Vec<&Decided> = all.iter().collect();
        let many = Many { rule: "locked out", target: "chat", records, to: 41 };
        let note = of_rule(&many, &names(), None);
        assert_eq!(note.title, "12 records of P1 for identity: locked out");
        assert_eq!(note.summary, "12 records at once, 1970-01-01 to 1970-01-01");
        assert_eq!(quoted(&note), ["r11", "r10", "r9", "r8", "r7"]);
        let Some(Block::Table(table)) = note.blocks.get(2) else { panic!("{:?}", note.blocks) };
        let rows: Vec<String> = table.rows.iter().map(|row| row.cells.join(" ")).collect();
        assert_eq!(rows, ["Login and access 11", "Without a topic 1", "stability 1"]);
        let text = around(&note);
        assert!(!text.contains("words of") && text.contains("verbatim report --records --from"), "{text}");
        assert_eq!(of_rule(&many, &names(), None), note);
        assert_ne!(of_rule(&Many { to: 42, ..many }, &names(), None).id, note.id);
    }
}
