//! `verbatim cases`: reports of the same thing, who acts on them, and whom to tell when it is done.

mod list;
mod show;
mod times;

use crate::cases::{
    self, Done, Escalation, KnownCase, assign, called, escalate, known, step, tell_cases, update_cases,
};
use crate::config;
use crate::context::{self, Context};
use crate::logs::Cases;
use crate::outbox::StoreOutbox;
use crate::owners::Owners;
use crate::progress::Progress;
use crate::weekly::owner_names;
use crate::{alerting, audited, key, output};
use anyhow::{Context as _, Result, bail};
use chrono::Utc;
use clap::Subcommand;
use feedback::time::Timestamp;
use insight::cases::{State, Step, Tell};
use serde::Serialize;
use server::desk::CaseStep;
use server::desk::changes::{ASSIGN, case_action};
use store::Store;

/// List cases, show one, say what is done about it, and bring new reports to theirs
///
/// Reports of the same thing are one case: of one topic, kind and product, alike in words, and near in time ([cases]
/// of the triage rules). A case keeps its id whatever comes later. It is open, acknowledged, resolved, and reopened
/// where it is reported again.
#[derive(Debug, Subcommand)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim cases update\n  \
        verbatim cases list --owner identity\n  \
        verbatim cases show 5b1e0c2f\n  \
        verbatim cases times --owner identity\n  \
        verbatim cases acknowledge 5b1e0c2f --by jane\n  \
        verbatim cases assign 5b1e0c2f --to mobile\n  \
        verbatim cases resolve 5b1e0c2f --json | jq '.tell'"
)]
pub enum Command {
    /// Show the cases that are not resolved, those with the most people first
    List(list::Args),
    /// Show a case: its reports, how far it reaches, its life, and how long each step took
    Show(show::Args),
    /// Show how long each step takes, by owner and by topic: the median and nine of ten, with what still waits
    ///
    /// Until it is stored and has an owner is measured of every record, until somebody takes it up and resolves it of
    /// every case. What is not done yet counts as having taken at least so long (Kaplan and Meier's estimate): of what
    /// is done alone the times would be too good.
    #[command(verbatim_doc_comment)]
    Times(times::Args),
    /// Say that somebody has taken it up
    Acknowledge(Change),
    /// Say that it is done, and list whom to tell: pseudonyms, and what the source knows each report by
    ///
    /// The list is kept with the case and goes to the targets in [cases]. That closes the loop: everybody who
    /// reported it hears that it is solved.
    #[command(verbatim_doc_comment)]
    Resolve(Change),
    /// Say that it is not done after all
    Reopen(Change),
    /// Give it to another owner, who hears of it from then on
    Assign(Assign),
    /// Bring the reports that came since the last update to their cases, for cron; `verbatim serve` does so by itself
    ///
    /// Queues messages of new, growing and resolved cases for the targets in [cases], and of those that nobody has
    /// acknowledged in time ([escalate] of the triage rules) for the targets of the owners above theirs;
    /// `verbatim serve` or `verbatim deliver run` sends them.
    #[command(verbatim_doc_comment)]
    Update(Update),
}

/// A step that a person takes.
#[derive(Debug, clap::Args)]
pub struct Change {
    /// How the case's id begins
    #[arg(value_name = "ID-PREFIX")]
    id: String,
    /// Who says so, to be kept with it [default: $USER, the name you are logged in by]
    #[arg(long, env = "USER", hide_env = true, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct Assign {
    #[command(flatten)]
    change: Change,
    /// Who has it from now on: an owner of the triage rules or of the taxonomy
    #[arg(long, value_name = "OWNER")]
    to: String,
}

#[derive(Debug, clap::Args)]
pub struct Update {}

pub fn run(command: &Command, context: &Context) -> Result<()> {
    match command {
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Times(args) => times::run(args, context),
        Command::Acknowledge(change) => take(change, CaseStep::Acknowledge, context),
        Command::Resolve(change) => take(change, CaseStep::Resolve, context),
        Command::Reopen(change) => take(change, CaseStep::Reopen, context),
        Command::Assign(args) => give(args, context),
        Command::Update(Update {}) => update(context),
    }
}

fn now() -> Timestamp {
    Timestamp::from_datetime(Utc::now())
}

/// The tables, for a command that writes.
async fn written_store(context: &Context) -> Result<Store> {
    context.ensure_tables()?;
    context.keyed_store(&key::obtain(context.config())?).await
}

fn give(args: &Assign, context: &Context) -> Result<()> {
    let (by, owner) = (audited::author(args.change.by.as_deref())?, args.to.as_str());
    let known = owner_names(context.config())?;
    if !known.iter().any(|name| name == owner) {
        let nearest = config::nearest(owner, known.iter().map(String::as_str));
        let meant = nearest.map(|name| format!("did you mean {name:?}? ")).unwrap_or_default();
        bail!("there is no owner {owner:?}: {meant}there are {}", known.join(", "));
    }
    let id = context::runtime()?.block_on(async {
        let store = written_store(context).await?;
        let (id, _) = called(&store, &args.change.id).await?;
        let giving = audited::change(&by, ASSIGN, &id, owner);
        audited::make(&store, giving, assign(&store, &id, owner, &by, now())).await
    })?;
    if context.json {
        return output::json(&serde_json::json!({ "id": id, "owner": owner, "by": by }));
    }
    output::text(&format!("The case {id} is {owner}'s now, by {by}."))
}

fn take(change: &Change, to: CaseStep, context: &Context) -> Result<()> {
    let by = audited::author(change.by.as_deref())?;
    let (done, queued) = context::runtime()?.block_on(async {
        let store = written_store(context).await?;
        let (id, state) = called(&store, &change.id).await?;
        let (action, was) = (case_action(to), format!("was {}", state.as_str()));
        let taking = audited::change(&by, &action, &id, &was);
        let done = audited::make(&store, taking, step(&store, &id, Step::from(to), &by, now())).await?;
        // It stands already: what cannot be sent is told and keeps nobody from the list.
        let queued = queue_news(context, &store, std::slice::from_ref(&done.case)).await;
        anyhow::Ok((done, queued))
    })?;
    if context.json {
        output::json(&Changed::of(&done))?;
    } else {
        output::text(&told(&done))?;
    }
    queued.context(
        "the case was changed, but no message of it could be queued: `verbatim cases update` tries again",
    )?;
    Ok(())
}

/// Queues what is new of these cases for the targets in [cases]; for how many.
async fn queue_news(context: &Context, store: &Store, cases: &[KnownCase]) -> Result<usize> {
    let to = &context.config().cases.to;
    if to.is_empty() {
        return Ok(0);
    }
    let (outbox, base) = (StoreOutbox::new(store.clone()), alerting::base(context.config())?);
    tell_cases(&outbox, &context.targets()?, to, cases, &context.topic_names()?, base.as_ref()).await
}

/// Queues what is to be told of cases that nobody has acknowledged in time; for how many targets.
async fn queue_escalations(context: &Context, store: &Store) -> Result<usize> {
    let Some(rules) = context.rules()? else { return Ok(0) };
    let config = context.config();
    let (owners, targets) = (Owners::in_force(config)?, context.targets()?);
    let (names, base) = (context.topic_names()?, alerting::base(config)?);
    let by =
        Escalation { rules: &rules, owners: &owners, targets: &targets, names: &names, base: base.as_ref() };
    escalate(&StoreOutbox::new(store.clone()), &Cases::new(store.clone()), &by, now()).await
}

/// A step that was taken, for programs.
#[derive(Serialize)]
struct Changed<'a> {
    id: &'a str,
    before: State,
    state: State,
    at: String,
    by: &'a str,
    /// Of a case that is resolved now: whom to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    tell: Option<&'a [Tell]>,
}

impl<'a> Changed<'a> {
    fn of(done: &'a Done) -> Self {
        let Done { case: known, before, at, by } = done;
        let tell = known.case.life.is_resolved().then_some(known.tell.as_slice());
        let state = known.case.life.state;
        Self { id: &known.case.id, before: *before, state, at: cases::time(*at), by, tell }
    }
}

fn told(done: &Done) -> String {
    let Done { case: known, before, by, .. } = done;
    let state = known.case.life.state;
    let mut text = format!("The case {} is {state} (it was {before}), by {by}.\n", known.case.id);
    if known.case.life.is_resolved() {
        text += &whom_to_tell(&known.tell);
    }
    text
}

/// Each person with where to answer them.
fn whom_to_tell(tell: &[Tell]) -> String {
    if tell.is_empty() {
        return "Nobody is left who could be told.\n".to_owned();
    }
    let mut table = output::table(&["whom to tell", "where they said it"]);
    for one in tell {
        let who = if one.names.is_empty() { "nobody knows whom".to_owned() } else { one.names.join(", ") };
        let place = |id: &insight::cases::NativeId| {
            format!(
                "{} {} {}",
                id.source,
                output::printable(&id.event_source),
                output::printable(&id.native_id)
            )
        };
        table.add_row([who, one.reports.iter().map(place).collect::<Vec<_>>().join(", ")]);
    }
    format!("\n{table}\n")
}

fn update(context: &Context) -> Result<()> {
    let rules = cases::rules(context.config())?;
    let (updated, queued, escalated) = context::runtime()?.block_on(async {
        let store = written_store(context).await?;
        let progress = Progress::new("cases", 0);
        let updated = update_cases(&store, &rules, &|done, _| progress.set(done as u64)).await;
        progress.done();
        let updated = updated?;
        let queued = if context.config().cases.to.is_empty() {
            0
        } else {
            let book = cases::Book::read(&store).await?;
            let all = known(&store, book.cases.into_values().collect()).await?;
            queue_news(context, &store, &all).await?
        };
        let escalated = queue_escalations(context, &store).await?;
        anyhow::Ok((updated, queued, escalated))
    })?;
    if context.json {
        let done = serde_json::json!({ "updated": updated, "queued": queued, "escalated": escalated });
        return output::json(&done);
    }
    let counted = output::counted;
    let mut text = format!(
        "{} opened, {} came back, {} joined one.",
        counted(updated.opened, "case"),
        output::grouped(updated.reopened),
        counted(updated.joined, "report")
    );
    if queued > 0 {
        text += &format!(" {} queued.", counted(queued as u64, "message"));
    }
    if escalated > 0 {
        text += &format!(" {} of escalations queued.", counted(escalated as u64, "message"));
    }
    output::text(&text)
}
