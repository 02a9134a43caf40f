//! `verbatim deliver`: what waits to be said, what could not be said and why, and trying a target.

mod listing;
mod requeue;
mod trial;

use crate::context::{self, Context};
use crate::outbox::{self, StoreOutbox};
use crate::output;
use anyhow::{Context as _, Result, bail, ensure};
use clap::Subcommand;
use deliver::{DeliverMetrics, Drained, Target, Targets};
use std::process::ExitCode;
use std::sync::Arc;

/// List what waits to be delivered and what failed, try a target, send what is due, send again what failed
///
/// Alerts, the digest and cases queue their messages in the tables; `verbatim serve` sends them, or `deliver run`
/// from cron. A message that its receiver does not take is attempted again, with pauses that grow, until its
/// target's deadline; what is given up then, or refused, stays listed here with the reason.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        verbatim deliver\n  \
        verbatim deliver list --all --json\n  \
        verbatim deliver test product-slack\n  \
        verbatim deliver run\n  \
        verbatim deliver requeue 3f2a9c01b2d4"
)]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what waits and what failed, and why
    List(Choice),
    /// Send a message that says it is a test, at once, and tell what the receiver answered
    ///
    /// It goes the same way as every other message, but past the outbox: it is not kept, and not attempted again.
    /// At Jira it makes an issue. The exit code is 1 where it was not taken.
    #[command(verbatim_doc_comment)]
    Test(Test),
    /// Attempt everything that is due, once, and end
    ///
    /// For cron, where no `verbatim serve` runs; beside one, or beside another, nothing is sent twice. A target that
    /// cannot be used, for a secret of it is missing, is logged as an error; what is for it waits. The exit code is 1
    /// where something was given up; what waits for another attempt is no failure.
    #[command(verbatim_doc_comment)]
    Run,
    /// Have failed deliveries attempted again, after what was wrong is mended
    ///
    /// They keep their keys, so that a receiver that had taken one after all takes it once, and get a new deadline.
    /// The next `deliver run`, or `verbatim serve`, sends them.
    #[command(verbatim_doc_comment)]
    Requeue(Requeue),
}

/// Which ones.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Choice {
    /// Also what was delivered
    #[arg(long)]
    all: bool,
}

#[derive(Debug, clap::Args)]
struct Test {
    /// Its name in the file that deliver.file names; TARGET/OWNER reaches an owner at their address
    #[arg(value_name = "TARGET")]
    target: String,
}

#[derive(Debug, clap::Args)]
struct Requeue {
    /// How the keys begin, as `deliver list` shows them
    #[arg(value_name = "KEY", required = true)]
    keys: Vec<String>,
    /// Who says so, for the audit log [default: $USER, the name you are logged in by]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Without a subcommand: `list`.
pub fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    match &args.command {
        None => listing::list(args.choice, context)?,
        Some(Command::List(choice)) => listing::list(*choice, context)?,
        Some(Command::Test(test)) => return trial::run(&test.target, context),
        Some(Command::Run) => return send(context),
        Some(Command::Requeue(requeue)) => requeue::run(&requeue.keys, requeue.by.as_deref(), context)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn send(context: &Context) -> Result<ExitCode> {
    let targets = some_targets(context)?;
    context.ensure_tables()?;
    let done = context::runtime()?.block_on(async {
        let outbox = Arc::new(StoreOutbox::new(context.store().await?));
        let runner = outbox::runner(context, outbox, &targets, Arc::new(DeliverMetrics::default()));
        runner.drain().await.context("the outbox cannot be read; what was sent before that is noted")
    })?;
    let Drained { delivered, waiting, failed } = done;
    if context.json {
        let counts = serde_json::json!({ "delivered": delivered, "waiting": waiting, "failed": failed });
        output::json(&counts)?;
    } else {
        output::text(&told(done))?;
    }
    Ok(if failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn told(Drained { delivered, waiting, failed }: Drained) -> String {
    if delivered + waiting + failed == 0 {
        return "Nothing is due.".to_owned();
    }
    let mut text = format!("{} delivered", output::grouped(delivered as u64));
    if waiting > 0 {
        text += &format!(", {} to be attempted again", output::grouped(waiting as u64));
    }
    if failed > 0 {
        text += &format!(", {} failed; `verbatim deliver` says why", output::grouped(failed as u64));
    }
    text + "."
}

/// The targets, for a command that needs one.
fn some_targets(context: &Context) -> Result<Targets> {
    let targets = context.targets()?;
    ensure!(
        !targets.is_empty(),
        "there are no delivery targets: name a file with some by deliver.file (config/deliver.toml tells how)"
    );
    Ok(targets)
}

fn target_called<'t>(name: &str, targets: &'t Targets) -> Result<&'t Target> {
    if let Some(target) = targets.get(name) {
        return Ok(target);
    }
    if let Some(why) = targets.instead_of(name) {
        bail!("{name:?} is no delivery target by itself: {why}");
    }
    let hint = match targets.nearest(name) {
        Some(near) => format!("did you mean {near}?"),
        None => {
            let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
            format!("there are {}", if names.is_empty() { "none".to_owned() } else { names.join(", ") })
        }
    };
    bail!("there is no delivery target {name:?}: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_came_to_is_one_sentence() {
        assert_eq!(told(Drained::default()), "Nothing is due.");
        assert_eq!(told(Drained { delivered: 2, ..Drained::default() }), "2 delivered.");
        let done = Drained { delivered: 0, waiting: 1, failed: 3 };
        assert_eq!(
            told(done),
            "0 delivered, 1 to be attempted again, 3 failed; `verbatim deliver` says why."
        );
    }

    #[test]
    fn a_mistyped_target_is_told_with_the_right_one() {
        let text = "[[target]]\nname = \"product-slack\"\nkind = \"kafka\"\ntopic = \"t\"\n";
        let targets = Targets::parse("deliver.toml", text).unwrap();
        assert_eq!(target_called("product-slack", &targets).unwrap().name, "product-slack");
        let error = target_called("produkt-slack", &targets).unwrap_err().to_string();
        assert_eq!(error, "there is no delivery target \"produkt-slack\": did you mean product-slack?");
        let error = target_called("zzz", &targets).unwrap_err().to_string();
        assert_eq!(error, "there is no delivery target \"zzz\": there are product-slack");
    }

    #[test]
    fn who_names_the_target_that_only_reaches_owners_is_told_what_to_name() {
        let mail = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
                    from = \"v@example.com\"\nowners = true\n";
        let owners = [("identity", "identity@example.com")];
        let targets = Targets::parse("deliver.toml", mail).unwrap().with_owners(owners);
        assert_eq!(target_called("mail/identity", &targets).unwrap().name, "mail/identity");
        let error = target_called("mail", &targets).unwrap_err().to_string();
        let says = "\"mail\" is no delivery target by itself: it reaches owners alone: name one of them, as in \
                    \"mail/identity\", or ";
        assert!(error.starts_with(says), "{error}");
    }
}
