//! What the part about the encoders can be told.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct EncoderOptions {
    /// Texts for the encoders; where a network reads, a tenth of them.
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    pub encoder_texts: usize,
    /// The program with the transformer.
    #[arg(long, requires = "model", value_name = "FILE")]
    pub rust_bert_binary: Option<PathBuf>,
    /// What measures the transformer's network alone: the example `transformer_speed`.
    #[arg(long, requires = "model", value_name = "FILE")]
    pub network_binary: Option<PathBuf>,
    /// The folder of the transformer's public weights.
    #[arg(long, value_name = "FOLDER")]
    pub model: Option<PathBuf>,
    /// Why there is no program with the transformer; shown in its place.
    #[arg(long, conflicts_with = "rust_bert_binary", value_name = "WHY")]
    pub no_rust_bert: Option<String>,
}
