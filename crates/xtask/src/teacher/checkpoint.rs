//! Checkpoints: weights and the optimizer's state in one file, replaced whole.

use super::adamw::AdamW;
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::path::Path;
use tch::{Tensor, nn, no_grad};

const FILE: &str = "checkpoint.safetensors";
const STEPS: &str = "steps";

pub fn save(folder: &Path, steps: usize, store: &nn::VarStore, optimizer: &AdamW) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    let mut tensors: Vec<(String, Tensor)> = store.variables().into_iter().collect();
    tensors.extend(optimizer.state());
    tensors.push((STEPS.to_owned(), Tensor::from_slice(&[steps as i64])));
    let (partial, file) = (folder.join("partial.safetensors"), folder.join(FILE));
    Tensor::write_safetensors(&tensors, &partial).context("the checkpoint could not be written")?;
    std::fs::rename(&partial, &file).with_context(|| format!("could not put {} in place", file.display()))
}

/// The number of steps that are done: 0 without a checkpoint.
pub fn resume(folder: &Path, store: &mut nn::VarStore, optimizer: &mut AdamW) -> Result<usize> {
    let file = folder.join(FILE);
    if !file.exists() {
        return Ok(0);
    }
    let read = Tensor::read_safetensors(&file)
        .with_context(|| format!("{} cannot be read; remove it to begin anew", file.display()))?;
    let tensors: HashMap<String, Tensor> = read.into_iter().collect();
    let steps = tensors.get(STEPS).map_or(0, |steps| steps.int64_value(&[0]));
    no_grad(|| {
        for (name, mut variable) in store.variables() {
            if let Some(saved) = tensors.get(&name) {
                variable.copy_(saved);
            }
        }
        optimizer.restore(steps, &tensors);
    });
    Ok(steps as usize)
}
