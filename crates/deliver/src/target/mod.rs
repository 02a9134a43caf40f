//! Who is told: the targets that `deliver.toml` lists, read and checked as a whole. What is wrong is said all at once,
//! with its line and the nearest right name.

mod kinds;
mod owners;
mod reader;
mod units;

pub use kinds::SHORTEST_SECRET;
pub(crate) use owners::listed_name;

use crate::address::Allowed;
use crate::secret::Secret;
use lettre::message::Mailbox;
use reader::{Lines, Reader};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use toml::{Table, Value};
use url::Url;

/// One place that notes go to.
#[derive(Debug, Clone)]
pub struct Target {
    pub name: String,
    pub to: To,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How long after it was queued a delivery that nobody took is given up.
    pub deadline: Duration,
    /// Bytes of one message; a longer one loses its last parts.
    pub largest: usize,
    /// Attempts under way at the same time.
    pub at_once: usize,
    /// Networks inside that may be connected to.
    pub allowed: Allowed,
    /// Certificates (PEM) of an authority that is trusted beside those of the system.
    pub ca_file: Option<PathBuf>,
}

#[derive(Debug, Clone)]
pub enum To {
    /// An incoming webhook. Its address is its key.
    Slack {
        url: Secret,
    },
    /// A workflow's webhook. Its address is its key.
    Teams {
        url: Secret,
    },
    /// Anybody's endpoint; the secret signs what is sent.
    Webhook {
        url: Secret,
        secret: Secret,
    },
    Email(Email),
    Jira(Jira),
    Kafka {
        topic: String,
    },
}

#[derive(Debug, Clone)]
pub struct Email {
    pub server: String,
    pub port: u16,
    pub tls: Tls,
    pub login: Option<Login>,
    pub from: Mailbox,
    /// Empty where it only reaches owners.
    pub to: Vec<Mailbox>,
    /// Whether each owner who has an address alone gets a target made from it.
    pub owners: bool,
}

/// How the way to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// It begins in the clear, and nothing is said before it is encrypted.
    Starttls,
    /// From the first byte.
    Wrapped,
    /// Not at all: only to a server on this machine that `allow_private` names.
    None,
}

#[derive(Debug, Clone)]
pub struct Login {
    pub user: String,
    pub password: Secret,
}

/// A project of Jira Cloud.
#[derive(Debug, Clone)]
pub struct Jira {
    /// Of the site, as `https://example.atlassian.net`.
    pub url: Url,
    pub login: Login,
    pub project: String,
    pub issue_type: String,
    pub labels: Vec<String>,
}

impl To {
    /// As the settings call it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Slack { .. } => "slack",
            Self::Teams { .. } => "teams",
            Self::Webhook { .. } => "webhook",
            Self::Email(_) => "email",
            Self::Jira(_) => "jira",
            Self::Kafka { .. } => "kafka",
        }
    }
}

/// One thing wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    pub at: String,
    pub message: String,
}

#[derive(Debug, thiserror::Error)]
#[error("{}", list(.0))]
pub struct TargetsError(pub Vec<Problem>);

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.at, p.message)).collect();
    match lines.as_slice() {
        [one] => format!("the targets are wrong. {one}"),
        many => format!("the targets have {} mistakes:\n  {}", many.len(), many.join("\n  ")),
    }
}

/// The targets of a deployment, by name. There may be none.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// As the file lists them.
    listed: BTreeMap<String, Target>,
    /// Of owners at their addresses, made from the listed one that reaches owners.
    owners: BTreeMap<String, Target>,
}

impl Targets {
    /// Reads the text of a file; `file` is only its name, for what is wrong. No secret is followed here.
    ///
    /// # Errors
    /// [`TargetsError`] with everything that is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Self, TargetsError> {
        let lines = Lines::of(file, text).map_err(|problem| TargetsError(vec![problem]))?;
        let values: Table = match text.parse() {
            Ok(values) => values,
            Err(_) => return Err(TargetsError(vec![lines.whole("is not TOML that can be read")])),
        };
        let mut problems = Vec::new();
        for key in values.keys().filter(|key| *key != "target") {
            let message = format!("there is no setting {key}: each target stands below a line [[target]]");
            problems.push(lines.whole(&message));
        }
        let mut targets: BTreeMap<String, Target> = BTreeMap::new();
        let listed: &[Value] = match values.get("target") {
            Some(Value::Array(listed)) => listed,
            Some(_) => {
                problems.push(lines.whole("target: expected a list: write [[target]] above each target"));
                &[]
            }
            None => &[],
        };
        for (at, value) in listed.iter().enumerate() {
            let Value::Table(table) = value else {
                problems.push(lines.whole("target: expected sections: write [[target]] above each target"));
                continue;
            };
            let mut reader = Reader::new(table, &lines, at);
            let target = kinds::target(&mut reader);
            if let Some(target) = &target {
                if targets.contains_key(&target.name) {
                    reader.wrong("name", "there is a target of this name already");
                }
                let first = targets.values().find(|other| other.reaches_owners() && target.reaches_owners());
                if let Some(first) = first {
                    let message = format!("{} reaches the owners already: one target does", first.name);
                    reader.wrong("owners", message);
                }
            }
            problems.extend(reader.finish());
            targets.extend(target.map(|target| (target.name.clone(), target)));
        }
        if problems.is_empty() {
            Ok(Self { listed: targets, owners: BTreeMap::new() })
        } else {
            Err(TargetsError(problems))
        }
    }

    /// The target of this name, if anything is sent to it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Target> {
        self.listed.get(name).filter(|target| target.has_recipients()).or_else(|| self.owners.get(name))
    }

    /// All to which anything is sent: those of the file, then those of owners, each in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Target> {
        self.listed.values().filter(|target| target.has_recipients()).chain(self.owners.values())
    }

    /// Those of the file alone, with the one that only reaches owners.
    pub fn listed(&self) -> impl Iterator<Item = &Target> {
        self.listed.values()
    }

    /// Whether the file lists none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The name that was meant where there is no target of this one.
    #[must_use]
    pub fn nearest(&self, wrong: &str) -> Option<&str> {
        reader::nearest(wrong, self.iter().map(|target| target.name.as_str()))
    }
}

#[cfg(test)]
mod tests;
