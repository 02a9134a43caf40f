//! Owners who cannot be told anything, and escalations that come back.

use super::{Finding, FindingKind, Known, meant};
use crate::triage::file::{Owner, TriageFile};
use std::net::IpAddr;

pub(super) fn findings(file: &TriageFile, known: &Known<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, owner) in file.owners.iter().enumerate() {
        findings.extend(name(owner, at, &file.owners));
        findings.extend(address(owner));
        findings.extend(targets(owner, known));
        findings.extend(above(owner, &file.owners));
        findings.extend(circle(at, &file.owners));
    }
    findings
}

fn finding(kind: FindingKind, message: String, advice: impl Into<String>) -> Finding {
    Finding { kind, rule: None, message, advice: advice.into() }
}

fn name(owner: &Owner, at: usize, all: &[Owner]) -> Option<Finding> {
    if owner.name.trim().is_empty() {
        let message = format!("the owner number {} has no name", at + 1);
        return Some(finding(FindingKind::NoName, message, "give one that the rules can say"));
    }
    let twice = all[..at].iter().any(|other| other.name == owner.name);
    let message = || format!("two owners have the name {:?}", owner.name);
    twice.then(|| finding(FindingKind::Duplicate, message(), "rename or remove one of them"))
}

fn address(owner: &Owner) -> Option<Finding> {
    let name = &owner.name;
    match owner.address.as_deref() {
        None if owner.targets.is_empty() => Some(finding(
            FindingKind::NoAddress,
            format!("the owner {name:?} has no address"),
            "give an address or targets, for nothing reaches them otherwise",
        )),
        Some(address) if !is_address(address) => Some(finding(
            FindingKind::NoAddress,
            format!("the owner {name:?} has the address {address:?}, to which no mail can go"),
            "write it as name@example.com",
        )),
        _ => None,
    }
}

/// As far as it can be told without sending: a name and a host of the characters that they may have (RFC 5321, section
/// 4.1.2, without names in quotes; RFC 6531 adds letters of all kinds).
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(name, host)| is_local(name) && is_host(host))
}

fn is_local(name: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_plain);
    name.len() <= 64 && name.split('.').all(is_atom)
}

fn is_host(host: &str) -> bool {
    if let Some(number) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return number.parse::<IpAddr>().is_ok();
    }
    let is_label = |label: &str| {
        let inner = label.chars().all(|c| c.is_alphanumeric() || c == '-');
        (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

fn targets(owner: &Owner, known: &Known<'_>) -> Vec<Finding> {
    let told = |target: &String| {
        let (why, advice) = known.wrong_target(target)?;
        let message = format!("the owner {:?} has the target {target:?}, {why}", owner.name);
        Some(finding(FindingKind::UnknownTarget, message, advice))
    };
    owner.targets.iter().filter_map(told).collect()
}

fn above(owner: &Owner, all: &[Owner]) -> Option<Finding> {
    let above = owner.escalates_to.as_deref()?;
    if all.iter().any(|other| other.name == above) {
        return None;
    }
    let message = format!("the owner {:?} escalates to {above:?}, who does not exist", owner.name);
    let advice = meant(above, all.iter().map(|owner| owner.name.as_str()), "add them as an [[owner]]");
    Some(finding(FindingKind::UnknownOwner, message, advice))
}

/// Told once, of the first in the file who stands in it.
fn circle(at: usize, all: &[Owner]) -> Option<Finding> {
    let mut way = vec![at];
    loop {
        let above = all[*way.last()?].escalates_to.as_deref()?;
        let next = all.iter().position(|owner| owner.name == above)?;
        if next == at {
            break;
        }
        // Round another circle, or one that an owner before has told.
        if next < at || way.contains(&next) {
            return None;
        }
        way.push(next);
    }
    let names: Vec<&str> = way.iter().chain([&at]).map(|at| all[*at].name.as_str()).collect();
    let message = format!("escalations go round in a circle: {}", names.join(" to "));
    Some(finding(FindingKind::EscalationCycle, message, "take escalates_to from one of them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        for address in ["a@b", "a.b+tag@mail.example.com", "o'neil@x-y.test", "müller@bücher.test", "a@[::1]"]
        {
            assert!(is_address(address), "{address}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        for other in [
            "",
            "support",
            "@example.com",
            "support@",
            "a@b@c",
            "a b@example.com",
            "a@exam ple.com",
            "a..b@example.com",
            ".a@example.com",
            "a,b@example.com",
            "<a@example.com>",
            "Support <a@example.com>",
            "a@-example.com",
            "a@example..com",
            "a@example.com.",
            "a@exam_ple.com",
            "a@[nowhere]",
            "a@example.com\r\nBcc: b@example.com",
            &long,
        ] {
            assert!(!is_address(other), "{other:?}");
        }
    }
}
