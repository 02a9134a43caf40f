//! What each type of a column is to Delta, to Arrow and to polars.

use super::Type::{
    self, Binary, Bool, Date, Double, Float, Int, Long, Quoted, Redactions, Spans, Text, Texts, Time, Topics,
};
use deltalake_core::arrow::datatypes as arrow;
use deltalake_core::kernel::{ArrayType, DataType, PrimitiveType, StructField, StructType};
use polars::prelude as pl;
use std::sync::Arc;

impl Type {
    pub(super) fn delta(self) -> DataType {
        let primitive = |kind| DataType::Primitive(kind);
        let list = |element| DataType::Array(Box::new(ArrayType::new(element, true)));
        let record = |fields: &[(&str, Type)]| {
            let fields = fields.iter().map(|(name, kind)| StructField::new(*name, kind.delta(), true));
            match StructType::try_new(fields) {
                Ok(fields) => DataType::Struct(Box::new(fields)),
                Err(error) => unreachable!("the names below are all different: {error}"),
            }
        };
        match self {
            Text => primitive(PrimitiveType::String),
            Long => primitive(PrimitiveType::Long),
            Int => primitive(PrimitiveType::Integer),
            Double => primitive(PrimitiveType::Double),
            Float => primitive(PrimitiveType::Float),
            Bool => primitive(PrimitiveType::Boolean),
            Time => primitive(PrimitiveType::Timestamp),
            Date => primitive(PrimitiveType::Date),
            Binary => primitive(PrimitiveType::Binary),
            Texts => list(Text.delta()),
            Topics => list(record(TOPIC)),
            Redactions => list(record(REDACTION)),
            Spans => list(record(SPAN)),
            Quoted => list(record(QUOTED_RECORD)),
        }
    }

    pub(crate) fn arrow(self) -> arrow::DataType {
        let list = |element| arrow::DataType::List(Arc::new(arrow::Field::new("element", element, true)));
        match self {
            Text => arrow::DataType::Utf8,
            Long => arrow::DataType::Int64,
            Int => arrow::DataType::Int32,
            Double => arrow::DataType::Float64,
            Float => arrow::DataType::Float32,
            Bool => arrow::DataType::Boolean,
            Time => arrow::DataType::Timestamp(arrow::TimeUnit::Microsecond, Some("UTC".into())),
            Date => arrow::DataType::Date32,
            Binary => arrow::DataType::Binary,
            Texts => list(Text.arrow()),
            Topics => list(arrow::DataType::Struct(arrow_fields(TOPIC))),
            Redactions => list(arrow::DataType::Struct(arrow_fields(REDACTION))),
            Spans => list(arrow::DataType::Struct(arrow_fields(SPAN))),
            Quoted => list(arrow::DataType::Struct(arrow_fields(QUOTED_RECORD))),
        }
    }

    pub(super) fn polars(self) -> pl::DataType {
        let list = |element| pl::DataType::List(Box::new(element));
        let record = |fields: &[(&str, Type)]| {
            let fields = fields.iter().map(|(name, kind)| pl::Field::new((*name).into(), kind.polars()));
            pl::DataType::Struct(fields.collect())
        };
        match self {
            Text => pl::DataType::String,
            Long => pl::DataType::Int64,
            Int => pl::DataType::Int32,
            Double => pl::DataType::Float64,
            Float => pl::DataType::Float32,
            Bool => pl::DataType::Boolean,
            // As polars calls UTC in a Parquet file; without its time zones it knows no other name.
            Time => {
                let utc = pl::TimeZone::opt_try_new(Some("+00:00")).unwrap_or(Some(pl::TimeZone::UTC));
                pl::DataType::Datetime(pl::TimeUnit::Microseconds, utc)
            }
            Date => pl::DataType::Date,
            Binary => pl::DataType::Binary,
            Texts => list(Text.polars()),
            Topics => list(record(TOPIC)),
            Redactions => list(record(REDACTION)),
            Spans => list(record(SPAN)),
            Quoted => list(record(QUOTED_RECORD)),
        }
    }
}

/// The fields of one topic; the span counts characters of the redacted body.
const TOPIC: &[(&str, Type)] =
    &[("topic", Text), ("confidence", Float), ("sentiment", Text), ("start", Int), ("end", Int)];
const REDACTION: &[(&str, Type)] = &[("class", Text), ("count", Int)];
const SPAN: &[(&str, Type)] = &[("start", Int), ("end", Int)];
const QUOTED_RECORD: &[(&str, Type)] = &[("record_id", Text), ("author", Text), ("author_alias", Text)];

fn arrow_fields(fields: &[(&str, Type)]) -> arrow::Fields {
    fields.iter().map(|(name, kind)| arrow::Field::new(*name, kind.arrow(), true)).collect()
}

pub(crate) fn topic_fields() -> arrow::Fields {
    arrow_fields(TOPIC)
}

pub(crate) fn redaction_fields() -> arrow::Fields {
    arrow_fields(REDACTION)
}

pub(crate) fn span_fields() -> arrow::Fields {
    arrow_fields(SPAN)
}

pub(crate) fn quoted_fields() -> arrow::Fields {
    arrow_fields(QUOTED_RECORD)
}
