//! `verbatim report`: what changed, how sure that is, and the words it was counted from.

use crate::context::{self, Context};
use crate::{output, reporting};
use anyhow::{Context as _, Result, ensure};
use chrono::NaiveDate;
use feedback::time::{Day, Timestamp};
use insight::report::{Filter, RecordLine, Scope};

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
        verbatim report --records --topic login_access --sentiment negative --platform android"
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
    /// Only this kind of source: survey, ticket, nps, social …
    #[arg(long, value_name = "KIND")]
    source: Option<String>,
    /// Only this topic, by its id
    #[arg(long, value_name = "ID")]
    topic: Option<String>,
    /// List the records behind a figure in place of the report
    #[arg(long)]
    records: bool,
    #[command(flatten, next_help_heading = "With --records")]
    narrow: Narrow,
}

/// What narrows the records further: the filter that a figure of the report carries.
#[derive(Debug, Clone, clap::Args)]
struct Narrow {
    /// negative, neutral, positive or unknown; of the topic, where one is named
    #[arg(long, requires = "records")]
    sentiment: Option<String>,
    /// bug, feature_request, complaint, praise, question, cancellation, other or unknown
    #[arg(long, requires = "records")]
    kind: Option<String>,
    /// ISO 639-1
    #[arg(long, requires = "records")]
    language: Option<String>,
    #[arg(long, requires = "records")]
    platform: Option<String>,
    #[arg(long, requires = "records")]
    app_version: Option<String>,
    #[arg(long, requires = "records")]
    territory: Option<String>,
    /// nps, csat, ces or stars
    #[arg(long, requires = "records")]
    score: Option<String>,
    /// The scale of the score, as in 0-10
    #[arg(long, requires = "records")]
    scale: Option<String>,
    /// promoters, passives, detractors or top2
    #[arg(long, requires = "records")]
    band: Option<String>,
    /// `last`: of a person who answered several times, the last answer only
    #[arg(long, requires = "records")]
    answers: Option<String>,
}

fn day(text: &str) -> Result<Day, String> {
    let date: Result<NaiveDate, _> = text.parse();
    date.map(Day::from_date).map_err(|_| "expected a date such as 2026-03-01".to_owned())
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let scope = scope(args, context)?;
    let topics = context.topic_names()?;
    if let Some(topic) = &scope.topic {
        let special = topic == feedback::insight::NO_TOPIC;
        ensure!(
            special || topics.iter().any(|(id, _)| id == topic),
            "the taxonomy has no topic {topic:?}; it has {}",
            topics.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(", ")
        );
    }
    context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        if args.records {
            let facts = store.current_facts().await?;
            let filter = filter(args, &scope);
            let listed = tokio::task::spawn_blocking(move || insight::report::records(facts, &filter));
            let records = listed.await.context("the listing broke off")??;
            return if context.json { output::json(&records) } else { list(&records) };
        }
        worker::rollup::rollup_now(&store).await.context("the insights could not be brought up to the facts")?;
        let report = reporting::make(&store, scope, topics).await?;
        if context.json {
            output::json(&report)
        } else {
            output::text(&reporting::shown(&report, &context.config().store.path))
        }
    })
}

/// Whole weeks before today, but for the ends that were named.
fn scope(args: &Args, context: &Context) -> Result<Scope> {
    let now = Timestamp::from_datetime(chrono::Utc::now());
    let weeks = i32::from(context.config().report.weeks);
    let mut scope = Scope::weeks_before(now, weeks);
    match (args.from, args.to) {
        (Some(from), Some(to)) => (scope.from, scope.to) = (from, to),
        // Up to yesterday: today is not complete.
        (Some(from), None) => (scope.from, scope.to) = (from, reporting::today().plus(-1).max(from)),
        (None, Some(to)) => (scope.from, scope.to) = (to.plus(1 - 7 * weeks), to),
        (None, None) => {}
    }
    ensure!(scope.from <= scope.to, "--from {} is after --to {}", scope.from, scope.to);
    scope.product.clone_from(&args.product);
    scope.source.clone_from(&args.source);
    scope.topic.clone_from(&args.topic);
    Ok(scope)
}

fn filter(args: &Args, scope: &Scope) -> Filter {
    let narrow = args.narrow.clone();
    Filter {
        from: Some(scope.from),
        to: Some(scope.to),
        product: scope.product.clone(),
        source: scope.source.clone(),
        topic: scope.topic.clone(),
        sentiment: narrow.sentiment,
        kind: narrow.kind,
        language: narrow.language,
        platform: narrow.platform,
        app_version: narrow.app_version,
        territory: narrow.territory,
        score: narrow.score,
        scale: narrow.scale,
        band: narrow.band,
        answers: narrow.answers,
    }
}

fn list(records: &[RecordLine]) -> Result<()> {
    let mut table = output::table(&["day", "source", "sentiment", "topics", "text", "record"]);
    for record in records {
        table.add_row([
            record.day.to_string(),
            record.source_kind.clone(),
            record.sentiment.clone().unwrap_or_default(),
            record.topics.join(", "),
            record.text.clone(),
            record.record_id.clone(),
        ]);
    }
    output::text(&format!("{table}\n\n{} records", output::grouped(records.len() as u64)))
}
