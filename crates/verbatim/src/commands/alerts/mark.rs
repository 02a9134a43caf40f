//! Whether an alert was of use.

use super::find;
use crate::alerting::journal::{self, Log};
use crate::context::Context;
use crate::output;
use anyhow::{Context as _, Result};
use insight::alerts::{fold, precision};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The alert's id, or how it begins
    #[arg(value_name = "ID")]
    id: String,
    /// Who says so [default: the name you are logged in by]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

pub async fn run(args: &Args, useful: bool, context: &Context) -> Result<()> {
    let store = context.store().await?;
    let mut log = Log::read(&store).await?;
    let id = find(&fold(&log.events), &args.id)?.id.clone();
    let by = args.by.clone().or_else(|| std::env::var("USER").ok()).filter(|name| !name.trim().is_empty());
    let event = journal::mark(&id, super::now(), useful, by);
    store.append(&[journal::row(&event)?], None).await.context("it could not be noted")?;
    log.events.push(event);
    let precision = precision(&fold(&log.events));
    if context.json {
        return output::json(&serde_json::json!({ "alert": id, "useful": useful, "precision": precision }));
    }
    let was = if useful { "of use" } else { "of no use" };
    output::text(&format!(
        "Noted: {id} was {was}. Of {} spoken about so far, {} of use.",
        output::counted(precision.useful + precision.not_useful, "alert"),
        output::grouped(precision.useful)
    ))
}
