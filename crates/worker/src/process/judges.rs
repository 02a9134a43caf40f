//! Who judges and who decides: replaced together, while messages go through.

use super::Triage;
use analyze::Analyzer;
use std::sync::{Arc, PoisonError, RwLock};

/// Clones share everything.
#[derive(Clone)]
pub(super) struct Judges {
    pub analyzer: Arc<Analyzer>,
    /// `None` where no rules are set.
    pub triage: Option<Arc<dyn Triage>>,
}

/// Those in force. A message is judged by those that were when it was taken up, all of it.
pub(super) struct InForce(RwLock<Judges>);

impl InForce {
    pub fn new(judges: Judges) -> Self {
        Self(RwLock::new(judges))
    }

    pub fn now(&self) -> Judges {
        // They are replaced as a whole: whoever panicked left them so.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn switch(&self, judges: Judges) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = judges;
    }
}
