//! What a file says, for the tests of lists.

use super::{Export, Format};
use axum::body::to_bytes;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

pub async fn text(file: Response) -> String {
    String::from_utf8(to_bytes(file.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

/// An item as a row, its cells by the names of their columns; in no columns but `empty` nothing stands. As a line of JSON it
/// has to be what the list has.
pub async fn row<T>(item: T, export: impl Fn(Format) -> Export, empty: &[&str]) -> BTreeMap<String, String>
where
    T: Serialize + Clone + Send + 'static,
{
    let line = text(export(Format::Jsonl).of_all(vec![item.clone()])).await;
    let read: Vec<Value> = line.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, [serde_json::to_value(&item).unwrap()]);

    let table = text(export(Format::Csv).of_all(vec![item])).await;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1, "{table}");
    let cells = names.iter().zip(&rows[0]).map(|(name, cell)| (name.to_owned(), cell.to_owned()));
    let row: BTreeMap<String, String> = cells.collect();
    assert_eq!(row.len(), names.len(), "a name stands twice: {names:?}");
    let without = row.iter().filter(|(_, cell)| cell.is_empty()).map(|(name, _)| name.as_str());
    let without: Vec<&str> = without.collect();
    let mut empty = empty.to_vec();
    empty.sort_unstable();
    assert_eq!(without, empty, "{table}");
    row
}
