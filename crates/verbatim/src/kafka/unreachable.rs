//! Why no broker answers, in a person's words: librdkafka says it in its own, many times over.

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

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
    pub fn why(&self, bootstrap: &str, error: &KafkaError, patience: Duration) -> String {
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

/// `reason` is of the form `localhost:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after
/// 0ms in state CONNECT)`. `None` where it only sums up what was said before.
fn in_words(code: RDKafkaErrorCode, reason: &str) -> Option<String> {
    if code == RDKafkaErrorCode::AllBrokersDown {
        return None;
    }
    let Some((broker, why)) = reason.split_once(": ") else { return Some(reason.to_owned()) };
    let broker = broker.rsplit_once("://").map_or(broker, |(_, broker)| broker);
    let broker = broker.split_once('/').map_or(broker, |(broker, _)| broker);
    let why = why.split_once(" (after ").map_or(why, |(why, _)| why);
    let behind = |start: &str| why.strip_prefix(start).map(|rest| rest.trim_start_matches(": "));
    Some(match code {
        RDKafkaErrorCode::Resolve => {
            let host = broker.rsplit_once(':').map_or(broker, |(host, _)| host);
            format!("the name {host} does not resolve")
        }
        RDKafkaErrorCode::Authentication => {
            let why = behind("SASL authentication error").unwrap_or(why);
            format!("{broker} refuses the login: {why}")
        }
        _ if why.ends_with("Connection refused") => format!("nothing listens at {broker}"),
        _ if code == RDKafkaErrorCode::SSL || why.contains("SSL routines") => {
            format!("TLS with {broker} failed: {}", behind("SSL handshake failed").unwrap_or(why))
        }
        _ => format!("{broker}: {why}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use RDKafkaErrorCode::{AllBrokersDown, Authentication, BrokerTransportFailure, Resolve, SSL};

    #[test]
    fn the_librarys_reasons_become_sentences() {
        let cases = [
            (
                BrokerTransportFailure,
                "localhost:9092/bootstrap: Connect to ipv6#[::1]:9092 failed: Connection refused (after 0ms in state \
                 CONNECT)",
                "nothing listens at localhost:9092",
            ),
            (
                Resolve,
                "nowhere.invalid:9092/bootstrap: Failed to resolve 'nowhere.invalid:9092': Name or service not known \
                 (after 5ms in state CONNECT)",
                "the name nowhere.invalid does not resolve",
            ),
            (
                SSL,
                "ssl://kafka:9093/bootstrap: SSL handshake failed: error:0A000086:SSL routines::certificate verify \
                 failed: broker certificate could not be verified (after 9ms in state SSL_HANDSHAKE)",
                "TLS with kafka:9093 failed: error:0A000086:SSL routines::certificate verify failed: broker \
                 certificate could not be verified",
            ),
            (
                BrokerTransportFailure,
                "ssl://kafka:9092/bootstrap: error:0A00010B:SSL routines::wrong version number (after 0ms in state \
                 SSL_HANDSHAKE)",
                "TLS with kafka:9092 failed: error:0A00010B:SSL routines::wrong version number",
            ),
            (
                Authentication,
                "sasl_ssl://kafka:9093/bootstrap: SASL authentication error: Authentication failed during \
                 authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256 (after 300ms in state \
                 AUTH_REQ)",
                "kafka:9093 refuses the login: Authentication failed during authentication due to invalid credentials \
                 with SASL mechanism SCRAM-SHA-256",
            ),
            (
                BrokerTransportFailure,
                "kafka:9093/bootstrap: Disconnected while requesting ApiVersion: might be caused by incorrect \
                 security.protocol configuration (connecting to a SSL listener?) or broker version is < 0.10 (see \
                 api.version.request) (after 3ms in state APIVERSION_QUERY)",
                "kafka:9093: Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol \
                 configuration (connecting to a SSL listener?) or broker version is < 0.10 (see api.version.request)",
            ),
        ];
        for (code, reason, expected) in cases {
            assert_eq!(in_words(code, reason).as_deref(), Some(expected));
        }
        assert_eq!(in_words(AllBrokersDown, "1/1 brokers are down"), None);
    }
}
