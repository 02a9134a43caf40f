//! The one place that names each column: its type, whether it may be empty, and whether it holds
//! text or people. Delta, Arrow and polars schemas all follow from these lists.
//!
//! Columns are only ever added, at the end and nullable: an older file then reads with nulls.

mod types;

pub(crate) use types::{quoted_fields, redaction_fields, span_fields, topic_fields};

use deltalake_core::arrow::datatypes as arrow;
use deltalake_core::kernel::StructField;
use polars::prelude as pl;
use std::sync::Arc;

/// The partition column of every table but `suppressions`.
pub const DAY: &str = "day";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Text,
    Long,
    Int,
    Double,
    Float,
    Bool,
    /// Microseconds, UTC.
    Time,
    Date,
    Binary,
    Texts,
    /// A list of (topic, confidence, sentiment, start, end).
    Topics,
    /// A list of (class, count).
    Redactions,
    /// A list of (start, end).
    Spans,
    /// A list of (record_id, author, author_alias).
    Quoted,
}

/// Whether a column's smallest and largest values may stand in the table's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Labels, numbers and times of no single person.
    Facts,
    /// What somebody wrote, or who they are, or where they work: never in the log, where an erasure
    /// would not reach it.
    TextOrPeople,
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub kind: Type,
    pub nullable: bool,
    pub holds: Holds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    Feedback,
    Insights,
    DeadLetters,
    Suppressions,
    Alerts,
    Cases,
    Deliveries,
    Digests,
    Corrections,
    Audit,
}

use Holds::{Facts, TextOrPeople};
use Type::{Binary, Bool, Date, Double, Float, Int, Long, Redactions, Spans, Text, Texts, Time, Topics};

pub(crate) const fn required(name: &'static str, kind: Type, holds: Holds) -> Column {
    Column { name, kind, nullable: false, holds }
}

pub(crate) const fn optional(name: &'static str, kind: Type, holds: Holds) -> Column {
    Column { name, kind, nullable: true, holds }
}

const FEEDBACK: &[Column] = &[
    required(DAY, Date, Facts),
    required("record_id", Text, TextOrPeople),
    required("item_id", Text, TextOrPeople),
    required("source_kind", Text, Facts),
    required("source", Text, TextOrPeople),
    required("native_id", Text, TextOrPeople),
    required("part", Text, TextOrPeople),
    optional("conversation_id", Text, TextOrPeople),
    required("version", Long, Facts),
    required("deleted", Bool, Facts),
    required("content_hash", Long, TextOrPeople),
    required("occurred_at", Time, Facts),
    required("updated_at", Time, Facts),
    optional("collected_at", Time, Facts),
    required("ingested_at", Time, Facts),
    optional("author", Text, TextOrPeople),
    optional("account", Text, TextOrPeople),
    optional("segment", Text, TextOrPeople),
    optional("revenue", Double, TextOrPeople),
    optional("product", Text, TextOrPeople),
    optional("app_version", Text, TextOrPeople),
    optional("platform", Text, TextOrPeople),
    optional("territory", Text, TextOrPeople),
    optional("tags", Texts, TextOrPeople),
    optional("permalink", Text, TextOrPeople),
    optional("question", Text, TextOrPeople),
    optional("title", Text, TextOrPeople),
    optional("body", Text, TextOrPeople),
    optional("agent_text", Text, TextOrPeople),
    optional("score_kind", Text, Facts),
    optional("score_value", Double, Facts),
    optional("score_min", Double, Facts),
    optional("score_max", Double, Facts),
    optional("language", Text, Facts),
    optional("sentiment", Text, Facts),
    optional("sentiment_confidence", Float, Facts),
    optional("p_negative", Float, Facts),
    optional("p_neutral", Float, Facts),
    optional("p_positive", Float, Facts),
    optional("kind", Text, Facts),
    optional("kind_confidence", Float, Facts),
    optional("urgency", Text, Facts),
    optional("urgency_confidence", Float, Facts),
    optional("topics", Topics, TextOrPeople),
    optional("redactions", Redactions, TextOrPeople),
    optional("metadata", Text, TextOrPeople),
    optional("embedding", Binary, TextOrPeople),
    optional("encoder", Text, Facts),
    optional("vector", Text, Facts),
    optional("taxonomy", Text, Facts),
    required("position_topic", Text, TextOrPeople),
    required("position_partition", Int, Facts),
    required("position_offset", Long, Facts),
    // Another pseudonym of the author's, where the event names them twice; erasing one erases both.
    optional("author_alias", Text, TextOrPeople),
    // What a transformer that reads every text says, in a space of its own.
    optional("network_embedding", Binary, TextOrPeople),
    optional("network_vector", Text, Facts),
    // What is to be done with it, by which rule; null where no rules were set, and in rows from before there were any.
    optional("triage_rule", Text, Facts),
    optional("triage_owner", Text, TextOrPeople),
    optional("triage_priority", Text, Facts),
    optional("triage_queue", Text, Facts),
    optional("triage_confidence", Text, Facts),
    optional("triage_unsure", Text, Facts),
    optional("triage_reason", Text, TextOrPeople),
    optional("triage_spans", Spans, TextOrPeople),
    optional("triage_labels", Texts, Facts),
    optional("triage_actions", Texts, Facts),
    optional("triage_rules", Text, Facts),
    optional("triaged_at", Time, Facts),
];

const DEAD_LETTERS: &[Column] = &[
    required(DAY, Date, Facts),
    required("outcome", Text, Facts),
    required("reason", Text, Facts),
    required("detail", Text, TextOrPeople),
    optional("payload", Text, TextOrPeople),
    optional("source_kind", Text, TextOrPeople),
    optional("author", Text, TextOrPeople),
    required("records", Int, Facts),
    required("ingested_at", Time, Facts),
    required("position_topic", Text, TextOrPeople),
    required("position_partition", Int, Facts),
    required("position_offset", Long, Facts),
    optional("author_alias", Text, TextOrPeople),
];

const INSIGHTS: &[Column] = &[
    required(DAY, Date, Facts),
    required("product", Text, TextOrPeople),
    required("source_kind", Text, Facts),
    required("topic", Text, Facts),
    required("score_kind", Text, Facts),
    optional("score_min", Double, Facts),
    optional("score_max", Double, Facts),
    required("records", Long, Facts),
    required("negative", Long, Facts),
    required("neutral", Long, Facts),
    required("positive", Long, Facts),
    required("sentiment_unknown", Long, Facts),
    required("bug", Long, Facts),
    required("feature_request", Long, Facts),
    required("complaint", Long, Facts),
    required("praise", Long, Facts),
    required("question", Long, Facts),
    required("cancellation", Long, Facts),
    required("other", Long, Facts),
    required("kind_unknown", Long, Facts),
    required("urgent", Long, Facts),
    required("score_n", Long, Facts),
    required("score_sum", Double, Facts),
    required("score_sum_sq", Double, Facts),
    required("promoters", Long, Facts),
    required("passives", Long, Facts),
    required("detractors", Long, Facts),
    required("top2", Long, Facts),
];

const SUPPRESSIONS: &[Column] = &[
    required("author", Text, TextOrPeople),
    required("erased_at", Time, Facts),
    required("removed_rows", Long, Facts),
];

impl Table {
    pub const ALL: [Self; 10] = [
        Self::Feedback,
        Self::Insights,
        Self::DeadLetters,
        Self::Suppressions,
        Self::Alerts,
        Self::Cases,
        Self::Deliveries,
        Self::Digests,
        Self::Corrections,
        Self::Audit,
    ];
    /// Those of what happened ([`crate::LogEvent`]).
    pub const LOGS: [Self; 6] =
        [Self::Alerts, Self::Cases, Self::Deliveries, Self::Digests, Self::Corrections, Self::Audit];

    /// The directory under the root, and the table's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Feedback => "feedback",
            Self::Insights => "insights",
            Self::DeadLetters => "dead_letters",
            Self::Suppressions => "suppressions",
            Self::Alerts => "alerts",
            Self::Cases => "cases",
            Self::Deliveries => "deliveries",
            Self::Digests => "digests",
            Self::Corrections => "corrections",
            Self::Audit => "audit",
        }
    }

    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Feedback => FEEDBACK,
            Self::Insights => INSIGHTS,
            Self::DeadLetters => DEAD_LETTERS,
            Self::Suppressions => SUPPRESSIONS,
            Self::Alerts => crate::log::ALERTS,
            Self::Cases => crate::log::CASES,
            Self::Deliveries => crate::log::DELIVERIES,
            Self::Digests => crate::log::DIGESTS,
            Self::Corrections => crate::log::CORRECTIONS,
            Self::Audit => crate::log::AUDIT,
        }
    }

    #[must_use]
    pub fn is_partitioned(self) -> bool {
        self.columns().iter().any(|column| column.name == DAY)
    }

    /// The columns that a file itself holds: all but the partition's.
    pub fn stored_columns(self) -> impl Iterator<Item = &'static Column> {
        self.columns().iter().filter(|column| column.name != DAY)
    }

    /// For `delta.dataSkippingStatsColumns`: whole numbers and times that are of no single person.
    pub(crate) fn stats_columns(self) -> impl Iterator<Item = &'static Column> {
        self.stored_columns()
            .filter(|column| column.holds == Facts && matches!(column.kind, Long | Int | Time))
    }

    pub(crate) fn delta_fields(self) -> impl Iterator<Item = StructField> {
        self.columns()
            .iter()
            .map(|column| StructField::new(column.name, column.kind.delta(), column.nullable))
    }

    /// Of the Parquet files, in their order.
    pub(crate) fn arrow_schema(self) -> arrow::SchemaRef {
        let fields = self.stored_columns().map(|c| arrow::Field::new(c.name, c.kind.arrow(), c.nullable));
        Arc::new(arrow::Schema::new(fields.collect::<Vec<_>>()))
    }

    /// Of a scan, the partition column included.
    pub(crate) fn polars_schema(self) -> pl::Schema {
        pl::Schema::from_iter(self.columns().iter().map(|c| pl::Field::new(c.name.into(), c.kind.polars())))
    }
}
