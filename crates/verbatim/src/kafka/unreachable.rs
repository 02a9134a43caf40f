//! That no broker answers, and why: what librdkafka says meanwhile, in a person's words and once.

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use worker::kafka::reasons::in_words;

/// No broker could be asked at all, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(String);

/// Hears what the library has to say and is silent: whoever looks says once what was found.
#[derive(Default)]
pub struct Ear(Mutex<BTreeSet<String>>);

impl ClientContext for Ear {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}

    fn error(&self, error: KafkaError, reason: &str) {
        if let Some(said) = error.rdkafka_error_code().and_then(|code| in_words(code, reason)) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(said);
        }
    }
}

impl ConsumerContext for Ear {}

impl Ear {
    /// Why the broker could not be asked: what was heard meanwhile, or else what the question came to.
    pub fn why(&self, bootstrap: &str, error: &KafkaError, patience: Duration) -> Unreachable {
        Unreachable(self.told(bootstrap, error, patience))
    }

    fn told(&self, bootstrap: &str, error: &KafkaError, patience: Duration) -> String {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !heard.is_empty() {
            return heard.iter().map(String::as_str).collect::<Vec<_>>().join("; ");
        }
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::OperationTimedOut | RDKafkaErrorCode::BrokerTransportFailure) => {
                format!("{bootstrap} does not answer within {} s", patience.as_secs())
            }
            _ => format!("{bootstrap} cannot be asked: {error}"),
        }
    }
}
