//! Vectors that lie together.
//!
//! Leader clustering (Hartigan 1975, "Clustering Algorithms", chapter 3) with the mean cosine to all members in place of the
//! leader's own, as cases are formed; then each vector goes to the group that it is nearest to when all are there, so that
//! little hangs on the order; then groups that are alike become one. All in whole numbers of fixed scale: the same on every
//! machine.

use feedback::vector::product;

/// A vector joins where its mean cosine to the members is at least this. A topic is wider than a case, whose reports say the
/// same thing at 0.5.
const JOIN: f64 = 0.45;
/// Two groups are one where the mean cosine between their members is at least this.
const MERGE: f64 = 0.4;
/// Groups that are kept while they form; what is near none of them is left alone then.
const MOST_GROUPS: usize = 2_000;
/// Of them, those that go on: the largest.
const MOST_SETTLED: usize = 200;
/// And have at least so many members.
const LEAST_SETTLED: usize = 3;

/// What the product of two equal vectors is, but for rounding.
const SQUARE: f64 = 127.0 * 127.0;
/// Steps of a mean: it fits in sixteen bits, and its product with a vector in thirty-two.
const STEPS: i32 = 64;

/// Vectors of length 127 that lie together: their places among all, ascending, the nearest to the middle first in `nearest`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub members: Vec<usize>,
    pub nearest: Vec<usize>,
}

/// Sum and mean of the members.
#[derive(Debug, Clone)]
struct Middle {
    sum: Vec<i32>,
    /// In [`STEPS`].
    mean: Vec<i16>,
    count: i32,
}

impl Middle {
    fn of(vector: &[i8]) -> Self {
        let mut middle = Self { sum: vec![0; vector.len()], mean: vec![0; vector.len()], count: 0 };
        middle.add(vector);
        middle
    }

    fn add(&mut self, vector: &[i8]) {
        self.count += 1;
        for ((sum, mean), number) in self.sum.iter_mut().zip(&mut self.mean).zip(vector) {
            *sum += i32::from(*number);
            // Within ±128 times the steps.
            *mean = (*sum * STEPS / self.count) as i16;
        }
    }

    /// The mean cosine of a vector to all in it.
    fn likeness(&self, vector: &[i8]) -> f64 {
        f64::from(product(vector, &self.mean)) / (SQUARE * f64::from(STEPS))
    }

    /// The mean cosine between the members of two.
    fn between(&self, other: &Self) -> f64 {
        let product: i64 = self.sum.iter().zip(&other.sum).map(|(a, b)| i64::from(*a) * i64::from(*b)).sum();
        product as f64 / (SQUARE * f64::from(self.count) * f64::from(other.count))
    }
}

/// The groups of vectors of one width, the largest first. An empty vector is of none, nor is one of another width than the
/// first.
pub(super) fn groups(vectors: &[Vec<i8>]) -> Vec<Group> {
    let width = vectors.iter().map(Vec::len).find(|width| *width > 0).unwrap_or(0);
    let within: Vec<usize> =
        (0..vectors.len()).filter(|at| width > 0 && vectors[*at].len() == width).collect();
    let leaders = led(vectors, &within);
    let settled = settled(vectors, &within, &leaders);
    merged(vectors, settled)
}

/// The nearest of some middles that is near enough; of two as near the first.
fn nearest<'m>(middles: impl Iterator<Item = (usize, &'m Middle)>, vector: &[i8]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (at, middle) in middles {
        let likeness = middle.likeness(vector);
        if likeness >= JOIN && best.is_none_or(|(_, most)| likeness > most) {
            best = Some((at, likeness));
        }
    }
    best.map(|(at, _)| at)
}

/// The middles of the largest groups as they form, one vector after the other.
fn led(vectors: &[Vec<i8>], within: &[usize]) -> Vec<Middle> {
    let mut middles: Vec<Middle> = Vec::new();
    for at in within {
        match nearest(middles.iter().enumerate(), &vectors[*at]) {
            Some(group) => middles[group].add(&vectors[*at]),
            None if middles.len() < MOST_GROUPS => middles.push(Middle::of(&vectors[*at])),
            None => {}
        }
    }
    middles.retain(|middle| middle.count as usize >= LEAST_SETTLED);
    middles.sort_by_key(|middle| std::cmp::Reverse(middle.count));
    middles.truncate(MOST_SETTLED);
    middles
}

/// The members of each, when all middles are there.
fn settled(vectors: &[Vec<i8>], within: &[usize], middles: &[Middle]) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); middles.len()];
    for at in within {
        if let Some(group) = nearest(middles.iter().enumerate(), &vectors[*at]) {
            members[group].push(*at);
        }
    }
    members.retain(|members| members.len() >= LEAST_SETTLED);
    members.sort_by_key(|members| (std::cmp::Reverse(members.len()), members[0]));
    members
}

/// From the largest on, each joins the one before it that it is most like.
fn merged(vectors: &[Vec<i8>], settled: Vec<Vec<usize>>) -> Vec<Group> {
    let mut kept: Vec<(Middle, Vec<usize>)> = Vec::new();
    for members in settled {
        let mut middle = Middle::of(&vectors[members[0]]);
        members[1..].iter().for_each(|at| middle.add(&vectors[*at]));
        let mut best: Option<(usize, f64)> = None;
        for (at, (other, _)) in kept.iter().enumerate() {
            let likeness = other.between(&middle);
            if likeness >= MERGE && best.is_none_or(|(_, most)| likeness > most) {
                best = Some((at, likeness));
            }
        }
        match best {
            Some((at, _)) => {
                members.iter().for_each(|member| kept[at].0.add(&vectors[*member]));
                kept[at].1.extend(members);
            }
            None => kept.push((middle, members)),
        }
    }
    let mut groups: Vec<Group> =
        kept.into_iter().map(|(middle, members)| group(vectors, &middle, members)).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.members.len()), group.members[0]));
    groups
}

fn group(vectors: &[Vec<i8>], middle: &Middle, mut members: Vec<usize>) -> Group {
    members.sort_unstable();
    let mut nearest: Vec<(f64, usize)> =
        members.iter().map(|at| (middle.likeness(&vectors[*at]), *at)).collect();
    nearest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    Group { members, nearest: nearest.into_iter().map(|(_, at)| at).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Rng;
    use proptest::prelude::*;

    /// Around one of some directions, or anywhere.
    fn vector(rng: &mut Rng, around: Option<usize>) -> Vec<i8> {
        let mut numbers: Vec<f64> = (0..128).map(|_| rng.uniform() - 0.5).collect();
        if let Some(at) = around {
            numbers[at] += 8.0;
        }
        let length = numbers.iter().map(|number| number * number).sum::<f64>().sqrt();
        numbers.iter().map(|number| (number * 127.0 / length).round() as i8).collect()
    }

    #[test]
    fn what_lies_together_is_found_among_what_does_not() {
        let mut rng = Rng::new(11);
        // Three directions of 40, 25 and 10, and 100 of none.
        let sizes = [(Some(0), 40), (Some(1), 25), (Some(2), 10), (None, 100)];
        let mut all: Vec<(Option<usize>, Vec<i8>)> = Vec::new();
        for (around, size) in sizes {
            all.extend((0..size).map(|_| (around, vector(&mut rng, around))));
        }
        // In no order.
        all.sort_by_key(|(_, vector)| vector[5]);
        let vectors: Vec<Vec<i8>> = all.iter().map(|(_, vector)| vector.clone()).collect();
        let found = groups(&vectors);
        assert_eq!(found.len(), 3, "{found:?}");
        for (group, (around, size)) in found.iter().zip(sizes) {
            let own = group.members.iter().filter(|at| all[**at].0 == around).count();
            assert_eq!((own, group.members.len()), (size, size), "{around:?}");
        }
    }

    #[test]
    fn nothing_lies_together_where_nothing_is() {
        assert_eq!(groups(&[]), []);
        assert_eq!(groups(&[Vec::new(), Vec::new()]), []);
        // The width of the first holds.
        let mixed = [vec![], vec![127, 0], vec![1, 2, 3], vec![127, 0], vec![127, 1]];
        let found = groups(&mixed);
        assert_eq!(found, [Group { members: vec![1, 3, 4], nearest: vec![4, 1, 3] }]);
    }

    #[test]
    fn groups_that_are_alike_are_one() {
        // At 0 and at 60 degrees: apart by 0.5, and each alone by what joins.
        let (a, b) = (vec![127_i8, 0], vec![64_i8, 110]);
        let vectors = [vec![a.clone(); 5], vec![b.clone(); 3]].concat();
        let middles = [Middle::of(&a), Middle::of(&b)];
        assert!((middles[0].between(&middles[1]) - 0.5).abs() < 0.01);
        assert_eq!(merged(&vectors, vec![(0..5).collect(), (5..8).collect()]).len(), 1);
        let far = vec![-127_i8, 0];
        let vectors = [vec![a; 5], vec![far; 3]].concat();
        assert_eq!(merged(&vectors, vec![(0..5).collect(), (5..8).collect()]).len(), 2);
    }

    proptest! {
        #[test]
        fn a_middle_is_the_mean_of_cosines(
            vectors in prop::collection::vec(prop::collection::vec(any::<i8>(), 16), 1..9),
            other in prop::collection::vec(any::<i8>(), 16),
        ) {
            let mut middle = Middle::of(&vectors[0]);
            vectors[1..].iter().for_each(|vector| middle.add(vector));
            let cosine = |vector: &Vec<i8>| crate::cases::likeness(vector, &other);
            let mean = vectors.iter().map(cosine).sum::<f64>() / vectors.len() as f64;
            // Means are cut to a sixty-fourth.
            prop_assert!((middle.likeness(&other) - mean).abs() < 16.0 * 128.0 / 64.0 / SQUARE + 1e-9);
            let exact = middle.between(&Middle::of(&other));
            prop_assert!((exact - mean).abs() < 1e-9);
        }

        #[test]
        fn no_vector_is_of_two_groups(seed in any::<u64>(), size in 0_usize..60) {
            let mut rng = Rng::new(seed);
            let vectors: Vec<Vec<i8>> = (0..size).map(|at| vector(&mut rng, (at % 3 > 0).then_some(at % 3))).collect();
            let found = groups(&vectors);
            let mut seen = std::collections::HashSet::new();
            for group in &found {
                prop_assert!(group.members.is_sorted() && group.members.iter().all(|at| seen.insert(*at)));
                let mut nearest = group.nearest.clone();
                nearest.sort_unstable();
                prop_assert_eq!(&nearest, &group.members);
            }
            prop_assert_eq!(groups(&vectors), found);
        }
    }
}
