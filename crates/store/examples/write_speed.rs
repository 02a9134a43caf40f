//! How fast rows become files, and files a commit, and how long readers then take:
//! `cargo run -p store --example write_speed -- [rows a batch] [batches] [days] [directory]`.
//!
//! The rows are about what 600-byte events give. One thread; CPU time is what the two cores share.

use feedback::ids::Id;
use feedback::judgement::{FeedbackKind, KindJudgement, Sentiment, SentimentLabel, Urgency};
use feedback::score::{Score, ScoreKind};
use feedback::span::Span;
use feedback::time::Timestamp;
use polars::prelude::col;
use std::time::{Duration, Instant};
use store::{
    Advance, Batch, FactColumns, FactRow, MaintainOptions, Seen, Store, StoreError, StoreOptions, TopicFact,
};

const WORDS: &[&str] = &[
    "the", "app", "keeps", "crashing", "when", "I", "open", "my", "invoice", "on", "phone", "please", "fix",
    "it", "soon", "export", "is", "slow", "since", "last", "update", "great", "support", "team", "login",
    "fails",
];

/// A cheap sequence without a pattern that compression would find.
fn scramble(n: u64) -> u64 {
    let mut x = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

fn push(
    columns: &mut FactColumns,
    n: u64,
    days: u64,
    body: &mut String,
    native: &mut String,
    vector: &mut [i8],
) {
    use std::fmt::Write;
    let noise = scramble(n);
    body.clear();
    for word in 0..36 {
        body.push_str(WORDS[(scramble(noise ^ word) % WORDS.len() as u64) as usize]);
        body.push(' ');
    }
    native.clear();
    // Writing into a string does not fail.
    let _ = write!(native, "r-{n}");
    for (at, value) in vector.iter_mut().enumerate() {
        *value = (scramble(noise.wrapping_add(at as u64 / 8)) >> (at % 8 * 8)) as i8;
    }
    let at = Timestamp(
        1_790_000_000_000_000 + (n % days) as i64 * 86_400_000_000 + (noise % 3_600_000_000) as i64,
    );
    let topics = [TopicFact {
        topic: ["performance", "billing", "login_access"][(noise % 3) as usize],
        confidence: 0.8,
        sentiment: SentimentLabel::Negative,
        span: Span::new(0, 60),
    }];
    columns.push(&FactRow {
        record_id: Id(u128::from(noise) << 64 | u128::from(n)),
        item_id: Id(u128::from(noise) << 64 | u128::from(!n)),
        source_kind: "survey",
        source: "form-7",
        native_id: native,
        content_hash: noise as i64,
        occurred_at: at,
        updated_at: at,
        collected_at: Some(at),
        ingested_at: Timestamp(1_790_000_000_000_000),
        author: Some(&"a_0123456789abcdef0123456789abcdef"[..34 - (noise % 3) as usize]),
        account: Some(["acme", "globex", "initech"][(noise % 3) as usize]),
        product: Some("Atlas"),
        app_version: Some("4.2.0"),
        platform: Some(["ios", "android", "web"][(noise % 3) as usize]),
        territory: Some("DE"),
        question: Some("What should we improve?"),
        body: Some(body),
        score: Score::new(ScoreKind::Nps, (noise % 11) as f64, 0.0, 10.0),
        language: Some("en"),
        sentiment: Some(Sentiment {
            label: SentimentLabel::Negative,
            confidence: (noise % 1000) as f32 / 1000.0,
            probabilities: [0.5, 0.3, (noise % 777) as f32 / 1000.0],
        }),
        kind: Some(KindJudgement { label: FeedbackKind::Bug, confidence: (noise % 997) as f32 / 1000.0 }),
        urgency: Some((Urgency::Normal, 0.5)),
        topics: &topics,
        redactions: if noise.is_multiple_of(5) { &[("email", 1)] } else { &[] },
        metadata: Some("{\"browser\":\"firefox\",\"plan\":\"team\"}"),
        embedding: vector,
        encoder: Some("builtin-1"),
        vector: Some("builtin-1"),
        taxonomy: Some("default-1"),
        position_topic: "feedback.survey",
        position_partition: (n % 4) as i32,
        position_offset: n as i64,
        ..FactRow::default()
    });
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number =
        |at: usize, default: u64| std::env::args().nth(at).and_then(|n| n.parse().ok()).unwrap_or(default);
    let (rows, batches, days) = (number(1, 20_000), number(2, 10), number(3, 1));
    let root = std::env::args().nth(4).unwrap_or_else(|| "target/write-speed".to_owned());
    let _ = std::fs::remove_dir_all(&root);
    let store = Store::open(&root, StoreOptions::default()).await?;
    let (mut columns, mut body, mut native, mut vector) =
        (FactColumns::new(), String::new(), String::new(), [0; 64]);
    let (mut pushing, mut encoding, mut upkeep) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut commits = Vec::new();
    let (mut bytes, mut next) = (0, 0);
    for batch in 0..batches {
        let start = Instant::now();
        for n in batch * rows..(batch + 1) * rows {
            push(&mut columns, n, days, &mut body, &mut native, &mut vector);
        }
        pushing += start.elapsed();
        let start = Instant::now();
        let facts = columns.encode()?;
        encoding += start.elapsed();
        bytes += facts.bytes();
        let from = (batch > 0).then_some(next);
        next += rows as i64;
        let advances = vec![Advance { app_id: "speed/feedback.survey/0".to_owned(), from, next }];
        let suppressions = store.suppressions().await?;
        let start = Instant::now();
        store.commit(&Batch { facts, advances, suppressions, ..Batch::default() }).await?;
        commits.push(start.elapsed());
        // As the worker does.
        let start = Instant::now();
        store.maintain_if_needed().await?;
        upkeep += start.elapsed();
    }
    let mut last: Vec<Duration> = commits.iter().rev().take(100).copied().collect();
    last.sort_unstable();
    commits.sort_unstable();
    let total = rows * batches;
    let each = |time: Duration| time.as_secs_f64() * 1e6 / total as f64;
    println!(
        "{total} rows in {batches} batches over {days} days, {} bytes a row on disk",
        bytes as u64 / total
    );
    println!("push (making up the rows included)  {:.2} µs a row", each(pushing));
    println!("encode                              {:.2} µs a row", each(encoding));
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "commit                              p50 {:.1} ms, max {:.1} ms, p50 of the last hundred {:.1} ms",
        millis(commits[commits.len() / 2]),
        millis(commits[commits.len() - 1]),
        millis(last[last.len() / 2]),
    );
    println!("upkeep                              {:.1} ms a commit", millis(upkeep) / batches as f64);
    time("opening again", Store::open(&root, StoreOptions::default())).await?;
    time("what is current, and the ledger", store.ledger()).await?;
    let last = store.version().await?;
    let seen = Seen { version: last - 1, corrections: 0 };
    let touched = time("days touched by the last commit", store.touched_since(Some(seen))).await?;
    let (_, facts) = store.current_facts_of(&touched.days).await?;
    let read = facts.select([col("body").is_not_null().sum(), col("embedding").is_not_null().sum()]);
    time("texts and vectors of those days", store.collect(read)).await?;
    time("positions of one partition", store.positions("feedback.survey", 0)).await?;
    time("compaction", store.maintain(&MaintainOptions { vacuum: None, ..MaintainOptions::default() }))
        .await?;
    Ok(())
}

async fn time<T>(what: &str, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let start = Instant::now();
    let done = work.await?;
    println!("{what:35} {:>6.0} ms, peak memory so far {}", start.elapsed().as_secs_f64() * 1e3, peak());
    Ok(done)
}

/// Of this process, as Linux says it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}
