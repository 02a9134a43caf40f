//! The taxonomy: how it stands, what it misses, and what another one would change before it is switched on.
//!
//! Knows: the text of a taxonomy, and the records that are held. Must not: know where its file lies, or how a text is judged:
//! [`Keeping`] does.
//!
//! Invariants:
//! - What is tried is judged by both taxonomies, from the records' texts as they are now: what differs is the edit's doing.
//! - Nothing is written over what somebody else has switched on meanwhile.
//! - One trial at a time, of so many records and for so long.
//! - A customer's words come into a taxonomy only where a person chose them.

mod found;
mod shown;
mod switch;
mod text;
mod trial;

pub use found::Find;
pub use shown::{
    TaxonomyCandidate, TaxonomyCandidates, TaxonomyOverlap, TaxonomyQuote, TaxonomyShown, TaxonomySuggestion,
    TaxonomyTopic, show, show_with_candidates, written,
};
pub use switch::{SWITCH, TaxonomySwitched, switch};
pub use text::{Fault, MOST_BYTES, clean, fault, read, tag};
pub use trial::{Agreed, TaxonomyTrial, TrialAgreement, TrialTopic, attempt};

use crate::problem::Problem;
use analyze::Taxonomy;
use found::Finds;
use insight::report::{Period, Scope};
use insight::shelf::Hit;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use store::StoreError;
use tokio::sync::Semaphore;

/// Complete weeks that are looked at where nobody says how many, and at most.
pub const USUAL_WEEKS: i32 = 4;
pub const MOST_WEEKS: i32 = 26;

/// The taxonomy in force, and its text.
#[derive(Debug, Clone)]
pub struct Kept {
    /// As it is written now.
    pub text: String,
    /// What records are judged by: of that text, or of the one before where that cannot be used.
    pub in_force: Arc<Taxonomy>,
    pub lies: Lies,
}

/// Where a taxonomy lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lies {
    /// In the program. Another one would stand in this file; `None` where there is no place for one.
    BuiltIn(Option<PathBuf>),
    InFile(PathBuf),
}

/// What two taxonomies say of a record: places of topics in each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Both {
    pub before: Vec<u16>,
    pub after: Vec<u16>,
}

/// Something of the configuration that names a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Its id.
    pub topic: String,
    /// As a sentence names it: `the triage rule "login"`.
    pub by: String,
}

/// Why something was not done. The words are for whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It is another one by now, or somebody else is at it.
    #[error("{0}")]
    Conflict(String),
    /// It cannot be done here, and what to do instead.
    #[error("{0}")]
    Refused(String),
    /// No fault of whoever asked.
    #[error(transparent)]
    Failed(Box<dyn Error + Send + Sync>),
}

impl From<KeepError> for Problem {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Conflict(why) | KeepError::Refused(why) => Self::conflict(why),
            KeepError::Failed(error) => {
                let passes = StoreError::behind(error.as_ref()).is_some_and(StoreError::is_retryable);
                let told = Self::internal_dyn(error.as_ref());
                if passes {
                    Self::unavailable("this cannot be done at the moment: try again soon")
                } else {
                    told
                }
            }
        }
    }
}

/// Keeps the taxonomy, and judges by another. All of it waits for files or the processor: call it beside the async threads.
pub trait Keeping: Send + Sync {
    /// The one in force.
    ///
    /// # Errors
    /// Where its file cannot be read.
    fn read(&self) -> Result<Kept, KeepError>;

    /// What both say of these records, in their order, with the encoder of this deployment; of fewer where the time is over.
    ///
    /// # Errors
    /// Where the encoder fails.
    fn judge(
        &self,
        before: &Taxonomy,
        after: &Taxonomy,
        records: &[Hit],
        until: Instant,
    ) -> Result<Vec<Both>, KeepError>;

    /// What of the configuration names topics by their ids.
    fn naming(&self) -> Vec<Naming>;

    /// Writes a text that [`Taxonomy::parse`] takes in place of the one whose [`tag`] is `base`; this process judges by it
    /// when this returns, others take it up by themselves.
    ///
    /// # Errors
    /// A conflict where it is another one by now; then nothing was written.
    fn switch(&self, text: &str, base: &str) -> Result<Kept, KeepError>;
}

/// Where the taxonomy is looked at, changed and tried. Clones share everything.
#[derive(Clone)]
pub struct Workshop {
    keeping: Arc<dyn Keeping>,
    /// Whose trial it is.
    turn: Arc<Semaphore>,
    finds: Finds,
}

impl Workshop {
    #[must_use]
    pub fn new(keeping: Arc<dyn Keeping>) -> Self {
        Self { keeping, turn: Arc::new(Semaphore::new(1)), finds: Finds::default() }
    }

    /// The taxonomy in force.
    ///
    /// # Errors
    /// Where its file cannot be read.
    pub async fn kept(&self) -> Result<Kept, Problem> {
        let keeping = Arc::clone(&self.keeping);
        Ok(tokio::task::spawn_blocking(move || keeping.read()).await??)
    }
}

/// The last complete weeks, as many as somebody asks for in an address.
///
/// # Errors
/// 400 for what is no such number.
pub fn period(weeks: &str) -> Result<Period, Problem> {
    let asked = match weeks.trim() {
        "" => Some(USUAL_WEEKS),
        text => text.parse().ok().filter(|weeks| (1..=MOST_WEEKS).contains(weeks)),
    };
    let weeks = asked
        .ok_or_else(|| Problem::bad_request(format!("weeks: expected a number from 1 to {MOST_WEEKS}")))?;
    Ok(Scope::weeks_before(crate::state::now(), weeks).period)
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
