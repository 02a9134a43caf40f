//! What is to be said, before anybody has decided how it looks anywhere. All strings are data, never markup.

use feedback::time::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// One thing to be said. Texts of customers in it are redacted already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Names what is said, for good: the same id at the same target is the same delivery, however often it is queued.
    pub id: String,
    pub kind: Kind,
    pub severity: Severity,
    pub title: String,
    /// One line.
    pub summary: String,
    #[serde(default)]
    pub blocks: Vec<Block>,
    #[serde(default)]
    pub links: Vec<Link>,
    pub occurred: Timestamp,
    /// What belongs together and keeps its order: an incident, a case. Empty where nothing does.
    #[serde(default)]
    pub group: String,
    #[serde(default)]
    pub step: Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Alert,
    Digest,
    Case,
    Triage,
    /// `verbatim deliver test`.
    Test,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Warning,
    Critical,
}

/// What a note does to its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It stands alone.
    #[default]
    Single,
    Opens,
    Updates,
    Resolves,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    Heading {
        text: String,
    },
    Paragraph {
        text: String,
    },
    Facts {
        facts: Vec<Fact>,
    },
    Bullets {
        points: Vec<Bullet>,
    },
    Quotes {
        quotes: Vec<Quote>,
    },
    /// A small one: a few columns, a few rows.
    Table(Table),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bullet {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// A customer's words, extracted, and the record they are of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub text: String,
    pub record: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub cells: Vec<String>,
    /// The length of the row's bar, from 0 to 1; `None` for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bar: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub text: String,
    pub url: String,
}

impl Note {
    /// What `verbatim deliver test` sends. Each is a delivery of its own.
    #[must_use]
    pub fn test(now: Timestamp) -> Self {
        Self {
            id: format!("test-{}", now.0),
            kind: Kind::Test,
            severity: Severity::Info,
            title: "A test from Verbatim".to_owned(),
            summary: "This target can be reached; nothing has happened.".to_owned(),
            blocks: Vec::new(),
            links: Vec::new(),
            occurred: now,
            group: String::new(),
            step: Step::Single,
        }
    }
}

impl Link {
    /// The address, where it may be a link: http or https, with a host, without credentials. Whatever else means
    /// something to a receiver, blanks, quotes, angle brackets, is encoded; so are a bar and a backtick, which an address
    /// may hold by itself.
    #[must_use]
    pub fn address(&self) -> Option<Url> {
        let url = Url::parse(&self.url.trim().replace('|', "%7C").replace('`', "%60")).ok()?;
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        (web && url.username().is_empty() && url.password().is_none()).then_some(url)
    }
}

impl Row {
    /// The length of the bar, within 0 and 1.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        self.bar.filter(|bar| bar.is_finite()).map(|bar| bar.clamp(0.0, 1.0))
    }
}

impl Table {
    /// Whether any row has a bar.
    #[must_use]
    pub fn has_bars(&self) -> bool {
        self.rows.iter().any(|row| row.share().is_some())
    }

    /// As many columns as the header or the longest row has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(self.columns.len())
    }
}

impl Kind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Digest => "digest",
            Self::Case => "case",
            Self::Triage => "triage",
            Self::Test => "test",
        }
    }
}

impl Severity {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        let address = |url: &str| Link { text: "x".into(), url: url.into() }.address();
        assert_eq!(address(" https://example.com/a b ").unwrap().as_str(), "https://example.com/a%20b");
        assert_eq!(
            address("https://example.com/?<a>|`").unwrap().as_str(),
            "https://example.com/?%3Ca%3E%7C%60"
        );
        for bad in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//example.com",
            "https://bank.example@evil.example/",
            "mailto:a@example.com",
            "",
        ] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_note_is_read_back_as_it_was_written() {
        let mut note = Note::test(Timestamp(1_764_230_400_000_000));
        note.blocks.push(Block::Table(Table {
            columns: vec!["topic".into()],
            rows: vec![Row { cells: vec!["billing".into()], bar: Some(0.5) }],
        }));
        note.blocks.push(Block::Paragraph { text: "a\nb".into() });
        let text = serde_json::to_string(&note).unwrap();
        assert_eq!(serde_json::from_str::<Note>(&text).unwrap(), note);
    }

    #[test]
    fn a_bar_stays_within_its_cell() {
        let share = |bar| Row { cells: Vec::new(), bar }.share();
        assert_eq!(
            [share(Some(3.0)), share(Some(-1.0)), share(Some(0.25))],
            [Some(1.0), Some(0.0), Some(0.25)]
        );
        assert_eq!([share(Some(f64::NAN)), share(None)], [None, None]);
    }
}
