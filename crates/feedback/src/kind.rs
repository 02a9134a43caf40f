//! Source kinds: where feedback comes from. Four are built in; more come by configuration.

use crate::decode::names;
pub use crate::decode::names::Names;
use serde::{Deserialize, Serialize};

/// The shape of a payload. A configured kind (review, chat …) follows one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contract {
    /// A response with several answers; each open answer becomes a record.
    Survey,
    /// A conversation; one record whose parts are the customer's messages.
    Ticket,
    /// A score from 0 to 10 with a comment.
    Nps,
    /// A public post; also reviews with stars.
    Social,
}

impl Contract {
    /// Whether the contract names this field of a payload's top level.
    #[must_use]
    pub fn has_field(self, name: &str) -> bool {
        crate::decode::names_field(self, name)
    }

    /// What may stand below this place of a payload: fields, a list's items, anything, or nothing.
    #[must_use]
    pub fn names_below(self, path: &[&str]) -> Names {
        names::names_below(self, path)
    }
}

/// A source kind's name: lower-case letters, digits and `_`, at most 32.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceKind(std::sync::Arc<str>);

#[derive(Debug, thiserror::Error)]
#[error("source kind {0:?} is not a name of 1 to 32 lower-case letters, digits or '_'")]
pub struct BadSourceKind(String);

impl SourceKind {
    pub fn new(name: &str) -> Result<Self, BadSourceKind> {
        let fits = (1..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits { Ok(Self(name.into())) } else { Err(BadSourceKind(name.to_owned())) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SourceKind {
    type Error = BadSourceKind;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(&name)
    }
}

impl From<SourceKind> for String {
    fn from(kind: SourceKind) -> Self {
        kind.0.as_ref().to_owned()
    }
}

impl std::fmt::Display for SourceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds this deployment knows, each with the contract its payloads follow.
#[derive(Debug, Clone)]
pub struct Registry {
    kinds: Vec<(SourceKind, Contract)>,
}

impl Default for Registry {
    fn default() -> Self {
        let built_in = [
            ("survey", Contract::Survey),
            ("ticket", Contract::Ticket),
            ("nps", Contract::Nps),
            ("social", Contract::Social),
        ];
        Self { kinds: built_in.map(|(name, contract)| (SourceKind(name.into()), contract)).into() }
    }
}

impl Registry {
    /// Adds a configured kind, or gives a known one another contract.
    pub fn insert(&mut self, kind: SourceKind, contract: Contract) {
        self.kinds.retain(|(known, _)| *known != kind);
        self.kinds.push((kind, contract));
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<(&SourceKind, Contract)> {
        self.kinds.iter().find(|(kind, _)| kind.as_str() == name).map(|(kind, contract)| (kind, *contract))
    }

    pub fn kinds(&self) -> impl Iterator<Item = &SourceKind> {
        self.kinds.iter().map(|(kind, _)| kind)
    }
}
