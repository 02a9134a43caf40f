//! The worker as a process of its own, which can be stopped and killed.

use super::{events, wait_for};
use crate::program::{program_at, verbatim};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Long enough for a busy machine; nothing is measured by it.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// How to start workers of one group on one set of tables.
pub struct Setup {
    pub dir: PathBuf,
    /// Where it is not the binary of this build.
    program: Option<PathBuf>,
    environment: Vec<(String, String)>,
}

impl Setup {
    pub fn new(dir: &Path, brokers: &str) -> Self {
        let mut setup = Self { dir: dir.to_owned(), program: None, environment: Vec::new() };
        setup.set("VERBATIM__STORE__PATH", dir.join("tables").display());
        setup.set("VERBATIM__KAFKA__BOOTSTRAP", brokers);
        // A killed worker is missed soon, but not before the broker has waited for others to join (3 s).
        setup.property("session.timeout.ms", "6000");
        setup.property("heartbeat.interval.ms", "500");
        setup.set("VERBATIM__WORKER__BATCH_ROWS", 100);
        setup.set("VERBATIM__WORKER__BATCH_TIME", "200ms");
        setup.set("VERBATIM__LOG__LEVEL", "info");
        // Several serve at once: each takes the port that is free.
        setup.set("VERBATIM__SERVER__LISTEN", "127.0.0.1:0");
        // One topic; the others would have to exist too.
        let config = format!(
            "[kafka.topics]\nnps = \"{}\"\nsurvey = \"\"\nticket = \"\"\nsocial = \"\"\n",
            events::TOPIC
        );
        std::fs::write(dir.join("verbatim.toml"), config).unwrap();
        setup
    }

    /// From now on it is this binary that is started.
    pub fn run_program(&mut self, program: &Path) {
        self.program = Some(program.to_owned());
    }

    pub fn set(&mut self, name: &str, value: impl std::fmt::Display) {
        self.environment.push((name.to_owned(), value.to_string()));
    }

    pub fn property(&mut self, name: &str, value: &str) {
        let name = name.replace('.', "_").to_ascii_uppercase();
        self.set(&format!("VERBATIM__KAFKA__PROPERTIES__{name}"), value);
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = match &self.program {
            Some(program) => program_at(program, &self.dir),
            None => verbatim(&self.dir),
        };
        command.args(args);
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
    }

    pub fn start(&self, args: &[&str]) -> Worker {
        self.start_with(args, "")
    }

    pub fn start_with(&self, args: &[&str], failpoints: &str) -> Worker {
        let mut command = self.command(&["worker"]);
        command.args(args);
        self.spawn(command, failpoints)
    }

    /// Starts any command, whose stdout nobody reads.
    pub fn spawn(&self, mut command: Command, failpoints: &str) -> Worker {
        if !failpoints.is_empty() {
            command.env("FAILPOINTS", failpoints);
        }
        command.stdout(Stdio::null());
        self.spawn_heard(command)
    }

    /// Starts any command, whose stdout goes where the command says.
    pub fn spawn_heard(&self, mut command: Command) -> Worker {
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in stderr.lines() {
                *written.lock().unwrap() += &(line.unwrap() + "\n");
            }
        });
        Worker { child, log, reader: Some(reader) }
    }

    /// Runs a worker up to the end of the topic; it must succeed.
    pub fn run_to_end(&self) -> String {
        let (status, log) = self.start(&["--stop-at-end"]).wait();
        assert!(status.success(), "{status}\n{log}");
        log
    }

    /// What makes a fail point stop the worker, and the file by which it says so.
    pub fn stop_at(&self, edge: &str, passes: u32) -> (String, PathBuf) {
        let mark = self.dir.join(format!("stopped-{edge}-{passes}"));
        let _ = std::fs::remove_file(&mark);
        let skip = if passes > 0 { format!("{passes}*off->") } else { String::new() };
        (format!("{edge}={skip}return({})", mark.display()), mark)
    }

    /// Starts a worker that stops at an edge, and kills it there.
    pub fn kill_at(&self, edge: &str, passes: u32) {
        let (failpoints, mark) = self.stop_at(edge, passes);
        let mut worker = self.start_with(&[], &failpoints);
        wait_for(&format!("the worker to reach {edge}"), PATIENCE, || {
            assert!(worker.is_running(), "it ended before {edge}");
            mark.exists().then_some(())
        });
        worker.kill();
    }
}

pub struct Worker {
    child: Child,
    log: Arc<Mutex<String>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Worker {
    /// SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until it has said this so many times.
    pub fn wait_for_words(&mut self, words: &str, times: usize) {
        wait_for(words, PATIENCE, || {
            assert!(self.is_running(), "it ended before it said {words:?}:\n{}", self.said());
            (self.said().matches(words).count() >= times).then_some(())
        });
    }

    /// The most memory it has had, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    pub fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn wait(self) -> (ExitStatus, String) {
        self.wait_within(PATIENCE)
    }

    pub fn wait_within(mut self, patience: Duration) -> (ExitStatus, String) {
        let status = wait_for("the worker to end", patience, || self.child.try_wait().unwrap());
        self.reader.take().unwrap().join().unwrap();
        (status, self.said())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking()
            && let Some(reader) = self.reader.take()
        {
            let _ = reader.join();
            println!("the worker said:\n{}", self.said());
        }
    }
}
