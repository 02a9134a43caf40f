//! From the tables to a report: catch up the rollup, hand over the frames, show the result.

use crate::context::Context;
use crate::output;
use crate::usage::in_order;
use anyhow::{Context as _, Result};
use chrono::Utc;
use feedback::time::{Day, Timestamp};
use insight::report::{Inputs, Period, Report, Scope};
use std::path::{Path, PathBuf};
use store::Store;

/// A report over everything committed so far. `topics`: id and name.
pub async fn make(store: &Store, scope: Scope, topics: Vec<(String, String)>) -> Result<Report> {
    let inputs = Inputs { insights: store.insights().await?, facts: store.current_facts().await? };
    let now = Timestamp::from_datetime(Utc::now());
    // Statistics over many days take a while: not on a thread that others wait for.
    let made = tokio::task::spawn_blocking(move || insight::report::report(&inputs, &scope, now, &topics));
    made.await.context("the report broke off")?.context("the report cannot be made from these tables")
}

/// Whole weeks before today, but for the ends that were named.
pub fn period(from: Option<Day>, to: Option<Day>, context: &Context) -> Result<Period> {
    let now = Timestamp::from_datetime(Utc::now());
    let weeks = i32::from(context.config().report.weeks);
    let period = match (from, to) {
        (Some(from), Some(to)) => Period { from, to },
        // Up to yesterday: today is not complete.
        (Some(from), None) => Period { from, to: today().plus(-1).max(from) },
        (None, Some(to)) => Period { from: to.plus(1 - 7 * weeks), to },
        (None, None) => Scope::weeks_before(now, weeks).period,
    };
    in_order(period.from, period.to)?;
    Ok(period)
}

/// The report as text for this terminal, and where its tables lie.
pub fn shown(report: &Report, tables: &Path) -> String {
    let mut text = insight::report::render(report, usize::from(output::width()), output::colour());
    text += &format!("\nTables   {}\n", tables.display());
    if let Ok(views) = write_views(tables) {
        text += &format!("DuckDB   {}\n", duckdb(&views));
    }
    text
}

/// The command that opens the views in DuckDB, for a shell.
pub fn duckdb(views: &Path) -> String {
    format!("duckdb -init {}", output::shell_word(&views.to_string_lossy()))
}

/// Writes the views of the tables beside them, for whoever opens them with SQL.
pub fn write_views(tables: &Path) -> Result<PathBuf> {
    let root = tables.canonicalize()?;
    let path = root.join("views.sql");
    let sql = store::views_sql(&root.to_string_lossy());
    if std::fs::read_to_string(&path).is_ok_and(|there| there == sql) {
        return Ok(path);
    }
    std::fs::write(&path, sql).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Today, UTC.
pub fn today() -> Day {
    Timestamp::from_datetime(Utc::now()).day()
}
