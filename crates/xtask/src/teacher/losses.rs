//! What a step makes smaller.

use super::batches::Batch;
use super::examples::{DOMAINS, EMOTIONS, Example};
use crate::train::tune;
use analyze::encoder::transformer::batch;
use analyze::encoder::transformer::network::Network;
use analyze::encoder::{KINDS, SENTIMENTS};
use anyhow::Result;
use tch::{Device, Kind, Reduction, Tensor, nn};

const KIND_WEIGHT: f64 = 1.0;
const URGENCY_WEIGHT: f64 = 0.5;
/// Of staying near what the public weights say of a text.
const LIKENESS_WEIGHT: f64 = 1.0;
/// Of the emotions, whose loss is a sum over all of them.
const EMOTION_WEIGHT: f64 = 0.15;
const INTENT_WEIGHT: f64 = 0.2;
const INTENT_TEMPERATURE: f64 = 0.07;
/// Of the labels of sentiment and urgency: labellers err.
const SMOOTHING: f32 = 0.1;
/// So many of a batch's texts are also held against the public weights.
const LIKENESS_TEXTS: usize = 8;
/// tweeteval-sentiment, goemotions and vader-gt, which stand first.
const LARGE_DOMAINS: i64 = 3;

/// What training needs beside the network, and leaves behind.
pub struct Aids {
    /// Offsets of the sentiment a domain; see [`offsets`].
    pub domains: Tensor,
    pub emotions: nn::Linear,
}

pub struct Loss {
    pub total: Tensor,
    /// Names and values, for the progress.
    parts: Vec<(&'static str, f64)>,
}

pub fn of(
    batch: &Batch<'_>,
    network: &Network,
    aids: &Aids,
    public: &Network,
    device: Device,
) -> Result<Loss> {
    match batch {
        Batch::Texts(examples) => texts(examples, network, aids, public, device),
        Batch::Intents(rows) => {
            let inputs = batch::of(rows.iter().map(|(_, row)| *row), device);
            let vectors = unit(&network.scores(&inputs, true)?.vector.squeeze_dim(1));
            let labels =
                Tensor::from_slice(&rows.iter().map(|(intent, _)| *intent as i64).collect::<Vec<_>>());
            let near = vectors_loss(&vectors, &labels.to_device(device));
            let kept = likeness(&vectors, public, &inputs)?;
            let total = &near * INTENT_WEIGHT + &kept * LIKENESS_WEIGHT;
            Ok(Loss { parts: vec![("intents", value(&near)), ("likeness", value(&kept))], total })
        }
    }
}

fn texts(
    examples: &[&Example],
    network: &Network,
    aids: &Aids,
    public: &Network,
    device: Device,
) -> Result<Loss> {
    let inputs = batch::of(examples.iter().map(|example| &example.row), device);
    let scores = network.scores(&inputs, true)?;
    let mut total = Tensor::zeros([], (Kind::Float, device));
    let mut parts = Vec::new();
    let mut add = |name, loss: Option<Tensor>, weight: f64| {
        if let Some(loss) = loss {
            parts.push((name, value(&loss)));
            total = &total + loss * weight;
        }
    };
    add("sentiment", sentiment(examples, &scores.sentiment.squeeze_dim(1), &aids.domains, device), 1.0);
    let felt = scores.pooled.squeeze_dim(1).apply(&aids.emotions);
    add("emotions", emotions(examples, &felt, device), EMOTION_WEIGHT);
    add("kind", kind(examples, &scores.kind.squeeze_dim(1), device), KIND_WEIGHT);
    add("urgency", urgency(examples, &scores.urgency.squeeze_dim(1), device), URGENCY_WEIGHT);
    // A few are enough, and the public weights' pass costs.
    let few = batch::of(examples.iter().take(LIKENESS_TEXTS).map(|example| &example.row), device);
    let width = LIKENESS_TEXTS.min(examples.len()) as i64;
    let vectors = unit(&scores.vector.squeeze_dim(1).narrow(0, 0, width));
    add("likeness", Some(likeness(&vectors, public, &few)?), LIKENESS_WEIGHT);
    Ok(Loss { total, parts })
}

/// The rows that have a label, and their labels.
fn labelled<T>(examples: &[&Example], label: impl Fn(&Example) -> Option<T>) -> (Vec<i64>, Vec<T>) {
    let known = |(at, example): (usize, &&Example)| Some((at as i64, label(example)?));
    examples.iter().enumerate().filter_map(known).unzip()
}

fn chosen(logits: &Tensor, places: &[i64], device: Device) -> Tensor {
    logits.index_select(0, &Tensor::from_slice(places).to_device(device))
}

/// Those of the three large sets are told apart by nothing in the row, and centred: what they have in common belongs to the
/// head. Answers have none, for the row names their question.
fn offsets(domains: &Tensor) -> Tensor {
    let large = domains.narrow(0, 0, LARGE_DOMAINS);
    let centred = &large - large.mean_dim([0i64].as_slice(), true, Kind::Float);
    let rest = domains.narrow(0, LARGE_DOMAINS, DOMAINS as i64 - LARGE_DOMAINS);
    let all = Tensor::cat(&[centred, rest], 0);
    let kept: Vec<f32> = (0..DOMAINS).map(|domain| f32::from(u8::from(domain != tune::ANSWERS))).collect();
    all * Tensor::from_slice(&kept).view([-1, 1]).to_device(domains.device())
}

/// Cross-entropy; each domain has an offset of its own, so that the shared head need not learn who labelled.
fn sentiment(examples: &[&Example], logits: &Tensor, domains: &Tensor, device: Device) -> Option<Tensor> {
    let smooth = |share: f32| (1.0 - SMOOTHING) * share + SMOOTHING / SENTIMENTS as f32;
    let (places, gold) = labelled(examples, |example| example.sentiment.map(|shares| shares.map(smooth)));
    if places.is_empty() {
        return None;
    }
    let of_rows: Vec<i64> = places.iter().map(|at| examples[*at as usize].domain as i64).collect();
    let logits = chosen(logits, &places, device) + chosen(&offsets(domains), &of_rows, device);
    let gold = Tensor::from_slice(gold.as_flattened()).view([-1, SENTIMENTS as i64]).to_device(device);
    Some(-(logits.log_softmax(-1, Kind::Float) * gold).sum(Kind::Float) / places.len() as f64)
}

fn kind(examples: &[&Example], logits: &Tensor, device: Device) -> Option<Tensor> {
    let (places, gold) = labelled(examples, |example| example.kind);
    if places.is_empty() {
        return None;
    }
    let gold = Tensor::from_slice(gold.as_flattened()).view([-1, KINDS as i64]).to_device(device);
    let surprise = -(chosen(logits, &places, device).log_softmax(-1, Kind::Float) * gold).sum(Kind::Float);
    // By the size of the batch, not of its labelled part: a batch with one written text must not shake everything.
    Some(surprise / examples.len() as f64 * (SENTIMENTS as f64))
}

fn urgency(examples: &[&Example], logits: &Tensor, device: Device) -> Option<Tensor> {
    let (places, gold) = labelled(examples, |example| example.urgency.map(|class| class as i64));
    if places.is_empty() {
        return None;
    }
    let gold = Tensor::from_slice(&gold).to_device(device);
    let loss = chosen(logits, &places, device).cross_entropy_loss::<Tensor>(
        &gold,
        None,
        Reduction::Sum,
        -100,
        f64::from(SMOOTHING),
    );
    Some(loss / examples.len() as f64 * (SENTIMENTS as f64))
}

/// Binary cross-entropy of each emotion, for they do not exclude one another.
fn emotions(examples: &[&Example], logits: &Tensor, device: Device) -> Option<Tensor> {
    let (places, gold) = labelled(examples, |example| example.emotions);
    if places.is_empty() {
        return None;
    }
    let gold = Tensor::from_slice(gold.as_flattened()).view([-1, EMOTIONS as i64]).to_device(device);
    let logits = chosen(logits, &places, device);
    let loss = logits.binary_cross_entropy_with_logits::<Tensor>(&gold, None, None, Reduction::Sum);
    Some(loss / examples.len() as f64)
}

pub fn unit(vectors: &Tensor) -> Tensor {
    vectors / vectors.norm_scalaropt_dim(2.0, [-1i64], true).clamp_min(1e-6)
}

/// One minus the cosine with what the public weights say.
fn likeness(
    vectors: &Tensor,
    public: &Network,
    inputs: &analyze::encoder::transformer::network::Batch,
) -> Result<Tensor> {
    let old = tch::no_grad(|| public.pooled(inputs, false))?;
    let old = unit(&old.squeeze_dim(1));
    Ok((-(vectors * old).sum_dim_intlist([-1i64].as_slice(), false, Kind::Float) + 1.0).mean(Kind::Float))
}

/// Supervised contrast (Khosla et al. 2020): texts of one intent are near, those of others far.
fn vectors_loss(vectors: &Tensor, labels: &Tensor) -> Tensor {
    let rows = vectors.size()[0];
    let own = Tensor::eye(rows, (Kind::Float, vectors.device()));
    let near = vectors.matmul(&vectors.tr()) / INTENT_TEMPERATURE - &own * 1e4;
    let same = labels.unsqueeze(0).eq_tensor(&labels.unsqueeze(1)).to_kind(Kind::Float) - own;
    let likely = near.log_softmax(-1, Kind::Float);
    let friends = same.sum_dim_intlist([-1i64].as_slice(), false, Kind::Float).clamp_min(1.0);
    -((likely * same).sum_dim_intlist([-1i64].as_slice(), false, Kind::Float) / friends).mean(Kind::Float)
}

fn value(tensor: &Tensor) -> f64 {
    tensor.double_value(&[])
}

/// The means since they were last shown.
#[derive(Default)]
pub struct Mean(std::collections::BTreeMap<&'static str, (f64, usize)>);

impl Mean {
    pub fn add(&mut self, loss: &Loss) {
        for (name, value) in &loss.parts {
            let (sum, count) = self.0.entry(name).or_default();
            *sum += value;
            *count += 1;
        }
    }

    pub fn take(&mut self) -> String {
        let shown = |(name, (sum, count)): (&str, (f64, usize))| format!("{name} {:.3}", sum / count as f64);
        std::mem::take(&mut self.0).into_iter().map(shown).collect::<Vec<_>>().join(", ")
    }
}
