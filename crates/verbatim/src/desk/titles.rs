//! What cases are called in a list: the words of the report that says best what each is about. They are read once, and again
//! when the case has become another one.

use crate::blocking::blocking;
use crate::cases::Logged;
use anyhow::Result;
use feedback::ids::Id;
use feedback::time::Day;
use insight::cases::medoid::LOOKED_AT;
use insight::cases::{StoredReport, Vectors, medoid, of_records};
use std::collections::{BTreeSet, HashMap};
use store::Store;
use tokio::sync::Mutex;

/// Titles that are kept; beyond, all of them are read again when they are asked for.
const MOST: usize = 20_000;
/// Days of the facts that are read for one case at most; a case that was seen longer is called by its last ones.
const DAYS: i32 = 60;

/// A case that somebody wants to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub case: Id,
    /// Current ones.
    pub reports: u64,
    /// The newest records.
    newest: Vec<String>,
    days: Option<(Day, Day)>,
}

impl Wanted {
    pub fn of(case: &Logged, reports: u64) -> Option<Self> {
        let newest = case.records[case.records.len().saturating_sub(LOOKED_AT)..].to_vec();
        let days = case.seen().map(|(first, last)| (first.day().max(last.day().plus(-DAYS)), last.day()));
        Some(Self { case: case.number()?, reports, newest, days })
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Title {
    /// `None` where none of its reports has any words.
    words: Option<String>,
    /// As many as it had then.
    reports: u64,
}

impl Title {
    /// A report more makes it no other case; one less may be the one that it is called by.
    fn is_of(&self, reports: u64) -> bool {
        self.reports <= reports && reports < 2 * self.reports.max(1)
    }
}

#[derive(Default)]
struct Known {
    titles: HashMap<Id, Title>,
    /// Up to which erasure they are good.
    erasures: i64,
}

#[derive(Default)]
pub struct Titles {
    known: Mutex<Known>,
}

impl Titles {
    /// Of each of these cases, in their order. What is not known is read, for all at once.
    pub async fn of(&self, store: &Store, wanted: &[Wanted], erasures: i64) -> Result<Vec<Option<String>>> {
        let mut known = self.known.lock().await;
        if known.erasures != erasures || known.titles.len() > MOST {
            *known = Known { titles: HashMap::new(), erasures };
        }
        let titles = &known.titles;
        let is_known = |one: &Wanted| titles.get(&one.case).is_some_and(|title| title.is_of(one.reports));
        let missing: Vec<Wanted> = wanted.iter().filter(|one| !is_known(one)).cloned().collect();
        if !missing.is_empty() {
            known.titles.extend(read(store, missing).await?);
        }
        let words = |one: &Wanted| known.titles.get(&one.case).and_then(|title| title.words.clone());
        Ok(wanted.iter().map(words).collect())
    }
}

async fn read(store: &Store, missing: Vec<Wanted>) -> Result<HashMap<Id, Title>> {
    let mut days = BTreeSet::new();
    for (first, last) in missing.iter().filter_map(|one| one.days) {
        days.extend((first.0..=last.0).map(Day));
    }
    let (_, facts) = store.current_facts_of(&days).await?;
    let work = move || {
        let ids: Vec<&str> = missing.iter().flat_map(|one| &one.newest).map(String::as_str).collect();
        Ok(called(&missing, &of_records(facts, &ids, Vectors::Read)?))
    };
    blocking("the reading of the cases' words broke off", work).await?
}

/// `reports` as they occurred.
fn called(missing: &[Wanted], reports: &[StoredReport]) -> HashMap<Id, Title> {
    let case_of: HashMap<&str, Id> =
        missing.iter().flat_map(|one| one.newest.iter().map(|record| (record.as_str(), one.case))).collect();
    let mut by_case: HashMap<Id, Vec<&StoredReport>> = HashMap::new();
    for report in reports {
        if let Some(case) = case_of.get(report.record.as_str()) {
            by_case.entry(*case).or_default().push(report);
        }
    }
    let title = |one: &Wanted| {
        let own = by_case.get(&one.case).map_or(&[][..], Vec::as_slice);
        let words = medoid(own).and_then(|at| own.get(at)).map(|report| report.words.clone());
        (one.case, Title { words: words.filter(|words| !words.is_empty()), reports: one.reports })
    };
    missing.iter().map(title).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::invented;

    #[test]
    fn a_case_is_called_by_one_of_its_own_reports() {
        let known = invented();
        let own = Wanted::of(&known.case, 4).unwrap();
        assert_eq!((own.newest.len(), own.days), (4, Some((Day(0), Day(0)))));
        let other = Wanted { case: Id(7), newest: vec!["gone".to_owned()], ..own.clone() };
        let titles = called(&[own.clone(), other], &known.reports);
        assert_eq!(titles[&own.case].words.as_deref(), Some("words of r2"));
        assert_eq!(titles[&Id(7)].words, None);
    }

    #[test]
    fn it_is_called_anew_when_it_has_doubled_or_lost_a_report() {
        let title = Title { words: None, reports: 4 };
        assert_eq!([3, 4, 7, 8].map(|reports| title.is_of(reports)), [false, true, true, false]);
        assert!(Title { words: None, reports: 0 }.is_of(0));
    }
}
