//! `verbatim triage` alone: the load.

use super::{day, within};
use crate::blocking::blocking;
use crate::cases::Book;
use crate::context::{self, Context};
use crate::usage::in_order;
use crate::{output, reporting};
use anyhow::Result;
use feedback::time::Day;
use insight::digest::Open;
use insight::report::Filter;
use insight::triage::{Load, LoadRow, Priority, Waiting, load};
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use store::Store;

/// Days that are looked at, today included, unless others are named.
const DAYS: i32 = 7;
/// Records that wait for a person and are listed.
const LISTED: usize = 10;

#[derive(Debug, clap::Args)]
pub struct Days {
    /// First day, included [default: six days ago]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Last day, included [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
}

impl Days {
    fn ends(&self) -> Result<(Day, Day)> {
        let to = self.to.unwrap_or_else(|| reporting::today().max(self.from.unwrap_or(Day(i32::MIN))));
        let from = self.from.unwrap_or_else(|| to.plus(1 - DAYS));
        in_order(from, to)?;
        Ok((from, to))
    }
}

pub fn run(days: &Days, context: &Context) -> Result<()> {
    let (from, to) = days.ends()?;
    let load = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        read(&store, from, to).await
    })?;
    if context.json {
        return output::json(&Told::of(&load, from, to));
    }
    output::text(&shown(&load, from, to))
}

/// For programs: what is to be done, with the filter that lists it.
#[derive(Serialize)]
struct Told<'a> {
    records: u64,
    resolved: u64,
    undecided: u64,
    rows: Vec<Row<'a>>,
    waiting: &'a [Waiting],
    waiting_filter: Filter,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    row: &'a LoadRow,
    filter: Filter,
}

impl<'a> Told<'a> {
    fn of(load: &'a Load, from: Day, to: Day) -> Self {
        let Load { records, resolved, undecided, rows, waiting } = load;
        let (records, resolved, undecided) = (*records, *resolved, *undecided);
        let rows = rows.iter().map(|row| Row { row, filter: of_row(row, from, to) }).collect();
        Self { records, resolved, undecided, rows, waiting, waiting_filter: of_waiting(from, to) }
    }
}

/// What is not done with. Only what was decided on has an owner and a queue, or waits for a person.
fn not_done(from: Day, to: Day) -> Filter {
    Filter { from: Some(from), to: Some(to), unresolved: true, ..Filter::default() }
}

/// Lists the records of a row.
pub fn of_row(row: &LoadRow, from: Day, to: Day) -> Filter {
    let (owner, queue) = (Some(row.owner.clone()), Some(row.queue.clone()));
    Filter { owner, queue, ..not_done(from, to) }
}

/// Lists what waits for a person.
pub fn of_waiting(from: Day, to: Day) -> Filter {
    Filter { unsure: true, ..not_done(from, to) }
}

async fn read(store: &Store, from: Day, to: Day) -> Result<Load> {
    let book = Book::read(store).await?;
    let resolved = book.cases.into_values().filter(|case| case.life.is_resolved());
    let done: HashSet<String> = resolved.flat_map(|case| case.records).collect();
    let all = store.touched_since(None).await?.days;
    let days: BTreeSet<Day> = all.into_iter().filter(within(Some(from), Some(to))).collect();
    let (_, facts) = store.current_facts_of(&days).await?;
    Ok(blocking("the counting broke off", move || load(facts, &done)).await??)
}

fn shown(load: &Load, from: Day, to: Day) -> String {
    if load.records + load.resolved + load.undecided == 0 {
        return format!("There are no records of {from} to {to}: name other days by --from and --to.");
    }
    let mut text = format!("Triaged records of {from} to {to}\n");
    let mut table = output::table(&["owner", "queue", "P1", "P2", "P3", "P4", "all", "for a person"]);
    for row in &load.rows {
        let counts = row.priorities.into_iter().chain([row.records, row.for_a_person]);
        let names = [&row.owner, &row.queue].map(|name| output::printable(name).into_owned());
        table.add_row(names.into_iter().chain(counts.map(count)));
    }
    if !load.rows.is_empty() {
        text += &format!("\n{table}\n");
    }
    text += &format!("\n{}", output::counted(load.records, "record"));
    if load.resolved > 0 {
        text += &format!("; {} more of cases that are resolved", output::grouped(load.resolved));
    }
    if load.undecided > 0 {
        text += &format!("; {} more came in before there were rules", output::grouped(load.undecided));
    }
    text.push('\n');
    text += &opened(load, from, to);
    if !load.waiting.is_empty() {
        text += &format!(
            "\n{} for a person, the newest first\n",
            output::counted(load.waiting.len() as u64, "record")
        );
    }
    for one in load.waiting.iter().take(LISTED) {
        let heading =
            [one.occurred_at.day().to_string(), one.priority.clone(), one.owner.clone(), one.queue.clone()];
        text += &output::wrapped(&format!("{} · {}", heading.join(" · "), one.record), 2, usize::MAX);
        text += &output::wrapped(&one.reason, 4, 300);
    }
    if load.waiting.len() > LISTED {
        text += &format!(
            "  and {} more: --json has all\n",
            output::grouped((load.waiting.len() - LISTED) as u64)
        );
    }
    if !load.waiting.is_empty() {
        text += &format!("  {}\n", Open::records(&of_waiting(from, to), None).command);
    }
    text += "\nWhy one went where it did: verbatim triage --explain ID";
    text
}

/// What lists the records of each row.
fn opened(load: &Load, from: Day, to: Day) -> String {
    let mut text = String::new();
    for row in &load.rows {
        let names = [&row.owner, &row.queue].map(|name| output::printable(name).into_owned());
        text += &output::wrapped(&names.join(" · "), 2, usize::MAX);
        // Whole, for whoever copies it.
        text += &format!("    {}\n", Open::records(&of_row(row, from, to), None).command);
    }
    if text.is_empty() {
        return text;
    }
    format!("\nTheir records; those of one priority with --priority {} as well\n{text}", Priority::P1)
}

fn count(number: u64) -> String {
    if number == 0 { "–".to_owned() } else { output::grouped(number) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;
    use insight::triage::{LoadRow, Waiting};

    #[test]
    fn the_load_is_shown_with_what_waits_for_a_person() {
        let waiting = Waiting {
            record: "r1".to_owned(),
            occurred_at: Timestamp(0),
            owner: "identity".to_owned(),
            queue: "review".to_owned(),
            priority: "P1".to_owned(),
            unsure: "urgency".to_owned(),
            reason: "urgency high at 41%; needs a person".to_owned(),
        };
        let row = LoadRow {
            owner: "identity".to_owned(),
            queue: "review".to_owned(),
            priorities: [1_234, 0, 0, 0],
            records: 1_234,
            for_a_person: 12,
        };
        let load =
            Load { records: 1_234, resolved: 3, undecided: 0, rows: vec![row], waiting: vec![waiting; 12] };
        let text = shown(&load, Day(0), Day(6));
        assert!(text.contains("1,234 records; 3 more of cases that are resolved\n"), "{text}");
        assert!(text.contains("12 records for a person") && text.contains("and 2 more"), "{text}");
        assert!(text.contains("1970-01-01 · P1 · identity · review · r1"), "{text}");
        let days = "verbatim report --records --from 1970-01-01 --to 1970-01-07";
        let opened =
            format!("\n  identity · review\n    {days} --owner identity --queue review --unresolved\n");
        assert!(text.contains(&opened) && text.contains("--priority P1 as well"), "{text}");
        assert!(text.contains(&format!("\n  {days} --unsure --unresolved\n")), "{text}");
        let json = serde_json::to_value(Told::of(&load, Day(0), Day(6))).unwrap();
        assert_eq!((&json["records"], &json["rows"][0]["for_a_person"]), (&1_234.into(), &12.into()));
        assert_eq!(json["rows"][0]["filter"]["queue"], "review");
        assert_eq!(
            (&json["waiting_filter"]["unsure"], &json["waiting"][0]["record"]),
            (&true.into(), &"r1".into())
        );
        let none = shown(&Load::default(), Day(0), Day(6));
        assert!(none.contains("no records of 1970-01-01 to 1970-01-07"), "{none}");
    }

    #[test]
    fn a_week_is_looked_at_unless_days_are_named() {
        let ends = |from, to| Days { from, to }.ends();
        assert_eq!(ends(None, Some(Day(10))).unwrap(), (Day(4), Day(10)));
        let (from, to) = ends(None, None).unwrap();
        assert_eq!(to.0 - from.0, 6);
        assert!(ends(Some(Day(11)), Some(Day(10))).unwrap_err().to_string().contains("is after --to"));
    }
}
