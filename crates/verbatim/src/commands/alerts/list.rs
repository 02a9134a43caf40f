//! The alerts that fire, and those of late.

use super::short;
use crate::alerting::Alerting;
use crate::alerting::journal::Log;
use crate::cases::Book;
use crate::context::Context;
use crate::output;
use anyhow::Result;
use feedback::time::{Day, Timestamp};
use insight::alerts::{Alert, Hour, Precision, State, Step, What, fold, headline, precision};
use serde::Serialize;

const MICROS_PER_DAY: i64 = 86_400_000_000;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Alerts that ended within so many days, beside those that fire
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3_650))]
    days: u16,
    /// Only those of which this owner has a part
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
    let store = context.store().await?;
    let log = Log::read(&store).await?;
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
    let cases = Book::read(&store).await?;
    output::text(&shown(&listed, &alerting, &cases, args.days, super::now().day()))
}

fn listed<'a>(alerts: &'a [Alert], since: Timestamp, owner: Option<&str>) -> Listed<'a> {
    let is_own = |alert: &Alert| owner.is_none_or(|owner| alert.owners.iter().any(|of| of == owner));
    let own = || alerts.iter().filter(move |alert| is_own(alert));
    // The newest first.
    let mut firing: Vec<&Alert> = own().filter(|alert| alert.is_open()).collect();
    let mut recent: Vec<&Alert> =
        own().filter(|alert| alert.resolved_at.is_some_and(|at| at >= since)).collect();
    firing.reverse();
    recent.reverse();
    let all: Vec<Alert> = own().cloned().collect();
    Listed { firing, recent, precision: precision(&all) }
}

fn shown(listed: &Listed<'_>, alerting: &Alerting, cases: &Book, days: u16, today: Day) -> String {
    let Listed { firing, recent, precision } = listed;
    if firing.is_empty() && recent.is_empty() {
        return format!("No alert fires, and none ended in the last {days} days.\n\n{}", of_use(precision));
    }
    let name = |what: &What| alerting.name(what, |id| cases.cases.get(id));
    let alerts: String = firing.iter().chain(recent).map(|alert| one(alert, &name, today)).collect();
    alerts + "One of them: verbatim alerts show ID\n" + &of_use(precision)
}

/// What is known of it in a line, what moved in the next.
fn one(alert: &Alert, name: &dyn Fn(&What) -> String, today: Day) -> String {
    let title = headline(Step::Fired, &alert.incident, name);
    output::wrapped(&heading(alert, today), 0, usize::MAX) + &output::wrapped(&title, 2, usize::MAX) + "\n"
}

fn heading(alert: &Alert, today: Day) -> String {
    let lead = alert.incident.lead();
    let people = match alert.incident.people() {
        1 => "1 person".to_owned(),
        people => format!("{} people", output::grouped(people)),
    };
    let end = alert.incident.ended().map(|at| at.plus(1)).or(alert.resolved_at.map(Hour::of));
    let when = match end.filter(|_| !alert.is_open()) {
        Some(end) => format!("{} to {end} UTC", lead.onset),
        None => format!("since {} UTC", lead.onset),
    };
    let of_use = match alert.is_useful {
        Some(true) => "of use",
        Some(false) => "of no use",
        None => "",
    };
    let parts = [
        short(&alert.id),
        alert.severity.to_string(),
        told_state(alert, today),
        alert.owners.join(", "),
        when,
        people,
        of_use.to_owned(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// With the reason, where there is one.
fn told_state(alert: &Alert, today: Day) -> String {
    let state = alert.state(today);
    let told = state.as_str().replace('_', " ");
    let muted = alert.muted_on(today).filter(|_| state == State::Silenced);
    let why = muted.map(|muted| &muted.mute.reason).or(alert.why.as_ref());
    match (&alert.told_with, why) {
        (Some(other), _) => format!("told with {}", short(other)),
        (None, Some(why)) if state != State::OverBudget => format!("{told} ({why})"),
        (None, _) => told,
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
    use insight::alerts::{AlertEvent, Mute, Muted, Said};

    const DAY: Day = Day(20_514);

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
        let states = [all.firing[0], all.recent[0]].map(|alert| alert.state(DAY));
        assert_eq!(states, [State::Firing, State::Resolved]);
        let late = listed(&alerts, Timestamp(end.0 + 1), None);
        assert_eq!((late.firing.len(), late.recent.len()), (1, 0));
        assert!(listed(&alerts, end, Some("nobody")).firing.is_empty());
    }

    #[test]
    fn an_alert_is_a_line_of_what_is_known_and_one_of_what_moved() {
        let alerts = alerts();
        let find = |topic: &str| alerts.iter().find(|alert| alert.incident.topics() == [topic]).unwrap();
        let told = |alert: &Alert| heading(alert, DAY).split_off(short(&alert.id).len());
        let login = find("login_access");
        assert_eq!(
            told(login),
            " · P1 · firing · identity · since 2026-03-02 06:00 UTC · 60 people · of use"
        );
        let text = one(login, &|_| "Login".to_owned(), DAY);
        assert!(text.starts_with(&short(&login.id)), "{text}");
        assert!(text.ends_with("\n  Login: more feedback than usual\n\n"), "{text}");
        let over = find("billing");
        let hours = "2026-03-02 06:00 to 2026-03-02 13:00 UTC";
        let expected = format!(" · P1 · resolved · identity · {hours} · 60 people · of no use");
        assert_eq!(told(over), expected);
        let merged = Alert { told_with: Some("3c13d7a9cd29e489".to_owned()), ..over.clone() };
        assert!(told(&merged).starts_with(" · P1 · told with 3c13d7a9 · identity"), "{}", told(&merged));
        let (held_back, why) = (Some(Step::Silenced), Some("a planned move".to_owned()));
        let held = Alert { resolved_at: None, is_told: false, held_back, why, ..over.clone() };
        assert!(told(&held).starts_with(" · P1 · silenced (a planned move) · identity"), "{}", told(&held));
        let said = Said { at: login.opened_at, by: Some("jo".to_owned()) };
        let taken = Alert { acknowledged: Some(said.clone()), ..login.clone() };
        assert!(told(&taken).starts_with(" · P1 · acknowledged · identity"), "{}", told(&taken));
        let mute = Mute { until: Some(DAY), reason: "we know".to_owned() };
        let muted = Alert { muted: Some(Muted { said, mute }), ..taken };
        assert!(told(&muted).starts_with(" · P1 · silenced (we know) · identity"), "{}", told(&muted));
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
