//! Who speaks of a topic, beside a count over the facts themselves.

use super::*;
use crate::{shelf::Driver, trends::Verdict};

/// Two thousand records over four weeks; `speaks` says of which segment and platform's how many in a hundred are on the
/// topic.
fn stream(speaks: impl Fn(&str, &str) -> usize) -> Vec<Fact> {
    let mut dice = Dice::new(11);
    (0..2_000_u64)
        .map(|id| {
            let mut fact = Fact::new(id, START.plus(dice.below(28) as i32), "ticket");
            let (segment, platform) = (dice.one_of(&["pro", "free", "team"]), dice.one_of(&["ios", "web"]));
            // The web has the web's versions, whoever speaks of what.
            let versions = if platform == "web" { ["2026.1", "2026.2"] } else { ["7.1", "7.2"] };
            fact.app_version = Some(dice.one_of(&versions));
            if dice.below(100) < speaks(segment, platform) {
                fact.topics.push(("billing", "negative", (0, 1)));
            }
            Fact { segment: Some(segment), platform: Some(platform), ..fact }
        })
        .collect()
}

fn drivers(facts: &[Fact]) -> Vec<Driver> {
    shelf(&testing::facts, facts, 300).drivers("billing", &Filter::default()).unwrap()
}

fn of<'d>(drivers: &'d [Driver], field: &str, value: &str) -> &'d Driver {
    drivers.iter().find(|driver| driver.field == field && driver.value == value).unwrap()
}

#[test]
fn who_speaks_more_of_it_is_told_and_nobody_else() {
    let facts = stream(|segment, _| if segment == "pro" { 40 } else { 15 });
    let drivers = drivers(&facts);
    let pro = of(&drivers, "segment", "pro");
    assert_eq!(pro.verdict, Some(Verdict::Real));
    assert!(pro.difference > 0.15 && pro.interval.low > 0.05, "{pro:?}");
    let others = drivers.iter().filter(|driver| driver.field != "segment");
    assert!(others.clone().all(|driver| driver.verdict != Some(Verdict::Real)), "{drivers:?}");
    assert!(others.count() >= 6, "{drivers:?}");
    assert!(!drivers.iter().any(|driver| driver.field == "source"), "all are of one source");
}

#[test]
fn a_version_is_compared_within_its_platform() {
    // A topic of the web alone has the web's versions.
    let facts = stream(|_, platform| if platform == "web" { 40 } else { 4 });
    let drivers = drivers(&facts);
    assert_eq!(of(&drivers, "platform", "web").verdict, Some(Verdict::Real));
    for version in ["2026.1", "2026.2"] {
        let driver = of(&drivers, "app_version", version);
        assert_eq!(driver.platform.as_deref(), Some("web"));
        assert_ne!(driver.verdict, Some(Verdict::Real), "{driver:?}");
    }
}

#[test]
fn a_few_are_shown_without_a_verdict_and_fewer_not_at_all() {
    let mut facts = stream(|_, _| 0);
    for (at, fact) in facts.iter_mut().filter(|fact| fact.segment == Some("pro")).take(9).enumerate() {
        fact.segment = Some(if at < 6 { "pro" } else { "free" });
        fact.topics.push(("billing", "negative", (0, 1)));
    }
    let drivers = drivers(&facts);
    let pro = of(&drivers, "segment", "pro");
    assert_eq!((pro.mentions, pro.of, pro.q, pro.verdict), (6, 9, None, None));
    assert!(!drivers.iter().any(|driver| driver.value == "free"), "{drivers:?}");
    assert!(shelf(&testing::facts, &facts, 300).drivers("search", &Filter::default()).unwrap().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn counts_are_those_of_the_facts(seed in any::<u64>(), pieces in 1_usize..4) {
        let facts = all(seed, 160);
        let shelf = shelf(&testing::facts, &facts, 160 / pieces);
        for driver in shelf.drivers("billing", &Filter::default()).unwrap() {
            let tells = |fact: &&Fact| match driver.field {
                "segment" => fact.segment,
                "app_version" if fact.platform == driver.platform.as_deref() => fact.app_version,
                "app_version" => None,
                "territory" => None,
                "platform" => fact.platform,
                _ => Some(fact.source),
            };
            let is_mention = |fact: &&Fact| fact.topics.iter().any(|topic| topic.0 == "billing");
            let (mentions, others): (Vec<&Fact>, Vec<&Fact>) =
                facts.iter().filter(|fact| tells(fact).is_some()).partition(|fact| is_mention(fact));
            let has = |all: &[&Fact]| all.iter().filter(|fact| tells(fact) == Some(driver.value.as_str())).count() as u64;
            prop_assert_eq!((driver.mentions, driver.of), (has(&mentions), mentions.len() as u64));
            prop_assert_eq!((driver.other_records, driver.of_others), (has(&others), others.len() as u64));
            prop_assert!(driver.interval.low <= driver.interval.high);
            let listed = shelf.list(&driver.filter.clone().into(), &page(1_000)).unwrap();
            prop_assert_eq!(listed.total, Some(driver.mentions));
        }
    }
}
