//! Frames of invented facts, for this crate's tests.

use feedback::{
    insight::{InsightRow, Scale},
    score::{Score, ScoreKind},
    time::Day,
};
use polars::prelude::*;

/// The decision of the triage on a fact, as far as this crate lists by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub owner: &'static str,
    pub priority: &'static str,
    pub queue: &'static str,
    /// The judgement that was too unsure.
    pub unsure: Option<&'static str>,
}

/// A current fact, as the columns that this crate reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub id: u64,
    pub day: Day,
    pub source: &'static str,
    /// What sent the event; `nps-inbox` where the kind is nps and nothing is named.
    pub origin: Option<&'static str>,
    pub product: Option<&'static str>,
    pub platform: Option<&'static str>,
    pub app_version: Option<&'static str>,
    pub author: Option<String>,
    /// The author's other name.
    pub author_alias: Option<String>,
    pub account: Option<&'static str>,
    pub segment: Option<&'static str>,
    pub decided: Option<Decided>,
    pub language: &'static str,
    pub sentiment: &'static str,
    pub kind: &'static str,
    pub urgency: &'static str,
    pub score: Option<Score>,
    pub part: &'static str,
    pub question: Option<&'static str>,
    pub title: Option<&'static str>,
    pub body: String,
    /// Topic, sentiment, and the characters of the body it takes.
    pub topics: Vec<(&'static str, &'static str, (u32, u32))>,
}

impl Fact {
    pub fn new(id: u64, day: Day, source: &'static str) -> Self {
        Self {
            id,
            day,
            source,
            origin: None,
            product: None,
            platform: None,
            app_version: None,
            author: None,
            author_alias: None,
            account: None,
            segment: None,
            decided: None,
            language: "en",
            sentiment: "neutral",
            kind: "other",
            urgency: "normal",
            score: None,
            part: "",
            question: None,
            title: None,
            body: String::new(),
            topics: Vec::new(),
        }
    }

    pub fn record_id(&self) -> String {
        format!("{:032x}", self.id)
    }

    pub fn scale(&self) -> Option<Scale> {
        self.score.map(|score| Scale { kind: score.kind(), min: score.min(), max: score.max() })
    }
}

pub fn nps(value: f64) -> Option<Score> {
    Score::new(ScoreKind::Nps, value, 0.0, 10.0)
}

/// The facts as the `feedback` table has them.
pub fn facts(facts: &[Fact]) -> LazyFrame {
    let text = |name: &str, of: &dyn Fn(&Fact) -> Option<String>| {
        Column::new(name.into(), facts.iter().map(of).collect::<Vec<Option<String>>>())
    };
    let some = |text: &str| Some(text.to_owned());
    let real = |name: &str, of: &dyn Fn(Score) -> f64| {
        Column::new(name.into(), facts.iter().map(|f| f.score.map(of)).collect::<Vec<Option<f64>>>())
    };
    let days: Vec<i32> = facts.iter().map(|f| f.day.0).collect();
    // Distinct moments of the day, in the order of the ids.
    let at: Vec<i64> = facts.iter().map(|f| f.day.start().0 + 1_000_000 * (f.id % 86_000) as i64).collect();
    let at = Series::new("occurred_at".into(), at);
    let at = at.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap();
    let columns = vec![
        Series::new("day".into(), days).cast(&DataType::Date).unwrap().into_column(),
        at.into_column(),
        text("record_id", &|f| Some(f.record_id())),
        text("native_id", &|f| Some(format!("n-{}", f.id))),
        text("source_kind", &|f| some(f.source)),
        text("source", &|f| Some(f.origin.map_or_else(|| format!("{}-inbox", f.source), str::to_owned))),
        text("product", &|f| f.product.map(str::to_owned)),
        text("platform", &|f| f.platform.map(str::to_owned)),
        text("app_version", &|f| f.app_version.map(str::to_owned)),
        text("territory", &|_| None),
        text("author", &|f| f.author.clone()),
        text("author_alias", &|f| f.author_alias.clone()),
        text("account", &|f| f.account.map(str::to_owned)),
        text("segment", &|f| f.segment.map(str::to_owned)),
        text("triage_owner", &|f| f.decided.map(|decided| decided.owner.to_owned())),
        text("triage_priority", &|f| f.decided.map(|decided| decided.priority.to_owned())),
        text("triage_queue", &|f| f.decided.map(|decided| decided.queue.to_owned())),
        text("triage_unsure", &|f| f.decided?.unsure.map(str::to_owned)),
        text("triage_reason", &|f| f.decided.map(|_| "why".to_owned())),
        text("language", &|f| some(f.language)),
        text("sentiment", &|f| some(f.sentiment)),
        text("kind", &|f| some(f.kind)),
        text("urgency", &|f| some(f.urgency)),
        text("part", &|f| some(f.part)),
        text("question", &|f| f.question.map(str::to_owned)),
        text("title", &|f| f.title.map(str::to_owned)),
        text("body", &|f| Some(f.body.clone())),
        text("score_kind", &|f| f.score.map(|s| s.kind().as_str().to_owned())),
        real("score_value", &|s| s.value()),
        real("score_min", &|s| s.min()),
        real("score_max", &|s| s.max()),
        topics(facts),
    ];
    DataFrame::new(facts.len(), columns).unwrap().lazy()
}

fn topics(facts: &[Fact]) -> Column {
    // A first row that is cut off again tells polars the type of the lists.
    let typed = Fact { topics: vec![("", "", (0, 0))], ..Fact::new(0, Day(0), "") };
    let lists: Vec<Series> = std::iter::once(&typed)
        .chain(facts)
        .map(|fact| {
            let hits = &fact.topics;
            let fields = [
                Series::new("topic".into(), hits.iter().map(|t| t.0).collect::<Vec<_>>()),
                Series::new("confidence".into(), hits.iter().map(|_| 0.9_f32).collect::<Vec<_>>()),
                Series::new("sentiment".into(), hits.iter().map(|t| t.1).collect::<Vec<_>>()),
                Series::new("start".into(), hits.iter().map(|t| t.2.0 as i32).collect::<Vec<_>>()),
                Series::new("end".into(), hits.iter().map(|t| t.2.1 as i32).collect::<Vec<_>>()),
            ];
            StructChunked::from_series("".into(), hits.len(), fields.iter()).unwrap().into_series()
        })
        .collect();
    Column::new("topics".into(), lists).slice(1, facts.len())
}

/// The rows as the `insights` table has them.
pub fn insights(rows: &[InsightRow]) -> LazyFrame {
    let whole = |name: &str, of: &dyn Fn(&InsightRow) -> i64| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<i64>>())
    };
    let real = |name: &str, of: &dyn Fn(&InsightRow) -> Option<f64>| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<Option<f64>>>())
    };
    let text = |name: &str, of: &dyn Fn(&InsightRow) -> String| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<String>>())
    };
    let days: Vec<i32> = rows.iter().map(|row| row.key.day.0).collect();
    let columns = vec![
        Series::new("day".into(), days).cast(&DataType::Date).unwrap().into_column(),
        text("product", &|r| r.key.product.clone()),
        text("source_kind", &|r| r.key.source_kind.clone()),
        text("topic", &|r| r.key.topic.clone()),
        text("score_kind", &|r| r.key.scale.map_or(String::new(), |s| s.kind.as_str().to_owned())),
        real("score_min", &|r| r.key.scale.map(|s| s.min)),
        real("score_max", &|r| r.key.scale.map(|s| s.max)),
        whole("records", &|r| r.counts.records),
        whole("negative", &|r| r.counts.negative),
        whole("neutral", &|r| r.counts.neutral),
        whole("positive", &|r| r.counts.positive),
        whole("sentiment_unknown", &|r| r.counts.sentiment_unknown),
        whole("bug", &|r| r.counts.bug),
        whole("feature_request", &|r| r.counts.feature_request),
        whole("complaint", &|r| r.counts.complaint),
        whole("praise", &|r| r.counts.praise),
        whole("question", &|r| r.counts.question),
        whole("cancellation", &|r| r.counts.cancellation),
        whole("other", &|r| r.counts.other),
        whole("kind_unknown", &|r| r.counts.kind_unknown),
        whole("urgent", &|r| r.counts.urgent),
        whole("score_n", &|r| r.counts.score_n),
        real("score_sum", &|r| Some(r.counts.score_sum)),
        real("score_sum_sq", &|r| Some(r.counts.score_sum_sq)),
        whole("promoters", &|r| r.counts.promoters),
        whole("passives", &|r| r.counts.passives),
        whole("detractors", &|r| r.counts.detractors),
        whole("top2", &|r| r.counts.top2),
    ];
    DataFrame::new(rows.len(), columns).unwrap().lazy()
}
