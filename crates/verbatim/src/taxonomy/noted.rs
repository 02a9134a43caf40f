//! That another taxonomy has come into force, noted in the audit where nobody has switched it on there: its file was changed
//! by hand, the configuration names another one, or the program brings another one along.

use super::InForce;
use super::in_force::LOOK_EVERY;
use crate::audited;
use crate::surroundings::chain;
use analyze::Taxonomy;
use anyhow::{Result, bail};
use server::audit::FAILED;
use server::taxonomy::SWITCH;
use std::sync::Arc;
use store::{AppendError, AuditEvent, Mark, Store};
use worker::Shutdown;

/// What the audit calls it; the object is the version.
const FOUND: &str = "taxonomy.found";
/// Nobody knows who it was.
const BY_HAND: &str = "by hand";
/// How often it is tried again where others write to the log meanwhile.
const ROUNDS: usize = 8;

/// Notes each one until the end is asked for.
pub async fn note_found(in_force: Arc<InForce>, store: Store, shutdown: Shutdown) {
    let (mut noted, mut has_failed) = (String::new(), false);
    loop {
        let version = in_force.taxonomy().version().to_owned();
        if version != noted {
            match note(&store, &version).await {
                Ok(()) => (noted, has_failed) = (version, false),
                Err(error) if !has_failed => {
                    has_failed = true;
                    tracing::warn!(
                        why = chain(&error),
                        "which taxonomy is in force could not be noted in the audit log"
                    );
                }
                Err(_) => {}
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = shutdown.requested() => return,
        }
    }
}

/// Where the log has another one as the last. Of several processes that find it one notes it.
async fn note(store: &Store, version: &str) -> Result<()> {
    for _ in 0..ROUNDS {
        let log = store.tail::<AuditEvent>(Mark::default()).await?;
        let before = match last(&log.events) {
            Some(last) => last.to_owned(),
            None => Taxonomy::standard()?.version().to_owned(),
        };
        if before == version {
            return Ok(());
        }
        let found = audited::change(BY_HAND, FOUND, version, &format!("in place of {before}")).event();
        match store.append(&[found], Some(log.mark)).await {
            Err(AppendError::Moved { .. }) => {}
            appended => return Ok(appended.map(drop)?),
        }
    }
    bail!("others write to the log all the time")
}

/// The version that came into force last. That one failed is told of the last time that it was switched on: another may have
/// come between.
fn last(events: &[AuditEvent]) -> Option<&str> {
    let mut came: Vec<&str> = Vec::new();
    for event in events.iter().filter(|event| [SWITCH, FOUND].contains(&event.action.as_str())) {
        if event.detail != FAILED {
            came.push(&event.object);
        } else if let Some(at) = came.iter().rposition(|version| *version == event.object) {
            came.remove(at);
        }
    }
    came.pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audited::tests::noted;

    async fn switched(store: &Store, version: &str, detail: &str) {
        let event = audited::change("jane", SWITCH, version, detail).event();
        store.append(&[event], None).await.unwrap();
    }

    #[tokio::test]
    async fn what_nobody_switched_on_is_noted_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), store::StoreOptions::default()).await.unwrap();
        note(&store, Taxonomy::standard().unwrap().version()).await.unwrap();
        assert!(noted(&store).await.is_empty(), "that is what there is in the beginning");
        for version in ["2", "2"] {
            note(&store, version).await.unwrap();
        }
        switched(&store, "3", "in place of 2").await;
        note(&store, "3").await.unwrap();
        switched(&store, "4", "in place of 3").await;
        switched(&store, "4", FAILED).await;
        note(&store, "3").await.unwrap();
        let rows = noted(&store).await;
        let found: Vec<&str> = rows.iter().filter(|row| row[1] == FOUND).map(|row| row[2].as_str()).collect();
        assert_eq!(found, ["2"]);
    }

    #[test]
    fn a_switch_that_failed_is_the_one_of_its_version() {
        let came = |rows: &[(&str, &str)]| {
            let event =
                |(version, detail): &(&str, &str)| audited::change("jane", SWITCH, version, detail).event();
            let events: Vec<AuditEvent> = rows.iter().map(event).collect();
            last(&events).map(str::to_owned)
        };
        let (two, three) = (("2", "in place of 1"), ("3", "in place of 1"));
        assert_eq!(came(&[two, three, ("2", FAILED)]).as_deref(), Some("3"));
        assert_eq!(came(&[two, three, ("3", FAILED)]).as_deref(), Some("2"));
        assert_eq!(came(&[two, three, ("3", FAILED), ("2", FAILED)]), None);
        assert_eq!(came(&[two, three, two, ("2", FAILED)]).as_deref(), Some("3"));
        assert_eq!(came(&[("2", FAILED), three]).as_deref(), Some("3"), "its switch is not known");
    }
}
