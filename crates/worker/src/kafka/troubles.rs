//! Which of the client's errors end the worker, and in which words.

use super::config::WorkerConfig;
use crate::WorkerError;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use std::time::{Duration, Instant};

/// The same trouble is logged once in this time.
const QUIET: Duration = Duration::from_secs(30);
/// A TLS handshake may fail once while a broker restarts.
const TLS_TRIES: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    /// Offsets have to be settled anew.
    AskAgain,
}

#[derive(Debug, Default)]
pub(super) struct Troubles {
    connected: bool,
    tls_failures: u32,
    said: Vec<(Code, Instant)>,
}

impl Troubles {
    /// From here on credentials and addresses are known to be good: what fails later may pass.
    pub fn connected(&mut self) {
        self.connected = true;
        self.tls_failures = 0;
    }

    /// # Errors
    /// Where waiting does not help.
    pub fn judge(
        &mut self,
        error: &KafkaError,
        reason: Option<(Code, String)>,
        config: &WorkerConfig,
    ) -> Result<Then, WorkerError> {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        let words =
            reason.filter(|(about, _)| *about == code).map_or_else(|| error.to_string(), |(_, words)| words);
        match code {
            Code::Authentication | Code::SaslAuthenticationFailed if !self.connected => {
                return Err(WorkerError::Credentials { brokers: config.brokers.clone(), reason: words });
            }
            Code::SSL if !self.connected => {
                self.tls_failures += 1;
                if self.tls_failures >= TLS_TRIES {
                    return Err(WorkerError::Tls { brokers: config.brokers.clone(), reason: words });
                }
            }
            Code::TopicAuthorizationFailed
            | Code::GroupAuthorizationFailed
            | Code::ClusterAuthorizationFailed => {
                return Err(WorkerError::Forbidden { reason: words });
            }
            Code::UnknownTopicOrPartition | Code::UnknownTopic if config.stop_at_end => {
                return Err(WorkerError::NoTopic { reason: words });
            }
            Code::AutoOffsetReset | Code::OffsetOutOfRange => return Ok(Then::AskAgain),
            _ if matches!(error, KafkaError::MessageConsumptionFatal(_)) => {
                return Err(WorkerError::Client { reason: words });
            }
            _ => {}
        }
        self.say(code, &words);
        Ok(Then::GoOn)
    }

    fn say(&mut self, code: Code, words: &str) {
        let now = Instant::now();
        self.said.retain(|(_, at)| now.duration_since(*at) < QUIET);
        if !self.said.iter().any(|(said, _)| *said == code) {
            tracing::warn!(?code, reason = words, "the broker is in trouble; the client goes on trying");
            self.said.push((code, now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(troubles: &mut Troubles, code: Code, stop_at_end: bool) -> Result<Then, WorkerError> {
        let mut config = WorkerConfig::new("broker:9092", "g", vec!["t".to_owned()]);
        config.stop_at_end = stop_at_end;
        troubles.judge(&KafkaError::MessageConsumption(code), Some((code, "in words".to_owned())), &config)
    }

    #[test]
    fn wrong_credentials_end_the_start_and_are_waited_out_later() {
        let mut troubles = Troubles::default();
        let error = judge(&mut troubles, Code::Authentication, false).unwrap_err();
        assert!(error.to_string().contains("broker:9092"), "{error}");
        troubles.connected();
        assert_eq!(judge(&mut troubles, Code::Authentication, false).unwrap(), Then::GoOn);
    }

    #[test]
    fn a_broker_that_is_away_is_waited_for() {
        let mut troubles = Troubles::default();
        for code in [Code::AllBrokersDown, Code::BrokerTransportFailure, Code::UnknownTopicOrPartition] {
            assert_eq!(judge(&mut troubles, code, false).unwrap(), Then::GoOn);
        }
        assert!(judge(&mut troubles, Code::UnknownTopicOrPartition, true).is_err());
        assert_eq!(judge(&mut troubles, Code::AutoOffsetReset, false).unwrap(), Then::AskAgain);
    }
}
