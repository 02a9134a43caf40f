//! What somebody looks for, encoded as the facts are.

use crate::context::Context;
use crate::encoders::EncoderName;
use analyze::{Analyzer, Input, Scratch};
use anyhow::Result;
use server::live::Reading;

/// By the built-in encoder, whose vectors stand beside every fact, whoever judged it.
pub struct Reader {
    analyzer: Analyzer,
    version: String,
    encoder: String,
}

impl Reader {
    pub fn new(context: &Context) -> Result<Self> {
        let analyzer = context.analyzer_with(EncoderName::BuiltIn)?;
        let versions = analyzer.versions();
        let (version, encoder) = (versions.vector.to_owned(), versions.encoder.to_owned());
        Ok(Self { analyzer, version, encoder })
    }

    /// The version of the built-in encoder's weights, as facts name whoever judged them.
    pub fn encoder(&self) -> &str {
        &self.encoder
    }
}

impl Reading for Reader {
    fn vector(&self, text: &str) -> Option<Vec<f32>> {
        let mut scratch = Scratch::default();
        // It is redacted on the way, as a customer's words are: what is masked in them is masked in what is looked for.
        let analysis = self.analyzer.analyze(&Input { body: text, ..Input::default() }, &mut scratch);
        let vector: Vec<f32> = analysis.vector.iter().map(|number| f32::from(*number)).collect();
        (!vector.is_empty()).then_some(vector)
    }

    fn version(&self) -> &str {
        &self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;

    #[test]
    fn what_is_alike_in_meaning_is_near() {
        let context = Context { loaded: assemble(None, std::iter::empty()).unwrap(), json: false };
        let reader = Reader::new(&context).unwrap();
        assert!(!reader.version().is_empty());
        assert_eq!(reader.vector(""), None);
        assert_eq!(reader.vector(" \u{1f4a5} "), None, "no word that is known");
        let of = |text: &str| reader.vector(text).unwrap();
        let like = |a: &[f32], b: &[f32]| -> f32 {
            let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
            product(a, b) / (product(a, a) * product(b, b)).sqrt()
        };
        let (slow, lag, bill) = (
            of("the search is very slow"),
            of("searching takes forever, so slow"),
            of("i was charged twice on my invoice"),
        );
        assert!(like(&slow, &lag) > like(&slow, &bill), "{} {}", like(&slow, &lag), like(&slow, &bill));
    }
}
