//! The written texts: sentences that are changed by code, and contrast pairs.

use super::case::{Capability, Case, Demand, Text};
use anyhow::{Context, Result, ensure};
use feedback::judgement::{FeedbackKind, SentimentLabel};
use feedback::kind::Contract;
use serde::Deserialize;

const BASE: &str = include_str!("../../../data/behaviour/base.jsonl");

/// A clear sentence, to be changed by code.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    pub text: String,
    pub kind: FeedbackKind,
    /// None where the words leave it open: a failure told soberly.
    #[serde(default)]
    pub sentiment: Option<SentimentLabel>,
    pub source: Contract,
    #[serde(default)]
    pub question: Option<String>,
    /// A word of the text that can be said more and less strongly.
    #[serde(default)]
    pub word: Option<String>,
    /// The product that the text names.
    #[serde(default)]
    pub product: Option<String>,
}

/// A text and the labels that are right for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    text: String,
    expect: Vec<String>,
    #[serde(default)]
    question: Option<String>,
    #[serde(default)]
    source: Option<Contract>,
}

impl Base {
    /// The same message in other words.
    #[must_use]
    pub fn with(&self, body: String) -> Text {
        Text { body, question: self.question.clone(), contract: Some(self.source) }
    }

    #[must_use]
    pub fn as_written(&self) -> Text {
        self.with(self.text.clone())
    }
}

impl Capability {
    /// What may be expected of it.
    fn labels(self) -> Vec<&'static str> {
        match self {
            Self::Sentiment => SentimentLabel::ALL.iter().map(|label| label.as_str()).collect(),
            Self::Kind => FeedbackKind::ALL.iter().map(|label| label.as_str()).collect(),
        }
    }
}

/// # Errors
/// Where a line is no such sentence.
pub fn base() -> Result<Vec<Base>> {
    lines("base", BASE)
}

/// Contrast pairs and the like: a line is one case, a list of texts that must all be read right.
///
/// # Errors
/// Where a line is no such list, or expects a label that there is not.
pub fn cases(name: &str, content: &str, capability: Capability) -> Result<Vec<Case>> {
    let known = capability.labels();
    let mut cases = Vec::new();
    for told in lines::<Vec<Told>>(name, content)? {
        let (mut texts, mut labels) = (Vec::new(), Vec::new());
        for Told { text, expect, question, source } in told {
            let is_known = !expect.is_empty() && expect.iter().all(|label| known.contains(&label.as_str()));
            ensure!(
                is_known,
                "data/behaviour/{name}.jsonl: {text:?} expects {expect:?}; the labels are {known:?}"
            );
            texts.push(Text { body: text, question, contract: source });
            labels.push(expect);
        }
        cases.push(Case { texts, demand: Demand::Labels(labels) });
    }
    Ok(cases)
}

fn lines<T: for<'de> Deserialize<'de>>(name: &str, content: &str) -> Result<Vec<T>> {
    let parse = |(number, line)| {
        serde_json::from_str(line)
            .with_context(|| format!("data/behaviour/{name}.jsonl:{}: not a text to test with", number + 1))
    };
    content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cases_and_labels_are_checked() {
        let pair = r#"[{"text": "good", "expect": ["positive"]}, {"text": "not", "expect": ["negative", "neutral"]}]"#;
        let read = cases("x", pair, Capability::Sentiment).unwrap();
        assert_eq!((read.len(), read[0].texts.len()), (1, 2));
        let error = cases("x", pair, Capability::Kind).err().unwrap();
        assert!(error.to_string().starts_with("data/behaviour/x.jsonl: \"good\" expects"), "{error}");
        assert!(cases("x", r#"[{"text": "good", "expect": []}]"#, Capability::Kind).is_err());
        assert!(cases("x", "{}", Capability::Kind).is_err());
    }

    #[test]
    fn the_sentences_are_fit_to_be_changed() {
        let base = base().unwrap();
        assert!(base.len() >= 120);
        for Base { text, sentiment, word, product, .. } in &base {
            assert!(text.ends_with(['.', '!', '?']), "{text}");
            assert!(text.is_ascii() && text.contains(' '), "{text}");
            assert!(product.as_ref().is_none_or(|name| text.contains(name.as_str())), "{text}");
            assert!(*sentiment != Some(SentimentLabel::Unknown), "{text}");
            if let Some(word) = word {
                // "a slow" would become "a extremely slow".
                let before = text.split(word.as_str()).next().unwrap_or_default();
                assert!(!before.ends_with(" a ") && !before.ends_with(" an "), "{text}");
                assert!(
                    matches!(sentiment, Some(SentimentLabel::Negative | SentimentLabel::Positive)),
                    "{text}"
                );
            }
        }
        for source in [Contract::Survey, Contract::Ticket, Contract::Nps, Contract::Social] {
            assert!(base.iter().filter(|base| base.source == source).count() >= 20, "{source:?}");
        }
    }
}
