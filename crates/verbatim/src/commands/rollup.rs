//! `verbatim rollup`: recompute the days that new facts touched.

use crate::context::{self, Context};
use crate::output;
use anyhow::Result;

/// Bring the insights up to the facts, now
///
/// A worker does this by itself every worker.rollup_every, and `report` does it first. Only the days that new
/// commits touched are counted again.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {}

pub fn run(_: &Args, context: &Context) -> Result<()> {
    let done = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        anyhow::Ok(worker::rollup::rollup_now(&store).await?)
    })?;
    if context.json {
        return output::json(&done);
    }
    output::text(&format!(
        "{} counted again, {} written.",
        output::counted(done.days as u64, "day"),
        output::counted(done.insights as u64, "insight")
    ))
}
