//! What a deployment says of each webhook: whose it is, and what its feedback is called.

use connect::signed::{self, Secret};
use connect::{Setting, Vendor};
use feedback::kind::Registry;

/// One table of `[vendors]`. Two Zendesks are two connections.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The last part of its address: `POST /v1/hooks/{name}`.
    pub name: String,
    pub vendor: Vendor,
    /// What its requests are signed with; without one they need a token.
    pub secret: Option<Secret>,
    /// The event source.
    pub source: String,
    /// The source kind; its contract is the vendor's.
    pub kind: String,
    /// Where a payload names none.
    pub product: Option<String>,
}

/// Why a connection cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadConnection {
    #[error("{0:?} is no name of a connection: use 1 to 64 lower-case letters, digits, '-' or '_'")]
    Name(String),
    #[error("there are two connections {0:?}")]
    Twice(String),
    #[error("connection {connection:?}: there is no kind {kind:?} that a payload of {vendor} could be")]
    Kind { connection: String, kind: String, vendor: Vendor },
    #[error("connection {0:?}: its source is blank")]
    Source(String),
    #[error("connection {connection:?}: {vendor} signs nothing; leave the secret out, and have a token sent")]
    Secret { connection: String, vendor: Vendor },
}

impl Connection {
    pub(super) fn check(&self, registry: &Registry) -> Result<(), BadConnection> {
        let name = || self.name.clone();
        let letters =
            self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
        if !letters || !(1..=64).contains(&self.name.len()) {
            return Err(BadConnection::Name(name()));
        }
        if self.source.trim().is_empty() {
            return Err(BadConnection::Source(name()));
        }
        if self.secret.is_some() && signed::header(self.vendor).is_none() {
            return Err(BadConnection::Secret { connection: name(), vendor: self.vendor });
        }
        if !follows(registry, &self.kind, self.vendor) {
            return Err(BadConnection::Kind {
                connection: name(),
                kind: self.kind.clone(),
                vendor: self.vendor,
            });
        }
        Ok(())
    }

    pub(super) fn setting(&self) -> Setting<'_> {
        Setting { source: &self.source, kind: &self.kind, product: self.product.as_deref() }
    }
}

/// Whether payloads of a vendor can be of this kind.
pub(super) fn follows(registry: &Registry, kind: &str, vendor: Vendor) -> bool {
    registry.get(kind).is_some_and(|(_, contract)| contract == vendor.contract())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        Connection {
            name: "zendesk-eu".to_owned(),
            vendor: Vendor::Zendesk,
            secret: None,
            source: "zendesk".to_owned(),
            kind: "ticket".to_owned(),
            product: None,
        }
    }

    #[test]
    fn a_connection_has_a_name_for_its_address_a_source_and_a_kind_of_its_vendors() {
        let check = |connection: Connection| connection.check(&Registry::default());
        assert_eq!(check(connection()), Ok(()));
        for name in ["", "Zendesk", "a/b", "a b", "é", &"a".repeat(65)] {
            let named = Connection { name: name.to_owned(), ..connection() };
            assert_eq!(check(named), Err(BadConnection::Name(name.to_owned())));
        }
        let blank = Connection { source: " ".to_owned(), ..connection() };
        assert!(matches!(check(blank), Err(BadConnection::Source(_))));
        let secret = Secret::new("word");
        assert_eq!(check(Connection { secret: secret.clone(), ..connection() }), Ok(()));
        let unsigned = Connection { secret, vendor: Vendor::Freshdesk, ..connection() };
        assert!(matches!(check(unsigned), Err(BadConnection::Secret { .. })), "it could never be used");
        for kind in ["survey", "chat"] {
            let other = Connection { kind: kind.to_owned(), ..connection() };
            assert!(matches!(check(other), Err(BadConnection::Kind { .. })), "{kind}");
        }
    }
}
