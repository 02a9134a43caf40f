//! One encoder's answers to the texts, and how fast it gave them.

use super::rows::Labelled;
use super::task::{Judged, Task};
use crate::commands::classify::sources::Sources;
use crate::context::Context;
use crate::encoders::EncoderName;
use crate::{ordered, progress::Progress};
use analyze::eval::Answer;
use analyze::redact::Known;
use analyze::{Analysis, Analyzer, Input, Language, Scratch};
use anyhow::Result;
use std::time::Instant;

/// Texts that one thread takes at a time, if the encoder does not read more of them together.
const CHUNK: usize = 64;

/// Characters of a text that a report shows.
const SHOWN: usize = 200;

/// What one encoder said.
pub struct Run {
    pub name: EncoderName,
    /// Its weights.
    pub version: String,
    /// In the order of the texts.
    pub said: Vec<Said>,
    /// Wall time of the judging.
    pub seconds: f64,
    /// Texts for which the built-in encoder stood in, because this one failed.
    pub stood_in: u64,
}

/// What was said of one text.
pub struct Said {
    /// By its place in the task's labels; `None` where it is "unknown".
    pub label: Option<usize>,
    pub confidence: f32,
    pub language: Language,
    /// The beginning of the redacted text, where the answer is wrong or "unknown".
    pub missed: Option<String>,
}

impl Run {
    /// Beside the labels.
    pub fn answers(&self, task: &Task) -> Vec<Answer> {
        let pairs = task.gold.iter().zip(&self.said);
        pairs
            .map(|(gold, said)| Answer { gold: *gold, said: said.label, confidence: said.confidence })
            .collect()
    }
}

/// Has an encoder judge all texts.
pub fn run(
    name: EncoderName,
    analyzer: &Analyzer,
    task: &Task,
    rows: &[Labelled],
    context: &Context,
) -> Result<Run> {
    let sources = Sources::new(context.config().registry());
    let judge = Judge { analyzer, task, sources: &sources };
    let progress = Progress::new("judging", rows.len() as u64);
    let mut said = Vec::with_capacity(rows.len());
    let started = Instant::now();
    // No thread is left without work for another's full group.
    let size = CHUNK.max(analyzer.group().min(rows.len().div_ceil(context.threads())));
    let chunks = rows.chunks(size).zip(task.gold.chunks(size));
    let work =
        |scratch: &mut Scratch, (rows, gold): (&[Labelled], &[usize])| judge.chunk(rows, gold, scratch);
    ordered::map(chunks, context.threads(), Scratch::default, work, |chunk| -> Result<()> {
        said.extend(chunk);
        progress.set(said.len() as u64);
        Ok(())
    })?;
    let seconds = started.elapsed().as_secs_f64();
    progress.done();
    sources.warn();
    let version = analyzer.versions().encoder.to_owned();
    Ok(Run { name, version, said, seconds, stood_in: analyzer.failures() })
}

#[derive(Clone, Copy)]
struct Judge<'a> {
    analyzer: &'a Analyzer,
    task: &'a Task,
    sources: &'a Sources,
}

impl Judge<'_> {
    fn chunk(self, rows: &[Labelled], gold: &[usize], scratch: &mut Scratch) -> Vec<Said> {
        let known: Vec<Known<'_>> =
            rows.iter().map(|row| Known::new(row.text.names.iter().map(String::as_str))).collect();
        let inputs: Vec<Input<'_>> =
            rows.iter().zip(&known).map(|(row, known)| self.input(row, known)).collect();
        self.analyzer.foresee(&inputs, false, scratch);
        let pairs = inputs.iter().zip(gold);
        pairs.map(|(input, gold)| self.said(*gold, &self.analyzer.analyze(input, scratch))).collect()
    }

    fn input<'i>(self, row: &'i Labelled, known: &'i Known<'i>) -> Input<'i> {
        Input {
            title: row.text.title.as_deref(),
            body: &row.text.body,
            question: row.text.question.as_deref(),
            contract: self.sources.contract(row.source()),
            language_hint: row.text.language.as_deref(),
            known,
        }
    }

    fn said(self, gold: usize, analysis: &Analysis<'_>) -> Said {
        let (word, confidence) = match self.task.judged {
            Judged::Sentiment => (analysis.sentiment.label.as_str(), analysis.sentiment.confidence),
            Judged::Kind => (analysis.kind.label.as_str(), analysis.kind.confidence),
        };
        let label = self.task.place(word);
        let missed = (label != Some(gold)).then(|| beginning(analysis.body));
        Said { label, confidence, language: analysis.language, missed }
    }
}

/// What a report shows of a text.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(beginning("short"), "short");
        assert_eq!(beginning(&"ü".repeat(200)), "ü".repeat(200));
        assert_eq!(beginning(&"日".repeat(201)), "日".repeat(200) + "…");
    }
}
