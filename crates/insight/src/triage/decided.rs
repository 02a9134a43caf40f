//! Stored decisions with what their records say, for whoever tells people of them.

use super::kept::{Kept, columns, kept};
use crate::{
    error::InsightError,
    frame::{Rows, explode_topics},
    report::excerpt,
};
use feedback::span::Span;
use polars::prelude::*;
use std::collections::HashMap;

const OTHERS: [&str; 8] = ["author", "author_alias", "account", "product", "kind", "title", "body", "topics"];
/// Characters that one excerpt shows together.
const TOGETHER: u32 = 160;
/// Places that are shown each by itself where they lie farther apart.
const PLACES: usize = 3;

/// A decision, and what the record says that it is on.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    pub kept: Kept,
    /// Pseudonyms.
    pub author: Option<String>,
    pub author_alias: Option<String>,
    pub account: Option<String>,
    pub product: Option<String>,
    pub kind: Option<String>,
    /// Ids, in the order of the record's list; empty where there is none.
    pub topics: Vec<String>,
    /// The words that the decision rests on, extracted, with what stands around them; where it is said of the record as a
    /// whole, its title or how it begins. Empty where it has no words.
    pub words: String,
}

/// The facts whose decision names delivery targets. Those that wait for a person are not among them: nothing is sent of
/// such a record.
pub fn acting(facts: LazyFrame) -> LazyFrame {
    let names = col("triage_actions").list().len().fill_null(lit(0)).gt(lit(0));
    facts.filter(col("triage_rule").is_not_null().and(col("triage_unsure").is_null()).and(names))
}

/// Of the facts that have a decision, in the order in which they occurred; hand over few, for they are held.
///
/// # Errors
/// Where the frame has not the columns of `feedback`, those of the decision included.
pub fn decided(facts: LazyFrame) -> Result<Vec<Decided>, InsightError> {
    let names: Vec<Expr> = columns().chain(OTHERS).map(col).collect();
    // Read once: the columns below are each asked for by themselves.
    let facts = facts.filter(col("triage_rule").is_not_null()).select(names).collect()?.lazy();
    let mut decisions: HashMap<String, Kept> =
        kept(facts.clone())?.into_iter().map(|kept| (kept.record.clone(), kept)).collect();
    let mut topics = topics(&facts)?;
    let texts = ["record_id", "author", "author_alias", "account", "product", "kind", "title", "body"];
    let rows = Rows::collect(facts.select(texts.map(col)))?;
    let records = rows.text("record_id")?;
    let (authors, aliases) = (rows.text("author")?, rows.text("author_alias")?);
    let (accounts, products, kinds) = (rows.text("account")?, rows.text("product")?, rows.text("kind")?);
    let (titles, bodies) = (rows.text("title")?, rows.text("body")?);
    let some = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let mut all = Vec::with_capacity(decisions.len());
    for row in 0..rows.len() {
        let Some(kept) = records.get(row).and_then(|record| decisions.remove(record)) else { continue };
        all.push(Decided {
            author: some(authors.get(row)),
            author_alias: some(aliases.get(row)),
            account: some(accounts.get(row)),
            product: some(products.get(row)),
            kind: some(kinds.get(row)),
            topics: topics.remove(&kept.record).unwrap_or_default(),
            words: words(titles.get(row), bodies.get(row).unwrap_or_default(), &kept.spans),
            kept,
        });
    }
    all.sort_by(|a, b| (a.kept.occurred_at, &a.kept.record).cmp(&(b.kept.occurred_at, &b.kept.record)));
    Ok(all)
}

/// What a decision rests on, in the words of the record.
fn words(title: Option<&str>, body: &str, spans: &[Span]) -> String {
    let Some(first) = spans.first() else {
        let title = title.filter(|title| !title.trim().is_empty());
        return beginning(title.unwrap_or(body));
    };
    // They are in the order in which they begin.
    let end = spans.iter().map(|span| span.end).fold(first.end, u32::max);
    if end - first.start <= TOGETHER {
        return excerpt(body, Span::new(first.start, end));
    }
    let places = spans.iter().take(PLACES).map(|span| beginning(span.of(body)));
    places.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" … ")
}

fn beginning(text: &str) -> String {
    excerpt(text, Span::new(0, 0))
}

/// By record, in the order of each record's list.
fn topics(facts: &LazyFrame) -> Result<HashMap<String, Vec<String>>, InsightError> {
    let rows = Rows::collect(explode_topics(facts.clone()).select(["record_id", "topic"].map(col)))?;
    let (records, ids) = (rows.text("record_id")?, rows.text("topic")?);
    let mut by_record: HashMap<String, Vec<String>> = HashMap::new();
    for (record, id) in records.iter().zip(ids.iter()) {
        if let (Some(record), Some(id)) = (record, id) {
            by_record.entry(record.to_owned()).or_default().push(id.to_owned());
        }
    }
    Ok(by_record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fact, facts};
    use feedback::time::Day;

    const BODY: &str = "I was charged twice and nobody answers";

    /// Four records: decided, decided and told nowhere, waiting for a person, and not decided.
    fn frame() -> LazyFrame {
        let fact = |id: u64, title| Fact {
            kind: "complaint",
            author: Some(format!("a_{id}")),
            title,
            body: BODY.to_owned(),
            topics: vec![("billing", "negative", (6, 19)), ("support", "negative", (24, 38))],
            ..Fact::new(id, Day(20_514), "ticket")
        };
        let all = [fact(1, None), fact(2, Some("Charged twice")), fact(3, None), fact(4, None)];
        let base = facts(&all).collect().unwrap();
        let own = [
            "record_id",
            "source_kind",
            "source",
            "native_id",
            "occurred_at",
            "author",
            "author_alias",
            "product",
            "kind",
            "title",
            "body",
            "topics",
        ];
        let mut columns: Vec<Column> = own.iter().map(|name| base.column(name).unwrap().clone()).collect();
        let decided = |name: &str, value: &str| {
            Column::new(name.into(), vec![Some(value), Some(value), Some(value), None])
        };
        let lists = |name: &str, lists: [&Series; 4]| {
            Column::new(name.into(), lists.into_iter().cloned().collect::<Vec<Series>>())
        };
        let ends =
            [Series::new("start".into(), [6_i32].as_slice()), Series::new("end".into(), [19_i32].as_slice())];
        let span = StructChunked::from_series("".into(), 1, ends.iter()).unwrap().into_series();
        let chat = Series::new("".into(), ["chat"].as_slice());
        let (no_span, none) = (span.slice(0, 0), chat.slice(0, 0));
        columns.extend([
            Column::new("account".into(), vec![Some("Acme"), None, None, None]),
            Column::new("ingested_at".into(), vec![7_i64; 4]),
            decided("triage_rule", "money"),
            decided("triage_owner", "finance"),
            decided("triage_priority", "P2"),
            decided("triage_queue", "finance"),
            decided("triage_confidence", "high"),
            Column::new("triage_unsure".into(), vec![None, None, Some("topics"), None]),
            decided("triage_reason", "topic billing at 90%"),
            decided("triage_rules", "1:test"),
            lists("triage_spans", [&span, &no_span, &span, &no_span]),
            lists("triage_labels", [&none, &chat, &none, &none]),
            lists("triage_actions", [&chat, &none, &chat, &none]),
            Column::new("triaged_at".into(), vec![Some(8_i64), Some(8), Some(8), None]),
        ]);
        DataFrame::new(4, columns).unwrap().lazy()
    }

    #[test]
    fn a_decision_is_read_with_the_words_it_rests_on() {
        let all = decided(frame()).unwrap();
        assert_eq!(all.len(), 3, "nothing was decided on the fourth");
        let one = &all[0];
        assert_eq!(
            (one.kept.rule.as_str(), one.kept.actions.as_slice()),
            ("money", &["chat".to_owned()][..])
        );
        assert_eq!((one.author.as_deref(), one.author_alias.as_deref()), (Some("a_1"), None));
        assert_eq!((one.account.as_deref(), one.kind.as_deref()), (Some("Acme"), Some("complaint")));
        assert_eq!(one.topics, ["billing", "support"]);
        assert_eq!(one.words, BODY);
        assert_eq!(all[1].words, "Charged twice", "of the record as a whole");
        assert!(all.is_sorted_by_key(|one| one.kept.occurred_at));
    }

    #[test]
    fn what_names_no_target_or_waits_for_a_person_is_not_sent() {
        let all = decided(acting(frame())).unwrap();
        let ids: Vec<&str> = all.iter().map(|one| one.kept.record.as_str()).collect();
        assert_eq!(ids, [format!("{:032x}", 1)]);
    }

    #[test]
    fn places_that_lie_far_apart_are_shown_each_by_itself() {
        let body = format!("Billing is wrong. {} The login fails.", "And so on and on. ".repeat(20));
        let end = body.chars().count() as u32;
        let (first, last) = (Span::new(0, 17), Span::new(end - 16, end));
        assert_eq!(words(Some("Two things"), &body, &[first, last]), "Billing is wrong. … The login fails.");
        let around = words(None, &body, &[last]);
        assert!(around.starts_with("… ") && around.ends_with("The login fails."), "{around}");
        assert_eq!(words(None, "", &[]), "");
        assert_eq!(words(Some(" "), "short", &[]), "short");
    }
}
