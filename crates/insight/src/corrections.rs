//! A correction as somebody writes it, in a shell or to the API, to what it says; or what is wrong with it.

use crate::keys::nearest;
use feedback::{
    correction::{Field, Said},
    judgement::{FeedbackKind, SentimentLabel},
};

/// Topics of one record.
pub const MOST_TOPICS: usize = 20;
/// Characters of a note, and of the name of who says so.
pub const LONGEST_NOTE: usize = 1_000;
pub const LONGEST_NAME: usize = 100;
/// Characters of a slip of the pen that are told back.
const LONGEST_SHOWN: usize = 60;

/// What models say where they cannot tell. No person says it.
const UNKNOWN: &str = "unknown";

/// The value of a correction as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A label, or `withdrawn`.
    Word(String),
    /// Ids of topics.
    Topics(Vec<String>),
}

/// Why a correction cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("there is no judgement {name:?} to correct: {}", instead(meant.as_deref(), "sentiment, kind or topics"))]
    NoField { name: String, meant: Option<String> },
    #[error("{field} is never {label:?}: {}", instead(meant.as_deref(), known))]
    NoLabel { field: Field, label: String, meant: Option<String>, known: String },
    /// Nobody corrects to what a model says where it cannot tell.
    #[error(
        "no person says that the {field} is unknown: to let the model's word hold again, withdraw the correction"
    )]
    Unknown { field: Field },
    #[error("there is no topic {id:?}: {}", instead(meant.as_deref(), "an id of the taxonomy"))]
    NoTopic { id: String, meant: Option<String> },
    #[error("topics are a list of ids")]
    NoList,
    #[error("{field} is one word and not a list")]
    NoWord { field: Field },
    #[error("a record has at most {} topics, and these are {found}", MOST_TOPICS)]
    ManyTopics { found: usize },
    #[error("a note has at most {} characters, and this one has {found}", LONGEST_NOTE)]
    LongNote { found: usize },
    #[error("whoever corrects needs a name of at most {} characters", LONGEST_NAME)]
    NoName,
}

fn instead(meant: Option<&str>, known: &str) -> String {
    match meant {
        Some(near) => format!("did you mean {near}?"),
        None => format!("use {known}"),
    }
}

/// Which judgement is meant.
///
/// # Errors
/// [`Wrong::NoField`].
pub fn field(name: &str) -> Result<Field, Wrong> {
    let names = || Field::ALL.iter().map(|field| field.as_str());
    let known = Field::parse(name.trim());
    known.ok_or_else(|| Wrong::NoField { name: shown(name), meant: near(name, names()) })
}

/// What a value says of a judgement; topics have to be among those of the taxonomy, which are told by their ids. A topic
/// that is named twice counts once.
///
/// # Errors
/// [`Wrong`].
pub fn said<'a>(
    field: Field,
    value: &Written,
    taxonomy: impl IntoIterator<Item = &'a str>,
) -> Result<Said, Wrong> {
    match (field, value) {
        (_, Written::Word(word)) if word.trim() == Said::WITHDRAWN => Ok(Said::Withdrawn(field)),
        (Field::Topics, Written::Topics(ids)) => topics(ids, &taxonomy.into_iter().collect::<Vec<&str>>()),
        (Field::Sentiment | Field::Kind, Written::Word(word)) => label(field, word.trim()),
        (Field::Topics, Written::Word(_)) => Err(Wrong::NoList),
        (Field::Sentiment | Field::Kind, Written::Topics(_)) => Err(Wrong::NoWord { field }),
    }
}

/// A note as it is kept; `None` where it says nothing.
///
/// # Errors
/// [`Wrong::LongNote`].
pub fn note(text: &str) -> Result<Option<&str>, Wrong> {
    let text = text.trim();
    match text.chars().count() {
        0 => Ok(None),
        found if found > LONGEST_NOTE => Err(Wrong::LongNote { found }),
        _ => Ok(Some(text)),
    }
}

/// A name as it is kept.
///
/// # Errors
/// [`Wrong::NoName`].
pub fn name(text: &str) -> Result<&str, Wrong> {
    let text = text.trim();
    let fits =
        !text.is_empty() && text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    if fits { Ok(text) } else { Err(Wrong::NoName) }
}

fn label(field: Field, word: &str) -> Result<Said, Wrong> {
    let said = match field {
        _ if word == UNKNOWN => return Err(Wrong::Unknown { field }),
        Field::Sentiment => SentimentLabel::parse(word).map(Said::Sentiment),
        Field::Kind => FeedbackKind::parse(word).map(Said::Kind),
        Field::Topics => None,
    };
    said.ok_or_else(|| {
        let labels = labels(field);
        let meant = near(word, labels.iter().copied());
        Wrong::NoLabel { field, label: shown(word), meant, known: labels.join(", ") }
    })
}

fn topics(ids: &[String], taxonomy: &[&str]) -> Result<Said, Wrong> {
    let mut named: Vec<String> = Vec::new();
    for id in ids.iter().map(|id| id.trim()) {
        if !taxonomy.contains(&id) {
            let meant = near(id, taxonomy.iter().copied());
            return Err(Wrong::NoTopic { id: shown(id), meant });
        }
        if !named.iter().any(|there| there == id) {
            named.push(id.to_owned());
        }
    }
    if named.len() > MOST_TOPICS {
        return Err(Wrong::ManyTopics { found: named.len() });
    }
    Ok(Said::Topics(named))
}

fn near<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(&shown(wrong), names).map(str::to_owned)
}

/// Of what somebody wrote so much as is told back.
fn shown(text: &str) -> String {
    text.chars().take(LONGEST_SHOWN).collect()
}

/// All that a person can say.
#[must_use]
pub fn labels(field: Field) -> Vec<&'static str> {
    let all: Vec<&'static str> = match field {
        Field::Sentiment => SentimentLabel::ALL.iter().map(|label| label.as_str()).collect(),
        Field::Kind => FeedbackKind::ALL.iter().map(|label| label.as_str()).collect(),
        Field::Topics => Vec::new(),
    };
    all.into_iter().filter(|label| *label != UNKNOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPICS: [&str; 3] = ["billing", "login_access", "search"];

    fn word(text: &str) -> Written {
        Written::Word(text.to_owned())
    }

    fn list(ids: &[&str]) -> Written {
        Written::Topics(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    fn read(field: Field, value: &Written) -> Result<Said, Wrong> {
        said(field, value, TOPICS)
    }

    #[test]
    fn what_is_written_well_is_read() {
        assert_eq!(field(" kind "), Ok(Field::Kind));
        let negative = Said::Sentiment(SentimentLabel::Negative);
        assert_eq!(read(Field::Sentiment, &word("negative ")), Ok(negative));
        assert_eq!(read(Field::Kind, &word("bug")), Ok(Said::Kind(FeedbackKind::Bug)));
        assert_eq!(read(Field::Kind, &word("withdrawn")), Ok(Said::Withdrawn(Field::Kind)));
        let topics = Said::Topics(vec!["search".to_owned(), "billing".to_owned()]);
        assert_eq!(read(Field::Topics, &list(&["search", " billing", "search"])), Ok(topics));
        assert_eq!(read(Field::Topics, &list(&[])), Ok(Said::Topics(Vec::new())));
        assert_eq!(read(Field::Topics, &word("withdrawn")), Ok(Said::Withdrawn(Field::Topics)));
        assert_eq!((note("  "), note(" why ")), (Ok(None), Ok(Some("why"))));
        assert_eq!(name(" jane "), Ok("jane"));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_was_meant() {
        let told = |wrong: Result<Said, Wrong>| wrong.unwrap_err().to_string();
        insta::assert_snapshot!(field("sentimnt").unwrap_err(), @r#"there is no judgement "sentimnt" to correct: did you mean sentiment?"#);
        insta::assert_snapshot!(field("xyz").unwrap_err(), @r#"there is no judgement "xyz" to correct: use sentiment, kind or topics"#);
        insta::assert_snapshot!(told(read(Field::Sentiment, &word("negativ"))), @r#"sentiment is never "negativ": did you mean negative?"#);
        insta::assert_snapshot!(told(read(Field::Sentiment, &word("xxx"))), @r#"sentiment is never "xxx": use negative, neutral, positive"#);
        insta::assert_snapshot!(told(read(Field::Kind, &word("unknown"))), @"no person says that the kind is unknown: to let the model's word hold again, withdraw the correction");
        insta::assert_snapshot!(told(read(Field::Topics, &list(&["bilings"]))), @r#"there is no topic "bilings": did you mean billing?"#);
        insta::assert_snapshot!(told(read(Field::Topics, &word("billing"))), @"topics are a list of ids");
        insta::assert_snapshot!(told(read(Field::Kind, &list(&["bug"]))), @"kind is one word and not a list");
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let many: Vec<String> = (0..=MOST_TOPICS).map(|n| format!("t{n}")).collect();
        let taxonomy: Vec<&str> = many.iter().map(String::as_str).collect();
        let refused = said(Field::Topics, &Written::Topics(many.clone()), taxonomy);
        assert_eq!(refused, Err(Wrong::ManyTopics { found: MOST_TOPICS + 1 }));
        let long = read(Field::Kind, &word(&"x".repeat(100_000))).unwrap_err().to_string();
        assert!(long.chars().count() < 300, "{long}");
        assert_eq!(note(&"é".repeat(1_001)), Err(Wrong::LongNote { found: 1_001 }));
        assert!(note(&"é".repeat(1_000)).is_ok());
        assert_eq!(name(" "), Err(Wrong::NoName));
        assert_eq!(name("a\u{1b}[0m"), Err(Wrong::NoName));
        assert_eq!(name(&"x".repeat(101)), Err(Wrong::NoName));
    }
}
