//! What people and programs ask for, from seeds: mostly what a page shows by itself, now and then something of their own.

use super::known::Known;
use demo::rng::Rng;
use feedback::time::Day;
use form_urlencoded::Serializer;
use serde::Serialize;
use std::sync::Arc;

/// What an answer is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Page,
    Api,
    /// Search by meaning, on pages and by the API.
    Meaning,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub sort: Sort,
    /// As the figures name it.
    pub route: &'static str,
    pub address: String,
}

/// How something is asked for; `None` where there is nothing of that kind.
type Ask = fn(&mut Rng, &Known) -> Option<String>;

/// How often, in what follows, somebody asks for it.
const MIX: &[(f64, Sort, &str, Ask)] = &[
    (10.0, Sort::Page, "/", |rng, known| Some(page(rng, known, "/"))),
    (7.0, Sort::Page, "/topics", |rng, known| Some(page(rng, known, "/topics"))),
    (9.0, Sort::Page, "/topics/{id}", |rng, known| {
        let topic = often(rng, &known.topics)?;
        Some(page(rng, known, &format!("/topics/{topic}")))
    }),
    (6.0, Sort::Page, "/feedback", |_, _| Some("/feedback".to_owned())),
    (10.0, Sort::Page, "/feedback?filters", |rng, known| Some(Query::filters(rng, known).of("/feedback"))),
    (8.0, Sort::Page, "/feedback?q", |rng, known| Some(Query::words(rng, known)?.of("/feedback"))),
    (7.0, Sort::Page, "/feedback/{record}", |rng, known| path(rng, "/feedback", &known.records)),
    (5.0, Sort::Page, "/cases", |rng, known| Some(Query::cases(rng, known).of("/cases"))),
    (4.0, Sort::Page, "/cases/{id}", |rng, known| path(rng, "/cases", &known.cases)),
    (4.0, Sort::Page, "/alerts", |_, _| Some("/alerts".to_owned())),
    (3.0, Sort::Page, "/alerts/{id}", |rng, known| path(rng, "/alerts", &known.alerts)),
    (2.0, Sort::Page, "/digests", |_, _| Some("/digests".to_owned())),
    (2.0, Sort::Page, "/digests/{week}", |rng, known| path(rng, "/digests", &known.weeks)),
    (2.0, Sort::Page, "/taxonomy", |_, _| Some("/taxonomy".to_owned())),
    (4.0, Sort::Api, "/v1/records", |rng, _| Some(Query::default().limit(rng).of("/v1/records"))),
    (6.0, Sort::Api, "/v1/records?filters", |rng, known| {
        Some(Query::filters(rng, known).limit(rng).of("/v1/records"))
    }),
    (4.0, Sort::Api, "/v1/records?cursor", |rng, known| {
        Some(Query::default().with("cursor", any(rng, &known.cursors)?).of("/v1/records"))
    }),
    (4.0, Sort::Api, "/v1/records?q", |rng, known| {
        Some(Query::words(rng, known)?.limit(rng).of("/v1/records"))
    }),
    (4.0, Sort::Api, "/v1/records/{id}", |rng, known| path(rng, "/v1/records", &known.records)),
    (4.0, Sort::Api, "/v1/insights", |rng, known| Some(page(rng, known, "/v1/insights"))),
    (4.0, Sort::Api, "/v1/trends", |rng, known| Some(Query::series(rng, known).of("/v1/trends"))),
    (4.0, Sort::Api, "/v1/topics", |rng, known| Some(page(rng, known, "/v1/topics"))),
    (4.0, Sort::Api, "/v1/status", |_, _| Some("/v1/status".to_owned())),
    (3.0, Sort::Api, "/v1/cases", |rng, known| Some(Query::cases(rng, known).of("/v1/cases"))),
    (3.0, Sort::Api, "/v1/alerts", |_, _| Some("/v1/alerts".to_owned())),
    (4.0, Sort::Meaning, "/feedback?meaning", |rng, known| Some(Query::meant(rng, known)?.of("/feedback"))),
    (2.0, Sort::Meaning, "/feedback?like", |rng, known| Some(Query::like(rng, known)?.of("/feedback"))),
    (3.0, Sort::Meaning, "/v1/records?meaning", |rng, known| {
        Some(Query::meant(rng, known)?.of("/v1/records"))
    }),
    (2.0, Sort::Meaning, "/v1/records?like", |rng, known| Some(Query::like(rng, known)?.of("/v1/records"))),
];

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

/// The fields of an address.
#[derive(Default)]
struct Query(Vec<(&'static str, String)>);

impl Query {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    fn with_any(self, rng: &mut Rng, name: &'static str, of: &[String]) -> Self {
        match any(rng, of) {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// One to three fields that narrow the list.
    fn filters(rng: &mut Rng, known: &Known) -> Self {
        let first = rng.below(FILTERS.len());
        let count = 1 + rng.weighted(&[0.5, 0.35, 0.15]);
        // No field twice.
        let fields = (0..count).map(|step| FILTERS[(first + 3 * step) % FILTERS.len()]);
        fields.fold(Self::default(), |query, field| field(query, rng, known))
    }

    fn words(rng: &mut Rng, known: &Known) -> Option<Self> {
        let word = any(rng, &known.words)?;
        let query = match rng.weighted(&[0.6, 0.25, 0.15]) {
            0 => Self::default().with("q", word),
            1 => Self::default().with("q", format!("{word} {}", any(rng, &known.words)?)),
            _ => Self::filters(rng, known).with("q", word),
        };
        Some(query)
    }

    fn meant(rng: &mut Rng, known: &Known) -> Option<Self> {
        let query = if rng.chance(0.3) { Self::filters(rng, known) } else { Self::default() };
        Some(query.with("meaning", any(rng, &known.meant)?))
    }

    fn like(rng: &mut Rng, known: &Known) -> Option<Self> {
        let query = if rng.chance(0.3) { Self::filters(rng, known) } else { Self::default() };
        Some(query.with("like", any(rng, &known.likable)?))
    }

    fn cases(rng: &mut Rng, known: &Known) -> Self {
        match rng.weighted(&[0.6, 0.2, 0.2]) {
            0 => Self::default(),
            1 => Self::default().with_any(rng, "owner", &known.owners),
            _ => Self::default().with_any(rng, "topic", &known.topics),
        }
    }

    /// What is counted by day or week: all, or what some fields narrow it to.
    fn series(rng: &mut Rng, known: &Known) -> Self {
        let query = if rng.chance(0.5) { Self::filters(rng, known) } else { Self::default() };
        if rng.chance(0.3) { query.with("by", "week") } else { query }
    }

    fn limit(self, rng: &mut Rng) -> Self {
        if rng.chance(0.2) { self.with("limit", "200") } else { self }
    }

    fn of(self, path: &str) -> String {
        if self.0.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", Serializer::new(String::new()).extend_pairs(self.0).finish())
    }
}

type Field = fn(Query, &mut Rng, &Known) -> Query;

/// Neighbours that would fit the same records stand apart.
const FILTERS: &[Field] = &[
    |query, rng, _| query.with("sentiment", *rng.pick(&["negative", "negative", "positive", "neutral"])),
    |query, rng, known| query.with_any(rng, "topic", &known.topics),
    |query, rng, _| {
        query.with("kind", *rng.pick(&["bug", "feature_request", "complaint", "praise", "question"]))
    },
    |query, rng, _| query.with("source", *rng.pick(&["survey", "ticket", "nps", "social"])),
    |query, rng, known| query.with_any(rng, "product", &known.products),
    |query, rng, known| query.with_any(rng, "segment", &known.segments),
    |query, rng, _| query.with("priority", *rng.pick(&["P1", "P2", "P3"])),
    |query, rng, known| query.with_any(rng, "language", &known.languages),
    |query, rng, known| {
        let (from, to) = days(rng, known.today);
        query.with("from", from).with("to", to)
    },
    |query, rng, known| query.with_any(rng, "owner", &known.owners),
    |query, rng, known| query.with_any(rng, "account", &known.accounts),
    |query, rng, _| query.with("platform", *rng.pick(&["web", "ios", "android"])),
    |query, rng, known| query.with_any(rng, "event_source", &known.sources),
];

/// A page about a period: the usual one mostly, one of its choices, or days of somebody's own.
fn page(rng: &mut Rng, known: &Known, path: &str) -> String {
    let query = match rng.weighted(&[0.75, 0.20, 0.05]) {
        0 => Query::default(),
        1 => Query::default().with("weeks", *rng.pick(&["1", "4", "12", "26"])),
        _ => {
            let (from, to) = days(rng, known.today);
            Query::default().with("from", from).with("to", to)
        }
    };
    let query = if rng.chance(0.1) { query.with_any(rng, "product", &known.products) } else { query };
    query.of(path)
}

/// Up to four weeks within the last twelve.
fn days(rng: &mut Rng, today: Day) -> (String, String) {
    let to = today.plus(-(rng.below(56) as i32));
    (to.plus(-(rng.below(28) as i32)).to_string(), to.to_string())
}

fn path(rng: &mut Rng, path: &str, of: &[String]) -> Option<String> {
    Some(format!("{path}/{}", any(rng, of)?))
}

fn any<'k>(rng: &mut Rng, of: &'k [String]) -> Option<&'k str> {
    if of.is_empty() { None } else { Some(rng.pick(of).as_str()) }
}

/// The first ones more often than the last, as people look again at what moves.
fn often<'k>(rng: &mut Rng, of: &'k [String]) -> Option<&'k str> {
    let at = (rng.unit() * rng.unit() * of.len() as f64) as usize;
    of.get(at).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn known() -> Arc<Known> {
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
            (0..2_000).map(|_| visitor.next()).collect()
        };
        let visits = asked(7);
        let routes: BTreeSet<&str> = visits.iter().map(|visit| visit.route).collect();
        // There are no alerts.
        assert_eq!(routes.len(), MIX.len() - 1, "{routes:?}");
        assert!(!routes.contains("/alerts/{id}"));
        assert!(visits.iter().all(|visit| visit.address.starts_with('/')));
        assert_eq!(visits, asked(7));
        assert_ne!(visits, asked(8));
    }

    #[test]
    fn no_field_is_given_twice() {
        let (known, mut rng) = (known(), Rng::new(3));
        for _ in 0..1_000 {
            let query = Query::filters(&mut rng, &known);
            let names: BTreeSet<&str> = query.0.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), query.0.len(), "{:?}", query.0);
        }
    }
}
