//! Outages of the past, and what a report tells of the weeks after them.

use super::*;

/// The last `weeks`, read a day later.
fn last(weeks: i32, facts: &[Fact]) -> Report {
    let end = START.plus(7 * WEEKS);
    let scope = Scope::of_days(end.plus(-7 * weeks), end.plus(-1));
    report(&inputs(facts), &scope, end.plus(1).start(), &names()).unwrap()
}

fn calls_nothing_real(report: &Report) {
    let text = render(report, 120, false);
    assert!(report.movers.iter().all(|mover| mover.verdict != Verdict::Real), "{text}");
    let of_performance = report.movers.iter().filter(|mover| mover.topic == "performance");
    assert_eq!(of_performance.count(), 0, "{text}");
}

/// Neither is the topic told as better, nor are the others, which had a smaller share of those days, told as more.
#[test]
fn the_weeks_after_two_outages_are_quiet() {
    for seed in [1, 3, 4] {
        let unlike = history(seed, Plants { past: true, smaller: true, ..Plants::default() });
        calls_nothing_real(&last(4, &unlike));
        calls_nothing_real(&last(1, &unlike));
        let like = history(seed, Plants { past: true, again: true, ..Plants::default() });
        calls_nothing_real(&last(4, &like));
    }
}

/// On its days an outage is told, with its days; on the day after it there is nothing to tell of it.
#[test]
fn a_report_of_one_day_is_about_that_day() {
    for seed in [3, 7] {
        let inputs = inputs(&history(seed, Plants { outage: true, ..Plants::default() }));
        let of_day = |day: i32| {
            let day = START.plus(day);
            report(&inputs, &Scope::of_days(day, day), day.plus(1).start(), &names()).unwrap()
        };
        let first = of_day(71);
        let told = find(&first, "performance", Direction::More);
        assert_eq!((told.days.from, told.days.to), (START.plus(71), START.plus(71)));
        let second = of_day(72);
        let told = find(&second, "performance", Direction::More);
        assert_eq!((told.days.from, told.days.to), (START.plus(71), START.plus(72)));
        let text = on_one_line(&second);
        assert!(text.contains("since 17 Mar (it begins before this period)"), "{text}");
        assert!(text.contains("Real and unclear are told above, with their days."), "{text}");
        opens_its_records(&second, &inputs);
        calls_nothing_real(&of_day(74));
    }
}

#[test]
fn a_change_that_began_in_another_year_says_so() {
    let facts = history(7, Plants { outage: true, ..Plants::default() });
    let facts: Vec<Fact> = facts.into_iter().map(|fact| Fact { day: fact.day.plus(-76), ..fact }).collect();
    let day = START.plus(72 - 76);
    assert_eq!(day.to_string(), "2026-01-01");
    let report = report(&inputs(&facts), &Scope::of_days(day, day), day.plus(1).start(), &names()).unwrap();
    let text = on_one_line(&report);
    assert!(text.contains("since 31 Dec 2025 (it begins before this period)"), "{text}");
}
