//! Finding the records that corrections are of.

use crate::error::StoreError;
use crate::log::Quoted;
use crate::resolve::without;
use crate::{Store, collect};
use feedback::time::Day;
use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, col, lit};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A current record as the model judged it, with what a correction has to note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    pub record: Quoted,
    pub item_id: String,
    /// On which it occurred.
    pub day: Day,
    /// Of its item, and of the item's content.
    pub version: i64,
    pub content_hash: i64,
    /// Characters of the redacted body.
    pub body_chars: u32,
    /// By the model, whatever was corrected; `unknown` where it said nothing.
    pub judged_sentiment: String,
    pub judged_kind: String,
    pub judged_topics: Vec<String>,
}

/// Records that a beginning may name before it is too short.
const MOST: u32 = 20;
/// Digits of an id.
const WHOLE: usize = 32;

const PLAIN: [&str; 10] = [
    "record_id",
    "author",
    "author_alias",
    "item_id",
    "day",
    "version",
    "content_hash",
    "sentiment",
    "kind",
    "topics",
];

impl Store {
    /// The current records whose id begins so, by their ids, 20 at most; on one day, where it is known, which spares a look
    /// at the others.
    pub async fn locate(&self, beginning: &str, day: Option<Day>) -> Result<Vec<Located>, StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        let days = day.map(|day| BTreeSet::from([day]));
        if let Some(days) = days.as_ref().filter(|_| beginning.len() == WHOLE) {
            let record = Arc::new(HashSet::from([beginning.to_owned()]));
            return located(self.current_of_records(&snapshot, days, &record).await?).await;
        }
        let rows = match days {
            Some(days) => snapshot.scan_days(&days)?,
            None => snapshot.scan()?,
        };
        let named = col("record_id").str().starts_with(lit(beginning.to_owned()));
        let rows = without(rows.filter(named), &self.hidden(&snapshot).await?)?;
        located(rows.sort(["record_id"], Default::default()).limit(MOST)).await
    }
}

/// Of current rows, as the models judged them.
pub(super) async fn located(rows: LazyFrame) -> Result<Vec<Located>, StoreError> {
    let mut columns: Vec<Expr> = PLAIN.map(col).to_vec();
    columns.push(col("body").str().len_chars().cast(DataType::Int64).alias("body_chars"));
    read(&collect(rows.select(columns)).await?)
}

fn read(rows: &DataFrame) -> Result<Vec<Located>, StoreError> {
    let text = |name: &str| Ok::<_, StoreError>(rows.column(name)?.str()?.clone());
    let (records, items) = (text("record_id")?, text("item_id")?);
    let (authors, aliases) = (text("author")?, text("author_alias")?);
    let (sentiments, kinds) = (text("sentiment")?, text("kind")?);
    let days = rows.column("day")?.cast(&DataType::Int32)?;
    let (days, topics) = (days.i32()?.clone(), rows.column("topics")?.list()?.clone());
    let long = |name: &str| Ok::<_, StoreError>(rows.column(name)?.i64()?.clone());
    let (versions, contents, chars) = (long("version")?, long("content_hash")?, long("body_chars")?);
    let mut located = Vec::with_capacity(rows.height());
    for row in 0..rows.height() {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let judged = |label: Option<&str>| label.unwrap_or("unknown").to_owned();
        let found = topics.get_as_series(row);
        let found = found.map(|list| list.struct_()?.field_by_name("topic")).transpose()?;
        let found = found.as_ref().map(|ids| ids.str()).transpose()?;
        located.push(Located {
            record: Quoted {
                record_id: records.get(row).unwrap_or_default().to_owned(),
                author: own(authors.get(row)),
                author_alias: own(aliases.get(row)),
            },
            item_id: items.get(row).unwrap_or_default().to_owned(),
            day: Day(days.get(row).unwrap_or_default()),
            version: versions.get(row).unwrap_or_default(),
            content_hash: contents.get(row).unwrap_or_default(),
            body_chars: chars.get(row).and_then(|chars| u32::try_from(chars).ok()).unwrap_or_default(),
            judged_sentiment: judged(sentiments.get(row)),
            judged_kind: judged(kinds.get(row)),
            judged_topics: found
                .map(|ids| ids.iter().flatten().map(str::to_owned).collect())
                .unwrap_or_default(),
        });
    }
    Ok(located)
}
