//! The configuration: the built-in defaults, the user's file over them, variables over both.
//!
//! A [`Config`] exists only when every key is known, every value has its type and every range is kept;
//! what is wrong is said all at once, with the place and the nearest right name.

mod layers;
mod maps;
mod rules;
mod schema;
mod secret;
mod server;
mod show;
mod strays;
mod typed;
mod units;
mod vendors;
mod weekly;

pub use layers::{Layers, Origin, dotted};
pub use secret::{Secret, SecretError, names_a_secret};
pub use show::{Shown, shown};
pub use typed::*;
pub use units::{Bytes, Date, Span};
pub use vendors::{VendorSection, VendorTopicSection, kind_problem, vendor};

pub use schema::nearest;
use std::path::{Path, PathBuf};

/// One thing wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    pub at: String,
    pub message: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the configuration file {}, named by --config or $VERBATIM_CONFIG", path.display())]
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
    /// What is not wrong, but hardly meant so.
    pub warnings: Vec<Problem>,
}

/// Loads the configuration of this process. `file`: from `--config` or `VERBATIM_CONFIG`.
pub fn load(file: Option<&Path>) -> Result<Loaded, ConfigError> {
    sound(attempt(file)?)
}

/// Like [`load`], with everything that is wrong beside; a wrong value is its default then.
pub fn attempt(file: Option<&Path>) -> Result<(Loaded, Vec<Problem>), ConfigError> {
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
    put_together(text.as_ref().map(|(path, text)| (*path, text.as_str())), variables)
}

/// Lays file and variables over the defaults and checks the result.
#[cfg(test)]
pub fn assemble(
    file: Option<(&Path, &str)>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    sound(put_together(file, variables)?)
}

fn sound((loaded, problems): (Loaded, Vec<Problem>)) -> Result<Loaded, ConfigError> {
    if problems.is_empty() { Ok(loaded) } else { Err(ConfigError::Wrong(problems)) }
}

fn put_together(
    file: Option<(&Path, &str)>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<(Loaded, Vec<Problem>), ConfigError> {
    let (defaults, shape) = Layers::defaults();
    let mut layers = defaults.clone();
    let variables: Vec<(String, String)> = variables.collect();
    if let Some((path, text)) = file {
        layers.add_file(path, text, &shape);
    }
    layers.add_variables(variables.iter().cloned(), &shape);
    let mut problems = std::mem::take(&mut layers.problems);
    let config = loop {
        let read: Result<Config, _> = serde_path_to_error::deserialize(layers.table());
        let error = match read {
            Ok(config) => break config.with_plain_paths(),
            Err(error) => error,
        };
        let path = key_path(error.path());
        let message = format!("{}: {}", dotted(&path), first_line(&error.inner().to_string()));
        problems.push(Problem { at: layers.origin(&path).to_string(), message });
        // With the default in its place the next mistake shows, until there is none.
        if !layers.put_back(&path, &defaults) {
            return Err(ConfigError::Wrong(problems));
        }
    };
    problems.extend(config.problems(&layers));
    let mut warnings = strays::strays(variables.iter().map(|(name, _)| name.as_str()), &layers);
    warnings.extend(config.wrong_maps(&layers));
    Ok((Loaded { config, layers, file: file.map(|(path, _)| path.to_owned()), warnings }, problems))
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
