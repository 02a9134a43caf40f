//! One record as the tables have it now, with what people said of it a moment ago.

use crate::corrections;
use crate::problem::Problem;
use crate::state::App;
use feedback::time::{Day, Timestamp};
use insight::InsightError;
use insight::shelf::{Label, Part, Row, Sure, Text, parts};
use polars::prelude::{DataFrame, DataType, Expr, IntoLazy as _, PolarsResult, TimeUnit, col, lit};
use std::collections::BTreeSet;

/// What is read beside labels, texts and probabilities: all but vectors, which are long and held in memory.
const OTHERS: [&str; 26] = [
    "day",
    "record_id",
    "occurred_at",
    "updated_at",
    "ingested_at",
    "collected_at",
    "version",
    "sentiment",
    "revenue",
    "score_value",
    "score_min",
    "score_max",
    "topics",
    "tags",
    "triage_labels",
    "triage_actions",
    "triage_spans",
    "vector",
    "corrected_by",
    "corrected_at",
    "judged_sentiment",
    "judged_kind",
    "judged_topics",
    "agent_text",
    "metadata",
    "redactions",
];

/// The one row, and what stands beside it.
#[derive(Debug)]
pub(super) struct Stored {
    /// Of this row alone.
    part: Part,
    pub beside: Beside,
}

/// What lists do not hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Beside {
    pub agent_text: Option<String>,
    /// Names with their values, as text.
    pub metadata: Vec<(String, String)>,
    /// What was taken out of its texts, and how often.
    pub redactions: Vec<(String, i32)>,
    pub collected_at: Option<Timestamp>,
    /// Of the space of its vector.
    pub space: Option<String>,
}

impl Stored {
    pub fn row(&self) -> Row<'_> {
        self.part.row(0)
    }
}

/// The one record whose id begins so.
///
/// # Errors
/// 404 where there is none, 400 where there are several.
pub(super) async fn find(app: &App, named: &str) -> Result<Stored, Problem> {
    let named = named.trim().to_ascii_lowercase();
    if let Some((id, day)) = held(app, &named).await?
        && let Some(stored) = read(app, day, &id).await?
    {
        return Ok(stored);
    }
    // Older than what is held, not read yet, or of another day by now: the tables say.
    let found = corrections::find(&app.store, &named, None).await?;
    read(app, found.day, &found.record.record_id)
        .await?
        .ok_or_else(|| Problem::not_found("this record is gone"))
}

/// The day of a record that is held in memory spares a look at all others.
async fn held(app: &App, named: &str) -> Result<Option<(String, Day)>, Problem> {
    let (shelf, named) = (app.live.shelf(), named.to_owned());
    let mut hits = tokio::task::spawn_blocking(move || shelf.beginning_with(&named, 2)).await?;
    if hits.len() > 1 {
        return Err(Problem::bad_request("several records have ids that begin so: give more of it"));
    }
    Ok(hits.pop().map(|hit| (hit.id().to_string(), hit.row().day)))
}

async fn read(app: &App, day: Day, id: &str) -> Result<Option<Stored>, Problem> {
    let (_, facts) = app.store.current_facts_of(&BTreeSet::from([day])).await?;
    let labels = Label::ALL.map(Label::column).into_iter();
    let names = labels.chain(Text::ALL.map(Text::column)).chain(Sure::ALL.map(Sure::column)).chain(OTHERS);
    let row =
        facts.filter(col("record_id").eq(lit(id.to_owned()))).select(names.map(col).collect::<Vec<Expr>>());
    let frame = app.store.collect(row.limit(1)).await?;
    tokio::task::spawn_blocking(move || of(frame)).await?.map_err(Problem::internal)
}

/// Of a frame of one row, or of none.
fn of(frame: DataFrame) -> Result<Option<Stored>, InsightError> {
    if frame.height() == 0 {
        return Ok(None);
    }
    let text = |name: &str| PolarsResult::Ok(frame.column(name)?.str()?.get(0).map(str::to_owned));
    let (agent_text, metadata, space) = (text("agent_text")?, text("metadata")?, text("vector")?);
    let (redactions, collected_at) = (redactions(&frame)?, time(&frame, "collected_at")?);
    let metadata = metadata.map(|text| fields(&text)).unwrap_or_default();
    let beside = Beside { agent_text, metadata, redactions, collected_at, space };
    let part = parts(frame.lazy())?.pop();
    Ok(part.map(|part| Stored { part, beside }))
}

fn time(frame: &DataFrame, name: &str) -> PolarsResult<Option<Timestamp>> {
    let column = frame.column(name)?;
    let micros = match column.dtype() {
        DataType::Datetime(_, zone) => {
            column.cast(&DataType::Datetime(TimeUnit::Microseconds, zone.clone()))?
        }
        _ => column.clone(),
    };
    Ok(micros.cast(&DataType::Int64)?.i64()?.get(0).map(Timestamp))
}

fn redactions(frame: &DataFrame) -> PolarsResult<Vec<(String, i32)>> {
    let Some(list) = frame.column("redactions")?.list()?.get_as_series(0) else { return Ok(Vec::new()) };
    let list = list.struct_()?.clone();
    let (classes, counts) = (list.field_by_name("class")?, list.field_by_name("count")?);
    let counts = counts.cast(&DataType::Int32)?;
    let pairs = classes.str()?.iter().zip(counts.i32()?.iter());
    Ok(pairs.filter_map(|(class, count)| Some((class?.to_owned(), count?))).collect())
}

/// The fields of a JSON object, each value as text; what is no object is one field without a name.
fn fields(text: &str) -> Vec<(String, String)> {
    use serde_json::Value;
    let shown = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => fields.into_iter().map(|(name, value)| (name, shown(value))).collect(),
        _ => vec![(String::new(), text.to_owned())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_fields_are_told_one_by_one() {
        let told = fields(r#"{"a": "x", "b": {"c": [1, null]}, "d": 2.5}"#);
        let pairs: Vec<(&str, &str)> =
            told.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "x"), ("b", r#"{"c":[1,null]}"#), ("d", "2.5")]);
        assert_eq!(fields("no json"), [(String::new(), "no json".to_owned())]);
    }
}
