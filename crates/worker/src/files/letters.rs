//! Dead letters of files, by the name that a person knows: their position tells only what the file holds, so the end of
//! each letter's detail tells what it was called when it was imported.

use super::identity::is_identity;
use super::redacted;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use store::{DeadLetter, DeadLetterFilter, Store, StoreError};

/// What stands before the name, or before the identity, in a topic that is a file.
const FILE: &str = "file:";

/// A file's name as its letters tell it; it may hold an address too.
#[must_use]
pub fn shown_name(path: &Path) -> String {
    redacted(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// Which file a letter came from, by name; `None` for one of Kafka, and where no name was noted.
#[must_use]
pub fn file_of(letter: &DeadLetter) -> Option<&str> {
    letter.position.topic.strip_prefix(FILE)?;
    let told = letter.detail.strip_suffix(')')?;
    let mut open = 1;
    // The name may have brackets of its own.
    let (at, _) = told.char_indices().rev().find(|(_, sign)| {
        open += match sign {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        open == 0
    })?;
    told[..at].ends_with(' ').then(|| &told[at + 1..])
}

/// The name of the file that a topic asks for, as its letters tell it; `None` for a topic of Kafka, and for a file by its
/// identity.
#[must_use]
pub fn name_in(topic: &str) -> Option<String> {
    let asked = topic.strip_prefix(FILE).filter(|asked| !is_identity(asked))?;
    Some(shown_name(Path::new(asked)))
}

/// As [`Store::dead_letter_rows`]; the topic may also be `file:NAME`, which chooses the letters of all files that were
/// called so.
///
/// # Errors
/// Where the tables cannot be read.
pub async fn letters(store: &Store, filter: &DeadLetterFilter) -> Result<Vec<DeadLetter>, StoreError> {
    let Some(name) = filter.topic.as_deref().and_then(name_in) else {
        return store.dead_letter_rows(filter).await;
    };
    // Payloads are most of the table: only those of the files that are asked for are read.
    let any = DeadLetterFilter { topic: None, limit: None, without_payload: true, ..filter.clone() };
    let mut letters = store.dead_letter_rows(&any).await?;
    letters.retain(|letter| file_of(letter) == Some(name.as_str()));
    letters.truncate(filter.limit.map_or(usize::MAX, |limit| limit as usize));
    if !filter.without_payload {
        fill_payloads(store, filter, &mut letters).await?;
    }
    Ok(letters)
}

/// Reads the payloads of letters that were read without.
async fn fill_payloads(
    store: &Store,
    filter: &DeadLetterFilter,
    letters: &mut [DeadLetter],
) -> Result<(), StoreError> {
    let topics: BTreeSet<Arc<str>> = letters.iter().map(|letter| letter.position.topic.clone()).collect();
    let mut payloads = HashMap::new();
    for topic in topics {
        let of_one = DeadLetterFilter { topic: Some(topic.to_string()), limit: None, ..filter.clone() };
        let rows = store.dead_letter_rows(&of_one).await?;
        payloads.extend(rows.into_iter().map(|letter| (letter.position, letter.payload)));
    }
    for letter in letters {
        letter.payload = payloads.remove(&letter.position).flatten();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Format, ImportOptions, import};
    use super::*;
    use crate::{metrics::WorkerMetrics, process::Processor, shutdown::Shutdown};
    use analyze::pseudonym::PseudonymKey;
    use analyze::taxonomy::Taxonomy;
    use analyze::{Analyzer, Options};
    use feedback::decode::Decoder;
    use feedback::kind::{Contract, Registry};
    use feedback::limits::Limits;
    use feedback::position::Position;
    use feedback::time::Timestamp;

    fn letter(topic: &str, detail: &str) -> DeadLetter {
        DeadLetter {
            outcome: store::Outcome::DeadLetter,
            reason: "out_of_range".to_owned(),
            detail: detail.to_owned(),
            payload: None,
            source_kind: None,
            author: None,
            author_alias: None,
            records: 1,
            ingested_at: Timestamp(1_780_000_000_000_000),
            position: Position { topic: topic.into(), partition: 0, offset: 3 },
        }
    }

    #[test]
    fn a_letter_tells_its_files_name() {
        for (detail, name) in [
            ("data.score: expected a number from 0 to 10 (nps.csv)", Some("nps.csv")),
            ("a date (2026-03-31) or a time (nps (1).csv)", Some("nps (1).csv")),
            ("data.score: expected a number", None),
            ("cut off).csv)", None),
            ("", None),
        ] {
            assert_eq!(file_of(&letter("file:0f", detail)), name, "{detail}");
        }
        assert_eq!(file_of(&letter("feedback.nps", "expected a number (nps.csv)")), None);
    }

    /// The pipeline writes the name, [`file_of`] reads it.
    #[test]
    fn an_import_ends_the_detail_with_the_files_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nps.csv");
        std::fs::write(&path, "score,text,occurred_at\n12,Bad,2026-05-04\n").unwrap();
        let mut options = ImportOptions::new(path, Format::Csv);
        (options.kind, options.contract) = (Some("nps".to_owned()), Some(Contract::Nps));
        let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
        let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8)).unwrap();
        let decoder = Decoder::new(Registry::default(), Limits::default());
        let metrics = Arc::new(WorkerMetrics::new());
        let processor = Arc::new(Processor::new(decoder, analyzer, key, metrics.clone()));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = dir.path().join("tables");
            let store = Store::open(place.to_str().unwrap(), store::StoreOptions::default()).await.unwrap();
            let done = import(options, store.clone(), processor, metrics, Shutdown::new(), Arc::new(()));
            assert_eq!(done.await.unwrap().refused, 1);
            let letters = store.dead_letter_rows(&DeadLetterFilter::default()).await.unwrap();
            assert!(letters[0].detail.ends_with(" (nps.csv)"), "{}", letters[0].detail);
            assert_eq!(file_of(&letters[0]), Some("nps.csv"));
        });
    }

    #[test]
    fn a_topic_asks_for_a_file_by_name_or_by_identity() {
        assert_eq!(name_in("file:exports/nps.csv").as_deref(), Some("nps.csv"));
        let personal = "jane.doe@example.com.csv";
        let noted = shown_name(Path::new(personal));
        assert_eq!(name_in(&format!("file:{personal}")), Some(noted));
        assert_eq!(name_in("feedback.nps"), None);
        assert_eq!(name_in(&format!("file:{}", "0f".repeat(16))), None);
    }

    #[test]
    fn letters_are_chosen_by_the_files_name() {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let options = store::StoreOptions::default();
            let store = Store::open(dir.path().to_str().unwrap(), options).await.unwrap();
            let mut notes = vec![letter("file:0a", "x (a.csv)"), letter("file:0b", "x (b.csv)")];
            notes.push(letter("feedback.nps", "x (a.csv)"));
            let batch = store::Batch { notes, ..store::Batch::default() };
            store.commit(&batch).await.unwrap();
            let topics = async |filter: DeadLetterFilter| -> Vec<String> {
                let letters = letters(&store, &filter).await.unwrap();
                letters.into_iter().map(|letter| letter.position.topic.to_string()).collect()
            };
            let named = |name: &str| DeadLetterFilter { topic: Some(name.to_owned()), ..Default::default() };
            assert_eq!(topics(named("file:a.csv")).await, ["file:0a"]);
            assert_eq!(topics(named("file:d.csv")).await, [""; 0]);
            assert_eq!(topics(named("feedback.nps")).await, ["feedback.nps"]);
            let payload = |payload: &str| Some(payload.to_owned());
            let mut notes = vec![letter("file:0c", "x (c.csv)"), letter("file:0c", "y (c.csv)")];
            for (offset, note) in (4..).zip(&mut notes) {
                note.position.offset = offset;
                note.payload = payload(&format!("{{\"row\":{offset}}}"));
            }
            notes[1].ingested_at = Timestamp(notes[0].ingested_at.0 + 1);
            store.commit(&store::Batch { notes, ..store::Batch::default() }).await.unwrap();
            let payloads = async |filter: DeadLetterFilter| -> Vec<Option<String>> {
                let letters = letters(&store, &filter).await.unwrap();
                letters.into_iter().map(|letter| letter.payload).collect()
            };
            let both = [payload("{\"row\":5}"), payload("{\"row\":4}")];
            assert_eq!(payloads(named("file:c.csv")).await, both, "newest first");
            let newest = DeadLetterFilter { limit: Some(1), ..named("file:c.csv") };
            assert_eq!(payloads(newest).await, both[..1]);
            let bare = DeadLetterFilter { without_payload: true, ..named("file:c.csv") };
            assert_eq!(payloads(bare).await, [None::<String>, None]);
            let none = DeadLetterFilter { limit: Some(0), ..named("file:a.csv") };
            assert_eq!(topics(none).await, [""; 0]);
        });
    }
}
