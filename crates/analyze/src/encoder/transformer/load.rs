//! From files to a network that can be asked: the public weights, with what fine-tuning changed put back.

use super::difference::{self, DifferenceError, Facts, Matrix};
use super::network::Network;
use super::reader::Reader;
use super::tokens::Tokenizer;
use crate::heads::Calibration;
use rust_bert::RustBertError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tch::{Device, Kind, TchError, Tensor, nn};

/// The public weights and their vocabulary, as `cargo xtask model` brings them.
const WEIGHTS: &str = "model.safetensors";
const VOCABULARY: &str = "vocab.txt";
const VOCABULARY_CHECKSUM: &str = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3";

/// How the heads' scores become probabilities and labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    pub sentiment: Calibration,
    pub kind: Calibration,
    pub urgency: Calibration,
}

/// Why the transformer cannot be used; none of it passes by itself.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{} is not there: `cargo xtask model` brings the public weights, and prints the folder to name", path.display())]
    Missing { path: PathBuf },
    #[error("{} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} has the checksum {found}, and the fine-tuned weights are of {expected}: it is torn or another model", path.display())]
    OtherBase { path: PathBuf, found: String, expected: String },
    #[error("the fine-tuned weights cannot be used")]
    Difference(#[from] DifferenceError),
    #[error("no weights are given for {name}")]
    NoWeights { name: String },
    #[error("libtorch could not take up the weights")]
    Torch(#[from] TchError),
    #[error("the vocabulary cannot be read")]
    Vocabulary(#[source] RustBertError),
}

/// Readers of the weights in `folder` changed by `tuned`, and how they are calibrated. All share the weights' memory.
///
/// # Errors
/// Where a file is missing, torn, or of another model.
pub fn load(
    folder: &Path,
    tuned: &[u8],
    device: Device,
    readers: usize,
) -> Result<(Vec<Reader>, Facts<Heads>), LoadError> {
    let (facts, _) = difference::parse::<Heads>(tuned)?;
    let path = folder.join(WEIGHTS);
    check(&path, &facts.base)?;
    let base = matrices(Tensor::read_safetensors(&path)?)?;
    let (facts, whole) = difference::read::<Heads>(tuned, &base)?;
    let weights = filled(&base, &whole, device)?;
    let vocabulary = folder.join(VOCABULARY);
    let reader = |_| {
        let store = nn::VarStore::new(device);
        let network = Network::new(&store.root());
        for (name, mut variable) in store.variables() {
            variable.set_data(&weights[&name]);
        }
        let tokenizer = Tokenizer::new(&vocabulary).map_err(LoadError::Vocabulary)?;
        Ok(Reader::new(network, tokenizer, store))
    };
    let readers = (0..readers.max(1)).map(reader).collect::<Result<_, LoadError>>()?;
    Ok((readers, facts))
}

/// Whether the vocabulary is the one that the weights were trained with.
///
/// # Errors
/// Where it is missing, torn, or another one.
pub fn check_vocabulary(folder: &Path) -> Result<(), LoadError> {
    check(&folder.join(VOCABULARY), VOCABULARY_CHECKSUM)
}

/// Whether both files are those that `tuned` was trained upon; they are read, but not taken up.
///
/// # Errors
/// Where one is missing, torn, or of another model.
pub fn check_files(folder: &Path, tuned: &[u8]) -> Result<(), LoadError> {
    let (facts, _) = difference::parse::<Heads>(tuned)?;
    check(&folder.join(WEIGHTS), &facts.base)?;
    check_vocabulary(folder)
}

fn check(path: &Path, expected: &str) -> Result<(), LoadError> {
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => LoadError::Missing { path: path.to_owned() },
        _ => LoadError::Unreadable { path: path.to_owned(), source },
    })?;
    let found = checksum(&bytes);
    if found != expected {
        return Err(LoadError::OtherBase { path: path.to_owned(), found, expected: expected.to_owned() });
    }
    Ok(())
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Tensors of one or two dimensions as rows of numbers; others are no weights.
///
/// # Errors
/// Where libtorch cannot hand the numbers over.
pub fn matrices(
    tensors: impl IntoIterator<Item = (String, Tensor)>,
) -> Result<BTreeMap<String, Matrix>, TchError> {
    let mut matrices = BTreeMap::new();
    for (name, tensor) in tensors {
        let (rows, columns) = match tensor.size()[..] {
            [columns] => (1, columns as usize),
            [rows, columns] => (rows as usize, columns as usize),
            _ => continue,
        };
        if tensor.kind() != Kind::Float {
            continue;
        }
        let numbers = Vec::<f32>::try_from(tensor.to_device(Device::Cpu).contiguous().view([-1]))?;
        matrices.insert(name, Matrix { rows, columns, numbers });
    }
    Ok(matrices)
}

/// The value of every variable of the network.
fn filled(
    base: &BTreeMap<String, Matrix>,
    whole: &BTreeMap<String, Matrix>,
    device: Device,
) -> Result<BTreeMap<String, Tensor>, LoadError> {
    let store = nn::VarStore::new(device);
    // Makes the variables, with their names and sizes.
    let _network = Network::new(&store.root());
    let mut filled = BTreeMap::new();
    for (name, variable) in store.variables() {
        let size = variable.size();
        let numbers: i64 = size.iter().product();
        let found = whole.get(&name).or_else(|| base.get(&name));
        let matrix = found
            .filter(|matrix| matrix.numbers.len() as i64 == numbers)
            .ok_or_else(|| LoadError::NoWeights { name: name.clone() })?;
        let values = Tensor::f_from_slice(&matrix.numbers)?.f_view(size.as_slice())?.f_to_device(device)?;
        filled.insert(name, values);
    }
    Ok(filled)
}
