//! A report: figures with the filter of their records, changes with their interval and verdict.

use super::{
    filter::Filter,
    scope::{Period, Scope, date},
};
use crate::{
    stats::Interval,
    trends::{Effect, Metric, Verdict},
};
use feedback::{insight::Scale, time::Day};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// As asked for.
    pub scope: Scope,
    /// The complete days of the scope: what every figure counts.
    pub period: Period,
    /// Days of the scope that are not over yet; nothing below counts them.
    pub partial: Option<Partial>,
    /// The period of the same length right before, where there are records of all of it.
    pub previous: Option<Period>,
    /// What the changes of sentiment and scores compare.
    pub comparison: Option<Comparison>,
    /// The history before the period that topics' changes are measured against; together with the days of the
    /// period outside a change.
    pub baseline: Option<Period>,
    /// The first day with records of the product and sources, where the period begins before it.
    #[serde(with = "date::option")]
    pub records_begin: Option<Day>,
    /// The last one, where the period ends after it.
    #[serde(with = "date::option")]
    pub records_end: Option<Day>,
    pub records: Figure<u64>,
    pub previous_records: Option<Figure<u64>>,
    /// How the one became the other. None where they cannot be compared: no whole weeks, fewer than eight weeks known, fewer than
    /// 5 records on a side, or records that end before the period.
    pub volume_change: Option<VolumeChange>,
    pub sources: Vec<SourceRow>,
    pub scores: Vec<ScoreRow>,
    /// Real ones first, then unclear ones.
    pub movers: Vec<Mover>,
    /// Every topic of the period, the most frequent first.
    pub topics: Vec<TopicRow>,
    /// Of the records with words, those in which no topic was found; none where the scope names a topic.
    pub unassigned: Option<Share>,
    /// Records that are a score alone; kinds and languages are of the others.
    pub without_words: Figure<u64>,
    pub kinds: Vec<Named<u64>>,
    pub languages: Vec<Named<u64>>,
    pub rhythm: Option<RhythmRow>,
    /// Something has the verdict real.
    pub notable: bool,
    pub tests: Tests,
}

/// Two stretches of days: the period and the one before it, or, without history, the halves of the period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Comparison {
    pub of: Period,
    pub against: Period,
}

impl Comparison {
    /// The last whole weeks of a period, as near to half of it as can be, against what came before; `None` below
    /// four weeks.
    #[must_use]
    pub fn halves(period: Period) -> Option<Self> {
        let half = period.days() / 14 * 7;
        let from = period.to.plus(1 - half);
        (half >= 14).then(|| Self {
            of: Period { from, to: period.to },
            against: Period { from: period.from, to: from.plus(-1) },
        })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Partial {
    #[serde(flatten)]
    pub days: Period,
    pub records: u64,
    pub filter: Filter,
}

/// How many changes were looked at, the false-discovery level they share, and the verdicts of those that this
/// report is about. With a topic in the scope `count` still has those of all topics, among which its own are judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tests {
    pub count: usize,
    pub level: f64,
    pub real: Verdicts,
    pub unclear: Verdicts,
}

/// How often a verdict was given, by what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Verdicts {
    /// Measures of topics. `movers` may have fewer: less praise beside more complaints is one movement.
    pub topics: usize,
    /// Negative shares by source.
    pub sources: usize,
    pub scores: usize,
    /// 1 where the weekly rhythm has it.
    pub rhythm: usize,
}

impl Verdicts {
    #[must_use]
    pub fn total(self) -> usize {
        self.topics + self.sources + self.scores + self.rhythm
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure<T> {
    pub value: T,
    pub filter: Filter,
}

/// How many records there are beside those of the period before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct VolumeChange {
    /// After over before.
    pub ratio: f64,
    pub interval: Interval,
    /// Scatter from day to day beyond chance, which the figures allow for; 1 is none.
    pub dispersion: f64,
    pub p: f64,
    /// Bonferroni's bound among all tests of the report; none below 30 records on a side.
    pub q: Option<f64>,
    pub verdict: Option<Verdict>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named<T> {
    pub name: String,
    pub value: T,
    pub filter: Filter,
}

/// A part of `n`. Below 5 of them the share is suppressed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    pub hits: u64,
    pub n: u64,
    pub share: Option<f64>,
    pub interval: Option<Interval>,
    /// Lists the hits.
    pub filter: Filter,
    /// `n`, with the filter that lists all of them.
    pub of: Figure<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceRow {
    pub source: String,
    pub records: Figure<u64>,
    pub previous: Option<Figure<u64>>,
    /// Records by ISO week of the period; the first and the last may be cut.
    pub weeks: Vec<Figure<u64>>,
    /// Of those whose sentiment is known.
    pub negative: Share,
    pub neutral: Share,
    pub positive: Share,
    /// Of the records with words.
    pub unknown: Share,
    /// Of the negative share, as a fraction.
    pub change: Option<ChangeOf>,
}

/// How a figure moved between the two sides of the report's comparison, in its own unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeOf {
    pub before: f64,
    pub after: f64,
    pub difference: f64,
    pub interval: Interval,
    pub p: f64,
    /// Benjamini-Hochberg, among all tests of the report; none where nothing is judged (fewer than 30
    /// answers on a side, or a mix of sources).
    pub q: Option<f64>,
    pub verdict: Option<Verdict>,
    /// How many records the figure of before was counted from: of a share, its hits.
    pub records: u64,
    /// Lists them.
    pub filter: Filter,
    /// The same of after.
    pub after_records: Figure<u64>,
    /// What a negative share is one of: the judged records before and after. None of scores, whose records are all
    /// answers.
    pub before_of: Option<Figure<u64>>,
    pub after_of: Option<Figure<u64>>,
}

/// What a score is on one scale. For NPS in points from -100 to 100, for CSAT the share of the satisfied
/// ([`crate::rollup::is_satisfied`]), for CES and stars the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreRow {
    #[serde(flatten)]
    pub scale: Scale,
    /// None: over several sources, where none of them has a row a question.
    pub source: Option<String>,
    /// Which answer it is of a response, where the source asks several questions on the scale and answers have ids.
    /// A person's last answer is the last to this.
    pub part: Option<String>,
    /// What was asked, where the source asks several questions on the scale: the latest wording of the part, or the
    /// part where there is none; a row for each wording only where answers have no part.
    pub question: Option<String>,
    /// Over all the questions of the source: there are too many for a row each, or too few answers to most of them.
    pub all_questions: bool,
    /// People in NPS and CSAT, each with the last answer; answers elsewhere.
    pub n: u64,
    /// Suppressed below 5.
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    /// By ISO week; of a person who answered several times in a week, the last answer of the week.
    pub weeks: Vec<ScoreWeek>,
    /// How many gave which value, from the lowest. Empty where the score is suppressed, as the bands are.
    pub distribution: Vec<AnswerCount>,
    /// Promoters, passives and detractors; the satisfied (`top2`).
    pub bands: Vec<Named<u64>>,
    pub change: Option<ChangeOf>,
    pub filter: Filter,
}

/// A score in one ISO week of the period, which may be cut.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreWeek {
    /// Suppressed below 5 answers.
    pub value: Option<f64>,
    pub n: u64,
    pub filter: Filter,
}

/// How many answered just this.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerCount {
    pub value: f64,
    pub n: u64,
    pub filter: Filter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    More,
    Fewer,
    Worse,
    Better,
}

impl Direction {
    #[must_use]
    pub fn new(metric: Metric, up: bool) -> Self {
        match (metric, up) {
            (Metric::Volume, true) => Self::More,
            (Metric::Volume, false) => Self::Fewer,
            (Metric::Negative, true) | (Metric::Positive, false) => Self::Worse,
            (Metric::Negative, false) | (Metric::Positive, true) => Self::Better,
        }
    }
}

/// A topic that stands out for some days of the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mover {
    pub topic: String,
    pub name: String,
    pub metric: Metric,
    pub direction: Direction,
    pub verdict: Verdict,
    /// The days that stand out; they may begin before the period, and then those of the period stand out by themselves.
    #[serde(flatten)]
    pub days: Period,
    /// It has not ended by the end of the period.
    pub ongoing: bool,
    pub effect: Effect,
    pub p: f64,
    pub q: f64,
    /// Scatter from day to day beyond chance, which the figures allow for; 1 is none.
    pub dispersion: f64,
    /// Days that stood out by themselves: no part of what is usual, or this would be their mirror image, or what was
    /// over before the period.
    pub left_out: Vec<Period>,
    pub carriers: Vec<Carrier>,
    pub quotes: Vec<Quote>,
    /// What the quotes are of, where they are not of `records`, on the mover's days: where complaints became fewer, praise.
    pub quoted: Option<Figure<u64>>,
    /// The same on the other days of the period and of the history before it: what is usual.
    pub outside: Figure<u64>,
    /// Of a share: the judged mentions it is one of, on those days and on the others.
    pub judged: Option<Judged>,
    /// The mentions (or the negative or positive ones) on those days.
    pub records: u64,
    /// Lists them.
    pub filter: Filter,
}

/// The mentions whose sentiment is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    pub inside: Figure<u64>,
    pub outside: Figure<u64>,
}

/// What the mentions of a mover have in common more than usual, and more than the other records of its days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Carrier {
    /// Dimension and value: platform, android.
    pub what: Vec<(String, String)>,
    /// Share of the mentions on the mover's days, and of the usual ones.
    pub inside: f64,
    pub outside: f64,
    /// Newcombe's interval of the difference.
    pub difference: Interval,
    /// Of all records on the mover's days.
    pub same_days: Share,
    /// The usual mentions.
    pub outside_mentions: Figure<u64>,
    /// The mentions on the mover's days.
    pub mentions: u64,
    pub filter: Filter,
}

/// A customer's own words, cut from the redacted text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quote {
    pub record_id: String,
    #[serde(with = "date")]
    pub day: Day,
    pub source: String,
    /// With a little of what stands around the words on the topic; `…` where it was cut.
    pub text: String,
    /// Characters of the redacted body that the words on the topic take.
    pub span: (u32, u32),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicRow {
    pub topic: String,
    pub name: String,
    pub mentions: Figure<u64>,
    /// Of all records of the period, whatever their topic; suppressed below 5 of them.
    pub share: Option<f64>,
    pub of: Figure<u64>,
    pub weeks: Vec<Figure<u64>>,
    /// Of the mentions whose sentiment is known.
    pub negative: Share,
    /// None where there is too little to test.
    pub volume_verdict: Option<Verdict>,
    pub negative_verdict: Option<Verdict>,
    pub positive_verdict: Option<Verdict>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RhythmRow {
    pub weeks: usize,
    pub verdict: Verdict,
    pub p: f64,
    pub q: f64,
    pub busiest: DayOfWeek,
    pub quietest: DayOfWeek,
    /// Monday first.
    pub profile: Vec<DayOfWeek>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayOfWeek {
    pub day: &'static str,
    /// Records over those of an average day.
    pub ratio: f64,
    pub interval: Interval,
    /// Records on these days of the whole weeks that the rhythm is told from.
    pub records: u64,
    pub filter: Filter,
}
