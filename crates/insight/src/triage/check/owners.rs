//! Owners who cannot be told anything, and escalations that come back.

use super::{Finding, FindingKind, Known, meant};
use crate::triage::file::{Owner, TriageFile};

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

/// As little as can be said without sending: one @ with something on both sides, and no blanks.
fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
        && !text.contains(char::is_whitespace)
}

fn targets(owner: &Owner, known: &Known<'_>) -> Vec<Finding> {
    let Some(names) = known.targets else { return Vec::new() };
    let unknown = owner.targets.iter().filter(|target| !names.contains(&target.as_str()));
    let told = |target: &String| {
        let message = format!("the owner {:?} has the target {target:?}, which does not exist", owner.name);
        let advice = meant(target, names.iter().copied(), "add the target, or take it out");
        finding(FindingKind::UnknownTarget, message, advice)
    };
    unknown.map(told).collect()
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
