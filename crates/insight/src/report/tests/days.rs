//! Periods that ask for more days than there are records of.

use super::*;

/// From and to: days since the history's first; it ends with day 83.
fn of(from: i32, to: i32) -> Report {
    let scope = Scope::of_days(START.plus(from), START.plus(to));
    report(&inputs(&history(7, all())), &scope, START.plus(200).start(), &names()).unwrap()
}

#[test]
fn a_period_that_goes_on_after_the_records_says_so() {
    let cut = of(60, 95);
    assert_eq!((cut.records_begin, cut.records_end), (None, Some(START.plus(83))));
    assert_eq!(serde_json::to_value(&cut).unwrap()["records_end"], "2026-03-29");
    let text = on_one_line(&cut);
    assert!(text.contains("Records end 29 Mar; the last 12 days of this period have none."), "{text}");
    assert!(on_one_line(&of(60, 84)).contains("the last day of this period has none."));
    let both = on_one_line(&of(-7, 85));
    assert!(both.contains("Records begin 5 Jan. Records end 29 Mar; the last 2 days"), "{both}");
}

#[test]
fn what_the_records_cover_has_no_end() {
    for (from, to) in [(56, 83), (40, 60)] {
        let whole = of(from, to);
        assert_eq!(whole.records_end, None);
        assert!(!on_one_line(&whole).contains("Records end"));
    }
    // Of nothing there is no part that has none.
    let after = of(90, 95);
    assert_eq!((after.records.value, after.records_end), (0, Some(START.plus(83))));
    assert!(!on_one_line(&after).contains("Records end"));
}
