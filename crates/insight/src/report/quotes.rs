//! Three of the customers' own words under each mover: cut from the redacted body, never written.

use super::{
    facts::{Facts, Person, Sure},
    model::Quote,
    scope::{Period, Scope},
};
use crate::{error::InsightError, trends::Metric};
use feedback::{ids::Id, judgement::SentimentLabel, span::Span, time::Day};
use std::collections::{HashMap, HashSet};

const QUOTES: usize = 3;
/// The surest mentions that quotes are chosen from.
const CANDIDATES: usize = 60;
/// Characters of a quote; what the topic's own words leave free shows what stands around them.
const LONGEST: usize = 160;
/// Words that two quotes may share, as a part of the shorter one's.
const MOST_ALIKE: f64 = 0.6;

/// The surest mentions of a topic that speak in a mover's direction.
pub struct Mentioned {
    sure: Vec<Sure>,
    pub wanted: Wanted,
}

impl Mentioned {
    pub fn read(
        facts: &impl Facts,
        scope: &Scope,
        topic: &str,
        days: Period,
        wanted: Wanted,
    ) -> Result<Self, InsightError> {
        let sure = facts.surest(scope, days, (topic, wanted.label()), CANDIDATES)?;
        Ok(Self { sure, wanted })
    }
}

/// The bodies of records that may be quoted.
#[derive(Default)]
pub struct Bodies(HashMap<Id, String>);

impl Bodies {
    pub fn read(facts: &impl Facts, of: &[Mentioned]) -> Result<Self, InsightError> {
        let records = of.iter().flat_map(|mentioned| &mentioned.sure);
        let mut records: Vec<(Day, Id)> = records.map(|sure| (sure.day, sure.record)).collect();
        records.sort_unstable();
        records.dedup();
        Ok(Self(facts.bodies(&records)?))
    }
}

/// Chosen from what mentions a mover's topic: sure, short, unlike one another, from different people and, where it can
/// be, sources; the same ones every time, and none of the records in `told`.
pub fn quotes(mentioned: &Mentioned, bodies: &Bodies, told: &HashSet<String>) -> Vec<Quote> {
    let candidates = mentioned.sure.iter().filter_map(|sure| Candidate::of(sure, bodies));
    choose(candidates.filter(|candidate| !told.contains(&candidate.quote.record_id)).collect())
}

/// Which side of a topic the quotes should show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Negative,
    Positive,
    Any,
}

impl Wanted {
    #[must_use]
    pub fn of(metric: Metric, up: bool) -> Self {
        match (metric, up) {
            (Metric::Negative, true) | (Metric::Positive, false) => Self::Negative,
            (Metric::Negative, false) | (Metric::Positive, true) => Self::Positive,
            (Metric::Volume, _) => Self::Any,
        }
    }

    #[must_use]
    pub fn label(self) -> Option<SentimentLabel> {
        match self {
            Self::Negative => Some(SentimentLabel::Negative),
            Self::Positive => Some(SentimentLabel::Positive),
            Self::Any => None,
        }
    }
}

struct Candidate {
    quote: Quote,
    author: Option<Person>,
    confidence: f64,
    words: HashSet<String>,
    /// Characters of the words on the topic.
    length: usize,
}

impl Candidate {
    /// `None` where too little is said.
    fn of(sure: &Sure, bodies: &Bodies) -> Option<Self> {
        let body = bodies.0.get(&sure.record)?;
        let own = sure.span.of(body);
        if own.chars().filter(|c| c.is_alphanumeric()).count() < 8 {
            return None;
        }
        let quote = Quote {
            record_id: sure.record.to_string(),
            day: sure.day,
            source: sure.source.clone(),
            text: excerpt(body, sure.span),
            span: (sure.span.start, sure.span.end),
        };
        let words = own.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        Some(Self {
            quote,
            author: sure.person,
            confidence: sure.confidence,
            words: words.map(str::to_lowercase).collect(),
            length: own.chars().count(),
        })
    }
}

/// Greedily the best that is unlike those already chosen.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Quote> {
    // A sure one is worth more, one far from a good length for reading less.
    let worth = |c: &Candidate| c.confidence - (c.length as f64 - 70.0).abs() / 400.0;
    candidates.sort_by(|a, b| {
        worth(b).total_cmp(&worth(a)).then_with(|| a.quote.record_id.cmp(&b.quote.record_id))
    });
    let mut chosen: Vec<Candidate> = Vec::new();
    for new_source in [true, false] {
        let mut rest = Vec::new();
        for candidate in candidates {
            let repeats = |other: &Candidate| {
                alike(&candidate.words, &other.words) > MOST_ALIKE
                    || (candidate.author.is_some() && candidate.author == other.author)
                    || (new_source && candidate.quote.source == other.quote.source)
            };
            if chosen.len() < QUOTES && !chosen.iter().any(repeats) {
                chosen.push(candidate);
            } else {
                rest.push(candidate);
            }
        }
        candidates = rest;
    }
    chosen.into_iter().map(|candidate| candidate.quote).collect()
}

fn alike(a: &HashSet<String>, b: &HashSet<String>) -> f64 {
    let least = a.len().min(b.len()).max(1);
    a.intersection(b).count() as f64 / least as f64
}

/// The words at `span` with what stands around them, on one line, cut between words.
pub(crate) fn excerpt(body: &str, span: Span) -> String {
    let chars: Vec<char> = body.chars().collect();
    let end = (span.end as usize).min(chars.len());
    let start = (span.start as usize).min(end);
    let room = LONGEST.saturating_sub(end - start);
    let mut from = start.saturating_sub(room / 2);
    let mut to = (end + room - (start - from)).min(chars.len()).min(from + LONGEST);
    if to == chars.len() {
        from = to.saturating_sub(LONGEST).min(start);
    }
    while from > 0 && from < start && !chars[from - 1].is_whitespace() {
        from += 1;
    }
    while to < chars.len() && to > from + 1 && !chars[to].is_whitespace() {
        to -= 1;
    }
    let text: String = chars[from..to].iter().collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, after) = (if from > 0 { "… " } else { "" }, if to < chars.len() { " …" } else { "" });
    format!("{before}{text}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_bodies_are_quoted_whole() {
        assert_eq!(
            excerpt("Love it.\n\nBut login fails 😡", Span::new(10, 28)),
            "Love it. But login fails 😡"
        );
    }

    #[test]
    fn long_bodies_are_cut_between_words_around_the_topic() {
        let body = format!(
            "{} The login never works on my phone. {}",
            "so many words ".repeat(20),
            "and on ".repeat(40)
        );
        let at = body.find("The login").unwrap() as u32;
        let quote = excerpt(&body, Span::new(at, at + 34));
        assert!(quote.contains("The login never works on my phone."));
        assert!(quote.starts_with("… ") && quote.ends_with(" …"));
        assert!(quote.chars().count() <= LONGEST + 4, "{quote}");
        assert!(!quote.contains("… ords") && !quote.contains("o …"), "{quote}");
        let whole = excerpt(&body, Span::new(0, body.len() as u32));
        assert!(whole.chars().count() <= LONGEST + 4);
    }

    #[test]
    fn quotes_differ() {
        let one = |id: &str, author: &str, source: &str, text: &str| Candidate {
            quote: Quote {
                record_id: id.into(),
                day: feedback::time::Day(0),
                source: source.into(),
                text: text.into(),
                span: (0, 0),
            },
            author: Some(Id::of(&[author]).0),
            confidence: 0.9,
            words: text.split(' ').map(str::to_owned).collect(),
            length: text.len(),
        };
        let chosen = choose(vec![
            one("1", "ann", "nps", "the login page never loads on my phone today"),
            one("2", "bob", "nps", "the login page never loads on my tablet today"),
            one("3", "ann", "ticket", "cannot get into the account since the update"),
            one("4", "cid", "nps", "password reset mails do not come"),
            one("5", "dee", "ticket", "two factor codes are refused"),
        ]);
        let mut ids: Vec<&str> = chosen.iter().map(|q| q.record_id.as_str()).collect();
        ids.sort_unstable();
        assert!(ids.len() == 3 && !(ids.contains(&"1") && ids.contains(&"2")), "{ids:?}");
        assert!(!(ids.contains(&"1") && ids.contains(&"3")), "{ids:?}");
    }
}
