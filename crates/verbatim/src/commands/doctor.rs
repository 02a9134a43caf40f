//! `verbatim doctor`: what is reachable and what is not, and what to do about it.

use crate::context::{self, Context};
use crate::key::{self, Place};
use crate::{kafka, output};
use analyze::pseudonym::PseudonymKey;
use anyhow::Result;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// Check the surroundings: configuration, key, taxonomy, disk, tables, broker
///
/// Each line says ok, warn or fail, and what to do. The exit code is 1 if anything fails.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
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
    let mut found = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Some errors repeat their source in their own words.
        if !found.contains(&cause) {
            found += &format!(": {cause}");
        }
    }
    Finding { verdict: Verdict::Fail, what, found }
}

pub fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let mut findings = vec![configuration(context), taxonomy(context), pseudonym_key(context), disk(context)];
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

fn configuration(context: &Context) -> Finding {
    match &context.loaded.file {
        Some(file) => ok("configuration", file.display().to_string()),
        None => ok("configuration", "the defaults; a verbatim.toml here or --config FILE changes them"),
    }
}

fn taxonomy(context: &Context) -> Finding {
    match context::taxonomy(context.config()) {
        Ok(taxonomy) => {
            ok("taxonomy", format!("{} topics, version {}", taxonomy.topics().len(), taxonomy.version()))
        }
        Err(error) => fail("taxonomy", &error),
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
fn disk(context: &Context) -> Finding {
    let path = &context.config().store.path;
    let existing =
        path.ancestors().find(|dir| dir.exists() && !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let asked = std::process::Command::new("df").arg("-Pk").arg(existing).output();
    let kib = asked.ok().and_then(|out| {
        let text = String::from_utf8(out.stdout).ok()?;
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match kib {
        None => warn("disk", "cannot tell how much room is left: `df` did not answer"),
        Some(kib) if kib < 1 << 20 => {
            warn("disk", format!("only {} MiB left at {}: make room", kib >> 10, existing.display()))
        }
        Some(kib) => ok("disk", format!("{} GiB left at {}", kib >> 20, existing.display())),
    }
}

fn tables(context: &Context) -> Vec<Finding> {
    let path = &context.config().store.path;
    if !path.exists() {
        return vec![match writable(path) {
            Ok(()) => warn("tables", format!("none yet at {}; the worker makes them", path.display())),
            Err(error) => fail("tables", &error),
        }];
    }
    let mut findings = vec![match writable(path) {
        Ok(()) => ok("tables", format!("{} can be written", path.display())),
        Err(error) => fail("tables", &error),
    }];
    if context.has_tables() {
        findings.push(match ledger(context) {
            Ok(summary) => summary,
            Err(error) => fail("ledger", &error),
        });
    }
    findings
}

/// Writes and removes a small file where the tables are, or where their directory would be made.
fn writable(path: &Path) -> Result<()> {
    use anyhow::Context as _;
    let dir = path.ancestors().find(|dir| dir.is_dir()).unwrap_or(Path::new("."));
    let probe = dir.join(format!(".verbatim-doctor-{}", std::process::id()));
    std::fs::write(&probe, b"ok")
        .and_then(|()| std::fs::remove_file(&probe))
        .with_context(|| format!("{} cannot be written: give this user the right to", dir.display()))
}

fn ledger(context: &Context) -> Result<Finding> {
    let ledger = context::runtime()?
        .block_on(async { Ok::<_, anyhow::Error>(context.store().await?.ledger().await?) })?;
    let found = format!(
        "{} facts, {} superseded, {} duplicates, {} ignored, {} dead letters, {} erased",
        ledger.facts,
        ledger.superseded,
        ledger.duplicates,
        ledger.ignored,
        ledger.dead_letters,
        ledger.erased
    );
    Ok(if ledger.dead_letters > 0 {
        warn("ledger", format!("{found}; `verbatim dead-letters list` says why"))
    } else {
        ok("ledger", found)
    })
}

fn broker(context: &Context, patience: Duration) -> Vec<Finding> {
    let asked = kafka::partitions(context.config(), patience);
    let topics = match asked {
        Ok(topics) => topics,
        Err(error) => {
            let hint = "start it, or set kafka.bootstrap; TLS and SASL belong in [kafka.properties]";
            let mut finding = fail("broker", &error);
            finding.found += &format!("; {hint}");
            return vec![finding];
        }
    };
    let mut findings = vec![ok("broker", format!("{} answers", context.config().kafka.bootstrap))];
    for (topic, partitions) in topics {
        findings.push(match partitions {
            Some(count) => ok("topic", format!("{topic}, {count} partitions")),
            None => {
                warn("topic", format!("{topic} is not there: create it, or set its name in [kafka.topics]"))
            }
        });
    }
    findings
}
