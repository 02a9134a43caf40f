//! `verbatim dead-letters`: what was refused and why, and sending it through again.

mod listing;

use super::import::{self, Reading};
use crate::context::{self, Context};
use crate::{audited, config, output};
use anyhow::{Context as _, Result, bail, ensure};
use clap::Subcommand;
use feedback::refusal::{IgnoreReason, Reason};
use feedback::time::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use store::{DeadLetterFilter, Outcome};
use worker::files::name_in;
use worker::retry::{Gone, RetryOptions, RetryReport, Still};
use worker::{Shutdown, WorkerMetrics};

/// What the audit calls it that dead letters are sent through again.
const RETRY: &str = "dead-letters.retry";

/// List what was refused, by reason, or send it through again after a fix
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
    verbatim dead-letters\n  \
    verbatim dead-letters list --reason out_of_range --limit 20\n  \
    verbatim dead-letters list --topic file:reviews.csv --limit 20\n  \
    verbatim dead-letters retry --reason unknown_kind\n  \
    verbatim dead-letters retry --file reviews.csv --map reviews"
)]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show how many messages were refused for which reason; with --reason, each of them
    List(Choice),
    /// Read chosen messages again from where they came, through today's decoding
    ///
    /// A message that is understood now becomes facts, and its dead letter no longer counts; one that is not
    /// stays. Nothing is doubled, however often this runs. The tables hold only a redacted payload, so the
    /// broker must still have the message; those of an imported file need the file. Where none of them can be read
    /// again the exit code is 1.
    #[command(verbatim_doc_comment)]
    Retry(Retry),
}

/// Which ones.
#[derive(Debug, Clone, clap::Args)]
pub struct Choice {
    /// Only those refused for this reason
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// Only those of this Kafka topic, or of imported files called NAME as `file:NAME`
    #[arg(long, value_name = "NAME")]
    topic: Option<String>,
    /// Only those that arrived since: a date, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = feedback::rfc3339::read)]
    since: Option<Timestamp>,
    /// The newest ones only
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// List what was ignored or erased instead
    #[arg(long, value_enum, default_value = "dead_letter", value_name = "OUTCOME")]
    outcome: Kind,
}

#[derive(Debug, clap::Args)]
pub struct Retry {
    #[command(flatten)]
    choice: Choice,
    /// The imported file that the letters came from; without it those of Kafka are sent through
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
enum Kind {
    DeadLetter,
    Ignored,
    Erased,
}

impl Kind {
    /// Every reason that something of this outcome is noted with.
    fn reasons(self) -> Vec<&'static str> {
        match self {
            Self::DeadLetter => {
                Reason::ALL.iter().map(|r| r.as_str()).chain([worker::process::INTERNAL]).collect()
            }
            Self::Ignored => IgnoreReason::ALL.iter().map(|r| r.as_str()).collect(),
            Self::Erased => vec!["suppressed", "erasure"],
        }
    }

    /// The option that lists this outcome, with a blank before it; none for the default.
    fn option(self) -> &'static str {
        match self {
            Self::DeadLetter => "",
            Self::Ignored => " --outcome ignored",
            Self::Erased => " --outcome erased",
        }
    }
}

impl Choice {
    /// What nothing is ever noted with would choose nothing, silently.
    fn check(&self) -> Result<()> {
        ensure!(
            self.outcome == Kind::DeadLetter || self.topic.as_deref().and_then(name_in).is_none(),
            "only dead letters are noted with their file's name: choose others by the identity that \
             `verbatim import --json` tells, as in --topic file:IDENTITY"
        );
        let known = self.outcome.reasons();
        let Some(reason) = self.reason.as_deref().filter(|reason| !known.contains(reason)) else {
            return Ok(());
        };
        let others = [Kind::DeadLetter, Kind::Ignored, Kind::Erased];
        if let Some(other) = others.into_iter().find(|kind| kind.reasons().contains(&reason)) {
            let way = match other.option() {
                "" => "without --outcome".to_owned(),
                option => format!("with{option}"),
            };
            bail!("{reason} is the reason of another outcome: list it {way}");
        }
        let nearest = config::nearest(reason, known.iter().copied());
        let meant = nearest.map(|nearest| format!("did you mean {nearest}? ")).unwrap_or_default();
        bail!("there is no reason {reason:?}: {meant}there are {}", known.join(", "))
    }

    fn filter(&self) -> DeadLetterFilter {
        let outcome = match self.outcome {
            Kind::DeadLetter => Outcome::DeadLetter,
            Kind::Ignored => Outcome::Ignored,
            Kind::Erased => Outcome::Erased,
        };
        DeadLetterFilter {
            outcomes: vec![outcome],
            reason: self.reason.clone(),
            topic: self.topic.clone(),
            since: self.since,
            limit: self.limit,
            without_payload: false,
        }
    }

    /// Whether each letter is shown, and not only how many there are.
    fn each(&self) -> bool {
        self.reason.is_some() || self.limit.is_some()
    }
}

/// Without a subcommand: `list`.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    match &args.command {
        None => listing::list(&args.choice, context),
        Some(Command::List(choice)) => listing::list(choice, context),
        Some(Command::Retry(retry)) => send_again(retry, context),
    }
}

fn send_again(args: &Retry, context: &Context) -> Result<()> {
    args.choice.check()?;
    context.ensure_tables()?;
    let metrics = Arc::new(WorkerMetrics::new());
    let processor = context.processor(&metrics)?;
    let config = context::worker_config(context.config())?;
    let file = args.file.as_deref().map(|file| import::options(file, &args.reading, context)).transpose()?;
    // Read otherwise than it was imported, each row would be refused for another reason.
    if let Some(file) = &file {
        file.check()?;
    }
    let options = RetryOptions {
        filter: DeadLetterFilter { without_payload: true, ..args.choice.filter() },
        brokers: config.brokers,
        properties: config.properties,
        files: file.into_iter().collect(),
    };
    let done = context::runtime()?.block_on(async {
        let store = context.keyed_store(processor.key()).await?;
        let shutdown = Shutdown::new();
        tokio::spawn(super::worker::until_told(shutdown.clone()));
        let (by, which) = (audited::login(), args.choice.reason.as_deref().unwrap_or("all reasons"));
        let retrying = audited::change(&by, RETRY, "", which);
        let done = audited::make(&store, retrying, async {
            let done = worker::retry::retry(options, store.clone(), processor, shutdown).await;
            let done =
                done.context("the messages could not be sent through again; what was recovered stays")?;
            worker::rollup::rollup_now(&store).await.context("the rollup failed")?;
            Ok(done)
        });
        let done = done.await?;
        let RetryReport { letters, recovered, .. } = &done;
        retrying.came_to(&store, &format!("done: {recovered} of {letters} recovered")).await;
        anyhow::Ok(done)
    })?;
    if context.json {
        output::json(&done)?
    } else {
        output::text(&told(&done))?
    }
    ensure!(
        !done.interrupted,
        "the retry was interrupted: run it again, it goes on with those that are left"
    );
    ensure!(
        done.letters == 0 || done.sent + done.known > 0,
        "none of the messages could be read again, so nothing has changed{}",
        done.gone.first().map(|gone| format!(": {}", gone.why)).unwrap_or_default()
    );
    Ok(())
}

fn told(done: &RetryReport) -> String {
    if done.letters == 0 {
        return "There is nothing to send through again.".to_owned();
    }
    let RetryReport { letters, sent, recovered, refused, still, ignored, erased, known, gone, .. } = done;
    let mut text = format!(
        "{} of {} sent through again",
        output::grouped(*sent as u64),
        output::counted(*letters as u64, "message")
    );
    let counts = [
        (*recovered, "facts now"),
        (*refused, "refused still"),
        (*ignored, "ignored now"),
        (*erased, "of erased authors"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> =
        told.map(|(count, what)| format!("{} {what}", output::grouped(*count as u64))).collect();
    if !told.is_empty() {
        text += &format!(": {}", told.join(", "));
    }
    text += ".\n";
    for Still { reason, letters } in still {
        text += &format!("  {letters} refused for {reason}: verbatim dead-letters list --reason {reason}\n");
    }
    if *known > 0 {
        text += &format!("  {} recovered before.\n", output::grouped(*known as u64));
    }
    for Gone { topic, partition, letters, why } in gone {
        let letters = output::counted(*letters as u64, "message");
        if topic.starts_with("file:") {
            text += &format!(
                "  {letters} of an imported file: {why}\n    \
                 verbatim dead-letters retry --topic {topic} --file FILE (and the options it was imported with)\n"
            );
        } else {
            text += &format!("  {letters} of {topic}, partition {partition}, cannot be read again: {why}\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(reason: &str, outcome: Kind) -> String {
        let choice =
            Choice { reason: Some(reason.to_owned()), topic: None, since: None, limit: None, outcome };
        choice.check().map_or_else(|error| error.to_string(), |()| "known".to_owned())
    }

    #[test]
    fn a_file_by_its_name_has_dead_letters_only() {
        let choice = |topic: &str, outcome| {
            Choice { reason: None, topic: Some(topic.to_owned()), since: None, limit: None, outcome }.check()
        };
        assert!(choice("file:nps.csv", Kind::DeadLetter).is_ok());
        let error = choice("file:nps.csv", Kind::Ignored).unwrap_err().to_string();
        assert!(error.contains("file:IDENTITY"), "{error}");
        assert!(choice("feedback.nps", Kind::Ignored).is_ok());
        assert!(choice(&format!("file:{}", "0f".repeat(16)), Kind::Ignored).is_ok());
    }

    #[test]
    fn a_mistyped_reason_is_told_with_the_right_one() {
        for reason in ["out_of_range", "internal"] {
            assert_eq!(checked(reason, Kind::DeadLetter), "known");
        }
        assert_eq!(checked("repost", Kind::Ignored), "known");
        let error = checked("out_of_rnage", Kind::DeadLetter);
        assert!(error.contains("did you mean out_of_range? there are too_large,"), "{error}");
        let error = checked("repost", Kind::DeadLetter);
        assert_eq!(error, "repost is the reason of another outcome: list it with --outcome ignored");
        let error = checked("empty", Kind::Ignored);
        assert_eq!(error, "empty is the reason of another outcome: list it without --outcome");
    }
}
