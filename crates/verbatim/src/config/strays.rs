//! Variables that look like settings and are none: they count for nothing, and nothing else would say so.

use super::layers::{Layers, VARIABLES, variable};
use super::{Problem, secret};
use std::collections::BTreeSet;

const OURS: &str = "VERBATIM_";
/// What else of this program's has such a name.
const KNOWN: [&str; 1] = ["VERBATIM_CONFIG"];

/// One warning for each name that begins as ours do and is neither a setting (those of [`VARIABLES`] are read, and
/// refused where there is none) nor where a secret is looked for.
pub fn strays<'n>(names: impl Iterator<Item = &'n str>, layers: &Layers) -> Vec<Problem> {
    let values = layers.entries.values().filter_map(|entry| entry.value.as_str());
    let secrets: BTreeSet<&str> = values.filter_map(secret::variable).collect();
    let stray = |name: &&str| {
        name.starts_with(OURS)
            && !name.starts_with(VARIABLES)
            && !KNOWN.contains(name)
            && !secrets.contains(name)
    };
    let strays: BTreeSet<&str> = names.filter(stray).collect();
    strays
        .into_iter()
        .map(|name| Problem { at: format!("${name}"), message: message(name, layers) })
        .collect()
}

fn message(name: &str, layers: &Layers) -> String {
    let spelled = |name: &str| name.replace("__", "_").to_ascii_uppercase();
    let meant =
        layers.entries.keys().map(|path| variable(path)).find(|right| spelled(right) == spelled(name));
    let hint = match meant {
        Some(right) => format!("did you mean ${right}?"),
        None => format!("a setting is named {VARIABLES}SECTION__KEY, with two underscores each time"),
    };
    format!("no setting is named so, and it counts for nothing: {hint}")
}
