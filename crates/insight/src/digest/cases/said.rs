//! What a case is called that is told, how far it reaches, and what is said in it: read from the facts, of those few alone.

use super::{Of, Told, within};
use crate::{
    cases::{
        StoredReport, Touch, Vectors,
        medoid::{LOOKED_AT, medoid},
        of_records, reach,
    },
    digest::{
        given::{CaseReport, CaseTold},
        model::Growing,
        quotes,
    },
    error::InsightError,
};
use std::collections::{HashMap, HashSet};

/// Cases of a section that are quoted; a page shows fewer.
const QUOTED: usize = 5;

impl<'a> Of<'a> {
    pub(super) fn say(&self, told: &mut Told) -> Result<(), InsightError> {
        let by_id: HashMap<&str, &'a CaseTold> =
            self.cases.iter().map(|case| (case.id.as_str(), *case)).collect();
        let case = |one: &Growing| by_id.get(one.id.as_str()).copied();
        let cases: Vec<&CaseTold> = told.growing.iter().chain(&told.resolved).filter_map(case).collect();
        let all = self.read(&cases, usize::MAX, Vectors::Leave)?;
        let newest = self.read(&cases, LOOKED_AT, Vectors::Read)?;
        for one in told.growing.iter_mut().chain(&mut told.resolved) {
            let Some(case) = by_id.get(one.id.as_str()) else { continue };
            self.reach(one, case, &all);
            self.call(one, case, &newest);
        }
        told.resolved.sort_by(|a, b| b.reach.people.cmp(&a.reach.people).then_with(|| a.id.cmp(&b.id)));
        // What a case is called by is no quote beside it.
        let called =
            |all: &[Growing]| all.iter().filter_map(|one| one.record.clone()).collect::<HashSet<_>>();
        let (mut of_growing, mut of_resolved) = (called(&told.growing), called(&told.resolved));
        for one in told.growing.iter_mut().take(QUOTED) {
            let Some(case) = by_id.get(one.id.as_str()) else { continue };
            let ids = newest_first(within(case, self.period));
            one.quotes = quotes::of_records(self.facts, &ids, &one.topic, &mut of_growing, quotes::QUOTES)?;
        }
        for one in told.resolved.iter_mut().take(QUOTED) {
            let Some(case) = by_id.get(one.id.as_str()) else { continue };
            let ids = newest_first(self.known(case));
            one.quotes = quotes::of_records(self.facts, &ids, &one.topic, &mut of_resolved, quotes::QUOTES)?;
        }
        Ok(())
    }

    /// Its reports up to the end.
    fn known<'c>(&self, case: &'c CaseTold) -> impl Iterator<Item = &'c CaseReport> + use<'c> {
        let end = self.end;
        case.reports.iter().filter(move |report| report.occurred_at < end)
    }

    /// Of each case the newest reports, by their ids.
    fn read(
        &self,
        cases: &[&'a CaseTold],
        most: usize,
        vectors: Vectors,
    ) -> Result<HashMap<String, StoredReport>, InsightError> {
        let newest = |&case: &&'a CaseTold| newest_first(self.known(case)).into_iter().take(most);
        let ids: Vec<&str> = cases.iter().flat_map(newest).collect();
        let reports = of_records(self.facts.clone(), &ids, vectors)?;
        Ok(reports.into_iter().map(|report| (report.record.clone(), report)).collect())
    }

    fn reach(&self, one: &mut Growing, case: &CaseTold, all: &HashMap<String, StoredReport>) {
        let reports = self.known(case).filter_map(|report| all.get(&report.record));
        let touches: Vec<Touch<'_>> = reports.map(StoredReport::touch).collect();
        one.reach = reach(&touches, |name| self.people.of(name));
    }

    fn call(&self, one: &mut Growing, case: &CaseTold, newest: &HashMap<String, StoredReport>) {
        let mut reports: Vec<&StoredReport> =
            self.known(case).filter_map(|report| newest.get(&report.record)).collect();
        reports.sort_by(|a, b| (a.occurred_at, &a.record).cmp(&(b.occurred_at, &b.record)));
        let Some(best) = medoid(&reports).and_then(|at| reports.get(at)) else { return };
        one.title.clone_from(&best.words);
        one.record = Some(best.record.clone());
    }
}

fn newest_first<'c>(reports: impl Iterator<Item = &'c CaseReport>) -> Vec<&'c str> {
    let mut reports: Vec<&CaseReport> = reports.collect();
    reports.sort_by(|a, b| (b.occurred_at, &b.record).cmp(&(a.occurred_at, &a.record)));
    reports.into_iter().map(|report| report.record.as_str()).collect()
}
