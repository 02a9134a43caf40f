//! URLs that open something by themselves: credentials before the host, or in the query.

use super::chars::{MAX_RUN, before, run_start};
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
    // Another URL within, as of a redirection, is looked at by itself.
    let inside = |b: u8| b > b' ' && b < 0x7F && !b"\"'<>`\\^|{}".contains(&b);
    let bytes = rest.as_bytes();
    let ends = |at: &usize| !inside(bytes[*at]) || bytes[*at] == b':' && bytes[*at..].starts_with(b"://");
    let reach = bytes.len().min(MAX_RUN);
    let url = &rest[..(0..reach).find(ends).unwrap_or_else(|| rest.floor_char_boundary(reach))];
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
