//! Writes small tables of today's schema: `cargo run -p store --example write_golden -- DIRECTORY`.
//!
//! The result is committed under `tests/golden/v<n>`, once for each schema that was ever released.

#[path = "../tests/store/golden_rows.rs"]
mod golden_rows;

use feedback::time::Day;
use golden_rows::{FIRST_DAY, TOPIC};
use std::collections::BTreeSet;
use store::{Advance, Batch, EraseOptions, Rollup, Seen, Store, StoreOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).ok_or("name the directory to write")?;
    let store = Store::open(&root, StoreOptions::default()).await?;
    // The vector is only read back by the tests.
    let _ = golden_rows::embedding();
    let advance = |topic: &str, partition: i32, next| Advance {
        app_id: format!("golden/{topic}/{partition}"),
        from: None,
        next,
    };
    let batch = Batch {
        facts: golden_rows::facts().encode()?,
        notes: golden_rows::notes(),
        advances: vec![advance(TOPIC, 2, 101), advance("feedback.nps", 0, 72)],
        suppressions: store.suppressions().await?,
        ..Batch::default()
    };
    let done = store.commit(&batch).await?;
    let days = BTreeSet::from([Day(FIRST_DAY)]);
    let rollup = Rollup { from: None, to: Seen { version: done.version, corrections: 0 } };
    store.replace_insights(&days, &golden_rows::insights(), rollup).await?;
    store.append(&golden_rows::alerts(), None).await?;
    store.append(&golden_rows::cases(), None).await?;
    store.append(&golden_rows::deliveries(), None).await?;
    store.append(&golden_rows::digests(), None).await?;
    store.append(&golden_rows::corrections(), None).await?;
    store.append(&golden_rows::audit(), None).await?;
    store.erase("a_ffffffffffffffffffffffffffffffff", &EraseOptions::default()).await?;
    println!("{root}: {:?}", store.ledger().await?);
    Ok(())
}
