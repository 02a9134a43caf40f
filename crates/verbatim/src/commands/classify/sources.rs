//! What a row's `source` means for how its text is read.

use feedback::kind::{Contract, Registry};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The kinds of sources that are known, and what was named that is none.
pub struct Sources {
    registry: Registry,
    first_strange: OnceLock<String>,
    strange: AtomicU64,
}

impl Sources {
    pub fn new(registry: Registry) -> Self {
        Self { registry, first_strange: OnceLock::new(), strange: AtomicU64::new(0) }
    }

    /// In whatever case it is written; one that is unknown is counted, and its text read as of no kind.
    pub fn contract(&self, named: Option<&str>) -> Option<Contract> {
        let named = named.map(str::trim).filter(|named| !named.is_empty())?;
        let known = self.registry.get(named).or_else(|| self.registry.get(&named.to_lowercase()));
        if known.is_none() {
            self.strange.fetch_add(1, Ordering::Relaxed);
            self.first_strange.get_or_init(|| named.to_owned());
        }
        known.map(|(_, contract)| contract)
    }

    /// Tells once, at the end.
    pub fn warn(&self) {
        if let Some(told) = self.told() {
            tracing::warn!("{told}");
        }
    }

    fn told(&self) -> Option<String> {
        let first = self.first_strange.get()?;
        let texts = crate::output::counted(self.strange.load(Ordering::Relaxed), "text");
        let kinds: Vec<&str> = self.registry.kinds().map(|kind| kind.as_str()).collect();
        Some(format!(
            "{texts} of a source that is no kind of source here (\"{}\" is the first), read as of no kind: there are {}",
            crate::output::printable(first),
            kinds.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_known_in_any_case_or_told() {
        let sources = Sources::new(Registry::default());
        assert_eq!(sources.contract(Some(" Ticket ")), Some(Contract::Ticket));
        assert_eq!((sources.contract(None), sources.contract(Some(""))), (None, None));
        assert_eq!(sources.told(), None);
        assert_eq!(sources.contract(Some("Zendesk")), None);
        sources.contract(Some("Intercom"));
        let told = sources.told().unwrap();
        assert!(
            told.starts_with("2 texts") && told.contains("\"Zendesk\"") && told.contains("survey"),
            "{told}"
        );
    }
}
