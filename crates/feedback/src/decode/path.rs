//! Where in a message something stands, for refusals: named by the contract, never by the payload.

use crate::refusal::{Reason, Refusal};
use std::fmt;

/// `data.answers[2].score.value`, kept as a chain on the stack and written out only for a refusal.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'static str),
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    pub fn key(&self, name: &'static str) -> Path<'_> {
        Path::Key(self, name)
    }

    pub fn index(&self, index: usize) -> Path<'_> {
        Path::Index(self, index)
    }

    #[cold]
    pub fn refuse(&self, reason: Reason, expected: impl fmt::Display) -> Refusal {
        Refusal::new(reason, format!("{self}: expected {expected}"))
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => f.write_str("the message"),
            Path::Key(Path::Root, name) => f.write_str(name),
            Path::Key(parent, name) => write!(f, "{parent}.{name}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
