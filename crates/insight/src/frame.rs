//! Typed access to the columns of a frame, and the expressions that several rooms of this crate share.

use crate::error::InsightError;
use feedback::{
    insight::NO_TOPIC,
    time::{Day, Timestamp},
};
use polars::prelude::*;

/// A collected frame, read column by column.
pub struct Rows(DataFrame);

impl Rows {
    pub fn collect(frame: LazyFrame) -> Result<Self, InsightError> {
        Ok(Self(frame.collect()?))
    }

    /// A frame that is collected already.
    pub fn of(frame: DataFrame) -> Self {
        Self(frame)
    }

    pub fn len(&self) -> usize {
        self.0.height()
    }

    pub fn text(&self, name: &str) -> Result<TextColumn, InsightError> {
        Ok(TextColumn(self.0.column(name)?.cast(&DataType::String)?.str()?.clone()))
    }

    pub fn whole(&self, name: &str) -> Result<Vec<i64>, InsightError> {
        Ok(self.0.column(name)?.cast(&DataType::Int64)?.i64()?.iter().map(|n| n.unwrap_or(0)).collect())
    }

    pub fn real(&self, name: &str) -> Result<Vec<Option<f64>>, InsightError> {
        Ok(self.0.column(name)?.cast(&DataType::Float64)?.f64()?.iter().collect())
    }

    pub fn days(&self, name: &str) -> Result<Vec<Day>, InsightError> {
        let days = self.0.column(name)?.cast(&DataType::Date)?.cast(&DataType::Int32)?;
        Ok(days.i32()?.iter().map(|day| Day(day.unwrap_or(0))).collect())
    }

    pub fn times(&self, name: &str) -> Result<Vec<Timestamp>, InsightError> {
        let times = self.maybe_times(name)?.into_iter();
        Ok(times.map(|at| at.unwrap_or(Timestamp(0))).collect())
    }

    /// `None` where there is none.
    pub fn maybe_times(&self, name: &str) -> Result<Vec<Option<Timestamp>>, InsightError> {
        let column = self.0.column(name)?;
        // Whatever the unit and the zone, microseconds in UTC; integers are taken as such.
        let micros = match column.dtype() {
            DataType::Datetime(_, zone) => column
                .cast(&DataType::Datetime(TimeUnit::Microseconds, zone.clone()))?
                .cast(&DataType::Int64)?,
            _ => column.cast(&DataType::Int64)?,
        };
        Ok(micros.i64()?.iter().map(|at| at.map(Timestamp)).collect())
    }

    /// Vectors of eight bits a number; empty where there is none.
    pub fn vectors(&self, name: &str) -> Result<Vec<Vec<i8>>, InsightError> {
        let column = self.0.column(name)?.cast(&DataType::Binary)?;
        let numbers =
            |bytes: &[u8]| -> Vec<i8> { bytes.iter().map(|byte| i8::from_ne_bytes([*byte])).collect() };
        Ok(column.binary()?.iter().map(|bytes| bytes.map(numbers).unwrap_or_default()).collect())
    }
}

/// A column of text, null where there is none.
pub struct TextColumn(StringChunked);

impl TextColumn {
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.0.iter()
    }

    pub fn get(&self, row: usize) -> Option<&str> {
        self.0.get(row)
    }
}

/// The `topics` column opened: a row for each topic of a record, none for records without; its fields
/// as columns `topic`, `topic_sentiment`, `topic_confidence`, `topic_start` and `topic_end`.
pub fn explode_topics(facts: LazyFrame) -> LazyFrame {
    let field = |name: &str, alias: &str| col("topics").struct_().field_by_name(name).alias(alias);
    facts
        .explode(
            Selector::ByName { names: [PlSmallStr::from("topics")].into(), strict: true },
            ExplodeOptions { empty_as_null: false, keep_nulls: false },
        )
        .with_columns([
            field("topic", "topic"),
            field("sentiment", "topic_sentiment").fill_null(lit("unknown")),
            field("confidence", "topic_confidence"),
            field("start", "topic_start"),
            field("end", "topic_end"),
        ])
        .filter(col("topic").is_not_null())
}

/// What is said of `topic`, a row for each record; the records without a topic where it is [`NO_TOPIC`].
pub fn of_topic(facts: LazyFrame, topic: &str) -> LazyFrame {
    if topic == NO_TOPIC {
        return as_wholes(facts.filter(col("topics").list().len().fill_null(lit(0)).eq(lit(0))));
    }
    explode_topics(facts).filter(col("topic").eq(lit(topic.to_owned())))
}

/// Records as a whole, with the columns that [`explode_topics`] gives of sentiment and span.
pub fn as_wholes(facts: LazyFrame) -> LazyFrame {
    let none = |name: &str| lit(NULL).cast(DataType::Int64).alias(name.to_owned());
    facts.with_columns([
        col("sentiment").fill_null(lit("unknown")).alias("topic_sentiment"),
        none("topic_start"),
        none("topic_end"),
    ])
}

/// Current facts as the models judged them, whatever people corrected: what is said of the models is said of these. A
/// frame that does not tell of corrections has none.
///
/// # Errors
/// Where the frame's columns cannot be told.
pub fn as_judged(mut facts: LazyFrame) -> Result<LazyFrame, InsightError> {
    let schema = facts.collect_schema()?;
    let judged = |name: &str| {
        let judged = format!("judged_{name}");
        let is_told = schema.contains(&judged);
        let judged = || col(judged.clone());
        is_told.then(|| when(judged().is_not_null()).then(judged()).otherwise(col(name)).alias(name))
    };
    let judged: Vec<Expr> = ["sentiment", "kind", "topics"].into_iter().filter_map(judged).collect();
    Ok(facts.with_columns(judged))
}

/// Rows of the days `from..=to`.
pub fn between(from: Day, to: Day) -> Expr {
    let day = |day: Day| lit(day.0).cast(DataType::Date);
    let column = || col("day").cast(DataType::Date);
    column().gt_eq(day(from)).and(column().lt_eq(day(to)))
}
