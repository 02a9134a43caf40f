//! What the finished transformer says of every text that may be trained on: what the built-in model learns from.

use crate::train::data::{self, SETS, rows};
use crate::train::seeds::{self, Seed};
use crate::train::taught::{self, Taught};
use crate::train::{Progress, kinds, sentiment};
use analyze::encoder::transformer;
use analyze::encoder::transformer::load;
use analyze::encoder::transformer::reader::{Asked, Reader, Reading};
use analyze::segment::{Segment, segment_into};
use analyze::taxonomy::Taxonomy;
use anyhow::{Context, Result};
use feedback::kind::{Contract, Registry};
use serde::Deserialize;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tch::Device;

/// Texts that a thread reads together.
const GROUP: usize = 512;
/// Texts of intents and reviews: nobody said how they are meant, and the transformer's word is enough.
const UNLABELLED: [&str; 4] =
    ["banking77/data.jsonl", "clinc150/data.jsonl", "bitext-8k/data.jsonl", "appreviews-is22/data.jsonl"];

/// Reads everything with the fine-tuned weights at `tuned`, and writes it to [`taught::path`].
///
/// # Errors
/// Where data or weights are missing, or the network fails.
pub fn run(root: &Path, folder: &Path, tuned: &Path, progress: &Progress) -> Result<()> {
    let bytes = std::fs::read(tuned).with_context(|| format!("could not read {}", tuned.display()))?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    tch::set_num_threads(1);
    let device = Device::cuda_if_available();
    let readers = if device.is_cuda() { 1 } else { threads };
    let (readers, facts) = load::load(folder, &bytes, device, readers)?;
    let texts = gather(root)?;
    progress.say(&format!(
        "{} texts to be read by {} of {}",
        texts.len(),
        load::checksum(&bytes),
        facts.date
    ));
    let read = read_all(&texts, &readers.into_iter().map(Mutex::new).collect::<Vec<_>>(), progress)?;
    taught::write(&load::checksum(&bytes), facts.heads.sentiment, facts.heads.kind, &read)?;
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
    let seeds = seeds::read(&Taxonomy::standard()?)?;
    let mut texts: Vec<Taught> = corpus.train.iter().map(labelled).collect();
    texts.extend(corpus.dev.iter().map(|row| Taught { set: Some(row.set), ..labelled(row) }));
    texts.extend(seeds.written().map(|seed| written(seed, 3.0)));
    texts.extend(seeds.frames.iter().map(|seed| written(seed, 0.5)));
    for file in UNLABELLED {
        let bare =
            rows::<Bare>(&root.join(file))?.into_iter().filter(|bare| bare.split == data::Split::Train);
        texts.extend(bare.map(|bare| Taught { text: bare.text, weight: 1.0, ..Taught::default() }));
    }
    Ok(texts)
}

fn labelled(row: &data::Row) -> Taught {
    let survey = SETS[row.set].name == "nhs-fft";
    Taught {
        text: row.text.clone(),
        question: row.question.clone(),
        contract: Some(if survey { Contract::Survey } else { Contract::Social }),
        sentiment_gold: sentiment::class(&row.label),
        weight: row.weight,
        ..Taught::default()
    }
}

fn written(seed: &Seed, weight: f32) -> Taught {
    Taught {
        text: seed.text.clone(),
        question: seed.question.clone(),
        contract: Registry::default().get(&seed.source).map(|(_, contract)| contract),
        sentiment_gold: seed.sentiment().and_then(|label| sentiment::class(label.as_str())),
        kind_gold: kinds::class(seed.kind()),
        weight,
        ..Taught::default()
    }
}

/// In the order of the texts, each followed by its clauses.
fn read_all(texts: &[Taught], readers: &[Mutex<Reader>], progress: &Progress) -> Result<Vec<Taught>> {
    // Of like length in a group, so that batches are full.
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|at| texts[*at].text.len());
    let groups: Vec<&[usize]> = order.chunks(GROUP).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![Vec::new(); texts.len()]));
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for reader in readers {
            scope.spawn(|| {
                while let Some(group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let read = reader.lock().map_err(|_| anyhow::anyhow!("a reader broke off"));
                    let read = read.and_then(|reader| read_group(texts, group, &reader));
                    match (read, done.lock()) {
                        (Ok(read), Ok(mut done)) => {
                            group.iter().zip(read).for_each(|(at, taught)| done[*at] = taught);
                            progress.count(
                                "groups of texts read",
                                next.load(Ordering::Relaxed).min(groups.len()),
                                groups.len(),
                            );
                        }
                        (Err(error), _) => {
                            if let Ok(mut failed) = failed.lock() {
                                *failed = Some(error);
                            }
                            return;
                        }
                        _ => return,
                    }
                }
            });
        }
    });
    if let Ok(Some(error)) = failed.into_inner() {
        return Err(error);
    }
    let done = done.into_inner().map_err(|_| anyhow::anyhow!("a reader broke off"))?;
    Ok(done.into_iter().flatten().collect())
}

fn read_group(texts: &[Taught], group: &[usize], reader: &Reader) -> Result<Vec<Vec<Taught>>> {
    let segments: Vec<Vec<Segment>> = group
        .iter()
        .map(|at| {
            let mut segments = Vec::new();
            segment_into(&texts[*at].text, &mut segments);
            segments
        })
        .collect();
    let asked: Vec<Asked<'_>> = group
        .iter()
        .zip(&segments)
        .map(|(at, segments)| {
            let Taught { text, contract, question, .. } = &texts[*at];
            let segments = segments.iter().map(|segment| segment.text(text)).collect();
            Asked { context: transformer::context(*contract, question.as_deref()), segments }
        })
        .collect();
    let read = reader.read(&asked)?;
    let taught = group.iter().zip(&segments).zip(read);
    Ok(taught.map(|((at, segments), reading)| parts(&texts[*at], segments, reading)).collect())
}

/// The text, and its clauses with what is said of them where they stand.
fn parts(text: &Taught, segments: &[Segment], reading: Option<Reading>) -> Vec<Taught> {
    let Some(reading) = reading else { return Vec::new() };
    let mut parts = vec![Taught { sentiment: reading.sentiment, kind: Some(reading.kind), ..text.clone() }];
    if segments.len() > 1 && text.set.is_none() {
        let clauses = segments.iter().zip(reading.segments);
        let long = clauses.filter(|(segment, _)| segment.text(&text.text).split_whitespace().count() > 1);
        parts.extend(long.map(|(segment, sentiment)| Taught {
            text: segment.text(&text.text).to_owned(),
            question: text.question.clone(),
            contract: text.contract,
            sentiment,
            weight: 0.5 * text.weight,
            ..Taught::default()
        }));
    }
    parts
}
