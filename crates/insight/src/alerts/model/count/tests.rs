use super::*;
use crate::stats::rng::Rng;
use statrs::distribution::{Discrete, NegativeBinomial};

const FIRST: Hour = Hour(20_514 * 24);
const DAYS: usize = 63;

/// A Poisson number by counting exponential gaps.
fn poisson(rng: &mut Rng, mean: f64) -> u32 {
    let (mut n, mut sum) = (0, 0.0);
    loop {
        sum -= (1.0 - rng.uniform()).ln();
        if sum > mean {
            return n;
        }
        n += 1;
    }
}

fn stream(a_day: f64, growth: f64) -> Vec<u32> {
    let mut rng = Rng::new(11);
    let hour = |at: usize| {
        let weekend = if at / A_DAY % 7 >= 5 { 0.5 } else { 1.2 };
        let mean = a_day / 24.0 * weekend * (growth * at as f64 / A_WEEK as f64).exp();
        poisson(&mut rng, mean)
    };
    (0..DAYS * A_DAY).map(hour).collect()
}

fn learn(counts: &[u32], left_out: &[bool]) -> CountModel {
    CountModel::learn(counts, left_out, FIRST, 0..56 * A_DAY, DAYS).unwrap()
}

#[test]
fn a_steady_stream_is_learned() {
    let model = learn(&stream(240.0, 0.0), &[false; DAYS * A_DAY]);
    let of_week = |day: usize| (0..24).map(|hour| model.mean[day * 24 + hour]).sum::<f64>();
    assert!((of_week(1) / 288.0 - 1.0).abs() < 0.06, "{}", of_week(1));
    assert!((of_week(6) / 120.0 - 1.0).abs() < 0.08, "{}", of_week(6));
    assert!(model.unsure < 0.06 && model.dispersion < 2.2, "{model:?}");
    let range = model.range(288.0, 24.0 * 144.0);
    assert!(range.low > 210.0 && range.high < 370.0 && range.contains(288.0), "{range:?}");
}

#[test]
fn an_incident_left_out_is_not_learned_from() {
    let mut counts = stream(240.0, 0.0);
    let mut left_out = vec![false; DAYS * A_DAY];
    for at in 30 * A_DAY..34 * A_DAY {
        counts[at] *= 20;
        left_out[at] = true;
    }
    let usual = learn(&stream(240.0, 0.0), &[false; DAYS * A_DAY]);
    let model = learn(&counts, &left_out);
    let hour = FIRST.plus(30);
    assert!((model.expected(hour) / usual.expected(hour) - 1.0).abs() < 0.1);
}

#[test]
fn growth_is_followed_up_to_one_percent_a_week() {
    let growing = learn(&stream(500.0, 0.009), &[false; DAYS * A_DAY]);
    let steady = learn(&stream(500.0, 0.0), &[false; DAYS * A_DAY]);
    let sum = |model: &CountModel| model.mean.iter().sum::<f64>();
    let ratio = sum(&growing) / sum(&steady);
    // Nine weeks on: e^0.081 = 1.084.
    assert!((1.02..1.14).contains(&ratio), "{ratio}");
    let weeks: Vec<(f64, f64)> = (0..8).map(|week| (1_000.0 * 1.3_f64.powi(week), 1_000.0)).collect();
    assert_eq!(Trend::of(&weeks, 1.0).unwrap().growth, MOST_GROWTH);
    assert!(Trend::of(&weeks[..3], 1.0).is_none());
    assert!(Trend::of(&[(0.0, 0.0); 8], 1.0).is_none());
}

#[test]
fn ratios_are_those_of_negative_binomials() {
    let mean = [3.0; A_WEEK];
    let model = CountModel { mean, unsure: 0.0, scatter: 0.25, dispersion: 1.0 };
    for n in [0_u32, 2, 9] {
        for (times, ratio) in TIMES.into_iter().zip(model.rises(FIRST, n)) {
            // Size 4, and the chance of size / (size + mean).
            let log =
                |mean: f64| NegativeBinomial::new(4.0, 4.0 / (4.0 + mean)).unwrap().ln_pmf(u64::from(n));
            let expected = log(3.0 * times) - log(3.0);
            assert!((ratio - expected).abs() < 1e-9, "{n} {times}: {ratio} is not {expected}");
        }
    }
    let back = model.recovery(FIRST, 2, 2.0) + model.rises(FIRST, 2)[2];
    assert!(back.abs() < 1e-12);
}

#[test]
fn a_tempered_ratio_is_an_e_value() {
    let model = CountModel { mean: [3.0; A_WEEK], unsure: 0.1, scatter: 0.25, dispersion: 1.7 };
    let usual = NegativeBinomial::new(4.0, 4.0 / 7.0).unwrap();
    for at in 0..TIMES.len() {
        let expectation: f64 = (0..400).map(|n| usual.pmf(n) * model.rises(FIRST, n as u32)[at].exp()).sum();
        assert!(expectation <= 1.0, "{expectation}");
    }
}

#[test]
fn too_little_is_not_learned_from() {
    let counts = vec![1; DAYS * A_DAY];
    let left_out = vec![true; DAYS * A_DAY];
    assert_eq!(CountModel::learn(&counts, &left_out, FIRST, 0..56 * A_DAY, DAYS), None);
    let none = CountModel::learn(&vec![0; DAYS * A_DAY], &[false; DAYS * A_DAY], FIRST, 0..56 * A_DAY, DAYS);
    assert!(none.unwrap().expected(FIRST) > 0.0);
}
