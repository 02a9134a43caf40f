//! How well topics are found from a few examples, in taxonomies that nothing was fitted on.
//!
//! banking77 and nhs-fft have no part in the fitting (constants were chosen with banking77's train texts in sight); of
//! clinc150 two thirds of the intents have, with texts of its train split.

mod baseline;
mod measure;
mod nearest;
mod tasks;

use super::seeds;
use super::space::{Space, Table};
use super::topics::Eyes;
use super::topics::drawn::Pool;
use super::{Networks, Progress, tune};
use crate::paths;
use analyze::Taxonomy;
use analyze::encoder::weights::{TopicFacts, Weights};
use analyze::encoder::wordpiece::Pieces;
use anyhow::{Context, Result};
pub use measure::Measured;
use std::fmt::Write;
use std::path::{Path, PathBuf};
pub use tasks::Texts;

#[derive(clap::Args)]
pub struct Options {
    /// The folder of the labelled sets.
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Measure on development texts; the test splits stay closed.
    #[arg(long)]
    dev: bool,
    /// Also measure TF-IDF with logistic regression on the same examples.
    #[arg(long)]
    baseline: bool,
    /// First fit anew how topics are weighed, with the tables as they are; nothing is written.
    #[arg(long)]
    fit: bool,
}

/// One line of the table: draws of one kind.
pub struct Line {
    pub name: String,
    /// By space, in the order of the heading.
    pub ours: Vec<Vec<Measured>>,
    pub theirs: Option<Vec<Measured>>,
}

/// The lines, and what their columns are called.
pub struct Lines {
    pub spaces: Vec<String>,
    pub lines: Vec<Line>,
}

/// A space of vectors, and how topics are weighed in it.
pub struct Column<'c> {
    pub eyes: Eyes<'c>,
    pub facts: TopicFacts,
}

/// # Errors
/// Where a set is missing or the weights cannot be read.
pub fn run(options: &Options) -> Result<()> {
    let progress = Progress::start();
    let path = paths::root().join("crates/analyze/weights/builtin.weights");
    let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
    let weights = Weights::parse(&bytes)?;
    let pieces = Pieces::new(weights.piece_hashes.clone(), weights.piece_rows, weights.piece_rarities);
    let (table, networks) = (Table(&pieces), super::network_spaces()?);
    let taxonomy = Taxonomy::standard()?;
    let (seeds, pool) = (seeds::read(&taxonomy)?, Pool::read(&options.data)?);
    let known = if options.fit {
        [None, None]
    } else {
        [Some(&weights.facts.topics), weights.facts.network_topics.as_ref()]
    };
    let columns =
        columns(&table, &networks, known, |eyes| tune::topics(&taxonomy, eyes, &seeds, &pool, &progress))?;
    let texts = if options.dev { Texts::Dev } else { Texts::Test };
    let lines = lines(&options.data, texts, &columns, options.baseline, &progress)?;
    println!("{}", table_of(&lines));
    Ok(())
}

/// The built-in table, the transformer and the public weights, as far as this build has them; `fit` says how topics are
/// weighed where that is not `known` (of the first two).
pub fn columns<'c>(
    table: &'c Table<'c>,
    networks: &'c Networks,
    known: [Option<&TopicFacts>; 2],
    fit: impl Fn(Eyes<'c>) -> Result<TopicFacts>,
) -> Result<Vec<Column<'c>>> {
    let spaces = std::iter::once(table as &dyn Space).chain(networks.iter().map(Box::as_ref));
    let known = known.into_iter().chain([None]);
    let column = |(space, known): (&'c dyn Space, Option<&TopicFacts>)| {
        let eyes = Eyes { pieces: table.0, space };
        Ok(Column { eyes, facts: known.cloned().map_or_else(|| fit(eyes), Ok)? })
    };
    spaces.zip(known).map(column).collect()
}

/// All sets, all draws.
pub fn lines(
    data: &Path,
    texts: Texts,
    columns: &[Column<'_>],
    baseline: bool,
    progress: &Progress,
) -> Result<Lines> {
    let groups = tasks::all(data, texts)?;
    let theirs = if baseline { Some(baseline::run(&groups)?) } else { None };
    let mut lines = Vec::new();
    for (at, (name, tasks)) in groups.iter().enumerate() {
        let of_column = |column: &Column<'_>| -> Result<Vec<Measured>> {
            tasks.iter().map(|task| measure::measure(column.eyes, &column.facts, task)).collect()
        };
        let ours = columns.iter().map(of_column).collect::<Result<_>>()?;
        let theirs = theirs.as_ref().map(|theirs| theirs[at].clone());
        lines.push(Line { name: name.clone(), ours, theirs });
        progress.say(&format!("topics: {name}: {} draws measured", tasks.len()));
    }
    let near = |column: &Column<'_>| Ok(vec![nearest::measure(data, texts, column.eyes.space)?]);
    let ours = columns.iter().map(near).collect::<Result<_>>()?;
    lines.push(Line { name: "banking77, vectors alone".to_owned(), ours, theirs: None });
    Ok(Lines { spaces: columns.iter().map(|column| column.eyes.space.name().to_owned()).collect(), lines })
}

/// In Markdown.
#[must_use]
pub fn table_of(lines: &Lines) -> String {
    let rule = "|---".repeat(5 + lines.spaces.len());
    let mut table = format!(
        "| taxonomy | draws | texts | figure | TF-IDF + LR | {} |\n{rule}|\n",
        lines.spaces.join(" | ")
    );
    for line in &lines.lines {
        let mut row = |figure: &str, of: fn(&Measured) -> Option<f64>| {
            let figures = |measured: &Vec<Measured>| measured.iter().filter_map(of).collect::<Vec<f64>>();
            let ours: Vec<Vec<f64>> = line.ours.iter().map(figures).collect();
            let Some(draws) = ours.first().map(Vec::len).filter(|draws| *draws > 0) else { return };
            let theirs = line.theirs.as_ref().map(figures).unwrap_or_default();
            let texts = line.ours[0].first().map_or(0, |measured| measured.texts);
            let ours: Vec<String> = ours.iter().map(|draws| spread(draws)).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "| {} | {draws} | {texts} | {figure} | {} | {} |",
                line.name,
                spread(&theirs),
                ours.join(" | ")
            );
        };
        row("accuracy of the likeliest", |measured| measured.accuracy);
        row("accuracy with 5% false accepts", |measured| measured.at_false_accepts);
        row("micro-F1", |measured| measured.micro_f1);
        row("ECE of the likeliest", |measured| measured.ece);
        row("nearest neighbour of the same intent", |measured| measured.neighbours);
    }
    table
}

/// Mean and standard deviation over draws, in percent.
fn spread(draws: &[f64]) -> String {
    if draws.is_empty() {
        return String::new();
    }
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    if draws.len() == 1 {
        return format!("{:.1}", 100.0 * mean);
    }
    let squares: f64 = draws.iter().map(|draw| (draw - mean).powi(2)).sum();
    format!("{:.1} ± {:.1}", 100.0 * mean, 100.0 * (squares / (draws.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_summed_up() {
        assert_eq!(spread(&[]), "");
        assert_eq!(spread(&[0.5]), "50.0");
        assert_eq!(spread(&[0.7, 0.8, 0.9]), "80.0 ± 10.0");
    }
}
