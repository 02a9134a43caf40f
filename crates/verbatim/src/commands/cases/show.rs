//! `verbatim cases show`: all that is known of a case.

use crate::alerting;
use crate::cases::{Assigned, Book, KnownCase, Report, known, time};
use crate::context::{self, Context};
use crate::output;
use anyhow::{Context as _, Result};
use feedback::insight::NO_TOPIC;
use feedback::time::Timestamp;
use insight::cases::{Event, Life, LoopStep, Reach, Step};
use insight::digest::{Base, Open};
use insight::report::Filter;
use serde::Serialize;
use std::collections::BTreeMap;

/// Reports that are listed; the newest.
const LISTED: usize = 15;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  verbatim cases show 5b1e0c2f --json | jq '.reports[].record'")]
pub struct Args {
    /// How the case's id begins
    #[arg(value_name = "ID-PREFIX")]
    id: String,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let known = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let book = Book::read(&store).await?;
        let case = book.find(&args.id)?.clone();
        let known = KnownCase::called(&store, known(&store, vec![case]).await?).await?;
        known.into_iter().next().context("the case is gone")
    })?;
    if context.json {
        return output::json(&Whole { case: CaseJson::of(&known), reports: reports(&known) });
    }
    output::text(&shown(&known, alerting::base(context.config())?.as_ref()))
}

/// A case, for programs.
#[derive(Serialize)]
pub struct CaseJson<'a> {
    id: &'a str,
    topic: &'a str,
    kind: &'a str,
    product: &'a str,
    owner: &'a str,
    /// What it is about, in the words of one of its reports.
    title: &'a str,
    life: &'a Life,
    steps: &'a [Event],
    /// Each time that somebody gave it to another owner.
    assigned: &'a [Assigned],
    reach: &'a Reach,
    /// Reports of nobody knows whom count as of one person.
    people_at_least: u64,
    /// Seconds that each step took, of those that are done.
    took: BTreeMap<&'static str, f64>,
    /// Whom the last resolution was to be told to.
    tell: &'a [Report],
    /// Lists its reports.
    filter: Filter,
}

impl<'a> CaseJson<'a> {
    pub fn of(known: &'a KnownCase) -> Self {
        let case = &known.case;
        Self {
            id: &case.id,
            topic: &case.topic,
            kind: &case.kind,
            product: &case.product,
            owner: &case.owner,
            title: known.title(),
            life: &case.life,
            steps: &case.steps,
            assigned: &case.assigned,
            reach: &known.reach,
            people_at_least: known.people_at_least(),
            took: took(known).into_iter().map(|(step, seconds)| (step.as_str(), seconds)).collect(),
            tell: &case.tell,
            filter: filter(known),
        }
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    case: CaseJson<'a>,
    /// As they occurred.
    reports: Vec<ReportJson<'a>>,
}

#[derive(Serialize)]
struct ReportJson<'a> {
    record: &'a str,
    occurred_at: String,
    source: &'a str,
    event_source: &'a str,
    native_id: &'a str,
    /// The name that stands for the person.
    person: Option<&'a str>,
    account: Option<&'a str>,
    words: &'a str,
}

fn reports(known: &KnownCase) -> Vec<ReportJson<'_>> {
    let all = known.reports.iter().zip(&known.people);
    all.map(|(report, person)| ReportJson {
        record: &report.record,
        occurred_at: time(report.occurred_at),
        source: &report.source,
        event_source: &report.event_source,
        native_id: &report.native_id,
        person: person.as_deref(),
        account: report.account.as_deref(),
        words: &report.words,
    })
    .collect()
}

/// Its reports, whenever they occurred.
fn filter(known: &KnownCase) -> Filter {
    Filter::default().case(&known.case.id)
}

pub fn day(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| at.day().to_string())
}

fn took(known: &KnownCase) -> Vec<(LoopStep, f64)> {
    let Some(times) = known.times() else { return Vec::new() };
    LoopStep::ALL.into_iter().filter_map(|step| Some((step, times.took(step)?))).collect()
}

fn shown(known: &KnownCase, base: Option<&Base>) -> String {
    let (case, reach) = (&known.case, &known.reach);
    let topic = if case.topic == NO_TOPIC { "no topic" } else { &case.topic };
    let product = output::printable(&case.product);
    let product = if product.is_empty() { String::new() } else { format!(", {product}") };
    let owner = if case.owner.is_empty() { "nobody" } else { &case.owner };
    let mut text = format!("Case {}\n", case.id);
    text += &output::wrapped(known.title(), 2, 300);
    let revenue = match reach.revenue.round() as u64 {
        0 => "none known".to_owned(),
        revenue => output::grouped(revenue),
    };
    let lines = [
        ("about", format!("{}, {topic}{product}", case.kind.replace('_', " "))),
        ("owner", output::printable(owner).into_owned()),
        ("state", case.life.state.to_string()),
        ("people", people(known)),
        ("accounts", output::grouped(reach.accounts)),
        ("revenue", revenue),
        ("seen", format!("{} to {}", day(reach.first_seen), day(reach.last_seen))),
    ];
    for (name, value) in lines {
        text += &format!("  {name:<10}{value}\n");
    }
    text += &life(known);
    text += "\nHow long it took\n";
    for (step, seconds) in took(known) {
        text += &format!("  {:<16}{}\n", words(step), lasting(seconds));
    }
    text += &listed(known);
    text += &told(known);
    let open = Open::records(&filter(known), None);
    text += &format!("\nIts reports, whole:\n  {}\n", open.command);
    if let Some(link) = Open::case(&case.id, base).link {
        text += &format!("In the dashboard:\n  {link}\n");
    }
    text
}

/// What happened to it, and who had it, in that order.
fn life(known: &KnownCase) -> String {
    let case = &known.case;
    let step = |event: &Event| {
        // Where a record did it, it is named in place of a person.
        let by = event.by.as_deref().map(|by| format!(", by {}", whom(event.step, by))).unwrap_or_default();
        (event.at, format!("{}{by}", event.step.as_str()))
    };
    let given = |assigned: &Assigned| {
        let by =
            assigned.by.as_deref().map(|by| format!(", by {}", output::printable(by))).unwrap_or_default();
        (assigned.at, format!("given to {}{by}", output::printable(&assigned.owner)))
    };
    let mut all: Vec<(Timestamp, String)> =
        case.steps.iter().map(step).chain(case.assigned.iter().map(given)).collect();
    // Stable: of one moment as the log has it.
    all.sort_by_key(|(at, _)| *at);
    let lines = all.into_iter().map(|(at, what)| format!("  {}  {what}\n", time(at)));
    format!("\nLife\n{}", lines.collect::<String>())
}

fn whom(step: Step, by: &str) -> String {
    match step {
        Step::Opened | Step::Reopened if by.len() == 32 => format!("the record {by}"),
        _ => output::printable(by).into_owned(),
    }
}

/// `5 known, in 7 reports (2 of nobody knows whom)`.
fn people(known: &KnownCase) -> String {
    let reach = &known.reach;
    let reports = output::counted(reach.reports, "report");
    let unknown = match reach.anonymous {
        0 => String::new(),
        count => format!(" ({} of nobody knows whom)", output::grouped(count)),
    };
    format!("{} known, in {reports}{unknown}", output::grouped(reach.people))
}

fn words(step: LoopStep) -> &'static str {
    match step {
        LoopStep::Stored => "to be stored",
        LoopStep::Triaged => "to triage",
        LoopStep::Acknowledged => "to acknowledge",
        LoopStep::Resolved => "to resolve",
        LoopStep::Whole => "in all",
    }
}

/// `3 d 4 h`, `12 min`, `40 s`: two units at most.
pub fn lasting(seconds: f64) -> String {
    let seconds = seconds.max(0.0) as u64;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

fn listed(known: &KnownCase) -> String {
    let mut text = "\nReports, the newest first\n".to_owned();
    for report in known.reports.iter().rev().take(LISTED) {
        let place =
            [&report.source, &report.event_source, &report.native_id].map(|part| output::printable(part));
        let heading = format!("{} · {} · {}", report.occurred_at.day(), place.join(" "), report.record);
        text += &output::wrapped(&heading, 2, usize::MAX);
        text += &output::wrapped(&report.words, 4, 200);
    }
    if known.reports.len() > LISTED {
        let rest = output::grouped((known.reports.len() - LISTED) as u64);
        text += &format!("  and {rest} more: --json has all\n");
    }
    text
}

/// Whom the resolution was to be told to.
fn told(known: &KnownCase) -> String {
    if !known.case.life.is_resolved() {
        return String::new();
    }
    super::whom_to_tell(&known.tell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::invented;
    use serde_json::json;

    #[test]
    fn a_case_is_shown_with_all_that_is_known_of_it() {
        let known = invented();
        let text = shown(&known, None);
        for part in [
            "Case aa01\n  words of r2\n",
            "bug, login_access",
            "2 known, in 4 reports (1 of nobody knows whom)",
            "1970-01-01T00:00:05Z  acknowledged, by jane",
            "  to acknowledge  3 s\n",
            "1970-01-01 · ticket desk T-r4 · r4",
            "\nIts reports, whole:\n  verbatim report --records --case aa01\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("whom to tell"), "{text}");
        let json =
            serde_json::to_value(Whole { case: CaseJson::of(&known), reports: reports(&known) }).unwrap();
        assert_eq!((&json["id"], &json["people_at_least"]), (&json!("aa01"), &json!(3)));
        assert_eq!(json["reports"][3]["person"], serde_json::Value::Null);
        assert_eq!(json["filter"], json!({ "case": "aa01" }));
    }

    #[test]
    fn time_is_told_in_two_units_at_most() {
        let told = [0.4, 59.0, 61.0, 3_600.0, 3_725.0, 86_400.0, 100_000.0].map(lasting);
        assert_eq!(told, ["0 s", "59 s", "1 min", "1 h", "1 h 2 min", "1 d", "1 d 3 h"]);
    }
}
