//! How often something rare happens, by how often it was seen.

use super::Interval;
use statrs::function::gamma::gamma_lr;

/// Half of 5%, on either side.
const TAIL: f64 = 0.025;

/// The exact 95% interval of the mean of a Poisson number that was seen to be `seen` (Garwood 1936, "Fiducial limits for the
/// Poisson distribution"): below its lower end at least as many, and above its upper end at most as many, come in less than
/// 2.5% of cases.
#[must_use]
pub fn garwood(seen: u64) -> Interval {
    let seen = seen as f64;
    // The chance of at least a records with the mean m is the regularized lower incomplete gamma function of a at m.
    let low = if seen > 0.0 { mean(seen, TAIL) } else { 0.0 };
    Interval::new(low, mean(seen + 1.0, 1.0 - TAIL))
}

/// The mean with which at least `seen` come with the chance `chance`, by halving.
fn mean(seen: f64, chance: f64) -> f64 {
    let (mut low, mut high) = (0.0, seen + 10.0 * seen.sqrt() + 10.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if gamma_lr(seen, middle) < chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    // scipy 1.17.1: chi2.ppf(0.025, 2 k) / 2 and chi2.ppf(0.975, 2 k + 2) / 2.
    #[test]
    fn intervals_agree_with_scipy() {
        for (seen, low, high) in [
            (0, 0.0, 3.688_879_454_113_935),
            (1, 0.025_317_807_984_289_876, 5.571_643_390_938_898),
            (5, 1.623_486_390_118_421, 11.668_332_079_322_67),
            (17, 9.903_126_469_607_294, 27.218_646_815_906_613),
            (120, 99.491_925_625_938_7, 143.490_585_369_352_26),
        ] {
            let interval = garwood(seen);
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b.max(1.0);
            assert!(near(interval.low, low) && near(interval.high, high), "{seen}: {interval:?}");
        }
    }
}
