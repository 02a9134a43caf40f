//! What people and programs ask for, from seeds: mostly what a page shows by itself, now and then something of their own.

mod mix;
mod query;

use super::known::Known;
use demo::rng::Rng;
use mix::MIX;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an answer is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Page,
    Api,
    /// Search by meaning, on pages and by the API.
    Meaning,
    /// A whole list of the API but that of records, which is exported apart: held against nothing.
    File,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub sort: Sort,
    /// As the figures name it.
    pub route: &'static str,
    pub address: String,
}

/// Somebody who asks one thing after the other.
pub struct Visitor {
    rng: Rng,
    known: Arc<Known>,
}

impl Visitor {
    pub fn new(seed: u64, who: &str, known: &Arc<Known>) -> Self {
        Self { rng: Rng::stream(seed, who), known: Arc::clone(known) }
    }

    pub fn next(&mut self) -> Visit {
        let weights: Vec<f64> = MIX.iter().map(|(weight, ..)| *weight).collect();
        loop {
            let (_, sort, route, ask) = MIX[self.rng.weighted(&weights)];
            if let Some(address) = ask(&mut self.rng, &self.known) {
                return Visit { sort, route, address };
            }
        }
    }

    /// Uniform in `[0, 1)`: when the next one is asked.
    pub fn pause(&mut self) -> f64 {
        self.rng.unit()
    }
}

/// What the API describes in this document that can be got, and that nobody asks for.
pub fn unasked(document: &Value) -> Vec<String> {
    let asked: BTreeSet<String> = MIX.iter().flat_map(|(_, _, route, _)| paths(route)).collect();
    let paths = document["paths"].as_object().into_iter().flatten();
    let unasked = paths.filter(|(path, route)| route.get("get").is_some() && !asked.contains(*path));
    unasked.map(|(path, _)| path.clone()).collect()
}

/// Without a query, and of a file in each of its formats.
fn paths(route: &str) -> Vec<String> {
    let path = route.split('?').next().unwrap_or_default();
    match path.split_once('.') {
        Some((list, formats)) => formats.split('|').map(|format| format!("{list}.{format}")).collect(),
        None => vec![path.to_owned()],
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use feedback::time::Day;

    pub fn known() -> Arc<Known> {
        let list = |name: &str| vec![format!("{name} 1"), format!("{name} 2")];
        Arc::new(Known {
            today: Day(20_779),
            records: list("record"),
            likable: list("record"),
            topics: list("topic"),
            products: list("product"),
            segments: list("segment"),
            languages: list("language"),
            owners: list("owner"),
            accounts: list("account"),
            sources: list("source"),
            words: list("word"),
            cursors: list("cursor"),
            cases: list("case"),
            alerts: Vec::new(),
            weeks: list("week"),
            meant: list("meant"),
        })
    }

    #[test]
    fn all_that_is_there_is_asked_for_and_the_same_seed_asks_the_same() {
        let known = known();
        let asked = |seed| -> Vec<Visit> {
            let mut visitor = Visitor::new(seed, "one", &known);
            (0..40_000).map(|_| visitor.next()).collect()
        };
        let visits = asked(7);
        let routes: BTreeSet<&str> = visits.iter().map(|visit| visit.route).collect();
        // There are no alerts.
        assert_eq!(routes.len(), MIX.len() - 2, "{routes:?}");
        assert!(!routes.contains("/alerts/{id}") && !routes.contains("/v1/alerts/{id}"));
        assert!(visits.iter().all(|visit| visit.address.starts_with('/')));
        assert_eq!(visits, asked(7));
        assert_ne!(visits, asked(8));
    }
    #[test]
    fn what_nobody_asks_for_is_told() {
        let document = serde_json::json!({ "paths": {
            "/v1/records": { "get": {} },
            "/v1/cases.jsonl": { "get": {} },
            "/v1/cases/{id}/acknowledge": { "post": {} },
            "/v1/others": { "get": {}, "post": {} },
        } });
        assert_eq!(unasked(&document), ["/v1/others"]);
    }
}
