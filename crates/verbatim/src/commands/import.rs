//! `verbatim import`: a file through the same decoding and the same exactly-once commit as Kafka.

mod told;

use crate::config::{self, Config, ImportSection, dotted};
use crate::context::{self, Context};
use crate::{output, progress};
use anyhow::{Context as _, Result, bail, ensure};
use feedback::kind::{Contract, SourceKind};
use feedback::time::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::{DeadLetterFilter, StoreError};
use worker::files::{Columns, Earlier, Format, ImportOptions, ImportReport};
use worker::{Progress, Shutdown, VendorFormat, WorkerError, WorkerMetrics};

/// Rows that --dry-run shows.
const SHOWN: usize = 5;

/// Read a CSV or JSONL file, or what a vendor exports, into the tables
///
/// Rows are whole CloudEvents, or payloads alone: then --kind says what they are. A CSV's columns are the fields
/// of the payload (text, score, occurred_at, author.email …), or a column map [import.NAME] of the configuration
/// says which column holds which; other columns are kept as metadata. Separator and byte order mark are seen.
/// Each row needs the time it was given: in occurred_at, or --occurred-at for all. Dates are 2026-03-31 or
/// 31.03.2026, and a time may follow (31.03.2026 14:05, in UTC). An id makes a later file's newer version of a
/// row replace this one, where both go by the same --source.
///
/// With --as VENDOR the file is JSON as a vendor's API answers or exports it, whole, in pages or one a line:
/// typeform, surveymonkey, nps, helpscout, zendesk, intercom, freshdesk, trustpilot, app-store, google-play, x
/// or reddit. Its elements are the rows, and a later export replaces what has the same id.
///
/// Importing a file again adds nothing, whatever its name; an import that was interrupted goes on where it
/// stopped. With another map, vendor, kind or source it is another import: --replace corrects what an earlier one
/// wrote.
/// The figures add up: rows are those read, ignored, refused and already there. The exit code is 1 where every
/// row was refused.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim import events.jsonl\n  \
        verbatim import reviews.csv --map reviews --dry-run\n  \
        verbatim import reviews.csv --map reviews --replace\n  \
        verbatim import nps.csv --kind nps --source crm-export --occurred-at 2026-03-31\n  \
        verbatim import reviews.json --as app-store --dry-run\n\n\
        A column map, in the configuration:\n  \
        [import.reviews]\n  \
        kind = \"social\"\n  \
        source = \"play-store\"\n  \
        columns = { id = \"Review ID\", text = \"Review\", score = \"Stars\", occurred_at = \"Date\" }\n  \
        constants = { platform = \"android\" }"
)]
pub struct Args {
    /// The file to read
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Take back what earlier imports of this file wrote in another way
    #[arg(long)]
    replace: bool,
    /// Leave what they wrote, and add what this reading gives
    #[arg(long, conflicts_with = "replace")]
    keep: bool,
    /// Show what the first rows would be read as, redacted, and write nothing
    #[arg(long)]
    dry_run: bool,
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
    /// Which form, inbox or shop they came from [default: the file's name, or the vendor's]
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// The vendor whose export it is, or a connection of the configuration, [vendors.NAME]
    #[arg(long = "as", value_name = "VENDOR", conflicts_with_all = ["map", "occurred_at", "format"])]
    vendor: Option<String>,
    /// When rows without a time of their own were given: a date, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = feedback::rfc3339::read)]
    occurred_at: Option<Timestamp>,
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
    let mut options = options(&args.file, &args.reading, context)?;
    options.earlier = match (args.replace, args.keep) {
        (true, _) => Earlier::Replace,
        (false, true) => Earlier::Keep,
        (false, false) => Earlier::Refuse,
    };
    // Before anything is made: neither key nor tables for a file that cannot be read.
    let Columns { has_ids, .. } = options.check()?;
    if args.dry_run {
        return dry_run(&options, advice(&options, has_ids, true, context.json).as_deref(), context);
    }
    let (report, refusal) =
        import(options.clone(), context).map_err(|error| match error.downcast_ref::<WorkerError>() {
            // These name the file, and trying again changes nothing.
            Some(WorkerError::File { .. } | WorkerError::Map { .. }) => error,
            _ => match StoreError::behind(error.as_ref()) {
                Some(table) if table.is_retryable() => error.context(format!(
                    "the import of {} stopped; run it again, it goes on where it stopped",
                    args.file.display()
                )),
                Some(_) => error,
                None => error.context(format!("the import of {} stopped", args.file.display())),
            },
        })?;
    let wrote = report.outcomes.messages > report.outcomes.known;
    let advice = advice(&options, has_ids, wrote, context.json);
    if context.json {
        output::json(&report)?;
    } else {
        output::text(&told::summary(&args.file, &report, advice.as_deref()))?;
    }
    let file = args.file.display();
    ensure!(
        report.complete,
        "the import of {file} was interrupted: run it again, it goes on where it stopped"
    );
    ensure!(
        report.rows == 0 || report.refused < report.rows,
        "every row of {file} was refused{refusal}: {}",
        told::remedy(&options, &refusal)
    );
    Ok(())
}

/// An export that grows is imported again and again: its rows replace the earlier ones by source and id. People are
/// told so below the figures, and programs in the log. Where nothing was written (not `wrote`) nothing counts as this
/// file's source.
fn advice(options: &ImportOptions, has_ids: bool, wrote: bool, json: bool) -> Option<String> {
    // Whole events tell both.
    options.kind.as_ref()?;
    let advice = if !has_ids {
        "no column gives an id, so rows that a later export holds again count twice; map one to id".to_owned()
    } else if options.source.is_none() && wrote {
        let source = options.source();
        format!("counts as source {source}; name --source so that a later export replaces these")
    } else {
        return None;
    };
    if json {
        tracing::warn!("{advice}");
    } else {
        tracing::info!("{advice}");
    }
    Some(advice)
}

/// With why the first row was refused, in parentheses, where all of them were.
fn import(options: ImportOptions, context: &Context) -> Result<(ImportReport, String)> {
    let metrics = Arc::new(WorkerMetrics::new());
    let processor = context.processor(&metrics)?;
    let size = std::fs::metadata(&options.path).map_or(0, |meta| meta.len());
    let bar = Arc::new(progress::Progress::bytes("import", size));
    let (reading, read) = (Arc::clone(&bar), Arc::clone(&options.read));
    let done = context::runtime()?.block_on(async {
        let store = context.keyed_store(processor.key()).await?;
        let (filled, shutdown) = (store.clone(), Shutdown::new());
        let signals = tokio::spawn(super::worker::until_told(shutdown.clone()));
        let observer = move |_: &Progress| reading.set(read.load(Ordering::Relaxed));
        let report =
            worker::files::import(options, store, processor, metrics, shutdown, Arc::new(observer)).await?;
        signals.abort();
        worker::rollup::rollup_now(&filled).await?;
        let mut why = String::new();
        if report.rows > 0 && report.refused == report.rows {
            let topic = Some(format!("file:{}", report.identity));
            let first = DeadLetterFilter { topic, limit: Some(1), ..DeadLetterFilter::default() };
            let letters = filled.dead_letter_rows(&first).await?;
            why = letters.first().map(|letter| format!(" ({})", letter.detail)).unwrap_or_default();
        }
        anyhow::Ok((report, why))
    });
    bar.done();
    done
}

fn dry_run(options: &ImportOptions, advice: Option<&str>, context: &Context) -> Result<()> {
    let processor = context.passing_processor()?;
    let preview = worker::files::preview(options, &processor, SHOWN)?;
    if context.json {
        return output::json(&preview);
    }
    output::text(&told::look(&preview, options, advice))
}

/// The worker's view of a file and of what is known about it.
pub fn options(file: &Path, reading: &Reading, context: &Context) -> Result<ImportOptions> {
    let config = context.config();
    let worker = &config.worker;
    let mut options = match &reading.vendor {
        Some(name) => exported(file, name, reading, config)?,
        None => rows(file, reading, context)?,
    };
    options.max_row_bytes = config.limits.message.in_memory();
    options.batch = context::batch_limits(worker);
    options.threads = (worker.threads > 0).then_some(usize::from(worker.threads));
    Ok(options)
}

/// What a vendor exports.
fn exported(file: &Path, name: &str, reading: &Reading, config: &Config) -> Result<ImportOptions> {
    let mut format = match config.connections().remove(name) {
        Some(format) => format,
        None => config::vendor(name).map(VendorFormat::of).map_err(anyhow::Error::msg)?,
    };
    if let Some(source) = &reading.source {
        format.source.clone_from(source);
    }
    if let Some(kind) = &reading.kind {
        format.kind.clone_from(kind);
    }
    if let Some(why) = config::kind_problem(&format.kind, format.vendor, &config.registry()) {
        bail!("{why}");
    }
    let mut options = ImportOptions::new(file.to_owned(), Format::Jsonl);
    options.vendor = Some(format);
    Ok(options)
}

/// Rows of CSV, or one JSON object a line.
fn rows(file: &Path, reading: &Reading, context: &Context) -> Result<ImportOptions> {
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
    let registry = config.registry();
    if let Some(kind) = &kind {
        let known = || registry.kinds().map(SourceKind::as_str).collect::<Vec<_>>().join(", ");
        ensure!(
            registry.get(kind).is_some(),
            "there is no kind {kind:?}; there are {}: name one of them, or add [kinds.{kind}] with its contract",
            known()
        );
    }
    let contract = kind.as_deref().and_then(|kind| Some(registry.get(kind)?.1));
    if let Some(map) = map {
        fits(map, contract, reading.map.as_deref().unwrap_or_default())?;
    }
    let mut options = ImportOptions::new(file.to_owned(), format);
    options.map = map.filter(|map| !map.columns.is_empty()).map(ImportSection::column_map);
    options.source = reading.source.clone().or_else(|| configured(|map| &map.source));
    options.occurred_at = reading.occurred_at;
    options.contract = contract;
    options.kind = kind;
    Ok(options)
}

/// What is only warned of elsewhere stops whoever reads by this map; it is held against the kind that is given.
fn fits(map: &ImportSection, contract: Option<Contract>, name: &str) -> Result<()> {
    let wrong: Vec<String> = map
        .wrong_fields(contract)
        .into_iter()
        .map(|wrong| format!("{}: {}", dotted(&[wrong.section.to_owned(), wrong.field]), wrong.why))
        .collect();
    ensure!(wrong.is_empty(), "the column map {name} does not fit this kind: {}", wrong.join("; "));
    Ok(())
}

fn named_map<'c>(name: &str, context: &'c Context) -> Result<&'c ImportSection> {
    let maps = &context.config().import;
    if let Some(map) = maps.get(name) {
        return Ok(map);
    }
    let known: Vec<&str> = maps.keys().map(String::as_str).collect();
    match known.as_slice() {
        [] => bail!(
            "there is no column map {name:?}: write one as [import.{name}] in the configuration; \
             `verbatim import --help` shows how"
        ),
        known => bail!("there is no column map {name:?}; the configuration has {}", known.join(", ")),
    }
}
