//! One alert, with everything that is behind it.

use super::{find, words};
use crate::alerting::journal::Log;
use crate::alerting::{Alerting, Seen, hours_behind};
use crate::blocking::blocking;
use crate::context::Context;
use crate::output;
use anyhow::{Context as _, Result};
use insight::alerts::{AlertEvent, AlertTold, Hour, Mute, Step, fold};
use serde::Serialize;

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
    let seen = Seen::read(&store, &alerting, hours_behind(&last)).await?;
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
        let mute = event.mute.as_ref().map(silenced).unwrap_or_default();
        format!("  {} UTC  {}{people}{mute}{}\n", Hour::of(event.at), event.step, by.unwrap_or_default())
    };
    format!("What happened to it:\n{}", log.iter().map(line).collect::<String>())
}

/// ` until 2026-03-05: the servers move`.
fn silenced(Mute { until, reason }: &Mute) -> String {
    let until = until.map(|day| format!(" until {day}")).unwrap_or_default();
    format!("{until}: {}", output::printable(reason))
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
        let mute = Some(Mute { until: Some(Hour::of(fired.at).day()), reason: "we know".to_owned() });
        let muted = AlertEvent { step: Step::Muted, mute, ..useful.clone() };
        assert_eq!(
            happened(&[&fired, &useful, &merged, &muted]),
            "What happened to it:\n  2026-03-02 11:00 UTC  fired, 60 people\n  \
             2026-03-02 14:00 UTC  useful (jo)\n  \
             2026-03-02 11:00 UTC  merged, 60 people (is told with 3f9c)\n  \
             2026-03-02 14:00 UTC  muted until 2026-03-02: we know (jo)\n"
        );
    }
}
