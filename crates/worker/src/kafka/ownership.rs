//! Which consumer group writes a partition: one at a time, else each of two would write every row.
//!
//! The app transaction `<topic>/<partition>/owner` counts how often a partition changed hands, and a group notes under
//! `<group>/<topic>/<partition>/owner` at which count it took it. Whose number is the last one writes: each commit has to
//! find both as they were. Another group takes over only where it is told to; the one before is fenced at its next commit.

use super::assignment::AssignError;
use super::config::WorkerConfig;
use super::context::Key;
use std::collections::HashSet;
use store::{Advance, Batch, Next, Store};

/// How a partition is held.
pub(super) struct Tenure {
    /// What each commit has to find.
    pub guards: Vec<Advance>,
    /// Another group wrote it before, at any time: what this group notes does not tell all that the tables hold.
    pub inherited: bool,
}

/// Takes partitions that nobody has, or that this group was told to take over; the latter in the tables at once, so that
/// what the other group wrote is all there before anybody asks what the tables hold. `held` has this process had
/// already: those it does not take back, or two that were told the same would take turns for ever.
pub(super) async fn settle(
    keys: &[Key],
    config: &WorkerConfig,
    store: &Store,
    held: &HashSet<Key>,
) -> Result<Vec<Tenure>, AssignError> {
    let theirs = keys.iter().map(|(topic, partition)| owner_id(topic, *partition));
    let ours = keys.iter().map(|key| own_id(config, key));
    let ids: Vec<String> = theirs.chain(ours).collect();
    loop {
        let noted = store.resume(&ids).await?;
        let (mut tenures, mut taken) = (Vec::with_capacity(keys.len()), Vec::new());
        for (at, key) in keys.iter().enumerate() {
            let own = at + keys.len();
            let at_count = |from: [Option<i64>; 2], next: i64| {
                let advance = |id: usize, from| Advance { app_id: ids[id].clone(), from, next };
                vec![advance(at, from[0]), advance(own, from[1])]
            };
            let found = [noted[at], noted[own]];
            match found {
                [Some(count), Some(ours)] if count == ours => {
                    tenures.push(Tenure { guards: at_count(found, count), inherited: count > 1 });
                }
                // Where nobody's name stands somebody may have written all the same: before these counts there were
                // none. Whoever it was counts as the first.
                [count, _] if config.take_over && !held.contains(key) => {
                    taken.extend(at_count(found, count.unwrap_or(1) + 1));
                }
                // The first commit says so.
                [None, _] => tenures.push(Tenure { guards: at_count(found, 1), inherited: false }),
                _ => {
                    let ((topic, partition), group) = (key.clone(), config.group.clone());
                    return Err(AssignError::OtherGroup { topic, partition, group });
                }
            }
        }
        if taken.is_empty() {
            return Ok(tenures);
        }
        take(taken, store).await?;
    }
}

/// Where somebody else was faster, the next look tells.
async fn take(advances: Vec<Advance>, store: &Store) -> Result<(), AssignError> {
    let partitions = advances.len() / 2;
    let batch = Batch { advances, suppressions: store.suppressions().await?, ..Batch::default() };
    match store.commit(&batch).await {
        Ok(_) => {
            tracing::warn!(partitions, "taken over; another group that wrote them is fenced from now on")
        }
        Err(error) if matches!(error.next(), Next::Resume | Next::Remake) => {}
        Err(error) => return Err(AssignError::TakeOver(error)),
    }
    Ok(())
}

fn owner_id(topic: &str, partition: i32) -> String {
    format!("{topic}/{partition}/owner")
}

fn own_id(config: &WorkerConfig, (topic, partition): &Key) -> String {
    format!("{}/{topic}/{partition}/owner", config.group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::StoreOptions;

    fn config(group: &str, take_over: bool) -> WorkerConfig {
        let mut config = WorkerConfig::new("nowhere:1", group, vec!["t".to_owned()]);
        config.take_over = take_over;
        config
    }

    #[tokio::test]
    async fn one_group_at_a_time_has_a_partition() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().to_str().unwrap(), StoreOptions::default()).await.unwrap();
        let keys = [("t".to_owned(), 0), ("t".to_owned(), 1)];
        let (none, both) = (HashSet::new(), HashSet::from(keys.clone()));
        let take_up = async |group: &str, take_over, held: &HashSet<Key>| {
            let tenures = settle(&keys, &config(group, take_over), &store, held).await;
            tenures.map(|tenures| {
                (tenures[0].inherited, tenures.into_iter().flat_map(|t| t.guards).collect::<Vec<Advance>>())
            })
        };
        let commit = async |advances: &Vec<Advance>| {
            store.commit(&Batch { advances: advances.clone(), ..Batch::default() }).await
        };
        // Both look at empty tables; the first commit decides.
        let (_, a) = take_up("a", false, &none).await.unwrap();
        let (_, b) = take_up("b", false, &none).await.unwrap();
        commit(&a).await.unwrap();
        commit(&b).await.unwrap_err();
        let refused = take_up("b", false, &both).await.unwrap_err();
        assert!(matches!(&refused, AssignError::OtherGroup { partition: 0, .. }), "{refused:?}");
        // Another worker of the same group.
        let (inherited, a) = take_up("a", false, &none).await.unwrap();
        commit(&a).await.unwrap();
        assert!(!inherited);

        let (inherited, b) = take_up("b", true, &none).await.unwrap();
        assert!(inherited);
        commit(&a).await.unwrap_err();
        commit(&b).await.unwrap();
        // Who was told to take over once does not take it back by itself; a person may.
        assert!(take_up("a", true, &both).await.is_err());
        let (_, a) = take_up("a", true, &none).await.unwrap();
        commit(&b).await.unwrap_err();
        commit(&a).await.unwrap();
        // And it stays known that there was another.
        assert!(take_up("a", false, &none).await.unwrap().0);
    }

    #[tokio::test]
    async fn what_was_written_before_there_were_owners_is_taken_over_too() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().to_str().unwrap(), StoreOptions::default()).await.unwrap();
        let advances = vec![Advance { app_id: "a/t/0".to_owned(), from: None, next: 500 }];
        store.commit(&Batch { advances, ..Batch::default() }).await.unwrap();
        let (keys, none) = ([("t".to_owned(), 0)], HashSet::new());
        for take_over in [true, false] {
            let tenures = settle(&keys, &config("b", take_over), &store, &none).await.unwrap();
            assert!(tenures[0].inherited, "{take_over}");
        }
        let refused = settle(&keys, &config("a", false), &store, &none).await;
        assert!(matches!(refused, Err(AssignError::OtherGroup { .. })));
    }
}
