//! `verbatim maintain`: compact, checkpoint and vacuum the tables.

use crate::context::{self, Context};
use crate::output;
use anyhow::Result;
use std::io::IsTerminal as _;
use store::{MaintainOptions, MaintainProgress};

/// Compact the tables, write checkpoints, delete files that nobody needs
///
/// Safe beside live workers, which also keep their tables healthy by themselves. Superseded versions and
/// duplicates are dropped; their positions stay noted, so that a replay does not bring them back.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim maintain\n  \
        verbatim maintain --keep-superseded --json"
)]
pub struct Args {
    /// Keep superseded versions and duplicates
    #[arg(long)]
    keep_superseded: bool,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let options = MaintainOptions { drop_superseded: !args.keep_superseded, ..MaintainOptions::default() };
    let report = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        anyhow::Ok(store.maintain_observed(&options, &show).await?)
    })?;
    if context.json {
        return output::json(&report);
    }
    let mut table = output::table(&[
        "table",
        "files",
        "merged into",
        "rows dropped",
        "days skipped",
        "files deleted",
        "log entries deleted",
    ]);
    for done in &report.tables {
        let numbers = [
            done.files_before,
            done.files_after,
            done.rows_dropped,
            done.days_skipped,
            done.files_deleted,
            done.log_entries_deleted,
        ];
        let numbers = numbers.map(|number| output::grouped(number as u64));
        table.add_row([vec![done.table.to_owned()], numbers.to_vec()].concat());
    }
    let mut text = table.to_string();
    if report.tables.iter().any(|done| done.days_skipped > 0) {
        text += "\n\nOthers rewrote the skipped days at the same time; the next run takes them.";
    }
    output::text(&text)
}

/// One line on a terminal; logs and programs hear of the end.
fn show(MaintainProgress { table, done, days }: MaintainProgress) {
    if std::io::stderr().is_terminal() {
        eprint!("\r{}: {done} of {days} days", table.name());
        if done == days {
            eprintln!();
        }
    }
}
