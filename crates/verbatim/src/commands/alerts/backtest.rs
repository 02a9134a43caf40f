//! What would have fired.

use super::{Backtest, coverage, now, short};
use crate::alerting::{Alerting, DAYS, Seen};
use crate::blocking::blocking;
use crate::cases::Book;
use crate::context::Context;
use crate::output;
use crate::progress::Progress;
use anyhow::{Result, ensure};
use feedback::time::Day;
use insight::alerts::{Alert, AlertEvent, Coverage, Hour, Span, Tried, What, backtest, headline};
use serde::Serialize;
use std::io::IsTerminal as _;
use std::sync::Arc;

/// For programs.
#[derive(Serialize)]
struct Tested {
    /// Of what anything could be said, at the end of the last day.
    coverage: Coverage,
    /// What would have been noted, in its order.
    log: Vec<AlertEvent>,
    alerts: Vec<Alert>,
    /// Messages: steps that would have gone out.
    told: usize,
}

pub async fn run(args: &Backtest, context: &Context) -> Result<()> {
    let alerting = Alerting::new(context, args.rules.as_deref())?;
    // The current hour is not over.
    let span = Span { from: Hour::of_day(args.from), to: Hour::of_day(args.to.plus(1)).min(Hour::of(now())) };
    ensure!(span.hours() > 0, "no hour from {} on is over yet: name days that are", args.from);
    if std::io::stderr().is_terminal() {
        eprintln!("Reading the feedback up to {} …", args.to);
    }
    let store = context.store().await?;
    let seen = Seen::read(&store, &alerting, (span.from.plus(-24 * DAYS), span.to)).await?;
    let judge = Arc::clone(&alerting);
    let work = move || {
        let hours = Span { from: seen.history.from, to: span.to }.hours();
        let progress = Progress::new("hours", hours as u64);
        let done = judge.with(&seen.cases, |setting| {
            backtest(&seen.history, setting, span, &seen.stored, |hour| progress.set(hour as u64))
        });
        progress.done();
        (done, seen.cases)
    };
    let (Tried { log, alerts, coverage }, cases) = blocking("the backtest broke off", work).await?;
    let told = log.iter().filter(|event| event.is_told).count();
    let tested = Tested { coverage, log, alerts, told };
    if context.json {
        return output::json(&tested);
    }
    output::text(&shown(&tested, (args, span.to.plus(-1).day()), &alerting, &cases))
}

/// `until` is the last day that has an hour that is over.
fn shown(tested: &Tested, (args, until): (&Backtest, Day), alerting: &Alerting, cases: &Book) -> String {
    let days = format!("from {} to {}", args.from, args.to);
    let since = coverage::since(&tested.coverage, args.from).map(|since| format!(" {since}"));
    let since = since.unwrap_or_default();
    if tested.log.is_empty() {
        return match coverage::lacking(&tested.coverage, until) {
            Some(lacking) => format!("{lacking}\n"),
            None => format!("Nothing would have fired {days}.{since}\n"),
        };
    }
    let mut table = output::table(&["when (UTC)", "step", "severity", "people", "owner", "alert", "what"]);
    for event in &tested.log {
        table.add_row(row(event, alerting, cases));
    }
    format!(
        "{table}\n\n{} {days}, told in {}.{since} Rules are tried with --rules FILE.\n",
        output::counted(tested.alerts.len() as u64, "alert"),
        output::counted(tested.told as u64, "message")
    )
}

fn row(event: &AlertEvent, alerting: &Alerting, cases: &Book) -> Vec<String> {
    let incident = event.incident.as_ref();
    let name = |what: &What| alerting.name(what, |id| cases.cases.get(id));
    vec![
        Hour::of(event.at).to_string(),
        event.step.to_string(),
        event.severity.to_string(),
        incident.map(|incident| output::grouped(incident.people())).unwrap_or_default(),
        event.owner.clone(),
        short(&event.id),
        incident.map(|incident| headline(event.step, incident, &name)).unwrap_or_default(),
    ]
}
