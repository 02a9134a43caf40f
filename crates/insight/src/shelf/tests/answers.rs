//! NPS and CSAT, beside the answers that they are counted from.

use super::*;
use crate::stats::{nps::NpsCounts, proportion::Proportion};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_score_is_of_the_answers_that_its_filter_lists(seed in any::<u64>(), pieces in 1_usize..4) {
        let facts = all(seed, 120);
        let mut dice = Dice::new(seed ^ 6);
        let shelf = shelf(&testing::facts, &facts, 120 / pieces);
        let filter = Filter { topic: some(&mut dice, &TOPICS), ..Filter::default() };
        let told = shelf.answered(&filter).unwrap();
        for answered in &told {
            let hits = shelf.list(&answered.filter.clone().into(), &page(1_000)).unwrap().hits;
            let values: Vec<f64> = hits.iter().filter_map(|hit| hit.row().score()).map(|score| score.value).collect();
            prop_assert_eq!(answered.n, values.len() as u64);
            prop_assert_eq!(answered.value.is_some(), answered.n >= 5);
            let mut nps = NpsCounts::default();
            values.iter().for_each(|value| nps.add(*value));
            let satisfied = values.iter().filter(|value| **value >= 4.0).count() as u64;
            let expected = match answered.scale.kind {
                ScoreKind::Nps => nps.score(),
                _ => Some(Proportion::new(satisfied, answered.n).share()),
            };
            prop_assert_eq!(answered.value, expected.filter(|_| answered.n >= 5));
        }
        // Every source that was answered to is there.
        let is_on = |fact: &Fact, topic: &str| fact.topics.iter().any(|own| own.0 == topic);
        let scored =
            |fact: &&Fact| fact.score.is_some() && filter.topic.as_deref().is_none_or(|topic| is_on(fact, topic));
        let sources: BTreeSet<(&str, &str)> =
            facts.iter().filter(scored).map(|fact| (fact.score.unwrap().kind().as_str(), fact.source)).collect();
        prop_assert_eq!(told.len(), sources.len());
    }
}

#[test]
fn several_questions_on_a_scale_are_told_to_be_several() {
    let answer = |id: u64, part: &'static str, value: f64| Fact {
        part,
        score: Score::new(ScoreKind::Csat, value, 1.0, 5.0),
        ..Fact::new(id, START, "survey")
    };
    let told = |facts: &[Fact]| shelf(&testing::facts, facts, 9).answered(&Filter::default()).unwrap();
    let two: Vec<Fact> = (0..6).map(|id| answer(id, if id % 2 == 0 { "q1" } else { "q2" }, 5.0)).collect();
    assert!(told(&two)[0].all_questions);
    let one: Vec<Fact> = (0..6).map(|id| answer(id, "q1", if id < 3 { 5.0 } else { 2.0 })).collect();
    assert_eq!((told(&one)[0].all_questions, told(&one)[0].value), (false, Some(0.5)));
    assert!(told(&[]).is_empty());
}
