//! Cases with what the facts say of them now: reports, reach, loop times, and what they are called.

use super::book::{Book, Logged};
use crate::blocking::blocking;
use anyhow::Result;
use feedback::time::Day;
use insight::InsightError;
use insight::cases::medoid::{LEAST, LOOKED_AT, NO_WORDS, medoid};
use insight::cases::{
    LoopTimes, Reach, StoredReport, Tell, Touch, Vectors, of_held, of_records, reach, whom_to_tell,
};
use insight::digest::{Began, CaseReport, CaseTold};
use insight::report::People;
use insight::shelf::Shelf;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::Store;

/// Cases whose vectors are held at once.
const CALLED_AT_ONCE: usize = 500;

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
    /// The place of the report whose words it is called by; `None` where none has any.
    titled: Option<usize>,
}

impl KnownCase {
    fn new(case: Logged, reports: Vec<StoredReport>, people: &People) -> Self {
        let same = |name| people.of(name);
        let touches: Vec<Touch<'_>> = reports.iter().map(StoredReport::touch).collect();
        let (reach, tell) = (reach(&touches, same), whom_to_tell(&touches, same));
        let people = reports.iter().map(|report| report.person(people).map(str::to_owned)).collect();
        let titled = reports.iter().position(|report| !report.words.is_empty());
        Self { case, reports, people, reach, tell, titled }
    }

    /// Called by what it is about, by the vectors of its reports, which are not kept.
    fn with_vectors(case: Logged, mut reports: Vec<StoredReport>, people: &People) -> Self {
        let newest = reports[reports.len().saturating_sub(LOOKED_AT)..].to_vec();
        reports.iter_mut().for_each(|report| report.vector = Vec::new());
        let mut known = Self::new(case, reports, people);
        known.call(&newest.iter().map(|report| (report.record.as_str(), report)).collect());
        known
    }

    /// The words of its first report that has any; once it was called ([`KnownCase::called`]), of the one that says best
    /// what it is about.
    pub fn title(&self) -> &str {
        self.titled.and_then(|at| self.reports.get(at)).map_or(NO_WORDS, |report| report.words.as_str())
    }

    /// Whether any words are left of its reports.
    pub fn has_words(&self) -> bool {
        self.titled.is_some()
    }

    /// Has each of these called by what it is about: of the newest reports the one nearest to their mean. For that the
    /// vectors are read, the largest part of a fact: only of cases that are shown.
    pub async fn called(store: &Store, mut cases: Vec<Self>) -> Result<Vec<Self>> {
        let facts = store.current_facts().await?;
        for part in cases.chunks_mut(CALLED_AT_ONCE) {
            let newest = part.iter().filter(|known| known.reports.len() >= LEAST).flat_map(Self::newest);
            let ids: Vec<String> = newest.map(|report| report.record.clone()).collect();
            let facts = facts.clone();
            let read = move || {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                of_records(facts, &ids, Vectors::Read)
            };
            let read = blocking("the reading of the cases' words broke off", read).await??;
            let read: HashMap<&str, &StoredReport> =
                read.iter().map(|report| (report.record.as_str(), report)).collect();
            part.iter_mut().for_each(|known| known.call(&read));
        }
        Ok(cases)
    }

    fn newest(&self) -> &[StoredReport] {
        &self.reports[self.reports.len().saturating_sub(LOOKED_AT)..]
    }

    /// By the reports that were read with their vectors.
    fn call(&mut self, read: &HashMap<&str, &StoredReport>) {
        let read = self.newest().iter().filter_map(|report| read.get(report.record.as_str()).copied());
        let read: Vec<&StoredReport> = read.collect();
        let Some(best) = medoid(&read).and_then(|at| read.get(at)) else { return };
        let at = self.reports.iter().position(|report| report.record == best.record);
        self.titled = at.or(self.titled);
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
            topic: self.case.topic.clone(),
            product: self.case.product.clone(),
            owner: self.case.owner.clone(),
            steps: self.case.steps.clone(),
            began: self.began(),
            reports: self.reports.iter().zip(&self.people).map(report).collect(),
        }
    }

    /// How far the report got that opened it, or else the first that is still there.
    fn began(&self) -> Option<Began> {
        let opened_by = self.case.records.first();
        let by = self.reports.iter().find(|report| Some(&report.record) == opened_by);
        let first = by.or_else(|| self.reports.first())?;
        Some(Began { occurred: first.occurred_at, stored: first.stored_at, triaged: first.triaged_at })
    }

    /// From its first report on; `None` where nothing is left of its reports.
    pub fn times(&self) -> Option<LoopTimes> {
        let Began { occurred, stored, triaged } = self.began()?;
        Some(self.case.life.times(occurred, stored, triaged))
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

/// One of them, called by what it is about, by those of its reports that are on some days, and by people whom somebody has
/// read.
pub async fn known_within(
    store: &Store,
    case: Logged,
    days: &BTreeSet<Day>,
    people: Arc<People>,
) -> Result<KnownCase> {
    let facts = store.current_facts_of_records(days, case.records.iter().cloned().collect()).await?;
    let read = move || {
        let ids: Vec<&str> = case.records.iter().map(String::as_str).collect();
        let reports = of_records(facts, &ids, Vectors::Read)?;
        Ok::<KnownCase, InsightError>(KnownCase::with_vectors(case, reports, &people))
    };
    Ok(blocking("the reading of the case broke off", read).await??)
}

/// The same by those of its reports that are held in memory.
pub fn known_held(shelf: &Shelf, case: Logged, people: &People) -> KnownCase {
    let ids: Vec<&str> = case.records.iter().map(String::as_str).collect();
    let reports = of_held(shelf, &ids, Vectors::Read);
    KnownCase::with_vectors(case, reports, people)
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
        assert_eq!((&told.reports[3].person, told.steps.len()), (&None, 2));
        assert_eq!(told.began.map(|began| began.stored), Some(Timestamp(1_000_000)));
        let by_then = told.in_loop(Timestamp(5_000_000)).unwrap();
        assert_eq!((by_then.topic, by_then.times.acknowledged), ("login_access", None), "it came then");
    }

    #[test]
    fn a_case_is_called_by_the_report_nearest_to_the_mean_of_the_newest() {
        let mut known = invented();
        let mut read = known.reports.clone();
        // At 0, 37, 45 and 53 degrees: the first has no words, and the third lies in the middle of the others.
        for (report, vector) in read.iter_mut().zip([[127, 0], [101, 76], [90, 90], [76, 101]]) {
            report.vector = vector.to_vec();
        }
        known.call(&read[1..].iter().map(|report| (report.record.as_str(), report)).collect());
        assert_eq!(known.title(), "words of r3");
        // Of too few vectors none is the middle, and nothing is known of what was not read.
        let mut known = invented();
        known.call(&HashMap::new());
        assert_eq!((known.title(), known.newest().len()), ("words of r2", 4));
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
