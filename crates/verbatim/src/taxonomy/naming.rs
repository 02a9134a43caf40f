//! What of the configuration names topics: where one of them goes, it names nothing any more.

use crate::alerting;
use crate::config::Config;
use crate::owners::triage_file;
use crate::weekly;
use feedback::insight::NO_TOPIC;
use server::taxonomy::Naming;

/// By the files as they are now; of one that cannot be read nothing is told here.
pub fn naming(config: &Config) -> Vec<Naming> {
    let mut all = Vec::new();
    let mut name = |topic: &str, by: String| {
        if topic != NO_TOPIC {
            all.push(Naming { topic: topic.to_owned(), by });
        }
    };
    if let Ok(Some(file)) = triage_file(config) {
        for rule in &file.rules {
            for topic in rule.when.topics_any.iter().chain(&rule.when.topics_all).flatten() {
                name(topic, format!("the triage rule {:?}", rule.name));
            }
        }
    }
    for target in weekly::targets(config).unwrap_or_default() {
        if let Some(topic) = &target.scope.topic {
            name(topic, format!("the target {:?}", target.name));
        }
    }
    if let Ok(rules) = alerting::rules(config, None) {
        for topic in rules.silences.iter().filter_map(|silence| silence.topic.as_deref()) {
            name(topic, "a silence of the alert rules".to_owned());
        }
    }
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;

    #[test]
    fn rules_goals_and_silences_name_topics() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = assemble(None, std::iter::empty()).unwrap().config;
        let built_in = naming(&config);
        assert!(built_in.iter().any(|naming| naming.by.starts_with("the triage rule ")), "{built_in:?}");
        let file = |name: &str, text: &str| {
            std::fs::write(dir.path().join(name), text).unwrap();
            dir.path().join(name).to_string_lossy().into_owned()
        };
        let goal =
            "[[target]]\nname = \"calm\"\nmetric = \"nps\"\nscope = { topic = \"billing\" }\nat_least = 1\n";
        config.digest.targets = file("targets.toml", goal);
        config.alerts.rules = file("alerts.toml", "[[silence]]\ntopic = \"outage\"\nreason = \"known\"\n");
        config.triage.rules = "none".to_owned();
        let told: Vec<(String, String)> =
            naming(&config).into_iter().map(|naming| (naming.topic, naming.by)).collect();
        let expected = [("billing", "the target \"calm\""), ("outage", "a silence of the alert rules")];
        assert_eq!(told, expected.map(|(topic, by)| (topic.to_owned(), by.to_owned())));
    }
}
