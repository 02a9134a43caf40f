//! Rules beyond the type of a value: what a setting may be, and what it may be beside others.

use super::{Config, Layers, Problem, dotted, nearest};
use crate::telemetry;
use feedback::kind::SourceKind;
use feedback::limits::Limits;
use std::collections::BTreeMap;

/// Collects what is wrong, each with where it was set.
struct Findings<'a> {
    layers: &'a Layers,
    problems: Vec<Problem>,
}

impl Findings<'_> {
    fn wrong(&mut self, path: &[&str], message: impl std::fmt::Display) {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let at = self.layers.origin(&path).to_string();
        self.problems.push(Problem { at, message: format!("{}: {message}", dotted(&path)) });
    }
}

impl Config {
    /// Everything that the values alone show to be wrong.
    pub(super) fn problems(&self, layers: &Layers) -> Vec<Problem> {
        let mut findings = Findings { layers, problems: Vec::new() };
        self.kinds_and_topics(&mut findings);
        self.numbers(&mut findings);
        self.store(&mut findings);
        if self.privacy.key.is_set() && !self.privacy.key_file.as_os_str().is_empty() {
            findings.wrong(&["privacy", "key"], "give a key or a key_file, not both");
        }
        if let Err(why) = telemetry::parse(&self.log.level) {
            findings.wrong(&["log", "level"], why);
        }
        for (key, value) in [("bootstrap", &self.kafka.bootstrap), ("group", &self.kafka.group)] {
            if value.trim().is_empty() {
                findings.wrong(&["kafka", key], "must not be empty");
            }
        }
        findings.problems
    }

    fn kinds_and_topics(&self, findings: &mut Findings<'_>) {
        for name in self.kinds.keys() {
            if let Err(error) = SourceKind::new(name) {
                findings.wrong(&["kinds", name], error);
            }
        }
        let registry = self.registry();
        let known = || registry.kinds().map(SourceKind::as_str);
        for name in self.kafka.topics.keys().filter(|name| registry.get(name).is_none()) {
            let hint = nearest(name, known()).map_or_else(
                || format!(": add [kinds.{name}] with its contract"),
                |kind| format!(": did you mean {kind}?"),
            );
            findings.wrong(&["kafka", "topics", name], format!("there is no kind {name:?}{hint}"));
        }
        for (name, map) in &self.import {
            if !map.kind.is_empty() && registry.get(&map.kind).is_none() {
                findings.wrong(&["import", name, "kind"], format!("there is no kind {:?}", map.kind));
            }
        }
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        let of_kinds =
            self.kinds.iter().map(|(name, kind)| (["kinds", name, "topic"].to_vec(), name, &kind.topic));
        let all =
            self.kafka.topics.iter().map(|(name, topic)| (["kafka", "topics", name].to_vec(), name, topic));
        for (path, name, topic) in all.chain(of_kinds).filter(|(_, _, topic)| !topic.is_empty()) {
            match taken.insert(topic, name) {
                Some(other) if other != name => {
                    findings
                        .wrong(&path, format!("{topic} is {other}'s topic already: each kind needs its own"));
                }
                _ => {}
            }
        }
    }

    fn numbers(&self, findings: &mut Findings<'_>) {
        for (path, value) in [
            (["worker", "batch_rows"], u64::from(self.worker.batch_rows)),
            (["worker", "batch_bytes"], self.worker.batch_bytes.0),
            (["worker", "batch_time"], self.worker.batch_time.0.as_millis() as u64),
            (["limits", "message"], self.limits.message.0),
            (["limits", "depth"], u64::from(self.limits.depth)),
            (["limits", "text"], self.limits.text as u64),
            (["analyze", "max_topics"], self.analyze.max_topics as u64),
            (["report", "weeks"], u64::from(self.report.weeks)),
        ] {
            if value == 0 {
                findings.wrong(&path, "must be more than nothing");
            }
        }
        for (path, value, most) in [
            (["limits", "depth"], self.limits.depth as usize, Limits::DEEPEST as usize),
            (["analyze", "max_topics"], self.analyze.max_topics, worker::process::MOST_TOPICS),
        ] {
            if value > most {
                findings.wrong(&path, format!("must be at most {most}"));
            }
        }
    }

    fn store(&self, findings: &mut Findings<'_>) {
        let path = self.store.path.to_string_lossy();
        let message = match path.split_once("://").map(|(scheme, _)| scheme) {
            None if path.trim().is_empty() => "must not be empty".to_owned(),
            None => return,
            Some("s3" | "s3a") if cfg!(feature = "s3") => {
                if !self.privacy.key.is_set() && self.privacy.key_file.as_os_str().is_empty() {
                    findings.wrong(
                        &["privacy", "key"],
                        "tables in a bucket need a key, or a key_file, that all workers share",
                    );
                }
                return;
            }
            Some("s3" | "s3a") => {
                "this program was built without S3: build it with `--features s3`, or name a directory"
                    .to_owned()
            }
            Some(scheme) => format!("{scheme}:// is not known: name a directory, or s3://bucket/prefix"),
        };
        findings.wrong(&["store", "path"], message);
    }
}
