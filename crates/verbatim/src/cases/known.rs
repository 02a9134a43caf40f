//! Cases with what the facts say of them now: reports, reach, loop times.

use super::book::{Book, Logged};
use crate::blocking::blocking;
use anyhow::Result;
use insight::InsightError;
use insight::cases::{
    Loop, LoopTimes, Reach, StoredReport, Tell, Touch, Vectors, of_records, reach, whom_to_tell,
};
use insight::digest::{CaseReport, CaseTold};
use insight::report::People;
use std::collections::HashMap;
use store::Store;

/// What stands for a title where nobody's words are left.
const NO_WORDS: &str = "no words are left of its reports";

/// A case, and its reports as far as they are still there.
#[derive(Debug, Clone)]
pub struct KnownCase {
    pub case: Logged,
    /// As they occurred.
    pub reports: Vec<StoredReport>,
    /// The name that stands for whoever each report is of.
    pub people: Vec<Option<String>>,
    pub reach: Reach,
    /// Everybody who reported, each once with all of their reports.
    pub tell: Vec<Tell>,
}

/// How far a case got, with whoever acts on it.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseLoop {
    pub owner: String,
    pub topic: String,
    pub times: LoopTimes,
}

impl CaseLoop {
    /// As `insight` counts it.
    pub fn borrowed(&self) -> Loop<'_> {
        Loop { owner: &self.owner, topic: &self.topic, times: self.times }
    }
}

impl KnownCase {
    fn new(case: Logged, reports: Vec<StoredReport>, people: &People) -> Self {
        let same = |name| people.of(name);
        let touches: Vec<Touch<'_>> = reports.iter().map(StoredReport::touch).collect();
        let (reach, tell) = (reach(&touches, same), whom_to_tell(&touches, same));
        let people = reports.iter().map(|report| report.person(people).map(str::to_owned)).collect();
        Self { case, reports, people, reach, tell }
    }

    /// The words of its first report that has any.
    pub fn title(&self) -> &str {
        let mut words = self.reports.iter().map(|report| report.words.as_str());
        words.find(|words| !words.is_empty()).unwrap_or(NO_WORDS)
    }

    /// The least number of people that its reports can be of: those of nobody knows whom may be of one.
    pub fn people_at_least(&self) -> u64 {
        self.reach.people + u64::from(self.reach.anonymous > 0)
    }

    pub fn told(&self) -> CaseTold {
        let report = |(report, person): (&StoredReport, &Option<String>)| CaseReport {
            record: report.record.clone(),
            person: person.clone(),
            occurred_at: report.occurred_at,
        };
        CaseTold {
            id: self.case.id.clone(),
            title: self.title().to_owned(),
            topic: self.case.topic.clone(),
            product: self.case.product.clone(),
            owner: self.case.owner.clone(),
            life: self.case.life,
            reach: self.reach.clone(),
            reports: self.reports.iter().zip(&self.people).map(report).collect(),
        }
    }

    /// From its first report on; `None` where nothing is left of its reports.
    pub fn times(&self) -> Option<LoopTimes> {
        // The one that opened it, or else the first that is still there.
        let opened_by = self.case.records.first();
        let by = self.reports.iter().find(|report| Some(&report.record) == opened_by);
        let first = by.or_else(|| self.reports.first())?;
        Some(self.case.life.times(first.occurred_at, first.stored_at, first.triaged_at))
    }

    pub fn in_loop(&self) -> Option<CaseLoop> {
        let Logged { owner, topic, .. } = &self.case;
        Some(CaseLoop { owner: owner.clone(), topic: topic.clone(), times: self.times()? })
    }
}

/// These cases with their current reports, in the order in which they are given.
pub async fn known(store: &Store, cases: Vec<Logged>) -> Result<Vec<KnownCase>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let facts = store.current_facts().await?;
    let read = move || {
        let ids: Vec<&str> = cases.iter().flat_map(|case| &case.records).map(String::as_str).collect();
        // People by all facts, so that everybody is one person here who is one in the report.
        let people = People::read(&facts)?;
        let reports = of_records(facts, &ids, Vectors::Leave)?;
        let mut by_case = by_case(&cases, reports);
        let known = cases.into_iter().map(|case| {
            let reports = by_case.remove(&case.id).unwrap_or_default();
            KnownCase::new(case, reports, &people)
        });
        Ok::<Vec<KnownCase>, InsightError>(known.collect())
    };
    Ok(blocking("the reading of the cases broke off", read).await??)
}

fn by_case(cases: &[Logged], reports: Vec<StoredReport>) -> HashMap<String, Vec<StoredReport>> {
    let of: HashMap<&str, &str> = cases
        .iter()
        .flat_map(|case| case.records.iter().map(|record| (record.as_str(), case.id.as_str())))
        .collect();
    let mut by_case: HashMap<String, Vec<StoredReport>> = HashMap::new();
    for report in reports {
        if let Some(case) = of.get(report.record.as_str()) {
            by_case.entry((*case).to_owned()).or_default().push(report);
        }
    }
    by_case
}

/// All cases of which reports are left.
pub async fn all(store: &Store) -> Result<Vec<KnownCase>> {
    let book = Book::read(store).await?;
    let mut all = known(store, book.cases.into_values().collect()).await?;
    // Nothing is left of those whose every author was erased, or took back what they said.
    all.retain(|case| !case.reports.is_empty());
    Ok(all)
}

#[cfg(test)]
pub mod tests {
    use super::super::testing::{joined, life, opened};
    use super::*;
    use feedback::judgement::FeedbackKind;
    use feedback::time::Timestamp;
    use insight::cases::LoopStep;

    fn report(record: &str, author: Option<&str>, at: i64) -> StoredReport {
        StoredReport {
            record: record.to_owned(),
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: format!("T-{record}"),
            author: author.map(str::to_owned),
            author_alias: None,
            account: Some("Acme".to_owned()),
            revenue: Some(1_200.0),
            product: String::new(),
            topic: "login_access".to_owned(),
            kind: FeedbackKind::Bug,
            space: "v1".to_owned(),
            vector: Vec::new(),
            owner: Some("identity".to_owned()),
            priority: Some("P3".to_owned()),
            occurred_at: Timestamp(at - 1),
            stored_at: Timestamp(at),
            triaged_at: Some(Timestamp(at + 1)),
            words: if record == "r1" { String::new() } else { format!("words of {record}") },
        }
    }

    /// A case of two people and of nobody knows whom, acknowledged.
    pub fn invented() -> KnownCase {
        let mut book = Book::default();
        for event in [
            opened("aa01", "r1", 1_000_000),
            joined("aa01", "r2", 2_000_000),
            joined("aa01", "r3", 3_000_000),
            joined("aa01", "r4", 4_000_000),
            life("aa01", "acknowledged", 5_000_000, "jane"),
        ] {
            book.take(&event);
        }
        let case = book.cases.into_values().next().unwrap();
        let reports = vec![
            report("r1", Some("a_1"), 1_000_000),
            report("r2", Some("a_2"), 2_000_000),
            report("r3", Some("a_1"), 3_000_000),
            report("r4", None, 4_000_000),
        ];
        KnownCase::new(case, reports, &People::default())
    }

    #[test]
    fn reach_and_times_are_of_people_and_of_the_first_report() {
        let known = invented();
        assert_eq!((known.reach.reports, known.reach.people, known.people_at_least()), (4, 2, 3));
        assert_eq!((known.title(), known.tell.len()), ("words of r2", 3));
        let times = known.times().unwrap();
        assert_eq!(times.took(LoopStep::Triaged), Some(0.000_001));
        assert_eq!(times.took(LoopStep::Acknowledged), Some(3.999_999));
        let told = known.told();
        assert_eq!((told.id.as_str(), told.reports.len(), told.owner.as_str()), ("aa01", 4, "identity"));
        assert_eq!(told.reports[3].person, None);
        assert_eq!(known.in_loop().unwrap().borrowed().topic, "login_access");
    }

    #[test]
    fn reports_go_to_their_case() {
        let known = invented();
        let by_case = by_case(std::slice::from_ref(&known.case), known.reports.clone());
        assert_eq!(by_case["aa01"].len(), 4);
        let gone = KnownCase::new(known.case, Vec::new(), &People::default());
        assert_eq!((gone.title(), gone.times(), gone.people_at_least()), (NO_WORDS, None, 0));
    }
}
