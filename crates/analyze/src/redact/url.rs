//! URLs that open something by themselves: credentials before the host, or in the query.

use super::chars::{before, run_end, run_start};
use super::{Class, scan::Hit, secret};

/// Hosts whose paths are the credential.
const SECRET_PATHS: &[&str] =
    &["hooks.slack.com/services/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/"];

/// At the colon of `://`. The whole URL goes.
pub(super) fn with_credentials(text: &str, colon: usize) -> Option<Hit> {
    let rest = text[colon..].strip_prefix("://")?;
    let start = run_start(text, colon, |b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if start == colon || !before(text, colon).is_ascii_alphanumeric() {
        return None;
    }
    let end = run_end(text, colon + 3, |b| b > b' ' && b < 0x7F && !b"\"'<>`\\^|{}".contains(&b));
    let url = &rest[..end - colon - 3];
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
    let host_end = url.find(['/', '?', '#']).unwrap_or(url.len());
    let user = url[..host_end].contains('@');
    let query = url[host_end..].split(['?', '&', '#', ';']).skip(1).any(is_secret);
    let path = SECRET_PATHS.iter().any(|path| url.len() > path.len() && url.starts_with(path));
    (user || query || path).then(|| Hit::new(start..colon + 3 + url.len(), Class::Url))
}

fn is_secret(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    // Four characters open no door; a placeholder did, once.
    value.len() >= 4 && !value.starts_with('[') && secret::is_secret_parameter(name)
}
