//! `verbatim sample`: records for a person to label, drawn at random, and shares corrected by the labels.

pub mod labels;
mod sheet;
mod told;

use super::report::values::day;
use crate::context::{self, Context};
use crate::{config, output, progress::Progress, reporting};
use anyhow::{Context as _, Result, bail};
use feedback::time::Day;
use insight::InsightError;
use insight::report::filter::{Filter, Wording};
use insight::report::sample::{self, By, Plan, Sample};
use insight::report::{Period, extent, known};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use store::Store;

/// Facts that are looked at at once, unless one day has more.
const ROWS_AT_ONCE: usize = 100_000;

/// Draw records to label at random, and correct the classifier's shares by the labels
///
/// Draws among the records with words of the last complete weeks (report.weeks), or of --from and --to, and writes
/// a CSV that a spreadsheet opens (UTF-8, commas). Fill in its column `label`, without a look at the columns behind
/// it: negative, neutral or positive; with --by kind: bug, feature_request, complaint, praise, question,
/// cancellation or other. Leave it empty where you cannot tell. Leave all rows in, and do not edit the other
/// columns: `weight` is how many records a row stands for, `stratum` and `stratum_size` are what it was drawn of,
/// `said` is what the classifier said.
///
/// A stratum is what was said, within a kind of source. Each gives 5 records at least, or all it has, and the rest
/// goes by size; the same seed draws the same records. With --correct the filled-in file is read back: for each label
/// the share that the classifier says, the corrected share with its 95% interval, how often the classifier is right
/// with it (precision) and how much of it is found (recall). Rows without a label are passed over. Below 30 labelled
/// rows there are counts alone.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim sample --out sample.csv\n  \
        verbatim sample --n 400 --from 2026-03-02 --to 2026-03-29 --source nps --by kind --out kinds.csv\n  \
        verbatim sample --correct sample.csv\n  \
        verbatim sample --correct sample.csv --json | jq '.labels[] | {label, said, corrected}'"
)]
pub struct Args {
    /// How many records to draw; more where the strata are many
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    n: u32,
    /// First day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Last day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// Only this kind of source: survey, ticket, nps, social … (or --source-kind)
    #[arg(long, alias = "source-kind", value_name = "KIND")]
    source: Option<String>,
    /// What to label: sentiment or kind
    #[arg(long, default_value = "sentiment", value_name = "JUDGEMENT", value_parser = by)]
    by: By,
    /// Another seed draws other records
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// A new file to write to; JSON lines where it ends in .jsonl [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Read a labelled file back, and correct the shares by it
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["n", "from", "to", "source", "by", "seed", "out"]
    )]
    correct: Option<PathBuf>,
}

fn by(text: &str) -> Result<By, String> {
    By::parse(text).ok_or_else(|| "expected sentiment or kind".to_owned())
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    match &args.correct {
        Some(file) => correct(file, context.json),
        None => draw(args, context),
    }
}

fn correct(file: &Path, json: bool) -> Result<()> {
    let (by, rows) = labels::read(file)?;
    let corrected = sample::correct(by, &rows);
    if json { output::json(&corrected) } else { output::text(&told::corrected(&corrected)) }
}

fn draw(args: &Args, context: &Context) -> Result<()> {
    let out = args.out.as_deref();
    // Before anything takes long.
    out.map_or(Ok(()), sheet::ensure_new)?;
    let period = reporting::period(args.from, args.to, context)?;
    let filter = Filter {
        from: Some(period.from),
        to: Some(period.to),
        source: args.source.clone(),
        words: Some(Wording::With),
        ..Filter::default()
    };
    let plan = Plan { by: args.by, size: args.n, seed: args.seed };
    let sample = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let sample = drawn(&store, &filter, period, plan).await?;
        if sample.rows.is_empty() {
            bail!(nothing(&store, filter).await?);
        }
        anyhow::Ok(sample)
    })?;
    sheet::write(&sample, out, context.json)?;
    let told = told::Told { sample: &sample, file: out, period, plan };
    match out {
        // There the rows are.
        None => eprintln!("\n{}", told.text()),
        Some(_) if context.json => output::json(&told.json())?,
        Some(_) => output::text(&told.text())?,
    }
    Ok(())
}

async fn drawn(store: &Store, filter: &Filter, period: Period, plan: Plan) -> Result<Sample> {
    let days: BTreeSet<Day> = (period.from.0..=period.to.0).map(Day).collect();
    let parts = store.current_facts_in_parts(&days, ROWS_AT_ONCE).await?;
    let (asked, filter) = (parts.clone(), filter.clone());
    let work = move || {
        let progress = Progress::new("sample", 2 * asked.len() as u64);
        let sample = sample::draw(&asked, &filter, plan, |read| progress.set(read as u64));
        progress.done();
        sample
    };
    let done: Result<Sample, InsightError> =
        tokio::task::spawn_blocking(work).await.context("the drawing broke off")?;
    let error = match done {
        Ok(sample) => return Ok(sample),
        Err(error) => error,
    };
    for part in &parts {
        if let Some(why) = store.why_failed(part).await {
            return Err(why.into());
        }
    }
    Err(anyhow::Error::new(error).context("no sample can be drawn from these tables"))
}

/// What to say where there is nothing to draw.
async fn nothing(store: &Store, filter: Filter) -> Result<String> {
    let facts = store.current_facts().await?;
    let asked = filter.clone();
    let looked = tokio::task::spawn_blocking(move || {
        let known = known(facts.clone())?;
        let days = extent(facts, &asked)?;
        Ok::<_, InsightError>((known.sources, days))
    });
    let (sources, days) = looked.await.context("the tables could not be looked through")??;
    let is_strange = |source: &String| !sources.is_empty() && !sources.contains(source);
    if let Some(source) = filter.source.filter(is_strange) {
        let nearest = config::nearest(&source, sources.iter().map(String::as_str));
        let meant = nearest.map(|nearest| format!(" (did you mean {nearest:?}?)")).unwrap_or_default();
        let kinds = sources.join(", ");
        return Ok(format!("no record is of a source of the kind {source:?}{meant}: there are {kinds}"));
    }
    Ok(match days {
        Some(Period { from, to }) => format!(
            "no record with words fits in this period; the ones that fit otherwise are of {from} to {to}: --from \
             {from} --to {to}"
        ),
        None => "no record with words fits, in this period or any other".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_date_and_no_judgement_is_told_with_what_is() {
        assert_eq!(day("20.11.2026"), day("2026-11-20"));
        assert!(day("11/20/2026").unwrap_err().contains("2026-03-01 or 01.03.2026"));
        assert_eq!((by("sentiment"), by("kind")), (Ok(By::Sentiment), Ok(By::Kind)));
        assert_eq!(by("mood").unwrap_err(), "expected sentiment or kind");
    }
}
