//! Alerts for the dashboard: how they stand, what is behind one, and what people say of it.

use super::made::Stamp;
use super::named::{failed, named};
use super::{Shared, now};
use crate::alerting::{self, Alerting, carried, journal};
use crate::cases::Book;
use crate::logs::Told;
use feedback::time::{Day, Timestamp};
use insight::alerts::{
    Alert, AlertEvent, AlertTold, Behind, Contribution, Hour, Muted, Quoted, Refused, Said, precision,
};
use server::desk::{
    AlertChange, AlertChanged, AlertEntry, AlertQuote, AlertRow, AlertSaid, AlertSilence, AlertState,
    AlertWhole, Alerts, AlertsCoverage, AlertsFilter, AlertsPrecision, At, Carried, Date, DeskError, Known,
    Page, Ranked, listed,
};
use std::sync::Arc;
use std::time::Duration;

impl Shared {
    pub(super) async fn list_alerts(&self, wanted: &AlertsFilter, page: &Page) -> Known<Alerts> {
        let told = self.follow_alerts().await?;
        let (now, book) = (now(), self.cases.book());
        let fit = told.alerts.iter().filter(|alert| wants(wanted, alert, now.day())).map(|alert| Ranked {
            // Those that run first, and of either the newest.
            rank: [i64::from(alert.is_open()), alert.opened_at.0],
            name: &alert.id,
            item: alert,
        });
        let list = listed(fit.collect(), page).map(|alert| row(alert, now, &self.alerting, &book));
        let firing = told.alerts.iter().filter(|alert| alert.is_open()).count() as u64;
        Ok(Alerts {
            list,
            firing,
            precision: AlertsPrecision::from(precision(&told.alerts)),
            looked_to: told.log.looked.map(|to| At(to.start())),
            coverage: told.log.coverage.map(AlertsCoverage::from),
            quiet_since: quiet_since(&told.alerts),
        })
    }

    pub(super) async fn show_alert(
        self: &Arc<Self>,
        beginning: &str,
        patience: Duration,
    ) -> Known<AlertWhole> {
        let told = self.follow_alerts().await?;
        let alert = find(&told, beginning)?;
        let own: Vec<&AlertEvent> = told.log.events.iter().filter(|event| event.id == alert.id).collect();
        let last = own.iter().rev().find(|event| event.incident.is_some());
        let last = last.ok_or_else(|| failed("the log of an alert has no beginning"))?;
        let behind = self.behind((*last).clone(), patience).await?;
        let is_read = behind.is_some();
        let book = self.cases.book();
        let case = |id: &str| book.cases.get(id);
        let behind = behind.as_deref().cloned().unwrap_or_default();
        let words = self.alerting.told_of(last, behind, case);
        let words = words.ok_or_else(|| failed("the log of an alert tells of nothing that moved"))?;
        let row = row(alert, now(), &self.alerting, &book);
        Ok(whole(row, words, is_read, own.into_iter().map(entry).collect()))
    }

    /// What carries it and what customers say; `None` while that is read for the first time.
    async fn behind(self: &Arc<Self>, event: AlertEvent, patience: Duration) -> Known<Option<Arc<Behind>>> {
        // Cases may be joined meanwhile: that changes nothing of what carries an alert that anybody would wait for.
        let stamp = Stamp { others: [0, 0], ..self.stamp(0).await? };
        let made = self.behind.of(&(event.id.clone(), event.at));
        let shared = Arc::clone(self);
        let make = async move {
            let cases = Arc::clone(&shared.cases);
            let case = move |record: &str| cases.book().case_of(record).map(str::to_owned);
            alerting::behind(&shared.store, &shared.alerting, event, case).await
        };
        made.get(stamp, patience, make).await.map_err(failed)
    }

    pub(super) async fn change_alert(
        &self,
        beginning: &str,
        change: &AlertChange,
        by: &str,
    ) -> Known<AlertChanged> {
        let told = self.follow_alerts().await?;
        let (id, event) = {
            let alert = find(&told, beginning)?;
            let event = alert.changed(change, Some(by), now());
            (alert.id.clone(), event.map_err(refused)?)
        };
        let row = journal::row(&event).map_err(failed)?;
        self.store.append(&[row], None).await.map_err(failed)?;
        let told = self.follow_alerts().await?;
        let (alert, book) = (find(&told, &id)?, self.cases.book());
        let precision = AlertsPrecision::from(precision(&told.alerts));
        Ok(AlertChanged { alert: self::row(alert, now(), &self.alerting, &book), precision })
    }

    /// With the cases that alerts may be of.
    pub(super) async fn follow_alerts(&self) -> Known<Told> {
        self.cases.follow().await.map_err(failed)?;
        self.alerts.follow().await.map_err(failed)
    }
}

pub(super) fn refused(why: Refused) -> DeskError {
    match why {
        Refused::Past(_) => DeskError::Bad(why.to_string()),
        Refused::Over | Refused::AcknowledgedAlready | Refused::NotSilenced => {
            DeskError::Conflict(why.to_string())
        }
    }
}

pub(super) fn find<'t>(told: &'t Told, beginning: &str) -> Known<&'t Alert> {
    named(told.alerts.iter(), |alert| alert.id.as_str(), beginning, "alert")
}

fn wants(wanted: &AlertsFilter, alert: &Alert, today: Day) -> bool {
    let since = wanted.since.map_or(Timestamp(i64::MIN), Day::start);
    let is_own = |owner: &String| alert.owners.contains(owner);
    let names = |topic: &String| alert.incident.topics().contains(&topic.as_str());
    wanted.open.is_none_or(|open| open == alert.is_open())
        && wanted.state.is_none_or(|state| state == AlertState::from(alert.state(today)))
        && wanted.owner.as_ref().is_none_or(is_own)
        && wanted.topic.as_ref().is_none_or(names)
        && alert.resolved_at.is_none_or(|at| at >= since)
}

/// The end of the last one, where none runs.
fn quiet_since(alerts: &[Alert]) -> Option<At> {
    let ends: Option<Vec<Timestamp>> = alerts.iter().map(|alert| alert.resolved_at).collect();
    ends?.into_iter().max().map(At)
}

fn row(alert: &Alert, now: Timestamp, alerting: &Alerting, book: &Book) -> AlertRow {
    let case = |id: &str| book.cases.get(id);
    let told = alerting.in_digest(alert, Hour::of(now), case);
    let said = |said: &Said| AlertSaid { at: At(said.at), by: said.by.clone() };
    AlertRow {
        id: alert.id.clone(),
        title: told.title,
        state: alert.state(now.day()).into(),
        severity: alert.severity.as_str(),
        owner: alert.owner.clone(),
        owners: alert.owners.clone(),
        topics: alert.incident.topics().into_iter().map(str::to_owned).collect(),
        since: At(told.since),
        opened_at: At(alert.opened_at),
        last_at: At(alert.last_at),
        resolved_at: alert.resolved_at.map(At),
        is_told: alert.is_told,
        told_with: alert.told_with.clone(),
        why: alert.why.clone(),
        reopened: alert.reopened,
        people: told.people,
        is_useful: alert.is_useful,
        acknowledged: alert.acknowledged.as_ref().map(said),
        silenced: alert.muted_on(now.day()).map(silence),
        filter: told.filter,
    }
}

fn silence(muted: &Muted) -> AlertSilence {
    AlertSilence {
        at: At(muted.said.at),
        by: muted.said.by.clone(),
        until: muted.mute.until.map(Date),
        reason: muted.mute.reason.clone(),
    }
}

fn whole(alert: AlertRow, words: AlertTold, is_read: bool, log: Vec<AlertEntry>) -> AlertWhole {
    let quote = |quote: Quoted| AlertQuote { record: quote.record, text: quote.text };
    let carries = |one: Contribution| {
        let text = carried(&one);
        Carried::new(one, text)
    };
    AlertWhole {
        alert,
        summary: words.summary,
        moved: words.moved.into_iter().map(Into::into).collect(),
        parts: words.parts.into_iter().map(Into::into).collect(),
        is_read,
        carried_by: words.carried_by.into_iter().map(carries).collect(),
        quotes: words.quotes.into_iter().map(quote).collect(),
        log,
    }
}

fn entry(event: &AlertEvent) -> AlertEntry {
    AlertEntry {
        at: At(event.at),
        step: event.step.as_str(),
        by: event.by.clone(),
        people: event.incident.as_ref().map(|incident| incident.people()),
        until: event.mute.as_ref().and_then(|mute| mute.until).map(Date),
        reason: event.mute.as_ref().map(|mute| mute.reason.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::tests::fired;
    use insight::alerts::{Mute, Step, fold};

    fn alerts() -> Vec<Alert> {
        let (login, billing) = (fired("login_access"), fired("billing"));
        let over = AlertEvent {
            step: Step::Resolved,
            at: Timestamp(billing.at.0 + 3_600_000_000),
            ..billing.clone()
        };
        fold(&[login, billing, over])
    }

    #[test]
    fn every_filter_narrows_the_list() {
        let alerts = alerts();
        let today = alerts[0].opened_at.day();
        let count = |wanted: AlertsFilter| alerts.iter().filter(|alert| wants(&wanted, alert, today)).count();
        let all = AlertsFilter::default;
        let named = |name: &str| Some(name.to_owned());
        for (fits, wanted) in [
            (2, all()),
            (1, AlertsFilter { open: Some(true), ..all() }),
            (1, AlertsFilter { open: Some(false), ..all() }),
            (1, AlertsFilter { state: Some(AlertState::Firing), ..all() }),
            (0, AlertsFilter { state: Some(AlertState::Silenced), ..all() }),
            (2, AlertsFilter { owner: named("identity"), ..all() }),
            (0, AlertsFilter { owner: named("nobody"), ..all() }),
            (1, AlertsFilter { topic: named("billing"), ..all() }),
            (1, AlertsFilter { since: Some(today.plus(1)), ..all() }),
            (2, AlertsFilter { since: Some(today), ..all() }),
        ] {
            assert_eq!(count(wanted.clone()), fits, "{wanted:?}");
        }
    }

    #[test]
    fn it_is_quiet_since_the_last_one_was_over() {
        let alerts = alerts();
        assert_eq!(quiet_since(&alerts), None, "one runs");
        let over: Vec<Alert> = alerts.into_iter().filter(|alert| !alert.is_open()).collect();
        assert_eq!(quiet_since(&over), over[0].resolved_at.map(At));
        assert_eq!(quiet_since(&[]), None, "there never was one");
    }

    #[test]
    fn an_entry_says_who_silenced_it_until_when() {
        let mute = Mute { until: Some(Day(20_514)), reason: "we know".to_owned() };
        let by = Some("jo".to_owned());
        let muted =
            AlertEvent { step: Step::Muted, incident: None, mute: Some(mute), by, ..fired("login_access") };
        let entry = entry(&muted);
        assert_eq!((entry.step, entry.by.as_deref(), entry.people), ("muted", Some("jo"), None));
        assert_eq!((entry.until, entry.reason.as_deref()), (Some(Date(Day(20_514))), Some("we know")));
    }
}
