//! `verbatim import`: a file through the same decoding and the same exactly-once commit as Kafka.

use crate::config::ImportSection;
use crate::context::{self, Context};
use crate::{output, progress};
use anyhow::{Context as _, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use worker::files::{ColumnMap, Format, ImportOptions, ImportReport};
use worker::{Progress, Shutdown, WorkerMetrics};

/// Read a CSV or JSONL file into the tables
///
/// Rows are whole CloudEvents, or payloads alone: then --kind and --source say what they are. A CSV's columns
/// are the fields of the payload (id, text, score.value, author.email …), or a column map [import.NAME] of the
/// configuration says which column holds which. Importing a file again adds nothing; an import that was
/// interrupted goes on where it stopped.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim import events.jsonl\n  \
        verbatim import reviews.csv --map reviews\n  \
        verbatim import nps.csv --kind nps --source crm-export"
)]
pub struct Args {
    /// The file to read
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

/// How a file is to be read.
#[derive(Debug, Clone, clap::Args)]
pub struct Reading {
    /// A column map of the configuration, [import.NAME]
    #[arg(long, value_name = "NAME")]
    map: Option<String>,
    /// The kind of the rows: survey, ticket, nps, social, or a configured one
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Which form, inbox or shop they came from
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// How the file is written
    #[arg(long, value_enum, default_value = "auto")]
    format: Named,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Named {
    /// By the file's name
    Auto,
    /// One JSON object a line
    Jsonl,
    /// With a header
    Csv,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let options = options(&args.file, &args.reading, context)?;
    let metrics = Arc::new(WorkerMetrics::new());
    let processor = context.processor(&metrics)?;
    let bar = Arc::new(progress::Progress::new("import", 0));
    let reading = Arc::clone(&bar);
    let report = context::runtime()?.block_on(async {
        let store = context.keyed_store(processor.key()).await?;
        let (rolled, shutdown) = (store.clone(), Shutdown::new());
        let signals = tokio::spawn(super::worker::until_told(shutdown.clone()));
        let observer = move |progress: &Progress| reading.set(progress.outcomes.messages);
        let report =
            worker::files::import(options, store, processor, metrics, shutdown, Arc::new(observer)).await?;
        signals.abort();
        worker::rollup::rollup_now(&rolled).await?;
        anyhow::Ok(report)
    });
    bar.done();
    let report = report.context("the import stopped; run it again, it goes on where it stopped")?;
    if context.json {
        output::json(&report)?;
    } else {
        output::text(&told(&args.file, &report))?;
    }
    ensure!(report.complete, "the import was interrupted: run it again, it goes on where it stopped");
    Ok(())
}

/// The worker's view of a file and of what is known about it.
pub fn options(file: &Path, reading: &Reading, context: &Context) -> Result<ImportOptions> {
    let config = context.config();
    let format = match reading.format {
        Named::Jsonl => Format::Jsonl,
        Named::Csv => Format::Csv,
        Named::Auto => Format::of(file).with_context(|| {
            format!("the name {} does not say how it is written: add --format jsonl or csv", file.display())
        })?,
    };
    let map = reading.map.as_deref().map(|name| named_map(name, context)).transpose()?;
    let configured =
        |of: fn(&ImportSection) -> &String| map.map(of).filter(|value| !value.is_empty()).cloned();
    let kind = reading.kind.clone().or_else(|| configured(|map| &map.kind));
    if let Some(kind) = &kind {
        ensure!(
            config.registry().get(kind).is_some(),
            "there is no kind {kind:?}: add [kinds.{kind}] with its contract"
        );
    }
    let worker = &config.worker;
    let mut options = ImportOptions::new(file.to_owned(), format);
    options.map = map
        .filter(|map| !map.columns.is_empty())
        .map(|map| ColumnMap { columns: map.columns.clone(), constants: map.constants.clone() });
    options.source = reading.source.clone().or_else(|| configured(|map| &map.source)).or_else(|| {
        // A file that names nothing else is its own source.
        kind.as_ref().and_then(|_| file_name(file))
    });
    options.kind = kind;
    options.max_row_bytes = context::size(config.limits.message);
    options.batch = context::batch_limits(worker);
    options.threads = (worker.threads > 0).then_some(usize::from(worker.threads));
    Ok(options)
}

fn named_map<'c>(name: &str, context: &'c Context) -> Result<&'c ImportSection> {
    let maps = &context.config().import;
    if let Some(map) = maps.get(name) {
        return Ok(map);
    }
    let known: Vec<&str> = maps.keys().map(String::as_str).collect();
    match known.as_slice() {
        [] => bail!("there is no column map {name:?}: write one as [import.{name}] in the configuration"),
        known => bail!("there is no column map {name:?}; the configuration has {}", known.join(", ")),
    }
}

fn file_name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}

fn told(file: &Path, report: &ImportReport) -> String {
    let outcomes = &report.outcomes;
    let mut text = format!("{}: {} rows read", file.display(), output::grouped(report.rows));
    if report.before > 0 {
        text += &format!(", {} were in the tables before", output::grouped(report.before));
    }
    text += ".\n";
    for (what, count) in [
        ("records", outcomes.records),
        ("deletions", outcomes.tombstones),
        ("ignored", outcomes.ignored),
        ("dead letters", outcomes.dead_letters),
        ("erased", outcomes.erased),
    ] {
        if count > 0 {
            text += &format!("  {what:<14}{}\n", output::grouped(count));
        }
    }
    if outcomes.dead_letters > 0 {
        text += "`verbatim dead-letters list` says why they were refused.\n";
    }
    text
}
