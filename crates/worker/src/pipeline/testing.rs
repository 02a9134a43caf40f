//! What threads of a pipeline share, for tests of one of them.

use super::{Gate, Shared};
use crate::{metrics::WorkerMetrics, process::Processor, shutdown::Shutdown, trouble::Trouble};
use analyze::{Analyzer, Options, pseudonym::PseudonymKey, taxonomy::Taxonomy};
use feedback::{decode::Decoder, kind::Registry, limits::Limits};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use store::{Store, StoreOptions};

pub(super) async fn shared(dir: &Path) -> Shared {
    let metrics = Arc::new(WorkerMetrics::new());
    let decoder = Decoder::new(Registry::default(), Limits::default());
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8)).unwrap();
    Shared {
        processor: Arc::new(Processor::new(decoder, analyzer, key, metrics.clone())),
        store: Store::open(dir.to_str().unwrap(), StoreOptions::default()).await.unwrap(),
        runtime: tokio::runtime::Handle::current(),
        gate: Arc::new(Gate::default()),
        metrics,
        shutdown: Shutdown::new(),
        under_way: AtomicU64::new(0),
        reading: Trouble::new("reading"),
        writing: Trouble::new("writing"),
    }
}
