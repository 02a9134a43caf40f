//! Which records are drawn: those with the smallest of the numbers that a seed gives to their ids, so that the same
//! seed draws the same records, however the tables are cut into files.

use super::{
    By, UNKNOWN,
    allocate::{LEAST, allocate},
};
use crate::{
    error::InsightError,
    frame::{Rows, as_judged},
    report::{
        filter::{Filter, Wording},
        records::{RecordLine, records},
    },
    stats::rng::Rng,
};
use polars::prelude::*;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub by: By,
    /// Records to draw; more where the least of each stratum is more.
    pub size: u32,
    pub seed: u64,
}

/// Records of one kind of source of which the classifier said the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stratum {
    /// A source kind.
    pub source: String,
    pub said: String,
    /// Records that it has, and how many of them were drawn.
    pub size: u64,
    pub drawn: u64,
}

/// A record that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub record: RecordLine,
    /// Its place among the sample's strata.
    pub stratum: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub by: By,
    pub strata: Vec<Stratum>,
    /// In an order that tells nothing of the strata.
    pub rows: Vec<Drawn>,
}

impl Sample {
    /// How many records it was drawn of.
    #[must_use]
    pub fn population(&self) -> u64 {
        self.strata.iter().map(|stratum| stratum.size).sum()
    }
}

/// Draws among the records with words that `filter` names of the current facts, which come in `parts`, by what the
/// classifier said: where people corrected it, its errors are still its own. `on_read` hears how many times a part was
/// read: each is read twice, to count and for the texts of what was drawn.
pub fn draw(
    parts: &[LazyFrame],
    filter: &Filter,
    plan: Plan,
    mut on_read: impl FnMut(usize),
) -> Result<Sample, InsightError> {
    let worded = Filter { words: Some(Wording::With), ..filter.clone() };
    let parts = parts.iter().cloned().map(as_judged).collect::<Result<Vec<LazyFrame>, _>>()?;
    let mut pools = Pools::new();
    for (at, part) in parts.iter().enumerate() {
        count(part.clone().filter(worded.predicate()), at, plan, &mut pools)?;
        on_read(at + 1);
    }
    let sizes: Vec<u64> = pools.values().map(|pool| pool.size).collect();
    let mut strata = Vec::new();
    let mut chosen: Vec<HashMap<String, usize>> = vec![HashMap::new(); parts.len()];
    for (((source, said), pool), drawn) in pools.into_iter().zip(allocate(&sizes, u64::from(plan.size))) {
        for (_, record_id, part) in pool.smallest.into_sorted_vec().into_iter().take(drawn as usize) {
            chosen[part].insert(record_id, strata.len());
        }
        strata.push(Stratum { source, said, size: pool.size, drawn });
    }
    let mut rows = Vec::new();
    for (at, (part, chosen)) in parts.iter().zip(&chosen).enumerate() {
        rows.extend(texts(part, chosen)?);
        on_read(parts.len() + at + 1);
    }
    // By other numbers than those that chose: by these the rows of large strata would come first.
    let order = |row: &Drawn| Rng::named(!plan.seed, &row.record.record_id).next_u64();
    rows.sort_by_cached_key(|row| (order(row), row.record.record_id.clone()));
    Ok(Sample { by: plan.by, strata, rows })
}

/// By source kind and by what was said.
type Pools = BTreeMap<(String, String), Pool>;

/// The records of a stratum that may be drawn: number, id and part of those with the smallest numbers.
#[derive(Default)]
struct Pool {
    size: u64,
    smallest: BinaryHeap<(u64, String, usize)>,
}

impl Pool {
    fn offer(&mut self, number: u64, record_id: &str, part: usize, most: usize) {
        self.size += 1;
        if self.smallest.len() >= most {
            let largest = self.smallest.peek();
            if largest.is_some_and(|(largest, id, _)| (number, record_id) >= (*largest, id.as_str())) {
                return;
            }
            self.smallest.pop();
        }
        self.smallest.push((number, record_id.to_owned(), part));
    }
}

/// Counts the facts of the part with this place, and keeps what may be drawn of them.
fn count(facts: LazyFrame, at: usize, plan: Plan, pools: &mut Pools) -> Result<(), InsightError> {
    let columns = [
        col("record_id"),
        col("source_kind").fill_null(lit("")),
        col(plan.by.as_str()).fill_null(lit(UNKNOWN)).alias("said"),
    ];
    let rows = Rows::collect(facts.select(columns))?;
    let (ids, sources, said) = (rows.text("record_id")?, rows.text("source_kind")?, rows.text("said")?);
    let most = plan.size.max(LEAST) as usize;
    for ((id, source), said) in ids.iter().zip(sources.iter()).zip(said.iter()) {
        let [id, source, said] = [id, source, said].map(Option::unwrap_or_default);
        let number = Rng::named(plan.seed, id).next_u64();
        pools.entry((source.to_owned(), said.to_owned())).or_default().offer(number, id, at, most);
    }
    Ok(())
}

/// What was drawn of a part, by id and stratum.
fn texts(part: &LazyFrame, chosen: &HashMap<String, usize>) -> Result<Vec<Drawn>, InsightError> {
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = chosen.keys().map(String::as_str).collect();
    let ids = Series::new("ids".into(), ids).implode()?.into_series();
    let among = part.clone().filter(col("record_id").is_in(lit(ids), false));
    let with_stratum = |record: RecordLine| {
        let stratum = *chosen.get(&record.record_id)?;
        Some(Drawn { record, stratum })
    };
    Ok(records(among, &Filter::default())?.into_iter().filter_map(with_stratum).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::Scope,
        testing::{Fact, facts},
    };
    use feedback::time::Day;
    use std::collections::HashSet;

    const PLAN: Plan = Plan { by: By::Sentiment, size: 60, seed: 1 };

    /// 600 positive NPS answers, 60 negative, 3 unknown; 40 neutral tickets; 50 scores alone.
    fn history() -> Vec<Fact> {
        let groups = [
            ("nps", "positive", 600, "Good"),
            ("nps", "negative", 60, "Bad"),
            ("nps", "unknown", 3, "Hm"),
            ("ticket", "neutral", 40, "How?"),
            ("nps", "unknown", 50, ""),
        ];
        let mut facts = Vec::new();
        for (source, sentiment, number, text) in groups {
            for _ in 0..number {
                let id = facts.len() as u64;
                let body = if text.is_empty() { String::new() } else { format!("{text} {id}") };
                let day = Day(20_500 + (id % 20) as i32);
                facts.push(Fact { sentiment, body, ..Fact::new(id, day, source) });
            }
        }
        facts
    }

    fn whole() -> Filter {
        let scope = Scope::of_days(Day(20_500), Day(20_519));
        Filter::of(&scope, scope.period)
    }

    fn of(parts: &[LazyFrame], plan: Plan) -> Sample {
        draw(parts, &whole(), plan, |_| {}).unwrap()
    }

    #[test]
    fn each_stratum_gives_its_part_and_its_size_is_told() {
        let sample = of(&[facts(&history())], PLAN);
        let strata: Vec<_> =
            sample.strata.iter().map(|s| (s.source.as_str(), s.said.as_str(), s.size, s.drawn)).collect();
        // Of the 60 the least is 18; of 595, 55 and 35 left the others are 36.48, 3.37 and 2.15.
        let expected = [
            ("nps", "negative", 60, 8),
            ("nps", "positive", 600, 42),
            ("nps", "unknown", 3, 3),
            ("ticket", "neutral", 40, 7),
        ];
        assert_eq!(strata, expected);
        assert_eq!((sample.population(), sample.rows.len()), (703, 60));
        for (at, stratum) in sample.strata.iter().enumerate() {
            let own: Vec<_> = sample.rows.iter().filter(|row| row.stratum == at).collect();
            assert_eq!(own.len() as u64, stratum.drawn);
            for Drawn { record, .. } in own {
                assert_eq!((&record.source, &record.sentiment), (&stratum.source, &stratum.said));
                assert!(!record.text.is_empty());
            }
        }
        let ids: HashSet<_> = sample.rows.iter().map(|row| &row.record.record_id).collect();
        assert_eq!(ids.len(), 60);
    }

    #[test]
    fn the_same_seed_draws_the_same_however_the_facts_lie() {
        let history = history();
        let sample = of(&[facts(&history)], PLAN);
        let turned: Vec<Fact> = history.iter().rev().cloned().collect();
        let parts: Vec<LazyFrame> = turned.chunks(100).map(facts).collect();
        assert_eq!(of(&parts, PLAN), sample);
        let other = of(&parts, Plan { seed: 2, ..PLAN });
        assert_eq!(other.strata, sample.strata);
        assert_ne!(other.rows, sample.rows);
    }

    #[test]
    fn the_order_tells_nothing_of_the_strata() {
        let sample = of(&[facts(&history())], PLAN);
        let small = |half: &[Drawn]| half.iter().filter(|row| row.record.sentiment != "positive").count();
        let (first, second) = sample.rows.split_at(30);
        // 18 of 60 are of the small strata.
        assert!((3..=15).contains(&small(first)), "{} and {}", small(first), small(second));
    }

    #[test]
    fn who_draws_hears_how_far_it_is() {
        let parts: Vec<LazyFrame> = history().chunks(300).map(facts).collect();
        let mut heard = Vec::new();
        draw(&parts, &whole(), PLAN, |read| heard.push(read)).unwrap();
        assert_eq!(heard, [1, 2, 3, 4, 5, 6]);
        let nothing = draw(&[], &whole(), PLAN, |_| {}).unwrap();
        assert_eq!((nothing.population(), nothing.rows.len()), (0, 0));
    }

    #[test]
    fn what_people_corrected_is_drawn_as_it_was_judged() {
        let history = history();
        let drawn = of(&[facts(&history)], PLAN);
        // All that is negative was said to be so by people; the classifier had called some of it positive.
        let corrected: Vec<Fact> = history
            .iter()
            .map(|fact| Fact {
                sentiment: if fact.id < 30 { "negative" } else { fact.sentiment },
                ..fact.clone()
            })
            .collect();
        let ids: Vec<String> = corrected.iter().take(30).map(Fact::record_id).collect();
        let ids = Series::new("ids".into(), ids).implode().unwrap().into_series();
        let is_corrected = col("record_id").is_in(lit(ids), false);
        let judged = when(is_corrected).then(lit("positive")).otherwise(lit(NULL));
        let facts = facts(&corrected).with_column(judged.alias("judged_sentiment"));
        assert_eq!(of(&[facts], PLAN), drawn);
    }

    #[test]
    fn kinds_have_strata_of_their_own() {
        let sample = of(&[facts(&history())], Plan { by: By::Kind, ..PLAN });
        let said: Vec<_> = sample.strata.iter().map(|s| (s.source.as_str(), s.said.as_str())).collect();
        assert_eq!(said, [("nps", "other"), ("ticket", "other")]);
    }
}
