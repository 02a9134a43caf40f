//! What `--explain` adds to a line: the words that carried its answer.

use super::rounded;
use analyze::explain::{self, Weight};
use analyze::{Analysis, Analyzer, Input, Scratch};
use serde::Serialize;

#[derive(Serialize)]
pub struct ExplanationOut {
    sentiment: Vec<WordOut>,
    kind: Vec<WordOut>,
}

#[derive(Serialize)]
struct WordOut {
    word: String,
    /// Characters of the text, `[start, end)`.
    span: [u32; 2],
    /// In log-odds.
    weight: f64,
}

impl ExplanationOut {
    /// Of what was judged, which is redacted; the rest is as the row says.
    pub fn of(analyzer: &Analyzer, judged: &Analysis<'_>, row: &Input<'_>, scratch: &mut Scratch) -> Self {
        let input = Input {
            title: judged.title,
            body: judged.body,
            question: judged.question,
            language_hint: row.language_hint,
            contract: row.contract,
            ..Input::default()
        };
        let explanation = explain::explain(analyzer, &input, scratch);
        let words = |weights: Vec<Weight>| weights.into_iter().map(WordOut::of).collect::<Vec<_>>();
        Self { sentiment: words(explanation.sentiment), kind: words(explanation.kind) }
    }
}

impl WordOut {
    fn of(Weight { word, span, weight }: Weight) -> Self {
        Self { word, span: [span.start, span.end], weight: rounded(weight) }
    }
}
