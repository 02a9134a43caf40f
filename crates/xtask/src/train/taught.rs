//! What the transformer said of the training texts, kept under `target` between the two trainings. None of it is committed.

use crate::paths;
use analyze::encoder::{KINDS, SENTIMENTS};
use analyze::heads::Calibration;
use anyhow::{Context, Result, ensure};
use feedback::kind::Contract;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader};
#[cfg(feature = "rust-bert")]
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// A text, or a clause of one, with the transformer's logits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Taught {
    pub text: String,
    pub question: Option<String>,
    pub contract: Option<Contract>,
    /// The place of its set in [`super::data::SETS`], for texts that are tuned on and not learned from.
    pub set: Option<usize>,
    /// What a person said, where somebody did.
    pub sentiment_gold: Option<usize>,
    pub kind_gold: Option<usize>,
    pub weight: f32,
    pub sentiment: [f32; SENTIMENTS],
    pub kind: [f32; KINDS],
}

#[derive(Serialize, Deserialize)]
struct Head {
    /// SHA-256 of the fine-tuned weights.
    teacher: String,
    sentiment: Calibration,
    kind: Calibration,
}

/// All that was taught, and how its logits are read.
pub struct Lessons {
    pub texts: Vec<Taught>,
    /// Of the development splits.
    pub dev: Vec<Taught>,
    pub sentiment: Calibration,
    pub kind: Calibration,
}

#[must_use]
pub fn path() -> PathBuf {
    paths::target().join("teacher/taught.jsonl")
}

/// # Errors
/// Where the file cannot be written.
#[cfg(feature = "rust-bert")]
pub fn write(teacher: &str, sentiment: Calibration, kind: Calibration, texts: &[Taught]) -> Result<()> {
    let path = path();
    let unwritten = || format!("could not write {}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(unwritten)?;
    }
    let mut out = BufWriter::new(std::fs::File::create(&path).with_context(unwritten)?);
    serde_json::to_writer(&mut out, &Head { teacher: teacher.to_owned(), sentiment, kind })?;
    for text in texts {
        out.write_all(b"\n").with_context(unwritten)?;
        serde_json::to_writer(&mut out, text)?;
    }
    out.flush().with_context(unwritten)
}

/// # Errors
/// Where the file is missing, torn, or was written by other weights than those with the checksum `teacher`.
pub fn read(teacher: &str) -> Result<Lessons> {
    let path = path();
    let unread = || format!("{} cannot be read: `cargo xtask teacher` writes it", path.display());
    let mut lines = BufReader::new(std::fs::File::open(&path).with_context(unread)?).lines();
    let head = lines.next().with_context(unread)?.with_context(unread)?;
    let head: Head = serde_json::from_str(&head).with_context(unread)?;
    ensure!(
        head.teacher == teacher,
        "{} was written by other weights than the committed ones: run `cargo xtask teacher` again",
        path.display()
    );
    let read = |line: std::io::Result<String>| -> Result<Taught> { Ok(serde_json::from_str(&line?)?) };
    let all = lines.map(read).collect::<Result<Vec<_>>>().with_context(unread)?;
    let (dev, texts) = all.into_iter().partition(|text| text.set.is_some());
    Ok(Lessons { texts, dev, sentiment: head.sentiment, kind: head.kind })
}
