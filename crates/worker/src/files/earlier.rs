//! What becomes of earlier imports of the same content that read it in another way.

use super::identity::{Identity, app_id, generation_id, readings_id};
use super::{Earlier, FileIdentity, ImportOptions};
use crate::WorkerError;
use crate::pipeline::batch::again_id;
use std::collections::{BTreeSet, HashSet};
use store::{Advance, Next, Store};

/// Which import one is.
pub(super) struct Settled {
    pub identity: Identity,
    /// How many readings of the content had begun before it was asked what they wrote.
    pub readings: Option<i64>,
    /// How many rows were taken back.
    pub replaced: u64,
}

/// Looks for earlier imports of the same content, and does with them as the options say.
pub(super) async fn settle_earlier(
    options: &ImportOptions,
    content: FileIdentity,
    store: &Store,
) -> Result<Settled, WorkerError> {
    let identity = Identity::new(content, options);
    let noted = store.resume(&[generation_id(&identity.topic()), readings_id(content)]).await?;
    let at = |index: usize| noted.get(index).copied().flatten();
    let (identity, readings) = (identity.of_generation(at(0).unwrap_or(0)), at(1));
    let mut topics = store.rows_by_topic(&content.topics()).await?;
    topics.remove(&identity.topic());
    let rows: u64 = topics.values().sum();
    if topics.is_empty() || options.earlier == Earlier::Keep {
        return Ok(Settled { identity, readings, replaced: 0 });
    }
    if rows > 0 && options.earlier == Earlier::Refuse {
        let records = if rows == 1 { "1 record".to_owned() } else { format!("{rows} records") };
        return Err(options.wrong(format!(
            "it was imported before in another way (map, vendor, kind, source or limits.message; {records}): --replace takes \
             those back and reads the file anew, --keep leaves them and adds what this reading gives"
        )));
    }
    let topics: HashSet<String> = topics.into_keys().collect();
    let mut replaced = 0;
    // Twice: who asked what there is after the first closing, and writes after the first taking, the second overtakes.
    for _ in 0..2 {
        close(&topics, store).await?;
        replaced += store.withdraw(&topics).await?;
    }
    tracing::info!(rows = replaced, "took back what an earlier import of this file wrote");
    Ok(Settled { identity, readings, replaced: replaced as u64 })
}

/// Whoever still writes for one of these imports, or sends its dead letters through again, is overtaken; and a later
/// import that reads as they did begins anew.
async fn close(topics: &HashSet<String>, store: &Store) -> Result<(), WorkerError> {
    let ids = |topic: &String| [app_id(topic), again_id(topic, 0), generation_id(topic)];
    let ids: BTreeSet<String> = topics.iter().flat_map(ids).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    loop {
        let noted = store.resume(&ids).await?;
        let advance = |(app_id, from): (&String, Option<i64>)| Advance {
            app_id: app_id.clone(),
            from,
            next: from.unwrap_or(0) + 1,
        };
        let advances = ids.iter().zip(noted).map(advance).collect();
        let suppressions = store.suppressions().await?;
        let batch = store::Batch { advances, suppressions, ..store::Batch::default() };
        match store.commit(&batch).await {
            Ok(_) => return Ok(()),
            // One of them was faster; it does not get on for ever.
            Err(error) if matches!(error.next(), Next::Resume | Next::Remake) => {}
            Err(error) => return Err(WorkerError::Commit(error)),
        }
    }
}
