//! From which confidence on the built-in encoder's answer stands in a cascade: chosen on development texts, once both judge.

use super::Progress;
use super::data::SETS;
use super::reader::Reader;
use super::sentiment::SentimentHead;
use super::taught::{Lessons, Taught};
use super::tune::{self, sentiment_logits};
use analyze::encoder::SENTIMENTS;
use analyze::encoder::wordpiece::Pieces;
use analyze::eval::Tally;
use analyze::heads::{self, Context};
use feedback::judgement::SentimentLabel;

/// At most this share of texts may be sent on.
const MOST_SENT_ON: f64 = 0.25;
/// A cascade may stand so far below the transformer, in macro-recall, as the mean over the sets.
const MOST_LOST: f64 = 0.007;

/// Both judgements of one text.
struct Pair {
    set: usize,
    gold: SentimentLabel,
    builtin: SentimentLabel,
    /// The largest calibrated probability of the built-in encoder.
    confidence: f32,
    transformer: SentimentLabel,
}

/// The least confidence that keeps to both bounds; where none does, the one that sends on as much as is allowed.
pub fn sure_from(head: &SentimentHead, pieces: &Pieces<'_>, lessons: &Lessons, progress: &Progress) -> f32 {
    let mut reader = Reader::new(pieces);
    let pairs: Vec<Pair> =
        lessons.dev.iter().filter_map(|text| pair(head, &mut reader, lessons, text)).collect();
    let whole = macro_recalls(&pairs, f32::INFINITY);
    let grid = (34..100).map(|percent| percent as f32 / 100.0);
    let mut chosen = 0.34;
    for bound in grid {
        let sent_on = pairs.iter().filter(|pair| pair.confidence < bound).count() as f64 / pairs.len() as f64;
        if sent_on > MOST_SENT_ON {
            break;
        }
        let lost: f64 =
            whole.iter().zip(macro_recalls(&pairs, bound)).map(|(whole, part)| whole - part).sum();
        let lost = lost / whole.len() as f64;
        chosen = bound;
        progress.say(&format!(
            "cascade: dev, sure from {bound:.2}: {:.1}% sent on, {:.2} points below the transformer",
            100.0 * sent_on,
            100.0 * lost
        ));
        if lost <= MOST_LOST {
            break;
        }
    }
    chosen
}

fn pair(head: &SentimentHead, reader: &mut Reader<'_>, lessons: &Lessons, text: &Taught) -> Option<Pair> {
    let question = text.question.as_deref();
    let logits = sentiment_logits(head, reader, &text.text, question);
    let calibration = &head.facts.calibration;
    let confidence = calibration.probabilities(&logits).into_iter().fold(0.0, f32::max);
    let context = Context { knows_language: true, asked: question.is_some() };
    Some(Pair {
        set: text.set?,
        gold: SentimentLabel::ALL[text.sentiment_gold?],
        builtin: heads::sentiment(&logits, calibration, context).label,
        confidence,
        transformer: heads::sentiment(&text.sentiment, &lessons.sentiment, context).label,
    })
}

/// A set, where the texts below `bound` are the transformer's.
fn macro_recalls(pairs: &[Pair], bound: f32) -> Vec<f64> {
    let of = |set: usize| {
        let mut tally = Tally::new(SentimentLabel::ALL[..SENTIMENTS].iter().map(|label| label.as_str()));
        for pair in pairs.iter().filter(|pair| pair.set == set) {
            let said = if pair.confidence < bound { pair.transformer } else { pair.builtin };
            // The gold label is one of those the tally was made of.
            let _ = tally.add(pair.gold.as_str(), said.as_str(), 0.5);
        }
        tally.evaluation()
    };
    let evaluations = (0..SETS.len()).map(of);
    evaluations
        .filter(|evaluation| evaluation.n >= tune::FEWEST)
        .map(|evaluation| evaluation.macro_recall)
        .collect()
}
