//! What a change is made to.

/// What people change at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Alert,
    Case,
    Delivery,
}

/// One of them, by its whole id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub id: String,
    /// What the audit says of it beside that: the state that it is in before, the target of a delivery.
    pub detail: String,
}
