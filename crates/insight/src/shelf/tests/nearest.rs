//! Likeness of records in lists.

use super::*;
use polars::prelude::Column;

/// The facts with vectors that follow from their ids: two spaces, and some without.
pub(in crate::shelf) fn with_vectors(facts: &[Fact], width: usize) -> LazyFrame {
    let vector = |fact: &Fact| -> Option<Vec<u8>> {
        let mut dice = Dice::new(fact.id);
        (dice.below(9) > 0).then(|| (0..width).map(|_| (dice.below(50) as i8 - 25) as u8).collect())
    };
    let vectors: Vec<Option<Vec<u8>>> = facts.iter().map(vector).collect();
    let spaces: Vec<&str> = facts.iter().map(|fact| if fact.id % 7 == 0 { "v2" } else { "v1" }).collect();
    let bytes: Vec<Option<&[u8]>> = vectors.iter().map(Option::as_deref).collect();
    let columns = [Column::new("embedding".into(), bytes), Column::new("vector".into(), spaces)];
    testing::facts(facts).collect().unwrap().hstack(&columns).unwrap().lazy()
}

fn on_shelf(facts: &[Fact], size: usize) -> Shelf {
    shelf(&|facts: &[Fact]| with_vectors(facts, 16), facts, size)
}

fn cosine(a: &[i8], b: &[i8]) -> f64 {
    let product =
        |a: &[i8], b: &[i8]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_nearest_come_first_page_by_page(seed in any::<u64>(), limit in 1_usize..20, pieces in 1_usize..4) {
        let facts = all(seed, 90);
        let mut dice = Dice::new(seed ^ 5);
        let shelf = on_shelf(&facts, 90 / pieces);
        let query = Query::from(sparse(&mut dice, &facts));
        let fits = shelf.list(&query, &page(1_000)).unwrap().hits;
        let asked = facts.iter().filter_map(|fact| shelf.find(parse_id(&fact.record_id())?)).find(|hit| hit.vector().is_some());
        let Some(asked) = asked else { return Ok(()) };
        let (meaning, (space, vector)) = (asked.meaning().unwrap(), asked.vector().unwrap());
        let mut expected: Vec<(f64, String)> = fits
            .iter()
            .filter(|hit| hit.id() != asked.id())
            .filter_map(|hit| {
                let (own, numbers) = hit.vector()?;
                (own == space).then(|| (cosine(vector, numbers), hit.id().to_string()))
            })
            .collect();
        expected.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut after, mut walked) = (None, Vec::new());
        loop {
            let part = shelf.nearest(&query, &meaning, Some(asked.id()), after, limit).unwrap();
            prop_assert_eq!(part.total, Some(expected.len() as u64));
            walked.extend(part.hits.iter().map(|hit| (f64::from(hit.likeness.unwrap()), hit.id().to_string())));
            let Some(next) = part.next else { break };
            after = Some(next.to_string().parse::<Cursor>().unwrap());
        }
        prop_assert_eq!(walked.len(), expected.len());
        for (found, expected) in walked.iter().zip(&expected) {
            prop_assert!((found.0 - expected.0).abs() < 1e-3, "{:?} and {:?}", found, expected);
        }
        let sorted = |all: &[(f64, String)]| all.iter().map(|(_, id)| id.clone()).collect::<BTreeSet<String>>();
        prop_assert_eq!(sorted(&walked), sorted(&expected), "each once");
    }
}

#[test]
fn a_text_is_compared_with_its_own_space_alone() {
    let facts = all(3, 60);
    let shelf = on_shelf(&facts, 20);
    let numbers: Vec<f32> = (0..16).map(|at| at as f32 - 7.5).collect();
    let ask = |version: &str, vector: &[f32]| {
        let meaning = Meaning { version: version.to_owned(), vector: vector.to_vec() };
        shelf.nearest(&Query::default(), &meaning, None, None, 100).unwrap()
    };
    let found = ask("v2", &numbers);
    assert!(
        !found.hits.is_empty()
            && found.hits.iter().all(|hit| hit.vector().is_some_and(|(space, _)| space == "v2"))
    );
    assert!(found.hits.is_sorted_by(|a, b| a.likeness >= b.likeness));
    for nothing in [ask("v3", &numbers), ask("v1", &numbers[..8]), ask("v1", &[0.0; 16])] {
        assert_eq!((nothing.total, nothing.hits.len()), (Some(0), 0));
    }
}
