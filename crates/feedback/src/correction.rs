//! What a person says of a record in place of the model.

use crate::{
    judgement::{FeedbackKind, SentimentLabel},
    labels::labels,
};

labels! {
    /// Which judgement a person sets right.
    Field { Sentiment = "sentiment", Kind = "kind", Topics = "topics" }
}

/// A judgement by a person, or the end of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Sentiment(SentimentLabel),
    Kind(FeedbackKind),
    /// Ids of topics, the one that matters most first; none where the record is about no topic.
    Topics(Vec<String>),
    /// What was said of this is taken back: the model's word holds again.
    Withdrawn(Field),
}

impl Said {
    /// What takes a correction back, where a value is written.
    pub const WITHDRAWN: &'static str = "withdrawn";

    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Sentiment(_) => Field::Sentiment,
            Self::Kind(_) => Field::Kind,
            Self::Topics(_) => Field::Topics,
            Self::Withdrawn(field) => *field,
        }
    }

    /// As tables hold it; `None` for topics.
    #[must_use]
    pub fn value(&self) -> Option<&'static str> {
        match self {
            Self::Sentiment(label) => Some(label.as_str()),
            Self::Kind(label) => Some(label.as_str()),
            Self::Topics(_) => None,
            Self::Withdrawn(_) => Some(Self::WITHDRAWN),
        }
    }

    #[must_use]
    pub fn topics(&self) -> Option<&[String]> {
        match self {
            Self::Topics(ids) => Some(ids),
            _ => None,
        }
    }

    /// From what tables hold; `None` for what a later version wrote.
    #[must_use]
    pub fn parse(field: &str, value: Option<&str>, topics: Option<&[String]>) -> Option<Self> {
        let field = Field::parse(field)?;
        match (field, value) {
            (_, Some(Self::WITHDRAWN)) => Some(Self::Withdrawn(field)),
            (Field::Sentiment, Some(label)) => SentimentLabel::parse(label).map(Self::Sentiment),
            (Field::Kind, Some(label)) => FeedbackKind::parse(label).map(Self::Kind),
            (Field::Topics, None) => Some(Self::Topics(topics?.to_vec())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let said = [
            Said::Sentiment(SentimentLabel::Negative),
            Said::Kind(FeedbackKind::FeatureRequest),
            Said::Topics(vec!["billing".to_owned(), "search".to_owned()]),
            Said::Topics(Vec::new()),
            Said::Withdrawn(Field::Sentiment),
            Said::Withdrawn(Field::Topics),
        ];
        for said in said {
            let read = Said::parse(said.field().as_str(), said.value(), said.topics());
            assert_eq!(read, Some(said));
        }
    }

    #[test]
    fn what_nobody_here_can_have_written_says_nothing() {
        assert_eq!(Said::parse("mood", Some("negative"), None), None);
        assert_eq!(Said::parse("sentiment", Some("bug"), None), None);
        assert_eq!(Said::parse("sentiment", None, Some(&[])), None);
        assert_eq!(Said::parse("topics", None, None), None);
    }
}
