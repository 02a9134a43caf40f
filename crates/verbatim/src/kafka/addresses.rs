//! Whether a bootstrap address can be one: librdkafka takes any text, and finds nobody there.

/// Why this is no list of brokers, `host:port` with commas between them; `None` where it is. An empty one is told of
/// elsewhere.
pub fn address_problem(list: &str) -> Option<String> {
    if list.trim().is_empty() {
        return None;
    }
    // It passes over a comma too many.
    let mut entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).peekable();
    let wrong = if entries.peek().is_none() { Some(list) } else { entries.find(|entry| !is_address(entry)) };
    wrong.map(|entry| {
        format!(
            "{entry:?} is no broker: write host:port, and commas between several, such as \"a:9092,b:9092\""
        )
    })
}

/// As librdkafka reads it: a protocol before it and a port behind it are optional, IPv6 with a port stands in brackets.
fn is_address(entry: &str) -> bool {
    let address = match entry.split_once("://") {
        Some((protocol, address)) if is_of(protocol, "_") => address,
        Some(_) => return false,
        None => entry,
    };
    let is_ipv6 = |host: &str| host.matches(':').count() > 1 && is_of(host, ":.%");
    let (is_host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (is_ipv6(host), None),
        Some((host, rest)) => (is_ipv6(host) && rest.starts_with(':'), rest.get(1..)),
        None if is_ipv6(address) => (true, None),
        None => match address.split_once(':') {
            Some((host, port)) => (is_of(host, "-._"), Some(port)),
            None => (is_of(address, "-._"), None),
        },
    };
    is_host && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn is_of(text: &str, further: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || further.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_brokers_is_told_from_other_text() {
        let right = [
            "localhost:9092",
            "kafka",
            "a:9092, b.example.org:9093",
            "my_kafka-1:9092",
            "10.0.0.1:9092",
            "[::1]:9092",
            "[fe80::1%eth0]",
            "::1",
            "a:9092,,b:9092,",
            "SASL_SSL://broker.example.org:9093",
            " ",
        ];
        for list in right {
            assert_eq!(address_problem(list), None, "{list}");
        }
        let wrong = [
            ("nonsense with spaces", "nonsense with spaces"),
            ("a:9092;b:9092", "a:9092;b:9092"),
            ("a:9092,b:", "b:"),
            ("a:0", "a:0"),
            ("a:99999", "a:99999"),
            ("a:kafka", "a:kafka"),
            (":9092", ":9092"),
            (" , ", " , "),
            ("[::1]9092", "[::1]9092"),
            ("http://a:9092/path", "http://a:9092/path"),
        ];
        for (list, entry) in wrong {
            let why = address_problem(list).unwrap_or_else(|| panic!("{list}"));
            assert!(why.starts_with(&format!("{entry:?} is no broker")), "{why}");
        }
    }
}
