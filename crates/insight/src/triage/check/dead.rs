//! Rules that can never fire. What is called so is sure: no record whatever is decided by such a rule. It is not
//! everything: what several rules together take away from a later one is not looked for.

use super::{Finding, FindingKind};
use crate::triage::{
    condition::{Answers, Bounds, Condition, TopicSet, conditions, is_version_of},
    file::TriageFile,
    topics::TopicTree,
};

pub(super) fn findings(file: &TriageFile, topics: &TopicTree) -> Vec<Finding> {
    let all: Vec<Vec<Condition>> = file.rules.iter().map(|rule| conditions(&rule.when, topics)).collect();
    let mut findings = Vec::new();
    for (at, asked) in all.iter().enumerate() {
        let name = &file.rules[at].name;
        let finding =
            |kind, message, advice: String| Finding { kind, rule: Some(name.clone()), message, advice };
        if asked.is_empty() {
            let message = format!("the rule {name:?} asks nothing, so that it decides every record");
            let advice = "give it a [rule.when], or make it the fallback".to_owned();
            findings.push(finding(FindingKind::AsksNothing, message, advice));
        }
        if let Some(why) = contradiction(asked) {
            let message = format!("the rule {name:?} can never fire, for {why}");
            findings.push(finding(FindingKind::NeverFires, message, "mend it or take it out".to_owned()));
        } else if let Some(before) = all[..at].iter().position(|earlier| covers(earlier, asked)) {
            let before = &file.rules[before].name;
            let message =
                format!("the rule {name:?} can never fire, for {before:?} before it takes all it asks for");
            let advice = format!("move it above {before:?}, ask for more in {before:?}, or take it out");
            findings.push(finding(FindingKind::NeverFires, message, advice));
        }
    }
    findings
}

/// Why nothing can fit, if so.
fn contradiction(conditions: &[Condition]) -> Option<String> {
    let wants_none = conditions.iter().any(|condition| sets(condition).iter().any(|set| !wants_a_topic(set)));
    let wants_some = conditions
        .iter()
        .any(|condition| sets(condition).iter().any(|set| wants_a_topic(set) && !set.or_none));
    if wants_none && wants_some {
        return Some("it asks for records without a topic and with one".to_owned());
    }
    conditions.iter().find_map(|condition| {
        let empty = || Some(format!("its list of {} is empty", condition.key()));
        match condition {
            Condition::Text(_, list) | Condition::Version(list) if list.is_empty() => empty(),
            Condition::Kind(list) if list.is_empty() => empty(),
            Condition::Sentiment(list) if list.is_empty() => empty(),
            Condition::Urgency(list) if list.is_empty() => empty(),
            Condition::TopicsAny(set) if set.named.is_empty() => empty(),
            Condition::TopicsAll(sets) if sets.is_empty() => empty(),
            Condition::Words(phrases) if phrases.is_empty() => empty(),
            Condition::Words(phrases) if phrases.iter().all(|phrase| phrase.is_empty()) => {
                Some("none of its words has a letter or a digit".to_owned())
            }
            Condition::Score(answers) if is_empty(on_scale(answers)) => {
                Some(format!("no answer can be {}", condition.wanted()))
            }
            Condition::Revenue(bounds) if is_empty(*bounds) => {
                Some(format!("no revenue is {}", condition.wanted()))
            }
            _ => None,
        }
    })
}

/// Whether all that the later one fits fits the earlier one too, which then decides.
fn covers(earlier: &[Condition], later: &[Condition]) -> bool {
    earlier.iter().all(|asked| later.iter().any(|given| implies(given, asked)))
}

/// Whether what fits `given` always fits `asked`.
fn implies(given: &Condition, asked: &Condition) -> bool {
    match (given, asked) {
        (Condition::Text(field, few), Condition::Text(of, many)) => field == of && all_in(few, many),
        (Condition::Version(few), Condition::Version(many)) => {
            few.iter().all(|one| many.iter().any(|of| is_version_of(one, of)))
        }
        (Condition::Kind(few), Condition::Kind(many)) => all_in(few, many),
        (Condition::Sentiment(few), Condition::Sentiment(many)) => all_in(few, many),
        (Condition::Urgency(few), Condition::Urgency(many)) => all_in(few, many),
        (Condition::Score(one), Condition::Score(other)) => {
            (one.kind, one.min, one.max) == (other.kind, other.min, other.max)
                && lies_in(on_scale(one), on_scale(other))
        }
        (Condition::Revenue(one), Condition::Revenue(other)) => lies_in(*one, *other),
        (
            Condition::TopicsAny(_) | Condition::TopicsAll(_),
            Condition::TopicsAny(_) | Condition::TopicsAll(_),
        ) => {
            let (given, asked) = (sets(given), sets(asked));
            // An empty list asks for what there is not: nothing implies it.
            !asked.is_empty() && asked.iter().all(|asked| given.iter().any(|given| is_part(given, asked)))
        }
        (Condition::Words(few), Condition::Words(many)) => {
            few.iter().all(|one| many.iter().any(|other| one.contains(other)))
        }
        _ => false,
    }
}

fn all_in<T: PartialEq>(few: &[T], many: &[T]) -> bool {
    few.iter().all(|one| many.contains(one))
}

/// The sets of topics that each have to have one.
fn sets(condition: &Condition) -> &[TopicSet] {
    match condition {
        Condition::TopicsAny(set) => std::slice::from_ref(set),
        Condition::TopicsAll(sets) => sets,
        _ => &[],
    }
}

fn is_part(few: &TopicSet, many: &TopicSet) -> bool {
    all_in(&few.ids, &many.ids) && (many.or_none || !few.or_none)
}

/// False only of `none` alone.
fn wants_a_topic(set: &TopicSet) -> bool {
    !(set.or_none && set.ids.is_empty())
}

/// An answer lies on its scale, so that the scale's ends bound it too.
fn on_scale(answers: &Answers) -> Bounds {
    let Answers { min, max, bounds, .. } = *answers;
    Bounds { at_least: Some(bounds.low().max(min)), at_most: Some(bounds.high().min(max)) }
}

fn lies_in(one: Bounds, other: Bounds) -> bool {
    one.low() >= other.low() && one.high() <= other.high()
}

fn is_empty(bounds: Bounds) -> bool {
    bounds.low() > bounds.high()
}
