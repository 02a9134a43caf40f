//! Who reads the texts, and how each is started.

use super::options::EncoderOptions;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

const VADER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/vader.py");
const MINILM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/minilm.py");

/// For the same weights in Python.
const TRANSFORMERS: &[&str] =
    &["numpy==1.26.4", "safetensors==0.4.5", "torch==2.4.0", "transformers==4.44.2"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    BuiltIn,
    Cascade,
    RustBert,
    Vader,
    Transformers,
}

/// What starts a side.
#[derive(Debug, Clone)]
pub struct Start {
    pub program: PathBuf,
    /// The folder of the public weights, where they are read.
    pub model: Option<PathBuf>,
}

/// What one run of a side reads, and on how many threads.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    pub texts: &'a Path,
    pub threads: usize,
}

impl Side {
    pub const ALL: [Self; 5] =
        [Self::BuiltIn, Self::Cascade, Self::RustBert, Self::Vader, Self::Transformers];

    pub fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Cascade => "cascade",
            Self::RustBert => "rust-bert",
            Self::Vader => "VADER in Python",
            Self::Transformers => "transformers in Python",
        }
    }

    /// An encoder of the program; the others are peers, each one process on one thread.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::BuiltIn | Self::Cascade | Self::RustBert)
    }

    /// Whether a network reads; then fewer texts do.
    pub fn has_network(self) -> bool {
        matches!(self, Self::Cascade | Self::RustBert | Self::Transformers)
    }

    /// Finds or brings what starts it, or tells why it cannot be measured.
    pub fn start(self, options: &EncoderOptions, binary: &Path, peers: bool) -> Result<Start, String> {
        if !self.is_ours() && !peers {
            return Err("left out by --no-peer".to_owned());
        }
        match self {
            Self::BuiltIn => Ok(Start { program: binary.to_owned(), model: None }),
            Self::Cascade | Self::RustBert => {
                let program = options.rust_bert_binary.clone();
                Ok(Start { program: program.ok_or_else(|| missing(options))?, model: options.model.clone() })
            }
            Self::Vader => Ok(Start { program: python("readers", xtask::python::READERS)?, model: None }),
            Self::Transformers => {
                let model = options.model.clone().ok_or_else(|| missing(options))?;
                eprintln!("transformers in Python need torch: 2.5 GB are brought the first time");
                Ok(Start { program: python("encoders", TRANSFORMERS)?, model: Some(model) })
            }
        }
    }

    pub fn command(self, start: &Start, task: Task<'_>) -> Command {
        let mut command = Command::new(&start.program);
        match self {
            Self::BuiltIn | Self::Cascade | Self::RustBert => {
                command.args(["eval", "--json", "--encoder", self.name(), "--data"]);
                command.env("VERBATIM__WORKER__THREADS", task.threads.to_string());
                command.env("VERBATIM__LOG__LEVEL", "warn");
                if let Some(model) = &start.model {
                    command.env("VERBATIM__ANALYZE__MODEL", model);
                }
            }
            Self::Vader => {
                command.arg(VADER);
            }
            Self::Transformers => {
                command.arg(MINILM).args(&start.model);
                command.env("TOKENIZERS_PARALLELISM", "false");
            }
        }
        command.arg(task.texts);
        one_processor(&mut command);
        command
    }

    /// Texts a second, from what it printed.
    pub fn speed(self, told: Told) -> Result<f64> {
        let Told { texts_per_second, encoders } = told;
        if !self.is_ours() {
            return texts_per_second.context("the peer does not say how fast it was");
        }
        let judged = encoders.into_iter().find(|judged| judged.name == self.name());
        let Judged { texts_per_second, stood_in, .. } =
            judged.with_context(|| format!("the evaluation does not tell of {}", self.name()))?;
        ensure!(stood_in == 0, "the built-in encoder stood in for {} at {stood_in} texts", self.name());
        texts_per_second.context("too few texts for a speed: give 1,000 or more")
    }
}

/// No graphics processor, and no threads below those that are asked for.
pub fn one_processor(command: &mut Command) {
    command.env("CUDA_VISIBLE_DEVICES", "").env("OMP_NUM_THREADS", "1").env("MKL_NUM_THREADS", "1");
}

fn missing(options: &EncoderOptions) -> String {
    options.no_rust_bert.clone().unwrap_or_else(|| "no program with the transformer was named".to_owned())
}

fn python(name: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let bin = xtask::python::environment(name, packages);
    bin.map(|bin| bin.join("python")).map_err(|error| format!("{error:#}"))
}

/// What a run prints: a peer its speed, `verbatim eval` that of each encoder.
#[derive(Debug, Deserialize)]
pub struct Told {
    texts_per_second: Option<f64>,
    #[serde(default)]
    encoders: Vec<Judged>,
}

#[derive(Debug, Deserialize)]
struct Judged {
    name: String,
    /// Of few texts it is not told.
    texts_per_second: Option<f64>,
    /// Texts for which the built-in encoder answered, because this one failed.
    stood_in: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    fn options() -> EncoderOptions {
        EncoderOptions {
            encoder_texts: 10,
            rust_bert_binary: None,
            network_binary: None,
            model: None,
            no_rust_bert: Some("no libtorch".to_owned()),
        }
    }

    fn speed(side: Side, json: &str) -> Result<f64> {
        side.speed(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn the_speed_is_read_from_what_is_printed() {
        let report = r#"{"data": "x", "encoder": "builtin-2", "encoders": [{"name": "rust-bert", "version": "minilm-1",
            "texts_per_second": 187.3, "stood_in": 0, "unknown": 4}], "left_out": []}"#;
        assert_eq!(speed(Side::RustBert, report).unwrap(), 187.3);
        assert!(speed(Side::Cascade, report).is_err());
        assert_eq!(speed(Side::Vader, r#"{"texts_per_second": 9000.5}"#).unwrap(), 9000.5);
        assert!(speed(Side::Vader, "{}").is_err());
    }

    #[test]
    fn an_encoder_that_failed_is_not_measured() {
        let report = r#"{"encoders": [{"name": "cascade", "texts_per_second": 20000.0, "stood_in": 3}]}"#;
        let error = speed(Side::Cascade, report).unwrap_err().to_string();
        assert_eq!(error, "the built-in encoder stood in for cascade at 3 texts");
    }

    #[test]
    fn what_is_missing_is_told() {
        let start =
            |side: Side| side.start(&options(), Path::new("verbatim"), false).map(|start| start.program);
        assert_eq!(start(Side::BuiltIn), Ok(PathBuf::from("verbatim")));
        assert_eq!(start(Side::RustBert), Err("no libtorch".to_owned()));
        assert_eq!(start(Side::Vader), Err("left out by --no-peer".to_owned()));
    }

    #[test]
    fn an_encoder_is_measured_by_eval_on_so_many_threads() {
        let start = Start { program: "verbatim".into(), model: Some("weights".into()) };
        let task = Task { texts: Path::new("texts.jsonl"), threads: 3 };
        let command = Side::Cascade.command(&start, task);
        let arguments: Vec<&OsStr> = command.get_args().collect();
        assert_eq!(arguments, ["eval", "--json", "--encoder", "cascade", "--data", "texts.jsonl"]);
        let has = |name: &str, value: &str| {
            command.get_envs().any(|(known, set)| known == name && set == Some(OsStr::new(value)))
        };
        assert!(has("VERBATIM__WORKER__THREADS", "3") && has("VERBATIM__ANALYZE__MODEL", "weights"));
        assert!(has("CUDA_VISIBLE_DEVICES", ""));
    }
}
