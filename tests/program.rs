//! The real binary, started as a stranger would.

use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The binary in a directory of its own, with no setting of the surroundings.
pub fn verbatim(dir: &Path) -> Command {
    program_at(Path::new(env!("CARGO_BIN_EXE_verbatim")), dir)
}

/// Another build of it, in the same way.
pub fn program_at(program: &Path, dir: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VERBATIM_")) {
        command.env_remove(name);
    }
    command.current_dir(dir).env("NO_COLOR", "1").env_remove("COLUMNS");
    command
}

/// Runs a command to its end with this on its standard input.
pub fn with_stdin(command: &mut Command, input: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // On a thread of its own: the child writes before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// One JSON value a line of stdout.
pub fn json_lines(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
