//! The network on the development texts: how its scores are to be read, and how good it is before any test is opened.

use super::examples::{DOMAINS, Example, Examples};
use crate::train::{Progress, calibrate, tune};
use analyze::encoder::transformer::batch;
use analyze::encoder::transformer::load::Heads;
use analyze::encoder::transformer::network::Network;
use analyze::encoder::{KINDS, SENTIMENTS, URGENCIES};
use analyze::eval::{Evaluation, Tally};
use analyze::heads::Calibration;
use anyhow::Result;
use feedback::judgement::{FeedbackKind, Urgency};
use tch::{Device, Tensor};

const BATCH: usize = 64;

/// Logits of every head for every example, in order.
struct Judged {
    sentiment: Vec<[f32; SENTIMENTS]>,
    kind: Vec<[f32; KINDS]>,
    urgency: Vec<[f32; URGENCIES]>,
}

fn judge(network: &Network, examples: &[Example], device: Device) -> Result<Judged> {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    order.sort_by_key(|at| examples[*at].row.ids.len());
    let mut judged = Judged {
        sentiment: vec![[0.0; SENTIMENTS]; examples.len()],
        kind: vec![[0.0; KINDS]; examples.len()],
        urgency: vec![[0.0; URGENCIES]; examples.len()],
    };
    for places in order.chunks(BATCH) {
        let inputs = batch::of(places.iter().map(|at| &examples[*at].row), device);
        let scores = tch::no_grad(|| network.scores(&inputs, false))?;
        spread(&scores.sentiment, places, &mut judged.sentiment)?;
        spread(&scores.kind, places, &mut judged.kind)?;
        spread(&scores.urgency, places, &mut judged.urgency)?;
    }
    Ok(judged)
}

fn spread<const C: usize>(scores: &Tensor, places: &[usize], into: &mut [[f32; C]]) -> Result<()> {
    let numbers: Vec<f32> = scores.contiguous().view([-1]).try_into()?;
    for (at, logits) in places.iter().zip(numbers.as_chunks().0) {
        into[*at] = *logits;
    }
    Ok(())
}

/// Temperatures, shifts and thresholds, all of them chosen on the development texts.
pub fn calibrate(
    network: &Network,
    examples: &Examples,
    device: Device,
    progress: &Progress,
) -> Result<Heads> {
    let judged = judge(network, &examples.dev, device)?;
    let dev = || examples.dev.iter().enumerate();
    let by_domain: Vec<tune::Judged<SENTIMENTS>> = (0..DOMAINS)
        .map(|domain| {
            let of_it = dev().filter(|(_, example)| example.domain == domain);
            of_it
                .filter_map(|(at, example)| Some((judged.sentiment[at], largest(&example.sentiment?))))
                .collect()
        })
        .collect();
    let priors = [false, true].map(|answers| priors(&examples.train, answers));
    let sentiment = tune::sentiment_calibration(&by_domain, priors, progress);
    let kinds: Vec<_> =
        dev().filter_map(|(at, example)| Some((judged.kind[at], largest(&example.kind?)))).collect();
    let urgencies: Vec<_> =
        dev().filter_map(|(at, example)| Some((judged.urgency[at], example.urgency?))).collect();
    let names = FeedbackKind::ALL[..KINDS].iter().map(|kind| kind.as_str()).collect::<Vec<_>>();
    let kind = plain("kind", &kinds, &names, tune::UNANSWERED_KINDS, progress)?;
    let names = Urgency::ALL.iter().map(|urgency| urgency.as_str()).collect::<Vec<_>>();
    let urgency = plain("urgency", &urgencies, &names, 0.0, progress)?;
    Ok(Heads { sentiment, kind, urgency })
}

/// A head whose likeliest class is the answer.
fn plain<const C: usize>(
    name: &str,
    judged: &[([f32; C], usize)],
    names: &[&'static str],
    unanswered: f64,
    progress: &Progress,
) -> Result<Calibration> {
    let temperature = calibrate::temperature(judged);
    let scores = evaluate(judged.iter().copied(), names)?;
    progress.say(&format!("{name}, dev: {}, temperature {temperature:.2}", shown(&scores)));
    let none = vec![0.0; C];
    let threshold =
        if unanswered > 0.0 { calibrate::threshold(judged, temperature, unanswered) } else { 0.0 };
    Ok(Calibration { temperature, shift: none.clone(), asked_shift: none, threshold })
}

fn evaluate<const C: usize>(
    judged: impl Iterator<Item = ([f32; C], usize)>,
    names: &[&'static str],
) -> Result<Evaluation> {
    let mut tally = Tally::new(names.iter().copied());
    for (logits, gold) in judged {
        tally.add(names[gold], names[largest(&logits)], 0.5)?;
    }
    Ok(tally.evaluation())
}

fn shown(scores: &Evaluation) -> String {
    format!(
        "n {}, accuracy {:.1}, macro-recall {:.1}, macro-F1 {:.1}",
        scores.n,
        100.0 * scores.accuracy,
        100.0 * scores.macro_recall,
        100.0 * scores.macro_f1
    )
}

fn largest<const C: usize>(numbers: &[f32; C]) -> usize {
    (1..C).fold(0, |best, at| if numbers[at] > numbers[best] { at } else { best })
}

/// Shares of the sentiments in training as they are weighed: of answers, or of texts by themselves.
fn priors(examples: &[Example], answers: bool) -> [f32; SENTIMENTS] {
    let mut sums = [0.0; SENTIMENTS];
    for example in examples.iter().filter(|example| example.asked == answers) {
        for (sum, share) in sums.iter_mut().zip(example.sentiment.unwrap_or_default()) {
            *sum += example.weight * share;
        }
    }
    let all: f32 = sums.iter().sum();
    sums.map(|sum| sum / all)
}
