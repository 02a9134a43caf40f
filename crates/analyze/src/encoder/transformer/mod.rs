//! The transformer: all-MiniLM-L6-v2 through rust-bert, fine-tuned for sentiment, kind and urgency at once.

pub mod batch;
pub mod difference;
pub mod load;
pub mod network;
pub mod reader;
pub mod tokens;
