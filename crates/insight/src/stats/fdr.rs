//! Many tests at once.

/// Benjamini-Hochberg q-values, in the order of `p` (Benjamini and Hochberg 1995, JRSS B 57:289):
/// calling everything with `q <= 0.05` real keeps the expected share of false calls at 5%.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (from_top, &at) in order.iter().enumerate() {
        let rank = p.len() - from_top;
        least = least.min(p[at] * p.len() as f64 / rank as f64);
        q[at] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // The example of Benjamini and Hochberg 1995, section 4 (thrombolysis, 15 endpoints): four are
    // rejected at 5%, where Bonferroni rejects three.
    #[test]
    fn the_example_of_the_paper() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        let q = benjamini_hochberg(&p);
        assert_eq!(q.iter().filter(|q| **q <= 0.05).count(), 4);
        assert_eq!(p.iter().filter(|p| **p * 15.0 <= 0.05).count(), 3);
        // statsmodels 0.15: multipletests(p, method="fdr_bh")[1].
        let reference = [0.0015, 0.003, 0.0095, 0.035625, 0.0603];
        for (q, r) in q.iter().zip(reference) {
            assert!((q - r).abs() < 1e-12, "{q} is not {r}");
        }
    }

    #[test]
    fn nothing_tested_nothing_found() {
        assert!(benjamini_hochberg(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn q_is_never_below_p_and_keeps_its_order(p in prop::collection::vec(0.0f64..=1.0, 1..60)) {
            let q = benjamini_hochberg(&p);
            for i in 0..p.len() {
                prop_assert!(q[i] >= p[i] - 1e-15 && q[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || q[i] <= q[j]);
                }
            }
        }
    }
}
