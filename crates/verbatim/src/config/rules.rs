//! Rules beyond the type of a value: what a setting may be, and what it may be beside others.

use super::{Config, Layers, Problem, dotted, nearest};
use crate::telemetry;
use chrono::{NaiveDate, Utc};
use feedback::kind::SourceKind;
use feedback::limits::Limits;
use insight::digest::Base;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Collects what is wrong, each with where it was set.
pub(super) struct Findings<'a> {
    layers: &'a Layers,
    problems: Vec<Problem>,
}

impl Findings<'_> {
    pub fn wrong(&mut self, path: &[&str], message: impl std::fmt::Display) {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let at = self.layers.origin(&path).to_string();
        self.problems.push(Problem { at, message: format!("{}: {message}", dotted(&path)) });
    }

    fn outside<T: PartialOrd>(
        &mut self,
        path: &[&str],
        value: &T,
        range: &RangeInclusive<T>,
        written: impl Fn(&T) -> String,
    ) {
        if !range.contains(value) {
            let (least, most) = (written(range.start()), written(range.end()));
            self.wrong(path, format_args!("must be from {least} to {most}"));
        }
    }
}

impl Config {
    /// Everything that the values alone show to be wrong.
    pub(super) fn problems(&self, layers: &Layers) -> Vec<Problem> {
        let mut findings = Findings { layers, problems: Vec::new() };
        self.kinds_and_topics(&mut findings);
        self.vendor_rules(&mut findings);
        for (key, why) in self.server.wrong() {
            findings.wrong(&["server", key], why);
        }
        self.numbers(&mut findings);
        self.store(&mut findings);
        self.acting(&mut findings);
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

    /// What of the column maps is hardly meant so. Only an import reads them: what else runs is not to stop for it.
    pub fn wrong_maps(&self, layers: &Layers) -> Vec<Problem> {
        let mut findings = Findings { layers, problems: Vec::new() };
        let registry = self.registry();
        for (name, map) in &self.import {
            let contract = registry.get(&map.kind).map(|(_, contract)| contract);
            for wrong in map.wrong_fields(contract) {
                findings.wrong(&["import", name, wrong.section, &wrong.field], wrong.why);
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

    /// What is made of the feedback, and where people look at it.
    fn acting(&self, findings: &mut Findings<'_>) {
        let read = self.read_topics();
        for (section, topic) in [("triage", &self.triage.topic), ("cases", &self.cases.topic)] {
            if let Some(whose) = read.get(topic) {
                let why =
                    format!("{topic} is {whose}'s topic: a worker would read there what is written to it");
                findings.wrong(&[section, "topic"], why);
            }
        }
        for (key, why) in self.digest.wrong_times() {
            findings.wrong(&["digest", key], why);
        }
        if !self.dashboard.address.is_empty()
            && let Err(why) = Base::parse(&self.dashboard.address)
        {
            findings.wrong(&["dashboard", "address"], why);
        }
    }

    fn numbers(&self, findings: &mut Findings<'_>) {
        let (limits, worker, analyze) = (&self.limits, &self.worker, &self.analyze);
        let deepest = u64::from(Limits::DEEPEST);
        let topics = worker::process::MOST_TOPICS as u64;
        for (path, value, range) in [
            (["limits", "depth"], u64::from(limits.depth), 1..=deepest),
            (["limits", "text"], limits.text as u64, 1..=100_000_000),
            (["limits", "heading"], limits.heading as u64, 1..=1_000_000),
            (["limits", "id"], limits.id as u64, 1..=65_536),
            (["limits", "label"], limits.label as u64, 1..=65_536),
            (["limits", "permalink"], limits.permalink as u64, 1..=65_536),
            (["limits", "tags"], limits.tags as u64, 1..=100_000),
            (["limits", "answers"], limits.answers as u64, 1..=100_000),
            (["limits", "messages"], limits.messages as u64, 1..=100_000),
            // None at all is a choice: what no contract knows is refused then.
            (["limits", "metadata_fields"], limits.metadata_fields as u64, 0..=100_000),
            (["limits", "days_ahead"], u64::from(limits.days_ahead), 0..=366),
            (["analyze", "max_topics"], analyze.max_topics as u64, 1..=topics),
            (["worker", "batch_rows"], u64::from(worker.batch_rows), 1..=10_000_000),
            (["gateway", "items"], u64::from(self.gateway.items), 1..=1_000_000),
            (["server", "connections"], u64::from(self.server.connections), 1..=100_000),
            (["server", "records"], u64::from(self.server.records), 0..=100_000_000),
            // Ten years of whole weeks.
            (["report", "weeks"], u64::from(self.report.weeks), 1..=520),
        ] {
            findings.outside(&path, &value, &range, |bound| bound.to_string());
        }
        const KIB: u64 = 1 << 10;
        const GIB: u64 = 1 << 30;
        for (path, value, range) in [
            (["limits", "message"], limits.message, 1..=GIB),
            (["limits", "metadata"], limits.metadata, 0..=GIB),
            (["analyze", "max_analyzed"], analyze.max_analyzed, 1..=GIB),
            (["worker", "batch_bytes"], worker.batch_bytes, 1..=16 * GIB),
            (["server", "body"], self.server.body, KIB..=GIB),
            (["gateway", "unpacked"], self.gateway.unpacked, 1..=GIB),
            (["gateway", "waiting"], self.gateway.waiting, KIB * 64..=16 * GIB),
        ] {
            let written = |bound: &u64| match bound {
                0 => "0B".to_owned(),
                whole if whole.is_multiple_of(GIB) => format!("{}GiB", whole / GIB),
                whole if whole.is_multiple_of(KIB) => format!("{}KiB", whole / KIB),
                bytes => format!("{bytes}B"),
            };
            findings.outside(&path, &value.0, &range, written);
        }
        let times = Duration::from_millis(1)..=Duration::from_secs(86_400);
        findings.outside(&["worker", "batch_time"], &worker.batch_time.0, &times, |bound| {
            if bound.as_secs() > 0 { format!("{}h", bound.as_secs() / 3600) } else { format!("{bound:?}") }
        });
        // No comparison holds of a number that is none, so that it lies outside too.
        for (path, value, range) in [
            (["limits", "score"], limits.score, 1.0..=1e9),
            (["limits", "revenue"], limits.revenue, 0.0..=1e18),
        ] {
            findings.outside(&path, &value, &range, |bound| {
                if *bound > 1.0 { format!("{bound:e}") } else { bound.to_string() }
            });
        }
        let oldest = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
        let dates = oldest..=Utc::now().date_naive();
        findings.outside(&["limits", "earliest"], &limits.earliest.0, &dates, ToString::to_string);
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
