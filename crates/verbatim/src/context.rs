//! What the commands share: the configuration in force and the rooms built from it.

use crate::config::{Config, Loaded};
use crate::key;
use analyze::{Analyzer, Options, Taxonomy};
use anyhow::{Context as _, Result, ensure};
use store::{Store, StoreOptions};

pub struct Context {
    pub loaded: Loaded,
    /// Programs read the output.
    pub json: bool,
}

impl Context {
    pub fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// Threads for the analysis.
    pub fn threads(&self) -> usize {
        match self.config().worker.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => usize::from(threads),
        }
    }

    pub fn analyzer(&self) -> Result<Analyzer> {
        let section = &self.config().analyze;
        let options = Options {
            sentiment_threshold: section.sentiment_threshold.0 as f32,
            kind_threshold: section.kind_threshold.0 as f32,
            topic_threshold: section.topic_threshold.0 as f32,
        };
        Analyzer::new(taxonomy(self.config())?, options).context("the analysis does not start")
    }

    /// Whether a worker has made the tables.
    pub fn has_tables(&self) -> bool {
        self.config().store.path.join("feedback").join("_delta_log").exists()
    }

    /// The tables, made where they are missing.
    pub async fn store(&self) -> Result<Store> {
        let section = &self.config().store;
        let root = section.path.to_string_lossy();
        let opened = Store::open(&root, StoreOptions::default()).await;
        opened.with_context(|| format!("the tables at {root} cannot be opened"))
    }

    /// The tables, for a command that only makes sense where something is in them.
    pub async fn filled_store(&self) -> Result<Store> {
        let path = self.config().store.path.display();
        ensure!(
            self.has_tables(),
            "there are no tables at {path}: start `verbatim worker`, `verbatim import` a file, or name another \
             place by store.path"
        );
        self.store().await
    }
}

/// The taxonomy in force.
pub fn taxonomy(config: &Config) -> Result<Taxonomy> {
    let name = &config.analyze.taxonomy;
    if name == "built-in" {
        return Taxonomy::built_in().context("the built-in taxonomy is broken");
    }
    let text = std::fs::read_to_string(name).with_context(|| format!("the taxonomy {name} cannot be read"))?;
    Taxonomy::parse(&text).with_context(|| format!("the taxonomy {name} is wrong"))
}

/// Where the commands' asynchronous parts run.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads cannot be started")
}
