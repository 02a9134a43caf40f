//! appreviews-is22: sentences of apps' reviews, with the features they name by what is said of them.

use super::data::{Split, rows};
use anyhow::Result;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
pub struct Review {
    pub text: String,
    split: Split,
    /// By sentiment, phrases of the text with semicolons between.
    features: BTreeMap<String, String>,
}

/// The sentences of a split.
///
/// # Errors
/// Where the set is missing below `root`.
pub fn read(root: &Path, split: Split) -> Result<Vec<Review>> {
    let all = rows::<Review>(&root.join("appreviews-is22/data.jsonl"))?;
    Ok(all.into_iter().filter(|review| review.split == split).collect())
}

impl Review {
    /// Sentiment and phrase of those that stand in the text as they were noted.
    pub fn features(&self) -> impl Iterator<Item = (&str, &str)> {
        self.features.iter().flat_map(|(sentiment, phrases)| {
            let phrases = phrases.split(';').map(str::trim);
            let found = phrases.filter(|phrase| !phrase.is_empty() && self.text.contains(*phrase));
            found.map(move |phrase| (sentiment.as_str(), phrase))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_stands_where_it_was_noted() {
        let line = r#"{"text": "great camera but the sync is slow", "split": "test",
                       "features": {"positive": "camera", "neutral": "", "negative": "sync; the battery"}}"#;
        let review: Review = serde_json::from_str(line).unwrap();
        let features: Vec<_> = review.features().collect();
        assert_eq!(features, [("negative", "sync"), ("positive", "camera")]);
    }
}
