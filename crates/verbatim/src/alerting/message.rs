//! An alert as a message, before anybody has decided how it looks at its receiver.

use deliver::{Block, Bullet, Fact, Kind, Link, Note, Quote, Severity};
use insight::alerts::{AlertEvent, AlertTold, Contribution, Moved, PartOf, Quoted, Step, UsualOf, fields};
use insight::digest::{Base, Open};
use insight::triage::Priority;

/// Lines of what moved beside what names it; the rest is counted.
const MOST: usize = 4;

/// The note of an event that goes out. Of the same event always the same id.
pub fn note(told: &AlertTold, event: &AlertEvent, base: Option<&Base>) -> Note {
    let mut blocks = vec![Block::Facts { facts: facts(event) }];
    let mut section = |title: &str, block: Block| {
        blocks.push(Block::Heading { text: title.to_owned() });
        blocks.push(block);
    };
    let mut points: Vec<Bullet> = few(told).iter().map(|one| moved(one, base)).collect();
    points.extend(left_out(told).map(|text| Bullet { text, link: None }));
    if !points.is_empty() {
        section("Moved as well", Block::Bullets { points });
    }
    // Of what is over nobody asks any more what it came from.
    let is_over = told.step == Step::Resolved;
    if !told.carried_by.is_empty() && !is_over {
        let points = told.carried_by.iter().map(|one| Bullet { text: carried(one), link: None }).collect();
        section("What carries it", Block::Bullets { points });
    }
    if !told.quotes.is_empty() && !is_over {
        let quote =
            |quote: &Quoted| Quote { text: quote.text.clone(), record: quote.record.clone(), link: None };
        section("What customers say", Block::Quotes { quotes: told.quotes.iter().map(quote).collect() });
    }
    let (records, alert) = (told.moved.first(), Open::alert(&told.alert, base));
    blocks.push(Block::Paragraph { text: next(told, base.is_none().then_some(&alert)) });
    let links = [
        link("Open the alert", alert.link),
        link("Its records", records.and_then(|records| address(records, base))),
    ];
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
        links: links.into_iter().flatten().collect(),
        occurred: told.at,
        group: told.alert.clone(),
        step: match told.step {
            Step::Fired => deliver::Step::Opens,
            Step::Resolved => deliver::Step::Resolves,
            Step::Updated | Step::Reopened => deliver::Step::Updates,
            Step::Merged
            | Step::Silenced
            | Step::OverBudget
            | Step::Useful
            | Step::NotUseful
            | Step::Acknowledged
            | Step::Muted
            | Step::Unmuted => deliver::Step::Single,
        },
    }
}

/// What moved beside what names it, as much as is read.
pub fn few(told: &AlertTold) -> &[Moved] {
    let others = told.moved.get(1..).unwrap_or_default();
    &others[..others.len().min(MOST)]
}

/// `2 more, and 14 parts of all this, by product, source or case`.
pub fn left_out(told: &AlertTold) -> Option<String> {
    let more = told.moved.len().saturating_sub(1 + few(told).len());
    let more = (more > 0).then(|| format!("{more} more"));
    let parts = match told.parts.len() {
        0 => None,
        1 => Some("1 part of all this, by product, source or case".to_owned()),
        parts => Some(format!("{parts} parts of all this, by product, source or case")),
    };
    let left: Vec<String> = more.into_iter().chain(parts).collect();
    (!left.is_empty()).then(|| left.join(", and "))
}

fn facts(event: &AlertEvent) -> Vec<Fact> {
    let known = fields(event).into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(name, value)| Fact { name: name.to_owned(), value }).collect()
}

/// What to do with it: how to see more, by a command where there is no dashboard, and how to say whether it was of use.
fn next(told: &AlertTold, alert: Option<&Open>) -> String {
    let records = told.moved.first().and_then(|moved| moved.command.as_ref());
    let records = records.filter(|_| alert.is_some()).map(|command| format!("Its records: {command}\n"));
    let all = alert.map(|open| format!("All of it: {}\n", open.command));
    let id = &told.alert;
    format!(
        "{}{}Was it of use? verbatim alerts useful {id}, or verbatim alerts not-useful {id}",
        records.unwrap_or_default(),
        all.unwrap_or_default()
    )
}

/// With a link to its records, where there is a dashboard.
fn moved(moved: &Moved, base: Option<&Base>) -> Bullet {
    Bullet { text: moved.text.clone(), link: link("Its records", address(moved, base)) }
}

fn address(moved: &Moved, base: Option<&Base>) -> Option<String> {
    Open::records(moved.filter.as_ref()?, Some(base?)).link
}

fn link(text: &str, address: Option<String>) -> Option<Link> {
    Some(Link { text: text.to_owned(), url: address? })
}

/// `app version 7.3: 67% of the extra records, 2% of those before`.
pub fn carried(one: &Contribution) -> String {
    let (whole, before) = match (one.part_of, one.usual_of) {
        (PartOf::Excess, UsualOf::Same) => ("the extra records", "those before"),
        (PartOf::Excess, UsualOf::Everything) => ("the extra records", "all records before"),
        (PartOf::Fall, UsualOf::Same) => ("the fall", "the answers before"),
        (PartOf::Fall, UsualOf::Everything) => ("the fall", "all answers before"),
    };
    let field = if one.field == "source_kind" { "source".to_owned() } else { one.field.replace('_', " ") };
    let (share, usual) = (100.0 * one.share, 100.0 * one.usual);
    format!("{field} {}: {share:.0}% of {whole}, {usual:.0}% of {before}", one.value)
}

#[cfg(test)]
mod tests {
    use super::super::journal::tests::fired;
    use super::*;
    use insight::alerts::{Behind, Wordings, tell};

    fn contribution() -> Contribution {
        Contribution {
            field: "app_version".to_owned(),
            value: "7.3".to_owned(),
            part_of: PartOf::Excess,
            share: 0.67,
            usual_of: UsualOf::Same,
            usual: 0.02,
            since: 40,
        }
    }

    fn told(event: &AlertEvent) -> AlertTold {
        let quote = Quoted { record: "r1".to_owned(), text: "login fails again".to_owned() };
        let behind = Behind { carried_by: vec![contribution()], quotes: vec![quote], ..Behind::default() };
        tell(event, behind, &|what| format!("{what:?}"), &Wordings::default()).unwrap()
    }

    #[test]
    fn what_carries_it_is_told_as_a_part_of_what_moved() {
        let fall = Contribution { part_of: PartOf::Fall, ..contribution() };
        assert_eq!(carried(&fall), "app version 7.3: 67% of the fall, 2% of the answers before");
        let few = Contribution { usual_of: UsualOf::Everything, ..contribution() };
        assert_eq!(carried(&few), "app version 7.3: 67% of the extra records, 2% of all records before");
        let source =
            Contribution { field: "source_kind".to_owned(), value: "nps".to_owned(), ..contribution() };
        assert_eq!(carried(&source), "source nps: 67% of the extra records, 2% of those before");
    }

    fn text_of(block: &Block) -> Vec<String> {
        match block {
            Block::Heading { text } => vec![format!("# {text}")],
            Block::Paragraph { text } => text.lines().map(str::to_owned).collect(),
            Block::Facts { facts } => {
                facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value)).collect()
            }
            Block::Bullets { points } => points.iter().map(|point| format!("- {}", point.text)).collect(),
            Block::Quotes { quotes } => {
                quotes.iter().map(|quote| format!("> {} ({})", quote.text, quote.record)).collect()
            }
            Block::Table(_) => Vec::new(),
        }
    }

    fn lines(note: &Note) -> Vec<String> {
        [note.summary.clone()].into_iter().chain(note.blocks.iter().flat_map(text_of)).collect()
    }

    #[test]
    fn a_note_tells_what_moved_what_carries_it_who_said_so_and_what_to_do() {
        let event = fired("login_access");
        let told = told(&event);
        let plain = note(&told, &event, None);
        assert_eq!(
            (plain.kind, plain.severity, plain.step),
            (Kind::Alert, Severity::Critical, deliver::Step::Opens)
        );
        assert_eq!((plain.group.as_str(), plain.id.starts_with("alert-")), (event.id.as_str(), true));
        let name = "Topic(\"login_access\")";
        let id = &event.id;
        let expected = [
            format!(
                "{name}: 84 records where 31 would be usual (20 to 42), of late 2.7\u{d7} as many, \
                 since about 2026-03-02 06:00 UTC, 60 people at least"
            ),
            "Severity: P1".to_owned(),
            "Owner: identity".to_owned(),
            "Found: 2026-03-02 11:00 UTC".to_owned(),
            "# What carries it".to_owned(),
            "- app version 7.3: 67% of the extra records, 2% of those before".to_owned(),
            "# What customers say".to_owned(),
            "> login fails again (r1)".to_owned(),
            "Its records: verbatim report --records --from 2026-03-02 --to 2026-03-02 --topic login_access \
             --since 2026-03-02T06:00:00Z --before 2026-03-02T11:00:00Z"
                .to_owned(),
            format!("All of it: verbatim alerts show {id}"),
            format!("Was it of use? verbatim alerts useful {id}, or verbatim alerts not-useful {id}"),
        ];
        assert_eq!(lines(&plain), expected);
        assert!(plain.links.is_empty());
        let base = Base::parse("https://verbatim.example.com").unwrap();
        let linked = note(&told, &event, Some(&base));
        assert_eq!(linked.links[0].url, format!("https://verbatim.example.com/alerts/{id}"));
        assert!(linked.links[1].url.starts_with("https://verbatim.example.com/records?from=2026-03-02"));
        assert!(
            !lines(&linked).iter().any(|line| line.contains("verbatim report")),
            "an address in its place"
        );
    }

    #[test]
    fn a_few_of_what_moved_are_named_and_the_rest_is_counted() {
        let event = fired("login_access");
        let first = told(&event).moved.remove(0);
        let of = |moved: usize, parts: usize| AlertTold {
            moved: (0..moved).map(|at| Moved { text: at.to_string(), ..first.clone() }).collect(),
            parts: vec![first.clone(); parts],
            ..told(&event)
        };
        let bullets = |told: AlertTold| -> Vec<String> {
            lines(&note(&told, &event, None)).into_iter().filter(|line| line.starts_with("- ")).collect()
        };
        let carries = "- app version 7.3: 67% of the extra records, 2% of those before";
        assert_eq!(bullets(of(2, 0)), ["- 1", carries], "what names it is in the summary");
        let left = "- 2 more, and 14 parts of all this, by product, source or case";
        assert_eq!(bullets(of(7, 14)), ["- 1", "- 2", "- 3", "- 4", left, carries]);
        assert_eq!(bullets(of(1, 1))[0], "- 1 part of all this, by product, source or case");
    }

    #[test]
    fn what_is_over_is_told_in_short() {
        let event = AlertEvent { step: Step::Resolved, ..fired("login_access") };
        let note = note(&told(&event), &event, None);
        let lines = lines(&note);
        assert!(!lines.iter().any(|line| line.starts_with('#')), "{lines:?}");
        assert!(lines.last().unwrap().starts_with("Was it of use?"), "{lines:?}");
        assert_eq!(note.step, deliver::Step::Resolves);
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
