//! The pseudonym key: from the configuration, or made on the first start of a single machine.

use crate::config::Config;
use crate::context::is_remote;
use analyze::pseudonym::PseudonymKey;
use anyhow::{Context as _, ensure};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Where the key of this configuration lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `privacy.key`.
    Configured,
    /// `privacy.key_file`, which must be there.
    File(PathBuf),
    /// Beside the tables; made when it is missing.
    Beside(PathBuf),
}

pub fn place(config: &Config) -> Place {
    if config.privacy.key.is_set() {
        return Place::Configured;
    }
    if !config.privacy.key_file.as_os_str().is_empty() {
        return Place::File(config.privacy.key_file.clone());
    }
    let mut path = config.store.path.clone().into_os_string();
    path.push(".key");
    Place::Beside(path.into())
}

/// The key, made where it may be.
pub fn obtain(config: &Config) -> anyhow::Result<PseudonymKey> {
    match place(config) {
        Place::Configured => {
            let key = config.privacy.key.reveal().context("privacy.key cannot be read")?;
            PseudonymKey::parse(&key).context("privacy.key is no key: make one with `openssl rand -hex 32`")
        }
        Place::File(path) => read(&path),
        Place::Beside(_) if is_remote(&config.store.path) => anyhow::bail!(
            "tables in a bucket need a key that every worker shares: make one with `openssl rand -hex 32` and name it \
             by privacy.key or privacy.key_file"
        ),
        Place::Beside(path) if path.exists() => read(&path),
        Place::Beside(path) => {
            ensure!(
                !config.store.path.join("feedback").join("_delta_log").exists(),
                "the key {} is gone, and the tables in {} were written with it: bring it back, for a new one \
                 would make every author a stranger",
                path.display(),
                config.store.path.display()
            );
            let made = make(&path)?;
            tracing::warn!(path = %path.display(), "made a pseudonym key: keep a copy, and share it with every worker of these tables");
            Ok(made)
        }
    }
}

/// Whether a key that is named is there and is one. Makes nothing.
pub fn check(config: &Config) -> anyhow::Result<()> {
    match place(config) {
        Place::Beside(path) if !path.exists() => Ok(()),
        _ => obtain(config).map(drop),
    }
}

fn read(path: &Path) -> anyhow::Result<PseudonymKey> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the pseudonym key {} cannot be read", path.display()))?;
    if let Some(mode) = too_open(path) {
        tracing::warn!(path = %path.display(), mode, "others on this machine can read the pseudonym key: chmod 600 it");
    }
    PseudonymKey::parse(&text)
        .with_context(|| format!("{} is no key: make one with `openssl rand -hex 32`", path.display()))
}

/// The mode, where anybody beside the owner may read the file.
pub fn too_open(path: &Path) -> Option<String> {
    let mode = std::fs::metadata(path).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then(|| format!("{mode:o}"))
}

/// Two processes may start at once: whoever links its file first has made the key.
pub fn make(path: &Path) -> anyhow::Result<PseudonymKey> {
    let failed = || format!("cannot make the pseudonym key {}", path.display());
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        std::fs::create_dir_all(dir).with_context(failed)?;
    }
    let mut random = [0; 32];
    std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut random)).with_context(failed)?;
    let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    // Containers may have the same process number: the draft's name is drawn as well.
    let mut name = [0; 8];
    std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut name)).with_context(failed)?;
    let draft = path.with_extension(format!("key.{:016x}", u64::from_le_bytes(name)));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .with_context(failed)?;
    let written = file.write_all(format!("{hex}\n").as_bytes()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft).with_context(failed)?;
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(failed),
    }
    read(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(dir: &Path) -> Config {
        let mut config = crate::config::assemble(None, std::iter::empty()).unwrap().config;
        config.store.path = dir.join("data");
        config
    }

    #[test]
    fn a_key_is_made_once_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        let first = obtain(&config).unwrap();
        let path = dir.path().join("data.key");
        assert_eq!(place(&config), Place::Beside(path.clone()));
        assert_eq!(too_open(&path), None);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "no draft is left");
        assert_eq!(obtain(&config).unwrap().identifier("x"), first.identifier("x"));
    }

    #[test]
    fn a_lost_key_is_not_replaced_where_tables_depend_on_it() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        std::fs::create_dir_all(config.store.path.join("feedback/_delta_log")).unwrap();
        let error = obtain(&config).unwrap_err().to_string();
        assert!(error.contains("is gone"), "{error}");
    }

    #[test]
    fn a_named_key_file_must_be_there() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = config(dir.path());
        config.privacy.key_file = dir.path().join("nowhere");
        assert!(obtain(&config).is_err());
        assert!(!dir.path().join("nowhere").exists());
    }
}
