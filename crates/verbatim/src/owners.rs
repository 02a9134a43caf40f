//! Who acts on which topics: as the triage rules say, and where they are silent as the taxonomy does.

use crate::config::Config;
use crate::context;
use analyze::Taxonomy;
use anyhow::{Context as _, Result};
use insight::targets::OwnerTopics;
use insight::triage::{Rule, TriageFile, When};
use std::collections::BTreeMap;

/// Owners by topic.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    /// Topic id to the owner's name.
    of_topic: BTreeMap<String, String>,
    /// The delivery targets of each owner that the rules know.
    targets: BTreeMap<String, Vec<String>>,
}

impl Owners {
    /// By the taxonomy and the triage rules in force.
    pub fn in_force(config: &Config) -> Result<Self> {
        Ok(Self::of(triage_file(config)?.as_ref(), &context::taxonomy(config)?))
    }

    fn of(rules: Option<&TriageFile>, taxonomy: &Taxonomy) -> Self {
        let tree = context::topic_tree(taxonomy);
        let mut of_topic = BTreeMap::new();
        // A rule that asks for the topic alone says more of who acts on it than one that asks for urgency as well.
        for plain in [true, false] {
            for rule in rules.iter().flat_map(|file| &file.rules).filter(|rule| is_plain(rule) == plain) {
                let named = rule.when.topics_any.iter().chain(&rule.when.topics_all).flatten();
                for topic in named.flat_map(|id| tree.below(id)) {
                    of_topic.entry(topic).or_insert_with(|| rule.outcome.owner.clone());
                }
            }
        }
        for topic in taxonomy.topics() {
            if let Some(owner) = &topic.owner {
                of_topic.entry(topic.id.clone()).or_insert_with(|| owner.clone());
            }
        }
        let owners = rules.iter().flat_map(|file| &file.owners);
        let targets = owners.map(|owner| (owner.name.clone(), owner.targets.clone())).collect();
        Self { of_topic, targets }
    }

    /// The owner of a topic; `None` where nobody has it.
    pub fn of_topic(&self, topic: &str) -> Option<&str> {
        self.of_topic.get(topic).map(String::as_str)
    }

    /// Every owner with the topics of theirs, by name; those without a topic among them.
    pub fn topics(&self) -> Vec<OwnerTopics> {
        let mut owners: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for name in self.targets.keys() {
            owners.entry(name).or_default();
        }
        for (topic, name) in &self.of_topic {
            owners.entry(name).or_default().push(topic.clone());
        }
        let told = |(name, topics): (&str, Vec<String>)| OwnerTopics { name: name.to_owned(), topics };
        owners.into_iter().map(told).collect()
    }

    /// Names of the delivery targets of an owner.
    pub fn targets(&self, owner: &str) -> &[String] {
        self.targets.get(owner).map_or(&[], Vec::as_slice)
    }
}

/// Whether a rule asks for topics and nothing else.
fn is_plain(rule: &Rule) -> bool {
    let When { topics_any, topics_all, .. } = &rule.when;
    let only = When { topics_any: topics_any.clone(), topics_all: topics_all.clone(), ..When::default() };
    only == rule.when
}

/// The triage rules in force; `None` where there are none.
pub fn triage_file(config: &Config) -> Result<Option<TriageFile>> {
    match config.triage.rules.as_str() {
        "none" => Ok(None),
        "built-in" => TriageFile::standard().map(Some).context("the built-in triage rules are broken"),
        name => {
            let text = std::fs::read_to_string(name)
                .with_context(|| format!("the triage rules {name} cannot be read"))?;
            TriageFile::parse(&text)
                .map(Some)
                .with_context(|| format!("the triage rules {name} cannot be used"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taxonomy() -> Taxonomy {
        Taxonomy::standard().unwrap()
    }

    #[test]
    fn the_rule_that_asks_for_the_topic_alone_names_its_owner() {
        let rules = TriageFile::standard().unwrap();
        let owners = Owners::of(Some(&rules), &taxonomy());
        assert_eq!(owners.of_topic("login_access"), Some("identity"));
        assert_eq!(owners.of_topic("billing"), Some("finance"));
        assert_eq!(owners.of_topic("no_such_topic"), None);
        let topics = owners.topics();
        let of = |name: &str| topics.iter().find(|owner| owner.name == name).unwrap().topics.clone();
        assert!(of("platform").contains(&"performance".to_owned()));
        assert_eq!(of("customer success"), [""; 0], "theirs is no topic");
        assert!(topics.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn without_rules_the_taxonomy_tells() {
        let taxonomy = taxonomy();
        let owners = Owners::of(None, &taxonomy);
        for topic in taxonomy.topics() {
            assert_eq!(owners.of_topic(&topic.id), topic.owner.as_deref());
        }
        assert_eq!(owners.targets("identity"), [""; 0]);
    }
}
