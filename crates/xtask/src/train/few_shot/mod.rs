//! How well topics are found from a few examples, in taxonomies that nothing was fitted on.
//!
//! banking77 and nhs-fft have no part in the fitting (constants were chosen with banking77's train texts in sight); of
//! clinc150 two thirds of the intents have, with texts of its train split.

mod baseline;
mod measure;
mod tasks;

use super::seeds;
use super::topics::drawn::Pool;
use super::{Progress, topics, tune};
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
    pub ours: Vec<Measured>,
    pub theirs: Option<Vec<Measured>>,
}

/// # Errors
/// Where a set is missing or the weights cannot be read.
pub fn run(options: &Options) -> Result<()> {
    let progress = Progress::start();
    let path = paths::root().join("crates/analyze/weights/builtin.weights");
    let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
    let weights = Weights::parse(&bytes)?;
    let pieces = Pieces::new(weights.piece_hashes.clone(), weights.piece_rows, weights.piece_rarities);
    let facts = if options.fit {
        let taxonomy = Taxonomy::standard()?;
        let (seeds, pool) = (seeds::read(&taxonomy)?, Pool::read(&options.data)?);
        tune::topics(&taxonomy, &pieces, &seeds, &pool, &progress)?
    } else {
        weights.facts.topics
    };
    let texts = if options.dev { Texts::Dev } else { Texts::Test };
    let lines = lines(&options.data, texts, &pieces, &facts, options.baseline, &progress)?;
    println!("{}", table(&lines));
    Ok(())
}

/// All sets, all draws.
pub fn lines(
    data: &Path,
    texts: Texts,
    pieces: &Pieces<'_>,
    facts: &TopicFacts,
    baseline: bool,
    progress: &Progress,
) -> Result<Vec<Line>> {
    let groups = tasks::all(data, texts)?;
    let theirs = if baseline { Some(baseline::run(&groups)?) } else { None };
    let mut lines = Vec::new();
    for (at, (name, tasks)) in groups.iter().enumerate() {
        let mut ours = Vec::new();
        for task in tasks {
            let matcher = topics::matcher(&task.taxonomy()?, pieces, facts);
            ours.push(measure::measure(&matcher, pieces, task));
        }
        let theirs = theirs.as_ref().map(|theirs| theirs[at].clone());
        lines.push(Line { name: name.clone(), ours, theirs });
        progress.say(&format!("topics: {name}: {} draws measured", tasks.len()));
    }
    Ok(lines)
}

/// In Markdown.
#[must_use]
pub fn table(lines: &[Line]) -> String {
    let mut table = String::from(
        "| taxonomy | draws | texts | figure | TF-IDF + LR | built-in |\n|---|---|---|---|---|---|\n",
    );
    for line in lines {
        let mut row = |figure: &str, of: fn(&Measured) -> Option<f64>| {
            let ours: Vec<f64> = line.ours.iter().filter_map(of).collect();
            if ours.is_empty() {
                return;
            }
            let theirs: Vec<f64> = line.theirs.iter().flatten().filter_map(of).collect();
            let texts = line.ours.first().map_or(0, |measured| measured.texts);
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "| {} | {} | {texts} | {figure} | {} | {} |",
                line.name,
                line.ours.len(),
                spread(&theirs),
                spread(&ours)
            );
        };
        row("accuracy of the likeliest", |measured| measured.accuracy);
        row("accuracy with 5% false accepts", |measured| measured.at_false_accepts);
        row("micro-F1", |measured| measured.micro_f1);
        row("ECE of the likeliest", |measured| measured.ece);
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
