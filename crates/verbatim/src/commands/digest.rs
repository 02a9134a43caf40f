//! `verbatim digest`: the week on one page, made or read back.

mod kept;

use super::report::names;
use crate::context::{self, Context};
use crate::logs::Alerts;
use crate::weekly::{Known, Told, View, archive, owner_names};
use crate::{config, output};
use anyhow::{Context as _, Result, ensure};
use chrono::Utc;
use clap::{Subcommand, ValueEnum};
use feedback::time::Timestamp;
use insight::digest::render::{html, json, mail, markdown, slack};
use insight::digest::{State, Week};
use insight::report::Filter;
use std::path::{Path, PathBuf};
use store::Store;

/// Tell a week on one page: what changed, cases, alerts, targets, loop times, new words
///
/// Told is the last complete week (UTC) without --week, and what is real alone; where nothing is, it says so.
/// Every point has its interval, customers' words, and the command or address that opens its records. The same
/// tables give the same page. What a page has no room for stands in --format json.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        verbatim digest\n  \
        verbatim digest --week 2026-W12 --owner identity\n  \
        verbatim digest --format html --out digest.html\n  \
        verbatim digest --week 2026-W12 --archive\n  \
        verbatim digest list\n  \
        verbatim digest show 2026-W12 --owner identity --format html --out digest.html"
)]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the digests that were archived, by hand or by `verbatim serve`
    List,
    /// Show an archived digest as it was made, without the words of whoever was erased since
    Show(kept::Show),
}

#[derive(Debug, clap::Args)]
struct Choice {
    /// An ISO week, as 2026-W12 [default: the last one that is over]
    #[arg(long, value_name = "WEEK")]
    week: Option<Week>,
    /// Only the topics, cases, alerts and targets of this owner
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Only this product
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// How it is written; with --json it is json
    #[arg(long, value_enum, default_value = "md", value_name = "FORMAT")]
    format: Format,
    /// A file to write to; one that is there is replaced [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Keep it in the tables, too, as `verbatim serve` does every week; not of one product
    #[arg(long)]
    archive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown, with sparklines
    Md,
    /// A page for a browser, with charts
    Html,
    /// A page that every mail client shows, with bars
    Mail,
    /// Blocks for a webhook of Slack
    Slack,
    /// Everything, for programs; each figure with the filter that lists its records
    Json,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.ensure_tables()?;
    context::runtime()?.block_on(async {
        let store = context.store().await?;
        match &args.command {
            Some(Command::List) => kept::list(&store, context.json).await,
            Some(Command::Show(show)) => kept::show(show, &store, context.json).await,
            None => one(&args.choice, &store, context).await,
        }
    })
}

async fn one(choice: &Choice, store: &Store, context: &Context) -> Result<()> {
    ensure!(
        !(choice.archive && choice.product.is_some()),
        "--archive and --product do not go together: of a week the archive holds everybody's digest and one of each \
         owner; write this one to a file by --out"
    );
    check_names(choice, store, context).await?;
    let now = Timestamp::from_datetime(Utc::now());
    worker::rollup::rollup_now(store).await.context("the insights could not be brought up to the facts")?;
    let known = Known::read(store, &Alerts::new(store.clone()), context, now).await?;
    let week = choice.week.unwrap_or(Week::last_before(now));
    let view = View { week, owner: choice.owner.clone(), product: choice.product.clone() };
    let told = known.tell(view).await?;
    if choice.archive {
        ensure!(told.digest.state == State::Told, "nothing is archived: {}", told.page.summary);
        archive(store, std::slice::from_ref(&told), now, None).await?;
        eprintln!("Archived: `verbatim digest list` lists it.");
    }
    let format = if context.json { Format::Json } else { choice.format };
    hand_over(&written(&told, format)?, choice.out.as_deref())
}

/// To the file, or to stdout.
fn hand_over(text: &str, file: Option<&Path>) -> Result<()> {
    let Some(file) = file else { return output::text(text) };
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!("Written to {}.", file.display());
    Ok(())
}

fn written(told: &Told, format: Format) -> Result<String> {
    Ok(match format {
        Format::Md => markdown(&told.page),
        Format::Html => html(&told.page),
        Format::Mail => mail(&told.page),
        Format::Slack => serde_json::to_string_pretty(&slack(&told.page))?,
        Format::Json => json(&told.digest)?,
    })
}

/// A name that nobody has is a slip of the pen, not an empty page.
async fn check_names(choice: &Choice, store: &Store, context: &Context) -> Result<()> {
    if let Some(owner) = &choice.owner {
        let known = owner_names(context.config())?;
        let nearest = config::nearest(owner, known.iter().map(String::as_str));
        let meant = nearest.map(|name| format!("did you mean {name:?}? ")).unwrap_or_default();
        ensure!(known.contains(owner), "there is no owner {owner:?}: {meant}there are {}", known.join(", "));
    }
    let filter = Filter { product: choice.product.clone(), ..Filter::default() };
    names::check(&filter, store, &[], context).await
}
