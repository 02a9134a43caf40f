//! Rows of a log to columns, and back.

use super::row::Row;
use super::{LogEvent, Quoted, SEQUENCE};
use crate::encode::{EncodedFiles, encode};
use crate::error::StoreError;
use crate::facts::{element, field};
use crate::index::column;
use crate::schema::{self, Type};
use deltalake_core::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, ListArray, ListBuilder, RecordBatch, StringArray, StringBuilder,
    StructBuilder, TimestampMicrosecondArray,
};
use deltalake_core::arrow::datatypes::{Date32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use feedback::time::{Day, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One file for each day; each row with its sequence.
pub(super) fn encode_rows<E: LogEvent>(rows: &[(i64, &E)]) -> Result<EncodedFiles, StoreError> {
    let mut days: BTreeMap<Day, Vec<(i64, &E)>> = BTreeMap::new();
    for (sequence, event) in rows {
        days.entry(event.at().day()).or_default().push((*sequence, *event));
    }
    let mut files = EncodedFiles::default();
    for (day, rows) in days {
        files.push(encode(E::TABLE, Some(day), &[to_batch(&rows)?])?);
    }
    Ok(files)
}

fn to_batch<E: LogEvent>(rows: &[(i64, &E)]) -> Result<RecordBatch, StoreError> {
    let events: Vec<&E> = rows.iter().map(|(_, event)| *event).collect();
    let times = events.iter().map(|event| event.at().0);
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|(sequence, _)| *sequence))),
        Arc::new(TimestampMicrosecondArray::from_iter_values(times).with_timezone("UTC")),
    ];
    arrays.extend(E::own(&events));
    arrays.push(texts(&events, E::payload));
    arrays.push(quoted_lists(&events));
    RecordBatch::try_new(E::TABLE.arrow_schema(), arrays).map_err(StoreError::encode)
}

/// A column of texts.
pub(super) fn texts<'e, E>(events: &[&'e E], of: impl Fn(&'e E) -> Option<&'e str>) -> ArrayRef {
    Arc::new(events.iter().map(|event| of(event)).collect::<StringArray>())
}

/// A column of lists of texts.
pub(super) fn text_lists<'e, E>(events: &[&'e E], of: impl Fn(&'e E) -> Option<&'e [String]>) -> ArrayRef {
    let mut list = ListBuilder::new(StringBuilder::new()).with_field(element(Type::Texts));
    for event in events {
        let texts = of(event);
        for text in texts.unwrap_or_default() {
            list.values().append_value(text);
        }
        list.append(texts.is_some());
    }
    Arc::new(list.finish())
}

fn quoted_lists<E: Row>(events: &[&E]) -> ArrayRef {
    let fields = StructBuilder::from_fields(schema::quoted_fields(), 0);
    let mut list = ListBuilder::new(fields).with_field(element(Type::Quoted));
    for event in events {
        for Quoted { record_id, author, author_alias } in event.quoted() {
            let fields = list.values();
            field::<StringBuilder>(fields, 0).append_value(record_id);
            field::<StringBuilder>(fields, 1).append_option(author.as_deref());
            field::<StringBuilder>(fields, 2).append_option(author_alias.as_deref());
            fields.append(true);
        }
        list.append(true);
    }
    Arc::new(list.finish())
}

/// The rows of a file, each with its sequence.
pub(super) fn decode<E: LogEvent>(batches: &[RecordBatch]) -> Result<Vec<(i64, E)>, StoreError> {
    let mut events = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let sequences = column(batch, SEQUENCE.name)?.as_primitive::<Int64Type>();
        let rows = Rows(batch);
        for row in 0..batch.num_rows() {
            events.push((sequences.value(row), E::read(&rows, row)?));
        }
    }
    Ok(events)
}

/// Rows of a log's file under today's schema.
pub struct Rows<'b>(&'b RecordBatch);

impl Rows<'_> {
    pub fn at(&self, row: usize) -> Result<Timestamp, StoreError> {
        let times = column(self.0, super::AT.name)?.as_primitive::<TimestampMicrosecondType>();
        Ok(Timestamp(times.value(row)))
    }

    /// Of a column that is never null.
    pub fn text(&self, name: &str, row: usize) -> Result<String, StoreError> {
        Ok(self.optional(name, row)?.unwrap_or_default())
    }

    pub fn optional(&self, name: &str, row: usize) -> Result<Option<String>, StoreError> {
        let texts = column(self.0, name)?.as_string::<i32>();
        Ok((!texts.is_null(row)).then(|| texts.value(row).to_owned()))
    }

    pub fn long(&self, name: &str, row: usize) -> Result<i64, StoreError> {
        Ok(column(self.0, name)?.as_primitive::<Int64Type>().value(row))
    }

    pub fn int(&self, name: &str, row: usize) -> Result<i32, StoreError> {
        Ok(column(self.0, name)?.as_primitive::<Int32Type>().value(row))
    }

    pub fn day(&self, name: &str, row: usize) -> Result<Day, StoreError> {
        Ok(Day(column(self.0, name)?.as_primitive::<Date32Type>().value(row)))
    }

    pub fn texts(&self, name: &str, row: usize) -> Result<Option<Vec<String>>, StoreError> {
        let lists = column(self.0, name)?.as_list::<i32>();
        if lists.is_null(row) {
            return Ok(None);
        }
        let list = lists.value(row);
        Ok(Some(list.as_string::<i32>().iter().flatten().map(str::to_owned).collect()))
    }

    pub fn payload(&self, row: usize) -> Result<Option<String>, StoreError> {
        self.optional(super::PAYLOAD.name, row)
    }

    pub fn quoted(&self, row: usize) -> Result<Vec<Quoted>, StoreError> {
        quoted_at(column(self.0, super::QUOTED.name)?.as_list::<i32>(), row)
    }

    /// The record that the row is of, and the others.
    pub fn record_and_quoted(
        &self,
        name: &str,
        row: usize,
    ) -> Result<(Option<Quoted>, Vec<Quoted>), StoreError> {
        let mut quoted = self.quoted(row)?;
        let record = self.optional(name, row)?;
        let place = record.and_then(|record| quoted.iter().position(|quoted| quoted.record_id == record));
        let record = place.map(|place| quoted.remove(place));
        Ok((record, quoted))
    }
}

fn quoted_at(lists: &ListArray, row: usize) -> Result<Vec<Quoted>, StoreError> {
    if lists.is_null(row) {
        return Ok(Vec::new());
    }
    let list = lists.value(row);
    let fields = list.as_struct();
    let texts = |name: &str| match fields.column_by_name(name) {
        Some(texts) => Ok(texts.as_string::<i32>()),
        None => Err(StoreError::encode(format!("no field {name:?}"))),
    };
    let (records, authors, aliases) = (texts("record_id")?, texts("author")?, texts("author_alias")?);
    let text = |texts: &StringArray, at: usize| (!texts.is_null(at)).then(|| texts.value(at).to_owned());
    let quoted = |at: usize| Quoted {
        record_id: text(records, at).unwrap_or_default(),
        author: text(authors, at),
        author_alias: text(aliases, at),
    };
    Ok((0..list.len()).map(quoted).collect())
}

/// Those of all rows of a file, of which only this column was read.
pub(super) fn all_quoted(batches: &[RecordBatch]) -> Result<Vec<Vec<Quoted>>, StoreError> {
    let mut all = Vec::new();
    for batch in batches {
        let lists = column(batch, super::QUOTED.name)?.as_list::<i32>();
        for row in 0..batch.num_rows() {
            all.push(quoted_at(lists, row)?);
        }
    }
    Ok(all)
}
