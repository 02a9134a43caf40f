//! What the commands share: the configuration in force and the rooms built from it.

use crate::config::{self, Config, Loaded, WorkerSection, reveal};
use crate::{kafka, key, owners};
use analyze::Taxonomy;
use analyze::pseudonym::PseudonymKey;
use anyhow::{Context as _, Result, ensure};
use deliver::Targets;
use feedback::decode::Decoder;
use insight::triage::{RuleSet, TopicTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use store::{Store, StoreOptions};
use worker::{BatchLimits, Processor, WorkerConfig, WorkerMetrics};

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

    /// Decoding, redaction, analysis and triage, put together.
    pub fn processor(&self, metrics: &Arc<WorkerMetrics>) -> Result<Arc<Processor>> {
        let config = self.config();
        let rules = self.rules()?;
        let decoder = Decoder::new(config.registry(), config.limits.limits());
        let key = key::obtain(config)?;
        let processor = Processor::new(decoder, self.analyzer()?, key, Arc::clone(metrics));
        Ok(Arc::new(triaging(processor.with_vendors(config.vendor_topics()), rules)))
    }

    /// Like [`Self::processor`] for a look that writes nothing: where no key was made yet, one that is not kept.
    pub fn passing_processor(&self) -> Result<Processor> {
        let config = self.config();
        let key = match key::place(config) {
            key::Place::Beside(path) if !path.exists() => {
                PseudonymKey::from_bytes(*b"a key for one look, kept nowhere")?
            }
            _ => key::obtain(config)?,
        };
        let decoder = Decoder::new(config.registry(), config.limits.limits());
        let processor = Processor::new(decoder, self.analyzer()?, key, Arc::default());
        Ok(triaging(processor, self.rules()?))
    }

    /// The triage rules in force; `None` where there are to be none.
    pub fn rules(&self) -> Result<Option<Arc<RuleSet>>> {
        let config = self.config();
        let Some(file) = owners::triage_file(config)? else { return Ok(None) };
        let rules = RuleSet::new(&file, &topic_tree(&taxonomy(config)?));
        let rules = rules.with_context(|| match config.triage.rules.as_str() {
            "built-in" => "the built-in triage rules cannot be used".to_owned(),
            name => format!("the triage rules {name} cannot be used"),
        })?;
        Ok(Some(Arc::new(rules)))
    }

    /// The delivery targets, with those of owners who have an address alone; none where nothing is to leave.
    pub fn targets(&self) -> Result<Targets> {
        targets(self.config())
    }

    /// Whether a worker has made the tables. Of a bucket nobody knows before it is asked.
    pub fn has_tables(&self) -> bool {
        let path = &self.config().store.path;
        is_remote(path) || path.join("feedback").join("_delta_log").exists()
    }

    /// The tables, made where they are missing.
    pub async fn store(&self) -> Result<Store> {
        let section = &self.config().store;
        let root = section.path.to_string_lossy();
        let storage = storage(self.config())?.into_iter().collect();
        let options = StoreOptions { storage, retention: section.retention.0 };
        let opened = Store::open(&root, options).await;
        opened.with_context(|| format!("the tables at {root} cannot be opened"))
    }

    /// The tables, for a command that writes or looks for pseudonyms: only with the key that they were written with.
    pub async fn keyed_store(&self, key: &PseudonymKey) -> Result<Store> {
        let store = self.store().await?;
        store.bind_key(key.check_value()).await?;
        Ok(store)
    }

    /// The tables, for a command that only makes sense where something is in them.
    pub async fn filled_store(&self) -> Result<Store> {
        self.ensure_tables()?;
        self.store().await
    }

    pub fn ensure_tables(&self) -> Result<()> {
        ensure!(
            self.has_tables(),
            "there are no tables at {}: start `verbatim worker` or `verbatim serve`, `verbatim import` a file, or name another place by \
             store.path",
            self.config().store.path.display()
        );
        Ok(())
    }

    /// Ids and names of the topics, as the report shows them.
    pub fn topic_names(&self) -> Result<Vec<(String, String)>> {
        Ok(topic_names(&taxonomy(self.config())?))
    }
}

fn triaging(processor: Processor, rules: Option<Arc<RuleSet>>) -> Processor {
    match rules {
        Some(rules) => processor.with_triage(rules),
        None => processor,
    }
}

/// As [`Context::targets`].
pub fn targets(config: &Config) -> Result<Targets> {
    let name = &config.deliver.file;
    if is_unset(name) {
        return Ok(Targets::default());
    }
    let text = std::fs::read_to_string(name);
    let text = text.with_context(|| format!("the delivery targets {name} cannot be read"))?;
    let listed = Targets::parse(name, &text)?;
    if listed.for_owners().is_none() {
        return Ok(listed);
    }
    let rules = owners::triage_file(config)?;
    let alone = || owners::by_address(rules.as_ref().map_or(&[], |file| file.owners.as_slice()));
    let targets = listed.with_owners(alone());
    for (owner, address) in alone().filter(|(owner, _)| targets.of_owner(owner).is_none()) {
        tracing::warn!(owner, address, "no mail can go to this address: nothing is sent there; correct it");
    }
    Ok(targets)
}

/// Ids and names of the topics, in their order.
pub fn topic_names(taxonomy: &Taxonomy) -> Vec<(String, String)> {
    taxonomy.topics().iter().map(|topic| (topic.id.clone(), topic.name.clone())).collect()
}

/// Whether a setting that names a file names none.
pub fn is_unset(name: &str) -> bool {
    matches!(name, "" | "none")
}

/// Which topic stands below which.
pub fn topic_tree(taxonomy: &Taxonomy) -> TopicTree {
    let topics = taxonomy.topics().iter();
    TopicTree::new(topics.map(|topic| (topic.id.as_str(), topic.parent.as_deref())))
}

/// The object store's options, secrets followed.
pub fn storage(config: &Config) -> Result<BTreeMap<String, String>> {
    reveal(&config.store.storage).map_err(|(name, error)| {
        anyhow::Error::new(error).context(format!("store.storage.{name} cannot be read"))
    })
}

/// Whether the tables lie in a bucket.
pub fn is_remote(path: &Path) -> bool {
    path.to_string_lossy().contains("://")
}

/// When a batch is closed.
pub fn batch_limits(section: &WorkerSection) -> BatchLimits {
    BatchLimits {
        rows: section.batch_rows as usize,
        bytes: section.batch_bytes.in_memory(),
        age: section.batch_time.0,
    }
}

/// The Kafka loop's settings.
pub fn worker_config(config: &Config) -> Result<WorkerConfig> {
    let section = &config.worker;
    let topics: BTreeSet<String> = config.read_topics().into_keys().collect();
    ensure!(!topics.is_empty(), "no topic is configured: name one in [kafka.topics]");
    let mut worker =
        WorkerConfig::new(&config.kafka.bootstrap, &config.kafka.group, topics.into_iter().collect());
    worker.properties = kafka::properties(config)?;
    worker.batch = batch_limits(section);
    worker.threads = (section.threads > 0).then_some(usize::from(section.threads));
    worker.on_gap = match section.on_gap {
        config::OnGap::Fail => worker::OnGap::Fail,
        config::OnGap::Skip => worker::OnGap::Skip,
    };
    worker.check().context("[kafka.properties] is wrong")?;
    Ok(worker)
}

/// The taxonomy in force.
pub fn taxonomy(config: &Config) -> Result<Taxonomy> {
    crate::taxonomy::place(config).load()
}

/// Where the commands' asynchronous parts run.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads cannot be started")
}
