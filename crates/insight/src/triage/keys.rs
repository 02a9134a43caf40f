//! The keys of `triage.toml`.

use crate::keys::{Below, Keys};

pub(super) const FILE: Keys = &[
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Fault, unknown};
    use toml::de::DeTable;

    fn faults(text: &str) -> Vec<String> {
        let table = DeTable::parse(text).unwrap();
        let told = |fault: Fault| format!("{} {}", fault.line, fault.message);
        unknown(text, table.get_ref(), FILE).into_iter().map(told).collect()
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
