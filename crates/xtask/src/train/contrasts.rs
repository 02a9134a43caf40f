//! Texts drawn from contrast sets (Gardner et al. 2020): frames whose sides are alike but for what decides the sentiment:
//! negation, time, comparison, scores, the question that was asked. They widen training, and nothing is measured on them.

use super::frames::{filled, pick};
use super::linear::SplitMix;
use super::seeds::files;
use anyhow::{Context, Result};
use feedback::judgement::SentimentLabel;
use feedback::kind::Contract;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Texts of a template, where it has as many fillings.
const DRAWN: usize = 8;
/// What a drawn text counts beside those of the sets.
pub const WEIGHT: f32 = 1.0;
/// Of a side whose frame says nothing else.
const USUALLY_SURE: f32 = 0.95;
/// A label below is none: only what the transformer says of the text is learned.
const LABELLED_FROM: f32 = 0.9;

/// A drawn text.
#[derive(Debug, Clone)]
pub struct Contrast {
    pub text: String,
    pub question: Option<String>,
    #[cfg_attr(not(feature = "rust-bert"), expect(dead_code, reason = "only the transformer is told it"))]
    pub contract: Option<Contract>,
    pub sentiment: SentimentLabel,
    /// Of a positive or negative text: the share of readers who would say so, while the others find it neutral.
    pub sure: f32,
}

impl Contrast {
    /// `None` where too many readers would find it neutral.
    #[must_use]
    pub fn label(&self) -> Option<SentimentLabel> {
        let labelled = self.sentiment == SentimentLabel::Neutral || self.sure >= LABELLED_FROM;
        labelled.then_some(self.sentiment)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Words by the name that templates have in braces.
    fill: BTreeMap<String, Vec<String>>,
    frame: Vec<Frame>,
}

/// Templates by what they say of the product, the service or the visit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    #[serde(default)]
    positive: Vec<String>,
    #[serde(default)]
    negative: Vec<String>,
    #[serde(default)]
    neutral: Vec<String>,
    /// What all of them answer.
    #[serde(default)]
    question: Option<String>,
    /// See [`Contrast::sure`].
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
    let mut drawn = Vec::new();
    for path in files(&folder)? {
        let unread = || format!("{} holds no contrast sets", path.display());
        let text = std::fs::read_to_string(&path).with_context(unread)?;
        let file: File = toml::from_str(&text).with_context(unread)?;
        for frame in &file.frame {
            for (sentiment, template) in frame.templates() {
                let texts = fillings(template, &file.fill, &mut random).with_context(unread)?;
                drawn.extend(texts.into_iter().map(|text| frame.contrast(text, sentiment, &mut random)));
            }
        }
    }
    let mut seen = HashSet::new();
    drawn.retain(|text: &Contrast| seen.insert((text.text.to_lowercase(), text.question.clone())));
    Ok(drawn)
}

/// At most [`DRAWN`] different ones.
fn fillings(
    template: &str,
    fill: &BTreeMap<String, Vec<String>>,
    random: &mut SplitMix,
) -> Result<Vec<String>> {
    let mut texts: Vec<String> = Vec::new();
    for _ in 0..2 * DRAWN {
        let text = filled(template, fill, random)?;
        if !texts.contains(&text) {
            texts.push(text);
        }
        if texts.len() == DRAWN {
            break;
        }
    }
    Ok(texts)
}

impl Frame {
    fn templates(&self) -> impl Iterator<Item = (SentimentLabel, &String)> {
        let sides = [
            (SentimentLabel::Positive, &self.positive),
            (SentimentLabel::Negative, &self.negative),
            (SentimentLabel::Neutral, &self.neutral),
        ];
        sides.into_iter().flat_map(|(label, side)| side.iter().map(move |template| (label, template)))
    }

    /// A text by itself may have come from anywhere, an answer only from where questions are asked.
    fn contrast(&self, text: String, sentiment: SentimentLabel, random: &mut SplitMix) -> Contrast {
        let (survey, nps) = (Some(Contract::Survey), Some(Contract::Nps));
        let alone = [None, Some(Contract::Social), Some(Contract::Ticket), nps, survey];
        let asked = [survey, survey, nps];
        let contract = if self.question.is_some() { *pick(&asked, random) } else { *pick(&alone, random) };
        let (question, sure) = (self.question.clone(), self.sure.unwrap_or(USUALLY_SURE));
        Contrast { text, question, contract, sentiment, sure }
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

    #[test]
    fn a_weak_side_has_no_label_of_its_own() {
        let text = |sentiment, sure| Contrast {
            text: "a bit slow".to_owned(),
            question: None,
            contract: None,
            sentiment,
            sure,
        };
        assert_eq!(text(SentimentLabel::Negative, 0.65).label(), None);
        assert_eq!(text(SentimentLabel::Negative, 0.95).label(), Some(SentimentLabel::Negative));
        assert_eq!(text(SentimentLabel::Neutral, 0.65).label(), Some(SentimentLabel::Neutral));
    }
}
