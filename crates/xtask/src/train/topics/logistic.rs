//! Logistic regression on standardised evidence, by Newton's method.

use super::pairs::Pair;
use analyze::encoder::weights::TopicFacts;
use analyze::topics::EVIDENCE;

/// Of the squared weights, a pair: evidence that says the same twice shares its weight.
const DECAY: f64 = 1e-3;
const ROUNDS: usize = 20;
/// The evidence and a constant.
const SIZE: usize = EVIDENCE + 1;

type Row = [f64; SIZE];

/// Weights add up to one; `threshold` is set later.
pub fn fit(pairs: &[Pair]) -> TopicFacts {
    let all: f64 = pairs.iter().map(|pair| f64::from(pair.weight)).sum();
    let mean_of = |value: &dyn Fn(&Pair) -> f64| {
        pairs.iter().map(|pair| f64::from(pair.weight) * value(pair)).sum::<f64>() / all
    };
    let mean: [f64; EVIDENCE] = std::array::from_fn(|at| mean_of(&|pair| f64::from(pair.evidence[at])));
    let spread: [f64; EVIDENCE] = std::array::from_fn(|at| {
        mean_of(&|pair| (f64::from(pair.evidence[at]) - mean[at]).powi(2)).sqrt().max(1e-3)
    });
    let standard = |pair: &Pair| -> Row {
        std::array::from_fn(|at| match pair.evidence.get(at) {
            Some(value) => (f64::from(*value) - mean[at]) / spread[at],
            None => 1.0,
        })
    };
    let rows: Vec<(Row, f64, f64)> = pairs
        .iter()
        .map(|pair| (standard(pair), f64::from(u8::from(pair.said)), f64::from(pair.weight) / all))
        .collect();
    let mut weights = [0.0; SIZE];
    for _ in 0..ROUNDS {
        let step = newton_step(&rows, &weights);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight -= step);
    }
    let coefficients: Vec<f32> = (0..EVIDENCE).map(|at| (weights[at] / spread[at]) as f32).collect();
    let shift: f64 = (0..EVIDENCE).map(|at| weights[at] / spread[at] * mean[at]).sum();
    TopicFacts { bias: (weights[EVIDENCE] - shift) as f32, coefficients, threshold: 0.5 }
}

/// The inverse of the second derivative times the first.
fn newton_step(rows: &[(Row, f64, f64)], weights: &Row) -> Row {
    let (mut gradient, mut curvature) = ([0.0; SIZE], [[0.0; SIZE]; SIZE]);
    for (x, said, share) in rows {
        let score: f64 = x.iter().zip(weights).map(|(x, w)| x * w).sum();
        let probability = 1.0 / (1.0 + (-score).exp());
        let (error, slope) = (share * (probability - said), share * probability * (1.0 - probability));
        for at in 0..SIZE {
            gradient[at] += error * x[at];
            (0..=at).for_each(|other| curvature[at][other] += slope * x[at] * x[other]);
        }
    }
    for at in 0..SIZE {
        (at + 1..SIZE).for_each(|other| curvature[at][other] = curvature[other][at]);
        // The constant is not drawn to zero; a trace keeps the system solvable where all pairs agree.
        let decay = if at < EVIDENCE { DECAY } else { 0.0 };
        gradient[at] += decay * weights[at];
        curvature[at][at] += decay + 1e-9;
    }
    solved(curvature, gradient)
}

/// Gaussian elimination; the matrix is positive, so that no pivot needs to be looked for.
fn solved(mut matrix: [Row; SIZE], mut right: Row) -> Row {
    for at in 0..SIZE {
        let pivot = matrix[at];
        for below in at + 1..SIZE {
            let factor = matrix[below][at] / pivot[at];
            matrix[below].iter_mut().zip(&pivot).for_each(|(value, above)| *value -= factor * above);
            right[below] -= factor * right[at];
        }
    }
    for at in (0..SIZE).rev() {
        let known: f64 = (at + 1..SIZE).map(|other| matrix[at][other] * right[other]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_that_tells_gets_weight() {
        let pair = |at: usize| {
            let mut evidence = [0.1 * (at % 3) as f32; EVIDENCE];
            evidence[0] = if at.is_multiple_of(2) { 0.9 } else { 0.2 };
            Pair { evidence, said: at.is_multiple_of(2), weight: 1.0 }
        };
        let facts = fit(&(0..60).map(pair).collect::<Vec<_>>());
        assert!(facts.coefficients[0] > 1.0 && facts.coefficients[0] > facts.coefficients[4].abs());
    }

    #[test]
    fn probabilities_are_shares() {
        // Of pairs with the same evidence three in ten are right.
        let pairs: Vec<Pair> =
            (0..100).map(|at| Pair { evidence: [0.5; EVIDENCE], said: at % 10 < 3, weight: 1.0 }).collect();
        let facts = fit(&pairs);
        let score = facts.bias + facts.coefficients.iter().map(|c| c * 0.5).sum::<f32>();
        assert!((1.0 / (1.0 + (-score).exp()) - 0.3).abs() < 1e-3);
    }
}
