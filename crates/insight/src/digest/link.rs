//! The way from a point to its records: a command for a terminal, and an address where there is a dashboard.

use crate::report::{Filter, Period, shell_word};
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    /// How long the steps took that began on these days; `only` narrows them, by the names of the command's options.
    #[must_use]
    pub fn times(days: Period, only: &[(&str, Option<&str>)], base: Option<&Base>) -> Self {
        let only: Vec<(&str, &str)> =
            only.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        let Period { from, to } = days;
        let (mut command, mut path) =
            (format!("verbatim cases times --from {from} --to {to}"), format!("times?from={from}&to={to}"));
        for (name, value) in only {
            command += &format!(" --{name} {}", shell_word(value));
            path += &format!("&{name}={}", encoded(value));
        }
        Self { command, link: base.map(|base| base.at(&path)) }
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
}

fn words(args: &[String]) -> String {
    args.iter().map(|arg| format!(" {}", shell_word(arg))).collect()
}

/// The filter's fields as a query; one that is set or not and has no value is `true`.
fn query(filter: &Filter) -> String {
    let pair = |(name, value): (&str, Option<String>)| {
        format!("{name}={}", encoded(value.as_deref().unwrap_or("true")))
    };
    let pairs: Vec<String> = filter.options().into_iter().map(pair).collect();
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
        let times = Open::times(days, &[("owner", Some("the desk")), ("topic", None)], Some(&base));
        assert_eq!(
            times.command,
            "verbatim cases times --from 2026-03-02 --to 2026-03-08 --owner 'the desk'"
        );
        assert_eq!(
            times.link.as_deref(),
            Some("https://v.example/times?from=2026-03-02&to=2026-03-08&owner=the%20desk")
        );
        let word =
            Open::records(&Filter { unresolved: true, ..Filter::default() }.phrase("can't pay"), Some(&base));
        assert_eq!(word.command, r"verbatim report --records --phrase 'can'\''t pay' --unresolved");
        assert_eq!(
            word.link.as_deref(),
            Some("https://v.example/records?phrase=can%27t%20pay&unresolved=true")
        );
        assert_eq!(
            Open::records(&Filter::default(), Some(&base)).link.as_deref(),
            Some("https://v.example/records")
        );
    }
}
