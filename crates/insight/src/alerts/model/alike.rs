//! How alike neighbouring days are: a busy day is often followed by another one.
//!
//! Evidence adds up over days as if they were independent. Where neighbouring ones are correlated by `r`, which fades by the
//! same factor with every day between them, the sum of many varies `(1 + r) / (1 - r)` times as much (Bayley and Hammersley
//! 1946, "The effective number of independent observations in an autocorrelated time series"): so many times their
//! scatter counts.

/// What is believed before a pair of days was seen, and as how many pairs that counts. Where it was believed that days are
/// not alike, streams whose days are gave more false alerts than are allowed in the first weeks.
const PRIOR: f64 = 0.2;
const PRIOR_PAIRS: f64 = 10.0;
/// So many of its standard errors are added: an `r` taken too low costs false alerts, one taken too high a few hours.
const ERRORS_ADDED: f64 = 0.5;
const MOST: f64 = 0.8;

/// How many times the scatter of days counts. `residuals` are those of days in their order, standardised, so that by chance
/// alone their variance is 1; `None` for a day that is not known.
pub(super) fn alike(residuals: &[Option<f64>]) -> f64 {
    let r = autocorrelation(residuals);
    (1.0 + r) / (1.0 - r)
}

/// From 0 to [`MOST`]. Days that scatter less than by chance have little to be alike in.
fn autocorrelation(residuals: &[Option<f64>]) -> f64 {
    let (mut days, mut squares) = (0.0, 0.0);
    for residual in residuals.iter().flatten() {
        days += 1.0;
        squares += residual * residual;
    }
    let (mut pairs, mut products) = (0.0, 0.0);
    for pair in residuals.windows(2) {
        if let [Some(before), Some(after)] = pair {
            pairs += 1.0;
            products += before * after;
        }
    }
    let seen = if pairs > 0.0 { products / pairs / (squares / days).max(1.0) } else { 0.0 };
    let all = pairs + PRIOR_PAIRS;
    ((pairs * seen + PRIOR_PAIRS * PRIOR) / all + ERRORS_ADDED / all.sqrt()).clamp(0.0, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Rng;

    /// Days of which each keeps the part `r` of the one before it.
    fn days(r: f64, many: usize) -> Vec<f64> {
        let mut rng = Rng::new(23);
        let mut day = rng.normal();
        let next = |_| {
            day = r * day + (1.0 - r * r).sqrt() * rng.normal();
            day
        };
        (0..many).map(next).collect()
    }

    fn known(days: &[f64]) -> Vec<Option<f64>> {
        days.iter().copied().map(Some).collect()
    }

    fn near(value: f64, expected: f64, by: f64) {
        assert!((value - expected).abs() < by, "{value} is not {expected}");
    }

    // By hand: the products are 1, -1, 1 and the squares 1, so that three pairs say a third and ten say 0.2; and half of
    // 1 / sqrt 13.
    #[test]
    fn few_days_say_little() {
        near(autocorrelation(&known(&[1.0, 1.0, -1.0, -1.0])), 3.0 / 13.0 + 0.5 / 13.0_f64.sqrt(), 1e-12);
        near(autocorrelation(&[]), 0.2 + 0.5 / 10.0_f64.sqrt(), 1e-12);
        near(autocorrelation(&[Some(3.0), None, Some(3.0)]), 0.2 + 0.5 / 10.0_f64.sqrt(), 1e-12);
        // Squares of 4 on average, products of 4: two pairs say 1.
        near(autocorrelation(&known(&[2.0, 2.0, 2.0])), 4.0 / 12.0 + 0.5 / 12.0_f64.sqrt(), 1e-12);
    }

    #[test]
    fn many_days_show_how_alike_they_are() {
        for r in [0.0, 0.3, 0.5, 0.7] {
            near(autocorrelation(&known(&days(r, 8_000))), r, 0.03);
        }
        assert_eq!(autocorrelation(&known(&days(0.95, 8_000))), MOST);
        // Those that take turns are not alike.
        assert_eq!(alike(&known(&[1.5, -1.5].repeat(40))), 1.0);
        // Nor are those that hardly scatter.
        assert!(autocorrelation(&known(&[0.01; 400])) < 0.04);
    }

    #[test]
    fn sums_of_many_days_vary_so_many_times_as_much() {
        let many = days(0.5, 60_000);
        let sums: Vec<f64> = many.chunks(30).map(|days| days.iter().sum()).collect();
        let variance = sums.iter().map(|sum| sum * sum).sum::<f64>() / sums.len() as f64 / 30.0;
        // Of 30 days 3 - 2 x 0.5 / (30 x 0.25) = 2.87, of many 3.
        near(variance, 2.87, 0.3);
        near(alike(&known(&many)), 3.0, 0.15);
    }
}
