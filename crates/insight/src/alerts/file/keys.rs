//! The keys of `alerts.toml`.

use crate::keys::{Below, Keys};

pub(super) const FILE: Keys = &[
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
