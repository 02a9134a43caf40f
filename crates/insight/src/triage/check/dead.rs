//! Rules that can never fire. What is called so is sure: no record whatever is decided by such a rule.
//!
//! It is not everything. Found are rules that contradict themselves, and those of which each value of one list, or each
//! sentiment or kind where they ask for none, is taken by an earlier rule: by one for all, or by several together. Not
//! found is what earlier rules take away by parts of several lists at once, or by ranges (scores, revenues) that only
//! together are as wide; what does not exist (accounts, sources, topics, words that nobody uses) is not looked for here.

use super::{Finding, FindingKind, values::is_empty_text};
use crate::triage::{
    condition::{Answers, Bounds, Condition, TopicSet, conditions, is_version_of},
    file::TriageFile,
    topics::TopicTree,
};
use feedback::insight::NO_TOPIC;
use feedback::judgement::{FeedbackKind, SentimentLabel};

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
        } else if let Some(before) = taken_by(&all[..at], asked) {
            let names: Vec<&str> = before.iter().map(|at| file.rules[*at].name.as_str()).collect();
            let (message, advice) = told(name, &names);
            findings.push(finding(FindingKind::NeverFires, message, advice));
        }
    }
    findings
}

/// What to say of a rule that those before it leave nothing to, and what to do.
fn told(name: &str, before: &[&str]) -> (String, String) {
    let listed = match before {
        [one] => format!("{one:?}"),
        several => several.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" and "),
    };
    if before.len() == 1 {
        let message =
            format!("the rule {name:?} can never fire, for {listed} before it takes all it asks for");
        (message, format!("move it above {listed}, ask for more in {listed}, or take it out"))
    } else {
        let message =
            format!("the rule {name:?} can never fire, for {listed} before it together take all it asks for");
        (message, "move it above them, ask for more in one of them, or take it out".to_owned())
    }
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
            Condition::Text(_, list) | Condition::Version(list)
                if list.iter().all(|text| is_empty_text(text)) =>
            {
                Some(format!("no record has an empty {}", condition.key()))
            }
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

/// The earlier rules that leave a later one nothing, by their places: one, or several that share the values of one of its
/// lists, or of the labels that every record has one of.
fn taken_by(earlier: &[Vec<Condition>], later: &[Condition]) -> Option<Vec<usize>> {
    if let Some(one) = earlier.iter().position(|earlier| covers(earlier, later)) {
        return Some(vec![one]);
    }
    let lists = later.iter().enumerate().map(|(at, condition)| (Some(at), values(condition)));
    let asks = |key: &str| later.iter().any(|condition| condition.key() == key);
    let labels = [
        (!asks("kind")).then(|| values(&Condition::Kind(FeedbackKind::ALL.to_vec()))),
        (!asks("sentiment")).then(|| values(&Condition::Sentiment(SentimentLabel::ALL.to_vec()))),
    ];
    let labels = labels.into_iter().flatten().map(|values| (None, values));
    lists.chain(labels).find_map(|(at, values)| shared(earlier, later, at, &values))
}

/// The earlier rules of which each of the values, in place of the condition there, finds one that takes it.
fn shared(
    earlier: &[Vec<Condition>],
    later: &[Condition],
    at: Option<usize>,
    values: &[Condition],
) -> Option<Vec<usize>> {
    if values.is_empty() {
        return None;
    }
    let others = later.iter().enumerate().filter(|(place, _)| Some(*place) != at);
    let others: Vec<&Condition> = others.map(|(_, condition)| condition).collect();
    let is_given = |asked: &Condition| others.iter().any(|given| implies(given, asked));
    // What each earlier rule asks beyond what is given whatever the value.
    let open: Vec<Vec<&Condition>> =
        earlier.iter().map(|earlier| earlier.iter().filter(|asked| !is_given(asked)).collect()).collect();
    let takes =
        |value: &Condition| open.iter().position(|open| open.iter().all(|asked| implies(value, asked)));
    let mut takers = values.iter().map(takes).collect::<Option<Vec<usize>>>()?;
    takers.sort_unstable();
    takers.dedup();
    Some(takers)
}

/// A condition for each value of a list that any record may have; none of what is no list.
fn values(condition: &Condition) -> Vec<Condition> {
    match condition {
        Condition::Text(field, list) => {
            let some = list.iter().filter(|text| !is_empty_text(text));
            some.map(|text| Condition::Text(*field, vec![text.clone()])).collect()
        }
        Condition::Version(list) => {
            let some = list.iter().filter(|of| !is_empty_text(of));
            some.map(|of| Condition::Version(vec![of.clone()])).collect()
        }
        Condition::Kind(list) => list.iter().map(|kind| Condition::Kind(vec![*kind])).collect(),
        Condition::Sentiment(list) => list.iter().map(|label| Condition::Sentiment(vec![*label])).collect(),
        Condition::Urgency(list) => list.iter().map(|label| Condition::Urgency(vec![*label])).collect(),
        Condition::TopicsAny(set) => topics(set).into_iter().map(Condition::TopicsAny).collect(),
        Condition::Words(phrases) => {
            let some = phrases.iter().filter(|phrase| !phrase.is_empty());
            some.map(|phrase| Condition::Words(vec![phrase.clone()])).collect()
        }
        Condition::TopicsAll(_) | Condition::Score(_) | Condition::Revenue(_) => Vec::new(),
    }
}

/// Each of its topics, and having none where that will do.
fn topics(set: &TopicSet) -> Vec<TopicSet> {
    let one = |id: &String| TopicSet { named: vec![id.clone()], ids: vec![id.clone()], or_none: false };
    let mut all: Vec<TopicSet> = set.ids.iter().map(one).collect();
    if set.or_none {
        all.push(TopicSet { named: vec![NO_TOPIC.to_owned()], ids: Vec::new(), or_none: true });
    }
    all
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
