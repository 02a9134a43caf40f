//! The configuration: the built-in defaults, the user's file over them, variables over both.
//!
//! A [`Config`] exists only when every key is known, every value has its type and every range is kept;
//! what is wrong is said all at once, with the place and the nearest right name.

mod layers;
mod schema;
mod secret;
mod show;
mod typed;
mod units;

pub use layers::{Layers, Origin};
pub use secret::{Secret, SecretError};
pub use show::shown;
pub use typed::*;
pub use units::{Bytes, Date, Span};

pub use schema::nearest;
use std::path::{Path, PathBuf};

/// One thing wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub at: String,
    pub message: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the configuration file {}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{}", list(.0))]
    Wrong(Vec<Problem>),
}

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.at, p.message)).collect();
    match lines.as_slice() {
        [one] => format!("the configuration is wrong. {one}"),
        many => format!("the configuration has {} mistakes:\n  {}", many.len(), many.join("\n  ")),
    }
}

/// A configuration in force, with the layers it came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub config: Config,
    pub layers: Layers,
    /// The user's file, if there is one.
    pub file: Option<PathBuf>,
}

/// Loads the configuration of this process. `file`: from `--config` or `VERBATIM_CONFIG`.
pub fn load(file: Option<&Path>) -> Result<Loaded, ConfigError> {
    let beside = Path::new("verbatim.toml");
    let file = file.or_else(|| beside.exists().then_some(beside));
    let text = match file {
        Some(path) => {
            let read = std::fs::read_to_string(path);
            let text = read.map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
            Some((path, text))
        }
        None => None,
    };
    // A variable that is not Unicode cannot be one of ours: our names are ASCII.
    let variables =
        std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    assemble(text.as_ref().map(|(path, text)| (*path, text.as_str())), variables)
}

/// Lays file and variables over the defaults and checks the result.
pub fn assemble(
    file: Option<(&Path, &str)>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let (mut layers, shape) = Layers::defaults();
    if let Some((path, text)) = file {
        layers.add_file(path, text, &shape);
    }
    layers.add_variables(variables, &shape);
    if !layers.problems.is_empty() {
        return Err(ConfigError::Wrong(layers.problems));
    }
    let config: Result<Config, _> = serde_path_to_error::deserialize(layers.table());
    let config = config.map_err(|error| {
        let path = key_path(error.path());
        let at = layers.origin(&path).to_string();
        let message = format!("{}: {}", layers::dotted(&path), first_line(&error.inner().to_string()));
        ConfigError::Wrong(vec![Problem { at, message }])
    })?;
    let problems = config.problems(&layers);
    if !problems.is_empty() {
        return Err(ConfigError::Wrong(problems));
    }
    Ok(Loaded { config, layers, file: file.map(|(path, _)| path.to_owned()) })
}

fn key_path(path: &serde_path_to_error::Path) -> Vec<String> {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            Segment::Seq { .. } | Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
