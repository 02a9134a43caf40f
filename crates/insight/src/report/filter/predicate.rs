//! What of a filter the columns of a fact tell by themselves.

use super::{Filter, Wording, parse_days, parse_scale};
use crate::report::scope::Period;
use feedback::time::Day;
use polars::prelude::*;

impl Filter {
    /// Everything but the cases, which [`Filter::left_by_cases`] knows, and what is asked of the lines that are read then:
    /// the topic, its sentiment and whether that is known, one of several topics, hours, words, the value, the band and the
    /// choice among a person's answers.
    pub(in crate::report) fn predicate(&self) -> Expr {
        self.days().and(self.fields())
    }

    fn days(&self) -> Expr {
        let mut all = lit(true);
        let mut and = |expr: Expr| all = all.clone().and(expr);
        let day = |day: Day| lit(day.0).cast(DataType::Date);
        let column = || col("day").cast(DataType::Date);
        // Days are cut at the same midnights as moments.
        let from = self.from.into_iter().chain(self.since.map(|since| since.0.day())).max();
        let to = self.to.into_iter().chain(self.before.map(|before| before.0.day())).min();
        if let Some(from) = from {
            and(column().gt_eq(day(from)));
        }
        if let Some(to) = to {
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
        all
    }

    fn fields(&self) -> Expr {
        let mut all = lit(true);
        let mut and = |expr: Expr| all = all.clone().and(expr);
        let priority = self.priority.map(|priority| priority.to_string());
        let equal = [
            ("source_kind", &self.source),
            ("product", &self.product),
            ("platform", &self.platform),
            ("app_version", &self.app_version),
            ("territory", &self.territory),
            ("score_kind", &self.score),
            ("part", &self.part),
            ("question", &self.question),
            ("account", &self.account),
            ("segment", &self.segment),
            ("triage_owner", &self.owner),
            ("triage_priority", &priority),
            ("triage_queue", &self.queue),
        ];
        for (name, value) in equal {
            if let Some(value) = value {
                and(text(name).eq(lit(value.clone())));
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
        if self.unsure {
            and(col("triage_unsure").is_not_null());
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
pub(in crate::report) fn has_words() -> Expr {
    text("body").neq(lit("")).or(text("title").neq(lit("")))
}
