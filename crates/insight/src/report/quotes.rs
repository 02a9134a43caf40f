//! Three of the customers' own words under each mover: cut from the redacted body, never written.

use super::{
    model::Quote,
    people::People,
    read,
    scope::{Period, Scope},
};
use crate::{
    error::InsightError,
    frame::{Rows, between, explode_topics},
    trends::Metric,
};
use feedback::{judgement::SentimentLabel, span::Span};
use polars::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};

const QUOTES: usize = 3;
/// The surest mentions that quotes are chosen from.
const CANDIDATES: u32 = 60;
/// Characters of a quote; what the topic's own words leave free shows what stands around them.
const LONGEST: usize = 160;
/// Words that two quotes may share, as a part of the shorter one's.
const MOST_ALIKE: f64 = 0.6;

/// The surest mentions of a topic that speak in a mover's direction.
pub struct Mentioned {
    rows: Rows,
    days: Period,
    pub wanted: Wanted,
}

impl Mentioned {
    /// `facts` need not hold more of a body than whether there is one.
    pub fn read(
        facts: &LazyFrame,
        scope: &Scope,
        topic: &str,
        days: Period,
        wanted: Wanted,
    ) -> Result<Self, InsightError> {
        let everything = Scope { topic: None, ..scope.clone() };
        let mut mentions =
            explode_topics(read::facts(facts, &everything, days)).filter(col("topic").eq(lit(topic)));
        if let Some(label) = wanted.label() {
            mentions = mentions.filter(col("topic_sentiment").eq(lit(label.as_str())));
        }
        let names =
            ["record_id", "day", "source_kind", "author", "topic_confidence", "topic_start", "topic_end"];
        let surest = SortMultipleOptions::default().with_order_descending_multi([true, false]);
        let top = mentions
            .filter(col("body").is_not_null())
            .select(names.map(col))
            .sort_by_exprs([col("topic_confidence"), col("record_id")], surest)
            .limit(CANDIDATES);
        Ok(Self { rows: Rows::collect(top)?, days, wanted })
    }
}

/// The bodies of records that may be quoted.
#[derive(Default)]
pub struct Bodies(HashMap<String, String>);

impl Bodies {
    pub fn read(facts: &LazyFrame, of: &[Mentioned]) -> Result<Self, InsightError> {
        let days = of.iter().map(|mentioned| mentioned.days);
        let Some(days) = days.reduce(|a, b| Period { from: a.from.min(b.from), to: a.to.max(b.to) }) else {
            return Ok(Self::default());
        };
        let ids = of.iter().map(|mentioned| mentioned.rows.text("record_id"));
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        let ids: BTreeSet<&str> = ids.iter().flat_map(|ids| ids.iter().flatten()).collect();
        let ids = Series::new("ids".into(), ids.into_iter().collect::<Vec<&str>>()).implode()?.into_series();
        let wanted = between(days.from, days.to).and(col("record_id").is_in(lit(ids), false));
        let rows = Rows::collect(facts.clone().filter(wanted).select(["record_id", "body"].map(col)))?;
        let (ids, bodies) = (rows.text("record_id")?, rows.text("body")?);
        let told =
            ids.iter().zip(bodies.iter()).filter_map(|(id, body)| Some((id?.to_owned(), body?.to_owned())));
        Ok(Self(told.collect()))
    }
}

/// Chosen from what mentions a mover's topic: sure, short, unlike one another, from different people and, where it can
/// be, sources; the same ones every time, and none of the records in `told`.
pub fn quotes(
    mentioned: &Mentioned,
    bodies: &Bodies,
    people: &People,
    told: &HashSet<String>,
) -> Result<Vec<Quote>, InsightError> {
    let mut candidates = candidates(&mentioned.rows, bodies, people)?;
    candidates.retain(|candidate| !told.contains(&candidate.quote.record_id));
    Ok(choose(candidates))
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
    author: Option<String>,
    confidence: f64,
    words: HashSet<String>,
    /// Characters of the words on the topic.
    length: usize,
}

fn candidates(rows: &Rows, bodies: &Bodies, people: &People) -> Result<Vec<Candidate>, InsightError> {
    let (records, sources, authors) =
        (rows.text("record_id")?, rows.text("source_kind")?, rows.text("author")?);
    let days = rows.days("day")?;
    let (confidence, start, end) =
        (rows.real("topic_confidence")?, rows.whole("topic_start")?, rows.whole("topic_end")?);
    let mut result = Vec::new();
    for row in 0..rows.len() {
        let record = records.get(row).unwrap_or_default();
        let body = bodies.0.get(record).map(String::as_str).unwrap_or_default();
        let span = Span::new(start[row].max(0) as u32, end[row].max(start[row]).max(0) as u32);
        let own = span.of(body);
        if own.chars().filter(|c| c.is_alphanumeric()).count() < 8 {
            continue;
        }
        let quote = Quote {
            record_id: record.to_owned(),
            day: days[row],
            source: sources.get(row).unwrap_or_default().to_owned(),
            text: excerpt(body, span),
            span: (span.start, span.end),
        };
        let words = own.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        result.push(Candidate {
            quote,
            author: authors.get(row).map(|author| people.of(author).to_owned()),
            confidence: confidence[row].unwrap_or(0.0),
            words: words.map(str::to_lowercase).collect(),
            length: own.chars().count(),
        });
    }
    Ok(result)
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
            author: Some(author.into()),
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
