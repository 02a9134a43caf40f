//! `verbatim triage`: what waits for whom, why a record went where it did, what other rules would do, and telling of it.

mod explain;
mod load;
mod run;
mod test;

pub use load::{of_row, of_waiting};

use super::report::values::day;
use crate::context::Context;
use anyhow::Result;
use clap::Subcommand;
use feedback::time::Day;

/// Show what waits for whom, why a record went where it did, and what other rules would do
///
/// Every record is triaged as it comes in, by the rules of [triage], and its fact keeps the decision. Without more it
/// shows the load of the last days: records by owner, queue and priority, but for those of resolved cases, and what
/// waits for a person, for a judgement was too unsure. Where a rule names delivery targets as its actions they are told
/// of what it takes, by `verbatim serve` or by `verbatim triage run`.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        verbatim triage\n  \
        verbatim triage --from 2026-03-02 --to 2026-03-08 --json\n  \
        verbatim triage --explain 5b1e0c2f\n  \
        verbatim triage run\n  \
        verbatim triage test my-triage.toml --from 2026-03-01"
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Say why a record went where it did, and where the rules of today would send it
    #[arg(long, value_name = "ID-PREFIX", conflicts_with_all = ["from", "to"])]
    explain: Option<String>,
    #[command(flatten)]
    days: load::Days,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell of what was triaged since, as the rules' actions say: for cron, where `verbatim serve` does not run
    ///
    /// A rule's actions are names of delivery targets. Each hears of a record once by the same rule; of more than five
    /// at once of one rule in one message; of what waits for a person not at all. The first run only begins: what was
    /// triaged before it is told to nobody. Messages are queued; `verbatim serve` or `verbatim deliver run` sends them.
    #[command(verbatim_doc_comment)]
    Run,
    /// Hold a rule file against stored history: what would go where, before it is switched on
    ///
    /// Counts what each rule would take, by owner, queue and priority, and what would go elsewhere than it went.
    /// Nothing is written. What is unlikely to be meant (rules that never fire, unknown topics) is told as well; the
    /// exit code is 1 where no decision could be relied on.
    #[command(verbatim_doc_comment)]
    Test(test::Args),
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    match (&args.command, &args.explain) {
        (Some(Command::Run), _) => run::run(context),
        (Some(Command::Test(args)), _) => test::run(args, context),
        (None, Some(record)) => explain::run(record, context),
        (None, None) => load::run(&args.days, context),
    }
}

/// The days from one to another, both included, as far as they are named.
fn within(from: Option<Day>, to: Option<Day>) -> impl Fn(&Day) -> bool {
    move |day| from.is_none_or(|from| *day >= from) && to.is_none_or(|to| *day <= to)
}
