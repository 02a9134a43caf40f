//! `verbatim report`: what changed, how sure that is, and the words it was counted from.

mod list;
pub mod names;
pub mod values;

use crate::context::{self, Context};
use crate::{output, reporting};
use anyhow::{Context as _, Result};
use feedback::judgement::SentimentLabel;
use feedback::time::Day;
use insight::report::filter::{Answers, Band, Filter, Weekday, Wording};
use insight::report::{Scope, extent, records};
use store::Store;
use values::{answers, band, day, days, kind, scale, score, sentiment, weekday, wording};

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
        verbatim report --records --record 5b1e0c2f"
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

/// What narrows the records further: the filter that a figure of the report carries.
#[derive(Debug, Clone, clap::Args)]
struct Narrow {
    /// First of the days to leave out, included
    #[arg(long, requires_all = ["records", "except_to"], value_name = "DATE", value_parser = day)]
    except_from: Option<Day>,
    /// Last of the days to leave out, included
    #[arg(long, requires_all = ["records", "except_from"], value_name = "DATE", value_parser = day)]
    except_to: Option<Day>,
    /// More days to leave out, as in 2026-02-01/2026-02-03, with commas between
    #[arg(long, requires = "records", value_name = "DAYS", value_parser = days)]
    also_except: Option<String>,
    /// monday … sunday, UTC
    #[arg(long, requires = "records", value_name = "DAY", value_parser = weekday)]
    weekday: Option<Weekday>,
    /// negative, neutral, positive or unknown; of the topic, where one is named
    #[arg(long, requires = "records", value_name = "LABEL", value_parser = sentiment)]
    sentiment: Option<SentimentLabel>,
    /// Only what is judged: negative, neutral or positive
    #[arg(long, requires = "records")]
    judged: bool,
    /// `with` words of the customer, or `without`: a score alone
    #[arg(long, requires = "records", value_name = "WHICH", value_parser = wording)]
    words: Option<Wording>,
    /// bug, feature_request, complaint, praise, question, cancellation, other or unknown
    #[arg(long, requires = "records", value_name = "KIND", value_parser = kind)]
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
    /// Which answer of a response it is, by its id
    #[arg(long, requires = "records", value_name = "ID")]
    part: Option<String>,
    /// The question it answers
    #[arg(long, requires = "records", value_name = "TEXT")]
    question: Option<String>,
    /// How its id begins, as beside a quote; of any day, without --from and --to
    #[arg(long, requires = "records", value_name = "ID-PREFIX")]
    record: Option<String>,
    /// nps, csat, ces (ease) or stars
    #[arg(long, requires = "records", value_name = "KIND", value_parser = score)]
    score: Option<String>,
    /// The scale of the score, as in 0-10
    #[arg(long, requires = "records", value_name = "MIN-MAX", value_parser = scale, allow_hyphen_values = true)]
    scale: Option<String>,
    /// Exactly this answer
    #[arg(long, requires = "records", value_name = "N", allow_hyphen_values = true)]
    value: Option<f64>,
    /// promoters, passives, detractors, or top2 for the satisfied
    #[arg(long, requires = "records", value_name = "BAND", value_parser = band)]
    band: Option<Band>,
    /// `last`: of a person who answered several times, the last answer only
    #[arg(long, requires = "records", value_name = "WHICH", value_parser = answers)]
    answers: Option<Answers>,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let scope = scope(args, context)?;
    let topics = context.topic_names()?;
    context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let filter = filter(args, &scope);
        names::check(&filter, &store, &topics, context).await?;
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
    let nowhere = match &filter.record {
        Some(record) => format!("No record has an id that begins with {record} and fits what else is asked."),
        None => "No record fits, in this period or any other.".to_owned(),
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
    let narrow = args.narrow.clone();
    // Who knows the record need not know its day.
    let of_any_day = narrow.record.is_some() && args.from.is_none() && args.to.is_none();
    let whole = Filter::of(scope, scope.period);
    let whole = if of_any_day { Filter { from: None, to: None, ..whole } } else { whole };
    Filter {
        except_from: narrow.except_from,
        except_to: narrow.except_to,
        also_except: narrow.also_except,
        weekday: narrow.weekday,
        words: narrow.words,
        part: narrow.part,
        question: narrow.question,
        record: narrow.record,
        value: narrow.value,
        sentiment: narrow.sentiment,
        judged: narrow.judged,
        kind: narrow.kind,
        language: narrow.language,
        platform: narrow.platform,
        app_version: narrow.app_version,
        territory: narrow.territory,
        score: narrow.score,
        scale: narrow.scale,
        band: narrow.band,
        answers: narrow.answers,
        ..whole
    }
}
