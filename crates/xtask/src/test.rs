//! `cargo xtask test`: everything, with real parts, and counts at the end.
//!
//! What a machine cannot run is reported as skipped, with the reason; under `CI=true` a skip is a failure.

use crate::{deploy, kafka, libtorch, paths, python, run, rust_bert};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// With the transformer, where libtorch could be brought.
const TRANSFORMER: &str = "--features=analyze/rust-bert,xtask/rust-bert";
/// Two calls of cargo, not one over the workspace: features unify over a call, and what the tests of the light
/// crates switch on would build polars and Delta a second time, beside the build that the demo uses.
const LIGHT: &[&str] =
    &["--package=feedback", "--package=connect", "--package=analyze", "--package=demo", "--package=xtask"];
const HEAVY: &[&str] = &[
    "--package=store",
    "--package=insight",
    "--package=deliver",
    "--package=worker",
    "--package=server",
    "--package=verbatim",
    "--features=verbatim/failpoints,deliver/failpoints",
];

#[derive(clap::Args)]
pub struct Options {
    /// Passed on to the test programs: part of a test's name.
    filter: Option<String>,
}

/// What the tests of a run came to.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: Vec<(String, String)>,
}

/// Where the tests find what was brought for them; the names are the environment variables.
struct Tools {
    kafka: Option<PathBuf>,
    python: Option<PathBuf>,
    web: Option<Web>,
    transformer: Option<rust_bert::Built>,
    skips: PathBuf,
}

/// What looks at the pages.
struct Web {
    python: PathBuf,
    browser: PathBuf,
}

/// # Errors
/// Where a test failed, one was skipped under `CI=true`, or the tests could not be built.
pub fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let mut counts = Counts::default();
    let tools = bring(&mut counts)?;
    if options.filter.is_none() {
        lint_deploy(&mut counts)?;
    }
    run_cargo_tests(LIGHT, options, &tools, &mut counts)?;
    run_cargo_tests(HEAVY, options, &tools, &mut counts)?;
    collect_skips(&tools.skips, &mut counts)?;
    report(&counts, started);
    if counts.failed > 0 {
        bail!("{} tests failed", counts.failed);
    }
    if ci && !counts.skipped.is_empty() {
        bail!("under CI=true nothing may be skipped; {} were", counts.skipped.len());
    }
    Ok(())
}

fn bring(counts: &mut Counts) -> Result<Tools> {
    let skips = paths::target().join("skipped-tests.tsv");
    std::fs::create_dir_all(paths::target()).context("could not make the target folder")?;
    std::fs::write(&skips, "").with_context(|| format!("could not write {}", skips.display()))?;
    let kafka = tool(counts, "a real Kafka", kafka::bring());
    let python = tool(counts, "Python", python::environment("readers", python::READERS));
    let python = python.map(|bin| bin.join("python"));
    let web = tool(counts, "a browser", web());
    let transformer = tool(counts, "libtorch", transformer());
    Ok(Tools { kafka, python, web, transformer, skips })
}

fn tool<T>(counts: &mut Counts, name: &str, brought: Result<T>) -> Option<T> {
    let left_out =
        |error| counts.skipped.push((format!("everything that needs {name}"), format!("{error:#}")));
    brought.map_err(left_out).ok()
}

/// The system's browser: none is downloaded.
fn web() -> Result<Web> {
    let browser = run::find("chromium")
        .context("chromium is not here; `apt-get install chromium fonts-dejavu-core` brings it")?;
    let python = python::environment("web", python::WEB)?.join("python");
    Ok(Web { python, browser })
}

/// With the points where tests stop it: no program for users, so under another name.
fn transformer() -> Result<rust_bert::Built> {
    rust_bert::build(false, &["verbatim/failpoints"], "verbatim-rust-bert-test")
}

fn lint_deploy(counts: &mut Counts) -> Result<()> {
    for (name, outcome) in deploy::lint() {
        match outcome {
            deploy::Outcome::Passed => {
                println!("test deploy::{name} ... ok");
                counts.passed += 1;
            }
            deploy::Outcome::Failed(why) => {
                println!("test deploy::{name} ... FAILED\n{why}");
                counts.failed += 1;
            }
            deploy::Outcome::Skipped(why) => counts.skipped.push((format!("deploy::{name}"), why)),
        }
    }
    Ok(())
}

fn run_cargo_tests(packages: &[&str], options: &Options, tools: &Tools, counts: &mut Counts) -> Result<()> {
    let mut cargo = run::cargo();
    cargo
        // No examples, which are benches and take minutes to link; there are no tests in the documentation.
        .args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"])
        .args(packages)
        .args(&options.filter)
        .env("VERBATIM_TEST_SKIPS", &tools.skips)
        .stdout(Stdio::piped());
    set(&mut cargo, "VERBATIM_TEST_KAFKA", tools.kafka.as_deref());
    set(&mut cargo, "VERBATIM_TEST_PYTHON", tools.python.as_deref());
    set(&mut cargo, "VERBATIM_TEST_WEB", tools.web.as_ref().map(|web| web.python.as_path()));
    set(&mut cargo, "VERBATIM_TEST_BROWSER", tools.web.as_ref().map(|web| web.browser.as_path()));
    if let Some(transformer) = &tools.transformer {
        cargo.env("VERBATIM_TEST_MODEL", &transformer.model);
        cargo.env("VERBATIM_TEST_RUST_BERT", &transformer.program);
        if packages == LIGHT {
            // For the light crates only: what else is built beside them is built without it as well.
            cargo.arg(TRANSFORMER).envs(libtorch::environment(&transformer.libtorch));
            cargo.env("LD_LIBRARY_PATH", transformer.libtorch.join("lib"));
        }
    }
    let mut child = cargo.spawn().context("could not start cargo")?;
    let output = child.stdout.take().context("cargo gave no output")?;
    let (mut passed, mut failed, mut programs) = (0, 0, 0);
    for line in BufReader::new(output).lines() {
        let line = line.context("could not read what cargo prints")?;
        println!("{line}");
        if let Some(result) = TestResult::parse(&line) {
            passed += result.passed;
            failed += result.failed;
            programs += 1;
        }
    }
    let status = child.wait().context("cargo did not end")?;
    counts.passed += passed;
    counts.failed += failed;
    if programs == 0 || (!status.success() && failed == 0) {
        bail!("the tests did not run to their end ({status}); what stands above says why");
    }
    Ok(())
}

fn set(cargo: &mut Command, name: &str, value: Option<&Path>) {
    match value {
        Some(path) => cargo.env(name, path),
        None => cargo.env_remove(name),
    };
}

/// The tests say themselves what they left out: a line of name, tab, reason.
/// A test that was left out counted as passed for its program, and is taken off there.
fn collect_skips(file: &Path, counts: &mut Counts) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    for line in text.lines() {
        let (name, reason) = line.split_once('\t').unwrap_or((line, "no reason given"));
        counts.skipped.push((name.to_owned(), reason.to_owned()));
        counts.passed = counts.passed.saturating_sub(1);
    }
    Ok(())
}

fn report(counts: &Counts, started: Instant) {
    println!();
    for (name, reason) in &counts.skipped {
        println!("skipped: {name}: {reason}");
    }
    println!("finished in {:.0} s", started.elapsed().as_secs_f64());
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped.len());
}

/// The closing line of one test program.
#[derive(Debug, PartialEq)]
struct TestResult {
    passed: usize,
    failed: usize,
}

impl TestResult {
    fn parse(line: &str) -> Option<Self> {
        let rest = line.strip_prefix("test result: ")?;
        let count = |what: &str| {
            let before = &rest[..rest.find(what)?];
            before.rsplit(' ').find(|word| !word.is_empty())?.parse().ok()
        };
        Some(Self { passed: count(" passed")?, failed: count(" failed")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        assert_eq!(TestResult::parse(line), Some(TestResult { passed: 12, failed: 3 }));
        assert_eq!(TestResult::parse("test result of something"), None);
    }

    #[test]
    fn skipped_tests_do_not_count_as_passed() {
        let file = std::env::temp_dir().join(format!("verbatim-skips-{}", std::process::id()));
        std::fs::write(&file, "kafka::two_workers\tno Kafka\n").unwrap();
        let mut counts = Counts { passed: 5, ..Counts::default() };
        collect_skips(&file, &mut counts).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!((counts.passed, counts.skipped.len()), (4, 1));
    }
}
