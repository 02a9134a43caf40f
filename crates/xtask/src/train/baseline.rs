//! TF-IDF and logistic regression on the same texts, by scikit-learn: what the model must beat.

use super::data::{Corpus, Row};
use crate::{paths, python, run};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::Command;

pub const PACKAGES: &[&str] = &["scikit-learn==1.9.1"];

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
    let lines = lines(corpus);
    // The same texts give the same baseline: one of an earlier run will do.
    if !out.exists() || std::fs::read(&mix).ok().as_deref() != Some(lines.as_bytes()) {
        let _ = std::fs::remove_file(&out);
        std::fs::write(&mix, lines).with_context(|| format!("could not write {}", mix.display()))?;
        let script = paths::root().join("crates/xtask/baselines/tfidf_lr.py");
        run::run_quietly(Command::new(python).args([&script, &mix, &out]))?;
    }
    serde_json::from_slice(&std::fs::read(&out)?).context("the baseline's result cannot be read")
}

fn lines(corpus: &Corpus) -> String {
    let mut lines = String::new();
    let splits: [(&str, &[Row]); 3] =
        [("train", &corpus.train), ("dev", &corpus.dev), ("test", &corpus.test)];
    for (split, rows) in splits {
        for row in rows {
            let line = serde_json::json!({
                "text": row.text, "question": row.question, "label": row.label,
                "set": row.set_name(), "split": split, "weight": row.weight,
            });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
    }
    lines
}
