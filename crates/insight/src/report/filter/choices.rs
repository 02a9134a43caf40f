//! Fields of a filter that are one of a few names.

use serde::{Deserialize, Serialize};

/// Which answers of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// NPS: 9 and 10; 7 and 8; 0 to 6.
    Promoters,
    Passives,
    Detractors,
    /// The satisfied: the two best boxes of most scales ([`crate::rollup::is_satisfied`]).
    Top2,
}

impl Band {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Promoters => "promoters",
            Self::Passives => "passives",
            Self::Detractors => "detractors",
            Self::Top2 => "top2",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Promoters, Self::Passives, Self::Detractors, Self::Top2]
            .into_iter()
            .find(|b| b.as_str() == name)
    }
}

/// A day of the week, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.as_str() == name)
    }
}

/// Which of a person's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// Only the last of a person's answers within the filter, as NPS and CSAT count them.
    Last,
}

/// Records with words of the customer, or without: a score alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    With,
    Without,
}

impl Wording {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::With => "with",
            Self::Without => "without",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::With, Self::Without].into_iter().find(|words| words.as_str() == name)
    }
}
