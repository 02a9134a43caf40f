//! Every encoder through the real program: who judged is named, what is missing is told, nothing is lost on Kafka.

use crate::program::{json_lines, program_at, stderr, verbatim, with_stdin};
use crate::support::broker::{create_topic, produce};
use crate::support::oracle::Tables;
use crate::support::process::Setup;
use crate::support::tool;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::broker::Broker;

const TEXTS: &str = "I love this app, it is wonderful\n\
                     Well, that was the third time this week that the export fell over\n\
                     ok so this happened\n\
                     could be worse I suppose, though not by much\n";

/// The build with the transformer, and the folder of the public weights.
struct RustBert {
    program: PathBuf,
    model: PathBuf,
}

impl RustBert {
    fn brought() -> Option<Self> {
        Some(Self { program: tool("VERBATIM_TEST_RUST_BERT")?, model: tool("VERBATIM_TEST_MODEL")? })
    }

    fn classify(&self, dir: &Path, encoder: &str) -> Command {
        let mut command = program_at(&self.program, dir);
        command.env("VERBATIM__ANALYZE__MODEL", &self.model);
        command.args(["classify", "--encoder", encoder]);
        command
    }
}

fn judges(command: &mut Command, texts: &str) -> Vec<String> {
    let output = with_stdin(command, texts.as_bytes());
    assert!(output.status.success(), "{}", stderr(&output));
    json_lines(&output).iter().map(|line| line["encoder"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_build_without_the_transformer_says_which_has_it() {
    let dir = tempfile::tempdir().unwrap();
    for encoder in ["rust-bert", "cascade"] {
        let output = with_stdin(verbatim(dir.path()).args(["classify", "--encoder", encoder]), b"fine\n");
        assert_eq!(output.status.code(), Some(1));
        let told = stderr(&output);
        assert!(told.contains(encoder) && told.contains("cargo xtask rust-bert"), "{told}");
    }
}

#[test]
fn each_encoder_is_named_by_what_it_judged() {
    let Some(build) = RustBert::brought() else { return };
    let dir = tempfile::tempdir().unwrap();
    let of = |encoder: &str| judges(&mut build.classify(dir.path(), encoder), TEXTS);
    assert!(of("built-in").iter().all(|judge| judge.starts_with("builtin-1:")));
    assert!(of("rust-bert").iter().all(|judge| judge.starts_with("minilm-1:")));
    let both: std::collections::BTreeSet<String> =
        of("cascade").iter().map(|judge| judge.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(both.into_iter().collect::<Vec<_>>(), ["builtin-1", "minilm-1"]);
}

/// The same texts alone, in another order, among others, and on one thread.
#[test]
fn an_answer_does_not_depend_on_what_else_is_read() {
    let Some(build) = RustBert::brought() else { return };
    let dir = tempfile::tempdir().unwrap();
    let answers = |texts: &str| -> BTreeMap<String, String> {
        let output = with_stdin(&mut build.classify(dir.path(), "rust-bert"), texts.as_bytes());
        assert!(output.status.success(), "{}", stderr(&output));
        let lines = json_lines(&output);
        let shown = |line: &serde_json::Value| {
            format!("{} {} {}", line["sentiment"]["label"], line["kind"]["label"], line["urgency"])
        };
        lines.iter().map(|line| (line["text"].as_str().unwrap().to_owned(), shown(line))).collect()
    };
    let together = answers(TEXTS);
    let many: String =
        (0..300).map(|number| format!("{} and again\n", "so many words ".repeat(number % 9 + 1))).collect();
    let among = answers(&(many + TEXTS));
    for (text, answer) in &together {
        assert_eq!(among.get(text), Some(answer), "{text}");
        assert_eq!(answers(&format!("{text}\n")).get(text), Some(answer), "{text}");
    }
}

#[test]
fn weights_that_are_missing_or_torn_are_refused_with_what_to_do() {
    let Some(mut build) = RustBert::brought() else { return };
    let dir = tempfile::tempdir().unwrap();
    let whole = std::mem::replace(&mut build.model, dir.path().join("nowhere"));
    let refused = |build: &RustBert| {
        let output = with_stdin(&mut build.classify(dir.path(), "rust-bert"), b"fine\n");
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    let told = refused(&build);
    assert!(told.contains("nowhere") && told.contains("cargo xtask model"), "{told}");

    build.model = dir.path().join("torn");
    std::fs::create_dir(&build.model).unwrap();
    std::fs::copy(whole.join("vocab.txt"), build.model.join("vocab.txt")).unwrap();
    let weights = std::fs::read(whole.join("model.safetensors")).unwrap();
    std::fs::write(build.model.join("model.safetensors"), &weights[..weights.len() / 2]).unwrap();
    let told = refused(&build);
    assert!(told.contains("torn") && told.contains("checksum"), "{told}");
}

#[test]
fn a_worker_with_each_encoder_loses_nothing_and_names_who_judged() {
    const EVENTS: u64 = 400;
    let (Some(libs), Some(build)) = (tool("VERBATIM_TEST_KAFKA"), RustBert::brought()) else { return };
    let broker = Broker::start(&libs).unwrap();
    let none = BTreeMap::new();
    create_topic(&broker.address(), &none, 2);
    produce(&broker.address(), &none, 2, 0..EVENTS);
    for encoder in ["built-in", "rust-bert", "cascade"] {
        let dir = tempfile::tempdir().unwrap();
        let mut setup = Setup::new(dir.path(), &broker.address());
        setup.run_program(&build.program);
        setup.set("VERBATIM__ANALYZE__MODEL", build.model.display());
        setup.set("VERBATIM__ANALYZE__ENCODER", encoder);
        setup.property("session.timeout.ms", "6000");
        let log = setup.run_to_end();
        let tables = Tables::open(dir.path());
        tables.hold(EVENTS);
        let judges = tables.encoders();
        let network: u64 =
            judges.iter().filter(|(name, _)| name.starts_with("minilm-1:")).map(|(_, rows)| rows).sum();
        let all: u64 = judges.values().sum();
        // Of some texts only they would be of no use.
        assert_eq!(tables.network_vectors(), if encoder == "rust-bert" { all } else { 0 });
        match encoder {
            "built-in" => assert_eq!(network, 0, "{judges:?}"),
            "rust-bert" => assert_eq!(network, all, "{judges:?}"),
            _ => assert!(
                judges.keys().all(|name| name.starts_with("minilm-1:") || name.starts_with("builtin-1:"))
            ),
        }
        assert!(log.contains(&format!("\"verbatim_worker_texts_sent_on_total\":{network},")), "{log}");
    }
}

/// Whatever the limit: every text is answered, or the program ends without success; it never hangs, and never leaves out.
#[test]
fn short_of_memory_it_answers_all_or_fails() {
    let Some(build) = RustBert::brought() else { return };
    let dir = tempfile::tempdir().unwrap();
    let texts = TEXTS.repeat(100);
    let (mut answered, mut failed) = (0, 0);
    for megabytes in [300_u64, 700, 900, 1_000, 1_100, 1_300, 8_000] {
        let classify = build.classify(dir.path(), "rust-bert");
        let mut limited = Command::new("prlimit");
        limited
            .arg(format!("--as={}", megabytes * 1_000_000))
            .arg(classify.get_program())
            .args(classify.get_args());
        limited.current_dir(dir.path()).env("VERBATIM__ANALYZE__MODEL", &build.model);
        let output = with_stdin(&mut limited, texts.as_bytes());
        if output.status.success() {
            assert_eq!(json_lines(&output).len(), texts.lines().count(), "{megabytes} MB");
            answered += 1;
        } else {
            assert!(!stderr(&output).is_empty(), "{megabytes} MB");
            failed += 1;
        }
    }
    assert!(answered > 0 && failed > 0, "{answered} answered, {failed} failed");
}
