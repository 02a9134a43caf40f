//! TF-IDF and logistic regression on the same texts, by scikit-learn: what the model must beat.

use super::data::{Corpus, Row};
use crate::{paths, python, run};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Command;

const PACKAGES: &[&str] = &["scikit-learn==1.9.1"];

#[derive(Debug, Deserialize)]
pub struct Baseline {
    pub settings: String,
    pub test: BTreeMap<String, Scores>,
}

#[derive(Debug, Deserialize)]
pub struct Scores {
    pub n: usize,
    pub macro_f1: f64,
    pub macro_recall: f64,
}

pub fn run(corpus: &Corpus) -> Result<Baseline> {
    let python = python::environment("baseline", PACKAGES)?.join("python");
    let folder = paths::target().join("train");
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let (mix, out) = (folder.join("mix.jsonl"), folder.join("baseline.json"));
    write(corpus, &mix).with_context(|| format!("could not write {}", mix.display()))?;
    let script = paths::root().join("crates/xtask/baselines/tfidf_lr.py");
    run::run_quietly(Command::new(python).args([&script, &mix, &out]))?;
    serde_json::from_slice(&std::fs::read(&out)?).context("the baseline's result cannot be read")
}

fn write(corpus: &Corpus, path: &Path) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let splits: [(&str, &[Row]); 3] = [("train", &corpus.train), ("dev", &corpus.dev), ("test", &corpus.test)];
    for (split, rows) in splits {
        for row in rows {
            let line = serde_json::json!({
                "text": row.text, "question": row.question, "label": row.label,
                "set": row.set_name(), "split": split, "weight": row.weight,
            });
            writeln!(file, "{line}")?;
        }
    }
    file.flush()
}
