//! One record as the tables have it now, with what people said of it a moment ago: for its page and for programs.

use crate::corrections;
use crate::problem::Problem;
use crate::state::App;
use feedback::time::{Day, Timestamp};
use insight::InsightError;
use insight::shelf::{Hit, Label, Part, Row, Shelf, Sure, Text, parts};
use polars::prelude::{DataFrame, DataType, Expr, IntoLazy as _, PolarsResult, TimeUnit, col};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

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

/// The one record, and what stands beside it.
#[derive(Debug)]
pub struct Stored {
    /// Without its vector.
    pub hit: Hit,
    pub beside: Beside,
}

/// What lists do not hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    pub agent_text: Option<String>,
    /// What else its source told; a text where that is no JSON.
    pub metadata: Option<Value>,
    /// What was taken out of its texts, and how often.
    pub redactions: Vec<(String, i32)>,
    pub collected_at: Option<Timestamp>,
    /// Of the space of its vector.
    pub space: Option<String>,
}

impl Stored {
    #[must_use]
    pub fn row(&self) -> Row<'_> {
        self.hit.row()
    }
}

/// The one record whose id begins so.
///
/// # Errors
/// 404 where there is none, 400 where there are several, or where it is no id.
pub async fn find(app: &App, named: &str) -> Result<Stored, Problem> {
    let (shelf, named) = (app.live.shelf(), named.trim().to_ascii_lowercase());
    let held = held(&shelf, &named).await?;
    if let Some((id, day)) = &held
        && let Some(stored) = read(app, *day, id).await?
    {
        return Ok(stored);
    }
    if held.is_none() && shelf.since().is_none() && shelf.version() == Some(app.store.version().await?) {
        return Err(Problem::not_found("no record has an id that begins so: it may have been deleted"));
    }
    // Older than what is held, not read yet, or of another day by now: the tables say.
    let found = corrections::find(&app.store, &named, None).await?;
    read(app, found.day, &found.record.record_id)
        .await?
        .ok_or_else(|| Problem::not_found("this record is gone"))
}

/// The day of a record that is held in memory spares a look at all others.
async fn held(shelf: &Arc<Shelf>, named: &str) -> Result<Option<(String, Day)>, Problem> {
    let (shelf, named) = (Arc::clone(shelf), named.to_owned());
    let mut hits = tokio::task::spawn_blocking(move || shelf.beginning_with(&named, 2)).await?;
    if hits.len() > 1 {
        return Err(Problem::bad_request("several records have ids that begin so: give more of it"));
    }
    Ok(hits.pop().map(|hit| (hit.id().to_string(), hit.row().day)))
}

async fn read(app: &App, day: Day, id: &str) -> Result<Option<Stored>, Problem> {
    let (day, id) = (BTreeSet::from([day]), HashSet::from([id.to_owned()]));
    let facts = app.store.current_facts_of_records(&day, id).await?;
    let labels = Label::ALL.map(Label::column).into_iter();
    let names = labels.chain(Text::ALL.map(Text::column)).chain(Sure::ALL.map(Sure::column)).chain(OTHERS);
    let row = facts.select(names.map(col).collect::<Vec<Expr>>());
    let frame = app.store.collect(row.limit(1)).await?;
    tokio::task::spawn_blocking(move || of(frame)).await?.map_err(Problem::internal)
}

/// Of a frame of one row, or of none.
fn of(frame: DataFrame) -> Result<Option<Stored>, InsightError> {
    if frame.height() == 0 {
        return Ok(None);
    }
    let beside = beside(&frame)?;
    let hit = parts(frame.lazy())?.pop().and_then(hit);
    Ok(hit.map(|hit| Stored { hit, beside }))
}

fn hit(part: Part) -> Option<Hit> {
    let (day, id) = (part.day(), part.row(0).id);
    Shelf::default().with(None, [(day, vec![Arc::new(part)])]).find_on(day, id)
}

/// Of the first row.
fn beside(frame: &DataFrame) -> PolarsResult<Beside> {
    let text = |name: &str| PolarsResult::Ok(frame.column(name)?.str()?.get(0).map(str::to_owned));
    Ok(Beside {
        agent_text: text("agent_text")?,
        metadata: text("metadata")?.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text))),
        redactions: redactions(frame)?,
        collected_at: time(frame, "collected_at")?,
        space: text("vector")?,
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{
        Column, IntoColumn as _, IntoSeries as _, ListChunked, NamedFrom as _, Series, StructChunked,
    };
    use serde_json::json;

    fn row(metadata: &str) -> DataFrame {
        let classes = Series::new("class".into(), ["email", "phone"]);
        let counts = Series::new("count".into(), [2_i32, 1]);
        let redactions = StructChunked::from_series("".into(), 2, [classes, counts].iter()).unwrap();
        let redactions = [Some(redactions.into_series())].into_iter().collect::<ListChunked>();
        let time = DataType::Datetime(TimeUnit::Microseconds, None);
        let columns = vec![
            Column::new("day".into(), [20_514_i32]).cast(&DataType::Date).unwrap(),
            Column::new("record_id".into(), ["0".repeat(32)]),
            Column::new("occurred_at".into(), [7_i64]).cast(&time).unwrap(),
            Column::new("body".into(), ["it fails"]),
            Column::new("agent_text".into(), [None::<&str>]),
            Column::new("metadata".into(), [metadata]),
            redactions.with_name("redactions".into()).into_column(),
            Column::new("collected_at".into(), [5_i64]),
            Column::new("vector".into(), ["v1"]),
        ];
        DataFrame::new(1, columns).unwrap()
    }

    #[test]
    fn a_record_is_read_with_what_stands_beside_it() {
        let stored = of(row(r#"{"plan":"pro"}"#)).unwrap().unwrap();
        assert_eq!((stored.row().day, stored.row().text(Text::Body)), (Day(20_514), Some("it fails")));
        let beside = Beside {
            agent_text: None,
            metadata: Some(json!({ "plan": "pro" })),
            redactions: vec![("email".to_owned(), 2), ("phone".to_owned(), 1)],
            collected_at: Some(Timestamp(5)),
            space: Some("v1".to_owned()),
        };
        assert_eq!(stored.beside, beside);
        assert!(of(row("{}").head(Some(0))).unwrap().is_none());
    }

    #[test]
    fn what_is_no_json_is_told_as_it_was_written() {
        assert_eq!(super::beside(&row("no json")).unwrap().metadata, Some(json!("no json")));
    }
}
