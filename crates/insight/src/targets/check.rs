//! Whether what the targets name exists.

use super::{file::TargetsFile, measure::OwnerTopics};
use crate::keys::{Fault, nearest};
use feedback::insight::NO_TOPIC;

/// The names there are; `None` where nobody knows them (an empty store has no products yet).
#[derive(Debug, Clone, Copy, Default)]
pub struct KnownNames<'a> {
    pub topics: &'a [String],
    pub owners: &'a [OwnerTopics],
    pub products: Option<&'a [String]>,
    /// Source kinds.
    pub sources: Option<&'a [String]>,
}

/// Every name that does not exist, in the order of the file.
#[must_use]
pub fn check(file: &TargetsFile, known: &KnownNames<'_>) -> Vec<Fault> {
    let owners: Vec<String> = known.owners.iter().map(|owner| owner.name.clone()).collect();
    let mut faults = Vec::new();
    for target in &file.targets {
        let scope = &target.scope;
        let topic = scope.topic.as_deref().filter(|topic| *topic != NO_TOPIC);
        let named = [
            ("topic", topic, Some(known.topics)),
            ("owner", scope.owner.as_deref(), Some(owners.as_slice())),
            ("product", scope.product.as_deref(), known.products),
            ("source", scope.source.as_deref(), known.sources),
        ];
        for (what, name, names) in named {
            let (Some(name), Some(names)) = (name, names) else { continue };
            if !names.iter().any(|known| known == name) {
                faults.push(Fault { line: target.line, message: missing(&target.name, what, name, names) });
            }
        }
    }
    faults
}

fn missing(target: &str, what: &str, name: &str, names: &[String]) -> String {
    let advice = match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None if names.is_empty() => format!("there is no {what} yet"),
        None => format!("use one of {}", names.join(", ")),
    };
    format!("the target {target:?} has the {what} {name:?}, which does not exist: {advice}")
}
