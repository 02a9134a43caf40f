//! The keys of the file, so that a slip of the pen is told with its line and the key that was meant.

use crate::triage::{Fault, nearest};
use toml::de::{DeTable, DeValue};

/// What stands at a key. Whether a value has the right type is serde's to say.
enum Below {
    Value,
    Table(Keys),
    Tables(Keys),
}

type Keys = &'static [(&'static str, Below)];

const FILE: Keys = &[
    ("watch", Below::Table(WATCH)),
    ("life", Below::Table(LIFE)),
    ("severity", Below::Table(SEVERITY)),
    // The names of owners are the user's own.
    ("budgets", Below::Value),
    ("words", Below::Tables(WORDS)),
    ("silence", Below::Tables(SILENCE)),
];

const WATCH: Keys = &[
    ("every", Below::Value),
    ("false_alerts", Below::Value),
    ("volume", Below::Value),
    ("negative", Below::Value),
    ("scores", Below::Value),
    ("cases", Below::Value),
    ("new_normal_days", Below::Value),
    ("least", Below::Table(LEAST)),
];

const LEAST: Keys = &[
    ("times", Below::Value),
    ("points", Below::Value),
    ("score_percent", Below::Value),
    ("records", Below::Value),
    ("judged", Below::Value),
    ("people", Below::Value),
];

const LIFE: Keys = &[
    ("update_times", Below::Value),
    ("cooldown_days", Below::Value),
    ("together_hours", Below::Value),
    ("shared", Below::Value),
    ("budget", Below::Value),
];

const SEVERITY: Keys = &[
    ("many_people", Below::Value),
    ("some_people", Below::Value),
    ("times", Below::Value),
    ("points", Below::Value),
    ("score_percent", Below::Value),
];

const WORDS: Keys = &[("name", Below::Value), ("any", Below::Value)];

const SILENCE: Keys = &[
    ("topic", Below::Value),
    ("product", Below::Value),
    ("source", Below::Value),
    ("until", Below::Value),
    ("reason", Below::Value),
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
        None => format!("there is no key {place}: use one of {}", known().collect::<Vec<_>>().join(", ")),
    }
}

pub(super) fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count() + 1
}
