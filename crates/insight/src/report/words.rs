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
    frame::{Rows, TextColumn, as_wholes},
};
use feedback::insight::NO_TOPIC;
use polars::prelude::*;
use std::collections::BTreeMap;

/// How many records have words, by source; those with words by kind and by language.
#[derive(Debug, Default)]
pub struct Words {
    by_source: BTreeMap<String, Counts>,
    by_kind: BTreeMap<String, u64>,
    by_language: BTreeMap<String, u64>,
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
            col("kind").fill_null(lit("unknown")),
            col("language").fill_null(lit("unknown")),
            whole(has_words(), "words"),
            whole(col("topic_sentiment").eq(lit("unknown")), "unknown"),
            whole(untold, "untold"),
        ];
        let by = ["source_kind", "kind", "language", "words", "unknown", "untold"].map(col);
        let rows = Rows::collect(facts.select(columns).group_by(by).agg([len().alias("n")]))?;
        let (sources, kinds, languages) =
            (rows.text("source_kind")?, rows.text("kind")?, rows.text("language")?);
        let [words, unknown, untold, n] = ["words", "unknown", "untold", "n"].map(|name| rows.whole(name));
        let (words, unknown, untold, n) = (words?, unknown?, untold?, n?);
        let mut all = Self::default();
        for row in 0..rows.len() {
            let name = |of: &TextColumn| of.get(row).unwrap_or_default().to_owned();
            let (counts, n) = (all.by_source.entry(name(&sources)).or_default(), n[row].max(0) as u64);
            if words[row] == 0 {
                counts.without += n;
                continue;
            }
            counts.with += n;
            counts.unknown += if unknown[row] == 0 { 0 } else { n };
            counts.untold += if untold[row] == 0 { 0 } else { n };
            *all.by_kind.entry(name(&kinds)).or_default() += n;
            *all.by_language.entry(name(&languages)).or_default() += n;
        }
        Ok(all)
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

    /// Records with words by kind, the most frequent first.
    pub fn kinds(&self, scope: &Scope, period: Period) -> Vec<Named<u64>> {
        by(&self.by_kind, scope, period, |name, filter| Filter { kind: Some(name), ..filter })
    }

    /// Records with words by language, the most frequent first.
    pub fn languages(&self, scope: &Scope, period: Period) -> Vec<Named<u64>> {
        by(&self.by_language, scope, period, |name, filter| Filter { language: Some(name), ..filter })
    }
}

fn by(
    counts: &BTreeMap<String, u64>,
    scope: &Scope,
    period: Period,
    filter: impl Fn(String, Filter) -> Filter,
) -> Vec<Named<u64>> {
    let of = Filter::of(scope, period).words(Wording::With);
    let named = |(name, n): (&String, &u64)| Named {
        name: name.clone(),
        value: *n,
        filter: filter(name.clone(), of.clone()),
    };
    let mut all: Vec<Named<u64>> = counts.iter().map(named).collect();
    all.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    all
}
