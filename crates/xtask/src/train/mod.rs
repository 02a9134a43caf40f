//! `cargo xtask train`: the built-in model, from labelled texts to committed weights and model card.
//!
//! Seeded and single-threaded where order matters: two runs on one machine give the same bytes.
//! Everything is chosen on dev splits; the test splits are opened once, at the end, for the card.

mod calibrate;
mod data;
mod kinds;
mod linear;
mod minilm;
mod reader;
mod seeds;
mod sentiment;
mod topics;
mod tune;
mod vectors;

use crate::paths;
use analyze::encoder::builtin::Builtin;
use analyze::encoder::weights::{Facts, Weights};
use analyze::encoder::wordpiece::Pieces;
use analyze::taxonomy::Taxonomy;
use anyhow::{Context, Result};
use reader::Reader;
use std::path::PathBuf;
use std::time::Instant;

#[derive(clap::Args)]
pub struct Options {
    /// The folder of the labelled sets.
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
}

/// # Errors
/// Where a set or the vectors' source is missing, or the result cannot be written.
pub fn run(options: &Options) -> Result<()> {
    let progress = Progress(Instant::now());
    let corpus = data::read(&options.data)?;
    progress.say(&format!(
        "{} texts to train, {} to tune on, {} to test; {:?}",
        corpus.train.len(),
        corpus.dev.len(),
        corpus.test.len(),
        corpus.dropped
    ));
    let table = vectors(&corpus, &progress)?;
    let pieces = Pieces::new(table.hashes.clone(), &table.rows, &table.rarities);
    let mut reader = Reader::new(&pieces);
    if let Ok(sweep) = std::env::var("SWEEP") {
        for line in sweep.split(';') {
            let n: Vec<f32> = line.split(',').map(|x| x.parse().unwrap()).collect();
            let recipe = linear::Recipe { bucket_bits: n[0] as u32, epochs: n[1] as usize, rate: n[2], dense_rate: n[3], dropout: n[4], decay: n[5], least_examples: n[6] as u8, seed: 1 };
            let mut last = 0.0;
            let mut head = sentiment::train(&corpus.train, &mut reader, recipe, |_, loss| last = loss);
            progress.say(&format!("SWEEP {line} loss {last}"));
            tune::sentiment(&mut head, &pieces, &corpus.dev, &progress);
        }
        return Ok(());
    }
    let mut sentiment = sentiment::train(&corpus.train, &mut reader, sentiment::RECIPE, |epoch, loss| {
        progress.say(&format!("sentiment: pass {}, loss {loss:.4}", epoch + 1));
    });
    tune::sentiment(&mut sentiment, &pieces, &corpus.dev, &progress);
    let taxonomy = Taxonomy::standard()?;
    let seeds = seeds::read(&taxonomy)?;
    let mut kind = tune::kind(&sentiment, &pieces, &seeds, &progress);
    let topics = tune::topics(&taxonomy, &pieces, &seeds, &progress)?;
    kind.facts.calibration.threshold = kind.facts.calibration.threshold.max(0.0);
    let facts = Facts { sentiment: sentiment.facts, kind: kind.facts, pieces: table.hashes.len(), topics };
    let weights = Weights {
        facts,
        sentiment: &sentiment.table,
        kind: &kind.table,
        piece_hashes: table.hashes.clone(),
        piece_rows: &table.rows,
        piece_rarities: &table.rarities,
    };
    let bytes = weights.to_bytes();
    let path = paths::root().join("crates/analyze/weights/builtin.weights");
    std::fs::write(&path, &bytes).with_context(|| format!("could not write {}", path.display()))?;
    progress.say(&format!("{} bytes, {}", bytes.len(), version(&bytes)?));
    Ok(())
}

fn version(bytes: &[u8]) -> Result<String> {
    use analyze::encoder::Encoder;
    Ok(Builtin::new(bytes)?.version().to_owned())
}

fn vectors(corpus: &data::Corpus, progress: &Progress) -> Result<vectors::Table> {
    let folder = minilm::bring()?;
    let model = minilm::MiniLm::read(&folder)?;
    progress.say("vectors: running MiniLM over its vocabulary");
    let table = vectors::table(&model, corpus.train.iter().map(|row| row.text.as_str()), |_| {})?;
    progress.say(&format!("vectors: {} pieces", table.hashes.len()));
    Ok(table)
}

/// Says what is being done, with the seconds since the start.
pub struct Progress(Instant);

impl Progress {
    fn say(&self, what: &str) {
        println!("{:6.1} s  {what}", self.0.elapsed().as_secs_f64());
    }
}
