//! Which of the client's errors end the worker, and in which words the others are told: the client gives several for
//! one broker that is away, and a person needs one.

use super::config::WorkerConfig;
use super::reasons;
use crate::WorkerError;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use std::time::{Duration, Instant};

/// The same trouble is told once in this time.
const QUIET: Duration = Duration::from_secs(60);
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
    /// From here on credentials and addresses are known to be good: what fails later may pass, and is new.
    pub fn connected(&mut self) {
        self.connected = true;
        self.tls_failures = 0;
        self.said.clear();
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
        let reason = reason.filter(|(about, _)| *about == code).map(|(_, reason)| reason);
        let words = reason.clone().unwrap_or_else(|| error.to_string());
        tracing::debug!(?code, reason = words.as_str(), "the client tells of an error");
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
        if self.is_new(code) {
            let told = sentence(code, reason.as_deref(), &words, &config.brokers);
            tracing::warn!("{told}");
        }
        Ok(Then::GoOn)
    }

    /// Whether it was not told lately. That no broker answers is often told first, and why only then: a cause is new
    /// after it, and says all that it would say later.
    fn is_new(&mut self, code: Code) -> bool {
        let about = if is_sum(code) { Code::AllBrokersDown } else { code };
        let now = Instant::now();
        self.said.retain(|(_, at)| now.duration_since(*at) < QUIET);
        let says_it = |said: Code| said == about || (is_sum(code) && is_cause(said));
        let new = !self.said.iter().any(|(said, _)| says_it(*said));
        if new {
            self.said.push((about, now));
        }
        new
    }
}

/// A broker cannot be spoken to.
fn is_away(code: Code) -> bool {
    is_sum(code) || is_cause(code)
}

/// No broker answers: for one that is away the client gives several of these, one after the other.
fn is_sum(code: Code) -> bool {
    matches!(code, Code::AllBrokersDown | Code::BrokerTransportFailure | Code::OperationTimedOut)
}

/// Why a broker cannot be spoken to that may well be there; what to do differs.
fn is_cause(code: Code) -> bool {
    matches!(code, Code::Resolve | Code::SSL | Code::Authentication | Code::SaslAuthenticationFailed)
}

/// What is the matter, with the address, and what to do. `reason` is the client's, where it gave one.
fn sentence(code: Code, reason: Option<&str>, words: &str, brokers: &str) -> String {
    let remedy = match code {
        Code::UnknownTopicOrPartition | Code::UnknownTopic => {
            return format!(
                "a topic is missing ({words}); it is read once it is there: create it, or correct [kafka.topics]"
            );
        }
        code if !is_away(code) => {
            return format!("the broker is in trouble ({words}); the client goes on trying");
        }
        Code::SSL => "check security.protocol and ssl.ca.location in [kafka.properties]",
        Code::Authentication | Code::SaslAuthenticationFailed => {
            "check sasl.mechanism, sasl.username and sasl.password in [kafka.properties]"
        }
        _ => "start the broker or correct kafka.bootstrap",
    };
    let why = reason.and_then(|reason| reasons::in_words(code, reason));
    let why = why.unwrap_or_else(|| format!("no broker at {brokers} answers"));
    format!("{why}; it is tried again until it works: {remedy}, and see `verbatim doctor`")
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
    #[test]
    fn of_one_broker_that_is_away_the_many_errors_are_one_to_tell() {
        let mut troubles = Troubles::default();
        let codes = [Code::BrokerTransportFailure, Code::AllBrokersDown, Code::BrokerTransportFailure];
        assert_eq!(codes.map(|code| troubles.is_new(code)), [true, false, false]);
        assert!(troubles.is_new(Code::UnknownTopicOrPartition), "something else");
        troubles.connected();
        assert!(troubles.is_new(Code::AllBrokersDown), "it was back meanwhile");
    }

    #[test]
    fn why_no_broker_answers_is_told_even_after_that_none_does() {
        for cause in [Code::Authentication, Code::SaslAuthenticationFailed, Code::SSL, Code::Resolve] {
            let mut troubles = Troubles::default();
            assert!(troubles.is_new(Code::AllBrokersDown));
            assert!(troubles.is_new(cause), "{cause:?} after the sum");
            assert!(!troubles.is_new(cause), "{cause:?} again");
            let mut troubles = Troubles::default();
            assert!(troubles.is_new(cause));
            for sum in [Code::AllBrokersDown, Code::BrokerTransportFailure, Code::OperationTimedOut] {
                assert!(!troubles.is_new(sum), "{sum:?} after {cause:?}");
            }
        }
        let mut troubles = Troubles::default();
        assert!(troubles.is_new(Code::Resolve) && troubles.is_new(Code::SSL), "two causes");
    }

    #[test]
    fn it_is_told_with_the_address_and_what_to_do() {
        let refused = "kafka:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in \
                       state CONNECT)";
        let told = sentence(Code::BrokerTransportFailure, Some(refused), refused, "kafka:9092");
        assert_eq!(
            told,
            "nothing listens at kafka:9092; it is tried again until it works: start the broker or correct \
             kafka.bootstrap, and see `verbatim doctor`"
        );
        let all = "2/2 brokers are down";
        let told = sentence(Code::AllBrokersDown, Some(all), all, "a:9092,b:9092");
        assert!(told.starts_with("no broker at a:9092,b:9092 answers; "), "{told}");
        let login = "kafka:9093/1: SASL authentication error: bad password (after 3ms in state AUTH_REQ)";
        let told = sentence(Code::Authentication, Some(login), login, "kafka:9093");
        assert!(told.contains("refuses the login: bad password") && told.contains("sasl.password"), "{told}");
        let told = sentence(Code::UnknownTopicOrPartition, None, "feedback.nps is not there", "kafka:9092");
        assert!(told.contains("feedback.nps") && told.contains("[kafka.topics]"), "{told}");
    }
}
