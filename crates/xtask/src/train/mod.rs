//! `cargo xtask train`: the built-in model, from labelled texts to committed weights and model card.
//!
//! Seeded and single-threaded where order matters: two runs on one machine give the same bytes.
//! Everything is chosen on dev splits; the test splits are opened at the end of a whole run, for the
//! card; `--dev-only` is for choosing.

mod baseline;
pub mod behaviour;
pub(crate) mod calibrate;
mod card;
mod cascade;
pub(crate) mod contrasts;
pub(crate) mod data;
mod exam;
pub mod few_shot;
mod frames;
mod intents;
pub(crate) mod kinds;
pub(crate) mod linear;
mod minilm;
mod padding;
mod reader;
pub(crate) mod reviews;
pub(crate) mod seeds;
pub(crate) mod sentiment;
pub mod space;
pub(crate) mod taught;
mod topics;
pub(crate) mod tune;
mod vectors;

use crate::paths;
use analyze::encoder::Encoder as _;
use analyze::encoder::builtin::Builtin;
use analyze::encoder::weights::{Facts, Weights};
use analyze::encoder::wordpiece::Pieces;
use analyze::{Analyzer, Options as AnalyzerOptions, Taxonomy};
use anyhow::{Context, Result};
use card::Findings;
use data::Corpus;
use exam::Measured;
use reader::Reader;
use seeds::Seeds;
use space::{Space, Table};
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;
use taught::Lessons;
use topics::Eyes;
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
    anyhow::ensure!(
        cfg!(feature = "rust-bert") || options.dev_only,
        "the model card tells of the transformer too, which this build lacks: export what `cargo xtask libtorch` prints, then \
         `cargo run --release -p xtask --features rust-bert -- train`; --dev-only needs neither"
    );
    let progress = Progress::start();
    let mut corpus = data::read(&options.data)?;
    let (train, dev, test) = (corpus.train.len(), corpus.dev.len(), corpus.test.len());
    progress.say(&format!("{train} texts to train, {dev} to tune on, {test} to test; {:?}", corpus.dropped));
    let taxonomy = Taxonomy::standard()?;
    let seeds = seeds::read(&taxonomy)?.apart_from(&corpus);
    let table = vectors(&corpus, &seeds, &progress)?;
    corpus.train.extend(seeds.sentiment_rows());
    let lessons = lessons(&progress)?;
    let pool = Pool::read(&options.data)?;
    let networks = network_spaces()?;
    let book = Lessonbook { corpus: &corpus, seeds: &seeds, lessons: &lessons, pool: &pool };
    let bytes = train_heads(&book, &taxonomy, &table, &networks, &progress)?;
    if options.dev_only {
        return Ok(());
    }
    let folder = paths::root().join("crates/analyze");
    write(&folder.join("weights/builtin.weights"), &bytes)?;
    progress.say("opening the test splits");
    let card = examine(options, &book, taxonomy, bytes, &networks, &progress)?;
    write(&folder.join("MODEL_CARD.md"), card.as_bytes())?;
    progress.say("the weights and the model card are written; rebuild to use them");
    Ok(())
}

/// What the committed transformer said of the training texts.
fn lessons(progress: &Progress) -> Result<Lessons> {
    let path = paths::root().join("crates/analyze/weights/minilm.difference");
    let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
    let lessons = taught::read(&crate::base_model::checksum(&bytes))?;
    progress.say(&format!("{} texts and clauses were read by the transformer", lessons.texts.len()));
    Ok(lessons)
}

fn write(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

/// Rarities are counted in what people wrote; drawn texts would make their own words common.
fn vectors(corpus: &Corpus, seeds: &Seeds, progress: &Progress) -> Result<vectors::Table> {
    let model = minilm::MiniLm::read(&crate::base_model::bring()?)?;
    let written = seeds.written().map(|seed| seed.text.as_str());
    let texts = corpus.train.iter().map(|row| row.text.as_str()).chain(written);
    let table = vectors::table(&model, texts, |done, all| {
        progress.count("vectors: pieces run through MiniLM", done, all);
    })?;
    progress.say(&format!("vectors: {} pieces", table.hashes.len()));
    Ok(table)
}

/// What is learned from.
struct Lessonbook<'l> {
    corpus: &'l Corpus,
    seeds: &'l Seeds,
    lessons: &'l Lessons,
    pool: &'l Pool,
}

/// A transformer's vectors, fine-tuned and as published; none in a build without it.
type Networks = Vec<Box<dyn Space>>;

#[cfg(not(feature = "rust-bert"))]
fn network_spaces() -> Result<Networks> {
    Ok(Vec::new())
}

#[cfg(feature = "rust-bert")]
fn network_spaces() -> Result<Networks> {
    let spaces = crate::teacher::spaces(&crate::base_model::bring()?, analyze::encoder::transformer::BYTES)?;
    Ok(spaces.into_iter().map(|space| Box::new(space) as Box<dyn Space>).collect())
}

/// Everything that is learned and tuned, as the bytes of a weights file.
fn train_heads(
    &Lessonbook { corpus, seeds, lessons, pool }: &Lessonbook<'_>,
    taxonomy: &Taxonomy,
    table: &vectors::Table,
    networks: &Networks,
    progress: &Progress,
) -> Result<Vec<u8>> {
    let pieces = Pieces::new(table.hashes.clone(), &table.rows, &table.rarities);
    let mut reader = Reader::new(&pieces);
    let mut sentiment = sentiment::train(lessons, &mut reader, sentiment::RECIPE, |pass, loss| {
        progress.say(&format!(
            "sentiment: pass {} of {}, loss {loss:.4}",
            pass + 1,
            sentiment::RECIPE.epochs
        ));
    });
    tune::sentiment(&mut sentiment, &pieces, &corpus.dev, progress);
    sentiment.facts.sure_from = cascade::sure_from(&sentiment, &pieces, lessons, progress);
    let kind = tune::kind(&sentiment, &pieces, seeds, lessons, progress);
    let eyes = |space| Eyes { pieces: &pieces, space };
    let static_space = Table(&pieces);
    let topics = tune::topics(taxonomy, eyes(&static_space), seeds, pool, progress)?;
    let network_topics = match networks.first() {
        Some(network) => Some(tune::topics(taxonomy, eyes(network.as_ref()), seeds, pool, progress)?),
        None => None,
    };
    let weights = Weights {
        facts: Facts {
            sentiment: sentiment.facts,
            kind: kind.facts,
            pieces: table.hashes.len(),
            topics,
            network_topics,
        },
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
    &Lessonbook { corpus, seeds, pool, .. }: &Lessonbook<'_>,
    taxonomy: Taxonomy,
    bytes: Vec<u8>,
    networks: &Networks,
    progress: &Progress,
) -> Result<String> {
    // The analyzer wants weights that live as long as the program; this program ends soon.
    let bytes: &'static [u8] = bytes.leak();
    let weights = Weights::parse(bytes)?;
    let pieces = Pieces::new(weights.piece_hashes.clone(), weights.piece_rows, weights.piece_rarities);
    let bare = topics::without(&taxonomy, |_| false, false)?;
    let table = Table(&pieces);
    let fitted = [Some(&weights.facts.topics), weights.facts.network_topics.as_ref()];
    let columns = few_shot::columns(&table, networks, fitted, |eyes| {
        tune::topics(&taxonomy, eyes, seeds, pool, progress)
    })?;
    let mut topics = Vec::new();
    for column in &columns {
        let score = |taxonomy| topics::score(taxonomy, column.eyes, &seeds.test, &column.facts);
        topics.push((column.eyes.space.name().to_owned(), [score(&taxonomy)?, score(&bare)?]));
    }
    let few_shot =
        few_shot::lines(&options.data, few_shot::Texts::Test, &columns, options.baseline, progress)?;
    let vector_version = Builtin::new(bytes)?.vector_version().to_owned();
    let (mut measured, mut behaviours) = (Vec::new(), Vec::new());
    for (encoder, analyzer) in encoders(bytes, &taxonomy)? {
        progress.say(&format!("{encoder} on the test splits"));
        measured.push(Measured::of(encoder, &analyzer, &corpus.test, seeds, &options.data)?);
        if encoder != CASCADE {
            behaviours.push(behaviour::Column::measure(encoder, &analyzer)?);
        }
    }
    Ok(card::render(&Findings {
        date: paths::today()?,
        vector_version,
        bytes: bytes.len(),
        corpus,
        seeds,
        facts: &weights.facts,
        measured,
        topics,
        behaviours,
        few_shot,
        baseline: options.baseline.then(|| baseline::run(corpus)).transpose()?,
    }))
}

const CASCADE: &str = "cascade";

/// Every encoder of this build, with the weights that were just trained.
fn encoders(bytes: &'static [u8], taxonomy: &Taxonomy) -> Result<Vec<(&'static str, Analyzer)>> {
    let builtin = Analyzer::with_builtin(Builtin::new(bytes)?, taxonomy.clone(), AnalyzerOptions::default());
    let with_network = transformers(bytes, taxonomy)?;
    Ok(std::iter::once((behaviour::BUILT_IN, builtin)).chain(with_network).collect())
}

#[cfg(not(feature = "rust-bert"))]
fn transformers(_: &'static [u8], _: &Taxonomy) -> Result<Vec<(&'static str, Analyzer)>> {
    Ok(Vec::new())
}

#[cfg(feature = "rust-bert")]
fn transformers(bytes: &'static [u8], taxonomy: &Taxonomy) -> Result<Vec<(&'static str, Analyzer)>> {
    use analyze::encoder::transformer::{Asks, Transformer};
    let folder = crate::base_model::bring()?;
    let analyzer = |(name, asks)| {
        let transformer = Transformer::committed(&folder, Builtin::new(bytes)?, asks, 1)?;
        let options = AnalyzerOptions::default();
        Ok((name, Analyzer::with_transformer(transformer, taxonomy.clone(), options)?))
    };
    [(behaviour::RUST_BERT, Asks::Everything), (CASCADE, Asks::Unsure)].into_iter().map(analyzer).collect()
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
    pub(crate) fn count(&self, what: &str, done: usize, all: usize) {
        print!("\r{:6.1} s  {what}: {done} of {all}", self.0.elapsed().as_secs_f64());
        if done >= all {
            println!();
        }
        // Progress that cannot be shown is no reason to stop.
        let _ = std::io::stdout().flush();
    }
}
