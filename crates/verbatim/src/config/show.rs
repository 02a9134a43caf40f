//! What is in force and where it came from, with secrets masked.

use super::layers::{KeyPath, Layers, Origin, dotted};
use super::secret::{MASK, is_reference, names_a_secret};
use serde::Serialize;
use toml::Value;

/// One setting as it may be shown.
#[derive(Debug, Serialize)]
pub struct Shown {
    pub key: String,
    /// In TOML's spelling, masked where it is a secret.
    pub value: String,
    /// `None` for a default.
    pub from: Option<String>,
    #[serde(skip)]
    pub section: String,
    #[serde(skip)]
    pub name: String,
}

/// Every setting, section by section.
pub fn shown(layers: &Layers) -> Vec<Shown> {
    let mut all: Vec<(&KeyPath, Shown)> = layers
        .entries
        .iter()
        .map(|(path, entry)| {
            let (last, above) =
                path.split_last().map_or(("", &path[..]), |(last, above)| (last.as_str(), above));
            let name = if last.contains('.') { format!("\"{last}\"") } else { last.to_owned() };
            let from = (entry.origin != Origin::Default).then(|| entry.origin.to_string());
            let value = masked(last, &entry.value);
            (path, Shown { key: dotted(path), value, from, section: dotted(above), name })
        })
        .collect();
    all.sort_by_key(|(path, _)| (path[..path.len() - 1].to_vec(), path.last().cloned()));
    all.into_iter().map(|(_, shown)| shown).collect()
}

fn masked(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) if names_a_secret(name) && !text.is_empty() && !is_reference(text) => {
            format!("\"{MASK}\"")
        }
        Value::String(_) => value.to_string(),
        _ if names_a_secret(name) => format!("\"{MASK}\""),
        other => other.to_string(),
    }
}
