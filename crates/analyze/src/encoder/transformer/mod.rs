//! The transformer: all-MiniLM-L6-v2 through rust-bert, fine-tuned for sentiment, kind and urgency at once.
//!
//! [`Transformer`] is the encoder; `network` to `tokens` are what it reads with, `load` and `difference` where that comes from.

pub mod batch;
pub mod difference;
pub mod load;
pub mod network;
mod pool;
pub mod reader;
mod readings;
pub mod tokens;

use super::builtin::Builtin;
use super::{Encoder, Encoding, Judge, Matchers, NetworkVectors, Passage, PrepareError, Workspace};
use crate::heads::Calibrations;
use crate::taxonomy::Taxonomy;
use crate::topics::{self, TopicMatcher};
use feedback::kind::Contract;
use load::{Heads, LoadError};
use network::WIDTH;
use pool::Pool;
use reader::{Asked, ReadError, Reading};
pub use readings::Readings;
use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What fine-tuning changed; `cargo xtask teacher` writes it.
pub const BYTES: &[u8] = include_bytes!("../../../weights/minilm.difference");

/// Which weights the network has by it, as facts name whoever judged them.
#[must_use]
pub fn version() -> String {
    format!("minilm-1:{:08x}", xxhash_rust::xxh3::xxh3_64(BYTES) as u32)
}

/// The places in [`Encoder::judges`].
const BUILTIN: usize = 0;
const NETWORK: usize = 1;

/// Texts that are read together: enough to fill batches of like length.
const GROUP: usize = 256;

/// Which texts the network reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asks {
    Everything,
    /// Those of which the built-in encoder is not sure.
    Unsure,
}

/// The built-in encoder with a network beside it. Words, vectors and whatever the network does not read, or fails at, are
/// the built-in encoder's; who gave the scores is told.
pub struct Transformer {
    builtin: Builtin<'static>,
    pool: Pool,
    judges: [Judge; 2],
    version: String,
    /// Below this calibrated probability of the sentiment the network is asked; `None`: always.
    sure_from: Option<f32>,
    failures: AtomicU64,
}

impl Transformer {
    /// The committed fine-tuning upon the public weights in `folder`, for so many threads.
    ///
    /// # Errors
    /// Where a file is missing, torn, or of another model.
    pub fn committed(
        folder: &Path,
        builtin: Builtin<'static>,
        asks: Asks,
        threads: usize,
    ) -> Result<Self, LoadError> {
        load::check_vocabulary(folder)?;
        Self::unchecked(folder, builtin, asks, threads)
    }

    /// The same with whatever vocabulary lies there: for tests of what a wrong one does.
    ///
    /// # Errors
    /// As [`Self::committed`], but for the vocabulary.
    pub fn unchecked(
        folder: &Path,
        builtin: Builtin<'static>,
        asks: Asks,
        threads: usize,
    ) -> Result<Self, LoadError> {
        let device = tch::Device::cuda_if_available();
        // One thread a network: several gain less than as many networks side by side.
        tch::set_num_threads(1);
        let (readers, facts) = load::load(folder, BYTES, device, threads)?;
        let version = version();
        let Heads { sentiment, kind, urgency } = facts.heads;
        let calibrations = Calibrations { sentiment, kind, urgency: Some(urgency) };
        let judges = [builtin.judges()[0].clone(), Judge { version, calibrations }];
        let (version, sure_from) = match asks {
            Asks::Everything => (judges[NETWORK].version.clone(), None),
            Asks::Unsure => {
                let both = format!("{}+{}", judges[BUILTIN].version, judges[NETWORK].version);
                (both, Some(builtin.sure_from()))
            }
        };
        let failures = AtomicU64::new(0);
        Ok(Self { builtin, pool: Pool::new(readers), judges, version, sure_from, failures })
    }

    /// A taxonomy prepared for matching by the network's vectors; `None` where the network does not read every text.
    ///
    /// # Errors
    /// Where the network fails at the taxonomy's own texts.
    pub fn matcher(&self, taxonomy: &Taxonomy) -> Result<Option<TopicMatcher>, ReadError> {
        let Some(facts) = self.builtin.network_topics().filter(|_| self.sure_from.is_none()) else {
            return Ok(None);
        };
        let texts: Vec<String> = topics::own_texts(taxonomy).collect();
        let asked: Vec<Asked<'_>> = texts
            .iter()
            .map(|text| Asked { context: context(None, None), segments: vec![text.as_str()] })
            .collect();
        let mut vectors = Vec::with_capacity(texts.len());
        for group in asked.chunks(GROUP) {
            let read = self.pool.read(group)?.into_iter();
            vectors.extend(
                read.map(|reading| reading.map_or_else(|| vec![0; WIDTH as usize], |reading| reading.vector)),
            );
        }
        Ok(Some(TopicMatcher::new(taxonomy, self.builtin.pieces(), facts, vectors)))
    }

    /// The encoder behind the vectors.
    #[must_use]
    pub fn builtin(&self) -> &Builtin<'static> {
        &self.builtin
    }

    /// Whether the network is to be asked after the built-in encoder's answer.
    fn is_open(&self, passage: &Passage<'_>, said: &Encoding) -> bool {
        if passage.foreign || passage.words.tokens().is_empty() {
            return false;
        }
        if let Some(judge) = passage.by {
            return judge == NETWORK;
        }
        self.sure_from.is_none_or(|sure_from| {
            // Of emoji and signs alone the built-in encoder knows little, however sure it looks.
            let wordless = said.all_words == 0;
            let calibration = &self.judges[BUILTIN].calibrations.sentiment;
            wordless || calibration.probabilities(&said.sentiment).into_iter().fold(0.0, f32::max) < sure_from
        })
    }

    /// Readings in the order of the passages; where the network fails at all of them together it is asked for each alone.
    fn read(&self, passages: &[Passage<'_>]) -> Vec<Option<Reading>> {
        let asked: Vec<Asked<'_>> = passages.iter().map(asked).collect();
        if let Ok(readings) = self.pool.read(&asked) {
            return readings;
        }
        let alone = |one: &Asked<'_>| match self.pool.read(std::slice::from_ref(one)) {
            Ok(mut reading) => reading.pop().flatten(),
            Err(_) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                None
            }
        };
        asked.iter().map(alone).collect()
    }
}

impl Encoder for Transformer {
    fn judges(&self) -> &[Judge] {
        &self.judges
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn vector_version(&self) -> &str {
        self.builtin.vector_version()
    }

    fn network_vector_version(&self) -> Option<&str> {
        // Whatever changes a weight of the network changes its vectors.
        self.sure_from.is_none().then(|| self.judges[NETWORK].version.as_str())
    }

    fn matchers(&self, taxonomy: &Taxonomy) -> Result<Matchers, PrepareError> {
        let network = self.matcher(taxonomy).map_err(|error| PrepareError(Box::new(error)))?;
        Ok(Matchers { topics: self.builtin.matcher(taxonomy), network })
    }

    fn encode(&self, passage: &Passage<'_>, workspace: &mut Workspace, out: &mut Encoding) {
        self.builtin.encode(passage, workspace, out);
        if !self.is_open(passage, out) {
            return;
        }
        let ahead = workspace.readings.get(readings::key(passage));
        if let Some(reading) = ahead.unwrap_or_else(|| self.read(&[*passage]).pop().flatten()) {
            let vectors = adopt(reading, out);
            // Vectors of some texts only are of no use: no two spaces are compared.
            out.network = self.sure_from.is_none().then_some(vectors);
        }
    }

    fn group(&self) -> usize {
        GROUP
    }

    fn foresee(&self, passages: &[Passage<'_>], workspace: &mut Workspace) {
        workspace.readings.clear();
        let mut said = Encoding::default();
        let mut open: Vec<Passage<'_>> = Vec::with_capacity(passages.len());
        // What stands in a group twice is read once.
        let mut keys = HashSet::new();
        for passage in passages {
            self.builtin.encode(passage, workspace, &mut said);
            if self.is_open(passage, &said) && keys.insert(readings::key(passage)) {
                open.push(*passage);
            }
        }
        for (passage, reading) in open.iter().zip(self.read(&open)) {
            workspace.readings.put(readings::key(passage), reading);
        }
    }

    fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }
}

/// The network's scores take the place of the built-in encoder's; its vectors are given back.
fn adopt(reading: Reading, out: &mut Encoding) -> NetworkVectors {
    out.judge = NETWORK;
    out.sentiment = reading.sentiment;
    out.kind = reading.kind;
    out.urgency = Some(reading.urgency);
    let mut vectors = NetworkVectors { vector: reading.vector, segments: Vec::new() };
    for (segment, reading) in out.segments.iter_mut().zip(reading.segments) {
        segment.sentiment = reading.sentiment;
        vectors.segments.push(reading.vector);
    }
    vectors
}

fn asked<'p>(passage: &Passage<'p>) -> Asked<'p> {
    Asked { context: context(passage.contract, passage.asked), segments: passage.segments().collect() }
}

/// Where a text comes from and what was asked, as one line. Training writes it likewise.
#[must_use]
pub fn context(contract: Option<Contract>, question: Option<&str>) -> String {
    let source = match (contract, question) {
        (Some(Contract::Survey), _) | (None, Some(_)) => "survey",
        (Some(Contract::Ticket), _) => "ticket",
        (Some(Contract::Nps), _) => "nps",
        (Some(Contract::Social) | None, _) => "social",
    };
    format!("{source} {}", question.unwrap_or_default()).trim_end().to_owned()
}
