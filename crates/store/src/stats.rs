//! The smallest and largest values of a file, for the log; never of text or people.

use crate::schema::{Table, Type};
use deltalake_core::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use deltalake_core::arrow::compute::{max, min};
use deltalake_core::arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
use feedback::time::Timestamp;
use serde_json::{Map, Value, json};

pub(crate) struct Stats {
    rows: usize,
    columns: Vec<ColumnStats>,
}

struct ColumnStats {
    name: &'static str,
    kind: Type,
    range: Option<(i64, i64)>,
    nulls: usize,
}

impl Stats {
    pub fn new(table: Table) -> Self {
        let columns = table.stats_columns();
        let columns = columns.map(|c| ColumnStats { name: c.name, kind: c.kind, range: None, nulls: 0 });
        Self { rows: 0, columns: columns.collect() }
    }

    pub fn update(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        for column in &mut self.columns {
            let Some(array) = batch.column_by_name(column.name) else { continue };
            column.nulls += array.null_count();
            let Some((low, high)) = range(array, column.kind) else { continue };
            column.range = Some(column.range.map_or((low, high), |(l, h)| (l.min(low), h.max(high))));
        }
    }

    pub fn to_json(&self) -> String {
        let (mut least, mut most, mut nulls) = (Map::new(), Map::new(), Map::new());
        for column in &self.columns {
            nulls.insert(column.name.to_owned(), json!(column.nulls));
            let Some((low, high)) = column.range else { continue };
            if let (Some(low), Some(high)) = (bound(low, column.kind, 0), bound(high, column.kind, 999)) {
                least.insert(column.name.to_owned(), low);
                most.insert(column.name.to_owned(), high);
            }
        }
        json!({"numRecords": self.rows, "minValues": least, "maxValues": most, "nullCount": nulls})
            .to_string()
    }
}

fn range(array: &ArrayRef, kind: Type) -> Option<(i64, i64)> {
    match kind {
        Type::Long => {
            let array = array.as_primitive::<Int64Type>();
            Some((min(array)?, max(array)?))
        }
        Type::Int => {
            let array = array.as_primitive::<Int32Type>();
            Some((min(array)?.into(), max(array)?.into()))
        }
        Type::Time => {
            let array = array.as_primitive::<TimestampMicrosecondType>();
            Some((min(array)?, max(array)?))
        }
        _ => None,
    }
}

/// Delta's statistics know milliseconds: a lower bound is cut, an upper one (`round` = 999) goes up.
fn bound(value: i64, kind: Type, round: i64) -> Option<Value> {
    if kind != Type::Time {
        return Some(json!(value));
    }
    let at = Timestamp(value.checked_add(round)?).to_datetime()?;
    Some(json!(at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()))
}
