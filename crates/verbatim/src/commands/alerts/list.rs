//! The alerts that fire, and those of late.

use super::short;
use crate::alerting::Alerting;
use crate::alerting::journal::Log;
use crate::context::Context;
use crate::output;
use anyhow::Result;
use feedback::time::Timestamp;
use insight::alerts::{Alert, Precision, Step, fold, headline, precision};
use serde::Serialize;

const MICROS_PER_DAY: i64 = 86_400_000_000;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Alerts that ended within so many days, beside those that fire
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3_650))]
    days: u16,
    /// Only those of this owner
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
}

/// For programs.
#[derive(Serialize)]
struct Listed<'a> {
    firing: Vec<&'a Alert>,
    recent: Vec<&'a Alert>,
    /// Of all alerts, whenever they were.
    precision: Precision,
}

pub async fn run(args: &Args, context: &Context) -> Result<()> {
    let alerting = Alerting::new(context, None)?;
    let log = Log::read(&context.store().await?).await?;
    let alerts = fold(&log.events);
    let since = Timestamp(super::now().0 - i64::from(args.days) * MICROS_PER_DAY);
    let listed = listed(&alerts, since, args.owner.as_deref());
    if context.json {
        return output::json(&listed);
    }
    if log.looked.is_none() && alerts.is_empty() {
        return output::text(
            "No run has looked yet: `verbatim alerts run` does, and `verbatim serve` keeps doing it.",
        );
    }
    output::text(&shown(&listed, &alerting, args.days))
}

fn listed<'a>(alerts: &'a [Alert], since: Timestamp, owner: Option<&str>) -> Listed<'a> {
    let own = || alerts.iter().filter(move |alert| owner.is_none_or(|owner| alert.owner == owner));
    // The newest first.
    let mut firing: Vec<&Alert> = own().filter(|alert| alert.is_open()).collect();
    let mut recent: Vec<&Alert> =
        own().filter(|alert| alert.resolved_at.is_some_and(|at| at >= since)).collect();
    firing.reverse();
    recent.reverse();
    let all: Vec<Alert> = own().cloned().collect();
    Listed { firing, recent, precision: precision(&all) }
}

fn shown(listed: &Listed<'_>, alerting: &Alerting, days: u16) -> String {
    let Listed { firing, recent, precision } = listed;
    let mut text = String::new();
    if firing.is_empty() && recent.is_empty() {
        text += &format!("No alert fires, and none ended in the last {days} days.\n");
    } else {
        let mut table = output::table(&[
            "alert",
            "severity",
            "state",
            "since (UTC)",
            "people",
            "owner",
            "of use",
            "what",
        ]);
        for alert in firing.iter().chain(recent) {
            table.add_row(row(alert, alerting));
        }
        text += &format!("{table}\n");
    }
    text + "\n" + &of_use(precision)
}

fn row(alert: &Alert, alerting: &Alerting) -> Vec<String> {
    let of_use = match alert.is_useful {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    vec![
        short(&alert.id),
        alert.severity.to_string(),
        state(alert).to_owned(),
        alert.incident.onset().to_string(),
        output::grouped(alert.incident.people()),
        alert.owner.clone(),
        of_use.to_owned(),
        headline(Step::Fired, &alert.incident, &|what| alerting.name(what)),
    ]
}

fn state(alert: &Alert) -> &'static str {
    match (alert.is_open(), alert.is_told, alert.held_back) {
        (true, false, Some(Step::Silenced)) => "silenced",
        (true, false, Some(Step::OverBudget)) => "over budget",
        (true, ..) => "firing",
        (false, ..) => "resolved",
    }
}

fn of_use(precision: &Precision) -> String {
    let Precision { told, useful, not_useful, share, range } = precision;
    match (share, range) {
        (Some(share), Some(range)) => format!(
            "Of {} told, {} of {} that somebody spoke about {} of use: {:.0}% ({:.0}% to {:.0}%).\n",
            output::counted(*told, "alert"),
            output::grouped(*useful),
            output::grouped(useful + not_useful),
            if *useful == 1 { "was" } else { "were" },
            100.0 * share,
            100.0 * range.low,
            100.0 * range.high
        ),
        _ => format!(
            "{} told; nobody has said yet whether one was of use: `verbatim alerts useful ID`, or not-useful.\n",
            output::counted(*told, "alert")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::{mark, tests::fired};
    use insight::alerts::AlertEvent;

    fn alerts() -> Vec<Alert> {
        let (login, billing) = (fired("login_access"), fired("billing"));
        let at = |hours: i64| Timestamp(login.at.0 + hours * 3_600_000_000);
        let over = AlertEvent { step: Step::Resolved, at: at(2), ..billing.clone() };
        let useful = mark(&login.id, at(3), true, None);
        let useless = mark(&billing.id, at(3), false, None);
        fold(&[login, billing.clone(), over, useful, useless])
    }

    #[test]
    fn what_fires_comes_first_and_what_is_long_over_is_left_out() {
        let alerts = alerts();
        let end = alerts.iter().find_map(|alert| alert.resolved_at).unwrap();
        let all = listed(&alerts, end, None);
        assert_eq!((all.firing.len(), all.recent.len()), (1, 1));
        assert_eq!((all.precision.told, all.precision.share), (2, Some(0.5)));
        assert_eq!((state(all.firing[0]), state(all.recent[0])), ("firing", "resolved"));
        let late = listed(&alerts, Timestamp(end.0 + 1), None);
        assert_eq!((late.firing.len(), late.recent.len()), (1, 0));
        assert!(listed(&alerts, end, Some("nobody")).firing.is_empty());
    }

    #[test]
    fn the_alerts_own_precision_is_told_with_its_interval() {
        let told = of_use(&listed(&alerts(), Timestamp(0), None).precision);
        assert!(
            told.starts_with("Of 2 alerts told, 1 of 2 that somebody spoke about was of use: 50% ("),
            "{told}"
        );
        let none = of_use(&precision(&[]));
        assert!(none.starts_with("0 alerts told; nobody has said yet"), "{none}");
    }
}
