//! What the finished transformer says of every text that may be trained on: what the built-in model learns from.

use super::read::Readers;
use crate::train::contrasts::{self, Contrast};
use crate::train::data::{self, rows};
use crate::train::seeds::{self, Seed};
use crate::train::taught::{self, Taught};
use crate::train::{Progress, kinds, sentiment};
use analyze::encoder::transformer;
use analyze::encoder::transformer::load;
use analyze::encoder::transformer::reader::{Asked, Reading};
use analyze::segment::{Segment, segment_into};
use analyze::taxonomy::Taxonomy;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;

/// What a clause counts beside its text.
const CLAUSE_WEIGHT: f32 = 0.5;
/// Texts of intents and reviews: nobody said how they are meant, and the transformer's word is enough.
const UNLABELLED: [&str; 4] =
    ["banking77/data.jsonl", "clinc150/data.jsonl", "bitext-8k/data.jsonl", "appreviews-is22/data.jsonl"];

/// Reads everything with the fine-tuned weights at `tuned`, and writes it to [`taught::path`].
///
/// # Errors
/// Where data or weights are missing, or the network fails.
pub fn run(root: &Path, folder: &Path, tuned: &Path, progress: &Progress) -> Result<()> {
    let bytes = std::fs::read(tuned).with_context(|| format!("could not read {}", tuned.display()))?;
    let (readers, heads) = Readers::tuned(folder, &bytes)?;
    let texts = gather(root)?;
    progress.say(&format!("{} texts to be read by {}", texts.len(), load::checksum(&bytes)));
    let read = read_all(&texts, &readers, progress)?;
    taught::write(&load::checksum(&bytes), heads.sentiment, heads.kind, &read)?;
    progress.say(&format!("{} texts and clauses: {}", read.len(), taught::path().display()));
    Ok(())
}

#[derive(Deserialize)]
struct Bare {
    text: String,
    split: data::Split,
}

fn gather(root: &Path) -> Result<Vec<Taught>> {
    let corpus = data::read(root)?;
    let seeds = seeds::read(&Taxonomy::standard()?)?.apart_from(&corpus);
    let mut texts: Vec<Taught> = corpus.train.iter().map(labelled).collect();
    texts.extend(seeds.written().map(|seed| written(seed, seeds::WRITTEN_WEIGHT)));
    texts.extend(seeds.frames.iter().map(|seed| written(seed, seeds::DRAWN_WEIGHT)));
    for file in UNLABELLED {
        let bare =
            rows::<Bare>(&root.join(file))?.into_iter().filter(|bare| bare.split == data::Split::Train);
        texts.extend(bare.map(|bare| Taught { text: bare.text, weight: 1.0, ..Taught::default() }));
    }
    let mut segments = Vec::new();
    let clauses: Vec<Taught> = texts.iter().flat_map(|text| clauses(text, &mut segments)).collect();
    texts.extend(clauses);
    // Their clauses are the written texts' own, and the same few sentences over and over.
    texts.extend(seeds.padded.iter().map(|seed| written(seed, seeds::PADDED_WEIGHT)));
    texts.extend(seeds.contrasts.iter().map(drawn));
    texts.extend(corpus.dev.iter().map(|row| Taught { set: Some(row.set), ..labelled(row) }));
    Ok(texts)
}

fn labelled(row: &data::Row) -> Taught {
    Taught {
        text: row.text.clone(),
        question: row.question.clone(),
        contract: Some(row.contract()),
        sentiment_gold: sentiment::class(&row.label),
        weight: row.weight,
        ..Taught::default()
    }
}

fn written(seed: &Seed, weight: f32) -> Taught {
    Taught {
        text: seed.text.clone(),
        question: seed.question.clone(),
        contract: seed.contract(),
        sentiment_gold: seed.sentiment().and_then(|label| sentiment::class(label.as_str())),
        kind_gold: kinds::class(seed.kind()),
        weight,
        ..Taught::default()
    }
}

/// Of a weak one only what the transformer says is learned.
fn drawn(contrast: &Contrast) -> Taught {
    Taught {
        text: contrast.text.clone(),
        question: contrast.question.clone(),
        contract: contrast.contract,
        sentiment_gold: contrast.label().and_then(|label| sentiment::class(label.as_str())),
        weight: contrasts::WEIGHT,
        ..Taught::default()
    }
}

/// The clauses of a text of several, each to be read by itself: read in their place they would say what the whole does.
fn clauses(text: &Taught, segments: &mut Vec<Segment>) -> Vec<Taught> {
    segment_into(&text.text, segments);
    if segments.len() < 2 {
        return Vec::new();
    }
    let clauses = segments.iter().map(|segment| segment.text(&text.text));
    clauses
        .filter(|clause| clause.split_whitespace().count() > 1)
        .map(|clause| Taught {
            text: clause.to_owned(),
            question: text.question.clone(),
            contract: text.contract,
            weight: CLAUSE_WEIGHT * text.weight,
            ..Taught::default()
        })
        .collect()
}

/// In the order of the texts; those without a word are left out.
fn read_all(texts: &[Taught], readers: &Readers, progress: &Progress) -> Result<Vec<Taught>> {
    let asked: Vec<Asked<'_>> = texts
        .iter()
        .map(|Taught { text, contract, question, .. }| Asked {
            context: transformer::context(*contract, question.as_deref()),
            segments: vec![text.as_str()],
        })
        .collect();
    let taught = |at: usize, reading: Option<Reading>| {
        reading.map(|reading| Taught {
            sentiment: reading.sentiment,
            kind: reading.kind,
            ..texts[at].clone()
        })
    };
    Ok(readers.read(&asked, Some(progress), taught)?.into_iter().flatten().collect())
}
