//! Reports brought together: each joins the nearest case within its topic, kind, product and space of vectors, or starts
//! one.
//!
//! Nearness is the mean cosine to all reports of a case. By the nearest single report a case would creep along from one
//! thing to another, and by its mean vector it would take in the more the wider it got.
//!
//! To place a report costs a product of two vectors for each case of its block in reach, not for each report: of 64
//! numbers about 50 ns, most of it for the memory. Among 1,000 cases that is 50 µs a report, among 100,000 it is 5 ms, so
//! that 200 reports that come at once to so large a block take a second. Two blocks never meet.

use super::{
    life::{Life, Step},
    likeness::Sum,
    rules::CaseRules,
};
use feedback::{ids::Id, judgement::FeedbackKind, time::Timestamp};
use std::collections::{HashMap, HashSet};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A record that may belong to a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report<'a> {
    /// Its id, which follows from the item's and the part.
    pub record: &'a str,
    /// Its surest topic, or `none`.
    pub topic: &'a str,
    pub kind: FeedbackKind,
    /// Empty where it names none.
    pub product: &'a str,
    /// The version of the vector: two spaces are never compared.
    pub space: &'a str,
    /// Of length 127; empty where the record has no words.
    pub vector: &'a [i8],
    pub occurred_at: Timestamp,
    pub stored_at: Timestamp,
}

/// What is known of a case when reports are brought to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Of the first report and the version of the rules.
    pub id: Id,
    /// Of topic, kind, product and space: only reports of the same may join.
    pub block: Id,
    pub sum: Sum,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    pub life: Life,
}

/// How a report came to its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    Started,
    Grew,
    /// The case was resolved, and is open again.
    Reopened,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Placed<'a> {
    pub record: &'a str,
    pub case: Id,
    pub joined: Joined,
    /// The mean cosine to the reports before it; `None` where there were none.
    pub likeness: Option<f64>,
}

/// The cases that a report may still join. Which record is in which, those know who keep them.
#[derive(Debug)]
pub struct Cases {
    rules: CaseRules,
    version: String,
    cases: Vec<Case>,
    /// Places in `cases`.
    by_block: HashMap<Id, Vec<usize>>,
    by_id: HashMap<Id, usize>,
}

impl Cases {
    #[must_use]
    pub fn new(rules: CaseRules) -> Self {
        let version = rules.version();
        Self { rules, version, cases: Vec::new(), by_block: HashMap::new(), by_id: HashMap::new() }
    }

    #[must_use]
    pub fn rules(&self) -> &CaseRules {
        &self.rules
    }

    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    #[must_use]
    pub fn get(&self, id: Id) -> Option<&Case> {
        self.by_id.get(&id).map(|at| &self.cases[*at])
    }

    /// One more that reports may join; one that is there stays as it is.
    pub fn add(&mut self, case: Case) {
        if !self.by_id.contains_key(&case.id) {
            self.cases.push(case);
            self.index(self.cases.len() - 1);
        }
    }

    /// What others did to a case.
    pub fn set_life(&mut self, id: Id, life: Life) {
        if let Some(at) = self.by_id.get(&id) {
            self.cases[*at].life = life;
        }
    }

    /// Lets go of the others.
    pub fn retain(&mut self, keep: impl FnMut(&Case) -> bool) {
        let before = self.cases.len();
        self.cases.retain(keep);
        if self.cases.len() == before {
            return;
        }
        self.by_block.clear();
        self.by_id.clear();
        (0..self.cases.len()).for_each(|at| self.index(at));
    }

    fn index(&mut self, at: usize) {
        let case = &self.cases[at];
        self.by_block.entry(case.block).or_default().push(at);
        self.by_id.insert(case.id, at);
    }

    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// A batch of records that are in no case yet, in the order in which they occurred, whatever order they came in.
    /// Those that form no case (without words, or of another kind) are left out; one that is named twice is placed once.
    pub fn place<'a>(&mut self, batch: &[Report<'a>]) -> Vec<Placed<'a>> {
        let mut sorted: Vec<&Report<'a>> = batch.iter().collect();
        sorted.sort_by_key(|report| (report.occurred_at, report.record));
        let mut seen: HashSet<&str> = HashSet::with_capacity(sorted.len());
        sorted.retain(|report| seen.insert(report.record));
        sorted.into_iter().filter_map(|report| self.place_one(report)).collect()
    }

    fn place_one<'a>(&mut self, report: &Report<'a>) -> Option<Placed<'a>> {
        let record = report.record;
        if report.vector.is_empty() || !self.rules.kinds.contains(&report.kind) {
            return None;
        }
        let block = block(report.topic, report.kind.as_str(), report.product, report.space);
        Some(match self.nearest(block, report) {
            Some((at, likeness)) => {
                let joined = self.cases[at].join(report);
                Placed { record, case: self.cases[at].id, joined, likeness: Some(likeness) }
            }
            None => {
                let case = self.start(block, report);
                Placed { record, case, joined: Joined::Started, likeness: None }
            }
        })
    }

    /// Of the open cases; where none is near enough, of those that were resolved. Of two as near the older one.
    fn nearest(&self, block: Id, report: &Report<'_>) -> Option<(usize, f64)> {
        let within = self.by_block.get(&block).map(Vec::as_slice).unwrap_or_default();
        let near = |resolved: bool| {
            let may = within.iter().copied().filter(move |at| {
                let case = &self.cases[*at];
                case.life.is_resolved() == resolved && case.is_in_reach(report, &self.rules)
            });
            let likenesses = may.map(|at| (at, self.cases[at].sum.likeness(report.vector)));
            likenesses.filter(|(_, likeness)| *likeness >= self.rules.likeness).max_by(|a, b| {
                let older = |at: usize| (self.cases[at].first_seen, self.cases[at].id);
                a.1.total_cmp(&b.1).then_with(|| older(b.0).cmp(&older(a.0)))
            })
        };
        near(false).or_else(|| near(true))
    }

    fn start(&mut self, block: Id, report: &Report<'_>) -> Id {
        let id = Id::of(&["case", report.record, &self.version]);
        let life = Life::opened(report.stored_at);
        self.add(Case::begun(id, block, life, report.vector, report.occurred_at));
        id
    }
}

/// What reports have to share to be of one case.
#[must_use]
pub fn block(topic: &str, kind: &str, product: &str, space: &str) -> Id {
    Id::of(&[topic, kind, product, space])
}

impl Case {
    /// With one report, the first, or any of those that are left.
    #[must_use]
    pub fn begun(id: Id, block: Id, life: Life, vector: &[i8], at: Timestamp) -> Self {
        Self { id, block, sum: Sum::of(vector), first_seen: at, last_seen: at, life }
    }

    /// One more report, whose vector is of the same space.
    pub fn take(&mut self, vector: &[i8], at: Timestamp) {
        self.sum.add(vector);
        self.first_seen = self.first_seen.min(at);
        self.last_seen = self.last_seen.max(at);
    }

    /// Near enough in time. Of a resolved case also what occurred soon after: then it comes back.
    fn is_in_reach(&self, report: &Report<'_>, rules: &CaseRules) -> bool {
        let at = report.occurred_at;
        // Somebody may want no end of it.
        let days = |days: u32| i64::from(days).saturating_mul(MICROS_PER_DAY);
        match self.life.resolved_at {
            Some(resolved) if at > resolved => at.0.saturating_sub(resolved.0) <= days(rules.reopen_days),
            _ => {
                let before = self.first_seen.0.saturating_sub(at.0);
                let after = at.0.saturating_sub(self.last_seen.0);
                before.max(after) <= days(rules.window_days)
            }
        }
    }

    /// What occurred before the case was resolved and came late does not reopen it.
    fn join(&mut self, report: &Report<'_>) -> Joined {
        self.take(report.vector, report.occurred_at);
        if self.life.resolved_at.is_none_or(|resolved| report.occurred_at <= resolved) {
            return Joined::Grew;
        }
        // Clocks differ: the log goes forward all the same.
        let at = report.stored_at.max(self.life.last_at);
        match self.life.then(Step::Reopened, at) {
            Ok(life) => {
                self.life = life;
                Joined::Reopened
            }
            // A resolved case can always be reopened, and not before its last event.
            Err(_) => Joined::Grew,
        }
    }
}

#[cfg(test)]
mod tests;
