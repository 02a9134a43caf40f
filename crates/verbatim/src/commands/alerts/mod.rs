//! `verbatim alerts`: what moved, told once; and whether that was of use.

mod backtest;
mod coverage;
mod list;
mod mark;
mod show;
mod words;

use super::report::values::day;
use crate::alerting::{self, Alerting, Ran};
use crate::context::{self, Context};
use crate::outbox::StoreOutbox;
use crate::output;
use crate::telling::{ToSay, say};
use crate::usage::in_order;
use anyhow::{Context as _, Result, bail};
use chrono::Utc;
use clap::Subcommand;
use feedback::time::{Day, Timestamp};
use insight::alerts::{Alert, AlertTold, Change, Coverage};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

/// Tell product managers of real shifts: evaluate, list, look into, and judge alerts
///
/// Watched are volume, negative share and scores by product, topic and kind of source, cases that grow, and the
/// words that the alert rules name (alerts.rules; config/alerts.toml is the default, with every setting). An alert
/// fires once, is told again as it grows, and is resolved when it is over.
#[derive(Debug, Subcommand)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim alerts run\n  \
        verbatim alerts list\n  \
        verbatim alerts show 3f9c\n  \
        verbatim alerts not-useful 3f9c --by jane\n  \
        verbatim alerts silence 3f9c --until 2026-03-05 --reason 'the servers move'\n  \
        verbatim alerts backtest --from 2026-01-01 --to 2026-03-31 --rules my-alerts.toml"
)]
pub enum Command {
    /// Evaluate once, note what moved, and queue what is to be sent: for cron, where `verbatim serve` does not run
    ///
    /// Looks at everything up to the last whole hour (UTC). Run it as often as watch.every of the alert rules says:
    /// the thresholds follow from it. Two runs at once, or one again, tell nothing twice. Messages are queued;
    /// `verbatim serve` or `verbatim deliver run` sends them.
    #[command(verbatim_doc_comment)]
    Run,
    /// List the alerts that fire and those of late, and how many of them were of use
    List(list::Args),
    /// Show what moved, from what to what, since when, what carries it, customers' words, and how to open the records
    Show(show::Args),
    /// Say that an alert was of use; the last word of whoever says so counts
    Useful(mark::Args),
    /// Say that an alert was of no use
    NotUseful(mark::Args),
    /// Say that somebody has taken it up
    Acknowledge(mark::Args),
    /// Have nothing more told of an alert for a while, but for its end
    Silence(mark::Silence),
    /// Have a silenced alert told again
    Unsilence(mark::Args),
    /// Show what would have fired on the stored feedback, and when
    ///
    /// As if there had been none before --from. What is usual is learned from the days before, up to each hour
    /// alone. Nothing is noted and nothing sent.
    #[command(verbatim_doc_comment)]
    Backtest(Backtest),
}

#[derive(Debug, clap::Args)]
pub struct Backtest {
    /// First day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Day,
    /// Last day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Day,
    /// Alert rules to try, in place of those in force
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

pub fn run(command: &Command, context: &Context) -> Result<()> {
    context.ensure_tables()?;
    context::runtime()?.block_on(async {
        match command {
            Command::Run => evaluate(context).await,
            Command::List(args) => list::run(args, context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Useful(args) => mark::run(args, &Change::Useful, context).await,
            Command::NotUseful(args) => mark::run(args, &Change::NotUseful, context).await,
            Command::Acknowledge(args) => mark::run(args, &Change::Acknowledge, context).await,
            Command::Silence(args) => mark::silence(args, context).await,
            Command::Unsilence(args) => mark::run(args, &Change::Unsilence, context).await,
            Command::Backtest(args) => {
                in_order(args.from, args.to)?;
                backtest::run(args, context).await
            }
        }
    })
}

/// What a run did, for programs.
#[derive(Serialize)]
struct Evaluated<'a> {
    /// Up to where it looked.
    seen_to: Timestamp,
    /// Of what it could say anything.
    coverage: Coverage,
    /// What it noted: those that go out, and those that were held back or are over.
    noted: usize,
    told: Vec<&'a AlertTold>,
    firing: usize,
    /// Messages, one a target.
    queued: usize,
}

async fn evaluate(context: &Context) -> Result<()> {
    let alerting = Alerting::new(context, None)?;
    let store = context.store().await?;
    let ran = alerting::run(&store, &alerting, now()).await?;
    let queued = send(&StoreOutbox::new(store), context, &alerting, &ran).await?;
    let told: Vec<&AlertTold> = ran.added().map(|(_, told)| told).collect();
    let firing = ran.alerts.iter().filter(|alert| alert.is_open()).count();
    if context.json {
        let (seen_to, coverage) = (ran.now.start(), ran.coverage);
        return output::json(&Evaluated { seen_to, coverage, noted: ran.events.len(), told, firing, queued });
    }
    let mut text: String = told.iter().map(|told| words::told(told)).collect();
    text += &match ran.events.len() {
        0 => "Nothing new".to_owned(),
        noted => format!("{} noted", output::counted(noted as u64, "change")),
    };
    text += &format!(
        " up to {} UTC; {} firing, {} queued.\n{}\n",
        ran.now,
        firing,
        output::counted(queued as u64, "message"),
        coverage::said(&ran.coverage, ran.now.plus(-1).day())
    );
    output::text(&text)
}

/// Queues what a run has to say, for the targets of everybody who owns a part of it, each once, and for those that hear of
/// every alert; how many messages.
pub async fn send(
    outbox: &StoreOutbox,
    context: &Context,
    alerting: &Arc<Alerting>,
    ran: &Ran,
) -> Result<usize> {
    let targets = context.targets()?;
    let all: Vec<ToSay> = ran
        .told
        .iter()
        .map(|(event, told)| {
            let own = told.owners.iter().flat_map(|owner| alerting.owners.targets(owner));
            ToSay {
                note: alerting::note(told, event, alerting.base.as_ref()),
                to: own.chain(&context.config().alerts.to).cloned().collect(),
            }
        })
        .collect();
    say(outbox, &targets, &all)
        .await
        .context("the alerts are noted, but not all could be queued: run it again")
}

/// The alert whose id begins so.
fn find<'a>(alerts: &'a [Alert], beginning: &str) -> Result<&'a Alert> {
    let wanted = beginning.trim().to_ascii_lowercase();
    let mut fit = alerts.iter().filter(|alert| alert.id.starts_with(&wanted));
    match (fit.next(), fit.next()) {
        (Some(alert), None) => Ok(alert),
        (Some(one), Some(other)) => bail!(
            "{} alerts have an id that begins with {wanted:?}, as {} and {}: give more of it",
            fit.count() + 2,
            one.id,
            other.id
        ),
        (None, _) => bail!(
            "no alert has an id that begins with {wanted:?}: `verbatim alerts list --days 365` lists them"
        ),
    }
}

/// As a table shows it, enough to tell it from others.
fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

fn now() -> Timestamp {
    Timestamp::from_datetime(Utc::now())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::tests::fired;
    use insight::alerts::fold;

    #[test]
    fn an_alert_is_found_by_how_its_id_begins() {
        let (one, other) = (fired("login_access"), fired("billing"));
        let alerts = fold(&[one.clone(), other]);
        assert_eq!(find(&alerts, &one.id[..12].to_uppercase()).unwrap().id, one.id);
        let error = find(&alerts, "").unwrap_err().to_string();
        assert!(error.starts_with("2 alerts have an id"), "{error}");
        assert!(find(&alerts, "zz").unwrap_err().to_string().contains("verbatim alerts list"));
    }
}
