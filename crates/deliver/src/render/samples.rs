//! Notes that the tests of the renderers share.

use crate::note::{Block, Bullet, Fact, Kind, Link, Note, Quote, Row, Severity, Step, Table};
use feedback::time::Timestamp;

/// An alert with a block of every kind.
pub fn alert() -> Note {
    let link = |text: &str, url: &str| Link { text: text.into(), url: url.into() };
    Note {
        id: "alert-7".into(),
        kind: Kind::Alert,
        severity: Severity::Critical,
        title: "Complaints about billing doubled".into(),
        summary: "38 of 120 were negative (32%, 24 to 40%), up from 15%.".into(),
        blocks: vec![
            Block::Heading { text: "What moved".into() },
            Block::Paragraph { text: "Since Tuesday.\nMost are from Germany.".into() },
            Block::Facts {
                facts: vec![
                    Fact { name: "Since".into(), value: "2025-11-25".into() },
                    Fact { name: "People".into(), value: "31".into() },
                ],
            },
            Block::Bullets {
                points: vec![
                    Bullet {
                        text: "Charged twice".into(),
                        link: Some(link("12 records", "https://v.example/a?b=1&c=2")),
                    },
                    Bullet { text: "No invoice".into(), link: None },
                ],
            },
            Block::Quotes {
                quotes: vec![Quote {
                    text: "You charged me twice & nobody answers.".into(),
                    record: "zendesk/4711".into(),
                    link: Some(link("open", "https://v.example/r/4711")),
                }],
            },
            Block::Table(Table {
                columns: vec!["Topic".into(), "Share".into()],
                rows: vec![
                    Row { cells: vec!["billing".into(), "32%".into()], bar: Some(1.0) },
                    Row { cells: vec!["login".into(), "8%".into()], bar: Some(0.25) },
                ],
            }),
        ],
        links: vec![link("All records", "https://v.example/alerts/7")],
        occurred: Timestamp(1_764_230_400_000_000),
        group: "incident-7".into(),
        step: Step::Opens,
    }
}

/// A note whose every string is the text.
pub fn all_of(text: &str) -> Note {
    let s = || text.to_owned();
    let link = || Link { text: s(), url: s() };
    Note {
        id: s(),
        kind: Kind::Digest,
        severity: Severity::Info,
        title: s(),
        summary: s(),
        blocks: vec![
            Block::Heading { text: s() },
            Block::Paragraph { text: s() },
            Block::Facts { facts: vec![Fact { name: s(), value: s() }] },
            Block::Bullets { points: vec![Bullet { text: s(), link: Some(link()) }] },
            Block::Quotes { quotes: vec![Quote { text: s(), record: s(), link: Some(link()) }] },
            Block::Table(Table {
                columns: vec![s(), s()],
                rows: vec![Row { cells: vec![s(), s()], bar: Some(0.5) }],
            }),
        ],
        links: vec![link(), Link { text: s(), url: "https://v.example/ok".into() }],
        occurred: Timestamp(1_764_230_400_000_000),
        group: s(),
        step: Step::Single,
    }
}
