//! An alert as a message, before anybody has decided how it looks at its receiver.

use deliver::{Block, Bullet, Fact, Kind, Link, Note, Quote, Severity};
use insight::alerts::{AlertEvent, AlertTold, Contribution, Moved, Quoted, Step, fields};
use insight::digest::{Base, Open};
use insight::triage::Priority;

/// The note of an event that goes out. Of the same event always the same id.
pub fn note(told: &AlertTold, event: &AlertEvent, base: Option<&Base>) -> Note {
    let mut blocks = vec![Block::Facts { facts: facts(event) }];
    let mut section = |title: &str, block: Block| {
        blocks.push(Block::Heading { text: title.to_owned() });
        blocks.push(block);
    };
    section("What moved", Block::Bullets { points: told.moved.iter().map(|one| moved(one, base)).collect() });
    if !told.carried_by.is_empty() {
        let points = told.carried_by.iter().map(|one| Bullet { text: carried(one), link: None }).collect();
        section("What carries it", Block::Bullets { points });
    }
    if !told.quotes.is_empty() {
        let quote =
            |quote: &Quoted| Quote { text: quote.text.clone(), record: quote.record.clone(), link: None };
        section("What customers say", Block::Quotes { quotes: told.quotes.iter().map(quote).collect() });
    }
    let open = Open::alert(&told.alert, base);
    let was = format!(
        "Was this of use? verbatim alerts useful {0}, or verbatim alerts not-useful {0}. All of it: {1}",
        told.alert, open.command
    );
    blocks.push(Block::Paragraph { text: was });
    Note {
        id: format!("alert-{}-{}-{}", told.alert, told.step, told.at.0),
        kind: Kind::Alert,
        severity: match told.severity {
            Priority::P1 => Severity::Critical,
            Priority::P2 | Priority::P3 => Severity::Warning,
            Priority::P4 => Severity::Info,
        },
        title: told.title.clone(),
        summary: told.summary.clone(),
        blocks,
        links: link("Open the alert", open.link).into_iter().collect(),
        occurred: told.at,
        group: told.alert.clone(),
        step: match told.step {
            Step::Fired => deliver::Step::Opens,
            Step::Resolved => deliver::Step::Resolves,
            Step::Updated | Step::Reopened => deliver::Step::Updates,
            Step::Silenced | Step::OverBudget | Step::Useful | Step::NotUseful => deliver::Step::Single,
        },
    }
}

fn facts(event: &AlertEvent) -> Vec<Fact> {
    let known = fields(event).into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(name, value)| Fact { name: name.to_owned(), value }).collect()
}

/// With the way to its records: an address where there is a dashboard, else the command.
fn moved(moved: &Moved, base: Option<&Base>) -> Bullet {
    let address =
        base.zip(moved.filter.as_ref()).and_then(|(base, filter)| Open::records(filter, Some(base)).link);
    let text = match (&address, &moved.command) {
        (None, Some(command)) => format!("{}. Its records: {command}", moved.text),
        _ => moved.text.clone(),
    };
    Bullet { text, link: link("Its records", address) }
}

fn link(text: &str, address: Option<String>) -> Option<Link> {
    Some(Link { text: text.to_owned(), url: address? })
}

/// `app version 7.3: 67% of what is beyond the usual, 2% of the records before`.
pub fn carried(one: &Contribution) -> String {
    format!(
        "{} {}: {:.0}% of what is beyond the usual, {:.0}% of the records before",
        one.field.replace('_', " "),
        one.value,
        100.0 * one.share,
        100.0 * one.usual
    )
}

#[cfg(test)]
mod tests {
    use super::super::journal::tests::fired;
    use super::*;
    use insight::alerts::{Behind, tell};

    fn told(event: &AlertEvent) -> AlertTold {
        let contribution = Contribution {
            field: "app_version".to_owned(),
            value: "7.3".to_owned(),
            share: 0.67,
            usual: 0.02,
            since: 40,
        };
        let quote = Quoted { record: "r1".to_owned(), text: "login fails again".to_owned() };
        let behind = Behind { carried_by: vec![contribution], quotes: vec![quote] };
        tell(event, behind, &|what| format!("{what:?}")).unwrap()
    }

    #[test]
    fn a_note_tells_what_moved_what_carries_it_and_who_said_so() {
        let event = fired("login_access");
        let told = told(&event);
        let plain = note(&told, &event, None);
        assert_eq!(
            (plain.kind, plain.severity, plain.step),
            (Kind::Alert, Severity::Critical, deliver::Step::Opens)
        );
        assert_eq!((plain.group.as_str(), plain.id.starts_with("alert-")), (event.id.as_str(), true));
        let text = serde_json::to_string(&plain).unwrap();
        for part in [
            "84 records where 31 were due (20 to 42)",
            "Its records: verbatim report --records --from 2026-03-02 --to 2026-03-02 --topic login_access",
            "app version 7.3: 67% of what is beyond the usual, 2% of the records before",
            "\"text\":\"login fails again\",\"record\":\"r1\"",
            &format!("verbatim alerts not-useful {}", event.id),
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(plain.links.is_empty());
        let base = Base::parse("https://verbatim.example.com").unwrap();
        let linked = note(&told, &event, Some(&base));
        assert_eq!(linked.links[0].url, format!("https://verbatim.example.com/alerts/{}", event.id));
        let text = serde_json::to_string(&linked).unwrap();
        assert!(text.contains("https://verbatim.example.com/records?from=2026-03-02"), "{text}");
        assert!(!text.contains("Its records: verbatim"), "an address in place of the command: {text}");
    }

    #[test]
    fn each_step_is_a_note_of_its_own_in_the_group_of_the_alert() {
        let event = fired("login_access");
        let resolved = AlertEvent { step: Step::Resolved, at: event.at, ..event.clone() };
        let notes = [&event, &resolved].map(|event| note(&told(event), event, None));
        assert_ne!(notes[0].id, notes[1].id);
        assert_eq!(notes[0].group, notes[1].group);
        assert_eq!(notes[1].step, deliver::Step::Resolves);
        assert_eq!(note(&told(&event), &event, None), notes[0], "the same event, the same note");
    }
}
