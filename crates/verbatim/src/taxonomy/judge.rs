//! The topics of records, said again by two taxonomies.

use analyze::{Analyzer, Input, Scratch, Taxonomy};
use anyhow::{Result, anyhow};
use feedback::kind::Registry;
use insight::shelf::{Hit, Label, Row, Text};
use server::taxonomy::Both;
use std::time::Instant;

/// Records of a thread between two looks at the clock, unless more are best read together.
const BLOCK: usize = 128;

/// What reads the texts.
pub struct Reading<'r> {
    /// Whose encoder reads them; its own taxonomy is no matter.
    pub analyzer: &'r Analyzer,
    pub registry: &'r Registry,
    pub threads: usize,
}

/// The texts are those that are stored, redacted, and are read as they were when they came; of fewer records than there are
/// where the time is over.
pub fn judge(
    reading: &Reading<'_>,
    before: &Taxonomy,
    after: &Taxonomy,
    records: &[Hit],
    until: Instant,
) -> Result<Vec<Both>> {
    let with = |taxonomy: &Taxonomy| reading.analyzer.with_taxonomy(taxonomy.clone());
    let both = [with(before)?, with(after)?];
    let (threads, group) = (reading.threads.max(1), reading.analyzer.group().max(BLOCK));
    let mut said = Vec::with_capacity(records.len());
    for block in records.chunks(threads * group) {
        let part = block.len().div_ceil(threads);
        let parts: Vec<std::thread::Result<Vec<Both>>> = std::thread::scope(|scope| {
            let threads: Vec<_> = block
                .chunks(part)
                .map(|hits| {
                    let both = &both;
                    scope.spawn(move || of_part(both, reading.registry, hits))
                })
                .collect();
            threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
        });
        for part in parts {
            // What it says may hold a customer's words.
            said.extend(
                part.map_err(|_| anyhow!("the analysis of a text broke off by a defect of this program"))?,
            );
        }
        if Instant::now() >= until {
            break;
        }
    }
    Ok(said)
}

fn of_part(both: &[Analyzer; 2], registry: &Registry, hits: &[Hit]) -> Vec<Both> {
    let [before, after] = both;
    let (mut scratch, mut said) = (Scratch::default(), Vec::with_capacity(hits.len()));
    for group in hits.chunks(before.group().max(1)) {
        let rows: Vec<Row<'_>> = group.iter().map(Hit::row).collect();
        let inputs: Vec<Input<'_>> = rows.iter().map(|row| input(row, registry)).collect();
        // Both have the same encoder: what is read ahead serves both.
        before.foresee(&inputs, true, &mut scratch);
        for input in &inputs {
            let mut of = |analyzer: &Analyzer| -> Vec<u16> {
                analyzer.analyze_redacted(input, &mut scratch).topics.iter().map(|hit| hit.topic).collect()
            };
            said.push(Both { before: of(before), after: of(after) });
        }
    }
    said
}

/// A record's texts as they were given when it came.
fn input<'r>(row: &Row<'r>, registry: &Registry) -> Input<'r> {
    let contract =
        row.label(Label::SourceKind).and_then(|kind| registry.get(kind)).map(|(_, contract)| contract);
    Input {
        title: row.text(Text::Title),
        body: row.text(Text::Body).unwrap_or_default(),
        question: row.label(Label::Question),
        // What was detected of it: the hint is not kept.
        language_hint: row.label(Label::Language).filter(|language| *language != "unknown"),
        contract,
        ..Input::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyze::Options;
    use feedback::ids::Id;
    use feedback::time::Timestamp;
    use insight::shelf::{Order, Page, Query, Shelf, parts};
    use std::collections::BTreeMap;
    use std::sync::Arc;
    use store::{Batch, FactColumns, FactRow, Store, StoreOptions};

    const BODIES: [&str; 4] = [
        "I was charged twice on my invoice, please refund me.",
        "The app crashes as soon as I open it.",
        "I cannot log in. The reset mail never comes.",
        "Hm.",
    ];

    /// As the tables give them back.
    async fn hits(dir: &tempfile::TempDir) -> Vec<Hit> {
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let mut facts = FactColumns::new();
        for at in 0..300_usize {
            let native_id = at.to_string();
            facts.push(&FactRow {
                record_id: Id(at as u128),
                item_id: Id(at as u128),
                source_kind: "survey",
                source: "form",
                native_id: &native_id,
                occurred_at: Timestamp(1_772_443_800_000_000 + at as i64),
                body: Some(BODIES[at % BODIES.len()]),
                position_topic: "t",
                position_offset: at as i64,
                ..FactRow::default()
            });
        }
        store.commit(&Batch { facts: facts.encode().unwrap(), ..Batch::default() }).await.unwrap();
        let facts = store.current_facts().await.unwrap();
        let mut days: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for part in tokio::task::spawn_blocking(move || parts(facts).unwrap()).await.unwrap() {
            days.entry(part.day()).or_default().push(Arc::new(part));
        }
        let page = Page { order: Order::Oldest, after: None, limit: 1_000, count: true };
        Shelf::default().with(Some(1), days).list(&Query::default(), &page).unwrap().hits
    }

    #[tokio::test]
    async fn it_says_what_was_said_when_the_records_came() {
        let dir = tempfile::tempdir().unwrap();
        let hits = hits(&dir).await;
        let standard = Taxonomy::standard().unwrap();
        let analyzer = Analyzer::new(standard.clone(), Options::default()).unwrap();
        let registry = Registry::default();
        let reading = Reading { analyzer: &analyzer, registry: &registry, threads: 1 };
        let none = Taxonomy::parse("version = \"0\"\n").unwrap();
        let far = Instant::now() + std::time::Duration::from_secs(600);
        let said = judge(&reading, &standard, &none, &hits, far).unwrap();
        assert_eq!(said.len(), 300);
        let mut scratch = Scratch::default();
        for (at, both) in said.iter().enumerate() {
            let input = Input { body: BODIES[at % BODIES.len()], ..Input::default() };
            let topics: Vec<u16> =
                analyzer.analyze(&input, &mut scratch).topics.iter().map(|hit| hit.topic).collect();
            assert_eq!((&both.before, both.after.len()), (&topics, 0), "{at}");
        }
        assert!(said[0].before.contains(&standard.find("billing").unwrap()));
        // Where the time is over the first of them were judged.
        let said = judge(&reading, &standard, &none, &hits, Instant::now()).unwrap();
        assert_eq!(said.len(), BLOCK);
        assert_eq!(judge(&reading, &standard, &none, &[], far).unwrap(), []);
    }
}
