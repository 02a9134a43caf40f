//! In which order topics stand.

use super::line::TopicLine;
use crate::problem::Problem;
use std::cmp::Ordering;
use std::fmt;

/// By what topics are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// As the taxonomy has them, each below the topic above.
    Taxonomy,
    Name,
    Mentions,
    Negative,
    Change,
    Reach,
    Revenue,
}

impl By {
    pub const ALL: [Self; 7] = [
        Self::Taxonomy,
        Self::Name,
        Self::Mentions,
        Self::Negative,
        Self::Change,
        Self::Reach,
        Self::Revenue,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taxonomy => "taxonomy",
            Self::Name => "name",
            Self::Mentions => "mentions",
            Self::Negative => "negative",
            Self::Change => "change",
            Self::Reach => "reach",
            Self::Revenue => "revenue",
        }
    }
}

/// As an address has it: `mentions`, or `-mentions` for the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub by: By,
    pub is_descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: By::Mentions, is_descending: true }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_descending { "-" } else { "" }, self.by.as_str())
    }
}

impl Sort {
    /// What is empty is the usual order.
    ///
    /// # Errors
    /// 400: what there is to sort by.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        let (is_descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        let by = By::ALL.into_iter().find(|by| by.as_str() == name);
        by.filter(|by| *by != By::Taxonomy || !is_descending).map(|by| Self { by, is_descending }).ok_or_else(
            || {
                let names = By::ALL.map(By::as_str).join(", ");
                Problem::bad_request(format!(
                    "sort: expected one of {names}; with \"-\" before it the most comes first"
                ))
            },
        )
    }

    /// Puts lines that are in the taxonomy's order into this one. What has no figure comes last either way.
    pub fn apply(self, lines: &mut [TopicLine]) {
        match self.by {
            By::Taxonomy => {}
            By::Name => lines.sort_by(|a, b| self.turned(a.name.to_lowercase().cmp(&b.name.to_lowercase()))),
            _ => lines.sort_by(|a, b| match (self.figure(a), self.figure(b)) {
                (Some(a), Some(b)) => self.turned(a.total_cmp(&b)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }),
        }
    }

    fn turned(self, order: Ordering) -> Ordering {
        if self.is_descending { order.reverse() } else { order }
    }

    fn figure(self, line: &TopicLine) -> Option<f64> {
        match self.by {
            By::Taxonomy | By::Name => None,
            By::Mentions => Some(line.mentions.value as f64),
            By::Negative => line.negative.share,
            By::Change => line.change.as_ref().map(|change| change.difference),
            By::Reach => line.reach.people.map(|people| people as f64),
            By::Revenue => line.reach.revenue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::testing::line;
    use proptest::prelude::*;

    #[test]
    fn an_order_is_read_as_it_is_written() {
        for by in By::ALL {
            assert_eq!(Sort::parse(by.as_str()).unwrap(), Sort { by, is_descending: false });
            let turned = Sort { by, is_descending: true };
            assert_eq!(Sort::parse(&turned.to_string()).ok(), Some(turned).filter(|_| by != By::Taxonomy));
        }
        assert_eq!(Sort::parse(" ").unwrap().to_string(), "-mentions");
        let told = Sort::parse("size").unwrap_err().detail;
        assert!(told.contains("mentions, negative") && !told.contains("size"), "{told}");
    }

    #[test]
    fn what_has_no_figure_comes_last_either_way() {
        let lines = || vec![line("b", 3, None), line("C", 9, Some(0.5)), line("a", 3, Some(0.2))];
        let sorted = |sort: &str| {
            let mut lines = lines();
            Sort::parse(sort).unwrap().apply(&mut lines);
            lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>().join("")
        };
        let orders = [
            "taxonomy",
            "name",
            "-name",
            "mentions",
            "-mentions",
            "negative",
            "-negative",
            "change",
            "-reach",
        ];
        let expected = ["bCa", "abC", "Cba", "baC", "Cba", "aCb", "Cab", "aCb", "bCa"];
        assert_eq!(orders.map(sorted), expected);
    }

    proptest! {
        #[test]
        fn any_order_is_read_or_refused(text in "-?[a-z-]{0,9}") {
            if let Ok(sort) = Sort::parse(&text) {
                prop_assert!(text.is_empty() || sort.to_string() == text);
            }
        }
    }
}
