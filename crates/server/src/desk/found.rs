//! What a change is made to.

use super::{AlertChange, CaseStep};

/// What people change at the desk, and what is to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing<'c> {
    Alert(&'c AlertChange),
    /// A step of a case.
    Case(CaseStep),
    /// A case for another owner.
    Assigned(&'c str),
    /// A delivery, to be attempted again.
    Delivery,
}

/// One of them, by its whole id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub id: String,
    /// What the audit says of it beside that: the state that it is in before, its owner to be, the target of a delivery.
    pub detail: String,
}
