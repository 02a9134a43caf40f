//! The digest as a message, before anybody has decided how it looks at its receiver.

use super::Told;
use deliver::{Block, Bullet, Kind, Link, Note, Quote, Row, Severity, Step, Table};
use feedback::time::Timestamp;
use insight::digest::{Growing, Open, Point, Section, Spark};
use std::collections::{BTreeSet, HashMap};

/// Characters of a case's id that tell it from others.
const SHORT_ID: usize = 8;

/// The note of a week. Of the same week and owner always the same id.
pub fn note(told: &Told, now: Timestamp) -> Note {
    let (digest, page) = (&told.digest, &told.page);
    let owner = digest.owner.as_deref().unwrap_or_default();
    let cases = Cases::of(told);
    let mut blocks: Vec<Block> =
        page.notes.iter().map(|note| Block::Paragraph { text: note.clone() }).collect();
    for section in &page.sections {
        blocks.push(Block::Heading { text: section.title.clone() });
        blocks.extend(of_section(section, &cases));
    }
    let week = Open::report(digest.period, digest.base.as_ref());
    Note {
        id: format!("digest-{}-{owner}", digest.week),
        kind: Kind::Digest,
        severity: Severity::Info,
        title: format!("{} ({})", page.title, page.context),
        summary: page.summary.clone(),
        blocks,
        links: link("Open the report", week.link).into_iter().collect(),
        occurred: now,
        group: String::new(),
        step: Step::Single,
    }
}

/// The cases of a digest by their ids: two may have one title. A title is a customer's words, which stand in a note only as
/// a quote of their record, and in an archive beside it.
pub(super) struct Cases<'a> {
    told: &'a Told,
    by_id: HashMap<&'a str, &'a Growing>,
}

impl<'a> Cases<'a> {
    pub(super) fn of(told: &'a Told) -> Self {
        let all = told.digest.cases.iter().chain(&told.digest.resolved);
        Self { told, by_id: all.map(|case| (case.id.as_str(), case)).collect() }
    }

    pub(super) fn of_point(&self, point: &Point) -> Option<&'a Growing> {
        self.by_id.get(point.case.as_deref()?).copied()
    }

    /// What a point is called.
    pub(super) fn name(&self, point: &Point) -> String {
        match self.of_point(point) {
            Some(case) => format!("Case {}", case.id.chars().take(SHORT_ID).collect::<String>()),
            None => point.title.clone(),
        }
    }

    /// The title of a case as a quote.
    fn title(&self, point: &Point) -> Option<Quote> {
        let case = self.of_point(point)?;
        let record = self.told.titled.get(&case.id)?.clone();
        Some(Quote { text: case.title.clone(), record, link: None })
    }
}

fn of_section(section: &Section, cases: &Cases<'_>) -> Vec<Block> {
    let mut points: Vec<Bullet> = section.points.iter().map(|point| bullet(point, cases)).collect();
    if let Some((more, open)) = &section.more {
        points.push(opened(format!("And {more} more"), open));
    }
    let mut blocks = vec![Block::Bullets { points }];
    blocks.extend(table(section, cases).map(Block::Table));
    let quotes = quotes(section, cases);
    if !quotes.is_empty() {
        blocks.push(Block::Quotes { quotes });
    }
    blocks
}

fn bullet(point: &Point, cases: &Cases<'_>) -> Bullet {
    let text = format!("{}: {}", cases.name(point), point.text);
    match &point.open {
        Some(open) => opened(text, open),
        None => Bullet { text, link: None },
    }
}

/// With the way to what it is about: an address where there is a dashboard, else the command.
fn opened(text: String, open: &Open) -> Bullet {
    match &open.link {
        Some(_) => Bullet { text, link: link("Open", open.link.clone()) },
        None => Bullet { text: format!("{text} ({})", open.command), link: None },
    }
}

fn link(text: &str, address: Option<String>) -> Option<Link> {
    Some(Link { text: text.to_owned(), url: address? })
}

/// This week beside those before, or one bar a point; `None` where a section has neither.
fn table(section: &Section, cases: &Cases<'_>) -> Option<Table> {
    let mut rows: Vec<Row> = Vec::new();
    for point in &section.points {
        match (&point.spark, point.bar) {
            (Some(spark), _) => rows.extend(weeks(&cases.name(point), spark)),
            (None, Some(bar)) => rows.push(Row { cells: vec![cases.name(point)], bar: Some(bar) }),
            (None, None) => {}
        }
    }
    let columns = match rows.iter().map(|row| row.cells.len()).max()? {
        1 => vec![String::new()],
        _ => ["", "when", "how much"].map(str::to_owned).to_vec(),
    };
    Some(Table { columns, rows })
}

fn weeks(name: &str, spark: &Spark) -> [Row; 2] {
    let row = |name: &str, when: &str, value: &str, bar: Option<f64>| Row {
        cells: [name, when, value].map(str::to_owned).to_vec(),
        bar,
    };
    [
        row(name, "this week", &spark.now, spark.lengths.map(|[now, _]| now)),
        row("", "a week before", &spark.before, spark.lengths.map(|[_, before]| before)),
    ]
}

/// Each record's words once.
fn quotes(section: &Section, cases: &Cases<'_>) -> Vec<Quote> {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut quotes = Vec::new();
    for point in &section.points {
        let said = point.said.iter().map(|said| Quote {
            text: said.text.clone(),
            record: said.record.clone(),
            link: link(&said.by, said.open.link.clone()),
        });
        for quote in cases.title(point).into_iter().chain(said) {
            if seen.insert((quote.record.clone(), quote.text.clone())) {
                quotes.push(quote);
            }
        }
    }
    quotes
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use insight::cases::{Life, Reach};
    use insight::digest::{
        EmergingWords, GrowthOf, NewCases, Page, Said, State, Tone, Week, Weekly, WeeklyOf,
    };
    use insight::report::Filter;

    /// Of the invented case.
    const CASE: &str = "0123456789abcdef";

    pub fn week() -> Week {
        "2026-W12".parse().unwrap()
    }

    pub fn case(title: &str) -> Growing {
        Growing {
            id: CASE.to_owned(),
            title: title.to_owned(),
            record: Some("r-title".to_owned()),
            topic: "login_access".to_owned(),
            product: String::new(),
            owner: "identity".to_owned(),
            growth: GrowthOf::Back,
            life: Life::opened(Timestamp(0)),
            reach: Reach {
                reports: 3,
                people: 3,
                anonymous: 0,
                accounts: 0,
                revenue: 0.0,
                first_seen: None,
                last_seen: None,
            },
            reports: 3,
            people: 3,
            filter: Filter::default(),
            weeks: Weekly { of: WeeklyOf::Records, first: week(), values: Vec::new() },
            quotes: Vec::new(),
        }
    }

    /// What customers say has blanks, and then it is of the case; the names of figures have none here.
    pub fn point(title: &str, spark: bool, said: &[(&str, &str)]) -> Point {
        let open = || Open { command: "verbatim report --records".to_owned(), link: None };
        let said = said.iter().map(|(record, text)| Said {
            text: (*text).to_owned(),
            record: (*record).to_owned(),
            by: "nps, 16 Mar".to_owned(),
            open: open(),
        });
        Point {
            title: title.to_owned(),
            text: "in numbers".to_owned(),
            tone: Tone::Plain,
            spark: spark.then(|| Spark {
                label: "reports by week".to_owned(),
                values: vec![Some(1.0), Some(4.0)],
                from_zero: true,
                now: "4".to_owned(),
                before: "1".to_owned(),
                lengths: Some([1.0, 0.25]),
            }),
            bar: (!spark).then_some(0.5),
            said: said.collect(),
            open: Some(open()),
            case: title.contains(' ').then(|| CASE.to_owned()),
        }
    }

    pub fn told(sections: Vec<Section>, cases: Vec<Growing>) -> Told {
        let titled = cases.iter().map(|case| (case.id.clone(), "r-title".to_owned())).collect();
        let digest = insight::digest::Digest {
            week: week(),
            period: week().period(),
            state: State::Told,
            product: None,
            owner: Some("identity".to_owned()),
            topics: Vec::new(),
            partial: None,
            records_begin: None,
            notable: true,
            records: 40,
            records_filter: None,
            previous: None,
            weeks: None,
            tests: 12,
            unclear: 0,
            changes: Vec::new(),
            cases,
            other_cases: 0,
            other_reports: 0,
            new_cases: NewCases::default(),
            resolved: Vec::new(),
            alerts: Vec::new(),
            alerts_until: None,
            targets: Vec::new(),
            loops: Vec::new(),
            words: EmergingWords::default(),
            base: None,
        };
        let page = Page {
            title: "Customer feedback, 2026-W12".to_owned(),
            context: "16 to 22 Mar".to_owned(),
            summary: "40 records.".to_owned(),
            notes: vec!["A note.".to_owned()],
            sections,
        };
        Told { digest, page, titled }
    }

    #[test]
    fn a_cases_title_stands_in_a_note_only_as_its_records_words() {
        let title = "cannot log in since monday";
        let points = vec![point(title, true, &[("r2", "no login at all"), ("r-title", title)])];
        let section = Section { title: "New and growing cases".to_owned(), points, more: None };
        let note = note(&told(vec![section], vec![case(title)]), Timestamp(7));
        assert_eq!((note.id.as_str(), note.kind), ("digest-2026-W12-identity", Kind::Digest));
        let Block::Bullets { points } = &note.blocks[2] else { panic!("{:?}", note.blocks) };
        assert_eq!(points[0].text, "Case 01234567: in numbers (verbatim report --records)");
        let Block::Table(table) = &note.blocks[3] else { panic!("{:?}", note.blocks) };
        assert_eq!(table.rows[0].cells, ["Case 01234567", "this week", "4"]);
        assert_eq!((table.rows[0].bar, table.rows[1].bar), (Some(1.0), Some(0.25)));
        let Block::Quotes { quotes } = &note.blocks[4] else { panic!("{:?}", note.blocks) };
        let records: Vec<&str> = quotes.iter().map(|quote| quote.record.as_str()).collect();
        assert_eq!(records, ["r-title", "r2"], "each once");
        let mut others = note.clone();
        others.blocks.retain(|block| !matches!(block, Block::Quotes { .. }));
        assert!(!serde_json::to_string(&others).unwrap().contains(title));
    }

    #[test]
    fn bars_are_a_row_each_and_what_has_no_room_is_counted() {
        let open = Open {
            command: "verbatim digest".to_owned(),
            link: Some("https://v.example/digests".to_owned()),
        };
        let points = vec![point("NPS", false, &[])];
        let section = Section { title: "Targets".to_owned(), points, more: Some((2, open)) };
        let note = note(&told(vec![section], Vec::new()), Timestamp(7));
        let Block::Bullets { points } = &note.blocks[2] else { panic!("{:?}", note.blocks) };
        assert_eq!(points[0].text, "NPS: in numbers (verbatim report --records)");
        assert_eq!(points[1].text, "And 2 more");
        assert_eq!(points[1].link.as_ref().unwrap().url, "https://v.example/digests");
        let Block::Table(table) = &note.blocks[3] else { panic!("{:?}", note.blocks) };
        assert_eq!((table.rows[0].cells.as_slice(), table.rows[0].bar), (&["NPS".to_owned()][..], Some(0.5)));
    }
}
