//! `cargo xtask teacher`: the transformer, from the public weights and labelled texts to what fine-tuning changed.
//!
//! Seeded, and resumed from its last checkpoint. One step takes a batch of texts of like length, of all tasks; every few steps
//! a batch of intents keeps the vectors apart that mean different things. Embeddings stay as they are. At the end the vectors'
//! head is fitted in closed form.

mod adamw;
mod batches;
mod checkpoint;
mod examples;
mod judge;
mod losses;
mod read;
mod space;
mod teach;
mod vectors;

use crate::train::Progress;
use adamw::AdamW;
use analyze::encoder::SENTIMENTS;
use analyze::encoder::transformer::difference;
use analyze::encoder::transformer::load::{self, Heads};
use analyze::encoder::transformer::network::{Network, WIDTH};
use analyze::encoder::transformer::reader::Reader;
use analyze::encoder::transformer::tokens::Tokenizer;
use anyhow::{Context, Result};
use batches::Schedule;
use examples::Examples;
use losses::Aids;
use read::Readers;
use space::NetworkSpace;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tch::{Device, Kind, Tensor, nn};

#[derive(clap::Args)]
pub struct Options {
    /// The folder of the labelled sets.
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Where checkpoints lie; a training that was cut goes on from there.
    #[arg(long)]
    checkpoints: Option<PathBuf>,
    /// Stop after so many steps: to see that it runs.
    #[arg(long)]
    steps: Option<usize>,
    /// Train nothing: read the texts with the weights that are committed.
    #[arg(long)]
    teach_only: bool,
}

/// The whole recipe; chosen on development data.
pub struct Recipe {
    pub rate: f64,
    pub warm_up: f64,
    pub batch: usize,
    /// One batch of intents after so many of texts.
    pub intents_every: usize,
    pub checkpoint_every: usize,
    pub seed: i64,
}

const RECIPE: Recipe = Recipe {
    rate: 1e-4,
    warm_up: 0.06,
    batch: 32,
    intents_every: 10,
    checkpoint_every: 250,
    seed: 20_261_126,
};

/// # Errors
/// Where data or the public weights are missing, or a step fails.
pub fn run(options: &Options) -> Result<()> {
    let progress = Progress::start();
    let device = Device::cuda_if_available();
    let folder = crate::base_model::bring()?;
    let path = crate::paths::root().join("crates/analyze/weights/minilm.difference");
    if options.teach_only {
        return teach::run(&options.data, &folder, &path, &progress);
    }
    let tokenizer = Tokenizer::new(&folder.join("vocab.txt")).context("the vocabulary cannot be read")?;
    let examples = Examples::gather(&options.data, &tokenizer)?;
    progress.say(&examples.summary());
    let checkpoints = options.checkpoints.clone().unwrap_or_else(|| crate::paths::target().join("teacher"));
    let mut student = Student::new(&folder, device)?;
    student.train(&folder, &examples, options.steps, &checkpoints, &progress)?;
    student.turn_vectors_back(&folder, &examples, &progress)?;
    let heads = judge::calibrate(&student.network, &examples, device, &progress)?;
    if options.steps.is_some() {
        return Ok(());
    }
    let bytes = student.difference(&folder, heads)?;
    std::fs::write(&path, &bytes).with_context(|| format!("could not write {}", path.display()))?;
    progress.say(&format!("{}: {:.1} MB", path.display(), bytes.len() as f64 / 1e6));
    teach::run(&options.data, &folder, &path, &progress)
}

/// The public weights; the vectors are the mean of the last layer, and the heads are yet to be learned.
fn public(store: &mut nn::VarStore, folder: &Path) -> Result<Network> {
    let network = Network::new(&store.root());
    store.load_partial(folder.join("model.safetensors")).context("the public weights cannot be read")?;
    tch::no_grad(|| {
        let mut weight = network.vector.ws.shallow_clone();
        weight.copy_(&Tensor::eye(WIDTH, (Kind::Float, store.device())));
        if let Some(bias) = &network.vector.bs {
            let _ = bias.shallow_clone().zero_();
        }
    });
    Ok(network)
}

/// The vectors of the transformer in `tuned`, and those of the public weights in `folder` that it was trained from.
///
/// # Errors
/// Where weights are missing or torn.
pub fn spaces(folder: &Path, tuned: &[u8]) -> Result<[NetworkSpace; 2]> {
    let (readers, _) = Readers::tuned(folder, tuned)?;
    let untuned = |_| {
        let mut store = nn::VarStore::new(Device::cuda_if_available());
        let network = public(&mut store, folder)?;
        let tokenizer = Tokenizer::new(&folder.join("vocab.txt")).context("the vocabulary cannot be read")?;
        Ok(Reader::new(network, tokenizer, store))
    };
    let untuned = (0..Readers::wanted()).map(untuned).collect::<Result<Vec<Reader>>>()?;
    Ok([
        NetworkSpace::new("rust-bert", readers),
        NetworkSpace::new("MiniLM as published", Readers::new(untuned)),
    ])
}

struct Student {
    store: nn::VarStore,
    network: Network,
    aids: Aids,
}

impl Student {
    fn new(folder: &Path, device: Device) -> Result<Self> {
        tch::manual_seed(RECIPE.seed);
        let mut store = nn::VarStore::new(device);
        let network = public(&mut store, folder)?;
        let training = store.root() / "training";
        let aids = Aids {
            domains: training.zeros("domains", &[examples::DOMAINS as i64, SENTIMENTS as i64]),
            emotions: nn::linear(
                &training / "emotions",
                WIDTH,
                examples::EMOTIONS as i64,
                Default::default(),
            ),
        };
        for (name, variable) in store.variables() {
            if name.starts_with("embeddings.") {
                let _ = variable.set_requires_grad(false);
            }
        }
        Ok(Self { store, network, aids })
    }

    fn train(
        &mut self,
        folder: &Path,
        examples: &Examples,
        limit: Option<usize>,
        checkpoints: &Path,
        progress: &Progress,
    ) -> Result<()> {
        let device = self.store.device();
        // What the public weights say of a text, to stay near.
        let mut base = nn::VarStore::new(device);
        let public = public(&mut base, folder)?;
        base.freeze();
        let schedule = Schedule::new(examples, &RECIPE);
        let steps = limit.unwrap_or(schedule.len()).min(schedule.len());
        let mut optimizer = AdamW::new(self.store.variables(), speed);
        let first = checkpoint::resume(checkpoints, schedule.len(), &mut self.store, &mut optimizer)?;
        let (start, mut mean) = (Instant::now(), losses::Mean::default());
        for step in first..steps {
            // Every step has its own randomness, so that a resumed training goes the same way.
            tch::manual_seed(RECIPE.seed + step as i64);
            let loss = losses::of(&schedule.batch(step), &self.network, &self.aids, &public, device)?;
            mean.add(&loss);
            optimizer.step(&loss.total, rate(step, schedule.len()));
            if (step + 1) % 50 == 0 || step + 1 == steps {
                let left =
                    start.elapsed().as_secs_f64() / (step + 1 - first) as f64 * (steps - step - 1) as f64;
                progress.say(&format!(
                    "step {} of {steps}, {}, {:.0} min left",
                    step + 1,
                    mean.take(),
                    left / 60.0
                ));
            }
            if (step + 1) % RECIPE.checkpoint_every == 0 || step + 1 == steps {
                checkpoint::save(checkpoints, [step + 1, schedule.len()], &self.store, &optimizer)?;
            }
        }
        Ok(())
    }
}

impl Student {
    fn turn_vectors_back(&self, folder: &Path, examples: &Examples, progress: &Progress) -> Result<()> {
        let mut base = nn::VarStore::new(self.store.device());
        let public = public(&mut base, folder)?;
        vectors::fit(&self.network, &public, examples, self.store.device(), progress)
    }

    /// What training changed of the public weights, with how it is read.
    fn difference(&self, folder: &Path, heads: Heads) -> Result<Vec<u8>> {
        let path = folder.join("model.safetensors");
        let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        let base = load::matrices(Tensor::read_safetensors(&path)?)?;
        let tuned = self
            .store
            .variables()
            .into_iter()
            .filter(|(name, variable)| variable.requires_grad() && !name.starts_with("training."));
        let tuned = load::matrices(tuned.map(|(name, variable)| (name, variable.detach())))?;
        Ok(difference::write(&base, &tuned, &load::checksum(&bytes), &crate::paths::today()?, heads))
    }
}

/// The few numbers that say who labelled have to be there before the network learns it in their place.
fn speed(name: &str) -> f64 {
    if name == "training.domains" { 20.0 } else { 1.0 }
}

/// Linear warm-up, then linear decay to nothing.
fn rate(step: usize, steps: usize) -> f64 {
    let (at, warm_up) = ((step + 1) as f64 / steps as f64, RECIPE.warm_up);
    RECIPE.rate * if at < warm_up { at / warm_up } else { (1.0 - at).max(0.0) / (1.0 - warm_up) }
}
