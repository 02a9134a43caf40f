use super::*;
use crate::testing::{self, Fact};
use feedback::{score::Score, time::Day};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What a rollup is, said as simply as can be: every fact adds one to its rows.
fn naive(facts: &[Fact]) -> Vec<InsightRow> {
    let mut rows: Vec<InsightRow> = Vec::new();
    // By value, as floating-point sums want a fixed order.
    let mut facts: Vec<&Fact> = facts.iter().collect();
    facts.sort_by(|a, b| a.score.map_or(-1.0, Score::value).total_cmp(&b.score.map_or(-1.0, Score::value)));
    for fact in facts {
        let mut topics = vec![(ALL_TOPICS, fact.sentiment)];
        topics.extend(fact.topics.iter().map(|(topic, sentiment, _)| (*topic, *sentiment)));
        if fact.topics.is_empty() {
            topics.push((NO_TOPIC, fact.sentiment));
        }
        for (topic, sentiment) in topics {
            let key = InsightKey {
                day: fact.day,
                product: fact.product.unwrap_or_default().into(),
                source_kind: fact.source.into(),
                topic: topic.into(),
                scale: fact.scale(),
            };
            let at = rows.iter().position(|row| row.key == key).unwrap_or_else(|| {
                rows.push(InsightRow { key, counts: InsightCounts::default() });
                rows.len() - 1
            });
            count(&mut rows[at].counts, fact, sentiment);
        }
    }
    rows.sort_by(|a, b| by_key(&a.key, &b.key));
    rows
}

fn count(counts: &mut InsightCounts, fact: &Fact, sentiment: &str) {
    counts.records += 1;
    *match sentiment {
        "negative" => &mut counts.negative,
        "neutral" => &mut counts.neutral,
        "positive" => &mut counts.positive,
        _ => &mut counts.sentiment_unknown,
    } += 1;
    *match fact.kind {
        "bug" => &mut counts.bug,
        "feature_request" => &mut counts.feature_request,
        "complaint" => &mut counts.complaint,
        "praise" => &mut counts.praise,
        "question" => &mut counts.question,
        "cancellation" => &mut counts.cancellation,
        "other" => &mut counts.other,
        _ => &mut counts.kind_unknown,
    } += 1;
    counts.urgent += i64::from(fact.urgency == "high");
    if let Some(score) = fact.score {
        counts.score_n += 1;
        counts.score_sum += score.value();
        counts.score_sum_sq += score.value() * score.value();
        if score.kind() == ScoreKind::Nps {
            let promoter = score.value() >= 9.0;
            let detractor = score.value() < 7.0;
            counts.promoters += i64::from(promoter);
            counts.detractors += i64::from(detractor);
            counts.passives += i64::from(!promoter && !detractor);
        }
        let satisfied = match (score.min(), score.max()) {
            (0.0, 1.0) => score.value() == 1.0,
            (0.0, 100.0) => score.value() >= 80.0,
            (_, max) => score.value() >= max - 1.0,
        };
        counts.top2 += i64::from(satisfied);
    }
}

fn fact() -> impl Strategy<Value = Fact> {
    let scores = prop_oneof![
        Just(None),
        (0..=10).prop_map(|v| testing::nps(f64::from(v))),
        (2..=10).prop_map(|v| Score::new(ScoreKind::Stars, f64::from(v) / 2.0, 1.0, 5.0)),
        (1..=7).prop_map(|v| Score::new(ScoreKind::Csat, f64::from(v), 1.0, 7.0)),
        (1..=5).prop_map(|v| Score::new(ScoreKind::Csat, f64::from(v), 1.0, 5.0)),
        (0..=1).prop_map(|v| Score::new(ScoreKind::Csat, f64::from(v), 0.0, 1.0)),
        (0..=10).prop_map(|v| Score::new(ScoreKind::Csat, 10.0 * f64::from(v), 0.0, 100.0)),
    ];
    let sentiments = || prop::sample::select(vec!["negative", "neutral", "positive", "unknown"]);
    let topics = prop::sample::subsequence(vec!["billing", "login_access", "search"], 0..=3)
        .prop_flat_map(move |topics| {
            let n = topics.len();
            (Just(topics), prop::collection::vec(sentiments(), n))
        })
        .prop_map(|(topics, sentiments)| {
            topics.into_iter().zip(sentiments).map(|(topic, sentiment)| (topic, sentiment, (0, 0))).collect()
        });
    (
        (any::<u32>(), 20_000..20_004, prop::sample::select(vec!["nps", "ticket"])),
        prop::sample::select(vec![None, Some("app"), Some("")]),
        prop::sample::select(vec!["negative", "neutral", "positive", "unknown"]),
        prop::sample::select(vec![
            "bug",
            "praise",
            "question",
            "feature_request",
            "complaint",
            "cancellation",
            "other",
            "unknown",
        ]),
        prop::sample::select(vec!["low", "normal", "high"]),
        scores,
        topics,
    )
        .prop_map(|((id, day, source), product, sentiment, kind, urgency, score, topics)| Fact {
            product,
            sentiment,
            kind,
            urgency,
            score,
            topics,
            ..Fact::new(u64::from(id), Day(day), source)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_rollup_counts_like_the_simple_one(facts in prop::collection::vec(fact(), 0..60)) {
        prop_assert_eq!(rollup(testing::facts(&facts)).unwrap(), naive(&facts));
    }

    /// Batches arrive in any order, and after each the days that it touched are recomputed from all facts so
    /// far: in the end that is what one rollup of everything gives. (The worker's own rollup, where facts also change
    /// and go: `worker/tests/with_mock/rollup.rs`.)
    #[test]
    fn recomputing_touched_days_gives_what_one_rollup_gives(
        facts in prop::collection::vec(fact(), 1..60),
        cuts in prop::collection::vec(0usize..60, 0..4),
        shuffle in any::<u64>(),
    ) {
        let mut arrived = facts.clone();
        arrived.sort_by_key(|f| (f.id ^ shuffle).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut cuts: Vec<usize> = cuts.into_iter().map(|c| c.min(arrived.len())).chain([0, arrived.len()]).collect();
        cuts.sort_unstable();
        let mut table: BTreeMap<Day, Vec<InsightRow>> = BTreeMap::new();
        for cut in cuts.windows(2) {
            let touched: Vec<Day> = arrived[cut[0]..cut[1]].iter().map(|f| f.day).collect();
            let known: Vec<Fact> = arrived[..cut[1]].iter().filter(|f| touched.contains(&f.day)).cloned().collect();
            for day in touched {
                table.insert(day, Vec::new());
            }
            for row in rollup(testing::facts(&known)).unwrap() {
                table.get_mut(&row.key.day).unwrap().push(row);
            }
        }
        let table: Vec<InsightRow> = table.into_values().flatten().collect();
        prop_assert_eq!(table, rollup(testing::facts(&facts)).unwrap());
    }
}

/// Two boxes of five as in Morgan and Rego 2006; thumbs as Zendesk's "good over all".
#[test]
fn satisfied_is_a_matter_of_the_scale() {
    let least = |min: f64, max: f64, values: &[f64]| {
        let scale = Scale { kind: ScoreKind::Csat, min, max };
        values.iter().copied().find(|value| is_satisfied(scale, *value))
    };
    let boxes = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
    assert_eq!(least(0.0, 1.0, &boxes), Some(1.0), "thumbs: not everybody");
    assert_eq!(least(1.0, 2.0, &boxes), Some(2.0));
    assert_eq!(least(1.0, 3.0, &boxes), Some(3.0), "faces: not the one without a smile");
    assert_eq!(least(1.0, 4.0, &boxes), Some(3.0));
    assert_eq!(least(1.0, 5.0, &boxes), Some(4.0));
    assert_eq!(least(1.0, 5.0, &[3.5, 4.5]), Some(4.5));
    assert_eq!(least(1.0, 7.0, &boxes), Some(6.0));
    assert_eq!(least(0.0, 10.0, &boxes), Some(9.0));
    assert_eq!(least(0.0, 100.0, &[0.0, 79.0, 80.0, 99.0]), Some(80.0));
    assert_eq!(least(-2.0, 2.0, &[0.0, 1.0, 2.0]), Some(1.0));
}

#[test]
fn a_missing_product_is_the_empty_one() {
    let day = Day(20_000);
    let named = Fact { product: Some(""), ..Fact::new(1, day, "nps") };
    let rows = rollup(testing::facts(&[named, Fact::new(2, day, "nps")])).unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().all(|row| row.key.product.is_empty() && row.counts.records == 2));
}

#[test]
fn an_empty_day_has_no_rows() {
    assert!(rollup(testing::facts(&[])).unwrap().is_empty());
}
