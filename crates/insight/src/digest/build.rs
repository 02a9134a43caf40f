//! Puts a digest together: the report's verdicts, and what was handed over, of one week and one view.

use super::{
    cases,
    link::Base,
    model::{AlertTold, CaseTold, Digest, State, WeeklyOf},
    series::{Series, reach},
    week::Week,
    words::{BEFORE, EmergingWords, emerging},
};
use crate::{
    cases::{Loop, LoopRow, loop_times},
    error::InsightError,
    report::{Filter, Inputs, People, Period, Report, Scope, filter::Wording, report},
    targets::{Data, Outcome, OwnerTopics, Standing, Target, TargetScope, evaluate, narrowed, tally_of},
    trends::Verdict,
};
use feedback::time::Timestamp;
use polars::prelude::LazyFrame;

/// Weeks of the loops, the one that is told of included.
const LOOP_WEEKS: i32 = 4;

/// What is known. Cases, alerts and loops may be of any time: those of the week and the view are found here.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub tables: &'a Inputs,
    /// The taxonomy's topics, id and name.
    pub names: &'a [(String, String)],
    pub owners: &'a [OwnerTopics],
    pub cases: &'a [CaseTold],
    pub alerts: &'a [AlertTold],
    pub loops: &'a [Loop<'a>],
    pub targets: &'a [Target],
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub week: Week,
    /// Says which days are over.
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
    let complete = Period { from: week.from, to: week.to.min(asked.now.day().plus(-1)) };
    let mut digest = view.blank(if complete.days() == 0 { week } else { complete });
    if week.from > asked.now.day() {
        return Ok(Digest { state: State::Future, ..digest });
    }
    let Some(reach) = reach(&given.tables.insights, asked.product)? else {
        return Ok(Digest { state: State::NoRecords, ..digest });
    };
    let scope = Scope { product: asked.product.map(str::to_owned), ..Scope::of_days(week.from, week.to) };
    let report = report(given.tables, &scope, asked.now, given.names)?;
    digest.partial = report.partial.clone();
    if complete.days() == 0 {
        return Ok(Digest { state: State::Begun, ..digest });
    }
    let people = People::read(&given.tables.facts)?;
    let series = Series::read(&given.tables.insights, asked.product, asked.week, complete, reach)?;
    view.records(&mut digest, &report, &series)?;
    digest.changes = view.changes(&report, &series, &people)?;
    digest.tests = report.tests.count;
    digest.unclear = view.unclear(&report);
    let told = cases::told(&view.cases(), &given.tables.facts, asked.week, complete)?;
    digest.cases = told.growing;
    digest.resolved = told.resolved;
    digest.other_cases = told.other_cases;
    digest.other_reports = told.other_reports;
    digest.alerts = view.alerts();
    digest.targets = view.targets()?;
    digest.loops = view.loops();
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
}

impl<'a> View<'a> {
    fn of(given: &'a Given<'a>, asked: &'a Asked<'a>) -> Self {
        let topics = asked.owner.map(|name| {
            let owner = given.owners.iter().find(|owner| owner.name == name);
            owner.map(|owner| owner.topics.clone()).unwrap_or_default()
        });
        Self { given, asked, topics }
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
            resolved: Vec::new(),
            alerts: Vec::new(),
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

    fn has(&self, owner: Option<&str>, topic: Option<&str>) -> bool {
        let Some(asked) = self.asked.owner else { return true };
        owner == Some(asked) || topic.is_some_and(|topic| self.has_topic(topic))
    }

    fn is_of_product(&self, product: Option<&str>) -> bool {
        self.asked.product.is_none_or(|asked| product.is_none_or(|product| product == asked))
    }

    fn facts(&self, period: Period) -> LazyFrame {
        let scope = TargetScope { product: self.asked.product.map(str::to_owned), ..TargetScope::default() };
        narrowed(&self.given.tables.facts, &scope, self.topics.as_deref(), period)
    }

    fn records(&self, digest: &mut Digest, report: &Report, series: &Series) -> Result<(), InsightError> {
        if self.topics.is_some() {
            digest.records = tally_of(self.facts(digest.period))?.records;
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

    fn cases(&self) -> Vec<&'a CaseTold> {
        let fits = |case: &&CaseTold| {
            let product = Some(case.product.as_str()).filter(|product| !product.is_empty());
            self.has(Some(&case.owner), Some(&case.topic))
                && self.asked.product.is_none_or(|asked| product == Some(asked))
        };
        self.given.cases.iter().filter(fits).collect()
    }

    /// Those that were going on in the week, the ones that reach most people first.
    fn alerts(&self) -> Vec<AlertTold> {
        let week = self.asked.week.period();
        let fits = |alert: &&AlertTold| {
            alert.since.day() <= week.to
                && alert.until.is_none_or(|until| until.day() >= week.from)
                && self.has(alert.owner.as_deref(), alert.topic.as_deref())
                && self.is_of_product(alert.product.as_deref())
        };
        let mut alerts: Vec<AlertTold> = self.given.alerts.iter().filter(fits).cloned().collect();
        alerts.sort_by(|a, b| {
            let order = (a.over_budget, b.people).cmp(&(b.over_budget, a.people));
            order.then_with(|| (a.since, &a.id).cmp(&(b.since, &b.id)))
        });
        alerts
    }

    fn targets(&self) -> Result<Vec<Outcome>, InsightError> {
        let fits = |target: &&Target| {
            let TargetScope { owner, topic, product, .. } = &target.scope;
            self.has(owner.as_deref(), topic.as_deref()) && self.is_of_product(product.as_deref())
        };
        let targets: Vec<Target> = self.given.targets.iter().filter(fits).cloned().collect();
        let Given { loops, owners, tables, .. } = *self.given;
        let data = Data { facts: &tables.facts, loops, owners };
        evaluate(&targets, &data, self.asked.week.period().to, self.asked.now)
    }

    fn loops(&self) -> Vec<LoopRow> {
        let week = self.asked.week.period();
        let days = Period { from: week.from.plus(-7 * (LOOP_WEEKS - 1)), to: week.to };
        let fits = |one: &&Loop<'_>| {
            days.contains(one.times.occurred.day()) && self.has(Some(one.owner), Some(one.topic))
        };
        let loops: Vec<Loop<'_>> = self.given.loops.iter().filter(fits).copied().collect();
        loop_times(&loops)
    }

    fn words(&self, people: &People, period: Period) -> Result<EmergingWords, InsightError> {
        let first = self.asked.week.plus(-(BEFORE as i32)).period().from;
        let facts = self.facts(Period { from: first, to: period.to });
        let scope = Scope {
            product: self.asked.product.map(str::to_owned),
            ..Scope::of_days(period.from, period.to)
        };
        let filter = Filter::of(&scope, period).words(Wording::With);
        // Of one topic, its records alone.
        let filter = match self.topics.as_deref() {
            Some([one]) => filter.topic(one),
            _ => filter,
        };
        emerging(&self.given.tables.facts, facts, people, self.asked.week, period, &filter)
    }
}
