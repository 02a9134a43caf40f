//! Temperature, prior shift and threshold: chosen on development data, nothing else.

use super::linear::softmax;

/// The temperature with the least log loss: golden-section search, 0.2 to 5.
pub fn temperature<const C: usize>(logits: &[([f32; C], usize)]) -> f32 {
    let loss = |temperature: f32| -> f64 {
        let one = |(logits, gold): &([f32; C], usize)| {
            f64::from(softmax(&logits.map(|logit| logit / temperature))[*gold].max(1e-9).ln())
        };
        -logits.iter().map(one).sum::<f64>()
    };
    let ratio = (5f32.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.2f32, 5.0f32);
    for _ in 0..40 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    (low + high) / 2.0
}

/// The largest bound on the likeliest class's probability that leaves at most `share` of the texts unanswered.
pub fn threshold<const C: usize>(logits: &[([f32; C], usize)], temperature: f32, share: f64) -> f32 {
    let likeliest = |(logits, _): &([f32; C], usize)| {
        softmax(&logits.map(|logit| logit / temperature)).into_iter().fold(0.0, f32::max)
    };
    let mut all: Vec<f32> = logits.iter().map(likeliest).collect();
    all.sort_by(f32::total_cmp);
    // Two digits: no more is known.
    all.get((all.len() as f64 * share) as usize).map_or(0.0, |bound| (bound * 100.0).floor() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overconfidence_is_cooled() {
        // Seven in ten are right, at logits that claim near certainty.
        let logits: Vec<([f32; 2], usize)> =
            (0..100).map(|at| ([6.0, 0.0], usize::from(at % 10 >= 7))).collect();
        let t = temperature(&logits);
        assert!((softmax(&[6.0 / t, 0.0])[0] - 0.7).abs() < 0.02 || t > 4.9);
        assert!(threshold(&logits, t, 0.5) <= 1.0);
    }
}
