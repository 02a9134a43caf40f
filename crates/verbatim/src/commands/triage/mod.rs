//! `verbatim triage`: what waits for whom, why a record went where it did, and what other rules would do.

mod explain;
mod load;
mod test;

use super::report::values::day;
use crate::context::Context;
use anyhow::Result;
use clap::Subcommand;
use feedback::time::Day;

/// Show what waits for whom, why a record went where it did, and what other rules would do
///
/// Every record is triaged as it comes in, by the rules of [triage], and its fact keeps the decision. Without more it
/// shows the load of the last days: records by owner, queue and priority, but for those of resolved cases, and what
/// waits for a person, for a judgement was too unsure.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        verbatim triage\n  \
        verbatim triage --from 2026-03-02 --to 2026-03-08 --json\n  \
        verbatim triage --explain 5b1e0c2f\n  \
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
        (Some(Command::Test(args)), _) => test::run(args, context),
        (None, Some(record)) => explain::run(record, context),
        (None, None) => load::run(&args.days, context),
    }
}

/// The days from one to another, both included, as far as they are named.
fn within(from: Option<Day>, to: Option<Day>) -> impl Fn(&Day) -> bool {
    move |day| from.is_none_or(|from| *day >= from) && to.is_none_or(|to| *day <= to)
}
