//! Passages in, scores out: rows of all passages go through the network in batches of like length.

use super::batch;
use super::network::{Network, Scores, WIDTH};
use super::tokens::{Row, Tokenizer};
use crate::encoder::{KINDS, SENTIMENTS, URGENCIES};
use rust_bert::RustBertError;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tch::{Device, Tensor, nn};

/// Tokens of a batch, with padding: more gain nothing on a processor, and cost memory.
const MOST_TOKENS: usize = 2048;
/// The same where a graphics processor has to be kept busy.
const MOST_TOKENS_CUDA: usize = 32_768;

/// What the network says of one passage; logits before calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub sentiment: [f32; SENTIMENTS],
    pub kind: [f32; KINDS],
    pub urgency: [f32; URGENCIES],
    /// Of L2 length 127; its width is [`WIDTH`].
    pub vector: Vec<i8>,
    pub segments: Vec<SegmentReading>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SegmentReading {
    /// That of the whole where the segment has no words.
    pub sentiment: [f32; SENTIMENTS],
    /// As that of the whole; all zeros where the segment has no words.
    pub vector: Vec<i8>,
}

/// The network gave nothing; a smaller batch, or another time, may.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("libtorch failed")]
    Torch(#[from] RustBertError),
    #[error("libtorch broke off")]
    Panicked,
}

/// One passage to read.
#[derive(Debug, Clone)]
pub struct Asked<'t> {
    /// Where it comes from and what was asked.
    pub context: String,
    pub segments: Vec<&'t str>,
}

/// A network with its tokenizer. Not for several threads at once: libtorch's tensors are not.
pub struct Reader {
    network: Network,
    tokenizer: Tokenizer,
    /// Keeps the variables of the network.
    store: nn::VarStore,
}

/// A row and the passage that it is of.
struct Part {
    passage: usize,
    row: Row,
}

/// Sums over tokens: the mean over a text that stands in several rows is that over all of its tokens.
#[derive(Clone)]
struct Sum {
    tokens: f32,
    sentiment: [f32; SENTIMENTS],
    kind: [f32; KINDS],
    urgency: [f32; URGENCIES],
    vector: Vec<f32>,
    segments: Vec<SegmentSum>,
}

#[derive(Clone)]
struct SegmentSum {
    tokens: f32,
    sentiment: [f32; SENTIMENTS],
    vector: Vec<f32>,
}

impl Reader {
    #[must_use]
    pub fn new(network: Network, tokenizer: Tokenizer, store: nn::VarStore) -> Self {
        Self { network, tokenizer, store }
    }

    #[must_use]
    pub fn device(&self) -> Device {
        self.store.device()
    }

    /// One reading a passage, `None` for those without a token.
    ///
    /// # Errors
    /// Where the network fails: memory, most likely.
    pub fn read(&self, asked: &[Asked<'_>]) -> Result<Vec<Option<Reading>>, ReadError> {
        // Inside, some calls to libtorch panic where others return an error.
        catch_unwind(AssertUnwindSafe(|| self.run_all(asked)))
            .map_err(|_| ReadError::Panicked)?
            .map_err(ReadError::from)
    }

    fn run_all(&self, asked: &[Asked<'_>]) -> Result<Vec<Option<Reading>>, RustBertError> {
        let mut parts: Vec<Part> = Vec::new();
        for (passage, asked) in asked.iter().enumerate() {
            let rows = self.tokenizer.rows(&asked.context, asked.segments.iter().copied());
            parts.extend(rows.into_iter().map(|row| Part { passage, row }));
        }
        parts.sort_by_key(|part| part.row.ids.len());
        let mut sums: Vec<Sum> = asked.iter().map(|asked| Sum::of(asked.segments.len())).collect();
        let budget = if self.device().is_cuda() { MOST_TOKENS_CUDA } else { MOST_TOKENS };
        let mut rest = parts.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fitting(rest, budget));
            self.run(now, &mut sums)?;
            rest = later;
        }
        Ok(sums.into_iter().map(Sum::finish).collect())
    }

    fn run(&self, parts: &[Part], sums: &mut [Sum]) -> Result<(), RustBertError> {
        let spans = |part: &Part| -> Vec<Range<usize>> {
            let segments = part.row.segments.iter().map(|(_, tokens)| tokens.clone());
            std::iter::once(part.row.text()).chain(segments).collect()
        };
        let inputs =
            batch::with_spans(parts.iter().map(|part| (part.row.ids.as_slice(), spans(part))), self.device());
        let scores = tch::no_grad(|| self.network.scores(&inputs, false))?;
        let read = Numbers::of(&scores)?;
        for (at, part) in parts.iter().enumerate() {
            sums[part.passage].add(&part.row, &read, at);
        }
        Ok(())
    }
}

/// How many of the first parts, which get longer, fit in a batch; one at least.
fn fitting(parts: &[Part], budget: usize) -> usize {
    let fits = |(at, part): (usize, &Part)| (at + 1) * part.row.ids.len() <= budget;
    parts.iter().enumerate().take_while(|one| fits(*one)).count().max(1)
}

/// The scores of a batch as numbers, row by row and span by span.
struct Numbers {
    spans: usize,
    sentiment: Vec<f32>,
    kind: Vec<f32>,
    urgency: Vec<f32>,
    vector: Vec<f32>,
}

impl Numbers {
    fn of(scores: &Scores) -> Result<Self, RustBertError> {
        let numbers = |tensor: &Tensor| Vec::<f32>::try_from(tensor.contiguous().view([-1]));
        Ok(Self {
            spans: scores.sentiment.size()[1] as usize,
            sentiment: numbers(&scores.sentiment)?,
            kind: numbers(&scores.kind)?,
            urgency: numbers(&scores.urgency)?,
            vector: numbers(&scores.vector)?,
        })
    }

    fn slice<'n>(&self, numbers: &'n [f32], row: usize, span: usize, width: usize) -> &'n [f32] {
        &numbers[(row * self.spans + span) * width..][..width]
    }
}

impl Sum {
    fn of(segments: usize) -> Self {
        Self {
            tokens: 0.0,
            sentiment: [0.0; SENTIMENTS],
            kind: [0.0; KINDS],
            urgency: [0.0; URGENCIES],
            vector: vec![0.0; WIDTH as usize],
            segments: vec![
                SegmentSum {
                    tokens: 0.0,
                    sentiment: [0.0; SENTIMENTS],
                    vector: vec![0.0; WIDTH as usize]
                };
                segments
            ],
        }
    }

    fn add(&mut self, row: &Row, read: &Numbers, at: usize) {
        let tokens = row.text().len() as f32;
        self.tokens += tokens;
        add(&mut self.sentiment, read.slice(&read.sentiment, at, 0, SENTIMENTS), tokens);
        add(&mut self.kind, read.slice(&read.kind, at, 0, KINDS), tokens);
        add(&mut self.urgency, read.slice(&read.urgency, at, 0, URGENCIES), tokens);
        add(&mut self.vector, read.slice(&read.vector, at, 0, WIDTH as usize), tokens);
        for (number, (segment, span)) in row.segments.iter().enumerate() {
            let (sum, tokens) = (&mut self.segments[*segment], span.len() as f32);
            sum.tokens += tokens;
            add(&mut sum.sentiment, read.slice(&read.sentiment, at, number + 1, SENTIMENTS), tokens);
            add(&mut sum.vector, read.slice(&read.vector, at, number + 1, WIDTH as usize), tokens);
        }
    }

    fn finish(self) -> Option<Reading> {
        if self.tokens == 0.0 {
            return None;
        }
        let sentiment = self.sentiment.map(|sum| sum / self.tokens);
        Some(Reading {
            sentiment,
            kind: self.kind.map(|sum| sum / self.tokens),
            urgency: self.urgency.map(|sum| sum / self.tokens),
            vector: direction(&self.vector),
            segments: self.segments.iter().map(|segment| segment.finish(sentiment)).collect(),
        })
    }
}

impl SegmentSum {
    fn finish(&self, of_whole: [f32; SENTIMENTS]) -> SegmentReading {
        let read = self.tokens > 0.0;
        SegmentReading {
            sentiment: if read { self.sentiment.map(|sum| sum / self.tokens) } else { of_whole },
            vector: direction(&self.vector),
        }
    }
}

/// A sum brought to length 127 and rounded; zeros stay zeros.
fn direction(sum: &[f32]) -> Vec<i8> {
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    sum.iter().map(|x| (x / length * 127.0).round() as i8).collect()
}

fn add(sum: &mut [f32], scores: &[f32], weight: f32) {
    sum.iter_mut().zip(scores).for_each(|(sum, score)| *sum += weight * score);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(tokens: usize) -> Part {
        Part { passage: 0, row: Row { ids: vec![1; tokens], segments: vec![(0, 1..tokens - 1)] } }
    }

    #[test]
    fn batches_keep_to_their_budget() {
        let parts: Vec<Part> = [8, 8, 64, 128, 128].map(part).into();
        assert_eq!(fitting(&parts, MOST_TOKENS), 5);
        let many: Vec<Part> = (0..100).map(|_| part(128)).collect();
        assert_eq!(fitting(&many, MOST_TOKENS), MOST_TOKENS / 128);
        assert_eq!(fitting(&[part(MOST_TOKENS + 1)], MOST_TOKENS), 1);
    }

    #[test]
    fn a_text_in_two_rows_counts_each_token_once() {
        let mut sum = Sum::of(2);
        let numbers = |sentiment: Vec<f32>, spans| Numbers {
            spans,
            sentiment,
            kind: vec![0.0; spans * KINDS],
            urgency: vec![0.0; spans * URGENCIES],
            vector: vec![1.0; spans * WIDTH as usize],
        };
        let row = |segments| Row { ids: vec![0; 9], segments };
        let first = numbers(vec![1.0, 0.0, 0.0, 1.0, 0.0, 0.0], 2);
        sum.add(&row(vec![(0, 1..4)]), &first, 0);
        let second = numbers(vec![5.0, 0.0, 0.0, 3.0, 0.0, 0.0], 2);
        sum.add(&row(vec![(0, 1..2)]), &second, 0);
        let read = sum.finish().unwrap();
        // Three tokens of 1 and one of 5; of the segment three of 1 and one of 3; the other has no words.
        assert_eq!(read.sentiment[0], 2.0);
        assert_eq!((read.segments[0].sentiment[0], read.segments[1].sentiment[0]), (1.5, 2.0));
        // 127 / sqrt(384)
        assert_eq!((read.segments[0].vector[0], read.segments[1].vector[0]), (6, 0));
        assert!(Sum::of(1).finish().is_none());
    }
}
