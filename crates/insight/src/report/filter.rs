//! The way from a figure to the records it was counted from.

mod choices;

use super::scope::{Period, Scope, date, parse_day};
pub use choices::{Answers, Band, Weekday, Wording};
use feedback::{insight::Scale, judgement::SentimentLabel, time::Day};
use polars::prelude::*;
use serde::{Deserialize, Serialize};

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
    /// More days to leave out, as `2026-02-01/2026-02-03`, with commas between: what stood out by itself is not
    /// usual either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also_except: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekday: Option<Weekday>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// A source kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What sent the events, any of these: a form, an inbox, a network, an imported file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_source: Vec<String>,
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
    /// Which answer of a response a record is; empty where it is not one of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The question a record answers; empty where it tells none.
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
            event_source: scope.event_source.clone(),
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
    pub fn also_except(self, days: &[Period]) -> Self {
        let names: Vec<String> = days.iter().map(|days| format!("{}/{}", days.from, days.to)).collect();
        Self { also_except: (!names.is_empty()).then(|| names.join(",")), ..self }
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
            ("--also-except", self.also_except.clone()),
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
            ("--part", self.part.clone()),
            ("--question", self.question.clone()),
            ("--record", self.record.clone()),
            ("--score", self.score.clone()),
            ("--scale", self.scale.clone()),
            ("--value", self.value.map(|value| value.to_string())),
            ("--band", self.band.map(|band| band.as_str().to_owned())),
            ("--answers", self.answers.map(|Answers::Last| "last".to_owned())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?]));
        let sources = self.event_source.iter().map(|name| ["--event-source".to_owned(), name.clone()]);
        pairs.chain(sources).flatten().chain(self.judged.then(|| "--judged".to_owned())).collect()
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
        let except = self.except_from.zip(self.except_to).map(|(from, to)| Period { from, to });
        let also = self.also_except.as_deref().and_then(parse_days).unwrap_or_default();
        for Period { from, to } in except.into_iter().chain(also) {
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
            ("part", &self.part),
            ("question", &self.question),
        ];
        for (name, value) in equal {
            if let Some(value) = value {
                and(col(name).fill_null(lit("")).eq(lit(value.clone())));
            }
        }
        let sent_by = self.event_source.iter().map(|name| text("source").eq(lit(name.clone())));
        if let Some(any) = sent_by.reduce(Expr::or) {
            and(any);
        }
        for (name, value) in [("kind", &self.kind), ("language", &self.language)] {
            if let Some(value) = value {
                and(col(name).fill_null(lit("unknown")).eq(lit(value.clone())));
            }
        }
        if let Some(words) = self.words {
            and(if words == Wording::With { has_words() } else { has_words().not() });
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

/// `2026-02-01/2026-02-03,2026-02-09/2026-02-09`: stretches of days, both ends included, as [`parse_day`] reads them.
#[must_use]
pub fn parse_days(text: &str) -> Option<Vec<Period>> {
    let stretch = |text: &str| {
        let (from, to) = text.split_once('/')?;
        Some(Period { from: parse_day(from)?, to: parse_day(to)? })
    };
    text.split(',').map(stretch).collect()
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
        let filter = Filter { event_source: vec!["web-nps".into(), "file:a.csv".into()], ..filter };
        assert!(filter.args().join(" ").ends_with("--event-source web-nps --event-source file:a.csv"));
        let json = serde_json::to_string(&filter).unwrap();
        assert!(json.contains(r#""event_source":["web-nps","file:a.csv"]"#), "{json}");
        assert_eq!(serde_json::from_str::<Filter>(&json).unwrap(), filter);
    }

    #[test]
    fn scales_have_names() {
        let scale = Scale { kind: ScoreKind::Nps, min: 0.0, max: 10.0 };
        assert_eq!(scale_name(scale), "0-10");
        assert_eq!(parse_scale("0-10"), Some((0.0, 10.0)));
        assert_eq!(parse_scale("-2-2.5"), Some((-2.0, 2.5)));
        assert_eq!(parse_scale("ten"), None);
    }

    #[test]
    fn days_to_leave_out_are_read_as_they_are_written() {
        let days = [(20_514, 20_520), (20_530, 20_530)];
        let days = days.map(|(from, to)| Period { from: Day(from), to: Day(to) });
        let filter = Filter::default().also_except(&days);
        assert_eq!(filter.args(), ["--also-except", "2026-03-02/2026-03-08,2026-03-18/2026-03-18"]);
        assert_eq!(parse_days(filter.also_except.as_deref().unwrap()), Some(days.to_vec()));
        assert_eq!(Filter::default().also_except(&[]), Filter::default());
        assert_eq!(parse_days("02.03.2026/08.03.2026, 2026-03-18/18.03.2026"), Some(days.to_vec()));
        for wrong in ["2026-03-02", "2026-03-02/soon", ""] {
            assert_eq!(parse_days(wrong), None, "{wrong}");
        }
    }
}
