//! What people say of an alert: that it was of use or not, that they have taken it up, that they want to hear no more of it.

use super::find;
use crate::alerting::journal::{self, Log};
use crate::audited;
use crate::commands::report::values::day;
use crate::context::Context;
use crate::output;
use anyhow::{Context as _, Result};
use feedback::time::Day;
use insight::alerts::{Alert, Change, Precision, fold, precision};
use server::desk::changes::alert_action;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The alert's id, or how it begins
    #[arg(value_name = "ID")]
    id: String,
    /// Who says so, to be kept with it [default: $USER, the name you are logged in by]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct Silence {
    #[command(flatten)]
    args: Args,
    /// The last day of it, UTC [default: until `verbatim alerts unsilence`]
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<Day>,
    /// Why, for whoever wonders
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
    reason: String,
}

pub async fn silence(silence: &Silence, context: &Context) -> Result<()> {
    let change = Change::Silence { until: silence.until, reason: silence.reason.clone() };
    run(&silence.args, &change, context).await
}

pub async fn run(args: &Args, change: &Change, context: &Context) -> Result<()> {
    let store = context.store().await?;
    let mut log = Log::read(&store).await?;
    let alerts = fold(&log.events);
    let alert = find(&alerts, &args.id)?;
    let by = audited::author(args.by.as_deref())?;
    let now = super::now();
    let event = alert.changed(change, Some(&by), now)?;
    let (action, was) = (alert_action(change), format!("was {}", alert.state(now.day()).as_str()));
    let marking = audited::change(&by, &action, &alert.id, &was);
    let row = journal::row(&event)?;
    let marked = audited::make(&store, marking, async {
        store.append(&[row], None).await.context("it could not be noted")
    });
    marked.await?;
    log.events.push(event);
    let alerts = fold(&log.events);
    let (alert, precision) = (find(&alerts, &args.id)?, precision(&alerts));
    let state = alert.state(now.day());
    if context.json {
        let useful = alert.is_useful;
        let noted = serde_json::json!({
            "alert": alert.id, "change": change.as_str(), "state": state, "useful": useful, "precision": precision,
        });
        return output::json(&noted);
    }
    output::text(&noted(alert, change, &precision))
}

fn noted(alert: &Alert, change: &Change, precision: &Precision) -> String {
    let id = &alert.id;
    let of_use = |was: &str| {
        format!(
            "Noted: {id} was {was}. Of {} spoken about so far, {} of use.",
            output::counted(precision.useful + precision.not_useful, "alert"),
            output::grouped(precision.useful)
        )
    };
    match change {
        Change::Useful => of_use("of use"),
        Change::NotUseful => of_use("of no use"),
        Change::Acknowledge => format!("Noted: {id} is acknowledged."),
        Change::Silence { until: Some(day), .. } => {
            format!(
                "Noted: {id} is silenced; {day} is the last day of it. That it is over is told all the same."
            )
        }
        Change::Silence { until: None, .. } => {
            format!("Noted: {id} is silenced; `verbatim alerts unsilence {id}` ends that.")
        }
        Change::Unsilence => format!("Noted: {id} is told on."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::tests::fired;

    #[test]
    fn what_was_noted_is_a_sentence() {
        let alerts = fold(&[fired("login_access")]);
        let (alert, precision) = (&alerts[0], precision(&alerts));
        let told = |change: &Change| noted(alert, change, &precision).replace(&alert.id, "ID");
        assert_eq!(
            told(&Change::NotUseful),
            "Noted: ID was of no use. Of 0 alerts spoken about so far, 0 of use."
        );
        assert_eq!(told(&Change::Acknowledge), "Noted: ID is acknowledged.");
        let lasting = Change::Silence { until: None, reason: String::new() };
        assert_eq!(told(&lasting), "Noted: ID is silenced; `verbatim alerts unsilence ID` ends that.");
        let until = Change::Silence { until: Some(Day(20_514)), reason: String::new() };
        assert!(told(&until).contains("2026-03-02 is the last day"));
        assert_eq!(told(&Change::Unsilence), "Noted: ID is told on.");
    }

    #[tokio::test]
    async fn what_is_said_of_an_alert_is_in_the_audit_log() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("tables").to_string_lossy().into_owned();
        let variables = [("VERBATIM__STORE__PATH".to_owned(), place)];
        let loaded = crate::config::assemble(None, variables.into_iter()).unwrap();
        let context = Context { loaded, json: false };
        let (store, event) = (context.store().await.unwrap(), fired("login_access"));
        store.append(&[journal::row(&event).unwrap()], None).await.unwrap();
        let args = Args { id: event.id[..8].to_owned(), by: Some("jane".to_owned()) };
        run(&args, &Change::Useful, &context).await.unwrap();
        let noted = audited::tests::noted(&store).await;
        assert_eq!(noted, [["jane", "alert.useful", event.id.as_str()]]);
    }
}
