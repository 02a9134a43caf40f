//! What commands change, noted in the audit log as the API and the pages note theirs.

use anyhow::{Context as _, Result};
use insight::corrections;
use server::audit;
use server::auth::Role;
use server::state::now;
use store::Store;

/// Whoever gives a command: as they say, else by the name that they are logged in by.
pub fn author(given: Option<&str>) -> Result<String> {
    let by = given.map(str::to_owned).or_else(|| std::env::var("USER").ok()).unwrap_or_default();
    let by = corrections::name(&by).context("who says so? give --by NAME where $USER does not tell it")?;
    Ok(by.to_owned())
}

/// Notes what stands already. Whoever can write to the tables is an admin.
pub async fn note(store: &Store, by: &str, action: &str, object: &str, detail: &str) -> Result<()> {
    let event = audit::event(by, Role::Admin.as_str(), action, object, detail, now());
    let noted = store.append(&[event], None).await;
    noted.context("it is done, but could not be noted in the audit log")?;
    Ok(())
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
        note(&store, "jane", "alert.useful", "aa01", "firing").await.unwrap();
        assert_eq!(noted(&store).await, [["jane", "alert.useful", "aa01"]]);
    }
}
