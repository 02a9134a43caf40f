//! A random sample of records for a person to label, and what the labels say of the classifier's shares.
//!
//! Records are drawn by strata: what the classifier said of them, and the kind of source. Of what is rarely said a
//! larger part is drawn, so that its errors are seen; the sizes of the strata travel with the sample and set that
//! right. Only records with words of the customer are drawn: nobody can label a score alone.

mod allocate;
mod correct;
mod draw;

pub use allocate::LEAST;
pub use correct::{Corrected, LabelRow, Labelled, LeftOut, Merged, correct};
pub use draw::{Drawn, Plan, Sample, Stratum, draw};

use feedback::judgement::{FeedbackKind, SentimentLabel};
use serde::Serialize;

/// What the classifier says where it cannot tell. Nobody labels with it.
pub const UNKNOWN: &str = "unknown";

/// Which judgement is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Sentiment,
    Kind,
}

impl By {
    /// Also the name of the facts' column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sentiment => "sentiment",
            Self::Kind => "kind",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Sentiment, Self::Kind].into_iter().find(|by| by.as_str() == name)
    }

    /// The words to label with: all that the classifier says, but for [`UNKNOWN`].
    #[must_use]
    pub fn labels(self) -> Vec<&'static str> {
        let said: Vec<&'static str> = match self {
            Self::Sentiment => SentimentLabel::ALL.iter().map(|label| label.as_str()).collect(),
            Self::Kind => FeedbackKind::ALL.iter().map(|label| label.as_str()).collect(),
        };
        said.into_iter().filter(|label| *label != UNKNOWN).collect()
    }

    /// How a stratum is named, by its number from 1. The name does not tell a labeller what was said, and no
    /// spreadsheet takes it for a number or a date.
    #[must_use]
    pub fn stratum(self, number: usize) -> String {
        format!("{}-{number}", self.as_str())
    }

    /// What [`Self::stratum`] wrote.
    #[must_use]
    pub fn parse_stratum(name: &str) -> Option<(Self, usize)> {
        let (by, number) = name.split_once('-')?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        Some((Self::parse(by)?, number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_labels_with_what_the_classifier_says_when_it_cannot_tell() {
        assert_eq!(By::Sentiment.labels(), ["negative", "neutral", "positive"]);
        let kinds = By::Kind.labels();
        assert!(kinds.contains(&"feature_request") && !kinds.contains(&UNKNOWN), "{kinds:?}");
        assert_eq!(SentimentLabel::Unknown.as_str(), UNKNOWN);
        assert_eq!(FeedbackKind::Unknown.as_str(), UNKNOWN);
    }

    #[test]
    fn a_stratum_is_known_by_its_name() {
        for by in [By::Sentiment, By::Kind] {
            assert_eq!(By::parse_stratum(&by.stratum(12)), Some((by, 12)));
        }
        for wrong in ["", "kind", "kind-", "kind-0", "mood-1", "kind-1a"] {
            assert_eq!(By::parse_stratum(wrong), None, "{wrong}");
        }
    }
}
