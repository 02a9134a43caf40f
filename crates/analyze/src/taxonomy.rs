//! The user's topics: `taxonomy.toml`, read and checked.
//!
//! A topic's id never moves: facts already stored point to it. Names, descriptions and examples may change;
//! the version then changes by itself, for it ends in a hash of the content.

use serde::Deserialize;
use std::collections::HashSet;

/// The taxonomy of `config/taxonomy.toml`: a software product.
const DEFAULT: &str = include_str!("../../../config/taxonomy.toml");

const MOST_TOPICS: usize = 500;
/// Of a topic.
pub const MOST_EXAMPLES: usize = 200;

#[derive(Debug, Clone)]
pub struct Taxonomy {
    version: String,
    topics: Vec<Topic>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Lower-case letters, digits and `_`; never changes.
    pub id: String,
    pub name: String,
    /// What belongs here, in a sentence or two.
    pub description: String,
    /// Customers' words, a sentence each; none are needed, ten help.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Words or short phrases that speak for this topic by themselves.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Who acts on it.
    #[serde(default)]
    pub owner: Option<String>,
    /// The id of the topic above.
    #[serde(default)]
    pub parent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    #[serde(default)]
    topic: Vec<Topic>,
}

/// All are the fault of whoever wrote the file; trying again does not help.
#[derive(Debug, thiserror::Error)]
pub enum TaxonomyError {
    #[error("the taxonomy is not valid")]
    Syntax(#[source] Box<toml::de::Error>),
    #[error("the taxonomy has no version")]
    NoVersion,
    #[error("the taxonomy has {0} topics; at most {MOST_TOPICS} are allowed")]
    TooMany(usize),
    #[error(
        "topic {number} has the id {id:?}; an id is 1 to 64 lower-case letters, digits or '_', and not \"none\""
    )]
    BadId { number: usize, id: String },
    #[error("two topics have the id {0:?}")]
    Twice(String),
    #[error("topic {id:?} has no {field}")]
    Missing { id: String, field: &'static str },
    #[error("topic {id:?} has {count} examples; at most {MOST_EXAMPLES} are allowed")]
    TooManyExamples { id: String, count: usize },
    #[error("topic {id:?} names the parent {parent:?}, which is no topic above it")]
    Parent { id: String, parent: String },
}

impl TaxonomyError {
    /// The line of the text that it is about, from 1; `None` where it is about no line, or the text is written in an unusual
    /// way.
    #[must_use]
    pub fn line(&self, text: &str) -> Option<usize> {
        let first =
            |is: &dyn Fn(&str) -> bool| text.lines().position(|line| is(line.trim())).map(|at| at + 1);
        match self {
            Self::Syntax(error) => {
                let at = error.span()?.start.min(text.len());
                Some(1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count())
            }
            Self::NoVersion => first(&|line| has_key(line, "version")),
            Self::TooMany(_) => None,
            Self::BadId { number, .. } => {
                let mut headers =
                    text.lines().enumerate().filter(|(_, line)| line.trim().starts_with("[[topic]]"));
                headers.nth(number.checked_sub(1)?).map(|(at, _)| at + 1)
            }
            Self::Twice(id) => line_of_id(text, id, 1),
            Self::Missing { id, .. } | Self::TooManyExamples { id, .. } | Self::Parent { id, .. } => {
                line_of_id(text, id, 0)
            }
        }
    }
}

/// The line of a text where a topic says its id, from 1.
#[must_use]
pub fn line_of(text: &str, id: &str) -> Option<usize> {
    line_of_id(text, id, 0)
}

fn line_of_id(text: &str, id: &str, before: usize) -> Option<usize> {
    let says = |line: &str| has_key(line, "id") && line.split(['"', '\'']).nth(1) == Some(id);
    text.lines().enumerate().filter(|(_, line)| says(line.trim())).nth(before).map(|(at, _)| at + 1)
}

fn has_key(line: &str, key: &str) -> bool {
    line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
}

impl Taxonomy {
    pub fn parse(text: &str) -> Result<Self, TaxonomyError> {
        let file: File = toml::from_str(text).map_err(|error| TaxonomyError::Syntax(Box::new(error)))?;
        if file.version.trim().is_empty() {
            return Err(TaxonomyError::NoVersion);
        }
        check(&file.topic)?;
        let hash = xxhash_rust::xxh3::xxh3_64(text.as_bytes()) as u32;
        Ok(Self { version: format!("{}:{hash:08x}", file.version.trim()), topics: file.topic })
    }

    /// The default taxonomy of a software product.
    pub fn standard() -> Result<Self, TaxonomyError> {
        Self::parse(DEFAULT)
    }

    /// The same as it is written.
    #[must_use]
    pub fn standard_text() -> &'static str {
        DEFAULT
    }

    /// The version the file states and a hash of the file.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// In the order of the file, which is how [`feedback::judgement::TopicHit`] counts them.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    #[must_use]
    pub fn get(&self, index: u16) -> Option<&Topic> {
        self.topics.get(usize::from(index))
    }

    #[must_use]
    pub fn find(&self, id: &str) -> Option<u16> {
        self.topics.iter().position(|topic| topic.id == id).map(|at| at as u16)
    }
}

fn check(topics: &[Topic]) -> Result<(), TaxonomyError> {
    if topics.len() > MOST_TOPICS {
        return Err(TaxonomyError::TooMany(topics.len()));
    }
    let mut seen = HashSet::new();
    for (at, topic) in topics.iter().enumerate() {
        check_one(at + 1, topic)?;
        if !seen.insert(topic.id.as_str()) {
            return Err(TaxonomyError::Twice(topic.id.clone()));
        }
    }
    topics.iter().try_for_each(|topic| check_parents(topic, topics))
}

fn check_one(number: usize, topic: &Topic) -> Result<(), TaxonomyError> {
    let id = &topic.id;
    let fits = (1..=64).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        // The insights' word for "no topic".
        && id != feedback::insight::NO_TOPIC;
    if !fits {
        return Err(TaxonomyError::BadId { number, id: id.clone() });
    }
    for (field, value) in [("name", &topic.name), ("description", &topic.description)] {
        if value.trim().is_empty() {
            return Err(TaxonomyError::Missing { id: id.clone(), field });
        }
    }
    if topic.examples.len() > MOST_EXAMPLES {
        return Err(TaxonomyError::TooManyExamples { id: id.clone(), count: topic.examples.len() });
    }
    Ok(())
}

/// Every parent exists, and no chain of parents comes back.
fn check_parents(topic: &Topic, topics: &[Topic]) -> Result<(), TaxonomyError> {
    let mut current = topic;
    for _ in 0..=topics.len() {
        let Some(parent) = &current.parent else { return Ok(()) };
        let wrong = || TaxonomyError::Parent { id: topic.id.clone(), parent: parent.clone() };
        current = topics.iter().find(|other| other.id == *parent).ok_or_else(wrong)?;
    }
    Err(TaxonomyError::Parent { id: topic.id.clone(), parent: topic.parent.clone().unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(id: &str, rest: &str) -> String {
        format!("[[topic]]\nid = \"{id}\"\nname = \"N\"\ndescription = \"D\"\n{rest}\n")
    }

    fn fault(body: &str) -> String {
        let error = Taxonomy::parse(&format!("version = \"1\"\n{body}")).unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        format!("{error} {source}")
    }

    #[test]
    fn the_default_is_valid_and_complete() {
        let taxonomy = Taxonomy::standard().unwrap();
        assert_eq!(taxonomy.topics().len(), 24);
        assert!(taxonomy.topics().iter().all(|t| t.examples.len() >= 8 && t.owner.is_some()));
        assert_eq!(taxonomy.get(taxonomy.find("billing").unwrap()).unwrap().id, "billing");
        assert_eq!(taxonomy.find("nothing_like_it"), None);
    }

    #[test]
    fn faults_name_the_topic() {
        assert!(fault(&topic("Bad Id", "")).contains("Bad Id"));
        assert!(fault(&topic("none", "")).contains("none"));
        assert!(fault(&(topic("a", "") + &topic("a", ""))).contains("two topics have the id \"a\""));
        assert!(fault(&topic("a", "parent = \"b\"")).contains("parent \"b\""));
        let circle = topic("a", "parent = \"b\"") + &topic("b", "parent = \"a\"");
        assert!(fault(&circle).contains("parent"));
        assert!(
            fault("[[topic]]\nid = \"a\"\nname = \"\"\ndescription = \"d\"").contains("\"a\" has no name")
        );
        assert!(fault(&topic("a", "exmples = []")).contains("exmples"));
    }

    #[test]
    fn faults_have_their_lines() {
        let line = |text: &str| Taxonomy::parse(text).unwrap_err().line(text);
        let whole = |body: &str| format!("version = \"1\"\n{body}");
        assert_eq!(line("version = \"1\"\n[[topic]]\nid = \"a\nname = 1\n"), Some(3));
        assert_eq!(line("version = \"1\"\n\nversion = \"2\"\n"), Some(3));
        assert_eq!(line(" version = ''"), Some(1));
        assert_eq!(line(&whole(&topic("Bad Id", ""))), Some(2));
        assert_eq!(line(&whole(&(topic("a", "") + &topic("a", "")))), Some(8));
        assert_eq!(line(&whole(&topic("a", "parent = \"b\""))), Some(3));
        assert_eq!(line(&whole("[[topic]]\nid = 'a'\nname = \"\"\ndescription = \"d\"")), Some(3));
        assert_eq!(line(&whole("topic = [{ id = \"none\", name = \"N\", description = \"D\" }]")), None);
        assert_eq!(line_of("id = \"a\"\n# id = \"b\"\n", "b"), None);
    }

    #[test]
    fn the_version_follows_the_content() {
        let one = Taxonomy::parse(&format!("version = \"7\"\n{}", topic("a", ""))).unwrap();
        let two = Taxonomy::parse(&format!("version = \"7\"\n{}", topic("b", ""))).unwrap();
        assert!(one.version().starts_with("7:") && one.version() != two.version());
        assert!(matches!(Taxonomy::parse("version = ' '"), Err(TaxonomyError::NoVersion)));
    }
}
