//! What commands change, noted in the audit log before it is made, as the API and the pages note theirs ([`server::audit`]).
//!
//! What cannot be noted before is noted when somebody finds it: a token that was made before there were tables, by the server
//! before it lets anybody in; a taxonomy that was changed by hand, by whoever takes it up. That a token is taken back is done
//! also where it cannot be noted.

use anyhow::{Context as _, Result};
use insight::corrections;
use server::audit::Change;
use server::auth::Role;
use store::Store;

/// Who gives a command where the surroundings do not tell.
pub const COMMAND_LINE: &str = "command line";

/// Whoever gives a command: as they say, else by the name that they are logged in by.
pub fn author(given: Option<&str>) -> Result<String> {
    let by = given.map(str::to_owned).or_else(|| std::env::var("USER").ok()).unwrap_or_default();
    let by = corrections::name(&by).context("who says so? give --by NAME where $USER does not tell it")?;
    Ok(by.to_owned())
}

/// The same where nobody is asked.
pub fn login() -> String {
    author(None).unwrap_or_else(|_| COMMAND_LINE.to_owned())
}

/// What somebody does by a command. Whoever can write to the tables is an admin.
pub fn change<'c>(by: &'c str, action: &'c str, object: &'c str, detail: &'c str) -> Change<'c> {
    Change { by, role: Role::Admin, action, object, detail }
}

/// Notes it, and makes it then.
pub async fn make<T>(
    store: &Store,
    change: Change<'_>,
    making: impl Future<Output = Result<T>>,
) -> Result<T> {
    let made = change.make(store, making).await;
    made.context("nothing was done, for it could not be noted in the audit log")?
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use store::{AuditEvent, Mark};

    /// Who did what to which, so far.
    pub async fn noted(store: &Store) -> Vec<[String; 3]> {
        let events = store.tail::<AuditEvent>(Mark::default()).await.unwrap().events;
        events.into_iter().map(|event| [event.by, event.action, event.object]).collect()
    }

    #[test]
    fn whoever_says_something_has_a_name() {
        assert_eq!(author(Some(" jane ")).unwrap(), "jane");
        for nobody in ["", " ", "a\nb"] {
            assert!(author(Some(nobody)).unwrap_err().to_string().contains("--by NAME"), "{nobody:?}");
        }
    }

    #[tokio::test]
    async fn what_is_done_is_noted_with_who_did_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), store::StoreOptions::default()).await.unwrap();
        let useful = change("jane", "alert.useful", "aa01", "was firing");
        let before = make(&store, useful, async { Ok(noted(&store).await) }).await.unwrap();
        assert_eq!(before, [["jane", "alert.useful", "aa01"]]);
        let failed = make(&store, useful, async { Err::<(), _>(anyhow::anyhow!("no such alert")) }).await;
        assert_eq!(failed.unwrap_err().to_string(), "no such alert");
        assert_eq!(noted(&store).await.len(), 3, "that it failed is noted as well");
    }
}
