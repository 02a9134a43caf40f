//! Internet addresses. Version 4 is found among the numbers, version 6 at its colons.

use super::chars::{before, run_start};
use super::{Class, scan::Hit};

pub(super) fn v6(text: &str, colon: usize) -> Option<Hit> {
    let part = |b: u8| b.is_ascii_hexdigit() || b == b':' || b == b'.';
    let start = run_start(text, colon, part);
    let end = colon + text.as_bytes()[colon..].iter().take(46).take_while(|b| part(**b)).count();
    if !(6..=45).contains(&(end - start)) || before(text, start).is_ascii_alphanumeric() {
        return None;
    }
    let address = text[start..end].trim_end_matches('.');
    let address = match address.strip_suffix(':') {
        Some(shorter) if !shorter.ends_with(':') => shorter,
        _ => address,
    };
    let groups = address.split(':').filter(|group| !group.is_empty()).count();
    let told = address.bytes().any(|b| b.is_ascii_digit()) && (groups >= 3 || address.contains("::"));
    if !told || groups < 2 || address.parse::<std::net::Ipv6Addr>().is_err() {
        return None;
    }
    Some(Hit::new(start..start + address.len(), Class::Ip))
}
