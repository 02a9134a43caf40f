//! Every change that somebody makes, noted before it is made.
//!
//! Invariants:
//! - Who asked for a change stands in the log before the change is begun, in a commit of its own. Whatever breaks off behind
//!   it (whoever asked goes, the process dies), no change is without its row.
//! - A row says that a change was asked for and allowed. Where it was refused then, or failed, another row of the same action
//!   and object says so ([`FAILED`]); of what is done in one go without an answer, such as an erasure, another one says what
//!   came of it. Where the process died in between there is none, and only the tables say whether it was done.
//! - An object is an id, a detail says what is done to it: neither quotes anybody.

use crate::auth::{Caller, Role};
use crate::problem::Problem;
use crate::state::{Inner, now};
use store::{AppendError, AuditEvent, Store};

/// The detail of the row behind a change that was refused, or that failed: it may be done in part then.
pub const FAILED: &str = "failed";

/// What somebody does to a thing.
#[derive(Debug, Clone, Copy)]
pub struct Change<'c> {
    /// The name of a token or of a login.
    pub by: &'c str,
    pub role: Role,
    /// As in `alert.useful`.
    pub action: &'c str,
    /// The id of what it is done to.
    pub object: &'c str,
    pub detail: &'c str,
}

impl Change<'_> {
    /// As the log has it, of this moment.
    #[must_use]
    pub fn event(&self) -> AuditEvent {
        AuditEvent {
            id: format!("{:032x}", rand::random::<u128>()),
            at: now(),
            by: self.by.to_owned(),
            role: self.role.as_str().to_owned(),
            action: self.action.to_owned(),
            object: self.object.to_owned(),
            detail: self.detail.to_owned(),
        }
    }

    /// Notes it, and makes it then.
    ///
    /// # Errors
    /// Where it cannot be noted: then nothing was done. Within, whatever making it fails by.
    pub async fn make<T, E>(
        &self,
        store: &Store,
        making: impl Future<Output = Result<T, E>>,
    ) -> Result<Result<T, E>, AppendError> {
        store.append(&[self.event()], None).await?;
        let made = making.await;
        if made.is_err() {
            self.came_to(store, FAILED).await;
        }
        Ok(made)
    }

    /// Notes what came of it. What was done is done, also where that cannot be noted.
    pub async fn came_to(&self, store: &Store, detail: &str) {
        let event = Change { detail, ..*self }.event();
        if let Err(error) = store.append(&[event], None).await {
            let why = crate::problem::chain(&error);
            tracing::warn!(
                action = self.action,
                why,
                "what came of a change could not be noted in the audit log"
            );
        }
    }
}

impl Inner {
    /// Notes what a caller does, and does it then; `action` as in `alert.useful`, `object` as the id of what it is done to.
    ///
    /// # Errors
    /// Where it cannot be noted, and then nothing was done; and whatever `making` fails by.
    pub async fn audited<T, E>(
        &self,
        caller: &Caller,
        action: &str,
        object: &str,
        detail: &str,
        making: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Problem>
    where
        Problem: From<E>,
    {
        let change = Change { by: &caller.name, role: caller.role, action, object, detail };
        Ok(change.make(&self.store, making).await??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{Mark, StoreOptions};

    async fn noted(store: &Store) -> Vec<[String; 3]> {
        let events = store.tail::<AuditEvent>(Mark::default()).await.unwrap().events;
        events.into_iter().map(|event| [event.action, event.object, event.detail]).collect()
    }

    #[tokio::test]
    async fn a_change_is_noted_before_it_is_made_and_where_it_fails_that_too() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let change = Change {
            by: "ann",
            role: Role::Editor,
            action: "case.assign",
            object: "aa01",
            detail: "finance",
        };
        let before = async { Ok::<_, Problem>(noted(&store).await.len()) };
        assert_eq!(change.make(&store, before).await.unwrap(), Ok(1), "it stands there by then");
        let refused = async { Err::<(), _>(Problem::conflict("no")) };
        assert!(change.make(&store, refused).await.unwrap().is_err());
        let row = |detail: &str| ["case.assign", "aa01", detail].map(str::to_owned);
        assert_eq!(noted(&store).await, [row("finance"), row("finance"), row(FAILED)]);
    }

    #[tokio::test]
    async fn what_breaks_off_is_noted_all_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let change =
            Change { by: "ann", role: Role::Admin, action: "taxonomy.switch", object: "2", detail: "" };
        let (begun, begins) = tokio::sync::oneshot::channel();
        let making = async {
            let _ = begun.send(());
            std::future::pending::<Result<(), Problem>>().await
        };
        tokio::select! {
            _ = change.make(&store, making) => panic!("it never ends"),
            begins = begins => begins.unwrap(),
        }
        assert_eq!(noted(&store).await.len(), 1);
    }
}
