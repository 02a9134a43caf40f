//! What was said, as a small frame that is joined to current rows.

use super::retell::{Hit, Words, retell};
use super::{Last, OfContent};
use crate::error::StoreError;
use crate::log::Correction;
use crate::schema::Table;
use feedback::correction::{Field as Judgement, Said};
use polars::prelude::*;
use std::collections::HashSet;

const SAID_SENTIMENT: &str = "said_sentiment";
const SAID_KIND: &str = "said_kind";
const SAID_TOPICS: &str = "said_topics";
const SAID_CHARS: &str = "said_chars";
const RETOLD: &str = "retold_topics";
const CORRECTED_BY: &str = "corrected_by";
const CORRECTED_AT: &str = "corrected_at";

/// `None` where nothing holds of anything: then nothing is joined.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overlay(Option<DataFrame>);

/// What holds of one record with one content.
struct Holding<'l> {
    record: &'l str,
    content: i64,
    said: [Option<Said>; super::FIELDS],
    chars: u32,
    newest: &'l Correction,
}

impl Overlay {
    pub(super) fn of(last: &Last) -> Result<Self, StoreError> {
        let mut holding: Vec<Holding<'_>> = last.0.iter().filter_map(holding).collect();
        holding.sort_unstable_by_key(|holding| (holding.record, holding.content));
        Ok(Self(if holding.is_empty() { None } else { Some(frame(&holding)?) }))
    }

    /// What was said of these records alone.
    pub fn only(&self, records: &HashSet<String>) -> Result<Self, StoreError> {
        let Some(said) = &self.0 else { return Ok(Self(None)) };
        let is_named = |record: Option<&str>| record.is_some_and(|record| records.contains(record));
        let mask: BooleanChunked = said.column("record_id")?.str()?.iter().map(is_named).collect();
        let said = said.filter(&mask)?;
        Ok(Self((said.height() > 0).then_some(said)))
    }

    /// The rows as they are to be read: see [`super`].
    pub fn over(&self, rows: LazyFrame) -> LazyFrame {
        let types = Table::Feedback.polars_schema();
        let null = |name: &str, like: &str| {
            let kind = types.get(like).cloned().unwrap_or(DataType::Null);
            lit(Scalar::null(kind)).alias(name.to_owned())
        };
        let judged =
            [("judged_sentiment", "sentiment"), ("judged_kind", "kind"), ("judged_topics", "topics")];
        let Some(said) = &self.0 else {
            let mut none: Vec<Expr> = judged.iter().map(|(name, like)| null(name, like)).collect();
            let never = lit(Scalar::null(corrected_at_type())).alias(CORRECTED_AT);
            none.extend([null(CORRECTED_BY, "kind"), never]);
            return rows.with_columns(none);
        };
        let on = [col("record_id"), col("content_hash")];
        let mut join = JoinArgs::new(JoinType::Left);
        join.maintain_order = MaintainOrderJoin::Left;
        let rows = rows.join(said.clone().lazy(), on.clone(), on, join).with_column(retold());
        let mut changed = Vec::new();
        for ((judged, name), said) in judged.into_iter().zip([SAID_SENTIMENT, SAID_KIND, RETOLD]) {
            let is_said = || col(said).is_not_null();
            // Where the model said nothing it would say that it does not know; of topics it says a list.
            let by_model = if name == "topics" { col(name) } else { col(name).fill_null(lit("unknown")) };
            changed.push(when(is_said()).then(by_model).otherwise(null(judged, name)).alias(judged));
            changed.push(when(is_said()).then(col(said)).otherwise(col(name)).alias(name));
        }
        let own = Table::Feedback.columns().iter().map(|column| column.name);
        let added = judged.iter().map(|(name, _)| *name).chain([CORRECTED_BY, CORRECTED_AT]);
        rows.with_columns(changed).select(own.chain(added).map(col).collect::<Vec<Expr>>())
    }
}

/// Microseconds, UTC. Without the name of the zone, which a cast from numbers does not give in this build.
fn corrected_at_type() -> DataType {
    DataType::Datetime(TimeUnit::Microseconds, None)
}

fn holding<'l>(((record, content), last): (&'l (String, i64), &'l OfContent)) -> Option<Holding<'l>> {
    let said = last.each_ref().map(|correction| {
        let said = correction.as_ref()?.said()?;
        (!matches!(said, Said::Withdrawn(_))).then_some(said)
    });
    if said.iter().all(Option::is_none) {
        return None;
    }
    let newest = super::newest(last)?;
    // The length is that of the body when the topics were named.
    let topics = last[Judgement::Topics as usize].as_deref().unwrap_or(newest);
    Some(Holding { record, content: *content, said, chars: topics.body_chars, newest })
}

fn frame(holding: &[Holding<'_>]) -> Result<DataFrame, StoreError> {
    let said = |field: Judgement| holding.iter().map(move |row| row.said[field as usize].as_ref());
    let labels = |field| said(field).map(|said| said?.value()).collect::<Vec<Option<&str>>>();
    let mut topics = ListStringChunkedBuilder::new(SAID_TOPICS.into(), holding.len(), holding.len());
    for said in said(Judgement::Topics) {
        match said.and_then(Said::topics) {
            Some(ids) => topics.append_values_iter(ids.iter().map(String::as_str)),
            None => topics.append_null(),
        }
    }
    let at: Vec<i64> = holding.iter().map(|row| row.newest.at.0).collect();
    let at = Series::new(CORRECTED_AT.into(), at).cast(&corrected_at_type())?;
    // A body is cut long before 2^31 characters.
    let chars: Vec<i32> = holding.iter().map(|row| row.chars as i32).collect();
    let by: Vec<&str> = holding.iter().map(|row| row.newest.by.as_str()).collect();
    Ok(DataFrame::new_infer_height(vec![
        Column::new("record_id".into(), holding.iter().map(|row| row.record).collect::<Vec<&str>>()),
        Column::new("content_hash".into(), holding.iter().map(|row| row.content).collect::<Vec<i64>>()),
        Column::new(SAID_SENTIMENT.into(), labels(Judgement::Sentiment)),
        Column::new(SAID_KIND.into(), labels(Judgement::Kind)),
        topics.finish().into_series().into_column(),
        Column::new(SAID_CHARS.into(), chars),
        Column::new(CORRECTED_BY.into(), by),
        at.into_column(),
    ])?)
}

/// The topics of rows of which they change, null of all others.
fn retold() -> Expr {
    let inputs = ["topics", "sentiment", SAID_TOPICS, SAID_SENTIMENT, SAID_CHARS].map(col);
    let like_topics = |_: &Schema, fields: &[Field]| Ok(Field::new(RETOLD.into(), fields[0].dtype().clone()));
    map_multiple(tell_again, inputs, like_topics).alias(RETOLD)
}

/// Of the columns that [`retold`] names.
fn tell_again(columns: &mut [Column]) -> PolarsResult<Column> {
    let [topics, sentiments, said_topics, said_sentiments, chars] = columns else {
        return Err(PolarsError::ComputeError("a correction reads five columns".into()));
    };
    let (lists, sentiments) = (topics.list()?, sentiments.str()?);
    let (said_topics, said_sentiments) = (said_topics.list()?, said_sentiments.str()?);
    let mut told: Vec<Vec<Hit>> = Vec::new();
    let mut places: Vec<Option<IdxSize>> = Vec::with_capacity(topics.len());
    for (row, chars) in chars.i32()?.iter().enumerate() {
        // Nearly all rows stay as they are.
        let Some(chars) = chars else {
            places.push(None);
            continue;
        };
        let named = said_topics.get_as_series(row).map(|ids| texts(&ids)).transpose()?;
        let words = Words { sentiment: said_sentiments.get(row), topics: named.as_deref(), chars };
        let found = lists.get_as_series(row).map(|list| hits(&list)).transpose()?.unwrap_or_default();
        let retold = retell(&found, sentiments.get(row), words);
        places.push(retold.is_some().then_some(told.len() as IdxSize));
        told.extend(retold);
    }
    column(&told, places, topics.dtype())
}

fn texts(list: &Series) -> PolarsResult<Vec<String>> {
    Ok(list.str()?.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
}

fn hits(list: &Series) -> PolarsResult<Vec<Hit>> {
    let fields = list.struct_()?;
    let (topics, sentiments) = (fields.field_by_name("topic")?, fields.field_by_name("sentiment")?);
    let confidences = fields.field_by_name("confidence")?;
    let (starts, ends) = (fields.field_by_name("start")?, fields.field_by_name("end")?);
    let (topics, sentiments, confidences) = (topics.str()?, sentiments.str()?, confidences.f32()?);
    let (starts, ends) = (starts.i32()?, ends.i32()?);
    let hit = |row: usize| Hit {
        topic: topics.get(row).unwrap_or_default().to_owned(),
        confidence: confidences.get(row).unwrap_or_default(),
        sentiment: sentiments.get(row).unwrap_or("unknown").to_owned(),
        start: starts.get(row).unwrap_or_default(),
        end: ends.get(row).unwrap_or_default(),
    };
    Ok((0..list.len()).map(hit).collect())
}

/// At each row the list that its place names.
fn column(lists: &[Vec<Hit>], places: Vec<Option<IdxSize>>, kind: &DataType) -> PolarsResult<Column> {
    if lists.is_empty() {
        return Ok(Column::full_null(RETOLD.into(), places.len(), kind));
    }
    let all: Vec<&Hit> = lists.iter().flatten().collect();
    let text = |name: &str, of: fn(&Hit) -> &str| {
        Series::new(name.into(), all.iter().map(|hit| of(hit)).collect::<Vec<&str>>())
    };
    let whole = |name: &str, of: fn(&Hit) -> i32| {
        Series::new(name.into(), all.iter().map(|hit| of(hit)).collect::<Vec<i32>>())
    };
    let fields = [
        text("topic", |hit| &hit.topic),
        Series::new("confidence".into(), all.iter().map(|hit| hit.confidence).collect::<Vec<f32>>()),
        text("sentiment", |hit| &hit.sentiment),
        whole("start", |hit| hit.start),
        whole("end", |hit| hit.end),
    ];
    let flat = StructChunked::from_series(PlSmallStr::EMPTY, all.len(), fields.iter())?.into_series();
    let mut from = 0;
    let mut parts: Vec<Series> = Vec::with_capacity(lists.len());
    for hits in lists {
        parts.push(flat.slice(from, hits.len()));
        from += hits.len() as i64;
    }
    let parts = Series::new(RETOLD.into(), parts).cast(kind)?;
    let places: IdxCa = places.into_iter().collect();
    Ok(parts.take(&places)?.into_column())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{correction, last};
    use super::*;
    use feedback::judgement::{FeedbackKind, SentimentLabel};

    /// Of the columns of `feedback` those that matter here; the others are null.
    fn rows() -> LazyFrame {
        let found = vec![Hit {
            topic: "login".to_owned(),
            confidence: 0.5,
            sentiment: "negative".to_owned(),
            start: 2,
            end: 9,
        }];
        let types = Table::Feedback.polars_schema();
        let kind = types.get("topics").unwrap();
        let topics = column(&[found, Vec::new()], vec![Some(0), Some(1), Some(0)], kind).unwrap();
        let own = DataFrame::new_infer_height(vec![
            Column::new("record_id".into(), ["r1", "r2", "r3"]),
            Column::new("content_hash".into(), [1_i64, 2, 3]),
            Column::new("sentiment".into(), [Some("negative"), None, Some("negative")]),
            Column::new("kind".into(), ["bug", "bug", "bug"]),
            topics.with_name("topics".into()),
        ]);
        let own = own.unwrap();
        let there: Vec<String> = own.get_column_names_owned().iter().map(ToString::to_string).collect();
        let others = types.iter().filter(|(name, _)| !there.contains(&name.to_string()));
        let others = others.map(|(name, kind)| lit(Scalar::null(kind.clone())).alias(name.clone()));
        own.lazy().with_columns(others.collect::<Vec<Expr>>())
    }

    fn read(overlay: &Overlay) -> DataFrame {
        overlay.over(rows()).collect().unwrap()
    }

    fn labels(frame: &DataFrame, name: &str) -> Vec<Option<String>> {
        frame.column(name).unwrap().str().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
    }

    /// Of each row; `None` where there is no list.
    fn topics(frame: &DataFrame, name: &str) -> Vec<Option<Vec<Hit>>> {
        let lists = frame.column(name).unwrap().list().unwrap().clone();
        (0..frame.height()).map(|row| Some(hits(&lists.get_as_series(row)?).unwrap())).collect()
    }

    fn some(texts: [&str; 3]) -> [Option<String>; 3] {
        texts.map(|text| (!text.is_empty()).then(|| text.to_owned()))
    }

    #[test]
    fn where_nothing_was_said_nothing_is_joined() {
        let overlay = Overlay::of(&Last::default()).unwrap();
        assert!(overlay.0.is_none());
        let frame = read(&overlay);
        for name in ["judged_sentiment", "judged_kind", "judged_topics", CORRECTED_BY, CORRECTED_AT] {
            assert_eq!(frame.column(name).unwrap().null_count(), 3, "{name}");
        }
        let taken_back = last(&[correction("a", 1, "r1", 1, &Said::Withdrawn(Judgement::Kind))]);
        assert!(Overlay::of(&taken_back).unwrap().0.is_none());
    }

    #[test]
    fn what_was_said_of_others_can_be_left_out() {
        let overlay = Overlay::of(&last(&[
            correction("a", 1, "r1", 1, &Said::Kind(FeedbackKind::Praise)),
            correction("b", 2, "r3", 3, &Said::Kind(FeedbackKind::Praise)),
        ]));
        let overlay = overlay.unwrap();
        let only = |record: &str| overlay.only(&HashSet::from([record.to_owned()])).unwrap();
        assert_eq!(labels(&read(&only("r3")), "kind"), some(["bug", "bug", "praise"]));
        assert!(only("r2").0.is_none() && Overlay::default().only(&HashSet::new()).unwrap().0.is_none());
    }

    #[test]
    fn what_was_taken_back_last_is_told_while_something_holds() {
        let said = last(&[
            correction("a", 1, "r1", 1, &Said::Sentiment(SentimentLabel::Positive)),
            correction("b", 2, "r1", 1, &Said::Kind(FeedbackKind::Praise)),
            correction("c", 3, "r1", 1, &Said::Withdrawn(Judgement::Sentiment)),
        ]);
        let frame = read(&Overlay::of(&said).unwrap());
        assert_eq!(labels(&frame, "sentiment"), some(["negative", "", "negative"]));
        assert_eq!(labels(&frame, "judged_sentiment"), some(["", "", ""]));
        assert_eq!(labels(&frame, "judged_kind"), some(["bug", "", ""]));
        assert_eq!(labels(&frame, CORRECTED_BY), some(["by c", "", ""]));
    }

    #[test]
    fn the_same_columns_of_the_same_types_whether_something_was_said_or_not() {
        let said = last(&[correction("a", 1, "r1", 1, &Said::Topics(Vec::new()))]);
        let without = read(&Overlay::default());
        let with = read(&Overlay::of(&said).unwrap());
        let types = |frame: &DataFrame| {
            let fields = frame.schema().iter().map(|(name, kind)| (name.to_string(), kind.clone()));
            fields.collect::<std::collections::BTreeMap<_, _>>()
        };
        assert_eq!(types(&without), types(&with));
        assert_eq!(without.height(), with.height());
    }

    #[test]
    fn a_row_has_what_was_said_and_what_the_model_said() {
        let said = last(&[
            correction("a", 1, "r1", 1, &Said::Sentiment(SentimentLabel::Positive)),
            correction("b", 2, "r1", 1, &Said::Kind(FeedbackKind::Praise)),
            correction("c", 3, "r2", 2, &Said::Topics(vec!["billing".to_owned()])),
            correction("d", 4, "r2", 2, &Said::Sentiment(SentimentLabel::Neutral)),
            // Of a content that it has no more.
            correction("e", 5, "r3", 9, &Said::Kind(FeedbackKind::Other)),
        ]);
        let frame = read(&Overlay::of(&said).unwrap());
        assert_eq!(labels(&frame, "sentiment"), some(["positive", "neutral", "negative"]));
        assert_eq!(labels(&frame, "judged_sentiment"), some(["negative", "unknown", ""]));
        assert_eq!(labels(&frame, "kind"), some(["praise", "bug", "bug"]));
        assert_eq!(labels(&frame, "judged_kind"), some(["bug", "", ""]));
        assert_eq!(labels(&frame, CORRECTED_BY), some(["by b", "by d", ""]));
        let at = frame.column(CORRECTED_AT).unwrap().cast(&DataType::Int64).unwrap();
        assert_eq!(at.i64().unwrap().iter().collect::<Vec<_>>(), [Some(2), Some(4), None]);

        let hit = |topic: &str, confidence: f32, sentiment: &str, start: i32, end: i32| {
            Some(vec![Hit {
                topic: topic.to_owned(),
                confidence,
                sentiment: sentiment.to_owned(),
                start,
                end,
            }])
        };
        let login = |sentiment: &str| hit("login", 0.5, sentiment, 2, 9);
        let now = [login("positive"), hit("billing", 1.0, "neutral", 0, 40), login("negative")];
        assert_eq!(topics(&frame, "topics"), now);
        assert_eq!(topics(&frame, "judged_topics"), [login("negative"), Some(Vec::new()), None]);
    }
}
