//! Weeks of which there is little to tell.

use super::*;

#[test]
fn a_week_without_anything_is_a_clear_sentence() {
    let facts = history(false);
    let world = World::default();
    let summary = |facts: &[Fact], week: &str, now: Day| page(&world.tell(&tables(facts), week, now)).summary;
    let future = summary(&facts, "2026-W12", MONDAY.plus(8));
    assert_eq!(future, "2026-W12 has not begun: it starts on 16 Mar. Ask for a week that has.");
    assert!(summary(&[], "2026-W10", MONDAY.plus(8)).starts_with("There is no feedback yet"));
    assert!(summary(&facts, "2026-W10", MONDAY).starts_with("No day of 2026-W10 is over yet"));
    let empty = summary(&facts, "2026-W11", MONDAY.plus(15));
    assert!(empty.starts_with("Nothing notable: 0 records, 252 the week before"), "{empty}");
    let before_all = summary(&facts, "2020-W01", MONDAY.plus(8));
    assert_eq!(before_all, "There were no records yet in 2020-W01: the first one is of 8 Dec 2025.");
}

#[test]
fn where_nobody_looked_for_alerts_nobody_says_that_there_are_none() {
    let blind = World { blind: true, ..World::default() };
    let told = page(&blind.told(&history(false)));
    assert!(
        told.summary.contains("alerts were not evaluated by its end (verbatim alerts run does)"),
        "{}",
        told.summary
    );
    let world = World { blind: true, alerts: Vec::new(), ..World::full() };
    let told = page(&world.told(&history(true)));
    assert!(
        told.notes.contains(&"Alerts were not evaluated by its end (verbatim alerts run does).".to_owned()),
        "{:?}",
        told.notes
    );
    let mut digest = World::default().told(&history(false));
    digest.alerts_until = Some(MONDAY.plus(2).start());
    assert!(
        page(&digest).summary.contains("alerts were evaluated up to 4 Mar alone"),
        "{}",
        page(&digest).summary
    );
    // A look a day is enough.
    digest.alerts_until = Some(Timestamp(MONDAY.plus(6).start().0 + 6 * 3_600_000_000));
    assert!(page(&digest).summary.contains("no alert,"), "{}", page(&digest).summary);
}

#[test]
fn a_week_that_is_not_over_says_so() {
    let digest = World::default().tell(&tables(&history(false)), "2026-W10", MONDAY.plus(3));
    assert_eq!((digest.period.to, digest.records), (MONDAY.plus(2), 108));
    let note = &page(&digest).notes[0];
    assert_eq!(note, "The week is not over: 5 to 8 Mar 2026 (144 records so far) are left out.");
}

#[test]
fn three_answers_make_no_number() {
    let mut facts: Vec<Fact> = (0..3).map(|at| Fact::new(at, MONDAY, "nps")).collect();
    facts.iter_mut().for_each(|fact| fact.score = nps(2.0));
    let world = World { targets: World::full().targets, ..World::default() };
    let digest = world.told(&facts);
    let standing: Vec<Standing> = digest.targets.iter().map(|outcome| outcome.standing).collect();
    assert_eq!(standing, [Standing::Suppressed, Standing::NoData]);
    assert!(!digest.notable && digest.words.too_little);
    let text = markdown(&page(&digest));
    assert!(text.contains("Too few to show: NPS") && !text.contains("−100"), "{text}");
}
