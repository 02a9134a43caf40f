//! TF-IDF and logistic regression on the same names, descriptions and examples, by scikit-learn.

use super::measure::Measured;
use super::tasks::{Figure, Task, Text};
use crate::train::baseline::PACKAGES;
use crate::{paths, python, run};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::process::Command;

/// The figures of each group's tasks.
pub fn run(groups: &[(String, Vec<Task>)]) -> Result<Vec<Vec<Measured>>> {
    let python = python::environment("baseline", PACKAGES)?.join("python");
    let folder = paths::target().join("train");
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let (tasks, out) = (folder.join("few_shot.json"), folder.join("few_shot_baseline.json"));
    let all: Vec<Vec<Value>> = groups.iter().map(|(_, tasks)| tasks.iter().map(written).collect()).collect();
    std::fs::write(&tasks, serde_json::to_vec(&all)?)
        .with_context(|| format!("could not write {}", tasks.display()))?;
    let script = paths::root().join("crates/xtask/baselines/few_shot.py");
    run::run_quietly(Command::new(python).args([&script, &tasks, &out]))?;
    serde_json::from_slice(&std::fs::read(&out)?).context("the baseline's result cannot be read")
}

fn written(task: &Task) -> Value {
    let own = task.topics.iter().enumerate().flat_map(|(at, topic)| {
        let texts = [&topic.name, &topic.description].into_iter().chain(&topic.examples);
        texts.map(move |text| json!({ "text": text, "topics": [at] }))
    });
    let figure = match task.figure {
        Figure::Likeliest => "likeliest",
        Figure::Calibration => "calibration",
        Figure::Threshold => "threshold",
    };
    json!({
        "figure": figure,
        "train": own.collect::<Vec<_>>(),
        "texts": task.texts.iter().map(text).collect::<Vec<_>>(),
        "dev": task.dev.iter().map(text).collect::<Vec<_>>(),
    })
}

fn text(text: &Text) -> Value {
    json!({ "text": text.text, "topics": text.topics })
}
