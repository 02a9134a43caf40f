//! `cargo xtask train`: the built-in model, from labelled texts to committed weights and model card.
//!
//! Seeded and single-threaded where order matters: two runs on one machine give the same bytes.
//! Everything is chosen on dev splits; the test splits are opened once, at the end, for the card.

mod baseline;
pub(crate) mod calibrate;
mod card;
pub(crate) mod data;
mod exam;
pub mod few_shot;
mod frames;
mod intents;
pub(crate) mod kinds;
pub(crate) mod linear;
mod minilm;
mod reader;
pub(crate) mod seeds;
pub(crate) mod sentiment;
mod topics;
pub(crate) mod tune;
mod vectors;

use crate::paths;
use analyze::encoder::builtin::Builtin;
use analyze::encoder::weights::{Facts, Weights};
use analyze::encoder::wordpiece::Pieces;
use analyze::{Analyzer, Options as AnalyzerOptions, Taxonomy};
use anyhow::{Context, Result};
use card::Findings;
use data::Corpus;
use reader::Reader;
use seeds::Seeds;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;
use topics::drawn::Pool;

#[derive(clap::Args)]
pub struct Options {
    /// The folder of the labelled sets.
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Also train and measure the baseline (scikit-learn; some minutes).
    #[arg(long)]
    baseline: bool,
    /// Stop before the test splits are opened: nothing is written.
    #[arg(long)]
    dev_only: bool,
}

/// # Errors
/// Where a set or the vectors' source is missing, or the result cannot be written.
pub fn run(options: &Options) -> Result<()> {
    let progress = Progress::start();
    let mut corpus = data::read(&options.data)?;
    let (train, dev, test) = (corpus.train.len(), corpus.dev.len(), corpus.test.len());
    progress.say(&format!("{train} texts to train, {dev} to tune on, {test} to test; {:?}", corpus.dropped));
    let taxonomy = Taxonomy::standard()?;
    let seeds = seeds::read(&taxonomy)?;
    corpus.train.extend(seeds.sentiment_rows());
    let pool = Pool::read(&options.data)?;
    let table = vectors(&corpus, &progress)?;
    let bytes = train_heads(&corpus, &seeds, &pool, &taxonomy, &table, &progress)?;
    if options.dev_only {
        return Ok(());
    }
    let folder = paths::root().join("crates/analyze");
    write(&folder.join("weights/builtin.weights"), &bytes)?;
    progress.say("opening the test splits");
    let card = examine(options, &corpus, &seeds, taxonomy, bytes, &progress)?;
    write(&folder.join("MODEL_CARD.md"), card.as_bytes())?;
    progress.say("the weights and the model card are written; rebuild to use them");
    Ok(())
}

fn write(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

fn vectors(corpus: &Corpus, progress: &Progress) -> Result<vectors::Table> {
    let model = minilm::MiniLm::read(&crate::base_model::bring()?)?;
    let table = vectors::table(&model, corpus.train.iter().map(|row| row.text.as_str()), |done, all| {
        progress.count("vectors: pieces run through MiniLM", done, all);
    })?;
    progress.say(&format!("vectors: {} pieces", table.hashes.len()));
    Ok(table)
}

/// Everything that is learned and tuned, as the bytes of a weights file.
fn train_heads(
    corpus: &Corpus,
    seeds: &Seeds,
    pool: &Pool,
    taxonomy: &Taxonomy,
    table: &vectors::Table,
    progress: &Progress,
) -> Result<Vec<u8>> {
    let pieces = Pieces::new(table.hashes.clone(), &table.rows, &table.rarities);
    let mut reader = Reader::new(&pieces);
    let mut sentiment = sentiment::train(&corpus.train, &mut reader, sentiment::RECIPE, |pass, loss| {
        progress.say(&format!(
            "sentiment: pass {} of {}, loss {loss:.4}",
            pass + 1,
            sentiment::RECIPE.epochs
        ));
    });
    tune::sentiment(&mut sentiment, &pieces, &corpus.dev, progress);
    let kind = tune::kind(&sentiment, &pieces, seeds, progress);
    let topics = tune::topics(taxonomy, &pieces, seeds, pool, progress)?;
    let weights = Weights {
        facts: Facts { sentiment: sentiment.facts, kind: kind.facts, pieces: table.hashes.len(), topics },
        sentiment: &sentiment.table,
        kind: &kind.table,
        piece_hashes: table.hashes.clone(),
        piece_rows: &table.rows,
        piece_rarities: &table.rarities,
    };
    Ok(weights.to_bytes())
}

/// The finished model on the test splits; the text of the card.
fn examine(
    options: &Options,
    corpus: &Corpus,
    seeds: &Seeds,
    taxonomy: Taxonomy,
    bytes: Vec<u8>,
    progress: &Progress,
) -> Result<String> {
    // The analyzer wants weights that live as long as the program; this program ends soon.
    let bytes: &'static [u8] = bytes.leak();
    let weights = Weights::parse(bytes)?;
    let pieces = Pieces::new(weights.piece_hashes.clone(), weights.piece_rows, weights.piece_rarities);
    let bare = topics::without(&taxonomy, |_| false, false)?;
    let topics = [&taxonomy, &bare]
        .map(|taxonomy| topics::score(taxonomy, &pieces, &seeds.test, &weights.facts.topics));
    let few_shot = few_shot::lines(
        &options.data,
        few_shot::Texts::Test,
        &pieces,
        &weights.facts.topics,
        options.baseline,
        progress,
    )?;
    let analyzer = Analyzer::with_builtin(Builtin::new(bytes)?, taxonomy, AnalyzerOptions::default());
    let versions = analyzer.versions();
    Ok(card::render(&Findings {
        version: versions.encoder.to_owned(),
        vector_version: versions.vector.to_owned(),
        bytes: bytes.len(),
        corpus,
        seeds,
        facts: &weights.facts,
        sentiment: exam::sentiment(&analyzer, &corpus.test)?,
        unseen: exam::unseen_sentiment(&analyzer, &options.data)?,
        written: [
            exam::written_sentiment(&analyzer, "products, written for this project", seeds.products_test())?,
            exam::written_sentiment(&analyzer, "seeds, as their kind implies", seeds.topics_test())?,
        ],
        kinds: exam::all_kinds(&analyzer, seeds)?,
        hard: exam::hard(&analyzer, seeds.products_test()),
        urgency: exam::urgency(&analyzer, "products, test", seeds.products_test())?,
        issues: exam::issues(&analyzer, &options.data)?,
        topics,
        few_shot,
        baseline: options.baseline.then(|| baseline::run(corpus)).transpose()?,
    }))
}

/// Says what is being done, with the seconds since the start.
pub struct Progress(Instant);

impl Progress {
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn say(&self, what: &str) {
        println!("{:6.1} s  {what}", self.0.elapsed().as_secs_f64());
    }

    /// A line that is written over, for long steps.
    fn count(&self, what: &str, done: usize, all: usize) {
        print!("\r{:6.1} s  {what}: {done} of {all}", self.0.elapsed().as_secs_f64());
        if done >= all {
            println!();
        }
        // Progress that cannot be shown is no reason to stop.
        let _ = std::io::stdout().flush();
    }
}
