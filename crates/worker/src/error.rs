//! What ends a worker. Everything that passes by itself is waited for and only logged.

use crate::kafka::{Gap, config::BadProperty};
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    #[error("the kafka configuration is wrong")]
    Property(#[from] BadProperty),
    #[error("the kafka client could not be set up or cannot go on: {reason}")]
    Client { reason: String },
    #[error(
        "the broker {brokers} refused the credentials ({reason}); check sasl.mechanism, sasl.username and \
         sasl.password in [kafka.properties]"
    )]
    Credentials { brokers: String, reason: String },
    #[error(
        "no TLS connection to {brokers} ({reason}); check security.protocol and ssl.ca.location in [kafka.properties]"
    )]
    Tls { brokers: String, reason: String },
    #[error("the broker forbids it ({reason}); this user needs read access to the topics and to the group")]
    Forbidden { reason: String },
    #[error("a topic is missing ({reason}); create it, or correct [kafka.topics]")]
    NoTopic { reason: String },
    #[error(
        "no broker at {brokers} has answered for {waited} s ({reason}); start it or correct kafka.bootstrap, and see \
         `verbatim doctor`"
    )]
    Silence { brokers: String, waited: u64, reason: String },
    #[error("{topic}, partition {partition}, cannot be read on")]
    Gap { topic: String, partition: i32, source: Gap },
    #[error(
        "another consumer group writes {topic}, partition {partition}, to these tables, and {group} beside it would \
         write each row twice: stop its workers and start this one with --take-over, or set kafka.group to its name"
    )]
    OtherGroup { topic: String, partition: i32, group: String },
    #[error("the tables cannot be used")]
    Store(#[from] store::StoreError),
    #[error("the tables do not take the rows")]
    Commit(#[source] store::CommitError),
    #[error("the rollup failed")]
    Rollup(#[from] crate::rollup::RollupError),
    #[error("could not read {}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{}: {reason}", path.display())]
    Map { path: PathBuf, reason: String },
    #[error("a thread could not be started")]
    Thread(#[source] std::io::Error),
    #[error(
        "a thread of the worker ended by a defect of this program; what was committed is safe, start it again"
    )]
    Panicked,
}
