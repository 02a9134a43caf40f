//! Who acts on which topics: as the triage rules say, and where they are silent as the taxonomy does.

use crate::config::Config;
use crate::context;
use analyze::Taxonomy;
use anyhow::{Context as _, Result};
use deliver::Targets;
use insight::targets::OwnerTopics;
use insight::triage::{Owner, Rule, TriageFile, When};
use std::collections::BTreeMap;

/// Owners by topic.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    /// Topic id to the owner's name.
    of_topic: BTreeMap<String, String>,
    /// The delivery targets of each owner that the rules know: their own, else the one of their address.
    targets: BTreeMap<String, Vec<String>>,
}

impl Owners {
    /// By the taxonomy, the triage rules and the delivery targets in force.
    pub fn in_force(config: &Config) -> Result<Self> {
        // Whoever sends something reads them again, and says what is wrong with them.
        let deliveries = context::targets(config).unwrap_or_default();
        Ok(Self::of(triage_file(config)?.as_ref(), &context::taxonomy(config)?, &deliveries))
    }

    /// By these.
    pub fn of(rules: Option<&TriageFile>, taxonomy: &Taxonomy, deliveries: &Targets) -> Self {
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
        let targets = owners.map(|owner| (owner.name.clone(), reached(owner, deliveries))).collect();
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

/// The names of an owner's targets; of one who has an address alone that of the target which was made for it.
fn reached(owner: &Owner, deliveries: &Targets) -> Vec<String> {
    if owner.targets.is_empty() {
        deliveries.of_owner(&owner.name).map(|target| target.name.clone()).into_iter().collect()
    } else {
        owner.targets.clone()
    }
}

/// Owners who have an address alone: their names and addresses.
pub fn by_address(owners: &[Owner]) -> impl Iterator<Item = (&str, &str)> {
    let alone = owners.iter().filter(|owner| owner.targets.is_empty());
    alone.filter_map(|owner| Some((owner.name.as_str(), owner.address.as_deref()?)))
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
        let owners = Owners::of(Some(&rules), &taxonomy(), &Targets::default());
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
        let owners = Owners::of(None, &taxonomy, &Targets::default());
        for topic in taxonomy.topics() {
            assert_eq!(owners.of_topic(&topic.id), topic.owner.as_deref());
        }
        assert_eq!(owners.targets("identity"), [""; 0]);
    }

    #[test]
    fn an_owner_with_an_address_alone_is_reached_at_it() {
        let mut rules = TriageFile::standard().unwrap();
        rules.owners[0].targets = vec!["crm".to_owned()];
        let (own, first) = (rules.owners[0].name.clone(), rules.owners[1].clone());
        let mail = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
                    from = \"v@example.com\"\nowners = true\n";
        let alone: Vec<(&str, &str)> = by_address(&rules.owners).collect();
        assert_eq!(alone.len(), rules.owners.len() - 1);
        assert_eq!(alone[0], (first.name.as_str(), first.address.as_deref().unwrap()));
        let deliveries = Targets::parse("deliver.toml", mail).unwrap().with_owners(alone);
        let owners = Owners::of(Some(&rules), &taxonomy(), &deliveries);
        assert_eq!(owners.targets(&own), ["crm"]);
        assert_eq!(owners.targets(&first.name), [format!("mail/{}", first.name)]);
        assert_eq!(owners.targets("nobody"), [""; 0]);
        let none = Owners::of(Some(&rules), &taxonomy(), &Targets::default());
        assert_eq!(none.targets(&first.name), [""; 0]);
    }

    #[test]
    fn targets_that_cannot_be_read_are_told_by_whoever_sends() {
        let variables = [("VERBATIM__DELIVER__FILE".to_owned(), "/no/such/deliver.toml".to_owned())];
        let loaded = crate::config::assemble(None, variables.into_iter()).unwrap();
        assert_eq!(Owners::in_force(&loaded.config).unwrap().targets("identity"), [""; 0]);
        let error = context::targets(&loaded.config).unwrap_err().to_string();
        assert!(error.contains("the delivery targets /no/such/deliver.toml cannot be read"), "{error}");
    }
}
