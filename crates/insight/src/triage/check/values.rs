//! What rules list that no record ever has: codes that are no language's, empty texts, words without a letter.

use super::{Finding, FindingKind, Known, meant};
use crate::triage::{
    file::{Rule, TriageFile},
    words::Phrase,
};

pub(super) fn findings(file: &TriageFile, known: &Known<'_>) -> Vec<Finding> {
    let of_rule = |rule| languages(rule, known).into_iter().chain(empty(rule));
    file.rules.iter().flat_map(of_rule).collect()
}

fn languages(rule: &Rule, known: &Known<'_>) -> Vec<Finding> {
    let Some(codes) = known.languages else { return Vec::new() };
    let listed = rule.when.language.iter().flatten().filter(|code| !is_empty_text(code));
    let unknown = listed.filter(|code| !codes.contains(&code.as_str()));
    let told = |code: &String| Finding {
        kind: FindingKind::UnknownLanguage,
        rule: Some(rule.name.clone()),
        message: format!("the rule {:?} names the language {code:?}, which no record has", rule.name),
        advice: meant(code, codes.iter().copied(), "write a code of ISO 639-1, as \"en\""),
    };
    unknown.map(told).collect()
}

/// Where all of a list is empty the rule never fires, which is told instead.
fn empty(rule: &Rule) -> Vec<Finding> {
    let when = &rule.when;
    let texts = [
        ("source", &when.source),
        ("event_source", &when.event_source),
        ("account", &when.account),
        ("segment", &when.segment),
        ("product", &when.product),
        ("version", &when.version),
        ("language", &when.language),
    ];
    let texts = texts.into_iter().map(|(key, list)| (key, list, is_empty_text as fn(&str) -> bool));
    let words = std::iter::once(("words", &when.words, is_empty_phrase as fn(&str) -> bool));
    let mut findings = Vec::new();
    for (key, list, is_empty) in texts.chain(words) {
        let list = list.as_deref().unwrap_or_default();
        let is_used = list.iter().any(|text| !is_empty(text));
        findings.extend(list.iter().filter(|text| is_used && is_empty(text)).map(|text| Finding {
            kind: FindingKind::EmptyValue,
            rule: Some(rule.name.clone()),
            message: format!("the rule {:?} has {text:?} among its {key}, which fits nothing", rule.name),
            advice: "take it out".to_owned(),
        }));
    }
    findings
}

/// A record has a text or none, and never an empty one.
pub(super) fn is_empty_text(text: &str) -> bool {
    text.trim().is_empty()
}

fn is_empty_phrase(text: &str) -> bool {
    Phrase::new(text).is_empty()
}
