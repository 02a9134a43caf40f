//! Canaries: strings of personal data in every field that can carry some, and afterwards found nowhere.

use crate::program::{json_lines, stderr, stdout, verbatim};
use ::demo::canary::{self, Canary};
use feedback::time::Timestamp;
use polars::prelude::*;
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

const TOPICS: [&str; 4] = ["feedback.survey", "feedback.ticket", "feedback.nps", "feedback.social"];

/// Everything that a run left behind or said.
struct Traces {
    places: Vec<(String, String)>,
}

impl Traces {
    fn add(&mut self, place: impl Into<String>, text: String) {
        self.places.push((place.into(), text));
    }

    fn output(&mut self, of: &str, output: &Output) {
        self.add(format!("stdout of {of}"), stdout(output));
        self.add(format!("stderr of {of}"), stderr(output));
    }

    /// Every secret that shows, with the field it was planted in and the place it was found in.
    fn leaks(&self, canaries: &[Canary]) -> Vec<String> {
        let mut leaks = Vec::new();
        for (canary, secret) in
            canaries.iter().flat_map(|canary| canary.secrets.iter().map(move |s| (canary, s)))
        {
            let found = self.places.iter().filter(|(_, text)| text.contains(secret.as_str()));
            leaks.extend(
                found.map(|(place, _)| format!("{secret:?}, planted in {}, shows in {place}", canary.field)),
            );
        }
        leaks
    }
}

#[test]
fn personal_data_shows_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = MockCluster::new(1).unwrap();
    for topic in TOPICS {
        cluster.create_topic(topic, 2, 1).unwrap();
    }
    let canaries = canary::messages(11, Timestamp(1_780_000_000_000_000));
    produce(&cluster.bootstrap_servers(), &canaries);

    let mut traces = Traces { places: Vec::new() };
    let run = |args: &[&str]| {
        verbatim(dir.path())
            .args(args)
            .env("VERBATIM__KAFKA__BOOTSTRAP", cluster.bootstrap_servers())
            .env("VERBATIM__LOG__LEVEL", "trace")
            .output()
            .unwrap()
    };
    let worker = run(&["worker", "--stop-at-end", "-v"]);
    assert!(worker.status.success(), "{}", last_lines(&worker));
    traces.output("worker", &worker);
    for args in [
        &["dead-letters", "list", "--json"][..],
        &["dead-letters", "list", "--reason", "out_of_range"],
        &["dead-letters", "retry", "--json"],
        &["report", "--json", "--from", "2026-05-01", "--to", "2026-06-30"],
        &["report", "--records", "--json", "--from", "2026-05-01", "--to", "2026-06-30"],
        &["maintain", "--json"],
    ] {
        let output = run(args);
        assert!(output.status.success(), "{args:?}: {}", last_lines(&output));
        traces.output(&args.join(" "), &output);
    }
    everything_said_something(&traces, &canaries, &run(&["dead-letters", "list", "--json"]));
    for file in files(dir.path()) {
        traces.add(file.display().to_string(), content(&file));
    }
    let leaks = traces.leaks(&canaries);
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

/// The search would find nothing in silence either: what must be there is there.
fn everything_said_something(traces: &Traces, canaries: &[Canary], letters: &Output) {
    let broken = canaries.iter().filter(|canary| canary.broken).count();
    let letters = json_lines(letters).remove(0);
    assert_eq!(letters.as_array().unwrap().len(), broken);
    let text = |place: &str| &traces.places.iter().find(|(name, _)| name.starts_with(place)).unwrap().1;
    assert!(
        text("stderr of worker").lines().any(|line| line.contains("\"level\":\"trace\"")),
        "not at trace level"
    );
    let records = text("stdout of report --records");
    for mark in ["[email]", "[phone]", "[card]", "[iban]", "[ip]", "[token]", "[url]"] {
        assert!(records.contains(mark), "{mark} is in no record");
    }
}

#[test]
fn a_leak_would_be_seen() {
    let canaries = canary::messages(11, Timestamp(1_780_000_000_000_000));
    let traces = Traces { places: vec![("log".to_owned(), format!("so {} wrote", canaries[0].secrets[0]))] };
    assert_eq!(traces.leaks(&canaries).len(), 1);
}

fn produce(brokers: &str, canaries: &[Canary]) {
    let producer: ThreadedProducer<DefaultProducerContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create().unwrap();
    for canary in canaries {
        let headers = canary.headers.iter().fold(OwnedHeaders::new(), |headers, (key, value)| {
            headers.insert(Header { key, value: Some(value) })
        });
        let record = BaseRecord::to(canary.topic).key(&canary.key).payload(&canary.payload).headers(headers);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
}

fn last_lines(output: &Output) -> String {
    let text = stderr(output);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// A file's text; of a Parquet file its decompressed values.
pub fn content(file: &Path) -> String {
    if file.extension().is_none_or(|extension| extension != "parquet") {
        return String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
    }
    let path = PlRefPath::try_from_path(file).unwrap();
    let frame = LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap().collect().unwrap();
    let mut text = String::new();
    for column in frame.columns() {
        write_strings(column.as_materialized_series(), &mut text);
    }
    text
}

fn write_strings(values: &Series, text: &mut String) {
    match values.dtype() {
        DataType::String => values.str().unwrap().iter().flatten().for_each(|value| {
            text.push_str(value);
            text.push('\n');
        }),
        DataType::Binary => values.binary().unwrap().iter().flatten().for_each(|value| {
            text.push_str(&String::from_utf8_lossy(value));
            text.push('\n');
        }),
        DataType::List(_) => {
            let options = ExplodeOptions { empty_as_null: false, keep_nulls: false };
            write_strings(&values.explode(options).unwrap(), text);
        }
        DataType::Struct(_) => {
            values.struct_().unwrap().fields_as_series().iter().for_each(|field| write_strings(field, text));
        }
        _ => {}
    }
}
