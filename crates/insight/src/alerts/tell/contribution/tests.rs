use super::*;
use proptest::prelude::*;

fn records(records: u64) -> Tally {
    Tally { records, ..Tally::default() }
}

/// Answers that are 0 or 1.
fn answers(low: u64, high: u64) -> Tally {
    Tally { records: low + high, sum: high as f64, low }
}

fn counted(field: &str, value: &str, usual: Tally, since: Tally) -> Counted {
    Counted { field: field.to_owned(), value: value.to_owned(), since, usual }
}

fn values(found: &[Contribution]) -> Vec<&str> {
    found.iter().map(|one| one.value.as_str()).collect()
}

#[test]
fn a_version_that_brings_the_excess_carries_it() {
    // Of 200 records before 20 were due: 10 of the old version, and 10 of the web.
    let all = [
        counted("app_version", "7.3", records(0), records(40)),
        counted("app_version", "7.2", records(100), records(10)),
        counted("app_version", "", records(100), records(30)),
        counted("language", "en", records(200), records(80)),
    ];
    let found = excess(&all, 20.0, UsualOf::Same);
    assert_eq!(values(&found), ["7.3"], "{found:?}");
    assert!((found[0].share - 40.0 / 60.0).abs() < 1e-12 && found[0].usual == 0.0);
    assert_eq!((found[0].since, found[0].part_of, found[0].usual_of), (40, PartOf::Excess, UsualOf::Same));
}

#[test]
fn without_an_excess_or_with_nothing_before_nothing_carries_it() {
    let german = |usual, since| {
        let rest = counted("language", "en", records(100), records(10));
        [counted("language", "de", records(usual), records(since)), rest]
    };
    assert_eq!(excess(&german(100, 50), 60.0, UsualOf::Same), [], "as many as were due");
    assert_eq!(values(&excess(&german(100, 50), 20.0, UsualOf::Same)), ["de"]);
    assert_eq!(excess(&[], 0.0, UsualOf::Same), []);
    // What never was is no usual part of 0%.
    let new = [counted("language", "en", records(0), records(60))];
    assert_eq!(excess(&new, 0.0, UsualOf::Same), []);
    let few = [
        counted("language", "de", records(1), records(60)),
        counted("language", "en", records(28), records(9)),
    ];
    assert_eq!(excess(&few, 3.0, UsualOf::Everything), [], "29 records");
}

#[test]
fn what_all_have_carries_nothing() {
    let of = |usual: (u64, u64), since: (u64, u64)| {
        let all = [
            counted("language", "en", records(usual.0), records(since.0)),
            counted("language", "de", records(usual.1), records(since.1)),
        ];
        values(&excess(&all, 10.0, UsualOf::Everything)).join("+")
    };
    assert_eq!(of((970, 30), (190, 10)), "", "nearly all speak it, before and since");
    assert_eq!(of((970, 30), (150, 50)), "de", "a twentieth before, and a quarter of what came");
    assert_eq!(of((500, 500), (200, 0)), "en");
}

// scipy 1.17.1: binom.sf(11, 40, 15.5/101) = 0.01424, binom.sf(12, 40, 15.5/101) = 0.00526.
#[test]
fn chance_alone_carries_nothing() {
    let of = |since: u64| {
        let all = [
            counted("segment", "pro", records(15), records(since)),
            counted("segment", "free", records(45), records(20)),
            counted("segment", "team", records(40), records(20 - since)),
        ];
        excess(&all, 10.0, UsualOf::Same)
    };
    assert_eq!(of(12), []);
    let found = of(13);
    assert_eq!(values(&found), ["pro"]);
    assert!((found[0].share - 11.5 / 30.0).abs() < 1e-12 && (found[0].usual - 0.15).abs() < 1e-12);
}

// scipy 1.17.1: binom.sf(k - 1, n, p).
#[test]
fn the_chance_of_so_many_agrees_with_scipy() {
    for (hits, of, p, expected) in [
        (12, 40, 0.15, 0.011_969_217_872_532_124),
        (13, 40, 0.15, 0.004_313_387_357_827_584),
        (5, 60, 0.5 / 31.0, 0.002_855_715_406_925_284_7),
    ] {
        let chance = at_least(hits, of, p);
        assert!((chance / expected - 1.0).abs() < 1e-9, "{hits} of {of}: {chance}");
    }
    assert_eq!(at_least(0, 9, 0.1), 1.0);
}

#[test]
fn a_score_is_carried_by_where_it_fell() {
    // 100 answers before, 80 of them high; 100 since, 50 of them high: all that was lost was lost in one territory.
    let all = [
        counted("territory", "DE", answers(10, 40), answers(40, 10)),
        counted("territory", "FR", answers(10, 40), answers(10, 40)),
        counted("segment", "free", answers(10, 40), answers(25, 25)),
        counted("segment", "pro", answers(10, 40), answers(25, 25)),
    ];
    let found = fall(&all, 0.8, UsualOf::Same);
    assert_eq!(values(&found), ["DE"], "it fell alike in both segments: {found:?}");
    let one = &found[0];
    assert!((one.share - 1.0).abs() < 1e-12 && (one.usual - 0.5).abs() < 1e-12, "{one:?}");
    assert_eq!((one.since, one.part_of), (50, PartOf::Fall));
    assert_eq!(fall(&all, 0.5, UsualOf::Same), [], "no fall");
}

#[test]
fn who_is_always_unhappy_carries_no_fall_that_all_have() {
    // Half of the free ones are always unhappy. It fell by ten points everywhere.
    let even = [
        counted("segment", "free", answers(100, 100), answers(120, 80)),
        counted("segment", "pro", answers(20, 180), answers(40, 160)),
    ];
    assert_eq!(fall(&even, 0.7, UsualOf::Same), []);
    // New ones alone.
    let new = [
        counted("segment", "trial", answers(0, 0), answers(40, 10)),
        counted("segment", "pro", answers(40, 160), answers(30, 120)),
    ];
    let found = fall(&new, 0.8, UsualOf::Same);
    assert_eq!(values(&found), ["trial"], "{found:?}");
    assert!((found[0].share - 1.0).abs() < 1e-12 && found[0].usual == 0.0);
}

fn tally() -> impl Strategy<Value = Tally> {
    (0u64..50, 0u64..50).prop_map(|(low, high)| answers(low, high))
}

proptest! {
    #[test]
    fn the_parts_of_a_field_add_up_to_the_fall(
        values in prop::collection::vec((tally(), tally()), 1..6),
        mean in 0.0f64..=1.0,
    ) {
        let all: Vec<Counted> =
            values.iter().map(|(usual, since)| counted("segment", "", *usual, *since)).collect();
        let mut sums = Sums::default();
        for one in &all {
            sums.since.add(one.since);
            sums.usual.add(one.usual);
        }
        prop_assume!(sums.usual.records > 0);
        let parts: f64 = all.iter().map(|one| fallen(one, &sums, mean)).sum();
        let n = sums.since.records as f64;
        prop_assert!((parts - (n * mean - sums.since.sum)).abs() < 1e-6, "{parts}");
    }
}
