//! One alert, with everything that is behind it.

use super::{find, words};
use crate::alerting::journal::Log;
use crate::alerting::{Alerting, Seen};
use crate::blocking::blocking;
use crate::context::Context;
use crate::output;
use anyhow::{Context as _, Result};
use insight::alerts::{AlertEvent, AlertTold, Hour, Step, fold};
use serde::Serialize;

/// Hours before it that what carries it is held against.
const BEFORE: i32 = 5 * 7 * 24;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The alert's id, or how it begins
    #[arg(value_name = "ID")]
    id: String,
}

/// For programs.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    told: &'a AlertTold,
    /// All that happened to it, the first first.
    log: Vec<&'a AlertEvent>,
}

pub async fn run(args: &Args, context: &Context) -> Result<()> {
    let alerting = Alerting::new(context, None)?;
    let store = context.store().await?;
    let log = Log::read(&store).await?;
    let id = find(&fold(&log.events), &args.id)?.id.clone();
    let own: Vec<&AlertEvent> = log.events.iter().filter(|event| event.id == id).collect();
    let last = own.iter().rev().find(|event| event.incident.is_some());
    let last = (*last.context("the log of the alert has no beginning")?).clone();
    let onset = last.incident.as_ref().map_or(Hour::of(last.at), |incident| incident.onset());
    let seen = Seen::read(&store, &alerting, (onset.plus(-BEFORE), Hour::of(last.at))).await?;
    let told = blocking("the alert could not be told", move || alerting.told(&last, &seen)).await??;
    let told = told.context("the log of the alert tells of nothing that moved")?;
    if context.json {
        return output::json(&Shown { told: &told, log: own });
    }
    output::text(&(words::whole(&told) + &happened(&own)))
}

/// What happened to it, a line each.
fn happened(log: &[&AlertEvent]) -> String {
    let line = |event: &&AlertEvent| {
        let by = event.by.as_ref().map(|by| match event.step {
            Step::Merged => format!(" (is told with {by})"),
            _ => format!(" ({by})"),
        });
        let people = event.incident.as_ref().map(|incident| incident.people());
        let people = people.map(|n| format!(", {}", people_of(n))).unwrap_or_default();
        format!("  {} UTC  {}{people}{}\n", Hour::of(event.at), event.step, by.unwrap_or_default())
    };
    format!("What happened to it:\n{}", log.iter().map(line).collect::<String>())
}

fn people_of(n: u64) -> String {
    format!("{} {}", output::grouped(n), if n == 1 { "person" } else { "people" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::{mark, tests::fired};

    #[test]
    fn every_step_has_a_line() {
        let fired = fired("login_access");
        let useful = mark(&fired.id, Hour::of(fired.at).plus(3).start(), true, Some("jo".to_owned()));
        let merged = AlertEvent { step: Step::Merged, by: Some("3f9c".to_owned()), ..fired.clone() };
        assert_eq!(
            happened(&[&fired, &useful, &merged]),
            "What happened to it:\n  2026-03-02 11:00 UTC  fired, 60 people\n  \
             2026-03-02 14:00 UTC  useful (jo)\n  \
             2026-03-02 11:00 UTC  merged, 60 people (is told with 3f9c)\n"
        );
    }
}
