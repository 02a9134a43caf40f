//! One record as the tables have it now, with what people said of it a moment ago: for its page and for programs.

use crate::corrections;
use crate::problem::Problem;
use crate::state::App;
use feedback::time::{Day, Timestamp};
use insight::InsightError;
use insight::shelf::{Hit, Label, Part, Row, STAMP, Shelf, Sure, Text, parts, stamps};
use polars::prelude::{DataFrame, DataType, Expr, IntoLazy as _, PolarsResult, TimeUnit, col};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// [`Beside`].
const BESIDE: [&str; 5] = ["agent_text", "metadata", "redactions", "collected_at", "vector"];
/// What is read beside those, the stamp, labels, texts and probabilities: all but vectors, which are long.
const OTHERS: [&str; 16] = [
    "updated_at",
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
    "corrected_by",
    "judged_sentiment",
    "judged_kind",
    "judged_topics",
];

/// The one record, and what stands beside it.
#[derive(Debug)]
pub struct Stored {
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
    if let Some(hit) = &held
        && let Some(stored) = read(app, hit.row().day, &hit.id().to_string(), Some(hit)).await?
    {
        return Ok(stored);
    }
    if held.is_none() && shelf.since().is_none() && shelf.version() == Some(app.store.version().await?) {
        return Err(Problem::not_found("no record has an id that begins so: it may have been deleted"));
    }
    // Older than what is held, not read yet, or of another day by now: the tables say.
    let found = corrections::find(&app.store, &named, None).await?;
    read(app, found.day, &found.record.record_id, None)
        .await?
        .ok_or_else(|| Problem::not_found("this record is gone"))
}

/// The day of a record that is held in memory spares a look at all others.
async fn held(shelf: &Arc<Shelf>, named: &str) -> Result<Option<Hit>, Problem> {
    let (shelf, named) = (Arc::clone(shelf), named.to_owned());
    let mut hits = tokio::task::spawn_blocking(move || shelf.beginning_with(&named, 2)).await?;
    if hits.len() > 1 {
        return Err(Problem::bad_request("several records have ids that begin so: give more of it"));
    }
    Ok(hits.pop())
}

/// Of a record that is held, and did not change since, only what is not held is read: a row has sixty columns, and each costs a
/// look into the file.
async fn read(app: &App, day: Day, id: &str, held: Option<&Hit>) -> Result<Option<Stored>, Problem> {
    let (day, id) = (BTreeSet::from([day]), HashSet::from([id.to_owned()]));
    let facts = app.store.current_facts_of_records(&day, id).await?;
    if let Some(hit) = held {
        let row = facts.clone().select(STAMP.into_iter().chain(BESIDE).map(col).collect::<Vec<Expr>>());
        let frame = app.store.collect(row.limit(1)).await?;
        if frame.height() == 0 {
            return Ok(None);
        }
        let hit = hit.clone();
        let looked = move || as_held(&frame, &hit).map(|beside| beside.map(|beside| Stored { hit, beside }));
        let stored = tokio::task::spawn_blocking(looked).await?.map_err(Problem::internal)?;
        if stored.is_some() {
            return Ok(stored);
        }
    }
    let labels = Label::ALL.map(Label::column).into_iter();
    let names = labels.chain(Text::ALL.map(Text::column)).chain(Sure::ALL.map(Sure::column));
    let names = names.chain(STAMP).chain(BESIDE).chain(OTHERS);
    let row = facts.select(names.map(col).collect::<Vec<Expr>>());
    let frame = app.store.collect(row.limit(1)).await?;
    tokio::task::spawn_blocking(move || of(frame)).await?.map_err(Problem::internal)
}

/// What stands beside a record that is held, where the row is the same that was read then.
fn as_held(frame: &DataFrame, hit: &Hit) -> Result<Option<Beside>, InsightError> {
    let stamps = stamps(frame.clone().lazy())?;
    let is_same = stamps.values().flatten().any(|stamp| hit.is_as(stamp));
    if is_same { Ok(Some(beside(frame)?)) } else { Ok(None) }
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
    fn a_record_that_is_held_is_read_anew_where_it_changed() {
        let stamped = |stored_at: i64| {
            let time = DataType::Datetime(TimeUnit::Microseconds, None);
            let mut row = row("{}");
            let at = Column::new("ingested_at".into(), [stored_at]).cast(&time).unwrap();
            row.with_column(at).unwrap();
            row
        };
        let hit = of(stamped(9)).unwrap().unwrap().hit;
        let beside = as_held(&stamped(9), &hit).unwrap();
        assert_eq!(beside.and_then(|beside| beside.space).as_deref(), Some("v1"));
        assert_eq!(as_held(&stamped(10), &hit).unwrap(), None);
    }

    #[test]
    fn what_is_no_json_is_told_as_it_was_written() {
        assert_eq!(super::beside(&row("no json")).unwrap().metadata, Some(json!("no json")));
    }
}
