//! The keys of a settings file, so that a slip of the pen is told with its line and the key that was meant.

use toml::de::{DeTable, DeValue};

/// One thing wrong with the file, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    pub message: String,
}

/// What stands at a key. Whether a value has the right type is serde's to say.
pub(crate) enum Below {
    Value,
    Table(Keys),
    Tables(Keys),
}

pub(crate) type Keys = &'static [(&'static str, Below)];

/// Every key that the file cannot have, in the order of the lines.
pub(crate) fn unknown(text: &str, table: &DeTable<'_>, keys: Keys) -> Vec<Fault> {
    let mut faults = Vec::new();
    walk(text, table, keys, "", &mut faults);
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

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, byte: usize) -> usize {
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
