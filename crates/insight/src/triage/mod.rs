//! Who acts on a record, and how soon: ordered rules on its fields, of which the first that holds decides.
//!
//! Knows: `triage.toml`, and what a rule may ask of a record. Must not: do I/O, read the clock, judge a text.
//!
//! Invariants:
//! - Every record gets exactly one decision: by the first rule all of whose conditions hold, else by the fallback.
//! - A rule that holds only by a judgement below its floor decides all the same, but for a person: the record goes to
//!   the rule's queue for review, nothing is sent, and no later rule is tried in silence.
//! - A decision is a pure function of the rules, the taxonomy's tree and the record, and names the version of the rules.

pub mod check;
mod condition;
mod decide;
mod decided;
mod escalate;
mod explain;
mod file;
mod history;
mod kept;
mod keys;
mod load;
mod rules;
mod subject;
#[cfg(test)]
mod testing;
mod topics;
mod trial;
mod words;

pub use check::{Finding, FindingKind, Known};
pub use condition::JudgedField;
pub use decide::{Confidence, Decision, Scratch};
pub use decided::{Decided, acting, decided};
pub use escalate::{DueStep, Escalate, Unacknowledged};
pub use explain::{ConditionTrace, Explanation, How, RuleTrace, explain};
pub use file::{
    FileError, Floors, GivenFloors, Outcome, Owner, Priority, Rule, ScoreRange, TriageFile, When,
};
pub use history::{History, of_record};
pub use kept::{Kept, kept, priorities};
pub use load::{Load, LoadRow, Waiting, load};
pub use rules::{FALLBACK, RuleSet, RulesError};
pub use subject::{Subject, SubjectTopic};
pub use topics::TopicTree;
pub use trial::{Changes, Move, Past, Place, Stored, Tally, Trial, Trying, trial};
pub(crate) use words::{Folded, Phrase, fold, stands_alone};
