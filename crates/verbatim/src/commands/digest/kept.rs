//! What was archived: which there are, and one of them.

use super::{Format, hand_over};
use crate::output;
use crate::weekly::{Archived, Kept, archived};
use anyhow::Result;
use insight::digest::Week;
use insight::digest::render::{mail, slack};
use std::path::PathBuf;
use store::Store;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        verbatim digest show 2026-W12\n  \
        verbatim digest show 2026-W12 --owner identity --format slack")]
pub struct Show {
    /// An ISO week, as 2026-W12
    #[arg(value_name = "WEEK")]
    week: Week,
    /// That of this owner [default: everybody's]
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// How it is written; with --json it is json
    #[arg(long, value_enum, default_value = "md", value_name = "FORMAT")]
    format: Format,
    /// A file to write to; one that is there is replaced [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub async fn show(show: &Show, store: &Store, json: bool) -> Result<()> {
    let kept = Kept::find(store, show.week, show.owner.as_deref()).await?;
    let text = written(&kept, if json { Format::Json } else { show.format })?;
    hand_over(&text, show.out.as_deref())
}

fn written(kept: &Kept, format: Format) -> Result<String> {
    Ok(match format {
        Format::Md => kept.markdown()?,
        Format::Html => kept.html()?,
        Format::Mail => mail(&kept.page()?),
        Format::Slack => serde_json::to_string_pretty(&slack(&kept.page()?))?,
        Format::Json => kept.json()?,
    })
}

pub async fn list(store: &Store, json: bool) -> Result<()> {
    let (archived, _) = archived(store).await?;
    if json {
        return output::json(&archived);
    }
    if archived.is_empty() {
        return output::text(
            "No digest is archived: `verbatim digest --archive` keeps one, `verbatim serve` each week's.",
        );
    }
    let mut table = output::table(&["week", "owner", "made (UTC)", "points", "what it says"]);
    for digest in &archived {
        table.add_row(row(digest));
    }
    output::text(&format!("{table}\n\nOne of them: verbatim digest show WEEK --owner NAME\n"))
}

fn row(digest: &Archived) -> [String; 5] {
    let owner = if digest.owner.is_empty() { "everybody" } else { &digest.owner };
    let made = digest.made_at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M").to_string());
    let points = digest.points.map_or_else(|| "–".to_owned(), output::grouped);
    [
        digest.week.clone(),
        output::printable(owner).into_owned(),
        made.unwrap_or_default(),
        points,
        output::printable(&digest.summary).into_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;

    #[test]
    fn everybodys_digest_is_listed_as_such() {
        let digest = Archived {
            week: "2026-W12".to_owned(),
            owner: String::new(),
            made_at: Timestamp(1_774_249_200_000_000),
            points: Some(3),
            summary: "3 new or growing cases.".to_owned(),
        };
        assert_eq!(
            row(&digest),
            ["2026-W12", "everybody", "2026-03-23 07:00", "3", "3 new or growing cases."]
        );
        let old = Archived { owner: "identity".to_owned(), points: None, ..digest };
        assert_eq!(row(&old)[1..4], ["identity", "2026-03-23 07:00", "–"]);
    }
}
