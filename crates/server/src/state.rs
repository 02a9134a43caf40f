//! What every handler shares.

use crate::auth::Access;
use crate::current::Current;
use crate::desk::Desk;
use crate::gateway::Gateway;
use crate::health::Probe;
use crate::letters::Letters;
use crate::live::{Live, Reading};
use crate::metrics::ServerMetrics;
use crate::reports::Reports;
use crate::taxonomy::Workshop;
use crate::topics::Counts;
use chrono::Utc;
use feedback::time::Timestamp;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use store::Store;

/// Clones share everything.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub settings: Settings,
    pub store: Store,
    pub live: Live,
    pub reports: Reports,
    pub letters: Letters,
    pub desk: Arc<dyn Desk>,
    pub gateway: Gateway,
    pub access: Access,
    /// Encodes what somebody looks for.
    pub reading: Arc<dyn Reading>,
    pub judging: Judging,
    pub metrics: Arc<ServerMetrics>,
    /// Of the taxonomy in force.
    pub topics: Topics,
    /// Of each of them.
    pub counts: Counts,
    /// Where that is looked at, changed and tried.
    pub taxonomy: Workshop,
    /// What `/readyz` looks at beside the tables.
    pub probes: Vec<Probe>,
}

impl App {
    #[must_use]
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Plain values of the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people open the dashboard, without a slash at its end; `None` where nobody has said.
    pub address: Option<String>,
    /// What one request may take.
    pub request_time: Duration,
    /// Bytes of a request's body, as it comes.
    pub body: usize,
    /// So many of the newest current records are held in memory.
    pub records: usize,
    /// The complete weeks that a report covers where nobody names days.
    pub report_weeks: i32,
    /// How often this process counts what has come in for reports; `None` where that is left to others.
    pub rollup_every: Option<Duration>,
}

/// Who judges texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judging {
    /// As the configuration names it: `built-in`, `rust-bert` or `cascade`.
    pub encoder: &'static str,
    /// Versions of the weights that give scores, as facts name who judged them.
    pub judges: Vec<String>,
}

/// A topic of the taxonomy in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub id: String,
    pub name: String,
    /// What belongs to it, in a sentence or two.
    pub description: String,
    /// Customers' words, as the taxonomy's author wrote them.
    pub examples: Vec<String>,
    /// Words that speak for it by themselves.
    pub keywords: Vec<String>,
    /// The id of the topic above.
    pub parent: Option<String>,
    /// Who acts on it, by the triage rules and the taxonomy.
    pub owner: Option<String>,
}

/// The topics in the order of the taxonomy in force, which may be another one by the next look. Clones share everything.
#[derive(Debug, Clone, Default)]
pub struct Topics(Arc<Current<Listed>>);

/// Those of one version.
#[derive(Debug, Default)]
struct Listed {
    version: String,
    topics: Vec<Topic>,
    places: HashMap<String, usize>,
}

impl Listed {
    fn new(version: String, topics: Vec<Topic>) -> Self {
        let places = topics.iter().enumerate().map(|(place, topic)| (topic.id.clone(), place)).collect();
        Self { version, topics, places }
    }
}

impl Topics {
    #[must_use]
    pub fn new(version: impl Into<String>, topics: Vec<Topic>) -> Self {
        Self(Arc::new(Current::new(Listed::new(version.into(), topics))))
    }

    /// Those of another version are in force from now on, for all who share these.
    pub fn switch(&self, version: impl Into<String>, topics: Vec<Topic>) {
        self.0.switch(Listed::new(version.into(), topics));
    }

    /// Of the taxonomy.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.0.version
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Topic> {
        self.0.topics.iter()
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Topic> {
        let listed = self.0.now();
        listed.places.get(id).map(|place| &listed.topics[*place])
    }

    /// As people know it; the id of a topic that the taxonomy no longer has.
    #[must_use]
    pub fn name<'n>(&'n self, id: &'n str) -> &'n str {
        self.get(id).map_or(id, |topic| &topic.name)
    }

    /// Id and name of each.
    #[must_use]
    pub fn names(&self) -> Vec<(String, String)> {
        self.iter().map(|topic| (topic.id.clone(), topic.name.clone())).collect()
    }

    /// Those right below one.
    pub fn below<'t>(&'t self, id: &'t str) -> impl Iterator<Item = &'t Topic> {
        self.iter().filter(move |topic| topic.parent.as_deref() == Some(id))
    }
}

/// The time, for whoever answers; it is passed inward from there.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_datetime(Utc::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(id: &str, parent: Option<&str>) -> Topic {
        Topic {
            id: id.to_owned(),
            name: id.to_uppercase(),
            description: String::new(),
            examples: Vec::new(),
            keywords: Vec::new(),
            parent: parent.map(str::to_owned),
            owner: None,
        }
    }

    #[test]
    fn a_topic_that_is_gone_keeps_its_id() {
        let topics = Topics::new("1", vec![topic("a", None), topic("b", Some("a")), topic("c", Some("a"))]);
        assert_eq!((topics.name("b"), topics.name("gone")), ("B", "gone"));
        let below: Vec<&str> = topics.below("a").map(|topic| topic.id.as_str()).collect();
        assert_eq!(below, ["b", "c"]);
        assert_eq!(topics.names()[0], ("a".to_owned(), "A".to_owned()));
        assert!(topics.get("gone").is_none());
    }

    #[test]
    fn topics_that_are_switched_on_are_everybodys() {
        let topics = Topics::new("1", vec![topic("a", None)]);
        let held = topics.clone();
        let before = held.get("a");
        topics.switch("2", vec![topic("b", None)]);
        assert_eq!((held.version(), held.names().len()), ("2", 1));
        assert!(held.get("a").is_none() && held.get("b").is_some());
        assert_eq!(before.map(|topic| topic.name.as_str()), Some("A"), "whoever holds one goes on");
    }
}
