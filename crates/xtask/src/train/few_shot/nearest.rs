//! Likeness by itself: whether the nearest of all other texts means the same, as when duplicates are looked for.

use super::measure::Measured;
use super::tasks::Texts;
use crate::train::intents;
use crate::train::space::{Passage, Space};
use anyhow::Result;
use std::path::Path;

/// On banking77, whose labels no vectors were trained with.
pub fn measure(data: &Path, texts: Texts, space: &dyn Space) -> Result<Measured> {
    let [set] = intents::read(data, "banking77", [texts.without_dev()])?;
    let labelled: Vec<(usize, &String)> = set
        .by_label
        .values()
        .enumerate()
        .flat_map(|(label, texts)| texts.iter().take(MOST_TEXTS).map(move |text| (label, text)))
        .collect();
    let passages: Vec<Passage<'_>> = labelled.iter().map(|(_, text)| Passage::whole(text)).collect();
    let vectors: Vec<Vec<i8>> = space.vectors(&passages)?.into_iter().flatten().collect();
    let right = (0..vectors.len()).filter(|at| labelled[nearest(&vectors, *at)].0 == labelled[*at].0).count();
    let neighbours = Some(right as f64 / labelled.len() as f64);
    Ok(Measured { texts: labelled.len(), neighbours, ..Measured::default() })
}

/// Of an intent: as many as its test split has.
const MOST_TEXTS: usize = 40;

/// The place of the vector that is likest to another one's.
fn nearest(vectors: &[Vec<i8>], of: usize) -> usize {
    let likeness = |at: &usize| -> i32 {
        vectors[*at].iter().zip(&vectors[of]).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
    };
    (0..vectors.len()).filter(|at| *at != of).max_by_key(likeness).unwrap_or(of)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nobody_is_their_own_neighbour() {
        let vectors = vec![vec![127, 0], vec![120, 40], vec![0, 127]];
        assert_eq!([0, 1, 2].map(|at| nearest(&vectors, at)), [1, 0, 1]);
    }
}
