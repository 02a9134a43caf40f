//! Where the taxonomy lies.

use crate::config::Config;
use crate::context::is_remote;
use analyze::Taxonomy;
use anyhow::{Context as _, Result};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What `analyze.taxonomy` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file that it names.
    Named(PathBuf),
    /// The built-in one; this file stands in its place where it is there.
    Beside(PathBuf),
    /// The built-in one, beside tables in a bucket, where no file can be.
    BuiltIn,
}

pub fn place(config: &Config) -> Place {
    match config.analyze.taxonomy.as_str() {
        "built-in" if is_remote(&config.store.path) => Place::BuiltIn,
        "built-in" => {
            let mut path = config.store.path.clone().into_os_string();
            path.push(".taxonomy.toml");
            Place::Beside(path.into())
        }
        name => Place::Named(name.into()),
    }
}

impl Place {
    /// The file that another one is written to.
    pub fn target(&self) -> Option<&Path> {
        match self {
            Self::Named(path) | Self::Beside(path) => Some(path),
            Self::BuiltIn => None,
        }
    }

    /// The file that it is read from; `None` of the built-in one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Named(path) => Some(path),
            Self::Beside(path) => Some(path.as_path()).filter(|path| path.exists()),
            Self::BuiltIn => None,
        }
    }

    /// The file that stands in the place of the built-in one.
    pub fn switched_on(&self) -> Option<&Path> {
        self.file().filter(|_| !matches!(self, Self::Named(_)))
    }

    /// Its text.
    pub fn read(&self) -> Result<String> {
        let built_in = || Taxonomy::standard_text().to_owned();
        let Some(path) = self.target() else { return Ok(built_in()) };
        match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound && matches!(self, Self::Beside(_)) => {
                Ok(built_in())
            }
            read => read.with_context(|| format!("the taxonomy {} cannot be read", path.display())),
        }
    }

    /// The taxonomy.
    pub fn load(&self) -> Result<Taxonomy> {
        self.parse(&self.read()?)
    }

    pub fn parse(&self, text: &str) -> Result<Taxonomy> {
        Taxonomy::parse(text).with_context(|| match self.file() {
            None => "the built-in taxonomy is broken".to_owned(),
            Some(path) => format!("the taxonomy {} is wrong", path.display()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;

    fn config(dir: &tempfile::TempDir) -> Config {
        let mut config = assemble(None, std::iter::empty()).unwrap().config;
        config.store.path = dir.path().join("data");
        config
    }

    #[test]
    fn a_file_beside_the_tables_stands_in_the_place_of_the_built_in_one() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = config(&dir);
        let held = place(&config);
        let file = dir.path().join("data.taxonomy.toml");
        assert_eq!((held.target(), held.file(), held.switched_on()), (Some(file.as_path()), None, None));
        assert_eq!(held.load().unwrap().version(), Taxonomy::standard().unwrap().version());
        std::fs::write(&file, "version = \"mine\"\n").unwrap();
        assert_eq!(held.switched_on(), Some(file.as_path()));
        assert!(held.load().unwrap().version().starts_with("mine:"));
        std::fs::write(&file, "topics = 1\n").unwrap();
        let error = format!("{:#}", held.load().unwrap_err());
        assert!(error.contains("data.taxonomy.toml is wrong"), "{error}");
        // One that is named wins over both.
        config.analyze.taxonomy = dir.path().join("mine.toml").to_string_lossy().into_owned();
        let named = place(&config);
        assert_eq!(named.switched_on(), None);
        assert!(format!("{:#}", named.load().unwrap_err()).contains("mine.toml cannot be read"));
        config.analyze.taxonomy = "built-in".to_owned();
        config.store.path = "s3://bucket/tables".into();
        assert_eq!((place(&config), place(&config).target()), (Place::BuiltIn, None));
        assert!(place(&config).load().is_ok());
    }
}
