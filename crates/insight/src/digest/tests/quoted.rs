//! What customers say stands under what it is about.

use super::*;

#[test]
fn a_source_or_a_score_that_fell_is_told_in_the_words_of_the_unhappy() {
    let mut facts = history(false);
    for fact in facts.iter_mut().filter(|fact| fact.day >= MONDAY) {
        if fact.source == "ticket" {
            fact.sentiment = "negative";
        } else if fact.id % 2 == 0 {
            fact.score = nps(1.0);
        }
    }
    let digest = World::default().told(&facts);
    let of = |quote: &crate::report::model::Quote| {
        facts.iter().find(|fact| fact.record_id() == quote.record_id).unwrap()
    };
    let change = |fits: fn(&What) -> bool| digest.changes.iter().find(|change| fits(&change.what)).unwrap();
    let score = change(|what| matches!(what, What::Score { .. }));
    assert_eq!(score.quotes.len(), 2, "{score:?}");
    assert!(score.quotes.iter().all(|quote| of(quote).score.unwrap().value() <= 6.0), "{:?}", score.quotes);
    let source = change(|what| matches!(what, What::Source { .. }));
    assert_eq!(source.quotes.len(), 2, "{source:?}");
    assert!(source.quotes.iter().all(|quote| of(quote).sentiment == "negative"), "{:?}", source.quotes);
    let page = page(&digest);
    let points = &page.sections[0].points;
    assert!(points.iter().all(|point| point.said.len() == 2 && point.open.is_some()), "{points:?}");
}

#[test]
fn an_alert_is_told_in_the_words_of_its_records() {
    let world = World { alerts: vec![alert("a1", "login_access")], ..World::full() };
    let digest = world.told(&history(true));
    let quotes = &digest.alerts[0].quotes;
    assert_eq!(quotes.len(), 2);
    assert!(quotes.iter().all(|quote| quote.text.contains("Login and access")), "{quotes:?}");
    let page = page(&digest);
    for title in ["Alerts", "Resolved", "How long it takes", "Targets"] {
        let section = page.sections.iter().find(|section| section.title == title).unwrap();
        assert!(section.points.iter().all(|point| point.open.is_some()), "{title}");
    }
}
