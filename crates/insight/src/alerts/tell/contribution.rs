//! What carries a change: the segments, versions, territories, languages or sources that the records beyond what was due
//! came from.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Less of the excess than this carries nothing.
const LEAST_SHARE: f64 = 0.15;
/// What already had as large a part before carries nothing either: it has so many times as much of the excess.
const LEAST_TIMES: f64 = 1.3;
const MOST: usize = 3;

/// Records with one value of a field, before and since.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// `segment`, `app_version`, `territory`, `language`, `source` …
    pub field: String,
    pub value: String,
    pub before: u64,
    pub since: u64,
}

/// A part of the records beyond what was due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    pub field: String,
    pub value: String,
    /// Of the excess, from 0 to 1.
    pub share: f64,
    /// Of the records before, from 0 to 1.
    pub usual: f64,
    /// Records since.
    pub since: u64,
}

/// The largest, of each field by itself. `before` and `since` are of `hours_before` and `hours_since` hours, and what is
/// due is what was before, in proportion. Nothing where there is no excess.
#[must_use]
pub fn contributions(counted: &[Counted], hours_before: usize, hours_since: usize) -> Vec<Contribution> {
    if hours_before == 0 {
        return Vec::new();
    }
    let part = hours_since as f64 / hours_before as f64;
    let mut fields: BTreeMap<&str, Vec<&Counted>> = BTreeMap::new();
    for one in counted {
        fields.entry(&one.field).or_default().push(one);
    }
    let mut found = Vec::new();
    for values in fields.values() {
        let before: f64 = values.iter().map(|one| one.before as f64).sum();
        let since: f64 = values.iter().map(|one| one.since as f64).sum();
        let excess = since - part * before;
        if excess <= 0.0 {
            continue;
        }
        for one in values {
            let share = (one.since as f64 - part * one.before as f64) / excess;
            let usual = if before > 0.0 { one.before as f64 / before } else { 0.0 };
            if share >= LEAST_SHARE && share >= LEAST_TIMES * usual && !one.value.is_empty() {
                let share = share.min(1.0);
                let (field, value) = (one.field.clone(), one.value.clone());
                found.push(Contribution { field, value, share, usual, since: one.since });
            }
        }
    }
    found.sort_by(|a, b| {
        b.share.total_cmp(&a.share).then_with(|| (&a.field, &a.value).cmp(&(&b.field, &b.value)))
    });
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(field: &str, value: &str, before: u64, since: u64) -> Counted {
        Counted { field: field.to_owned(), value: value.to_owned(), before, since }
    }

    #[test]
    fn a_version_that_brings_the_excess_carries_it() {
        // Ten hours against a hundred: 100 were due to be 10 of the old and 10 of the web.
        let all = [
            counted("app_version", "7.3", 0, 40),
            counted("app_version", "7.2", 100, 10),
            counted("app_version", "", 100, 30),
            counted("language", "en", 200, 80),
        ];
        let found = contributions(&all, 100, 10);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].value.as_str(), found[0].since), ("7.3", 40));
        assert!((found[0].share - 40.0 / 60.0).abs() < 1e-12 && found[0].usual == 0.0);
    }

    #[test]
    fn without_an_excess_nothing_carries_it() {
        assert_eq!(contributions(&[counted("language", "en", 100, 5)], 100, 10), []);
        assert_eq!(contributions(&[counted("language", "en", 0, 5)], 0, 10), []);
        assert_eq!(contributions(&[], 10, 10), []);
    }
}
