//! Notes on their way to the outbox: whose words stand in them, and whether they are there already.

use crate::blocking::blocking;
use crate::outbox::{StoreOutbox, append, to_queue};
use anyhow::{Context as _, Result};
use deliver::{Block, Key, Note, Targets};
use insight::InsightError;
use insight::cases::{Vectors, of_records};
use std::collections::BTreeSet;
use store::{Quoted, Store};

/// A note, and the names of the targets that are to hear it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToSay {
    pub note: Note,
    pub to: BTreeSet<String>,
}

impl ToSay {
    fn keys(&self) -> impl Iterator<Item = Key> {
        self.to.iter().map(move |name| Key::of(&self.note.id, name))
    }
}

/// Notes that are queued by one commit.
const AT_ONCE: usize = 500;

/// Queues what is not queued yet; for how many targets.
pub async fn say(outbox: &StoreOutbox, targets: &Targets, all: &[ToSay]) -> Result<usize> {
    let wanted: BTreeSet<Key> = all.iter().flat_map(ToSay::keys).collect();
    if wanted.is_empty() {
        return Ok(0);
    }
    let known = queued(outbox, wanted).await?;
    let mut new: Vec<(&Note, Vec<String>)> = Vec::new();
    for one in all {
        let is_new = |name: &&String| !known.contains(&Key::of(&one.note.id, name));
        let names: Vec<String> = one.to.iter().filter(is_new).cloned().collect();
        if !names.is_empty() {
            new.push((&one.note, names));
        }
    }
    let mut queued = 0;
    for part in new.chunks(AT_ONCE) {
        queued += queue(outbox.store(), targets, part).await?;
    }
    Ok(queued)
}

/// In one commit; the facts are read once for all whom they quote.
async fn queue(store: &Store, targets: &Targets, notes: &[(&Note, Vec<String>)]) -> Result<usize> {
    let wanted: BTreeSet<String> = notes.iter().flat_map(|(note, _)| quotes(note)).collect();
    let quoted = quoted(store, wanted).await?;
    let mut rows = Vec::new();
    for (note, names) in notes {
        let own = quotes(note);
        let own: Vec<Quoted> = quoted.iter().filter(|one| own.contains(&one.record_id)).cloned().collect();
        rows.extend(to_queue(targets, names, note, &own, None)?);
    }
    append(store, &rows).await?;
    Ok(rows.len())
}

/// Those of some deliveries that were ever queued, whatever became of them.
pub async fn queued(outbox: &StoreOutbox, some: BTreeSet<Key>) -> Result<BTreeSet<Key>> {
    outbox.known(some).await.context("the outbox cannot be read")
}

/// The records that a note quotes.
fn quotes(note: &Note) -> BTreeSet<String> {
    let quotes = note.blocks.iter().filter_map(|block| match block {
        Block::Quotes { quotes } => Some(quotes),
        _ => None,
    });
    quotes.flatten().map(|quote| quote.record.clone()).collect()
}

/// Whose words the records are, as the facts name them: an erasure goes by that. A record that is gone is left out.
pub async fn quoted(store: &Store, records: BTreeSet<String>) -> Result<Vec<Quoted>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let facts = store.current_facts().await?;
    let work = move || {
        let ids: Vec<&str> = records.iter().map(String::as_str).collect();
        of_records(facts, &ids, Vectors::Leave)
    };
    let found: Result<_, InsightError> = blocking("the quoted records could not be looked up", work).await?;
    let quoted = found.context("the quoted records cannot be read")?.into_iter().map(|report| Quoted {
        record_id: report.record,
        author: report.author,
        author_alias: report.author_alias,
    });
    Ok(quoted.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use deliver::Quote;
    use feedback::time::Timestamp;
    use store::StoreOptions;

    const TARGETS: &str = "[[target]]\nname = \"a\"\nkind = \"kafka\"\ntopic = \"t\"\n\
                           [[target]]\nname = \"b\"\nkind = \"kafka\"\ntopic = \"t\"\n";

    fn note(id: &str) -> Note {
        Note { id: id.to_owned(), ..Note::test(Timestamp(1_764_230_400_000_000)) }
    }

    fn to(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[tokio::test]
    async fn what_is_queued_already_is_not_queued_again() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let targets = Targets::parse("deliver.toml", TARGETS).unwrap();
        let first = [ToSay { note: note("n"), to: to(&["a"]) }];
        let outbox = StoreOutbox::new(store.clone());
        assert_eq!(say(&outbox, &targets, &first).await.unwrap(), 1);
        assert_eq!(say(&outbox, &targets, &first).await.unwrap(), 0);
        let more = [ToSay { note: note("n"), to: to(&["a", "b"]) }, ToSay { note: note("m"), to: to(&[]) }];
        assert_eq!(say(&outbox, &targets, &more).await.unwrap(), 1, "only the one that has not heard it");
        // Another process.
        assert_eq!(say(&StoreOutbox::new(store), &targets, &more).await.unwrap(), 0);
        assert_eq!(outbox.entries().await.unwrap().len(), 2);
    }

    #[test]
    fn the_records_that_a_note_quotes_are_found() {
        let quote = |record: &str| Quote { text: "words".into(), record: record.into(), link: None };
        let block = |records: &[&str]| Block::Quotes { quotes: records.iter().map(|r| quote(r)).collect() };
        let blocks = vec![block(&["r1", "r2"]), Block::Heading { text: "x".into() }, block(&["r1"])];
        assert_eq!(quotes(&Note { blocks, ..note("n") }), to(&["r1", "r2"]));
    }
}
