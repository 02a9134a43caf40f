//! The keys of the file, so that a slip of the pen is told with its line and the key that was meant.

use toml::de::{DeTable, DeValue};

/// One thing wrong with the file, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    pub message: String,
}

/// What stands at a key. Whether a value has the right type is serde's to say.
enum Below {
    Value,
    Table(Keys),
    Tables(Keys),
}

type Keys = &'static [(&'static str, Below)];

const FILE: Keys = &[
    ("version", Below::Value),
    ("review_queue", Below::Value),
    ("floors", Below::Table(FLOORS)),
    ("owner", Below::Tables(OWNER)),
    ("rule", Below::Tables(RULE)),
    ("fallback", Below::Table(OUTCOME)),
    ("cases", Below::Table(CASES)),
    ("escalate", Below::Table(ESCALATE)),
];

const FLOORS: Keys = &[
    ("topics", Below::Value),
    ("kind", Below::Value),
    ("sentiment", Below::Value),
    ("urgency", Below::Value),
];

const OWNER: Keys = &[
    ("name", Below::Value),
    ("address", Below::Value),
    ("targets", Below::Value),
    ("escalates_to", Below::Value),
];

const OUTCOME: Keys = &[
    ("owner", Below::Value),
    ("priority", Below::Value),
    ("queue", Below::Value),
    ("labels", Below::Value),
    ("actions", Below::Value),
];

const RULE: Keys = &[
    ("name", Below::Value),
    ("when", Below::Table(WHEN)),
    ("floors", Below::Table(FLOORS)),
    ("review_queue", Below::Value),
    ("owner", Below::Value),
    ("priority", Below::Value),
    ("queue", Below::Value),
    ("labels", Below::Value),
    ("actions", Below::Value),
];

const WHEN: Keys = &[
    ("source", Below::Value),
    ("event_source", Below::Value),
    ("account", Below::Value),
    ("segment", Below::Value),
    ("product", Below::Value),
    ("version", Below::Value),
    ("language", Below::Value),
    ("kind", Below::Value),
    ("sentiment", Below::Value),
    ("urgency", Below::Value),
    ("score", Below::Table(SCORE)),
    ("revenue_at_least", Below::Value),
    ("revenue_at_most", Below::Value),
    ("topics_any", Below::Value),
    ("topics_all", Below::Value),
    ("words", Below::Value),
];

const SCORE: Keys =
    &[("kind", Below::Value), ("scale", Below::Value), ("at_least", Below::Value), ("at_most", Below::Value)];

const CASES: Keys = &[
    ("likeness", Below::Value),
    ("window_days", Below::Value),
    ("reopen_days", Below::Value),
    ("kinds", Below::Value),
];

const ESCALATE: Keys = &[
    ("P1", Below::Value),
    ("P2", Below::Value),
    ("P3", Below::Value),
    ("P4", Below::Value),
    ("history_days", Below::Value),
];

/// Every key that the file cannot have, in the order of the lines.
pub(super) fn unknown(text: &str, table: &DeTable<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    walk(text, table, FILE, "", &mut faults);
    faults.sort();
    faults
}

fn walk(text: &str, table: &DeTable<'_>, keys: Keys, within: &str, faults: &mut Vec<Fault>) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let place = if within.is_empty() { name.to_owned() } else { format!("{within}.{name}") };
        let Some((_, below)) = keys.iter().find(|(known, _)| *known == name) else {
            let line = line_of(text, key.span().start);
            faults.push(Fault { line, message: no_such_key(&place, name, keys) });
            continue;
        };
        match (below, value.get_ref()) {
            (Below::Table(keys), DeValue::Table(table)) => walk(text, table, keys, &place, faults),
            (Below::Tables(keys), DeValue::Array(items)) => {
                for item in items.iter() {
                    if let DeValue::Table(table) = item.get_ref() {
                        walk(text, table, keys, &place, faults);
                    }
                }
            }
            _ => {}
        }
    }
}

fn no_such_key(place: &str, name: &str, keys: Keys) -> String {
    let known = || keys.iter().map(|(known, _)| *known);
    match nearest(name, known()) {
        Some(near) => format!("there is no key {place}: did you mean {near}?"),
        None => {
            format!("there is no key {place}: use one of {}", known().collect::<Vec<_>>().join(", "))
        }
    }
}

pub(super) fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count() + 1
}

/// The most similar of the names, if any is similar enough to be what was meant.
#[must_use]
pub fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let scored = names.map(|name| {
        let contains = name.len() > 3 && wrong.len() > 3 && (name.contains(&wrong) || wrong.contains(name));
        (name, strsim::jaro_winkler(&wrong, name).max(if contains { 0.85 } else { 0.0 }))
    });
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= 0.75).then_some(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let table = DeTable::parse(text).unwrap();
        let told = |fault: Fault| format!("{} {}", fault.line, fault.message);
        unknown(text, table.get_ref()).into_iter().map(told).collect()
    }

    #[test]
    fn unknown_keys_are_told_with_their_line_and_the_nearest_key() {
        let text =
            "version = \"1\"\n[[rule]]\nname = \"a\"\nqueu = \"b\"\n[rule.when]\ntopic_any = [\"c\"]\n";
        assert_eq!(
            faults(text),
            [
                "4 there is no key rule.queu: did you mean queue?",
                "6 there is no key rule.when.topic_any: did you mean topics_any?",
            ]
        );
        let score = "[[rule]]\nwhen = { score = { kind = \"nps\", zzz = 3 } }\n";
        assert_eq!(
            faults(score),
            ["2 there is no key rule.when.score.zzz: use one of kind, scale, at_least, at_most"]
        );
        assert_eq!(
            faults("[escalate]\nP1 = \"4h\"\nhistory_day = 3\n"),
            ["3 there is no key escalate.history_day: did you mean history_days?"]
        );
    }

    #[test]
    fn what_is_known_is_no_fault() {
        assert_eq!(faults("version = \"1\"\n[cases]\nlikeness = 0.7\n[[owner]]\nname = \"x\"\n"), [""; 0]);
        // The wrong type is for serde to refuse.
        assert_eq!(faults("rule = 3\nfloors = \"high\"\n"), [""; 0]);
    }
}
