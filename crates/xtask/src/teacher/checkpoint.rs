//! Checkpoints: weights and the optimizer's state in one file, replaced whole.

use super::adamw::AdamW;
use anyhow::{Context, Result, ensure};
use std::collections::HashMap;
use std::path::Path;
use tch::{Tensor, nn, no_grad};

const FILE: &str = "checkpoint.safetensors";
/// Steps done, and of how many.
const STEPS: &str = "steps";

pub fn save(folder: &Path, steps: [usize; 2], store: &nn::VarStore, optimizer: &AdamW) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    let mut tensors: Vec<(String, Tensor)> = store.variables().into_iter().collect();
    tensors.extend(optimizer.state());
    tensors.push((STEPS.to_owned(), Tensor::from_slice(&steps.map(|steps| steps as i64))));
    let (partial, file) = (folder.join("partial.safetensors"), folder.join(FILE));
    Tensor::write_safetensors(&tensors, &partial).context("the checkpoint could not be written")?;
    std::fs::rename(&partial, &file).with_context(|| format!("could not put {} in place", file.display()))
}

/// The number of steps that are done of `all`: 0 without a checkpoint.
///
/// # Errors
/// Where it cannot be read, or is of another training.
pub fn resume(folder: &Path, all: usize, store: &mut nn::VarStore, optimizer: &mut AdamW) -> Result<usize> {
    let file = folder.join(FILE);
    if !file.exists() {
        return Ok(0);
    }
    let read = Tensor::read_safetensors(&file)
        .with_context(|| format!("{} cannot be read; remove it to begin anew", file.display()))?;
    let tensors: HashMap<String, Tensor> = read.into_iter().collect();
    let of_this = |steps: &&Tensor| steps.size() == [2] && steps.int64_value(&[1]) == all as i64;
    let steps = tensors.get(STEPS).filter(of_this).map(|steps| steps.int64_value(&[0]));
    let other = || format!("{} is of another training; remove it to begin anew", file.display());
    let steps = steps.with_context(other)?;
    no_grad(|| {
        for (name, mut variable) in store.variables() {
            if let Some(saved) = tensors.get(&name) {
                variable.copy_(saved);
            }
        }
    });
    ensure!(optimizer.restore(steps, &tensors), other());
    Ok(steps as usize)
}
