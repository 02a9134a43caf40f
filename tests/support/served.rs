//! `verbatim serve` as a process of its own: where it answers, and tokens for it.

use super::http::Client;
use super::process::{PATIENCE, Setup, Worker};
use super::wait_for;
use crate::program::{stderr, stdout};
use serde_json::Value;
use std::net::SocketAddr;

pub struct Served {
    pub process: Worker,
    pub address: SocketAddr,
}

impl Setup {
    /// Tables of their own, without Kafka.
    pub fn without_kafka(dir: &std::path::Path) -> Self {
        let mut setup = Self::new(dir, "127.0.0.1:1");
        setup.set("VERBATIM__GATEWAY__INTO", "store");
        setup
    }

    pub fn serve(&self) -> Served {
        self.serve_with("")
    }

    /// Returns when it listens.
    pub fn serve_with(&self, failpoints: &str) -> Served {
        let mut process = self.spawn(self.command(&["serve"]), failpoints);
        let address = wait_for("the server's address", PATIENCE, || {
            assert!(process.is_running(), "it ended before it listened:\n{}", process.said());
            process.said().lines().find_map(address)
        });
        Served { process, address }
    }

    /// A token by the command that people use.
    pub fn token(&self, name: &str, role: &str) -> String {
        let output = self.command(&["token", "create", name, "--role", role]).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).trim().to_owned()
    }
}

impl Served {
    pub fn client(&self, token: &str) -> Client {
        Client { address: self.address, token: token.to_owned() }
    }

    /// Waits until it has read its tables.
    pub fn wait_until_ready(&self) {
        let nobody = self.client("");
        wait_for("the server to be ready", PATIENCE, || {
            nobody.get("/readyz").is_ok_and(|answer| answer.status == 200).then_some(())
        });
    }

    /// SIGTERM; it must end in order.
    pub fn stop(self) -> String {
        self.process.terminate();
        let (status, log) = self.process.wait();
        assert!(status.success(), "{status}\n{log}");
        log
    }
}

/// Of the line of the log that has it.
fn address(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    line["address"].as_str()?.parse().ok()
}
