//! all-MiniLM-L6-v2, run over single pieces.
//!
//! A piece's vector is the model's output for that piece alone between [CLS] and [SEP], averaged over the three
//! places: the static table then knows what six layers say of a word, not just its input embedding.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::path::Path;

pub const WIDTH: usize = 384;
const LAYERS: usize = 6;
const HEADS: usize = 12;
const HEAD: usize = WIDTH / HEADS;
const INNER: usize = 4 * WIDTH;
/// [CLS] piece [SEP].
const PLACES: usize = 3;
const CLS: usize = 101;
const SEP: usize = 102;
const EPSILON: f32 = 1e-12;

pub struct MiniLm {
    pub vocabulary: Vec<String>,
    tensors: HashMap<String, Vec<f32>>,
}

impl MiniLm {
    pub fn read(folder: &Path) -> Result<Self> {
        let vocabulary =
            std::fs::read_to_string(folder.join("vocab.txt"))?.lines().map(str::to_owned).collect();
        let bytes = std::fs::read(folder.join("model.safetensors"))?;
        Ok(Self { vocabulary, tensors: tensors(&bytes).context("model.safetensors cannot be read")? })
    }

    fn tensor(&self, name: &str) -> Result<&[f32]> {
        self.tensors.get(name).map(Vec::as_slice).with_context(|| format!("the model has no tensor {name}"))
    }

    /// One row of [`WIDTH`] numbers for each of `pieces`.
    pub fn encode(&self, pieces: &[usize]) -> Result<Vec<f32>> {
        let mut hidden = self.embed(pieces)?;
        for layer in 0..LAYERS {
            self.layer(layer, &mut hidden)?;
        }
        let mean = |three: &[f32]| -> Vec<f32> {
            (0..WIDTH)
                .map(|at| (0..PLACES).map(|p| three[p * WIDTH + at]).sum::<f32>() / PLACES as f32)
                .collect()
        };
        Ok(hidden.chunks_exact(PLACES * WIDTH).flat_map(mean).collect())
    }

    fn embed(&self, pieces: &[usize]) -> Result<Vec<f32>> {
        let words = self.tensor("embeddings.word_embeddings.weight")?;
        let places = self.tensor("embeddings.position_embeddings.weight")?;
        let types = self.tensor("embeddings.token_type_embeddings.weight")?;
        let mut hidden = Vec::with_capacity(pieces.len() * PLACES * WIDTH);
        for piece in pieces {
            for (place, id) in [CLS, *piece, SEP].into_iter().enumerate() {
                let word = &words[id * WIDTH..(id + 1) * WIDTH];
                hidden.extend((0..WIDTH).map(|at| word[at] + places[place * WIDTH + at] + types[at]));
            }
        }
        self.normalise("embeddings.LayerNorm", &mut hidden)?;
        Ok(hidden)
    }

    fn layer(&self, layer: usize, hidden: &mut Vec<f32>) -> Result<()> {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let q = self.linear(&name("attention.self.query"), hidden, WIDTH)?;
        let k = self.linear(&name("attention.self.key"), hidden, WIDTH)?;
        let v = self.linear(&name("attention.self.value"), hidden, WIDTH)?;
        let attended = attend(&q, &k, &v);
        let mut out = self.linear(&name("attention.output.dense"), &attended, WIDTH)?;
        out.iter_mut().zip(hidden.iter()).for_each(|(o, h)| *o += h);
        self.normalise(&name("attention.output.LayerNorm"), &mut out)?;
        let mut inner = self.linear(&name("intermediate.dense"), &out, INNER)?;
        inner.iter_mut().for_each(|x| *x = gelu(*x));
        let mut last = self.linear(&name("output.dense"), &inner, WIDTH)?;
        last.iter_mut().zip(&out).for_each(|(o, h)| *o += h);
        self.normalise(&name("output.LayerNorm"), &mut last)?;
        *hidden = last;
        Ok(())
    }

    /// `input` times the transposed weight, plus the bias.
    fn linear(&self, name: &str, input: &[f32], width: usize) -> Result<Vec<f32>> {
        let weight = self.tensor(&format!("{name}.weight"))?;
        let bias = self.tensor(&format!("{name}.bias"))?;
        let depth = weight.len() / width;
        let rows = input.len() / depth;
        let mut out: Vec<f32> = std::iter::repeat_n(bias, rows).flatten().copied().collect();
        let (d, w) = (depth as isize, width as isize);
        // SAFETY: the three slices hold rows x depth, width x depth and rows x width numbers, as the strides say.
        unsafe {
            matrixmultiply::sgemm(
                rows,
                depth,
                width,
                1.0,
                input.as_ptr(),
                d,
                1,
                weight.as_ptr(),
                1,
                d,
                1.0,
                out.as_mut_ptr(),
                w,
                1,
            );
        }
        Ok(out)
    }

    fn normalise(&self, name: &str, hidden: &mut [f32]) -> Result<()> {
        let weight = self.tensor(&format!("{name}.weight"))?;
        let bias = self.tensor(&format!("{name}.bias"))?;
        for row in hidden.chunks_exact_mut(WIDTH) {
            let mean = row.iter().sum::<f32>() / WIDTH as f32;
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / WIDTH as f32;
            let scale = 1.0 / (variance + EPSILON).sqrt();
            for (at, x) in row.iter_mut().enumerate() {
                *x = (*x - mean) * scale * weight[at] + bias[at];
            }
        }
        Ok(())
    }
}

/// Scaled dot-product attention among the three places of each piece.
fn attend(q: &[f32], k: &[f32], v: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; q.len()];
    let block = PLACES * WIDTH;
    for start in (0..q.len()).step_by(block) {
        for head in 0..HEADS {
            for from in 0..PLACES {
                let place = |p: usize| start + p * WIDTH + head * HEAD;
                let dot =
                    |p: usize| -> f32 { (0..HEAD).map(|at| q[place(from) + at] * k[place(p) + at]).sum() };
                let scores: [f32; PLACES] = std::array::from_fn(|p| dot(p) / (HEAD as f32).sqrt());
                for (p, share) in super::linear::softmax(&scores).into_iter().enumerate() {
                    for at in 0..HEAD {
                        out[place(from) + at] += share * v[place(p) + at];
                    }
                }
            }
        }
    }
    out
}

/// x·Φ(x), with erf by Abramowitz and Stegun 7.1.26 (error below 1.5e-7).
fn gelu(x: f32) -> f32 {
    let z = x.abs() / std::f32::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let poly =
        t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    let erf = 1.0 - poly * (-z * z).exp();
    0.5 * x * (1.0 + erf * x.signum())
}

/// Safetensors: a length, a JSON header, then the numbers.
fn tensors(bytes: &[u8]) -> Result<HashMap<String, Vec<f32>>> {
    let (length, rest) = bytes.split_first_chunk::<8>().context("too short")?;
    let (header, data) = rest.split_at_checked(u64::from_le_bytes(*length) as usize).context("too short")?;
    let header: HashMap<String, serde_json::Value> = serde_json::from_slice(header)?;
    let mut tensors = HashMap::new();
    for (name, entry) in header {
        if entry["dtype"] != "F32" {
            continue;
        }
        let offset = |at: usize| entry["data_offsets"][at].as_u64().map(|offset| offset as usize);
        let (start, end) = offset(0).zip(offset(1)).context("a tensor without offsets")?;
        let numbers = data.get(start..end).context("a tensor beyond the end")?.as_chunks().0;
        tensors.insert(name, numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect());
    }
    Ok(tensors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gelu_is_gelu() {
        // torch.nn.functional.gelu.
        for (x, expected) in [(0.0, 0.0), (1.0, 0.841_345), (-1.0, -0.158_655), (3.0, 2.995_95)] {
            assert!((gelu(x) - expected).abs() < 1e-5, "{x}");
        }
    }

    #[test]
    fn a_header_that_lies_is_refused() {
        assert!(tensors(b"1234").is_err());
        let header = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header);
        assert!(tensors(&bytes).is_err());
        bytes.extend_from_slice(&1.5f32.to_le_bytes());
        assert_eq!(tensors(&bytes).unwrap()["a"], [1.5]);
    }
}
