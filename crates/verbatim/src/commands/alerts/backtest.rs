//! What would have fired.

use super::{Backtest, now, short};
use crate::alerting::{Alerting, DAYS, Seen};
use crate::blocking::blocking;
use crate::context::Context;
use crate::output;
use anyhow::{Result, ensure};
use insight::alerts::{Alert, AlertEvent, Hour, Span, backtest, headline};
use serde::Serialize;
use std::io::IsTerminal as _;
use std::sync::Arc;

/// For programs.
#[derive(Serialize)]
struct Tested {
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
        eprintln!("Looking at every hour of {} to {} …", args.from, args.to);
    }
    let store = context.store().await?;
    let seen = Seen::read(&store, &alerting, (span.from.plus(-24 * DAYS), span.to)).await?;
    let judge = Arc::clone(&alerting);
    let work =
        move || judge.with(&seen.cases, |setting| backtest(&seen.history, setting, span, &seen.stored));
    let (log, alerts) = blocking("the backtest broke off", work).await?;
    let told = log.iter().filter(|event| event.is_told).count();
    let tested = Tested { log, alerts, told };
    if context.json { output::json(&tested) } else { output::text(&shown(&tested, args, &alerting)) }
}

fn shown(tested: &Tested, args: &Backtest, alerting: &Alerting) -> String {
    let days = format!("from {} to {}", args.from, args.to);
    if tested.log.is_empty() {
        return format!("Nothing would have fired {days}.\n");
    }
    let mut table = output::table(&["when (UTC)", "step", "severity", "people", "owner", "alert", "what"]);
    for event in &tested.log {
        table.add_row(row(event, alerting));
    }
    format!(
        "{table}\n\n{} {days}, told in {}. Rules are tried with --rules FILE.\n",
        output::counted(tested.alerts.len() as u64, "alert"),
        output::counted(tested.told as u64, "message")
    )
}

fn row(event: &AlertEvent, alerting: &Alerting) -> Vec<String> {
    let incident = event.incident.as_ref();
    vec![
        Hour::of(event.at).to_string(),
        event.step.to_string(),
        event.severity.to_string(),
        incident.map(|incident| output::grouped(incident.people())).unwrap_or_default(),
        event.owner.clone(),
        short(&event.id),
        incident
            .map(|incident| headline(event.step, incident, &|what| alerting.name(what)))
            .unwrap_or_default(),
    ]
}
