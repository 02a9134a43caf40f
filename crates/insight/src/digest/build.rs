//! Puts a digest together: the report's verdicts, and what was handed over, of one week and one view.

use super::{
    cases,
    given::{AlertTold, CaseTold},
    link::Base,
    model::{AlertQuoted, Digest, NewCases, State, WeeklyOf},
    quotes,
    series::{Series, reach},
    week::Week,
    words::{BEFORE, EmergingWords, emerging},
};
use crate::{
    cases::State as CaseState,
    error::InsightError,
    report::{Filter, Inputs, People, Period, Report, Scope, filter::OfCases, report},
    targets::{OwnerTopics, Standing, Target, TargetScope, narrowed, records_of},
    trends::Verdict,
};
use feedback::time::Timestamp;
use polars::prelude::LazyFrame;
use std::collections::HashSet;

/// Alerts that are quoted; a page shows fewer.
const QUOTED: usize = 5;

/// What is known. Cases and alerts may be of any time: those of the week and the view are found here.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub tables: &'a Inputs,
    /// The taxonomy's topics, id and name.
    pub names: &'a [(String, String)],
    pub owners: &'a [OwnerTopics],
    pub cases: &'a [CaseTold],
    /// As they stood at the end of the week, or stand now.
    pub alerts: &'a [AlertTold],
    /// Up to when alerts had been evaluated by then.
    pub looked: Option<Timestamp>,
    pub targets: &'a [Target],
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub week: Week,
    /// Says which days are over; nothing else is counted.
    pub now: Timestamp,
    pub product: Option<&'a str>,
    /// Only their topics, cases, alerts and targets.
    pub owner: Option<&'a str>,
    /// Where the dashboard is, if there is one.
    pub base: Option<&'a Base>,
}

/// Tells a week.
///
/// # Errors
/// Where the tables cannot be read.
pub fn digest(given: &Given<'_>, asked: &Asked<'_>) -> Result<Digest, InsightError> {
    let view = View::of(given, asked);
    let week = asked.week.period();
    let complete = Period { from: week.from, to: week.to.min(view.end.day().plus(-1)) };
    let mut digest = view.blank(if complete.days() == 0 { week } else { complete });
    if week.from > asked.now.day() {
        return Ok(Digest { state: State::Future, ..digest });
    }
    let Some(reach) = reach(&given.tables.insights, asked.product)? else {
        return Ok(Digest { state: State::NoRecords, ..digest });
    };
    digest.records_begin = Some(reach.from);
    if reach.from > week.to {
        return Ok(Digest { state: State::NoRecordsYet, ..digest });
    }
    let scope = Scope { product: asked.product.map(str::to_owned), ..Scope::of_days(week.from, week.to) };
    let report = report(given.tables, &scope, view.end, given.names)?;
    digest.partial = report.partial.clone();
    if complete.days() == 0 {
        return Ok(Digest { state: State::Begun, ..digest });
    }
    let people = People::read(&given.tables.facts)?;
    let series = Series::read(&given.tables.insights, asked.product, asked.week, complete, reach)?;
    view.records(&mut digest, &report, &series)?;
    // Of changes and alerts nobody is quoted twice.
    let mut quoted = HashSet::new();
    digest.changes = view.changes(&report, &series, &people, &mut quoted)?;
    digest.tests = report.tests.count;
    digest.unclear = view.unclear(&report);
    let (all, tells) = (view.cases(), |case: &CaseTold| view.tells(case));
    let of = cases::Of {
        cases: &all,
        tells: &tells,
        facts: &given.tables.facts,
        people: &people,
        week: asked.week,
        period: complete,
        end: view.end,
        first: reach.from,
    };
    let told = of.told()?;
    digest.cases = told.growing;
    digest.resolved = told.resolved;
    digest.other_cases = told.other_cases;
    digest.other_reports = told.other_reports;
    digest.new_cases = told.new_cases;
    digest.alerts = view.alerts(&mut quoted)?;
    digest.alerts_until = given.looked;
    digest.targets = view.targets()?;
    digest.loops = view.loops()?;
    digest.words = view.words(&people, complete)?;
    digest.notable = is_notable(&digest);
    Ok(digest)
}

fn is_notable(digest: &Digest) -> bool {
    let missed = digest.targets.iter().any(|outcome| outcome.standing == Standing::Missed);
    let none = digest.changes.is_empty()
        && digest.cases.is_empty()
        && digest.alerts.is_empty()
        && digest.words.words.is_empty();
    missed || !none
}

/// Given and asked for, with the topics that this is about.
pub(super) struct View<'a> {
    pub given: &'a Given<'a>,
    pub asked: &'a Asked<'a>,
    /// The owner's; `None` of everything.
    pub topics: Option<Vec<String>>,
    /// What comes from then on does not count: the end of the week, or of the last day that is over. So a page is the same at
    /// every hour of its day.
    pub end: Timestamp,
}

impl<'a> View<'a> {
    fn of(given: &'a Given<'a>, asked: &'a Asked<'a>) -> Self {
        let topics = asked.owner.map(|name| {
            let owner = given.owners.iter().find(|owner| owner.name == name);
            owner.map(|owner| owner.topics.clone()).unwrap_or_default()
        });
        let end = asked.now.day().start().min(asked.week.end());
        Self { given, asked, topics, end }
    }

    fn blank(&self, period: Period) -> Digest {
        Digest {
            week: self.asked.week,
            period,
            state: State::Told,
            product: self.asked.product.map(str::to_owned),
            owner: self.asked.owner.map(str::to_owned),
            topics: self.topics.clone().unwrap_or_default(),
            partial: None,
            records_begin: None,
            notable: false,
            records: 0,
            records_filter: None,
            previous: None,
            weeks: None,
            tests: 0,
            unclear: 0,
            changes: Vec::new(),
            cases: Vec::new(),
            other_cases: 0,
            other_reports: 0,
            new_cases: NewCases::default(),
            resolved: Vec::new(),
            alerts: Vec::new(),
            alerts_until: None,
            targets: Vec::new(),
            loops: Vec::new(),
            words: EmergingWords::default(),
            base: self.asked.base.cloned(),
        }
    }

    /// Of an owner their topic; of everything all.
    pub fn has_topic(&self, topic: &str) -> bool {
        self.topics.as_ref().is_none_or(|topics| topics.iter().any(|own| own == topic))
    }

    pub fn has(&self, owner: Option<&str>, topic: Option<&str>) -> bool {
        let Some(asked) = self.asked.owner else { return true };
        owner == Some(asked) || topic.is_some_and(|topic| self.has_topic(topic))
    }

    pub fn is_of_product(&self, product: Option<&str>) -> bool {
        self.asked.product.is_none_or(|asked| product.is_none_or(|product| product == asked))
    }

    fn facts(&self, period: Period) -> LazyFrame {
        let scope = TargetScope { product: self.asked.product.map(str::to_owned), ..TargetScope::default() };
        narrowed(&self.given.tables.facts, &scope, self.topics.as_deref(), period)
    }

    /// Lists the records that this is about; `None` of an owner without topics.
    fn filter(&self, period: Period) -> Option<Filter> {
        let product = self.asked.product.map(str::to_owned);
        let all = Filter { from: Some(period.from), to: Some(period.to), product, ..Filter::default() };
        match self.topics.as_deref() {
            None => Some(all),
            Some([]) => None,
            Some([one]) => Some(all.topic(one)),
            Some(several) => Some(Filter { any_topic: several.to_vec(), ..all }),
        }
    }

    fn records(&self, digest: &mut Digest, report: &Report, series: &Series) -> Result<(), InsightError> {
        if self.topics.is_some() {
            digest.records = records_of(self.facts(digest.period))?;
            digest.records_filter = self.filter(digest.period);
            return Ok(());
        }
        digest.records = report.records.value;
        digest.records_filter = Some(report.records.filter.clone());
        digest.previous = report.previous_records.clone();
        digest.weeks = Some(series.of_source(None, WeeklyOf::Records));
        Ok(())
    }

    fn unclear(&self, report: &Report) -> usize {
        let own = report.movers.iter().filter(|mover| mover.verdict == Verdict::Unclear);
        let of_topics = own.filter(|mover| self.has_topic(&mover.topic)).count();
        let others = report.tests.unclear.sources + report.tests.unclear.scores;
        of_topics + if self.topics.is_none() { others } else { 0 }
    }

    /// All of the product, whoever acts on them.
    pub fn cases(&self) -> Vec<&'a CaseTold> {
        let fits = |case: &&CaseTold| self.asked.product.is_none_or(|asked| case.product == asked);
        self.given.cases.iter().filter(fits).collect()
    }

    /// Whether a case is among what this is about.
    pub fn tells(&self, case: &CaseTold) -> bool {
        self.has(Some(&case.owner), Some(&case.topic))
    }

    /// Those that were going on in the week, the ones that reach most people first.
    fn alerts(&self, quoted: &mut HashSet<String>) -> Result<Vec<AlertQuoted>, InsightError> {
        let week = self.asked.week.period();
        let fits = |alert: &&AlertTold| {
            alert.since.day() <= week.to
                && alert.until.is_none_or(|until| until > week.from.start())
                && (self.has(alert.owner.as_deref(), alert.topic.as_deref())
                    || alert.owners.iter().any(|owner| self.asked.owner == Some(owner.as_str())))
                && self.is_of_product(alert.product.as_deref())
        };
        let mut alerts: Vec<&AlertTold> = self.given.alerts.iter().filter(fits).collect();
        alerts.sort_by(|a, b| {
            let order = (a.over_budget, b.people).cmp(&(b.over_budget, a.people));
            order.then_with(|| (a.since, &a.id).cmp(&(b.since, &b.id)))
        });
        let mut told = Vec::with_capacity(alerts.len());
        for (at, alert) in alerts.into_iter().enumerate() {
            let quotes = match &alert.filter {
                Some(filter) if at < QUOTED => {
                    let filter = self.known(filter);
                    quotes::of_filter(&self.given.tables.facts, &filter, quoted, |_| true)?
                }
                _ => Vec::new(),
            };
            told.push(AlertQuoted { alert: alert.clone(), quotes });
        }
        Ok(told)
    }

    /// A filter that lists no more than is known: up to the end of the week, and of cases as they were handed over.
    fn known(&self, filter: &Filter) -> Filter {
        let last = self.asked.week.period().to;
        let of_cases = filter.asks_for_cases().then(|| {
            let records = |fits: &dyn Fn(&CaseTold) -> bool| -> HashSet<String> {
                let cases = self.given.cases.iter().filter(|case| fits(case));
                cases.flat_map(|case| case.reports.iter().map(|report| report.record.clone())).collect()
            };
            let is_resolved = |case: &CaseTold| {
                case.life_at(self.end).is_some_and(|life| life.state == CaseState::Resolved)
            };
            OfCases {
                members: records(&|case| {
                    filter.case.as_ref().is_some_and(|id| case.id.starts_with(id.as_str()))
                }),
                resolved: records(&|case| filter.unresolved && is_resolved(case)),
            }
        });
        Filter { to: Some(filter.to.map_or(last, |to| to.min(last))), of_cases, ..filter.clone() }
    }

    fn words(&self, people: &People, period: Period) -> Result<EmergingWords, InsightError> {
        let first = self.asked.week.plus(-(BEFORE as i32)).period().from;
        let facts = self.facts(Period { from: first, to: period.to });
        // Of an owner without topics there are no facts.
        let filter = self.filter(period).unwrap_or_default();
        emerging(&self.given.tables.facts, facts, people, self.asked.week, period, &filter)
    }
}
