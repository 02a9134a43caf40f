//! Why no broker answers, in a person's words: librdkafka says it in its own, many times over.

use rdkafka::error::RDKafkaErrorCode as Code;

/// How the client names the connection to the group's coordinator; its address follows.
const COORDINATOR: &str = "GroupCoordinator";

/// `reason` is of the form `localhost:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after
/// 0ms in state CONNECT)`. `None` where it only sums up what was said before.
#[must_use]
pub fn in_words(code: Code, reason: &str) -> Option<String> {
    if code == Code::AllBrokersDown {
        return None;
    }
    let Some((broker, why)) = reason.split_once(": ") else { return Some(reason.to_owned()) };
    let (broker, why) = match why.split_once(": ") {
        Some((address, why)) if broker == COORDINATOR => (address, why),
        _ => (broker, why),
    };
    let broker = broker.rsplit_once("://").map_or(broker, |(_, broker)| broker);
    let broker = broker.split_once('/').map_or(broker, |(broker, _)| broker);
    let why = why.split_once(" (after ").map_or(why, |(why, _)| why);
    let behind = |start: &str| why.strip_prefix(start).map(|rest| rest.trim_start_matches(": "));
    Some(match code {
        Code::Resolve => {
            let host = broker.rsplit_once(':').map_or(broker, |(host, _)| host);
            format!("the name {host} does not resolve")
        }
        Code::Authentication => {
            let why = behind("SASL authentication error").unwrap_or(why);
            format!("{broker} refuses the login: {why}")
        }
        _ if why.ends_with("Connection refused") => format!("nothing listens at {broker}"),
        _ if why == "Disconnected" => format!("{broker} has closed the connection"),
        _ if code == Code::SSL || why.contains("SSL routines") => {
            format!("TLS with {broker} failed: {}", behind("SSL handshake failed").unwrap_or(why))
        }
        _ => format!("{broker}: {why}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Code::{AllBrokersDown, Authentication, BrokerTransportFailure, Resolve, SSL};

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
                BrokerTransportFailure,
                "GroupCoordinator: kafka:9092: Connect to ipv4#10.0.0.7:9092 failed: Connection refused (after 1ms in \
                 state CONNECT)",
                "nothing listens at kafka:9092",
            ),
            (
                BrokerTransportFailure,
                "kafka:9092/1: Disconnected (after 5003ms in state UP)",
                "kafka:9092 has closed the connection",
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
