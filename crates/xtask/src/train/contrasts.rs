//! Texts drawn from contrast sets (Gardner et al. 2020): frames whose sides are alike but for what decides the sentiment:
//! negation, time, comparison, scores, the question that was asked. They widen training, and nothing is measured on them.

use super::data::Row;
use super::frames::{filled, pick};
use super::linear::SplitMix;
use super::seeds::files;
use anyhow::{Context, Result};
use feedback::judgement::SentimentLabel;
use feedback::kind::Contract;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Texts of a template.
const DRAWN: usize = 8;
/// What a drawn text counts beside those of the sets.
pub const WEIGHT: f32 = 1.0;
/// Of a side that its frame does not call weak.
const SURE: f32 = 0.95;

/// A drawn text.
#[derive(Debug, Clone)]
pub struct Contrast {
    pub text: String,
    pub question: Option<String>,
    pub contract: Option<Contract>,
    pub sentiment: SentimentLabel,
    /// The share of readers who would say so; the others find it neutral.
    pub sure: f32,
}

impl Contrast {
    /// As a text with a label; of a weak one only what the transformer says is learned.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        let label = self.sentiment.as_str();
        (self.sure >= SURE).then(|| Row::written(&self.text, self.question.as_deref(), label, WEIGHT))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fill: BTreeMap<String, Vec<String>>,
    frame: Vec<Frame>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    #[serde(default)]
    positive: Vec<String>,
    #[serde(default)]
    negative: Vec<String>,
    #[serde(default)]
    neutral: Vec<String>,
    #[serde(default)]
    question: Option<String>,
    #[serde(default)]
    sure: Option<f32>,
}

/// The same texts at every call, of all files in `data/contrasts`.
///
/// # Errors
/// Where a file is missing or holds no frames.
pub fn draw() -> Result<Vec<Contrast>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/contrasts");
    let mut random = SplitMix(61);
    let (mut seen, mut drawn) = (HashSet::new(), Vec::new());
    for path in files(&folder)? {
        let unread = || format!("{} holds no contrast sets", path.display());
        let text = std::fs::read_to_string(&path).with_context(unread)?;
        let file: File = toml::from_str(&text).with_context(unread)?;
        for frame in &file.frame {
            frame.draw(&file.fill, &mut random, &mut seen, &mut drawn).with_context(unread)?;
        }
    }
    Ok(drawn)
}

impl Frame {
    fn draw(
        &self,
        fill: &BTreeMap<String, Vec<String>>,
        random: &mut SplitMix,
        seen: &mut HashSet<(String, Option<String>)>,
        drawn: &mut Vec<Contrast>,
    ) -> Result<()> {
        let sides = [
            (SentimentLabel::Positive, &self.positive),
            (SentimentLabel::Negative, &self.negative),
            (SentimentLabel::Neutral, &self.neutral),
        ];
        for (sentiment, templates) in sides {
            for template in templates {
                let end = drawn.len() + DRAWN;
                // A template may have fewer fillings than are wanted.
                for _ in 0..2 * DRAWN {
                    let text = filled(template, fill, random)?;
                    if drawn.len() < end && seen.insert((text.to_lowercase(), self.question.clone())) {
                        let (question, sure) = (self.question.clone(), self.sure.unwrap_or(SURE));
                        let contract = self.contract(random);
                        drawn.push(Contrast { text, question, contract, sentiment, sure });
                    }
                }
            }
        }
        Ok(())
    }

    /// Where an answer or a text by itself may have come from.
    fn contract(&self, random: &mut SplitMix) -> Option<Contract> {
        let alone = [None, Some(Contract::Social), Some(Contract::Ticket), Some(Contract::Nps), Some(Contract::Survey)];
        let asked = [Some(Contract::Survey), Some(Contract::Survey), Some(Contract::Nps)];
        *if self.question.is_some() { pick(&asked, random) } else { pick(&alone, random) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_are_balanced_and_repeat() {
        let (one, two) = (draw().unwrap(), draw().unwrap());
        assert!(one.iter().map(|text| &text.text).eq(two.iter().map(|text| &text.text)));
        let count = |label| one.iter().filter(|text| text.sentiment == label).count();
        let (negative, positive) = (count(SentimentLabel::Negative), count(SentimentLabel::Positive));
        assert!(one.len() > 5_000, "{}", one.len());
        assert!(negative.abs_diff(positive) * 8 < negative + positive, "{negative} and {positive}");
        assert!(!one.iter().any(|text| text.text.contains(['{', '}'])));
    }
}
