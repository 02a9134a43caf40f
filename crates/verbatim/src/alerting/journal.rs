//! The log of alerts in the store: how an event stands there, and up to where the last run had seen.

use anyhow::{Context as _, Result};
use feedback::time::{Day, Timestamp};
use insight::alerts::{AlertEvent, Coverage, Hour, Incident, Mute, Step};
use insight::triage::Priority;
use serde::{Deserialize, Serialize};
use store::{Mark, Store, Tail};

/// The step of a row that says up to where a run had seen, and nothing of any alert.
const LOOKED: &str = "looked";

/// The log as it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Log {
    pub mark: Mark,
    pub events: Vec<AlertEvent>,
    /// Up to when each run has seen.
    pub looks: Vec<Timestamp>,
    /// The end of the last hour that a run has seen; `None` before the first one.
    pub looked: Option<Hour>,
    /// Of what that run could say anything, where it noted that.
    pub coverage: Option<Coverage>,
}

/// What has no column of its own. No word of a customer stands in it: quotes are read from the facts when they are shown.
#[derive(Serialize, Deserialize)]
struct Payload {
    is_told: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    owners: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    incident: Option<Incident>,
    /// Why it was held back or is over, or the alert that tells it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Until when somebody silenced it, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mute: Option<Mute>,
}

/// What a look notes of itself.
#[derive(Serialize, Deserialize)]
struct Look {
    speaking: usize,
    series: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Day>,
}

impl Log {
    pub async fn read(store: &Store) -> Result<Self> {
        let mut log = Self::default();
        log.read_on(store).await?;
        Ok(log)
    }

    /// What was written since; whether that was anything. Where it was nothing, that costs a look at the log's version.
    pub async fn read_on(&mut self, store: &Store) -> Result<bool> {
        let tail =
            store.tail::<store::AlertEvent>(self.mark).await.context("the log of alerts cannot be read")?;
        let is_news = tail.anew || !tail.events.is_empty();
        self.follow(&tail)?;
        Ok(is_news)
    }

    fn follow(&mut self, tail: &Tail<store::AlertEvent>) -> Result<()> {
        let (looks, events): (Vec<_>, Vec<_>) = tail.events.iter().partition(|row| row.step == LOOKED);
        // Before anything is taken in: what is half read would be read twice.
        let events = events.into_iter().map(event).collect::<Result<Vec<_>>>()?;
        if tail.anew {
            *self = Self::default();
        }
        self.events.extend(events);
        looks.into_iter().for_each(|row| self.look(row));
        self.mark = tail.mark;
        Ok(())
    }

    fn look(&mut self, row: &store::AlertEvent) {
        self.looks.push(row.at);
        let to = Some(Hour::of(row.at));
        if to < self.looked {
            return;
        }
        self.looked = to;
        let noted = row.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
        self.coverage =
            noted.map(|Look { speaking, series, from }: Look| Coverage { speaking, series, from });
    }
}

/// The row that says that a run has seen everything before `to`, and of what it could say anything.
pub fn looked_with(to: Hour, coverage: Coverage) -> Result<store::AlertEvent> {
    let Coverage { speaking, series, from } = coverage;
    let noted = serde_json::to_string(&Look { speaking, series, from }).context("a look cannot be noted")?;
    Ok(store::AlertEvent { payload: Some(noted), ..looked(to) })
}

/// The same of whoever says no more.
pub fn looked(to: Hour) -> store::AlertEvent {
    store::AlertEvent {
        at: to.start(),
        alert: String::new(),
        step: LOOKED.to_owned(),
        owner: None,
        severity: None,
        told_by: None,
        payload: None,
        quoted: Vec::new(),
    }
}

/// An event as the log holds it.
pub fn row(event: &AlertEvent) -> Result<store::AlertEvent> {
    let (told_by, why) = match event.step.is_mark() {
        true => (event.by.clone(), None),
        false => (None, event.by.clone()),
    };
    let (owners, incident) = (event.owners.clone(), event.incident.clone());
    let payload = Payload { is_told: event.is_told, owners, incident, why, mute: event.mute.clone() };
    Ok(store::AlertEvent {
        at: event.at,
        alert: event.id.clone(),
        step: event.step.as_str().to_owned(),
        owner: Some(event.owner.clone()).filter(|owner| !owner.is_empty()),
        severity: Some(event.severity.as_str().to_owned()),
        told_by,
        payload: Some(serde_json::to_string(&payload).context("an alert cannot be written")?),
        quoted: Vec::new(),
    })
}

fn event(row: &store::AlertEvent) -> Result<AlertEvent> {
    let strange =
        || format!("the log of alerts holds a row of {} that this version does not know", row.alert);
    let payload = row.payload.as_deref().unwrap_or("{\"is_told\":false}");
    let Payload { is_told, mut owners, incident, why, mute } =
        serde_json::from_str(payload).with_context(strange)?;
    if owners.is_empty() {
        // As rows were written that told its owner alone.
        owners.extend(row.owner.clone());
    }
    Ok(AlertEvent {
        id: row.alert.clone(),
        at: row.at,
        step: Step::parse(&row.step).with_context(strange)?,
        is_told,
        owner: row.owner.clone().unwrap_or_default(),
        owners,
        severity: row.severity.as_deref().and_then(Priority::parse).unwrap_or(Priority::P4),
        incident,
        by: row.told_by.clone().or(why),
        mute,
    })
}

/// The event by which somebody says whether an alert was of use.
#[cfg(test)]
pub fn mark(id: &str, at: Timestamp, useful: bool, by: Option<String>) -> AlertEvent {
    AlertEvent {
        id: id.to_owned(),
        at,
        step: if useful { Step::Useful } else { Step::NotUseful },
        is_told: false,
        owner: String::new(),
        owners: Vec::new(),
        severity: Priority::P4,
        incident: None,
        by,
        mute: None,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use insight::alerts::{Figures, Metric, SeriesKey, Spell, What};
    use insight::stats::Interval;

    /// 2026-03-02 06:00.
    pub const ONSET: Hour = Hour(20_514 * 24 + 6);

    pub fn fired(topic: &str) -> AlertEvent {
        let spell = Spell {
            key: SeriesKey {
                metric: Metric::Volume,
                what: What::Topic(topic.to_owned()),
                product: None,
                source: None,
            },
            onset: ONSET,
            fired: ONSET.plus(4),
            ended: None,
            figures: Figures::Volume {
                seen: 84,
                expected: 31.0,
                range: Interval::new(20.0, 42.0),
                times: 2.7,
            },
            people: 60,
        };
        let incident = Incident { spells: vec![spell] };
        AlertEvent {
            id: incident.id(),
            at: ONSET.plus(5).start(),
            step: Step::Fired,
            is_told: true,
            owner: "identity".to_owned(),
            owners: vec!["identity".to_owned()],
            severity: Priority::P1,
            incident: Some(incident),
            by: None,
            mute: None,
        }
    }

    fn log(rows: &[store::AlertEvent]) -> Result<Log> {
        let mut log = Log::default();
        log.follow(&Tail { mark: Mark::default(), events: rows.to_vec(), anew: false })?;
        Ok(log)
    }

    #[test]
    fn events_are_read_back_as_they_were_written() {
        let fired = fired("login_access");
        let held = AlertEvent {
            step: Step::OverBudget,
            is_told: false,
            owner: String::new(),
            owners: Vec::new(),
            by: Some("this week's are spent".to_owned()),
            ..fired.clone()
        };
        let owners = vec!["identity".to_owned(), "billing".to_owned()];
        let merged = AlertEvent { step: Step::Merged, owners, by: Some("3f9c".to_owned()), ..fired.clone() };
        let useful = mark(&fired.id, ONSET.plus(9).start(), true, Some("jo".to_owned()));
        let mute = Some(Mute { until: Some(ONSET.day()), reason: "we know".to_owned() });
        let muted = AlertEvent { step: Step::Muted, mute, ..useful.clone() };
        let events = [fired, held, useful, merged, muted];
        let mut rows: Vec<store::AlertEvent> = events.iter().map(|event| row(event).unwrap()).collect();
        assert_eq!((rows[1].owner.as_deref(), rows[1].told_by.as_deref()), (None, None));
        assert_eq!(rows[2].told_by.as_deref(), Some("jo"));
        rows.insert(1, looked(ONSET.plus(7)));
        rows.push(looked(ONSET.plus(5)));
        let read = log(&rows).unwrap();
        assert_eq!(read.events, events);
        assert_eq!(read.looked, Some(ONSET.plus(7)), "as far as any run has seen");
        assert_eq!(read.looks, [ONSET.plus(7).start(), ONSET.plus(5).start()]);
        assert_eq!(log(&[]).unwrap(), Log::default());
    }

    #[test]
    fn the_last_look_says_of_how_much_anything_could_be_said() {
        let coverage = Coverage { speaking: 3, series: 9, from: Some(ONSET.day()) };
        let (early, late) = (looked(ONSET), looked_with(ONSET.plus(1), coverage).unwrap());
        assert_eq!(log(&[early.clone(), late.clone()]).unwrap().coverage, Some(coverage));
        // Noted by another process, whose clock is behind.
        assert_eq!(log(&[late, early.clone()]).unwrap().coverage, Some(coverage));
        assert_eq!(log(&[early]).unwrap().coverage, None, "as rows were written that said nothing of it");
    }

    #[test]
    fn a_row_that_names_its_owner_alone_tells_that_one() {
        let event = fired("login_access");
        let mut row = row(&AlertEvent { owners: Vec::new(), ..event.clone() }).unwrap();
        assert_eq!(super::event(&row).unwrap(), event);
        row.owner = None;
        assert_eq!(super::event(&row).unwrap().owners, [""; 0], "of nobody");
    }

    #[test]
    fn what_nobody_knows_is_told_and_not_passed_over() {
        let mut row = row(&fired("login_access")).unwrap();
        row.step = "danced".to_owned();
        let error = log(&[row]).unwrap_err().to_string();
        assert!(error.contains("that this version does not know"), "{error}");
    }
}
