//! Deliveries: messages on their way to chats, mail, trackers and programs.

use super::moments::At;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Waiting,
    /// Under way, or cut off by the end of a process.
    Sending,
    Delivered,
    Failed,
}

impl DeliveryState {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sending, Self::Delivered, Self::Failed];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// Those that fit all that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveriesFilter {
    /// All but what was delivered, where nothing is said.
    pub state: Option<DeliveryState>,
    /// Also what was delivered.
    pub all: bool,
    pub target: Option<String>,
    /// What belongs together: the id of an alert or a case.
    pub group: Option<String>,
}

impl DeliveriesFilter {
    /// Whether a delivery fits, by its state, its target and what it belongs to.
    #[must_use]
    pub fn wants(&self, state: DeliveryState, target: &str, group: &str) -> bool {
        let in_state = match self.state {
            Some(wanted) => state == wanted,
            None => self.all || state != DeliveryState::Delivered,
        };
        let is = |wanted: &Option<String>, has: &str| wanted.as_ref().is_none_or(|wanted| wanted == has);
        in_state && is(&self.target, target) && is(&self.group, group)
    }
}

/// A message for one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeliveryRow {
    /// 32 hexadecimal digits: the same for all attempts.
    pub key: String,
    pub target: String,
    /// The id of what is said.
    pub note: String,
    /// `alert`, `digest`, `case`, `triage`, `test`.
    pub kind: &'static str,
    /// `info`, `warning`, `critical`.
    pub severity: &'static str,
    pub title: String,
    /// What belongs together: the id of an alert or a case; empty where nothing does.
    pub group: String,
    pub state: DeliveryState,
    pub queued_at: At,
    /// It is given up then.
    pub deadline: At,
    pub attempts: u32,
    /// When it is attempted next: at once where that is past.
    #[schema(required = true)]
    pub next: Option<At>,
    #[schema(required = true)]
    pub ended_at: Option<At>,
    /// Why the last attempt did not deliver.
    #[schema(required = true)]
    pub why: Option<String>,
    /// What the receiver calls what was made: the key of an issue.
    #[schema(required = true)]
    pub reference: Option<String>,
}

/// One that is attempted again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Requeued {
    pub key: String,
    pub target: String,
    pub deadline: At,
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn what_was_delivered_is_listed_where_it_is_asked_for() {
        let count = |filter: &DeliveriesFilter| {
            DeliveryState::ALL.into_iter().filter(|state| filter.wants(*state, "crm", "3f9c")).count()
        };
        let open = DeliveriesFilter::default();
        assert_eq!(count(&open), 3);
        assert_eq!(count(&DeliveriesFilter { all: true, ..open.clone() }), 4);
        assert_eq!(count(&DeliveriesFilter { state: Some(DeliveryState::Delivered), ..open.clone() }), 1);
        assert_eq!(count(&DeliveriesFilter { group: Some("other".to_owned()), ..open.clone() }), 0);
        assert_eq!(count(&DeliveriesFilter { target: Some("crm".to_owned()), ..open }), 3);
    }
}
