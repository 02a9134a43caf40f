//! Which encoder reads the texts, and what it needs.

use crate::config::Config;
use crate::context::{self, Context};
use analyze::{Analyzer, Options};
use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum EncoderName {
    /// Weights inside this program; fast, and needs nothing
    BuiltIn,
    /// A fine-tuned transformer through libtorch reads every text; the most accurate, about a hundred texts a second a core
    RustBert,
    /// The built-in one where it is sure, the transformer otherwise
    Cascade,
}

impl EncoderName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::RustBert => "rust-bert",
            Self::Cascade => "cascade",
        }
    }

    /// The encoders that this build has.
    pub fn of_this_build() -> &'static [Self] {
        if cfg!(feature = "rust-bert") {
            &[Self::BuiltIn, Self::RustBert, Self::Cascade]
        } else {
            &[Self::BuiltIn]
        }
    }
}

impl std::fmt::Display for EncoderName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// For commands whose encoder can be chosen once.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct EncoderArg {
    /// Which encoder reads the texts [default: analyze.encoder, which is "built-in"]
    #[arg(long, value_enum, value_name = "NAME")]
    encoder: Option<EncoderName>,
}

impl EncoderArg {
    /// What was asked for stands before what is configured.
    pub fn settle(self, context: &mut Context) {
        if let Some(name) = self.encoder {
            context.loaded.config.analyze.encoder = name;
        }
    }
}

impl Context {
    /// The analyzer with the encoder that is configured or was asked for.
    pub fn analyzer(&self) -> Result<Analyzer> {
        self.analyzer_with(self.config().analyze.encoder)
    }

    pub fn analyzer_with(&self, name: EncoderName) -> Result<Analyzer> {
        let config = self.config();
        let taxonomy = context::taxonomy(config)?;
        let analyze = &config.analyze;
        let options =
            Options { max_topics: analyze.max_topics, max_analyzed_bytes: analyze.max_analyzed.in_memory() };
        match name {
            EncoderName::BuiltIn => Analyzer::new(taxonomy, options).context("the analysis does not start"),
            _ => transformer(name, config, self.threads(), (taxonomy, options)),
        }
    }
}

#[cfg(not(feature = "rust-bert"))]
fn transformer(
    name: EncoderName,
    _config: &Config,
    _threads: usize,
    _parts: (analyze::Taxonomy, Options),
) -> Result<Analyzer> {
    anyhow::bail!(missing(name))
}

fn missing(name: EncoderName) -> String {
    format!(
        "this build has no encoder \"{name}\", only \"built-in\": build with `cargo xtask rust-bert`, which brings \
         what it needs and tells where the program lies"
    )
}

/// The version of the transformer's weights, as facts name it; `None` where it is asked nothing.
#[cfg(not(feature = "rust-bert"))]
pub fn network_version(_name: EncoderName) -> Option<String> {
    None
}

#[cfg(feature = "rust-bert")]
pub fn network_version(name: EncoderName) -> Option<String> {
    (name != EncoderName::BuiltIn).then(analyze::encoder::transformer::version)
}

/// Why the encoder that is configured would not start, with the setting to blame; the transformer's files are read, for a
/// torn one looks like a whole one.
pub fn problem(config: &Config) -> Option<([&'static str; 2], String)> {
    let name = config.analyze.encoder;
    if !EncoderName::of_this_build().contains(&name) {
        return Some((["analyze", "encoder"], missing(name)));
    }
    if name == EncoderName::BuiltIn {
        return None;
    }
    weights_problem(config).map(|why| (["analyze", "model"], why))
}

#[cfg(not(feature = "rust-bert"))]
fn weights_problem(_config: &Config) -> Option<String> {
    None
}

#[cfg(feature = "rust-bert")]
fn weights_problem(config: &Config) -> Option<String> {
    use analyze::encoder::transformer::BYTES;
    use analyze::encoder::transformer::load::{self, LoadError};
    let folder = match base_model(config) {
        Ok(folder) => folder,
        Err(error) => return Some(format!("{error:#}")),
    };
    let error = load::check_files(&folder, BYTES).err()?;
    let advice = match error {
        LoadError::OtherBase { .. } => {
            "; put the public weights there anew, or name in analyze.model the folder that `cargo xtask model` prints"
        }
        _ => "",
    };
    Some(format!("{:#}{advice}", anyhow::Error::from(error)))
}

#[cfg(feature = "rust-bert")]
fn transformer(
    name: EncoderName,
    config: &Config,
    threads: usize,
    (taxonomy, options): (analyze::Taxonomy, Options),
) -> Result<Analyzer> {
    use analyze::encoder::builtin::Builtin;
    use analyze::encoder::transformer::{Asks, Transformer};
    let asks = if name == EncoderName::RustBert { Asks::Everything } else { Asks::Unsure };
    let folder = base_model(config)?;
    let builtin = Builtin::committed().context("the analysis does not start")?;
    let transformer = Transformer::committed(&folder, builtin, asks, threads)
        .with_context(|| format!("the encoder \"{name}\" does not start"))?;
    Analyzer::with_transformer(transformer, taxonomy, options)
        .context("the taxonomy cannot be read by the transformer")
}

/// The folder of the public weights: as configured, or where `cargo xtask model` and an installation put it.
#[cfg(feature = "rust-bert")]
fn base_model(config: &Config) -> Result<std::path::PathBuf> {
    const NAME: &str = "all-minilm-l6-v2";
    let named = &config.analyze.model;
    if !named.as_os_str().is_empty() {
        return Ok(named.clone());
    }
    let program = std::env::current_exe().context("this program cannot tell where it lies")?;
    let beside = program.parent().into_iter();
    let places =
        beside.flat_map(|folder| [folder.join("models").join(NAME), folder.join("../tools").join(NAME)]);
    places.into_iter().find(|folder| folder.join("vocab.txt").exists()).context(
        "the public weights of all-MiniLM-L6-v2 are not here: `cargo xtask model` brings them; elsewhere name their folder \
         in analyze.model",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_they_are_configured() {
        for name in [EncoderName::BuiltIn, EncoderName::RustBert, EncoderName::Cascade] {
            let json = serde_json::to_string(&name).unwrap();
            assert_eq!(json, format!("\"{name}\""));
            let asked = <EncoderName as clap::ValueEnum>::from_str(name.as_str(), false);
            assert_eq!(asked, Ok(name));
        }
    }

    #[test]
    fn only_a_network_that_is_asked_judges() {
        assert_eq!(network_version(EncoderName::BuiltIn), None);
        for name in [EncoderName::RustBert, EncoderName::Cascade] {
            let version = network_version(name);
            assert_eq!(
                version.is_some_and(|version| version.starts_with("minilm-1:")),
                cfg!(feature = "rust-bert")
            );
        }
    }

    #[cfg(feature = "rust-bert")]
    #[test]
    fn torn_weights_are_a_problem_where_they_are_needed() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["model.safetensors", "vocab.txt"] {
            std::fs::write(folder.path().join(file), "torn").unwrap();
        }
        let mut config = crate::config::assemble(None, std::iter::empty()).unwrap().config;
        config.analyze.model = folder.path().to_owned();
        config.analyze.encoder = EncoderName::BuiltIn;
        assert_eq!(problem(&config), None);
        for name in [EncoderName::RustBert, EncoderName::Cascade] {
            config.analyze.encoder = name;
            let (setting, why) = problem(&config).unwrap();
            assert_eq!(setting, ["analyze", "model"]);
            assert!(why.contains("checksum") && why.contains("cargo xtask model"), "{why}");
        }
        std::fs::remove_file(folder.path().join("model.safetensors")).unwrap();
        let (_, why) = problem(&config).unwrap();
        assert!(why.contains("is not there: `cargo xtask model`"), "{why}");
    }
}
