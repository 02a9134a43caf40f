//! The network: rust-bert's BERT, read out by four linear heads.
//!
//! A head reads the mean of the last layer over a span of tokens: over all words of a text for the text itself, over a
//! segment's for the segment. Training and inference run this same code.

use crate::encoder::{KINDS, SENTIMENTS, URGENCIES};
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use rust_bert::{Activation, RustBertError};
use tch::{Tensor, nn};

/// Width of the last layer, and of the vectors.
pub const WIDTH: i64 = 384;

/// all-MiniLM-L6-v2, as its own `config.json` says.
fn config() -> BertConfig {
    BertConfig {
        hidden_act: Activation::gelu,
        hidden_size: WIDTH,
        intermediate_size: 4 * WIDTH,
        num_attention_heads: 12,
        num_hidden_layers: 6,
        ..BertConfig::default()
    }
}

pub struct Network {
    bert: BertModel<BertEmbeddings>,
    pub sentiment: nn::Linear,
    pub kind: nn::Linear,
    pub urgency: nn::Linear,
    /// Turns what the layers became back to the space of likeness.
    pub vector: nn::Linear,
}

/// Rows of one length: token ids and mask of shape (rows, tokens), and spans of shape (rows, spans, tokens), where the
/// weights of a span's tokens sum to one.
pub struct Batch {
    pub ids: Tensor,
    pub mask: Tensor,
    pub spans: Tensor,
}

/// Of shape (rows, spans, classes or [`WIDTH`]); logits are not calibrated, vectors not normalised.
pub struct Scores {
    pub pooled: Tensor,
    pub sentiment: Tensor,
    pub kind: Tensor,
    pub urgency: Tensor,
    pub vector: Tensor,
}

impl Network {
    /// Variables are named as in the public weights, those of the heads below `heads`.
    #[must_use]
    pub fn new(root: &nn::Path<'_>) -> Self {
        let heads = root / "heads";
        let head =
            |name: &str, classes: usize| nn::linear(&heads / name, WIDTH, classes as i64, Default::default());
        Self {
            bert: BertModel::new_with_optional_pooler(root, &config(), false),
            sentiment: head("sentiment", SENTIMENTS),
            kind: head("kind", KINDS),
            urgency: head("urgency", URGENCIES),
            vector: head("vector", WIDTH as usize),
        }
    }

    /// The mean of the last layer over each span.
    ///
    /// # Errors
    /// Where shapes do not fit, or memory runs out.
    pub fn pooled(&self, batch: &Batch, train: bool) -> Result<Tensor, RustBertError> {
        let read =
            self.bert.forward_t(Some(&batch.ids), Some(&batch.mask), None, None, None, None, None, train)?;
        Ok(batch.spans.bmm(&read.hidden_state))
    }

    /// # Errors
    /// As [`Self::pooled`].
    pub fn scores(&self, batch: &Batch, train: bool) -> Result<Scores, RustBertError> {
        let pooled = self.pooled(batch, train)?;
        let read = if train { pooled.dropout(0.1, true) } else { pooled.shallow_clone() };
        Ok(Scores {
            sentiment: read.apply(&self.sentiment),
            kind: read.apply(&self.kind),
            urgency: read.apply(&self.urgency),
            vector: pooled.apply(&self.vector),
            pooled,
        })
    }
}
