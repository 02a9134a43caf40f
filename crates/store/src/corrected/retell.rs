//! What becomes of the topics of a record by what a person says of its topics or of its sentiment.

/// A topic of a record, as the column `topics` has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    pub topic: String,
    pub confidence: f32,
    pub sentiment: String,
    /// Characters of the redacted body.
    pub start: i32,
    pub end: i32,
}

/// What a person said of one record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words<'a> {
    pub sentiment: Option<&'a str>,
    pub topics: Option<&'a [String]>,
    /// How long the body is.
    pub chars: i32,
}

/// What the model says where it says nothing.
const UNKNOWN: &str = "unknown";

/// `None` where the topics stay as they are. `judged` is the sentiment of the whole by the model.
///
/// A topic that a person names is certain. Where the model had found it, its place and sentiment stay; else it is said of
/// the whole. The model's sentiment of a topic that is the same as its sentiment of the whole follows the latter: whoever
/// says that the whole is not negative says so of the part that made it negative.
pub(super) fn retell(found: &[Hit], judged: Option<&str>, words: Words<'_>) -> Option<Vec<Hit>> {
    let follows = |hit: &Hit| words.sentiment.is_some() && judged == Some(hit.sentiment.as_str());
    let told = |hit: &Hit| {
        let sentiment = words.sentiment.filter(|_| follows(hit)).unwrap_or(&hit.sentiment);
        Hit { sentiment: sentiment.to_owned(), ..hit.clone() }
    };
    let Some(topics) = words.topics else {
        return found.iter().any(follows).then(|| found.iter().map(told).collect());
    };
    let named = topics.iter().map(|topic| match found.iter().find(|hit| hit.topic == *topic) {
        Some(hit) => Hit { confidence: 1.0, ..told(hit) },
        None => Hit {
            topic: topic.clone(),
            confidence: 1.0,
            sentiment: words.sentiment.or(judged).unwrap_or(UNKNOWN).to_owned(),
            start: 0,
            end: words.chars,
        },
    });
    Some(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(topic: &str, sentiment: &str, (start, end): (i32, i32)) -> Hit {
        Hit { topic: topic.to_owned(), confidence: 0.5, sentiment: sentiment.to_owned(), start, end }
    }

    fn sure(topic: &str, sentiment: &str, span: (i32, i32)) -> Hit {
        Hit { confidence: 1.0, ..hit(topic, sentiment, span) }
    }

    fn found() -> Vec<Hit> {
        vec![hit("login", "negative", (2, 9)), hit("design", "positive", (10, 20))]
    }

    fn topics(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_topic_that_the_model_found_keeps_its_place() {
        let named = topics(&["billing", "design"]);
        let words = Words { topics: Some(&named), chars: 40, ..Words::default() };
        let told = retell(&found(), Some("negative"), words).unwrap();
        assert_eq!(told, [sure("billing", "negative", (0, 40)), sure("design", "positive", (10, 20))]);
        let none = Words { topics: Some(&[]), chars: 40, ..Words::default() };
        assert_eq!(retell(&found(), Some("negative"), none), Some(Vec::new()));
        // A score without a word has no sentiment.
        assert_eq!(retell(&[], None, words).unwrap()[0].sentiment, "unknown");
    }

    #[test]
    fn what_was_said_of_the_whole_and_of_a_part_alike_changes_alike() {
        let words = Words { sentiment: Some("neutral"), chars: 40, ..Words::default() };
        let told = retell(&found(), Some("negative"), words).unwrap();
        assert_eq!(told, [hit("login", "neutral", (2, 9)), hit("design", "positive", (10, 20))]);
        assert_eq!(retell(&found(), Some("unknown"), words), None);
        assert_eq!(retell(&[], Some("negative"), words), None);
    }

    #[test]
    fn both_are_said_of_one_record() {
        let named = topics(&["login", "billing"]);
        let words = Words { sentiment: Some("positive"), topics: Some(&named), chars: 7 };
        let told = retell(&found(), Some("negative"), words).unwrap();
        assert_eq!(told, [sure("login", "positive", (2, 9)), sure("billing", "positive", (0, 7))]);
    }
}
