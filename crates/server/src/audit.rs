//! Every change that somebody makes, noted before it is answered as done.

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::{Inner, now};
use feedback::time::Timestamp;
use store::AuditEvent;

/// A change as the log has it. `object` and `detail` quote nobody: an object is an id, a detail what was done to it.
#[must_use]
pub fn event(by: &str, role: &str, action: &str, object: &str, detail: &str, at: Timestamp) -> AuditEvent {
    AuditEvent {
        id: format!("{:032x}", rand::random::<u128>()),
        at,
        by: by.to_owned(),
        role: role.to_owned(),
        action: action.to_owned(),
        object: object.to_owned(),
        detail: detail.to_owned(),
    }
}

impl Inner {
    /// Notes what a caller does; `action` as in `alert.useful`, `object` as the id of what it is done to.
    ///
    /// # Errors
    /// Where it cannot be noted: then it is not to be answered as done.
    pub async fn audit(
        &self,
        caller: &Caller,
        action: &str,
        object: &str,
        detail: &str,
    ) -> Result<(), Problem> {
        let event = event(&caller.name, caller.role.as_str(), action, object, detail, now());
        self.store.append(&[event], None).await?;
        Ok(())
    }
}
