//! `verbatim report`: what changed, how sure that is, and the words it was counted from.

use crate::context::{self, Context};
use crate::{output, reporting};
use anyhow::{Context as _, Result, ensure};
use chrono::NaiveDate;
use feedback::judgement::SentimentLabel;
use feedback::time::{Day, Timestamp};
use insight::report::filter::{Answers, Band, Filter, parse_scale};
use insight::report::{Period, RecordLine, Scope, records};

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
    #[arg(long, requires = "records", value_name = "LABEL", value_parser = sentiment)]
    sentiment: Option<SentimentLabel>,
    /// bug, feature_request, complaint, praise, question, cancellation, other or unknown
    #[arg(long, requires = "records", value_name = "KIND")]
    kind: Option<String>,
    /// ISO 639-1
    #[arg(long, requires = "records", value_name = "CODE")]
    language: Option<String>,
    /// web, ios, android …
    #[arg(long, requires = "records", value_name = "NAME")]
    platform: Option<String>,
    /// As the record names it
    #[arg(long, requires = "records", value_name = "VERSION")]
    app_version: Option<String>,
    /// As the record names it, such as DE
    #[arg(long, requires = "records", value_name = "CODE")]
    territory: Option<String>,
    /// nps, csat, ces or stars
    #[arg(long, requires = "records", value_name = "KIND")]
    score: Option<String>,
    /// The scale of the score, as in 0-10
    #[arg(long, requires = "records", value_name = "MIN-MAX", value_parser = scale, allow_hyphen_values = true)]
    scale: Option<String>,
    /// promoters, passives, detractors or top2
    #[arg(long, requires = "records", value_name = "BAND", value_parser = band)]
    band: Option<Band>,
    /// `last`: of a person who answered several times, the last answer only
    #[arg(long, requires = "records", value_name = "WHICH", value_parser = answers)]
    answers: Option<Answers>,
}

fn sentiment(text: &str) -> Result<SentimentLabel, String> {
    SentimentLabel::parse(text).ok_or_else(|| "expected negative, neutral, positive or unknown".to_owned())
}

fn scale(text: &str) -> Result<String, String> {
    let fits = parse_scale(text).is_some();
    fits.then(|| text.to_owned()).ok_or_else(|| "expected a scale such as 0-10".to_owned())
}

fn band(text: &str) -> Result<Band, String> {
    Band::parse(text).ok_or_else(|| "expected promoters, passives, detractors or top2".to_owned())
}

fn answers(text: &str) -> Result<Answers, String> {
    (text == "last").then_some(Answers::Last).ok_or_else(|| "expected last".to_owned())
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
            let listed = tokio::task::spawn_blocking(move || records(facts, &filter));
            let records = listed.await.context("the listing broke off")??;
            return if context.json { output::json(&records) } else { list(&records) };
        }
        worker::rollup::rollup_now(&store)
            .await
            .context("the insights could not be brought up to the facts")?;
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
    let period = match (args.from, args.to) {
        (Some(from), Some(to)) => Period { from, to },
        // Up to yesterday: today is not complete.
        (Some(from), None) => Period { from, to: reporting::today().plus(-1).max(from) },
        (None, Some(to)) => Period { from: to.plus(1 - 7 * weeks), to },
        (None, None) => Scope::weeks_before(now, weeks).period,
    };
    ensure!(period.from <= period.to, "--from {} is after --to {}", period.from, period.to);
    Ok(Scope {
        period,
        product: args.product.clone(),
        source: args.source.clone(),
        topic: args.topic.clone(),
    })
}

fn filter(args: &Args, scope: &Scope) -> Filter {
    let narrow = args.narrow.clone();
    Filter {
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
        ..Filter::of(scope, scope.period)
    }
}

fn list(records: &[RecordLine]) -> Result<()> {
    let mut text = String::new();
    for record in records {
        let RecordLine { day, source, sentiment, kind, record_id, .. } = record;
        let score = record.score.map(|score| format!("  {} {}", score.scale.kind.as_str(), score.value));
        text += &format!("{day}  {source}  {sentiment}  {kind}{}", score.unwrap_or_default());
        text += &format!("  {}  {record_id}\n", record.topics.join(", "));
        text += &output::wrapped(&record.text, 2, 600);
        text.push('\n');
    }
    output::text(&format!("{text}{} records", output::grouped(records.len() as u64)))
}
