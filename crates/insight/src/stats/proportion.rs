//! Shares and their differences.

use super::{Interval, Z95, distribution::normal_two_sided};

/// A share as counted: `hits` of `n`, `hits <= n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    pub hits: f64,
    pub n: f64,
}

impl Proportion {
    #[must_use]
    pub fn new(hits: u64, n: u64) -> Self {
        debug_assert!(hits <= n);
        Self { hits: hits as f64, n: n as f64 }
    }

    /// The same share on fewer effective observations: `n` divided by the dispersion `phi >= 1`.
    #[must_use]
    pub fn deflated(self, phi: f64) -> Self {
        Self { hits: self.hits / phi, n: self.n / phi }
    }

    /// 0 of 0 counts as 0.
    #[must_use]
    pub fn share(self) -> f64 {
        if self.n > 0.0 { self.hits / self.n } else { 0.0 }
    }

    /// Wilson's score interval (Wilson 1927; method 3 of Newcombe 1998, Stat Med 17:857). Without
    /// observations every share is possible.
    #[must_use]
    pub fn wilson(self) -> Interval {
        if self.n <= 0.0 {
            return Interval::new(0.0, 1.0);
        }
        let (p, n, z2) = (self.share(), self.n, Z95 * Z95);
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        // At 0 and at n of n the bound is exact; rounding must not leave a crumb.
        let low = if self.hits <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
        let high = if self.hits >= self.n { 1.0 } else { (centre + half).min(1.0) };
        Interval::new(low, high)
    }
}

/// A difference of two shares with its interval, as a fraction (0.05 is five points).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub value: f64,
    pub interval: Interval,
}

/// `a - b` with Newcombe's hybrid score interval (method 10 of Newcombe 1998, Stat Med 17:873).
#[must_use]
pub fn newcombe(a: Proportion, b: Proportion) -> Difference {
    stratified_newcombe(&[(a, b)])
}

/// The difference within strata, with Mantel-Haenszel weights; the interval recovers the variances of
/// each stratum's Newcombe interval (MOVER: Zou and Donner 2008, Stat Med 27:1693). With one
/// stratum it is Newcombe's. Strata that lie on one side only say nothing and weigh nothing.
#[must_use]
pub fn stratified_newcombe(strata: &[(Proportion, Proportion)]) -> Difference {
    let total: f64 = strata.iter().map(weight).sum();
    let (mut value, mut below, mut above) = (0.0, 0.0, 0.0);
    if total <= 0.0 {
        return Difference { value, interval: Interval::new(-1.0, 1.0) };
    }
    for (a, b) in strata {
        let w = weight(&(*a, *b)) / total;
        let (pa, pb, ia, ib) = (a.share(), b.share(), a.wilson(), b.wilson());
        value += w * (pa - pb);
        below += w * w * ((pa - ia.low).powi(2) + (ib.high - pb).powi(2));
        above += w * w * ((ia.high - pa).powi(2) + (pb - ib.low).powi(2));
    }
    Difference { value, interval: Interval::new(value - below.sqrt(), value + above.sqrt()) }
}

/// The two shares whose difference [`stratified_newcombe`] tells: weighed alike, of the strata that lie on both sides.
#[must_use]
pub fn stratified_shares(strata: &[(Proportion, Proportion)]) -> [f64; 2] {
    let total: f64 = strata.iter().map(weight).sum();
    let (mut of_a, mut of_b) = (0.0, 0.0);
    if total <= 0.0 {
        return [of_a, of_b];
    }
    for pair in strata {
        let w = weight(pair) / total;
        of_a += w * pair.0.share();
        of_b += w * pair.1.share();
    }
    [of_a, of_b]
}

/// Mantel and Haenszel's: none where a side has no observations.
fn weight((a, b): &(Proportion, Proportion)) -> f64 {
    if a.n + b.n > 0.0 { a.n * b.n / (a.n + b.n) } else { 0.0 }
}

/// The two-sided p-value of the pooled z-test that two shares are equal; 1 where nothing can differ.
#[must_use]
pub fn two_proportions(a: Proportion, b: Proportion) -> f64 {
    if a.n <= 0.0 || b.n <= 0.0 {
        return 1.0;
    }
    let pooled = (a.hits + b.hits) / (a.n + b.n);
    let se = (pooled * (1.0 - pooled) * (1.0 / a.n + 1.0 / b.n)).sqrt();
    if se > 0.0 { normal_two_sided((a.share() - b.share()) / se) } else { 1.0 }
}

/// The two-sided p-value that the shares of no stratum differ: Cochran's test (Cochran 1954, Biometrics 10:417), which weighs the
/// differences as [`stratified_newcombe`] does. With one stratum it is [`two_proportions`]; 1 where nothing can differ.
#[must_use]
pub fn stratified_two_proportions(strata: &[(Proportion, Proportion)]) -> f64 {
    let (mut difference, mut variance) = (0.0, 0.0);
    for (a, b) in strata.iter().filter(|(a, b)| a.n > 0.0 && b.n > 0.0) {
        let (pooled, weight) = ((a.hits + b.hits) / (a.n + b.n), a.n * b.n / (a.n + b.n));
        difference += weight * (a.share() - b.share());
        variance += weight * pooled * (1.0 - pooled);
    }
    if variance > 0.0 { normal_two_sided(difference / variance.sqrt()) } else { 1.0 }
}

/// How much more daily shares scatter than chance alone would have it: Pearson's chi-square of
/// `(hits, n)` by day around their common share, over its degrees of freedom; at least 1.
#[must_use]
pub fn dispersion(days: &[(u64, u64)]) -> f64 {
    let (hits, n) = days.iter().fold((0, 0), |(hits, n), day| (hits + day.0, n + day.1));
    let share = Proportion::new(hits, n).share();
    let seen: Vec<&(u64, u64)> = days.iter().filter(|(_, n)| *n > 0).collect();
    if seen.len() < 2 || hits == 0 || hits == n {
        return 1.0;
    }
    let chi_square: f64 = seen
        .iter()
        .map(|(hits, n)| {
            let n = *n as f64;
            (*hits as f64 - n * share).powi(2) / (n * share * (1.0 - share))
        })
        .sum();
    (chi_square / (seen.len() - 1) as f64).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is(interval: Interval, low: f64, high: f64) {
        let near = |a: f64, b: f64| (a - b).abs() < 5.1e-5;
        assert!(near(interval.low, low) && near(interval.high, high), "{interval:?} is not {low} to {high}");
    }

    // Newcombe 1998, Stat Med 17:857-872, table I, method 3 (score, without continuity correction).
    #[test]
    fn wilson_agrees_with_newcombes_table() {
        is(Proportion::new(81, 263).wilson(), 0.2553, 0.3662);
        is(Proportion::new(15, 148).wilson(), 0.0624, 0.1605);
        is(Proportion::new(0, 20).wilson(), 0.0, 0.1611);
        is(Proportion::new(1, 29).wilson(), 0.0061, 0.1718);
    }

    // Newcombe 1998, Stat Med 17:873-890, table II, method 10.
    #[test]
    fn differences_agree_with_newcombes_table() {
        let pair = |a, m, b, n| newcombe(Proportion::new(a, m), Proportion::new(b, n)).interval;
        is(pair(56, 70, 48, 80), 0.0524, 0.3339);
        is(pair(9, 10, 3, 10), 0.1705, 0.8090);
        is(pair(6, 7, 2, 7), 0.0582, 0.8062);
        is(pair(5, 56, 0, 29), -0.0381, 0.1926);
        is(pair(0, 10, 0, 20), -0.1611, 0.2775);
        is(pair(0, 10, 0, 10), -0.2775, 0.2775);
        is(pair(10, 10, 0, 20), 0.6791, 1.0);
        is(pair(10, 10, 0, 10), 0.6075, 1.0);
    }

    // statsmodels 0.15: proportions_ztest([56, 48], [70, 80]).
    #[test]
    fn two_proportions_agree_with_statsmodels() {
        let p = two_proportions(Proportion::new(56, 70), Proportion::new(48, 80));
        assert!((p - 0.008_045_081_368_196_56).abs() < 1e-9, "{p}");
        assert_eq!(two_proportions(Proportion::new(0, 5), Proportion::new(0, 9)), 1.0);
        assert_eq!(two_proportions(Proportion::new(0, 0), Proportion::new(3, 9)), 1.0);
    }

    // By hand: differences of 0.2 and -0.05 with weights of 37.3333 and 50; variances of 37.3333 x 0.693333 x 0.306667
    // and 50 x 0.125 x 0.875.
    #[test]
    fn strata_are_added_up() {
        let one = (Proportion::new(56, 70), Proportion::new(48, 80));
        let other = (Proportion::new(10, 100), Proportion::new(15, 100));
        assert!((stratified_two_proportions(&[one]) - two_proportions(one.0, one.1)).abs() < 1e-12);
        let z = (56.0 / 15.0 * 2.0 - 2.5)
            / (112.0 / 3.0 * (104.0 / 150.0) * (46.0 / 150.0) + 50.0 * 0.125 * 0.875_f64).sqrt();
        let p = stratified_two_proportions(&[one, other]);
        assert!((p - normal_two_sided(z)).abs() < 1e-12 && (0.16..0.18).contains(&p), "{p}");
        // What lies on one side only says nothing.
        let alone = (Proportion::new(3, 9), Proportion::new(0, 0));
        assert_eq!(stratified_two_proportions(&[one, other, alone]), p);
        assert_eq!(stratified_two_proportions(&[alone]), 1.0);
        assert_eq!(stratified_two_proportions(&[]), 1.0);
    }

    #[test]
    fn strata_take_away_a_change_of_mix() {
        // Both sources stay as they were; only their sizes trade places.
        let strata = [
            (Proportion::new(540, 600), Proportion::new(90, 100)),
            (Proportion::new(10, 100), Proportion::new(60, 600)),
        ];
        let pooled = newcombe(Proportion::new(550, 700), Proportion::new(150, 700));
        assert!(pooled.value > 0.5);
        let fair = stratified_newcombe(&strata);
        assert!(fair.value.abs() < 1e-12 && fair.interval.contains(0.0));
        // What lies on one side only is left out of the shares as well.
        let [after, before] =
            stratified_shares(&[&strata[..], &[(Proportion::new(9, 9), Proportion::new(0, 0))]].concat());
        assert!((after - before).abs() < 1e-12 && (after - 0.5).abs() < 1e-12, "{after} {before}");
        assert_eq!(stratified_shares(&[]), [0.0, 0.0]);
        assert!((stratified_two_proportions(&strata) - 1.0).abs() < 1e-9);
    }

    // By hand: shares 1/10 and 9/10 around 1/2: chi-square 4^2/2.5 twice, one degree of freedom.
    #[test]
    fn scatter_is_told_from_chance() {
        assert!((dispersion(&[(1, 10), (9, 10)]) - 12.8).abs() < 1e-12);
        assert_eq!(dispersion(&[(5, 10), (5, 10), (0, 0)]), 1.0);
        assert_eq!(dispersion(&[(0, 10), (0, 10)]), 1.0);
    }

    proptest! {
        #[test]
        fn intervals_hold_the_share_and_shrink_with_n((hits, n) in (1u64..400).prop_flat_map(|n| (0..=n, Just(n)))) {
            let few = Proportion::new(hits, n);
            let many = Proportion::new(hits * 10, n * 10);
            let (wide, narrow) = (few.wilson(), many.wilson());
            prop_assert!(wide.low >= 0.0 && wide.high <= 1.0);
            prop_assert!(wide.low <= few.share() && few.share() <= wide.high);
            prop_assert!(narrow.high - narrow.low < wide.high - wide.low);
        }

        #[test]
        fn a_difference_turned_round_changes_sign(a in 0u64..=40, b in 0u64..=60) {
            let (x, y) = (Proportion::new(a, 40), Proportion::new(b, 60));
            let (one, other) = (newcombe(x, y), newcombe(y, x));
            prop_assert!((one.value + other.value).abs() < 1e-12);
            prop_assert!((one.interval.low + other.interval.high).abs() < 1e-12);
            prop_assert!(one.interval.contains(one.value));
        }
    }
}
