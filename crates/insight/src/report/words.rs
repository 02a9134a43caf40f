//! Records with words and without: of a score alone nobody can tell a topic, a language or a sentiment, so that it is
//! no part of the shares of what could not be told.

use super::{
    facts::Facts,
    filter::{Filter, Wording},
    model::{Figure, Named},
    scope::{Period, Scope},
};
use crate::error::InsightError;
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
    pub fn read(facts: &impl Facts, scope: &Scope, period: Period) -> Result<Self, InsightError> {
        let mut all = Self::default();
        for (worded, n) in facts.worded(scope, period)? {
            let counts = all.by_source.entry(worded.source).or_default();
            if !worded.has_words {
                counts.without += n;
                continue;
            }
            counts.with += n;
            counts.unknown += if worded.is_unknown { n } else { 0 };
            counts.untold += if worded.is_untold { n } else { 0 };
            *all.by_kind.entry(worded.kind).or_default() += n;
            *all.by_language.entry(worded.language).or_default() += n;
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
