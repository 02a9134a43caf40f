//! The way from a figure to the records it was counted from.

use super::scope::{Period, Scope, date};
use feedback::{insight::Scale, judgement::SentimentLabel, time::Day};
use polars::prelude::*;
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

/// Lists records: those that fit every field that is set. As JSON it holds just those; [`Filter::args`] writes the
/// same as arguments of `verbatim report --records`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Days to leave out between those two, both ends included: what is usual outside a change.
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub except_from: Option<Day>,
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub except_to: Option<Day>,
    /// More days to leave out: what stood out by itself is not usual either.
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub also_except_from: Option<Day>,
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub also_except_to: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekday: Option<Weekday>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// A topic id, or `none` for the records without a topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Of what is said about the topic where one is named, else of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<SentimentLabel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Wording>,
    /// Only what is judged: whose sentiment, as above, is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub judged: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// The question a record answers, or its part where it tells none; empty where it has neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// How the record's id begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// A score kind: nps, csat, ces, stars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// The scale the score stands on, as `0-10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<String>,
    /// Exactly this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
}

impl Filter {
    /// The records of a scope, in another period.
    #[must_use]
    pub fn of(scope: &Scope, period: Period) -> Self {
        Self {
            from: Some(period.from),
            to: Some(period.to),
            product: scope.product.clone(),
            source: scope.source.clone(),
            topic: scope.topic.clone(),
            ..Self::default()
        }
    }

    /// All days of the filter but these.
    #[must_use]
    pub fn except(self, days: Period) -> Self {
        Self { except_from: Some(days.from), except_to: Some(days.to), ..self }
    }

    /// And these.
    #[must_use]
    pub fn also_except(self, days: Option<Period>) -> Self {
        Self { also_except_from: days.map(|d| d.from), also_except_to: days.map(|d| d.to), ..self }
    }

    #[must_use]
    pub fn words(self, words: Wording) -> Self {
        Self { words: Some(words), ..self }
    }

    #[must_use]
    pub fn source(self, source: &str) -> Self {
        Self { source: Some(source.to_owned()), ..self }
    }

    #[must_use]
    pub fn topic(self, topic: &str) -> Self {
        Self { topic: Some(topic.to_owned()), ..self }
    }

    #[must_use]
    pub fn sentiment(self, sentiment: SentimentLabel) -> Self {
        Self { sentiment: Some(sentiment), ..self }
    }

    #[must_use]
    pub fn judged(self) -> Self {
        Self { judged: true, ..self }
    }

    #[must_use]
    pub fn scale(self, scale: Scale) -> Self {
        Self { score: Some(scale.kind.as_str().to_owned()), scale: Some(scale_name(scale)), ..self }
    }

    /// `--topic login_access --from 2026-03-02 …`, in a fixed order.
    #[must_use]
    pub fn args(&self) -> Vec<String> {
        let pairs = [
            ("--from", self.from.map(|day| day.to_string())),
            ("--to", self.to.map(|day| day.to_string())),
            ("--except-from", self.except_from.map(|day| day.to_string())),
            ("--except-to", self.except_to.map(|day| day.to_string())),
            ("--also-except-from", self.also_except_from.map(|day| day.to_string())),
            ("--also-except-to", self.also_except_to.map(|day| day.to_string())),
            ("--weekday", self.weekday.map(|day| day.as_str().to_owned())),
            ("--product", self.product.clone()),
            ("--source", self.source.clone()),
            ("--topic", self.topic.clone()),
            ("--sentiment", self.sentiment.map(|label| label.to_string())),
            ("--words", self.words.map(|words| words.as_str().to_owned())),
            ("--kind", self.kind.clone()),
            ("--language", self.language.clone()),
            ("--platform", self.platform.clone()),
            ("--app-version", self.app_version.clone()),
            ("--territory", self.territory.clone()),
            ("--question", self.question.clone()),
            ("--record", self.record.clone()),
            ("--score", self.score.clone()),
            ("--scale", self.scale.clone()),
            ("--value", self.value.map(|value| value.to_string())),
            ("--band", self.band.map(|band| band.as_str().to_owned())),
            ("--answers", self.answers.map(|Answers::Last| "last".to_owned())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?])).flatten();
        pairs.chain(self.judged.then(|| "--judged".to_owned())).collect()
    }

    /// Everything but the topic, its sentiment and whether that is known, the value, the band and the choice among a person's answers.
    pub(super) fn predicate(&self) -> Expr {
        let mut all = lit(true);
        let mut and = |expr: Expr| all = all.clone().and(expr);
        let day = |day: Day| lit(day.0).cast(DataType::Date);
        let column = || col("day").cast(DataType::Date);
        if let Some(from) = self.from {
            and(column().gt_eq(day(from)));
        }
        if let Some(to) = self.to {
            and(column().lt_eq(day(to)));
        }
        let but = [(self.except_from, self.except_to), (self.also_except_from, self.also_except_to)];
        for (from, to) in but.into_iter().filter_map(|(from, to)| from.zip(to)) {
            and(column().lt(day(from)).or(column().gt(day(to))));
        }
        if let Some(weekday) = self.weekday {
            // ISO: Monday is 1.
            and(column().dt().weekday().eq(lit(weekday as i32 + 1)));
        }
        let equal = [
            ("source_kind", &self.source),
            ("product", &self.product),
            ("platform", &self.platform),
            ("app_version", &self.app_version),
            ("territory", &self.territory),
            ("score_kind", &self.score),
        ];
        for (name, value) in equal {
            if let Some(value) = value {
                and(col(name).fill_null(lit("")).eq(lit(value.clone())));
            }
        }
        for (name, value) in [("kind", &self.kind), ("language", &self.language)] {
            if let Some(value) = value {
                and(col(name).fill_null(lit("unknown")).eq(lit(value.clone())));
            }
        }
        if let Some(words) = self.words {
            and(if words == Wording::With { has_words() } else { has_words().not() });
        }
        if let Some(asked) = &self.question {
            and(question().eq(lit(asked.clone())));
        }
        if let Some(record) = &self.record {
            and(col("record_id").str().starts_with(lit(record.clone())));
        }
        if let Some((min, max)) = self.scale.as_deref().and_then(parse_scale) {
            and(col("score_min").eq(lit(min)).and(col("score_max").eq(lit(max))));
        }
        all
    }
}

fn text(name: &str) -> Expr {
    col(name).fill_null(lit(""))
}

/// Whether a record has words of the customer.
pub(super) fn has_words() -> Expr {
    text("body").neq(lit("")).or(text("title").neq(lit("")))
}

/// What a record answers: its question, else its part.
pub(super) fn question() -> Expr {
    when(text("question").neq(lit(""))).then(text("question")).otherwise(text("part"))
}

/// `0-10`.
#[must_use]
pub fn scale_name(scale: Scale) -> String {
    format!("{}-{}", scale.min, scale.max)
}

/// `0-10`, also with a negative or a broken bound.
#[must_use]
pub fn parse_scale(text: &str) -> Option<(f64, f64)> {
    // The dash that parts the bounds is not the first character, which may be a sign.
    let at = 1 + text.get(1..)?.find('-')?;
    Some((text[..at].trim().parse().ok()?, text[at + 1..].trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::score::ScoreKind;

    #[test]
    fn json_and_arguments_say_the_same() {
        let scope = Scope { topic: Some("login_access".into()), ..Scope::of_days(Day(20_514), Day(20_520)) };
        let filter = Filter::of(&scope, scope.period).sentiment(SentimentLabel::Negative);
        assert_eq!(
            serde_json::to_string(&filter).unwrap(),
            r#"{"from":"2026-03-02","to":"2026-03-08","topic":"login_access","sentiment":"negative"}"#
        );
        assert_eq!(
            filter.args().join(" "),
            "--from 2026-03-02 --to 2026-03-08 --topic login_access --sentiment negative"
        );
        assert!(filter.clone().judged().args().ends_with(&["--judged".to_owned()]));
        let back: Filter = serde_json::from_str(&serde_json::to_string(&filter).unwrap()).unwrap();
        assert_eq!(back, filter);
    }

    #[test]
    fn scales_have_names() {
        let scale = Scale { kind: ScoreKind::Nps, min: 0.0, max: 10.0 };
        assert_eq!(scale_name(scale), "0-10");
        assert_eq!(parse_scale("0-10"), Some((0.0, 10.0)));
        assert_eq!(parse_scale("-2-2.5"), Some((-2.0, 2.5)));
        assert_eq!(parse_scale("ten"), None);
    }
}
