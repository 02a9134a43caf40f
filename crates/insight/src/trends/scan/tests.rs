use super::super::windows::windows;
use super::*;

const LEAST: Least = Least { exposure: 1.0, events: 5.0 };
const DAYS: usize = 84;

/// Two sources with a weekly rhythm and a burst of the second one; `rate` of topic mentions by day.
fn stream(seed: u64, phi: f64, rate: impl Fn(usize) -> f64) -> Cells {
    let mut rng = Rng::new(seed);
    let mut exposure = Vec::new();
    for scale in [120.0, 40.0] {
        for day in 0..DAYS {
            let weekend = if day % 7 >= 5 { 0.4 } else { 1.0 };
            let burst = if scale < 100.0 && (30..33).contains(&day) { 6.0 } else { 1.0 };
            exposure.push((scale * weekend * burst * (0.8 + 0.4 * rng.uniform())) as u32);
        }
    }
    let mut events = vec![0; exposure.len()];
    for (at, n) in exposure.iter().enumerate() {
        // One cell at a time, so that every day may have a rate of its own.
        let share = rate(at % DAYS) * if at < DAYS { 1.0 } else { 3.0 };
        let mut drawn = [0];
        NullModel::single(*n, share, phi).draw(&mut rng, &mut drawn);
        events[at] = drawn[0];
    }
    Cells::new(DAYS, events, exposure)
}

fn scanned(cells: &Cells) -> Found {
    scan(cells, &windows(DAYS, &(0..DAYS)), LEAST, &mut Rng::new(1)).unwrap()
}

#[test]
fn a_planted_outage_is_found_on_its_days() {
    let found = scanned(&stream(5, 1.0, |day| if (50..52).contains(&day) { 0.18 } else { 0.04 }));
    assert_eq!(found.window, 50..52);
    assert!(found.observed > 2.0 * found.expected);
    assert!(found.p < 1e-6, "{}", found.p);
}

#[test]
fn a_drift_is_a_window_that_reaches_to_the_end() {
    let found = scanned(&stream(8, 1.0, |day| 0.05 + 0.05 * day.saturating_sub(35) as f64 / 49.0));
    assert!(found.window.end >= 82 && found.window.start >= 35, "{:?}", found.window);
    assert!(found.observed > found.expected && found.p < 1e-3, "{found:?}");
}

#[test]
fn fewer_is_found_too() {
    let found = scanned(&stream(9, 1.0, |day| if day >= 56 { 0.03 } else { 0.08 }));
    assert!((54..=58).contains(&found.window.start) && found.window.end >= 82, "{:?}", found.window);
    assert!(found.observed < found.expected && found.p < 1e-6);
}

/// The days after an outage have fewer events than those with it: so the scan finds them, and what they mirror.
#[test]
fn what_mirrors_an_episode_of_the_history_is_known_by_it() {
    let cells = stream(12, 1.0, |day| if (20..30).contains(&day) { 0.18 } else { 0.04 });
    let found = scan(&cells, &windows(DAYS, &(56..DAYS)), LEAST, &mut Rng::new(1)).unwrap();
    assert!(found.p < 0.01 && !found.is_up(), "{found:?}");
    assert_eq!(mirrored(&cells, &found, LEAST, 1).as_slice(), std::slice::from_ref(&(20..30)));
    let rest = cells.without(&(20..30));
    let again = scan(&rest, &windows(DAYS, &(56..DAYS)), LEAST, &mut Rng::new(1)).unwrap();
    assert!(again.p > 0.05, "{again:?}");
}

/// Beside one of two outages of like size there is the other: the time after both stands out, and neither of them.
#[test]
fn what_mirrors_two_episodes_of_like_size_is_known_by_both() {
    for seed in 12..=14 {
        let outage = |day: usize| (10..20).contains(&day) || (30..40).contains(&day);
        let cells = stream(seed, 1.0, |day| if outage(day) { 0.18 } else { 0.04 });
        let all = windows(DAYS, &(56..DAYS));
        let found = scan(&cells, &all, LEAST, &mut Rng::new(1)).unwrap();
        assert!(found.p < 0.001 && !found.is_up(), "{found:?}");
        assert!(mirrored(&cells, &found, LEAST, 1).is_empty());
        let mut both = mirrored(&cells, &found, LEAST, 3);
        both.sort_by_key(|episode| episode.start);
        assert_eq!(both, [10..20, 30..40]);
        let rest = both.iter().fold(cells, |rest, episode| rest.without(episode));
        let beside: Vec<_> = all.into_iter().filter(|w| both.iter().all(|one| are_apart(w, one))).collect();
        let again = scan(&rest, &beside, LEAST, &mut Rng::new(1)).unwrap();
        assert!(again.p > 0.05, "{again:?}");
    }
}

#[test]
fn a_change_for_good_is_no_mirror_image_of_the_days_before_it() {
    for seed in [9, 10] {
        let cells = stream(seed, 1.0, |day| if day >= 42 { 0.03 } else { 0.08 });
        let found = scan(&cells, &windows(DAYS, &(56..DAYS)), LEAST, &mut Rng::new(1)).unwrap();
        assert_eq!((found.window.clone(), found.is_up()), (42..DAYS, false));
        assert!(mirrored(&cells, &found, LEAST, 3).is_empty());
    }
}

#[test]
fn an_episode_is_told_and_not_the_days_after_it() {
    let found = scanned(&stream(5, 1.0, |day| if (30..44).contains(&day) { 0.18 } else { 0.04 }));
    assert_eq!(found.window, 30..44);
    // A change that goes on mirrors nothing.
    let rise = stream(9, 1.0, |day| if day >= 56 { 0.08 } else { 0.03 });
    assert!(mirrored(&rise, &scanned(&rise), LEAST, 3).is_empty());
}

#[test]
fn the_same_seed_gives_the_same_answer() {
    let cells = stream(11, 1.5, |_| 0.05);
    assert_eq!(scanned(&cells), scanned(&cells));
}

#[test]
fn dispersion_is_found_and_left_out_of_the_window() {
    let quiet = stream(4, 1.0, |day| if (60..63).contains(&day) { 0.3 } else { 0.05 });
    let found = scanned(&quiet);
    assert!(found.phi < 1.3, "the outage itself is no dispersion: {found:?}");
    let loud: f64 = (0..10).map(|seed| scanned(&stream(seed, 3.0, |_| 0.05)).phi).sum::<f64>() / 10.0;
    assert!((2.0..6.0).contains(&loud), "{loud}");
}

#[test]
fn nothing_to_look_at_gives_nothing() {
    let cells = Cells::new(20, vec![0; 20], vec![100; 20]);
    assert_eq!(scan(&cells, &windows(20, &(0..20)), LEAST, &mut Rng::new(1)), None);
    let tiny = Cells::new(5, vec![3; 5], vec![9; 5]);
    assert_eq!(scan(&tiny, &windows(5, &(0..5)), LEAST, &mut Rng::new(1)), None);
}

/// The share of quiet streams with `p <= 0.05`, `streams` of them.
fn false_alarms(streams: u64, phi: f64, rate: f64) -> f64 {
    use rayon::prelude::*;
    let hits = (0..streams)
        .into_par_iter()
        .filter(|seed| {
            let cells = stream(1_000 + seed, phi, |_| rate);
            let mut rng = Rng::new(*seed);
            scan(&cells, &windows(DAYS, &(0..DAYS)), LEAST, &mut rng).is_some_and(|found| found.p <= 0.05)
        })
        .count();
    hits as f64 / streams as f64
}

// The level holds within the binomial error of 400 streams (5% + 2.6 standard errors), Poisson-like
// and overdispersed, for common and for rare topics.
#[test]
fn p_values_keep_their_level() {
    for (phi, rate) in [(1.0, 0.05), (1.0, 0.005), (2.0, 0.05), (3.0, 0.12)] {
        let share = false_alarms(400, phi, rate);
        assert!(share <= 0.05 + 2.6 * (0.05f64 * 0.95 / 400.0).sqrt(), "phi {phi}, rate {rate}: {share}");
        assert!(share > 0.005, "phi {phi}, rate {rate}: {share} is no test at all");
    }
}
