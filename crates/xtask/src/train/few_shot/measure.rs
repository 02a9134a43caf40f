//! One space of vectors on one task, through the matcher as the analyzer uses it.
//!
//! Texts that may have several topics are read segment by segment, as the analyzer reads feedback. Texts of one intent
//! are one thought each, in however many sentences: they are read as one segment.

use super::tasks::{Figure, Task, Text};
use crate::train::space::Passage;
use crate::train::topics::Eyes;
use analyze::encoder::weights::TopicFacts;
use analyze::encoder::words::Words;
use analyze::topics::{MatchRoom, TopicMatcher};
use anyhow::Result;
use feedback::kind::Contract;
use serde::Deserialize;

/// Shares from 0 to 1; `None` where the task does not ask for it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Measured {
    pub texts: usize,
    /// Of the texts that have a topic.
    pub accuracy: Option<f64>,
    /// The same where the likeliest topic is only said from the probability on that one in twenty of the texts without a
    /// topic reaches; of those very texts.
    pub at_false_accepts: Option<f64>,
    pub micro_f1: Option<f64>,
    pub ece: Option<f64>,
    /// Of the texts, those whose nearest neighbour is of the same intent.
    pub neighbours: Option<f64>,
}

const FALSE_ACCEPTS: f64 = 0.05;
const BINS: usize = 15;

/// The likeliest topic of a text with its probability, and all from the threshold on.
struct Said {
    likeliest: Option<(usize, f32)>,
    topics: Vec<usize>,
}

pub fn measure(eyes: Eyes<'_>, facts: &TopicFacts, task: &Task) -> Result<Measured> {
    let matcher = eyes.matcher(&task.taxonomy()?, facts)?;
    let passage = |text| passage(text, task.figure);
    let passages: Vec<Passage<'_>> = task.texts.iter().map(passage).collect();
    let (vectors, mut room) = (eyes.space.vectors(&passages)?, MatchRoom::default());
    let said = passages
        .iter()
        .zip(vectors)
        .map(|(passage, vectors)| said(&matcher, &passage.words(), &vectors, &mut room));
    let judged: Vec<(&Text, Said)> = task.texts.iter().zip(said).collect();
    let mut measured = Measured { texts: task.texts.len(), ..Measured::default() };
    match task.figure {
        Figure::Threshold => measured.micro_f1 = Some(micro_f1(&judged)),
        Figure::Calibration => measured.ece = Some(ece(&judged)),
        Figure::Likeliest => {
            measured.accuracy = Some(accuracy(&judged, 0.0));
            measured.at_false_accepts = bound(&judged).map(|bound| accuracy(&judged, bound));
        }
    }
    Ok(measured)
}

fn passage(text: &Text, figure: Figure) -> Passage<'_> {
    match figure {
        Figure::Threshold => Passage {
            text: &text.text,
            question: text.question.as_deref(),
            contract: Some(Contract::Survey),
            whole: false,
        },
        Figure::Likeliest | Figure::Calibration => Passage::whole(&text.text),
    }
}

fn said(matcher: &TopicMatcher, words: &Words, vectors: &[Vec<i8>], room: &mut MatchRoom) -> Said {
    let mut said = Said { likeliest: None, topics: Vec::new() };
    for (segment, vector) in vectors.iter().enumerate() {
        for (topic, signs) in matcher.signs(words, segment, vector, room) {
            let (probability, topic) = (matcher.probability(*topic, signs), usize::from(*topic));
            if said.likeliest.is_none_or(|(_, best)| probability > best) {
                said.likeliest = Some((topic, probability));
            }
            if probability >= matcher.threshold() && !said.topics.contains(&topic) {
                said.topics.push(topic);
            }
        }
    }
    said
}

fn is_right(text: &Text, said: &Said) -> bool {
    said.likeliest.is_some_and(|(topic, _)| text.topics.contains(&topic))
}

fn accuracy(judged: &[(&Text, Said)], bound: f32) -> f64 {
    let in_scope = || judged.iter().filter(|(text, _)| !text.topics.is_empty());
    let said = |said: &Said| said.likeliest.is_some_and(|(_, probability)| probability > bound);
    let right = in_scope().filter(|(text, answer)| is_right(text, answer) && said(answer)).count();
    right as f64 / in_scope().count().max(1) as f64
}

fn bound(judged: &[(&Text, Said)]) -> Option<f32> {
    let outside = judged.iter().filter(|(text, _)| text.topics.is_empty());
    let mut all: Vec<f32> = outside.map(|(_, said)| said.likeliest.map_or(0.0, |(_, p)| p)).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    all.get((all.len() as f64 * FALSE_ACCEPTS) as usize).copied()
}

fn micro_f1(judged: &[(&Text, Said)]) -> f64 {
    let (mut hits, mut said, mut gold) = (0, 0, 0);
    for (text, answer) in judged {
        hits += answer.topics.iter().filter(|topic| text.topics.contains(topic)).count();
        said += answer.topics.len();
        gold += text.topics.len();
    }
    2.0 * hits as f64 / (said + gold).max(1) as f64
}

/// Expected calibration error of the likeliest topic's probability over bins of equal width; for a text without a
/// topic it is wrong, whatever it is.
fn ece(judged: &[(&Text, Said)]) -> f64 {
    let mut bins = [(0.0, 0.0); BINS];
    for (text, said) in judged {
        let Some((_, probability)) = said.likeliest else { continue };
        let (confidence, right) = &mut bins[((probability * BINS as f32) as usize).min(BINS - 1)];
        *confidence += f64::from(probability);
        *right += f64::from(u8::from(is_right(text, said)));
    }
    bins.iter().map(|(confidence, right): &(f64, f64)| (confidence - right).abs()).sum::<f64>()
        / judged.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_example() {
        let text = |topics: &[usize]| Text { text: String::new(), question: None, topics: topics.to_vec() };
        let said = |topic, probability| Said { likeliest: Some((topic, probability)), topics: vec![topic] };
        let texts = [text(&[0]), text(&[1]), text(&[0, 1]), text(&[])];
        let answers = [said(0, 0.9), said(0, 0.8), said(1, 0.3), said(1, 0.5)];
        let judged: Vec<(&Text, Said)> = texts.iter().zip(answers).collect();
        assert_eq!(accuracy(&judged, 0.0), 2.0 / 3.0);
        assert_eq!(bound(&judged), Some(0.5));
        assert_eq!(accuracy(&judged, 0.5), 1.0 / 3.0);
        assert_eq!(micro_f1(&judged), 4.0 / 8.0);
        assert!((ece(&judged) - (0.1 + 0.8 + 0.7 + 0.5) / 4.0).abs() < 1e-6);
    }
}
