//! What leaving out the unsure answers gains: accuracy of the surest part.

use super::estimate::Estimate;
use super::tally::Answer;
use serde::Serialize;

/// Percents of the texts, the surest first.
const PERCENTS: [usize; 7] = [50, 60, 70, 80, 90, 95, 100];

/// The surest part of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Covered {
    /// Its share of all.
    pub coverage: f64,
    pub n: u64,
    /// Of the least sure among them; 0 where that is "unknown".
    pub confidence: f64,
    /// With Wilson's interval.
    pub accuracy: Estimate,
}

/// Accuracy of the surest 50, 60, 70, 80, 90, 95 and 100% of the texts, and of as many more as are equally sure. "Unknown"
/// comes last and is wrong.
#[must_use]
pub fn coverage(answers: &[Answer]) -> Vec<Covered> {
    let mut sorted = answers.to_vec();
    sorted.sort_by(|a, b| sureness(b).total_cmp(&sureness(a)));
    let part = |percent: usize| {
        let asked = sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?)?;
        let part = &sorted[..sorted.partition_point(|answer| sureness(answer) >= sureness(asked))];
        let least = part.last()?;
        let (n, right) = (part.len() as u64, part.iter().filter(|answer| answer.is_right()).count() as u64);
        let confidence = f64::from(sureness(least).max(0.0));
        Some(Covered {
            coverage: n as f64 / sorted.len() as f64,
            n,
            confidence,
            accuracy: Estimate::share(right, n),
        })
    };
    let mut parts: Vec<Covered> = PERCENTS.into_iter().filter_map(part).collect();
    parts.dedup_by_key(|part| part.n);
    parts
}

/// Below every confidence where there is no answer.
fn sureness(answer: &Answer) -> f32 {
    if answer.said.is_some() { answer.confidence } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surest_come_first_and_unknown_last() {
        // Right down to a confidence of 0.6, wrong below; "unknown" however sure.
        let mut answers: Vec<Answer> = (1..=19)
            .map(|at| Answer { gold: 0, said: Some(usize::from(at < 12)), confidence: at as f32 / 20.0 })
            .collect();
        answers.insert(3, Answer { gold: 0, said: None, confidence: 0.99 });
        let covered = coverage(&answers);
        let shape: Vec<(u64, f64)> = covered.iter().map(|part| (part.n, part.accuracy.value)).collect();
        assert_eq!(
            shape,
            [
                (10, 0.8),
                (12, 8.0 / 12.0),
                (14, 8.0 / 14.0),
                (16, 0.5),
                (18, 8.0 / 18.0),
                (19, 8.0 / 19.0),
                (20, 0.4)
            ]
        );
        assert_eq!((covered[0].confidence, covered[6].confidence), (0.5, 0.0));
        assert_eq!(covered[6].accuracy, Estimate::share(8, 20));
        assert!(coverage(&[]).is_empty());
        let alike = vec![Answer { gold: 0, said: None, confidence: 0.3 }; 40];
        let whole = Covered { coverage: 1.0, n: 40, confidence: 0.0, accuracy: Estimate::share(0, 40) };
        assert_eq!(coverage(&alike), [whole], "nothing tells the first half from the second");
    }
}
