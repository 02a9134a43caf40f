//! `deploy/`, as far as it goes without a container engine: the program starts with what the files give it.

use crate::program::{json_lines, stderr, verbatim};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// `NAME: value` of a compose file, `Environment=NAME=value` of a unit, `ENV NAME=value` of a Dockerfile.
fn variables(text: &str) -> BTreeMap<String, String> {
    let assignment = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("Environment=").or(line.strip_prefix("ENV ")).unwrap_or(line);
        let (name, value) = line.split_once(": ").or_else(|| line.split_once('='))?;
        let ours = name.starts_with("VERBATIM_") && !name.contains(' ');
        ours.then(|| (name.to_owned(), value.trim().trim_matches('"').to_owned()))
    };
    text.lines().filter_map(assignment).collect()
}

/// The configuration is whole, and of what the doctor looks at only the broker of another network is missing.
fn starts_with(file: &str) {
    let mut variables = variables(&read(file));
    let dir = tempfile::tempdir().unwrap();
    let place = variables.get_mut("VERBATIM__STORE__PATH").unwrap_or_else(|| panic!("{file} says where"));
    assert!(place.starts_with("/var/lib/verbatim/"), "{file}: {place}");
    *place = dir.path().join("store").display().to_string();
    let run = |args: &[&str]| verbatim(dir.path()).args(args).envs(&variables).output().unwrap();

    // Without one nothing listens where other machines are.
    let made = run(&["token", "create", "ann", "--role", "admin"]);
    assert!(made.status.success(), "{file}: {}", stderr(&made));
    let checked = run(&["config", "check"]);
    assert!(checked.status.success(), "{file}: {}", stderr(&checked));
    let doctor = run(&["doctor", "--patience", "1", "--json"]);
    let findings = json_lines(&doctor).remove(0);
    let findings = findings.as_array().unwrap();
    assert!(findings.len() >= 5, "{findings:?}");
    for finding in findings {
        // Where none is named, only a worker would miss it.
        let missing = if variables.contains_key("VERBATIM__KAFKA__BOOTSTRAP") { "fail" } else { "warn" };
        let expected = if finding["what"] == "broker" { &[missing][..] } else { &["ok", "warn"] };
        assert!(expected.contains(&finding["verdict"].as_str().unwrap()), "{file}: {finding}");
    }

    // The same with a slip of the pen: nothing is passed over.
    variables.insert("VERBATIM__STORE__PATHS".to_owned(), "elsewhere".to_owned());
    let slip = verbatim(dir.path()).args(["config", "check"]).envs(&variables).output().unwrap();
    assert!(!slip.status.success() && stderr(&slip).to_lowercase().contains("paths"), "{}", stderr(&slip));
}

/// The image writes below /tmp unless it is told otherwise: then a new container has lost every message.
#[test]
fn what_kafka_writes_lies_in_a_volume() {
    let compose = read("deploy/compose.yaml");
    let logs = compose.lines().find_map(|line| line.trim().strip_prefix("KAFKA_LOG_DIRS: ")).unwrap();
    assert!(compose.contains(&format!("volumes: [\"kafka:{logs}\"]")), "{logs} is in no volume");
}

#[test]
fn the_programs_start_with_the_variables_of_the_compose_file() {
    starts_with("deploy/compose.yaml");
}

#[test]
fn the_programs_start_with_the_variables_of_the_compose_file_with_the_proxy() {
    starts_with("deploy/compose.web.yaml");
}

#[test]
fn the_programs_start_with_the_variables_of_the_units() {
    starts_with("deploy/verbatim-worker.service");
    starts_with("deploy/verbatim-serve.service");
}

#[test]
fn the_programs_start_with_the_variables_of_the_image() {
    starts_with("deploy/Dockerfile");
}

#[test]
fn what_they_run_is_a_command_of_the_program() {
    let of_unit = |file: &str| -> Vec<String> {
        let unit = read(file);
        let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
        start.split_whitespace().skip(1).map(str::to_owned).collect()
    };
    let of_units = ["deploy/verbatim-worker.service", "deploy/verbatim-serve.service"].map(of_unit);
    let image = read("deploy/Dockerfile");
    let command = image.lines().find_map(|line| line.strip_prefix("CMD ")).unwrap();
    let of_image: Vec<String> = serde_json::from_str(command).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for args in of_units.into_iter().chain([of_image]) {
        let help = verbatim(dir.path()).args(&args).arg("--help").output().unwrap();
        assert!(help.status.success(), "{args:?}: {}", stderr(&help));
    }
}

/// The image is built as CI builds: with the same packages, from files that are there.
#[test]
fn the_image_is_built_of_what_is_here() {
    let image = read("deploy/Dockerfile");
    let build = image.split("FROM ").nth(1).unwrap();
    let installed = build.lines().find(|line| line.contains("apt-get install")).unwrap();
    let packages = |text: &str| -> BTreeSet<String> {
        let words = text.split_whitespace().filter(|word| !word.starts_with('-') && !word.starts_with('&'));
        words.filter(|word| !["apt-get", "install", "\\"].contains(word)).map(str::to_owned).collect()
    };
    let ci = read(".ci/run");
    let list = ci.lines().find_map(|line| line.strip_prefix("for package in ")).unwrap();
    let known = packages(list.split(';').next().unwrap());
    let unknown: Vec<String> = packages(installed).difference(&known).cloned().collect();
    assert!(unknown.is_empty(), "CI builds without {unknown:?}");
    assert!(build.contains("cargo build --release --locked --package verbatim"));
    let toolchain = read("Cargo.toml");
    let version = toolchain.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap();
    assert!(build.starts_with(&format!("rust:{}-", version.trim_matches('"'))), "{version}");
    // `COPY . .` takes the whole project; what it leaves out must not be needed.
    let ignored = read(".dockerignore");
    for needed in ["Cargo.toml", "Cargo.lock", "crates", "config"] {
        assert!(ignored.lines().all(|line| line.trim_matches('/') != needed), "{needed} is left out");
    }
}
