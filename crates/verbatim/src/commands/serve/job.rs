//! The jobs, and what each does when its time has come.

use super::{Serving, digests};
use crate::acting::act;
use crate::alerting;
use crate::cases::{Escalation, Updates, escalate, tell_cases};
use crate::commands::alerts::send;
use crate::kafka::producer::KafkaProducer;
use crate::topics::{write_cases, write_triaged};
use anyhow::{Context as _, Result};
use deliver::Producer;
use feedback::time::Timestamp;
use insight::alerts::{Every, Hour};
use insight::triage::RuleSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// After an hour is over its last records may still be on their way.
const LATE: i64 = 5 * 60 * 1_000_000;

/// What the brokers may take for a message; the other jobs wait for it.
const TO_WRITE: Duration = Duration::from_secs(10);

/// In the order in which they are done: each rests on what those before it have written. First what cannot wait, and
/// needs nothing but the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    Actions,
    Rollup,
    Cases,
    Escalations,
    Alerts,
    Digest,
    Topics,
}

impl Job {
    pub const ALL: [Self; 7] = [
        Self::Actions,
        Self::Rollup,
        Self::Cases,
        Self::Escalations,
        Self::Alerts,
        Self::Digest,
        Self::Topics,
    ];

    /// As metrics name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::Rollup => "rollup",
            Self::Cases => "cases",
            Self::Escalations => "escalations",
            Self::Alerts => "alerts",
            Self::Digest => "digest",
            Self::Topics => "topics",
        }
    }

    /// As a sentence begins with it.
    pub fn told(self) -> &'static str {
        match self {
            Self::Actions => "telling of what was triaged, as the actions of the rules say,",
            Self::Rollup => "the rollup",
            Self::Cases => "bringing reports to their cases",
            Self::Escalations => "the escalation of cases",
            Self::Alerts => "the evaluation of the alerts",
            Self::Digest => "the weekly digest",
            Self::Topics => "the writing of triage and cases to Kafka",
        }
    }
}

impl Serving {
    /// What it did, in a few words; `None` where there was nothing to do, by what the tables hold.
    pub(super) async fn perform(&self, job: Job, now: Timestamp) -> Result<Option<String>> {
        match job {
            Job::Actions => self.actions().await,
            Job::Rollup => self.rollup().await,
            Job::Cases => self.cases().await,
            Job::Escalations => self.escalations(now).await,
            Job::Alerts => self.alerts(now).await,
            Job::Digest => digests::make(self, now).await,
            Job::Topics => self.topics().await,
        }
    }

    /// It begins where it has something to do: a rule whose actions name a target, and a target.
    async fn actions(&self) -> Result<Option<String>> {
        let acts = self.rules.as_deref().is_some_and(RuleSet::has_actions);
        if !acts || self.targets.is_empty() {
            return Ok(None);
        }
        let names = self.context.topic_names()?;
        let acted = act(&self.outbox, &self.targets, &names, self.alerting.base.as_ref()).await?;
        let (records, queued) = (acted.records, acted.queued);
        Ok((queued > 0).then(|| format!("actions: {records} triaged records told, {queued} messages queued")))
    }

    async fn rollup(&self) -> Result<Option<String>> {
        let done = worker::rollup::rollup_now(&self.store).await?;
        Ok((done.days > 0).then(|| format!("rolled up: {} days, {} insights", done.days, done.insights)))
    }

    async fn cases(&self) -> Result<Option<String>> {
        let version = self.store.version().await?;
        if self.hints.cases.load(Ordering::Relaxed) == version {
            return Ok(None);
        }
        let mut updates = self.updates.lock().await;
        let done = updates.update(&self.store, &self.cases, &|_, _| {}).await?;
        let queued = self
            .tell_cases(&mut updates)
            .await
            .context("the cases are noted, but not all could be queued")?;
        // What has come meanwhile has moved the version, and is placed the next time.
        self.hints.cases.store(version, Ordering::Relaxed);
        let has_news = done.opened + done.reopened + done.joined > 0 || queued > 0;
        Ok(has_news.then(|| {
            format!(
                "cases: {} opened, {} came back, {} reports joined one, {queued} messages queued",
                done.opened, done.reopened, done.joined
            )
        }))
    }

    async fn escalations(&self, now: Timestamp) -> Result<Option<String>> {
        let Some(rules) = &self.rules else { return Ok(None) };
        let names = self.context.topic_names()?;
        let by = Escalation {
            rules,
            owners: &self.alerting.owners,
            targets: &self.targets,
            names: &names,
            base: self.alerting.base.as_ref(),
        };
        let queued = escalate(&self.outbox, &self.logs.cases, &by, now).await?;
        Ok((queued > 0).then(|| format!("escalations: {queued} messages queued")))
    }

    /// After a start what is new of any case, then of those that something happened to.
    async fn tell_cases(&self, updates: &mut Updates) -> Result<usize> {
        let to = &self.context.config().cases.to;
        let mut queued = 0;
        if !to.is_empty() {
            let changed = updates.changed(&self.store).await?;
            let (names, base) = (self.context.topic_names()?, self.alerting.base.as_ref());
            queued = tell_cases(&self.outbox, &self.targets, to, &changed, &names, base).await?;
        }
        // What could not be queued stays for the next time.
        updates.told();
        Ok(queued)
    }

    async fn alerts(&self, now: Timestamp) -> Result<Option<String>> {
        let every = self.alerting.rules.watch.every;
        let known = Hour(self.hints.alerts.load(Ordering::Relaxed));
        if !is_due(every, Some(known), now) {
            return Ok(None);
        }
        let looked = self.logs.alerts.follow().await?.log.looked;
        if !is_due(every, looked, now) {
            self.looked(looked);
            return Ok(None);
        }
        let ran = alerting::run(&self.store, &self.alerting, now).await?;
        let queued = send(&self.outbox, &self.context, &self.alerting, &ran).await?;
        let firing = ran.alerts.iter().filter(|alert| alert.is_open()).count();
        let noted = ran.events.len();
        self.looked(Some(ran.now));
        Ok(Some(format!(
            "alerts evaluated up to {} UTC: {noted} noted, {firing} firing, {queued} messages queued",
            ran.now
        )))
    }

    /// For programs: the decisions, and what became of cases.
    async fn topics(&self) -> Result<Option<String>> {
        let config = self.context.config();
        let make = || -> Result<Arc<dyn Producer>> { Ok(Arc::new(KafkaProducer::new(config, TO_WRITE)?)) };
        let (triage, cases) = (config.triage.topic.as_str(), config.cases.topic.as_str());
        let decisions =
            if triage.is_empty() { Ok(0) } else { write_triaged(&self.store, triage, &make).await };
        let changes = if cases.is_empty() { Ok(0) } else { write_cases(&self.store, cases, &make).await };
        // One that fails holds up no other.
        let (decisions, changes) = (decisions?, changes?);
        Ok((decisions + changes > 0)
            .then(|| format!("topics: {decisions} decisions and {changes} changes of cases written")))
    }

    fn looked(&self, to: Option<Hour>) {
        if let Some(to) = to {
            self.hints.alerts.store(to.0, Ordering::Relaxed);
        }
    }
}

/// Whether a look is due, by the end of the last hour that any run has seen. However many were missed, one makes up for
/// them all: it looks at the whole history.
fn is_due(every: Every, looked: Option<Hour>, now: Timestamp) -> bool {
    // What lies ahead was noted by a clock that was wrong.
    let Some(looked) = looked.filter(|looked| *looked <= Hour::of(now)) else { return true };
    let ready = Hour::of(Timestamp(now.0.saturating_sub(LATE)));
    match every {
        Every::Hour => looked < ready,
        Every::Day => looked.day() < ready.day(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64, minutes: i64) -> Timestamp {
        Timestamp((hours * 60 + minutes) * 60_000_000)
    }

    #[test]
    fn alerts_are_due_once_an_hour_or_a_day() {
        let day = 20_514 * 24;
        let seen = |hour: i64| Some(Hour((day + hour) as i32));
        assert!(is_due(Every::Hour, None, at(day, 0)), "nobody has ever looked");
        assert!(!is_due(Every::Hour, seen(10), at(day + 10, 59)));
        assert!(!is_due(Every::Hour, seen(10), at(day + 11, 4)), "the last records may be on their way");
        assert!(is_due(Every::Hour, seen(10), at(day + 11, 5)));
        assert!(is_due(Every::Hour, seen(10), at(day + 90, 0)), "missed ones are made up for by one");
        assert!(!is_due(Every::Day, seen(0), at(day + 23, 59)));
        assert!(is_due(Every::Day, seen(0), at(day + 24, 5)));
        assert!(is_due(Every::Day, seen(23), at(day + 24, 5)));
    }

    #[test]
    fn every_job_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Job::ALL.map(Job::name).into();
        assert_eq!(names.len(), Job::ALL.len());
        assert!(Job::ALL.is_sorted());
    }
}
