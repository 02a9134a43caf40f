//! How often somebody asks for what.

use super::Sort;
use super::query::{Query, any};
use crate::serve::known::Known;
use demo::rng::Rng;

/// How something is asked for; `None` where there is nothing of that kind.
pub type Ask = fn(&mut Rng, &Known) -> Option<String>;

/// How often, in what follows, somebody asks for it.
pub const MIX: &[(f64, Sort, &str, Ask)] = &[
    (10.0, Sort::Page, "/", |rng, known| Some(Query::period(rng, known).of("/"))),
    (7.0, Sort::Page, "/topics", |rng, known| Some(Query::period(rng, known).of("/topics"))),
    (9.0, Sort::Page, "/topics/{id}", |rng, known| {
        let topic = often(rng, &known.topics)?;
        Some(Query::period(rng, known).of(&format!("/topics/{topic}")))
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
    (0.5, Sort::Page, "/taxonomy/edit", |_, _| Some("/taxonomy/edit".to_owned())),
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
    (4.0, Sort::Api, "/v1/insights", |rng, known| Some(Query::period(rng, known).of("/v1/insights"))),
    (4.0, Sort::Api, "/v1/trends", |rng, known| Some(Query::series(rng, known).of("/v1/trends"))),
    (4.0, Sort::Api, "/v1/topics", |rng, known| Some(Query::period(rng, known).of("/v1/topics"))),
    (3.0, Sort::Api, "/v1/topics/{id}", |rng, known| {
        let topic = often(rng, &known.topics)?;
        Some(Query::period(rng, known).of(&format!("/v1/topics/{topic}")))
    }),
    (4.0, Sort::Api, "/v1/status", |_, _| Some("/v1/status".to_owned())),
    (3.0, Sort::Api, "/v1/cases", |rng, known| Some(Query::cases(rng, known).of("/v1/cases"))),
    (3.0, Sort::Api, "/v1/cases/{id}", |rng, known| path(rng, "/v1/cases", &known.cases)),
    (3.0, Sort::Api, "/v1/alerts", |_, _| Some("/v1/alerts".to_owned())),
    (2.0, Sort::Api, "/v1/alerts/{id}", |rng, known| path(rng, "/v1/alerts", &known.alerts)),
    (1.0, Sort::Api, "/v1/digests", |_, _| Some("/v1/digests".to_owned())),
    (1.0, Sort::Api, "/v1/digests/{week}", |rng, known| path(rng, "/v1/digests", &known.weeks)),
    (2.0, Sort::Api, "/v1/targets", |_, _| Some("/v1/targets".to_owned())),
    (2.0, Sort::Api, "/v1/triage", |rng, known| Some(Query::days(rng, known).of("/v1/triage"))),
    (1.0, Sort::Api, "/v1/corrections", |_, _| Some("/v1/corrections".to_owned())),
    (1.0, Sort::Api, "/v1/deliveries", |_, _| Some("/v1/deliveries".to_owned())),
    (1.0, Sort::Api, "/v1/taxonomy", |_, _| Some("/v1/taxonomy".to_owned())),
    (0.5, Sort::Api, "/v1/openapi.json", |_, _| Some("/v1/openapi.json".to_owned())),
    (4.0, Sort::Meaning, "/feedback?meaning", |rng, known| Some(Query::meant(rng, known)?.of("/feedback"))),
    (2.0, Sort::Meaning, "/feedback?like", |rng, known| Some(Query::like(rng, known)?.of("/feedback"))),
    (3.0, Sort::Meaning, "/v1/records?meaning", |rng, known| {
        Some(Query::meant(rng, known)?.of("/v1/records"))
    }),
    (2.0, Sort::Meaning, "/v1/records?like", |rng, known| Some(Query::like(rng, known)?.of("/v1/records"))),
    (0.2, Sort::File, "/v1/alerts.csv|jsonl", |rng, _| Some(file(rng, "alerts"))),
    (0.2, Sort::File, "/v1/cases.csv|jsonl", |rng, known| {
        Some(Query::cases(rng, known).of(&file(rng, "cases")))
    }),
    (0.2, Sort::File, "/v1/corrections.csv|jsonl", |rng, _| Some(file(rng, "corrections"))),
    (0.2, Sort::File, "/v1/deliveries.csv|jsonl", |rng, _| Some(file(rng, "deliveries"))),
    (0.2, Sort::File, "/v1/digests.csv|jsonl", |rng, _| Some(file(rng, "digests"))),
    (0.2, Sort::File, "/v1/insights.csv|jsonl", |rng, known| {
        Some(Query::period(rng, known).of(&file(rng, "insights")))
    }),
    (0.2, Sort::File, "/v1/targets.csv|jsonl", |rng, _| Some(file(rng, "targets"))),
    (0.2, Sort::File, "/v1/taxonomy.csv|jsonl", |rng, _| Some(file(rng, "taxonomy"))),
    (0.2, Sort::File, "/v1/topics.csv|jsonl", |rng, known| {
        Some(Query::period(rng, known).of(&file(rng, "topics")))
    }),
    (0.2, Sort::File, "/v1/trends.csv|jsonl", |rng, known| {
        Some(Query::series(rng, known).of(&file(rng, "trends")))
    }),
    (0.2, Sort::File, "/v1/triage.csv|jsonl", |rng, known| {
        Some(Query::days(rng, known).of(&file(rng, "triage")))
    }),
];

fn path(rng: &mut Rng, path: &str, of: &[String]) -> Option<String> {
    Some(format!("{path}/{}", any(rng, of)?))
}

/// The first ones more often than the last, as people look again at what moves.
fn often<'k>(rng: &mut Rng, of: &'k [String]) -> Option<&'k str> {
    let at = (rng.unit() * rng.unit() * of.len() as f64) as usize;
    of.get(at).map(String::as_str)
}

/// A whole list, in one of its formats.
fn file(rng: &mut Rng, list: &str) -> String {
    format!("/v1/{list}.{}", rng.pick(&["csv", "jsonl"]))
}
