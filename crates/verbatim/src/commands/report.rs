//! `verbatim report`: what changed, how sure that is, and the words it was counted from.

use crate::context::{self, Context};
use crate::{config, output, reporting};
use anyhow::{Context as _, Result, bail, ensure};
use chrono::NaiveDate;
use feedback::judgement::{FeedbackKind, SentimentLabel};
use feedback::time::{Day, Timestamp};
use insight::report::filter::{Answers, Band, Filter, Weekday, Wording, parse_scale, scale_name};
use insight::report::{Known, Period, RecordLine, Scope, extent, known, records};
use store::Store;

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
    /// First of the days to leave out, included
    #[arg(long, requires_all = ["records", "except_to"], value_name = "DATE", value_parser = day)]
    except_from: Option<Day>,
    /// Last of the days to leave out, included
    #[arg(long, requires_all = ["records", "except_from"], value_name = "DATE", value_parser = day)]
    except_to: Option<Day>,
    /// First of more days to leave out, included
    #[arg(long, requires_all = ["records", "also_except_to"], value_name = "DATE", value_parser = day)]
    also_except_from: Option<Day>,
    /// Last of more days to leave out, included
    #[arg(long, requires_all = ["records", "also_except_from"], value_name = "DATE", value_parser = day)]
    also_except_to: Option<Day>,
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
    /// The question it answers, or its part where the record tells none
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

fn sentiment(text: &str) -> Result<SentimentLabel, String> {
    SentimentLabel::parse(text).ok_or_else(|| "expected negative, neutral, positive or unknown".to_owned())
}

fn kind(text: &str) -> Result<String, String> {
    one_of(text, FeedbackKind::ALL.iter().map(|kind| kind.as_str()))
}

fn score(text: &str) -> Result<String, String> {
    one_of(text, ["nps", "csat", "ces", "stars"].into_iter())
}

fn one_of<'a>(text: &str, names: impl Iterator<Item = &'a str> + Clone) -> Result<String, String> {
    if names.clone().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    let nearest = config::nearest(text, names.clone());
    let meant = nearest.map(|name| format!("did you mean {name}? ")).unwrap_or_default();
    Err(format!("{meant}expected one of {}", names.collect::<Vec<_>>().join(", ")))
}

fn weekday(text: &str) -> Result<Weekday, String> {
    one_of(text, Weekday::ALL.iter().map(|day| day.as_str()))?;
    Weekday::parse(text).ok_or_else(|| "expected a day of the week".to_owned())
}

fn scale(text: &str) -> Result<String, String> {
    let fits = parse_scale(text).is_some();
    fits.then(|| text.to_owned()).ok_or_else(|| "expected a scale such as 0-10".to_owned())
}

fn band(text: &str) -> Result<Band, String> {
    Band::parse(text).ok_or_else(|| "expected promoters, passives, detractors or top2".to_owned())
}

fn wording(text: &str) -> Result<Wording, String> {
    Wording::parse(text).ok_or_else(|| "expected with or without".to_owned())
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
    context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let filter = filter(args, &scope);
        check_names(&filter, &store, &topics, context).await?;
        if args.records {
            let (facts, wanted) = (store.current_facts().await?, filter.clone());
            let listed = tokio::task::spawn_blocking(move || records(facts, &wanted));
            let records = listed.await.context("the listing broke off")??;
            if records.is_empty() {
                eprintln!("{}", where_else(&store, filter).await?);
            }
            return match (context.json, records.is_empty()) {
                (true, _) => output::json(&records),
                (false, true) => Ok(()),
                (false, false) => list(&records),
            };
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

/// A name that neither the tables nor the configuration know is a slip of the pen, not an empty answer.
async fn check_names(
    filter: &Filter,
    store: &Store,
    topics: &[(String, String)],
    context: &Context,
) -> Result<()> {
    let Filter { topic, source, product, platform, territory, language, .. } = filter;
    if [topic, source, product, platform, territory, language].iter().all(|name| name.is_none()) {
        return Ok(());
    }
    let facts = store.current_facts().await?;
    let held = tokio::task::spawn_blocking(move || known(facts));
    let mut held = held.await.context("the tables could not be looked through")??;
    held.topics.extend(topics.iter().map(|(id, _)| id.clone()));
    held.topics.push(feedback::insight::NO_TOPIC.to_owned());
    held.languages.push("unknown".to_owned());
    let registry = context.config().registry();
    held.sources.extend(registry.kinds().map(|kind| kind.as_str().to_owned()));
    check_kind(source.as_deref(), &held)?;
    check_name("topic", topic.as_deref(), held.topics)?;
    check_name("source", source.as_deref(), held.sources)?;
    check_name("product", product.as_deref(), held.products)?;
    check_name("platform", platform.as_deref(), held.platforms)?;
    check_name("territory", territory.as_deref(), held.territories)?;
    check_name("language", language.as_deref(), held.languages)
}

/// Elsewhere a source is what sends events; a report is about its kind.
fn check_kind(name: Option<&str>, held: &Known) -> Result<()> {
    let Some(name) = name.filter(|name| !held.sources.iter().any(|kind| kind == name)) else { return Ok(()) };
    let of = held.origins.iter().filter(|(origin, _)| origin == name);
    let kinds: Vec<String> = of.map(|(_, kind)| format!("--source {kind}")).collect();
    ensure!(
        kinds.is_empty(),
        "{name:?} is a source of events, and a report is about a kind of source: {}",
        kinds.join(" or ")
    );
    Ok(())
}

fn check_name(what: &str, name: Option<&str>, mut known: Vec<String>) -> Result<()> {
    known.sort_unstable();
    known.dedup();
    let Some(name) = name.filter(|name| !known.iter().any(|known| known == name)) else { return Ok(()) };
    if known.is_empty() {
        bail!("there is no {what} {name:?}: no record names a {what}");
    }
    let nearest = config::nearest(name, known.iter().map(String::as_str));
    let meant = nearest.map(|nearest| format!("did you mean {nearest:?}? ")).unwrap_or_default();
    bail!("there is no {what} {name:?}: {meant}there are {}", known.join(", "))
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
    // Who knows the record need not know its day.
    let of_any_day = narrow.record.is_some() && args.from.is_none() && args.to.is_none();
    let whole = Filter::of(scope, scope.period);
    let whole = if of_any_day { Filter { from: None, to: None, ..whole } } else { whole };
    Filter {
        except_from: narrow.except_from,
        except_to: narrow.except_to,
        also_except_from: narrow.also_except_from,
        also_except_to: narrow.also_except_to,
        weekday: narrow.weekday,
        words: narrow.words,
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

/// Characters of a text that are shown.
const SHOWN: usize = 600;

fn list(records: &[RecordLine]) -> Result<()> {
    let mut text = String::new();
    for record in records {
        text += &output::wrapped(&heading(record), 0, usize::MAX);
        let asked = record.question.iter().map(|question| format!("Question: {question}"));
        let titled = record.title.iter().map(|title| format!("Title: {title}"));
        for above in asked.chain(titled) {
            text += &output::wrapped(&above, 2, SHOWN);
        }
        text += &output::wrapped(&record.text, 2, SHOWN);
        text.push('\n');
    }
    text += &output::counted(records.len() as u64, "record");
    if records.iter().any(|record| record.text.chars().count() > SHOWN) {
        text += &format!("; of long ones the first {SHOWN} characters, --json has all");
    }
    output::text(&text)
}

fn heading(record: &RecordLine) -> String {
    let RecordLine { day, source, sentiment, kind, record_id, .. } = record;
    let score = |score: insight::report::RecordScore| {
        format!("{} {} of {}", score.scale.kind.as_str(), score.value, scale_name(score.scale))
    };
    let topics = record.topics.join(", ");
    let place = [&record.platform, &record.app_version].into_iter().flatten().cloned();
    let place = place.collect::<Vec<_>>().join(" ");
    let parts = [
        Some(day.to_string()),
        Some(source.clone()),
        Some(sentiment.clone()),
        Some(kind.clone()),
        record.score.map(score),
        (!topics.is_empty()).then_some(topics),
        record.product.clone(),
        (!place.is_empty()).then_some(place),
        record.territory.clone(),
        Some(record_id.clone()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_told_with_the_nearest_name() {
        let known = || vec!["billing".to_owned(), "search".to_owned(), "billing".to_owned()];
        assert!(check_name("topic", Some("billing"), known()).is_ok());
        assert!(check_name("topic", None, known()).is_ok());
        let error = check_name("topic", Some("biling"), known()).unwrap_err().to_string();
        assert_eq!(error, r#"there is no topic "biling": did you mean "billing"? there are billing, search"#);
        let error = check_name("product", Some("app"), Vec::new()).unwrap_err().to_string();
        assert!(error.contains("no record names a product"), "{error}");
        assert!(kind("prase").unwrap_err().contains("did you mean praise?"));
        let held = Known {
            sources: vec!["nps".into(), "survey".into()],
            origins: vec![("web-form".into(), "nps".into()), ("web-form".into(), "survey".into())],
            ..Known::default()
        };
        assert!(check_kind(Some("nps"), &held).is_ok() && check_kind(Some("npss"), &held).is_ok());
        let error = check_kind(Some("web-form"), &held).unwrap_err().to_string();
        assert!(error.ends_with("a kind of source: --source nps or --source survey"), "{error}");
        assert!(score("csat").is_ok() && score("mood").is_err());
    }
}
