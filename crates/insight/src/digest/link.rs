//! The way from a point to its records: a command for a terminal, and an address where there is a dashboard.

use crate::report::{Filter, Period, shell_word};
use serde::Serialize;

/// Where the dashboard is reached: http or https, a host, no credentials, and nothing that is markup anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Base(String);

/// The fault of whoever wrote the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no address of a dashboard: write http:// or https:// and a host, as https://verbatim.example.com"
)]
pub struct BaseError(String);

impl Base {
    /// # Errors
    /// Where it is no plain web address.
    pub fn parse(text: &str) -> Result<Self, BaseError> {
        let refused = || BaseError(text.to_owned());
        let address = text.trim().trim_end_matches('/');
        let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let rest = rest.ok_or_else(refused)?;
        let host = rest.split('/').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:[]%".contains(c);
        let has_host = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        if has_host && rest.chars().all(plain) { Ok(Self(address.to_owned())) } else { Err(refused()) }
    }

    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }
}

/// What opens a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// For a POSIX shell.
    pub command: String,
    pub link: Option<String>,
}

impl Open {
    #[must_use]
    pub fn records(filter: &Filter, base: Option<&Base>) -> Self {
        let command = format!("verbatim report --records{}", words(&filter.args()));
        Self { command, link: base.map(|base| base.at(&format!("records{}", query(filter)))) }
    }

    /// The whole report of some days.
    #[must_use]
    pub fn report(period: Period, base: Option<&Base>) -> Self {
        let Period { from, to } = period;
        let command = format!("verbatim report --from {from} --to {to}");
        Self { command, link: base.map(|base| base.at(&format!("report?from={from}&to={to}"))) }
    }

    #[must_use]
    pub fn case(id: &str, base: Option<&Base>) -> Self {
        let command = format!("verbatim cases show {}", shell_word(id));
        Self { command, link: base.map(|base| base.at(&format!("cases/{}", encoded(id)))) }
    }

    #[must_use]
    pub fn alert(id: &str, base: Option<&Base>) -> Self {
        let command = format!("verbatim alerts show {}", shell_word(id));
        Self { command, link: base.map(|base| base.at(&format!("alerts/{}", encoded(id)))) }
    }

    /// The records with a word: all of the days, searched.
    #[must_use]
    pub fn word(word: &str, filter: &Filter, base: Option<&Base>) -> Self {
        let all = Self::records(filter, base);
        Self { command: format!("{} --json | grep -i -- {}", all.command, shell_word(word)), ..all }
    }
}

fn words(args: &[String]) -> String {
    args.iter().map(|arg| format!(" {}", shell_word(arg))).collect()
}

/// The filter's options as a query, each by its name with `_` in it.
fn query(filter: &Filter) -> String {
    let mut pairs = Vec::new();
    let mut args = filter.args().into_iter();
    while let Some(option) = args.next() {
        let name = option.trim_start_matches("--").replace('-', "_");
        // The one option that has no value.
        let value = if name == "judged" { Some("true".to_owned()) } else { args.next() };
        pairs.push(format!("{name}={}", encoded(&value.unwrap_or_default())));
    }
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Percent-encoded but for what RFC 3986 calls unreserved.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;

    #[test]
    fn only_a_plain_web_address_is_a_base() {
        assert_eq!(Base::parse(" https://v.example/team/ ").unwrap().at("x"), "https://v.example/team/x");
        assert!(Base::parse("http://localhost:8080").is_ok() && Base::parse("http://[::1]:80").is_ok());
        for bad in [
            "",
            "v.example",
            "javascript:alert(1)",
            "https://",
            "https:///path",
            "https://user@v.example",
            "https://v.example/?a=b",
            "https://v.example/\"onload=",
            "https://v.example/a b",
            "https://v.example/<script>",
        ] {
            assert_eq!(Base::parse(bad), Err(BaseError(bad.to_owned())), "{bad}");
        }
    }

    #[test]
    fn command_and_link_say_the_same() {
        let base = Base::parse("https://v.example").unwrap();
        let days = Period { from: Day(20_514), to: Day(20_520) };
        let filter = Filter {
            from: Some(days.from),
            except_to: Some(days.to),
            product: Some("our app's".to_owned()),
            judged: true,
            event_source: vec!["--judged".to_owned()],
            ..Filter::default()
        };
        let open = Open::records(&filter, Some(&base));
        assert_eq!(
            open.command,
            r"verbatim report --records --from 2026-03-02 --except-to 2026-03-08 --product 'our app'\''s' --event-source --judged --judged"
        );
        assert_eq!(
            open.link.as_deref(),
            Some(
                "https://v.example/records?from=2026-03-02&except_to=2026-03-08&product=our%20app%27s&event_source=--judged&judged=true"
            )
        );
        assert_eq!(Open::records(&filter, None).link, None);
        assert_eq!(
            Open::report(days, Some(&base)).link.as_deref(),
            Some("https://v.example/report?from=2026-03-02&to=2026-03-08")
        );
        let word = Open::word("can't pay", &Filter::default(), Some(&base));
        assert_eq!(word.command, r"verbatim report --records --json | grep -i -- 'can'\''t pay'");
        assert_eq!(word.link.as_deref(), Some("https://v.example/records"));
    }
}
