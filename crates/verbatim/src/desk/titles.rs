//! What cases are called in a list: the words of the report that says best what each is about. They are looked for in memory,
//! then in the tables; once, and again when the case has become another one.

use crate::blocking::blocking;
use crate::cases::Logged;
use anyhow::Result;
use feedback::ids::Id;
use feedback::time::Day;
use insight::cases::medoid::LOOKED_AT;
use insight::cases::{StoredReport, Vectors, medoid, of_held, of_records};
use insight::shelf::Shelf;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Store;

/// Titles that are kept; beyond, all of them are read again when they are asked for.
const MOST: usize = 20_000;
const BROKE_OFF: &str = "the reading of the cases' words broke off";
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
struct Kept {
    titles: HashMap<Id, Title>,
    /// Up to which erasure they are good.
    erasures: i64,
}

#[derive(Default)]
pub struct Titles {
    kept: Mutex<Kept>,
    /// Of whoever reads the tables: others who want the same wait, and find it.
    turn: tokio::sync::Mutex<()>,
}

impl Titles {
    /// Of each of these cases, in their order. What is not known is looked for among the records in memory, where these are
    /// told, and what is left is read, for all at once.
    pub async fn of(
        &self,
        store: &Store,
        shelf: Option<Arc<Shelf>>,
        wanted: &[Wanted],
        erasures: i64,
    ) -> Result<Vec<Option<String>>> {
        let mut titles = self.known(wanted, erasures);
        let missing = untitled(wanted, &titles);
        if let Some(shelf) = shelf.filter(|_| !missing.is_empty()) {
            let found = blocking(BROKE_OFF, move || from_memory(&shelf, &missing)).await?;
            titles.extend(self.keep(found, erasures));
        }
        let missing = untitled(wanted, &titles);
        if !missing.is_empty() {
            let _turn = self.turn.lock().await;
            titles.extend(self.known(&missing, erasures));
            let found = read(store, untitled(&missing, &titles)).await?;
            titles.extend(self.keep(found, erasures));
        }
        let words = |one: &Wanted| titles.get(&one.case).and_then(|title| title.words.clone());
        Ok(wanted.iter().map(words).collect())
    }

    /// Those that are known, and still good.
    fn known(&self, wanted: &[Wanted], erasures: i64) -> HashMap<Id, Title> {
        let kept = self.kept(erasures);
        let known = |one: &Wanted| {
            let title = kept.titles.get(&one.case).filter(|title| title.is_of(one.reports))?;
            Some((one.case, title.clone()))
        };
        wanted.iter().filter_map(known).collect()
    }

    fn keep(&self, titles: HashMap<Id, Title>, erasures: i64) -> HashMap<Id, Title> {
        let mut kept = self.kept(erasures);
        if kept.titles.len() > MOST {
            kept.titles.clear();
        }
        kept.titles.extend(titles.clone());
        titles
    }

    /// What was made before somebody was erased is kept no longer.
    fn kept(&self, erasures: i64) -> MutexGuard<'_, Kept> {
        // Whoever panicked left whole titles.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.erasures != erasures {
            *kept = Kept { titles: HashMap::new(), erasures };
        }
        kept
    }
}

fn untitled(wanted: &[Wanted], titles: &HashMap<Id, Title>) -> Vec<Wanted> {
    wanted.iter().filter(|one| !titles.contains_key(&one.case)).cloned().collect()
}

/// Of those cases of which the records in memory have any words.
fn from_memory(shelf: &Shelf, missing: &[Wanted]) -> HashMap<Id, Title> {
    let ids: Vec<&str> = missing.iter().flat_map(|one| &one.newest).map(String::as_str).collect();
    let mut titles = called(missing, &of_held(shelf, &ids, Vectors::Read));
    titles.retain(|_, title| title.words.is_some());
    titles
}

async fn read(store: &Store, missing: Vec<Wanted>) -> Result<HashMap<Id, Title>> {
    let mut days = BTreeSet::new();
    for (first, last) in missing.iter().filter_map(|one| one.days) {
        days.extend((first.0..=last.0).map(Day));
    }
    let newest = missing.iter().flat_map(|one| &one.newest).cloned().collect();
    let facts = store.current_facts_of_records(&days, newest).await?;
    let work = move || {
        let ids: Vec<&str> = missing.iter().flat_map(|one| &one.newest).map(String::as_str).collect();
        Ok(called(&missing, &of_records(facts, &ids, Vectors::Read)?))
    };
    blocking(BROKE_OFF, work).await?
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
