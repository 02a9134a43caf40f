//! Vectors of eight bits a number, and cosines to them.
//!
//! They are held as the facts have them. What all feedback has in common is taken from both sides before two are compared
//! ([`crate::cases::mean`] says why), here within the product: (v − m)·q = v·q − m·q.

use crate::cases::mean;
use feedback::vector::product;

/// What is shorter than this without what is common says nothing of its own, of a length of 127.
const LEAST: f64 = 4.0;
/// The length of a question in sixteen bits: rounding it costs less than a ten-thousandth of a cosine, and no sum
/// overflows.
const LENGTH: f64 = 16_384.0;
/// Numbers of a vector.
const WIDEST: usize = 4_096;

/// The vectors of one version and width. Two spaces are never compared.
#[derive(Debug, Clone)]
pub(super) struct Space {
    version: Box<str>,
    width: usize,
    /// Those that have one, ascending.
    pub rows: Vec<u32>,
    numbers: Vec<i8>,
    /// Of each vector without what is common; 0 where it says nothing of its own.
    lengths: Vec<f32>,
}

impl Space {
    pub fn vector(&self, at: usize) -> &[i8] {
        &self.numbers[at * self.width..(at + 1) * self.width]
    }

    pub fn is_of(&self, probe: &Probe) -> bool {
        *self.version == *probe.version && self.width == probe.numbers.len()
    }

    /// The cosine to the vector at this place; `None` where it says nothing of its own.
    pub fn likeness(&self, at: usize, probe: &Probe) -> Option<f32> {
        let length = f64::from(self.lengths[at]);
        // At most 2^14 times the length of the other, which is below 2^14: it fits.
        let product = f64::from(product(self.vector(at), &probe.numbers)) - probe.common;
        (length > 0.0).then(|| (product / (length * probe.length)).clamp(-1.0, 1.0) as f32)
    }

    fn heap(&self) -> usize {
        4 * self.rows.capacity() + self.numbers.capacity() + 4 * self.lengths.capacity()
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Spaces(Vec<Space>);

impl Spaces {
    /// Of a row behind all those before. Without numbers, or with more than any encoder gives, there is nothing to compare.
    pub fn push(&mut self, row: u32, version: &str, vector: &[i8]) {
        if vector.is_empty() || vector.len() > WIDEST {
            return;
        }
        let is_same = |space: &Space| *space.version == *version && space.width == vector.len();
        let at = self.0.iter().position(is_same).unwrap_or_else(|| {
            let (rows, numbers, lengths) = (Vec::new(), Vec::new(), Vec::new());
            self.0.push(Space { version: version.into(), width: vector.len(), rows, numbers, lengths });
            self.0.len() - 1
        });
        let space = &mut self.0[at];
        space.rows.push(row);
        space.numbers.extend_from_slice(vector);
        space.lengths.push(own_length(version, vector));
    }

    pub fn get(&self, row: usize) -> Option<(&str, &[i8])> {
        let row = u32::try_from(row).ok()?;
        self.0.iter().find_map(|space| {
            let at = space.rows.binary_search(&row).ok()?;
            Some((&*space.version, space.vector(at)))
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = &Space> {
        self.0.iter()
    }

    pub fn shrink(&mut self) {
        for space in &mut self.0 {
            space.rows.shrink_to_fit();
            space.numbers.shrink_to_fit();
            space.lengths.shrink_to_fit();
        }
    }

    pub fn heap(&self) -> usize {
        self.0.iter().map(|space| size_of::<Space>() + space.heap()).sum()
    }
}

fn own_length(version: &str, vector: &[i8]) -> f32 {
    let common = common(version, vector.len());
    let left = vector.iter().enumerate().map(|(at, number)| {
        let common = common.map_or(0.0, |common| f64::from(common[at]) / 100.0);
        f64::from(*number) - common
    });
    let length = left.map(|number| number * number).sum::<f64>().sqrt();
    if length < LEAST { 0.0 } else { length as f32 }
}

/// What the vectors of a space have in common, in hundredths, where that is known.
fn common(version: &str, width: usize) -> Option<&'static [i16]> {
    mean(version).filter(|mean| mean.len() == width)
}

/// What vectors are compared with: a text that was asked for, or a record.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    version: Box<str>,
    numbers: Vec<i16>,
    length: f64,
    /// Its product with what is common.
    common: f64,
}

impl Probe {
    /// Of a vector of any length; `None` where it says nothing of its own.
    pub fn new(version: &str, vector: &[f32]) -> Option<Self> {
        let squares: f64 = vector.iter().map(|number| f64::from(*number).powi(2)).sum();
        if vector.len() > WIDEST || !squares.is_finite() || squares <= 0.0 {
            return None;
        }
        let common = common(version, vector.len());
        let common = |at: usize| common.map_or(0.0, |common| f64::from(common[at]) / 100.0);
        let scale = 127.0 / squares.sqrt();
        let left: Vec<f64> =
            vector.iter().enumerate().map(|(at, number)| f64::from(*number) * scale - common(at)).collect();
        let length = left.iter().map(|number| number * number).sum::<f64>().sqrt();
        if length < LEAST {
            return None;
        }
        // Not beyond LENGTH, which is within the sixteen bits.
        let numbers: Vec<i16> = left.iter().map(|number| (number * LENGTH / length).round() as i16).collect();
        let own = |number: &i16| f64::from(*number);
        Some(Self {
            version: version.into(),
            length: numbers.iter().map(|number| own(number).powi(2)).sum::<f64>().sqrt(),
            common: numbers.iter().enumerate().map(|(at, number)| own(number) * common(at)).sum(),
            numbers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Rng;

    fn normal(rng: &mut Rng) -> f32 {
        // Twelve uniform numbers have a variance of one.
        (0..12).map(|_| rng.uniform()).sum::<f64>() as f32 - 6.0
    }

    fn unit(rng: &mut Rng, around: Option<&[f32]>, spread: f32) -> Vec<f32> {
        let mut vector: Vec<f32> = (0..256).map(|_| normal(rng)).collect();
        if let Some(around) = around {
            let pairs = vector.iter_mut().zip(around);
            pairs.for_each(|(number, around)| *number = spread * *number + around);
        }
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|number| *number /= length);
        vector
    }

    fn stored(vector: &[f32]) -> Vec<i8> {
        vector.iter().map(|number| (number * 127.0).round() as i8).collect()
    }

    /// The places of the twenty nearest.
    fn nearest(likeness: impl Fn(usize) -> f64, of: usize) -> Vec<usize> {
        let mut all: Vec<(f64, usize)> = (0..of).map(|at| (likeness(at), at)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.truncate(20);
        all.into_iter().map(|(_, at)| at).collect()
    }

    /// The mean share of the twenty nearest by exact cosines of what is stored that are among the twenty nearest here.
    fn recall(vectors: &[Vec<f32>], questions: &[Vec<f32>]) -> f64 {
        let mut spaces = Spaces::default();
        let stored: Vec<Vec<i8>> = vectors.iter().map(|vector| stored(vector)).collect();
        stored.iter().enumerate().for_each(|(row, vector)| spaces.push(row as u32, "v1", vector));
        let space = spaces.iter().next().unwrap();
        let share = |question: &Vec<f32>| {
            let exact = |at: usize| {
                let own = |number: &i8| f64::from(*number);
                let length = stored[at].iter().map(|number| own(number).powi(2)).sum::<f64>().sqrt();
                stored[at].iter().zip(question).map(|(a, b)| own(a) * f64::from(*b)).sum::<f64>() / length
            };
            let probe = Probe::new("v1", question).unwrap();
            let here = |at: usize| {
                let likeness = f64::from(space.likeness(at, &probe).unwrap());
                assert!((likeness - exact(at)).abs() < 1e-3, "{likeness} and {}", exact(at));
                likeness
            };
            let (exact, here) = (nearest(exact, stored.len()), nearest(here, stored.len()));
            exact.iter().filter(|at| here.contains(at)).count() as f64 / 20.0
        };
        questions.iter().map(share).sum::<f64>() / questions.len() as f64
    }

    #[test]
    fn the_nearest_are_those_by_exact_cosines() {
        let mut rng = Rng::new(7);
        let random: Vec<Vec<f32>> = (0..2_000).map(|_| unit(&mut rng, None, 1.0)).collect();
        let questions: Vec<Vec<f32>> = (0..20).map(|_| unit(&mut rng, None, 1.0)).collect();
        let of_random = recall(&random, &questions);
        assert!(of_random >= 0.98, "random: {of_random}");
        let centres: Vec<Vec<f32>> = (0..40).map(|_| unit(&mut rng, None, 1.0)).collect();
        let mut near = |at: usize| unit(&mut rng, Some(&centres[at % 40]), 0.03);
        let clustered: Vec<Vec<f32>> = (0..2_000).map(&mut near).collect();
        let questions: Vec<Vec<f32>> = (0..20).map(&mut near).collect();
        let of_clustered = recall(&clustered, &questions);
        assert!(of_clustered >= 0.98, "clustered: {of_clustered}");
    }

    #[test]
    fn cosines_by_hand() {
        let mut spaces = Spaces::default();
        for (row, vector) in [(0, vec![127, 0]), (2, vec![0, -127]), (5, vec![90, 90]), (6, vec![1, 1])] {
            spaces.push(row, "v1", &vector);
        }
        spaces.push(7, "v1", &[]);
        spaces.push(8, "v2", &[127, 0]);
        let probe = Probe::new("v1", &[3.0, 0.0]).unwrap();
        let space = spaces.iter().find(|space| space.is_of(&probe)).unwrap();
        assert_eq!(space.rows, [0, 2, 5, 6]);
        let likeness: Vec<Option<f32>> = (0..4).map(|at| space.likeness(at, &probe)).collect();
        assert_eq!(likeness[0], Some(1.0));
        assert_eq!(likeness[1], Some(0.0));
        assert!(likeness[2].is_some_and(|likeness| (likeness - 0.5_f32.sqrt()).abs() < 1e-4));
        assert_eq!(likeness[3], None, "too short to point anywhere");
        assert_eq!(
            spaces.iter().filter(|space| space.is_of(&probe)).count(),
            1,
            "versions are never compared"
        );
        assert_eq!(spaces.get(8), Some(("v2", &[127_i8, 0][..])));
        assert_eq!((spaces.get(1), spaces.get(7)), (None, None));
        for nothing in [&[][..], &[0.0, 0.0], &[f32::NAN, 1.0], &[f32::INFINITY, 1.0]] {
            assert!(Probe::new("v1", nothing).is_none(), "{nothing:?}");
        }
    }

    /// As the vectors of cases without their common part, but for what rounding those costs.
    #[test]
    fn what_all_have_in_common_makes_nothing_alike() {
        let space = "minilm-static-64:644fc9e0";
        let mean = mean(space).unwrap();
        let mean: Vec<f64> = mean.iter().map(|number| f64::from(*number) / 100.0).collect();
        // Of length 127, and the mean but for one place.
        let with = |at: usize| -> Vec<i8> {
            let others = mean.iter().enumerate().filter(|(place, _)| *place != at);
            let rest: f64 = others.map(|(_, number)| number * number).sum();
            let number = |(place, number): (usize, &f64)| {
                if place == at { (127.0 * 127.0 - rest).sqrt() } else { *number }
            };
            mean.iter().enumerate().map(number).map(|number| number.round() as i8).collect()
        };
        let mut spaces = Spaces::default();
        (0..3).for_each(|row| spaces.push(row, space, &with(row as usize)));
        let question: Vec<f32> = with(0).iter().map(|number| f32::from(*number)).collect();
        let probe = Probe::new(space, &question).unwrap();
        let own = spaces.iter().next().unwrap();
        let likeness: Vec<f32> = (0..3).filter_map(|at| own.likeness(at, &probe)).collect();
        assert!(likeness[0] > 0.99, "{likeness:?}");
        assert!(likeness[1].abs() < 0.1 && likeness[2].abs() < 0.1, "{likeness:?}");
    }
}
