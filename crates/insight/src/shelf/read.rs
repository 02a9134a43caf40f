//! Current facts, as the store has them, to parts.

use super::{
    part::{Builder, Part},
    row::{Correction, Label, Mention, Row, Sure, Text},
};
use crate::{
    error::InsightError,
    frame::{Rows, TextColumn, explode_topics},
};
use feedback::{
    ids::Id,
    judgement::SentimentLabel,
    span::Span,
    time::{Day, Timestamp},
};
use polars::prelude::*;
use std::ops::Range;

/// What is read beside labels, texts and probabilities.
const OTHERS: [&str; 24] = [
    "day",
    "record_id",
    "occurred_at",
    "updated_at",
    "ingested_at",
    "triaged_at",
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
    "embedding",
    "vector",
    "corrected_by",
    "corrected_at",
    "judged_sentiment",
    "judged_kind",
    "judged_topics",
];

/// The number of a row, while lists are taken apart.
const ROW: &str = "row";

/// Parts of one day each, ascending by the day. A column that the frame lacks is empty in every row, but for the id, the day
/// and the time.
///
/// # Errors
/// Where a column is of another type, or an id is not one of the store's.
pub fn parts(facts: LazyFrame) -> Result<Vec<Part>, InsightError> {
    let frame = Frame::read(facts)?;
    let mut order = (0..frame.ids.len()).collect::<Vec<usize>>();
    order.sort_unstable_by_key(|row| (frame.days[*row], frame.times[*row], frame.ids[*row]));
    let mut parts = Vec::new();
    for rows in order.chunk_by(|a, b| frame.days[*a] == frame.days[*b]) {
        let day = frame.days[rows[0]];
        let mut builder = Builder::new(day);
        for row in rows {
            if builder.is_full() {
                parts.push(std::mem::replace(&mut builder, Builder::new(day)).finish());
            }
            builder.push(&frame.row(*row));
        }
        parts.push(builder.finish());
    }
    Ok(parts)
}

/// Those of the columns that it has.
pub(super) fn only(facts: &mut LazyFrame, columns: &[&str]) -> Result<Vec<Expr>, InsightError> {
    let schema = facts.collect_schema()?;
    Ok(columns.iter().filter(|name| schema.contains(name)).map(|name| col(*name)).collect())
}

/// The number that an id of the store's is written as.
#[must_use]
pub fn parse_id(text: &str) -> Option<Id> {
    let is_hex = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    u128::from_str_radix(text, 16).ok().filter(|_| is_hex).map(Id)
}

/// The same of any text: one that the store did not write is hashed to a number.
#[must_use]
pub fn number_of_id(text: &str) -> Id {
    parse_id(text).unwrap_or_else(|| Id::of(&[text]))
}

struct Frame {
    days: Vec<Day>,
    ids: Vec<u128>,
    times: Vec<i64>,
    updated: Vec<Option<Timestamp>>,
    stored: Vec<Option<Timestamp>>,
    triaged: Vec<Option<Timestamp>>,
    versions: Vec<i64>,
    labels: Vec<Option<TextColumn>>,
    texts: Vec<Option<TextColumn>>,
    sure: Vec<Vec<Option<f64>>>,
    sentiments: Option<TextColumn>,
    revenue: Vec<Option<f64>>,
    /// Value, minimum and maximum.
    score: [Vec<Option<f64>>; 3],
    topics: Mentions,
    /// Tags, labels and actions of the triage.
    lists: [WordLists; 3],
    spans: Spans,
    vectors: Option<BinaryChunked>,
    spaces: Option<TextColumn>,
    corrections: Vec<Option<Correction>>,
}

impl Frame {
    fn read(mut facts: LazyFrame) -> Result<Self, InsightError> {
        let labels = Label::ALL.map(Label::column);
        let texts = Text::ALL.map(Text::column);
        let sure = Sure::ALL.map(Sure::column);
        let all: Vec<&str> = OTHERS.into_iter().chain(labels).chain(texts).chain(sure).collect();
        let columns = only(&mut facts, &all)?;
        let mut frame = facts.select(columns).collect()?;
        // A day may lie in many files: in one piece any row is at hand.
        frame.rechunk_mut();
        let columns = Columns::of(frame);
        let many =
            |names: &[&str]| names.iter().map(|name| columns.text(name)).collect::<Result<Vec<_>, _>>();
        let times = columns.times("occurred_at")?;
        Ok(Self {
            days: columns.rows.days("day")?,
            ids: columns.ids()?,
            times: times.into_iter().map(|at| at.unwrap_or(Timestamp(0)).0).collect(),
            updated: columns.times("updated_at")?,
            stored: columns.times("ingested_at")?,
            triaged: columns.times("triaged_at")?,
            versions: columns.versions()?,
            labels: many(&labels)?,
            texts: many(&texts)?,
            sure: sure.iter().map(|name| columns.real(name)).collect::<Result<_, _>>()?,
            sentiments: columns.text("sentiment")?,
            revenue: columns.real("revenue")?,
            score: [columns.real("score_value")?, columns.real("score_min")?, columns.real("score_max")?],
            topics: columns.mentions("topics")?,
            lists: [
                columns.words("tags")?,
                columns.words("triage_labels")?,
                columns.words("triage_actions")?,
            ],
            spans: columns.spans("triage_spans")?,
            vectors: columns.bytes("embedding")?,
            spaces: columns.text("vector")?,
            corrections: columns.corrections()?,
        })
    }

    fn row(&self, row: usize) -> Row<'_> {
        let real = |column: &[Option<f64>]| column.get(row).copied().flatten();
        let time = |column: &[Option<Timestamp>]| column.get(row).copied().flatten();
        let at = Timestamp(self.times[row]);
        let label = |label: Label| told(&self.labels[label as usize], row).unwrap_or(label.missing());
        let [value, min, max] = &self.score;
        let vector = self.vectors.as_ref().and_then(|vectors| vectors.get(row));
        Row {
            id: Id(self.ids[row]),
            day: self.days[row],
            at,
            updated_at: time(&self.updated).unwrap_or(at),
            stored_at: time(&self.stored).unwrap_or(at),
            triaged_at: time(&self.triaged),
            version: self.versions.get(row).copied().unwrap_or(1),
            labels: Label::ALL.map(label),
            texts: Text::ALL.map(|text| told(&self.texts[text as usize], row).unwrap_or_default()),
            sure: std::array::from_fn(|sure| real(&self.sure[sure]).map(|share| share as f32)),
            sentiment: sentiment(told(&self.sentiments, row)),
            revenue: real(&self.revenue),
            score_value: real(value),
            score_ends: real(min).zip(real(max)),
            topics: self.topics.of(row),
            tags: self.lists[0].of(row),
            triage_labels: self.lists[1].of(row),
            triage_actions: self.lists[2].of(row),
            triage_spans: self.spans.of(row),
            vector: told(&self.spaces, row).zip(vector.map(bytemuck::cast_slice)),
            correction: self.corrections.get(row).and_then(Option::as_ref),
        }
    }
}

fn told(column: &Option<TextColumn>, row: usize) -> Option<&str> {
    column.as_ref()?.get(row)
}

/// What this version does not know is unknown.
fn sentiment(label: Option<&str>) -> SentimentLabel {
    label.and_then(SentimentLabel::parse).unwrap_or(SentimentLabel::Unknown)
}

/// A collected frame in one piece. A column that it lacks is empty.
struct Columns {
    frame: DataFrame,
    /// The same.
    rows: Rows,
}

impl Columns {
    fn of(frame: DataFrame) -> Self {
        Self { rows: Rows::of(frame.clone()), frame }
    }

    fn has(&self, name: &str) -> bool {
        self.frame.schema().contains(name)
    }

    fn text(&self, name: &str) -> Result<Option<TextColumn>, InsightError> {
        self.has(name).then(|| self.rows.text(name)).transpose()
    }

    fn times(&self, name: &str) -> Result<Vec<Option<Timestamp>>, InsightError> {
        if self.has(name) { self.rows.maybe_times(name) } else { Ok(Vec::new()) }
    }

    fn real(&self, name: &str) -> Result<Vec<Option<f64>>, InsightError> {
        if self.has(name) { self.rows.real(name) } else { Ok(Vec::new()) }
    }

    fn versions(&self) -> Result<Vec<i64>, InsightError> {
        if self.has("version") { self.rows.whole("version") } else { Ok(Vec::new()) }
    }

    fn bytes(&self, name: &str) -> Result<Option<BinaryChunked>, InsightError> {
        let read = || Ok(self.frame.column(name)?.cast(&DataType::Binary)?.binary()?.clone());
        self.has(name).then(read).transpose()
    }

    fn ids(&self) -> Result<Vec<u128>, InsightError> {
        let (ids, days) = (self.rows.text("record_id")?, self.rows.days("day")?);
        let read = |(id, day): (Option<&str>, &Day)| {
            let id = id.and_then(parse_id).ok_or_else(|| InsightError::NoId { day: day.to_string() })?;
            Ok(id.0)
        };
        ids.iter().zip(&days).map(read).collect()
    }

    /// One list column beside the numbers of the rows, which stay in their order when it is taken apart.
    fn lists(&self, name: &str, alias: &str) -> Result<LazyFrame, InsightError> {
        let rows = Column::new(ROW.into(), (0..self.frame.height() as u32).collect::<Vec<u32>>());
        let list = self.frame.column(name)?.clone().with_name(alias.into());
        Ok(DataFrame::new(self.frame.height(), vec![rows, list])?.lazy())
    }

    fn mentions(&self, name: &str) -> Result<Mentions, InsightError> {
        if !self.has(name) {
            return Ok(Mentions::default());
        }
        let names = [ROW, "topic", "topic_sentiment", "topic_confidence", "topic_start", "topic_end"];
        let rows = Rows::of(explode_topics(self.lists(name, "topics")?).select(names.map(col)).collect()?);
        Ok(Mentions {
            places: Places::of(&rows.whole(ROW)?, self.frame.height()),
            topics: Some(rows.text("topic")?),
            sentiments: Some(rows.text("topic_sentiment")?),
            confidences: rows.real("topic_confidence")?,
            starts: rows.whole("topic_start")?,
            ends: rows.whole("topic_end")?,
        })
    }

    fn words(&self, name: &str) -> Result<WordLists, InsightError> {
        if !self.has(name) {
            return Ok(WordLists::default());
        }
        let rows = Rows::of(exploded(self.lists(name, name)?, name).collect()?);
        let places = Places::of(&rows.whole(ROW)?, self.frame.height());
        Ok(WordLists { places, words: Some(rows.text(name)?) })
    }

    fn spans(&self, name: &str) -> Result<Spans, InsightError> {
        if !self.has(name) {
            return Ok(Spans::default());
        }
        let field = |field: &str| col(name).struct_().field_by_name(field).alias(field.to_owned());
        let columns = [col(ROW), field("start"), field("end")];
        let rows = Rows::of(exploded(self.lists(name, name)?, name).select(columns).collect()?);
        let places = Places::of(&rows.whole(ROW)?, self.frame.height());
        Ok(Spans { places, starts: rows.whole("start")?, ends: rows.whole("end")? })
    }

    fn corrections(&self) -> Result<Vec<Option<Correction>>, InsightError> {
        let times = self.times("corrected_at")?;
        if times.iter().all(Option::is_none) {
            return Ok(Vec::new());
        }
        let (by, kinds) = (self.text("corrected_by")?, self.text("judged_kind")?);
        let (sentiments, topics) = (self.text("judged_sentiment")?, self.mentions("judged_topics")?);
        let were_topics = self.is_told("judged_topics")?;
        let correction = |(row, at): (usize, &Option<Timestamp>)| {
            let get = |column| told(column, row).map(str::to_owned);
            let owned = |mention: Mention<&str>| Mention {
                topic: mention.topic.to_owned(),
                sentiment: mention.sentiment,
                confidence: mention.confidence,
                span: mention.span,
            };
            let judged = || topics.of(row).into_iter().map(owned).collect();
            at.map(|at| Correction {
                by: get(&by).unwrap_or_default(),
                at,
                judged_sentiment: get(&sentiments).map(|label| sentiment(Some(&label))),
                judged_kind: get(&kinds),
                judged_topics: were_topics.get(row).is_some_and(|told| *told).then(judged),
            })
        };
        Ok(times.iter().enumerate().map(correction).collect())
    }

    /// In which rows a column has a value.
    fn is_told(&self, name: &str) -> Result<Vec<bool>, InsightError> {
        if !self.has(name) {
            return Ok(Vec::new());
        }
        Ok(self.frame.column(name)?.is_not_null().iter().map(|told| told == Some(true)).collect())
    }
}

/// A row for each item of a list, none for lists without.
fn exploded(rows: LazyFrame, name: &str) -> LazyFrame {
    let list = Selector::ByName { names: [PlSmallStr::from(name)].into(), strict: true };
    rows.explode(list, ExplodeOptions { empty_as_null: false, keep_nulls: false })
        .filter(col(name).is_not_null())
}

/// Where the items of each row lie among all items.
#[derive(Default)]
struct Places(Vec<u32>);

impl Places {
    /// From the row of each item, ascending.
    fn of(rows: &[i64], height: usize) -> Self {
        let mut ends = vec![0; height];
        for row in rows {
            // They are numbers of rows.
            ends[*row as usize] += 1;
        }
        let mut end = 0;
        for count in &mut ends {
            end += *count;
            *count = end;
        }
        Self(ends)
    }

    fn of_row(&self, row: usize) -> Range<usize> {
        let end = |row: usize| self.0.get(row).map_or(0, |end| *end as usize);
        row.checked_sub(1).map_or(0, end)..end(row)
    }
}

#[derive(Default)]
struct Mentions {
    places: Places,
    topics: Option<TextColumn>,
    sentiments: Option<TextColumn>,
    confidences: Vec<Option<f64>>,
    starts: Vec<i64>,
    ends: Vec<i64>,
}

impl Mentions {
    fn of(&self, row: usize) -> Vec<Mention<&str>> {
        let mention = |at: usize| {
            Some(Mention {
                topic: self.topics.as_ref()?.get(at)?,
                sentiment: sentiment(self.sentiments.as_ref()?.get(at)),
                confidence: self.confidences[at].map(|share| share as f32),
                span: span(self.starts[at], self.ends[at]),
            })
        };
        self.places.of_row(row).filter_map(mention).collect()
    }
}

#[derive(Default)]
struct WordLists {
    places: Places,
    words: Option<TextColumn>,
}

impl WordLists {
    fn of(&self, row: usize) -> Vec<&str> {
        self.places.of_row(row).filter_map(|at| self.words.as_ref()?.get(at)).collect()
    }
}

#[derive(Default)]
struct Spans {
    places: Places,
    starts: Vec<i64>,
    ends: Vec<i64>,
}

impl Spans {
    fn of(&self, row: usize) -> Vec<Span> {
        self.places.of_row(row).map(|at| span(self.starts[at], self.ends[at])).collect()
    }
}

/// Whatever the table holds, a span does not end before it starts.
fn span(start: i64, end: i64) -> Span {
    let start = u32::try_from(start).unwrap_or(0);
    Span::new(start, u32::try_from(end).unwrap_or(0).max(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fact, facts, nps};

    const DAY: Day = Day(20_514);

    fn all() -> LazyFrame {
        let login = vec![("login_access", "negative", (4, 9)), ("billing", "positive", (0, 3))];
        let one = Fact {
            product: Some("app"),
            author: Some("a_1".to_owned()),
            score: nps(3.0),
            body: "The login fails".to_owned(),
            title: Some("Help"),
            topics: login,
            ..Fact::new(7, DAY, "nps")
        };
        let (two, other) = (Fact::new(5, DAY, "ticket"), Fact::new(6, DAY.plus(-1), "ticket"));
        let tags = Series::new("tags".into(), ["vip", "eu"]);
        let tags = [Some(tags), None, None].into_iter().collect::<ListChunked>().with_name("tags".into());
        let time = DataType::Datetime(TimeUnit::Microseconds, None);
        let frame = facts(&[one, two, other]).collect().unwrap();
        let columns = vec![
            tags.into_column(),
            Column::new("embedding".into(), [Some(&[127_u8, 129][..]), None, None]),
            Column::new("p_negative".into(), [Some(0.75_f32), None, None]),
            Column::new("corrected_by".into(), [Some("ada"), None, None]),
            Column::new("corrected_at".into(), [Some(9_i64), None, None]).cast(&time).unwrap(),
            Column::new("judged_sentiment".into(), [Some("positive"), None, None]),
        ];
        let frame = frame.hstack(&columns).unwrap().lazy();
        let of_the_corrected =
            |value: Expr| when(col("corrected_at").is_not_null()).then(value).otherwise(lit(NULL));
        frame.with_columns([
            lit("v1").alias("vector"),
            lit(3_i64).alias("ingested_at"),
            of_the_corrected(lit(4_i64)).alias("triaged_at"),
            of_the_corrected(col("topics")).alias("judged_topics"),
        ])
    }

    #[test]
    fn facts_are_held_by_day_as_they_occurred() {
        let parts = parts(all()).unwrap();
        let there: Vec<(Day, Vec<u128>)> = parts.iter().map(|part| (part.day(), part.ids.clone())).collect();
        assert_eq!(there, [(DAY.plus(-1), vec![6]), (DAY, vec![5, 7])]);
        assert!(parts.iter().all(|part| part.heap() > 0));
    }

    #[test]
    fn a_row_has_what_the_table_has() {
        let parts = parts(all()).unwrap();
        let row = parts[1].row(1);
        assert_eq!((row.id, row.day, row.at), (Id(7), DAY, Timestamp(DAY.start().0 + 7_000_000)));
        assert_eq!((row.label(Label::Product), row.label(Label::Account)), (Some("app"), None));
        assert_eq!((row.label(Label::Kind), row.label(Label::Territory)), (Some("other"), None));
        assert_eq!((row.text(Text::Title), row.text(Text::Body)), (Some("Help"), Some("The login fails")));
        assert_eq!((row.text(Text::Author), row.text(Text::AuthorAlias)), (Some("a_1"), None));
        assert_eq!(row.score().map(|score| (score.value, score.scale.max)), Some((3.0, 10.0)));
        assert_eq!(row.tags, ["vip", "eu"]);
        let topics: Vec<(&str, SentimentLabel, Span)> =
            row.topics.iter().map(|mention| (mention.topic, mention.sentiment, mention.span)).collect();
        let expected = [
            ("login_access", SentimentLabel::Negative, Span::new(4, 9)),
            ("billing", SentimentLabel::Positive, Span::new(0, 3)),
        ];
        assert_eq!(topics, expected);
        assert!(row.sure(Sure::Negative).is_some_and(|share| (share - 0.75).abs() < 1e-4));
        assert_eq!((row.sure(Sure::Kind), row.stored_at), (None, Timestamp(3)));
        assert_eq!(row.triaged_at, Some(Timestamp(4)));
        assert_eq!(row.vector, Some(("v1", &[127_i8, -127][..])));
        let correction = row.correction.unwrap();
        assert_eq!((correction.by.as_str(), correction.at), ("ada", Timestamp(9)));
        assert_eq!(correction.judged_sentiment, Some(SentimentLabel::Positive));
        assert_eq!(correction.judged_kind, None, "only what was corrected");
        assert_eq!(correction.judged_topics.as_ref().map(Vec::len), Some(2));
        assert_eq!(parts[0].folded.get(0), "\n\n");
        assert_eq!(parts[1].folded.get(1), "help\nthe login fails\n");

        let bare = parts[0].row(0);
        assert_eq!((bare.score(), bare.vector, bare.correction), (None, None, None));
        assert_eq!(bare.triaged_at, None);
        assert!(bare.tags.is_empty() && bare.topics.is_empty() && bare.triage_spans.is_empty());
    }

    #[test]
    fn an_id_of_another_make_is_refused() {
        let odd = all().with_column(lit("x1").alias("record_id"));
        assert!(matches!(parts(odd), Err(InsightError::NoId { .. })));
        for wrong in ["", "7", "+0000000000000000000000000000007", "0000000000000000000000000000000A"] {
            assert_eq!(parse_id(wrong), None, "{wrong}");
        }
        assert_eq!(parse_id(&Id(7).to_string()), Some(Id(7)));
    }

    /// A part that is put together of others has the same rows.
    #[test]
    fn rows_can_be_gathered() {
        let all = parts(all()).unwrap();
        let again = Part::gathered(DAY, vec![(&all[1], 1), (&all[1], 0)]);
        assert_eq!(again.ids, [5, 7]);
        for row in 0..2 {
            assert_eq!(again.row(row), all[1].row(row));
        }
        let rest = Part::gathered(DAY, vec![(&all[1], 0)]);
        assert_eq!(rest.column(Label::Product).words().find("app"), None, "nothing is left of what is gone");
        assert_eq!(rest.topics.len(), 0);
    }
}
