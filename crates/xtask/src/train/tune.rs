//! What is chosen on development data: temperatures, the prior shift, thresholds.

use super::data::{Row, SETS};
use super::kinds::{self, KindHead};
use super::reader::Reader;
use super::seeds::{Seed, Seeds};
use super::sentiment::{self, SentimentHead};
use super::taught::Lessons;
use super::topics::Eyes;
use super::topics::drawn::Pool;
use super::{Progress, calibrate, topics};
use analyze::encoder::builtin::feature_value;
use analyze::encoder::features::BUCKET_BITS;
use analyze::encoder::weights::{KIND_DENSE, TopicFacts};
use analyze::encoder::wordpiece::Pieces;
use analyze::encoder::{DIMENSIONS, KINDS, SENTIMENTS};
use analyze::eval::{Evaluation, Tally};
use analyze::heads::{self, Calibration, Context};
use analyze::taxonomy::Taxonomy;
use anyhow::Result;
use feedback::judgement::{FeedbackKind, SentimentLabel};

pub type Judged<const C: usize> = Vec<([f32; C], usize)>;

/// A set with fewer dev texts decides nothing.
pub const FEWEST: u64 = 200;
/// At most this share of dev texts may go without an answer: "unknown" is for what says nothing, and an unsure answer is still
/// right more often than one left out.
const UNANSWERED: f64 = 0.004;
pub const UNANSWERED_KINDS: f64 = 0.02;

/// The head's logits as the encoder computes them, from the quantised table.
pub fn sentiment_logits(
    head: &SentimentHead,
    reader: &mut Reader<'_>,
    text: &str,
    question: Option<&str>,
) -> [f32; SENTIMENTS] {
    let read = reader.read(text, question);
    let (words, chars) = read.features.all();
    let mut sum = [0i32; 2];
    for bucket in words.iter().chain(chars) {
        let row = head.table[(bucket >> (BUCKET_BITS - head.facts.bucket_bits)) as usize];
        sum = [sum[0] + i32::from(row[0] as i8), sum[1] + i32::from(row[1] as i8)];
    }
    let scale = head.facts.step * feature_value(words.len() + chars.len());
    let mut logits = head.facts.bias;
    logits[0] += scale * sum[0] as f32;
    logits[2] += scale * sum[1] as f32;
    add_dense(&mut logits, &head.facts.dense, read.vector.iter().map(|value| f32::from(*value) / 127.0));
    logits
}

fn add_dense<const C: usize>(logits: &mut [f32; C], dense: &[[f32; C]], values: impl Iterator<Item = f32>) {
    for (weights, value) in dense.iter().zip(values) {
        logits.iter_mut().zip(weights).for_each(|(logit, weight)| *logit += weight * value);
    }
}

fn kind_logits(
    head: &KindHead,
    sentiment: &SentimentHead,
    reader: &mut Reader<'_>,
    seed: &Seed,
) -> [f32; KINDS] {
    let probabilities = sentiment_probabilities(sentiment, reader, &seed.text, seed.question.as_deref());
    let read = reader.read(&seed.text, seed.question.as_deref());
    let words = read.features.all().0;
    let mut logits = head.facts.bias;
    let scale = head.facts.step * feature_value(words.len());
    for bucket in words {
        let row = head.table[(bucket >> (BUCKET_BITS - head.facts.bucket_bits)) as usize];
        logits.iter_mut().zip(row).for_each(|(logit, value)| *logit += scale * f32::from(value as i8));
    }
    let mut dense = [0.0; KIND_DENSE];
    dense.iter_mut().zip(read.vector).for_each(|(out, value)| *out = f32::from(value) / 127.0);
    dense[DIMENSIONS..].copy_from_slice(&probabilities);
    add_dense(&mut logits, &head.facts.dense, dense.into_iter());
    logits
}

fn sentiment_probabilities(
    head: &SentimentHead,
    reader: &mut Reader<'_>,
    text: &str,
    question: Option<&str>,
) -> [f32; SENTIMENTS] {
    let logits = sentiment_logits(head, reader, text, question);
    head.facts.calibration.probabilities(&logits)
}

/// Reads the dev texts with the head, and how its logits are to be read.
pub fn sentiment(head: &mut SentimentHead, pieces: &Pieces<'_>, dev: &[Row], progress: &Progress) {
    let mut reader = Reader::new(pieces);
    let mut by_set: Vec<Judged<SENTIMENTS>> = vec![Vec::new(); SETS.len()];
    for row in dev {
        let Some(class) = sentiment::class(&row.label) else { continue };
        let question = row.question.as_deref();
        by_set[row.set].push((sentiment_logits(head, &mut reader, &row.text, question), class));
    }
    head.facts.calibration = sentiment_calibration(&by_set, head.priors, progress);
}

/// Temperature and threshold on all texts; tau by the figures the model is held to: of texts by themselves the mean over
/// the large sets, TweetEval's macro-recall and the others' macro-recall and macro-F1; of answers both of nhs-fft's. Sets stand as in [`SETS`], others behind them; priors are those of texts by
/// themselves and of answers.
pub fn sentiment_calibration(
    by_set: &[Judged<SENTIMENTS>],
    priors: [[f32; SENTIMENTS]; 2],
    progress: &Progress,
) -> Calibration {
    let all: Judged<SENTIMENTS> = by_set.iter().flatten().copied().collect();
    let none = vec![0.0; SENTIMENTS];
    let mut calibration = Calibration {
        temperature: calibrate::temperature(&all),
        shift: none.clone(),
        asked_shift: none,
        threshold: 0.0,
    };
    let tau = best_tau(|tau| {
        calibration.shift = shift(priors[0], tau);
        let alone = by_set.iter().enumerate().filter(|(set, _)| *set != ANSWERS);
        let scores: Vec<Evaluation> = alone.map(|(_, texts)| evaluate(&calibration, texts, false)).collect();
        progress.say(&format!("sentiment: dev, texts by themselves, tau {tau:.2}: {}", shown(&scores)));
        (scores[TWEETS].macro_recall + balanced(&scores[1]) + balanced(&scores[2])) / 3.0
    });
    let asked_tau = best_tau(|tau| {
        calibration.asked_shift = shift(priors[1], tau);
        let scores = evaluate(&calibration, &by_set[ANSWERS], true);
        progress
            .say(&format!("sentiment: dev, answers, tau {tau:.2}: {}", shown(std::slice::from_ref(&scores))));
        balanced(&scores)
    });
    calibration.shift = shift(priors[0], tau);
    calibration.asked_shift = shift(priors[1], asked_tau);
    calibration.threshold = calibrate::threshold(&all, calibration.temperature, UNANSWERED);
    progress.say(&format!("sentiment: tau {tau} and {asked_tau}, {calibration:?}"));
    calibration
}

/// Places in [`SETS`]; answers are the only set with questions.
const TWEETS: usize = 0;
pub const ANSWERS: usize = 3;

fn balanced(scores: &Evaluation) -> f64 {
    (scores.macro_recall + scores.macro_f1) / 2.0
}

/// At 1 the decision is the best for macro-recall in theory (Menon et al. 2021); beyond, only for the sample at hand.
fn best_tau(mut figure: impl FnMut(f32) -> f64) -> f32 {
    let taus = (0..=4).map(|quarter| quarter as f32 / 4.0);
    let judged = taus.map(|tau| (tau, figure(tau)));
    judged.fold((0.0, f64::MIN), |best, new| if new.1 > best.1 { new } else { best }).0
}

fn shift(prior: [f32; SENTIMENTS], tau: f32) -> Vec<f32> {
    prior.map(|share| tau * share.ln()).to_vec()
}

fn shown(scores: &[Evaluation]) -> String {
    let one = |e: &Evaluation| format!("{:.1}/{:.1}", 100.0 * e.macro_recall, 100.0 * e.macro_f1);
    scores.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn evaluate(calibration: &Calibration, judged: &Judged<SENTIMENTS>, asked: bool) -> Evaluation {
    let context = Context { knows_language: true, asked };
    let mut tally = Tally::new(SentimentLabel::ALL[..SENTIMENTS].iter().map(|label| label.as_str()));
    for (logits, gold) in judged {
        let said = heads::sentiment(logits, calibration, context);
        // The gold label is one of those the tally was made of.
        let _ = tally.add(SentimentLabel::ALL[*gold].as_str(), said.label.as_str(), said.confidence);
    }
    tally.evaluation()
}

pub fn kind(
    sentiment: &SentimentHead,
    pieces: &Pieces<'_>,
    seeds: &Seeds,
    lessons: &Lessons,
    progress: &Progress,
) -> KindHead {
    let (mut reader, mut other) = (Reader::new(pieces), Reader::new(pieces));
    let mut head = kinds::train(seeds, lessons, &mut reader, kinds::RECIPE, |text, question| {
        sentiment_probabilities(sentiment, &mut other, text, question)
    });
    let mut judged: Judged<KINDS> = Vec::new();
    let mut tally = Tally::new(FeedbackKind::ALL[..KINDS].iter().map(|label| label.as_str()));
    for seed in &seeds.dev {
        if let Some(class) = kinds::class(seed.kind()) {
            judged.push((kind_logits(&head, sentiment, &mut reader, seed), class));
        }
    }
    head.facts.calibration.temperature = calibrate::temperature(&judged);
    for (logits, gold) in &judged {
        let said =
            heads::kind(logits, &head.facts.calibration, Context { knows_language: true, asked: false });
        let _ = tally.add(FeedbackKind::ALL[*gold].as_str(), said.label.as_str(), said.confidence);
    }
    let evaluation = tally.evaluation();
    head.facts.calibration.threshold =
        calibrate::threshold(&judged, head.facts.calibration.temperature, UNANSWERED_KINDS);
    progress.say(&format!(
        "kind: {} written texts, dev accuracy {:.1} of {}, macro-F1 {:.1}, ECE {:.3}; temperature {:.2}, threshold {:.2}; {:?}",
        seeds.written().count(),
        100.0 * evaluation.accuracy,
        evaluation.n,
        100.0 * evaluation.macro_f1,
        evaluation.ece,
        head.facts.calibration.temperature,
        head.facts.calibration.threshold,
        evaluation.confusion
    ));
    head
}

pub fn topics(
    taxonomy: &Taxonomy,
    eyes: Eyes<'_>,
    seeds: &Seeds,
    pool: &Pool,
    progress: &Progress,
) -> Result<TopicFacts> {
    let space = eyes.space.name();
    let bare = topics::without(taxonomy, |_| false, false)?;
    let facts = topics::fit(taxonomy, eyes, pool, &seeds.train, &seeds.dev)?;
    for (name, taxonomy) in [("with examples", taxonomy), ("name and description only", &bare)] {
        let scores = topics::score(taxonomy, eyes, &seeds.dev, &facts)?;
        progress.say(&format!(
            "topics, {space}: dev, {name}: precision {:.1}, recall {:.1}, micro-F1 {:.1}; {scores:?}",
            100.0 * scores.precision(),
            100.0 * scores.recall(),
            100.0 * scores.f1()
        ));
    }
    progress.say(&format!("topics, {space}: {facts:?}"));
    Ok(facts)
}
