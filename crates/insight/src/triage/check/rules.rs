//! What single rules name that does not exist.

use super::{Finding, FindingKind, Known, meant};
use crate::triage::{
    file::{GivenFloors, Outcome, Rule, TriageFile},
    rules::FALLBACK,
};
use feedback::insight::NO_TOPIC;

pub(super) fn findings(file: &TriageFile, known: &Known<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, rule) in file.rules.iter().enumerate() {
        findings.extend(name(rule, at, &file.rules));
        findings.extend(floors(rule));
        findings.extend(topics(rule, known));
        findings.extend(sources(rule, known));
        findings.extend(outcome(&rule.name, &rule.outcome, file, known));
    }
    match &file.fallback {
        Some(fallback) => findings.extend(outcome(FALLBACK, fallback, file, known)),
        None => findings.push(Finding {
            kind: FindingKind::NoFallback,
            rule: None,
            message: "there is no fallback, so that a record that fits no rule would get lost".to_owned(),
            advice: "add [fallback] with owner and priority".to_owned(),
        }),
    }
    findings.extend(file_floors(file));
    findings.extend(cases(file));
    findings
}

fn finding(kind: FindingKind, rule: &str, message: String, advice: impl Into<String>) -> Finding {
    Finding { kind, rule: Some(rule.to_owned()), message, advice: advice.into() }
}

fn name(rule: &Rule, at: usize, all: &[Rule]) -> Option<Finding> {
    let name = rule.name.as_str();
    if name.trim().is_empty() {
        let message = format!("the rule number {} has no name", at + 1);
        return Some(finding(FindingKind::NoName, name, message, "give one: every decision says it"));
    }
    if name == FALLBACK {
        let message = format!("a rule has the name {FALLBACK:?}, which is that of the fallback");
        return Some(finding(FindingKind::Duplicate, name, message, "give it another"));
    }
    let twice = all[..at].iter().any(|other| other.name == name);
    let message = || format!("two rules have the name {name:?}");
    twice.then(|| finding(FindingKind::Duplicate, name, message(), "rename one: decisions name their rule"))
}

const ADVICE: &str = "a floor is a probability from 0 to 1";

fn floors(rule: &Rule) -> Vec<Finding> {
    let name = &rule.name;
    let told = |(field, floor): (&str, f32)| {
        let message = format!("the rule {name:?} has the floor {floor} for {field}");
        finding(FindingKind::BadFloor, name, message, ADVICE)
    };
    bad_floors(&rule.floors).map(told).collect()
}

fn file_floors(file: &TriageFile) -> Vec<Finding> {
    let floors = file.floors;
    let given = GivenFloors {
        topics: Some(floors.topics),
        kind: Some(floors.kind),
        sentiment: Some(floors.sentiment),
        urgency: Some(floors.urgency),
    };
    let told = |(field, floor): (&str, f32)| Finding {
        kind: FindingKind::BadFloor,
        rule: None,
        message: format!("the file has the floor {floor} for {field}"),
        advice: ADVICE.to_owned(),
    };
    bad_floors(&given).map(told).collect()
}

fn cases(file: &TriageFile) -> Option<Finding> {
    let likeness = file.cases.likeness;
    (!(0.0..=1.0).contains(&likeness)).then(|| Finding {
        kind: FindingKind::BadFloor,
        rule: None,
        message: format!("[cases] has the likeness {likeness}"),
        advice: "it is a mean cosine from 0 to 1".to_owned(),
    })
}

fn bad_floors(floors: &GivenFloors) -> impl Iterator<Item = (&'static str, f32)> + use<> {
    let all = [
        ("topics", floors.topics),
        ("kind", floors.kind),
        ("sentiment", floors.sentiment),
        ("urgency", floors.urgency),
    ];
    let given = all.into_iter().filter_map(|(field, floor)| Some((field, floor?)));
    given.filter(|(_, floor)| !(0.0..=1.0).contains(floor))
}

fn topics(rule: &Rule, known: &Known<'_>) -> Vec<Finding> {
    let name = &rule.name;
    let named = [&rule.when.topics_any, &rule.when.topics_all].into_iter().flatten().flatten();
    let unknown = named.filter(|id| *id != NO_TOPIC && !known.topics.has(id));
    let told = |id: &String| {
        let message = format!("the rule {name:?} names the topic {id:?}, which the taxonomy has not");
        let advice = meant(id, known.topics.ids(), "add it to the taxonomy, or take it out");
        finding(FindingKind::UnknownTopic, name, message, advice)
    };
    unknown.map(told).collect()
}

fn sources(rule: &Rule, known: &Known<'_>) -> Vec<Finding> {
    let Some(kinds) = known.sources else { return Vec::new() };
    let name = &rule.name;
    let unknown = rule.when.source.iter().flatten().filter(|kind| !kinds.contains(&kind.as_str()));
    let told = |kind: &String| {
        let message =
            format!("the rule {name:?} names the source {kind:?}, which is no kind of feedback here");
        let advice = meant(kind, kinds.iter().copied(), "add it under [kinds], or use event_source");
        finding(FindingKind::UnknownSource, name, message, advice)
    };
    unknown.map(told).collect()
}

fn outcome(name: &str, outcome: &Outcome, file: &TriageFile, known: &Known<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let owners = || file.owners.iter().map(|owner| owner.name.as_str());
    if !owners().any(|owner| owner == outcome.owner) {
        let message = format!("the rule {name:?} gives to the owner {:?}, who does not exist", outcome.owner);
        let advice = meant(&outcome.owner, owners(), "add them as an [[owner]] with an address");
        findings.push(finding(FindingKind::UnknownOwner, name, message, advice));
    }
    findings.extend(outcome.actions.iter().filter_map(|action| {
        let (why, advice) = known.wrong_target(action)?;
        let message = format!("the rule {name:?} sends to the target {action:?}, {why}");
        Some(finding(FindingKind::UnknownTarget, name, message, advice))
    }));
    findings
}
