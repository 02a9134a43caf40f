//! `verbatim report`: what changed, how sure that is, and the words it was counted from.

pub mod cases;
pub mod list;
pub mod names;
pub mod narrow;
pub mod values;

use crate::context::{self, Context};
use crate::{output, reporting};
use anyhow::{Context as _, Result};
use feedback::time::Day;
use insight::report::filter::Filter;
use insight::report::{Scope, extent, records};
use narrow::Narrow;
use store::Store;
use values::day;

/// Report volume, sentiment, NPS, CSAT and the topics that moved
///
/// Covers the last complete weeks (report.weeks) without --from and --to. Every change has an interval and a
/// verdict: real, unclear or noise, with the false-discovery rate held over all topics. With --json every
/// figure carries the filter that lists its records; `report --records` with these arguments lists them.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim report\n  \
        verbatim report --from 2026-03-02 --to 2026-03-29 --source nps\n  \
        verbatim report --records --topic login_access --sentiment negative --platform android\n  \
        verbatim report --records --event-source web-nps --limit 20\n  \
        verbatim report --records --phrase \"switch to\" --segment enterprise\n  \
        verbatim report --records --owner identity --priority P1 --unresolved\n  \
        verbatim report --records --record 5b1e0c2f",
    mut_group(Narrow::GROUP, |group| group.requires("records"))
)]
pub struct Args {
    /// First day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Last day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// Only this product
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Only this kind of source: survey, ticket, nps, social … (or --source-kind)
    #[arg(long, alias = "source-kind", value_name = "KIND")]
    source: Option<String>,
    /// Only what this event source sent: a form, an inbox, an imported file …; may be repeated
    #[arg(long, value_name = "NAME")]
    event_source: Vec<String>,
    /// Only this topic, by its id
    #[arg(long, value_name = "ID")]
    topic: Option<String>,
    /// List the records behind a figure in place of the report
    #[arg(long)]
    records: bool,
    /// List only the newest N of them; with --json as an object of total, shown and records
    #[arg(long, requires = "records", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    #[command(flatten, next_help_heading = "With --records")]
    narrow: Narrow,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let scope = scope(args, context)?;
    let topics = context.topic_names()?;
    context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let filter = filter(args, &scope);
        names::check(&filter, &store, &topics, context).await?;
        let filter = cases::ask(&store, filter).await?;
        if args.records {
            let (facts, wanted) = (store.current_facts().await?, filter.clone());
            let listed = tokio::task::spawn_blocking(move || records(facts, &wanted));
            let records = listed.await.context("the listing broke off")??;
            if records.is_empty() {
                eprintln!("{}", where_else(&store, filter).await?);
            }
            return list::show(&records, args.limit, context.json);
        }
        worker::rollup::rollup_now(&store)
            .await
            .context("the insights could not be brought up to the facts")?;
        let report = reporting::make(&store, scope, topics).await?;
        if report.records.value == 0 {
            eprintln!("{}", where_else(&store, report.records.filter.clone()).await?);
        }
        if context.json {
            output::json(&report)
        } else {
            output::text(&reporting::shown(&report, &context.config().store.path))
        }
    })
}

/// What to say where nothing fits in the period.
async fn where_else(store: &Store, filter: Filter) -> Result<String> {
    let facts = store.current_facts().await?;
    let nowhere = match (&filter.record, &filter.case) {
        (Some(record), _) => {
            format!("No record has an id that begins with {record} and fits what else is asked.")
        }
        (None, Some(case)) => format!("No report of the case {case} is left that fits what else is asked."),
        (None, None) => "No record fits, in this period or any other.".to_owned(),
    };
    let days = tokio::task::spawn_blocking(move || extent(facts, &filter));
    Ok(match days.await.context("the tables could not be looked through")?? {
        Some(days) => format!(
            "No record fits in this period; the ones that fit otherwise are of {} to {}: --from {} --to {}",
            days.from, days.to, days.from, days.to
        ),
        None => nowhere,
    })
}

fn scope(args: &Args, context: &Context) -> Result<Scope> {
    let period = reporting::period(args.from, args.to, context)?;
    Ok(Scope {
        period,
        product: args.product.clone(),
        source: args.source.clone(),
        event_source: args.event_source.clone(),
        topic: args.topic.clone(),
    })
}

fn filter(args: &Args, scope: &Scope) -> Filter {
    let whole = args.narrow.clone().of(Filter::of(scope, scope.period));
    // Who knows the record, its case or the hour need not know its day.
    let is_known =
        whole.record.is_some() || whole.case.is_some() || whole.since.is_some() || whole.before.is_some();
    if is_known && args.from.is_none() && args.to.is_none() {
        return Filter { from: None, to: None, ..whole };
    }
    whole
}
