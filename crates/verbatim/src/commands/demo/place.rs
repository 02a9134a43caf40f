//! The demo's directory: wiped at every start, and only if it is the demo's.

use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

const MARKER: &str = ".verbatim-demo";

/// The directory of one demo.
#[derive(Debug)]
pub struct Place {
    root: PathBuf,
}

impl Place {
    /// An empty directory of ours.
    pub fn prepare(root: &Path) -> anyhow::Result<Self> {
        let failed = || format!("cannot prepare the demo's directory {}", root.display());
        let ours = root.join(MARKER).exists();
        if root.exists() && !ours && std::fs::read_dir(root).with_context(failed)?.next().is_some() {
            bail!(
                "{} is not empty and not a demo's: name another directory with --dir, or remove it yourself",
                root.display()
            );
        }
        if ours {
            std::fs::remove_dir_all(root).with_context(failed)?;
        }
        std::fs::create_dir_all(root).with_context(failed)?;
        std::fs::write(root.join(MARKER), "Made by `verbatim demo`, and wiped by the next one.\n")
            .with_context(failed)?;
        let root = root.canonicalize().with_context(failed)?;
        Ok(Self { root })
    }

    pub fn tables(&self) -> PathBuf {
        self.root.join("tables")
    }

    /// As the tables' key would lie without any configuration, so that other commands find it there.
    pub fn key(&self) -> PathBuf {
        self.root.join("tables.key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_demos_directory_is_wiped() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("demo");
        Place::prepare(&root).unwrap();
        std::fs::write(root.join("old"), "").unwrap();
        Place::prepare(&root).unwrap();
        assert!(!root.join("old").exists());

        let other = dir.path().join("thesis");
        std::fs::create_dir(&other).unwrap();
        std::fs::write(other.join("chapter"), "").unwrap();
        assert!(Place::prepare(&other).is_err());
        assert!(other.join("chapter").exists());
    }
}
