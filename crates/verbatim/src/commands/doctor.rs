//! `verbatim doctor`: what is reachable and what is not, and what to do about it.

use crate::config::Destination;
use crate::context::{self, Context};
use crate::gateway;
use crate::kafka::{self, Seen};
use crate::key::{self, Place};
use crate::output;
use crate::surroundings::{self, chain};
use analyze::Analyzer;
use analyze::pseudonym::PseudonymKey;
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use store::{Correction, JudgedBy};

/// Check the surroundings: configuration, key, taxonomy, encoder, disk, tables, broker, topics, lag
///
/// Each line says ok, warn or FAIL, and what to do. Nothing is changed (a small file is written beside the tables
/// and removed, to see whether that can be done). The exit code is 1 if anything fails.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim doctor --patience 20\n  \
        verbatim doctor --json | jq '.[] | select(.verdict != \"ok\")'"
)]
pub struct Args {
    /// How long to wait for the broker, in seconds
    #[arg(long, default_value_t = 5, value_name = "SECONDS")]
    patience: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Finding {
    verdict: Verdict,
    what: &'static str,
    found: String,
}

fn ok(what: &'static str, found: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Ok, what, found: found.into() }
}

fn warn(what: &'static str, found: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Warn, what, found: found.into() }
}

fn fail(what: &'static str, error: &anyhow::Error) -> Finding {
    Finding { verdict: Verdict::Fail, what, found: chain(error) }
}

pub fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let mut findings = configuration(context);
    findings.extend([taxonomy(context), encoder(context), pseudonym_key(context)]);
    findings.extend(disk(context));
    findings.extend(tables(context));
    findings.extend(broker(context, Duration::from_secs(args.patience)));
    if context.json {
        output::json(&findings)?;
    } else {
        show(&findings)?;
    }
    let failed = findings.iter().any(|finding| finding.verdict == Verdict::Fail);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn show(findings: &[Finding]) -> Result<()> {
    let mut text = String::new();
    for Finding { verdict, what, found } in findings {
        let (word, colour) = match verdict {
            Verdict::Ok => ("ok  ", "32"),
            Verdict::Warn => ("warn", "33"),
            Verdict::Fail => ("FAIL", "31"),
        };
        let word = if output::colour() { format!("\x1b[{colour}m{word}\x1b[0m") } else { word.to_owned() };
        text += &format!("{word}  {what:<14} {found}\n");
    }
    output::text(&text)
}

fn configuration(context: &Context) -> Vec<Finding> {
    let file = match &context.loaded.file {
        Some(file) => file.display().to_string(),
        None => "the defaults; a verbatim.toml here or --config FILE changes them".to_owned(),
    };
    // Key and taxonomy have lines of their own.
    let surroundings::Found { problems, warnings } = surroundings::all(&context.loaded);
    let wrong = problems.into_iter();
    let wrong = wrong.filter(|p| !p.message.starts_with("privacy.") && !p.message.starts_with("analyze."));
    let wrong: Vec<Finding> = wrong
        .map(|p| Finding {
            verdict: Verdict::Fail,
            what: "configuration",
            found: format!("{}: {}", p.at, p.message),
        })
        .collect();
    let mut findings = if wrong.is_empty() { vec![ok("configuration", file)] } else { wrong };
    let warnings = context.loaded.warnings.iter().chain(&warnings);
    findings.extend(warnings.map(|w| warn("configuration", format!("{}: {}", w.at, w.message))));
    findings
}

fn taxonomy(context: &Context) -> Finding {
    match context::taxonomy(context.config()) {
        Ok(taxonomy) => {
            let topics = output::counted(taxonomy.topics().len() as u64, "topic");
            let place = crate::taxonomy::place(context.config());
            let instead = place.switched_on().map_or_else(String::new, |file| {
                format!(", switched on in {} in place of the built-in one", file.display())
            });
            ok("taxonomy", format!("{topics}, version {}{instead}", taxonomy.version()))
        }
        Err(error) => fail("taxonomy", &error),
    }
}

fn encoder(context: &Context) -> Finding {
    match context.analyzer() {
        Ok(analyzer) => {
            let name = context.config().analyze.encoder;
            ok("encoder", format!("{name}, weights {}", analyzer.versions().encoder))
        }
        // A taxonomy that cannot be read has a line of its own.
        Err(_) if context::taxonomy(context.config()).is_err() => {
            warn("encoder", "not looked at: the taxonomy is in the way".to_owned())
        }
        Err(error) => fail("encoder", &error),
    }
}

fn pseudonym_key(context: &Context) -> Finding {
    let what = "pseudonym key";
    match key::place(context.config()) {
        Place::Beside(path) if !path.exists() && !context.has_tables() => {
            warn(what, format!("none yet; the first start makes {}", path.display()))
        }
        place => match key::obtain(context.config()) {
            Err(error) => fail(what, &error),
            Ok(key) => match written_with(context, &key) {
                Err(error) => fail(what, &error),
                Ok(()) => kept(what, place),
            },
        },
    }
}

/// Whether it is the key of the tables. Notes nothing.
fn written_with(context: &Context, key: &PseudonymKey) -> Result<()> {
    if !context.has_tables() {
        return Ok(());
    }
    context::runtime()?.block_on(async { Ok(context.store().await?.check_key(key.check_value()).await?) })
}

fn kept(what: &'static str, place: Place) -> Finding {
    match place {
        Place::Configured => ok(what, "from the configuration"),
        Place::File(path) | Place::Beside(path) => match key::too_open(&path) {
            Some(mode) => {
                let path = path.display();
                warn(what, format!("{path} has mode {mode}: others can read it; chmod 600 {path}"))
            }
            None => ok(what, path.display().to_string()),
        },
    }
}

/// Room on the file system of the tables, by `statvfs` through `df`.
fn disk(context: &Context) -> Option<Finding> {
    let path = &context.config().store.path;
    if context::is_remote(path) {
        return None;
    }
    let existing = nearest_that_is(path);
    let asked = std::process::Command::new("df").arg("-Pk").arg(existing).output();
    let kib = asked.ok().and_then(|out| {
        let text = String::from_utf8(out.stdout).ok()?;
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    let place = existing.display();
    Some(match kib {
        None => warn("disk", "cannot tell how much room is left: `df` did not answer"),
        Some(kib) if kib < 1 << 20 => {
            warn("disk", format!("only {} MiB left at {place}: make room", output::grouped(kib >> 10)))
        }
        Some(kib) => ok("disk", format!("{} GiB left at {place}", output::grouped(kib >> 20))),
    })
}

/// The path itself, or what there is above it.
fn nearest_that_is(path: &Path) -> &Path {
    path.ancestors().find(|at| at.exists() && !at.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn tables(context: &Context) -> Vec<Finding> {
    let path = &context.config().store.path;
    let place = path.display();
    if context::is_remote(path) {
        return vec![warn(
            "tables",
            format!("{place} is not looked at: only a worker opens tables in a bucket"),
        )];
    }
    if let Err(error) = writable(path) {
        return vec![fail("tables", &error)];
    }
    if !context.has_tables() {
        return vec![ok("tables", format!("none yet at {place}; a worker or an import makes them"))];
    }
    let mut findings = vec![ok("tables", format!("{place} can be written"))];
    match inside(context) {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(fail("ledger", &error)),
    }
    findings
}

/// Writes and removes a small file where the tables are, or where their directory would be made.
fn writable(path: &Path) -> Result<()> {
    use anyhow::Context as _;
    let dir = nearest_that_is(path);
    let shown = dir.display();
    anyhow::ensure!(dir.is_dir(), "{shown} is a file: name a directory for the tables by store.path");
    let probe = dir.join(format!(".verbatim-doctor-{}", std::process::id()));
    std::fs::write(&probe, b"ok")
        .and_then(|()| std::fs::remove_file(&probe))
        .with_context(|| format!("{shown} cannot be written: give this user the right to"))
}

/// What the tables hold, and whether this program would have judged it the same way.
fn inside(context: &Context) -> Result<Vec<Finding>> {
    let (ledger, judged, corrections) = context::runtime()?.block_on(async {
        let store = context.store().await?;
        anyhow::Ok((store.ledger().await?, store.judged_by().await?, store.corrections().await?))
    })?;
    let found = format!(
        "{} facts, {} superseded, {} duplicates, {} ignored, {} dead letters, {} erased",
        output::grouped(ledger.facts),
        output::grouped(ledger.superseded),
        output::grouped(ledger.duplicates),
        output::grouped(ledger.ignored),
        output::grouped(ledger.dead_letters),
        output::grouped(ledger.erased)
    );
    let mut findings = vec![if ledger.dead_letters > 0 {
        warn("ledger", format!("{found}; `verbatim dead-letters list` says why"))
    } else {
        ok("ledger", found)
    }];
    // Why there is none has a line of its own.
    if let Ok(analyzer) = context.analyzer() {
        findings.extend(judgements(&analyzer, &judged));
    }
    if let Ok(topics) = context.topic_names() {
        let topics = topics.into_iter().map(|(id, _)| id).collect();
        findings.extend(corrected(&corrections, &topics));
    }
    Ok(findings)
}

/// Whether what people said of records names topics that there are.
fn corrected(corrections: &[Correction], topics: &BTreeSet<String>) -> Option<Finding> {
    if corrections.is_empty() {
        return None;
    }
    let named = corrections.iter().flat_map(|correction| correction.topics.iter().flatten());
    let gone: BTreeSet<&str> = named.filter(|id| !topics.contains(*id)).map(String::as_str).collect();
    let told = output::counted(corrections.len() as u64, "correction");
    Some(if gone.is_empty() {
        ok("corrections", told)
    } else {
        let gone = gone.into_iter().collect::<Vec<_>>().join(", ");
        warn(
            "corrections",
            format!(
                "{told}, some of which name topics that the taxonomy no longer has ({gone}): records that were corrected to \
                 them are counted under these ids; `verbatim correct list` shows them"
            ),
        )
    })
}

/// Whether the rows were judged as they would be now. Of several encoders each may have judged some; where the one that
/// should read everything has judged nothing, the others did it before.
fn judgements(analyzer: &Analyzer, judged: &[JudgedBy]) -> Option<Finding> {
    let (versions, judges) = (analyzer.versions(), analyzer.judges());
    let ours = |by: &&JudgedBy| {
        by.taxonomy == versions.taxonomy && judges.iter().any(|judge| judge.version == by.encoder)
    };
    let (same, other): (Vec<&JudgedBy>, Vec<&JudgedBy>) = judged.iter().partition(ours);
    let rows = |all: &[&JudgedBy]| all.iter().map(|by| by.rows).sum::<u64>();
    let first = judged.first()?;
    let now = format!("encoder {}, taxonomy {}", versions.encoder, versions.taxonomy);
    if let Some(first) = other.first() {
        return Some(warn(
            "judgements",
            format!(
                "{} of {} rows were judged by others (encoder {}, taxonomy {}) than now ({now}): figures over both \
                 compare unlike with unlike; they are judged anew where the tables are made anew",
                output::grouped(rows(&other)),
                output::grouped(rows(&same) + rows(&other)),
                first.encoder,
                first.taxonomy
            ),
        ));
    }
    if judges.len() < 2 {
        return Some(ok("judgements", format!("all by {now}")));
    }
    let counts: Vec<String> =
        same.iter().map(|by| format!("{} by {}", output::grouped(by.rows), by.encoder)).collect();
    let told = format!("{}; now by {now}", counts.join(", "));
    let switched = same.len() == 1 && first.encoder == judges[0].version;
    Some(if switched {
        warn(
            "judgements",
            format!("{told}: all are of the built-in encoder, so they were judged before the switch"),
        )
    } else {
        ok("judgements", told)
    })
}

fn broker(context: &Context, patience: Duration) -> Vec<Finding> {
    let config = context.config();
    let Seen { partitions, lag } = match kafka::look(config, patience) {
        Ok(seen) => seen,
        // What comes in by HTTP needs none then.
        Err(error) if gateway::destination(&context.loaded) == Destination::Store => {
            let found = format!(
                "{}; only `verbatim worker` needs it: what `verbatim serve` takes in goes into the tables",
                chain(&error)
            );
            return vec![warn("broker", found)];
        }
        Err(error) => {
            let hint = "start it, or set kafka.bootstrap; TLS and SASL belong in [kafka.properties]";
            let mut finding = fail("broker", &error);
            finding.found += &format!("; {hint}");
            return vec![finding];
        }
    };
    let bootstrap = &config.kafka.bootstrap;
    let mut findings = vec![ok("broker", format!("{bootstrap} answers"))];
    for (topic, partitions) in partitions {
        findings.push(match partitions {
            Some(count) => ok("topic", format!("{topic}, {}", output::counted(count as u64, "partition"))),
            None => {
                let section = if config.kafka.vendors.contains_key(&topic) { "vendors" } else { "topics" };
                warn(
                    "topic",
                    format!(
                        "{topic} is not there: `kafka-topics.sh --bootstrap-server {bootstrap} --create --topic \
                         {topic} --partitions 6`, or correct its name in [kafka.{section}]"
                    ),
                )
            }
        });
    }
    let group = &config.kafka.group;
    findings.push(match lag {
        Some(0) => ok("lag", format!("the group {group} has read everything")),
        Some(lag) => ok("lag", format!("the group {group} has {} to read", output::counted(lag, "message"))),
        None => warn("lag", format!("the broker does not say how far the group {group} has read")),
    });
    findings
}
