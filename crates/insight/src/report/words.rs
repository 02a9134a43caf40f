//! Records with words and without: of a score alone nobody can tell a topic, a language or a sentiment, so that it is
//! no part of the shares of what could not be told.

use super::{
    filter::{Filter, Wording, has_words},
    model::{Figure, Named},
    read,
    scope::{Period, Scope},
};
use crate::{
    error::InsightError,
    frame::{Rows, as_wholes},
};
use feedback::insight::NO_TOPIC;
use polars::prelude::*;
use std::collections::BTreeMap;

/// How many records have words, by source.
#[derive(Debug, Default)]
pub struct Words {
    by_source: BTreeMap<String, Counts>,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    pub without: u64,
    pub with: u64,
    /// Of those with words: of unknown sentiment, and without a topic.
    pub unknown: u64,
    pub untold: u64,
}

impl Words {
    pub fn read(facts: &LazyFrame, scope: &Scope, period: Period) -> Result<Self, InsightError> {
        let facts = read::facts(facts, scope, period);
        let facts = if scope.topic.is_some() { facts } else { as_wholes(facts) };
        // Whoever speaks of a topic has one, and `topics` is opened there.
        let untold = match scope.topic.as_deref() {
            None | Some(NO_TOPIC) => col("topics").list().len().fill_null(lit(0)).eq(lit(0)),
            Some(_) => lit(false),
        };
        let whole = |expr: Expr, name: &str| expr.cast(DataType::Int64).alias(name.to_owned());
        let columns = [
            col("source_kind"),
            whole(has_words(), "words"),
            whole(col("topic_sentiment").eq(lit("unknown")), "unknown"),
            whole(untold, "untold"),
        ];
        let by = ["source_kind", "words", "unknown", "untold"].map(col);
        let rows = Rows::collect(facts.select(columns).group_by(by).agg([len().alias("n")]))?;
        let sources = rows.text("source_kind")?;
        let [words, unknown, untold, n] = ["words", "unknown", "untold", "n"].map(|name| rows.whole(name));
        let (words, unknown, untold, n) = (words?, unknown?, untold?, n?);
        let mut by_source: BTreeMap<String, Counts> = BTreeMap::new();
        for row in 0..rows.len() {
            let source = sources.get(row).unwrap_or_default().to_owned();
            let (counts, n) = (by_source.entry(source).or_default(), n[row].max(0) as u64);
            if words[row] == 0 {
                counts.without += n;
                continue;
            }
            counts.with += n;
            counts.unknown += if unknown[row] == 0 { 0 } else { n };
            counts.untold += if untold[row] == 0 { 0 } else { n };
        }
        Ok(Self { by_source })
    }

    pub fn of(&self, source: &str) -> Counts {
        self.by_source.get(source).copied().unwrap_or_default()
    }

    pub fn all(&self) -> Counts {
        self.by_source.values().fold(Counts::default(), |sum, of| Counts {
            without: sum.without + of.without,
            with: sum.with + of.with,
            unknown: sum.unknown + of.unknown,
            untold: sum.untold + of.untold,
        })
    }

    pub fn without(&self, scope: &Scope, period: Period) -> Figure<u64> {
        Figure { value: self.all().without, filter: Filter::of(scope, period).words(Wording::Without) }
    }
}

/// Records with words by kind, the most frequent first.
pub fn kinds(facts: &LazyFrame, scope: &Scope, period: Period) -> Result<Vec<Named<u64>>, InsightError> {
    by(facts, "kind", scope, period, |name, filter| Filter { kind: Some(name), ..filter })
}

/// Records with words by language, the most frequent first.
pub fn languages(facts: &LazyFrame, scope: &Scope, period: Period) -> Result<Vec<Named<u64>>, InsightError> {
    by(facts, "language", scope, period, |name, filter| Filter { language: Some(name), ..filter })
}

fn by(
    facts: &LazyFrame,
    column: &str,
    scope: &Scope,
    period: Period,
    filter: impl Fn(String, Filter) -> Filter,
) -> Result<Vec<Named<u64>>, InsightError> {
    let counted = read::facts(facts, scope, period)
        .filter(has_words())
        .select([col(column).fill_null(lit("unknown"))])
        .group_by([col(column)])
        .agg([len().alias("n")]);
    let rows = Rows::collect(counted)?;
    let (names, n) = (rows.text(column)?, rows.whole("n")?);
    let of = Filter::of(scope, period).words(Wording::With);
    let named = |(name, n): (Option<&str>, &i64)| {
        let name = name.unwrap_or_default().to_owned();
        Named { value: (*n).max(0) as u64, filter: filter(name.clone(), of.clone()), name }
    };
    let mut all: Vec<Named<u64>> = names.iter().zip(&n).map(named).collect();
    all.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}
