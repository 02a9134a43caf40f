//! What people say of records in place of the models: found, checked, written and listed, for the API, the pages and the
//! command line alike.

use crate::auth::Caller;
use crate::desk::{At, Date, Listed, Page, Ranked, listed};
use crate::problem::Problem;
use crate::state::{Inner, now};
use feedback::correction::{Field, Said};
use feedback::time::Day;
use insight::corrections::{Written, Wrong, field, name, note, said};
use insight::shelf::parse_id;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{CorrectError, Correcting, Correction, CorrectionState, Located, Standing, Store, StoreError};
use tokio::time::timeout;
use utoipa::ToSchema;

/// Digits of a record's id.
const ID: usize = 32;
/// Ids that are named where a beginning fits several.
const NAMED: usize = 5;
/// So long a correction waits until it is in memory.
const PATIENCE: Duration = Duration::from_secs(2);

/// A label, `withdrawn`, or the ids of topics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CorrectionValue {
    Word(String),
    Topics(Vec<String>),
}

/// What somebody says of a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCorrection {
    /// Its id, or how that begins.
    pub record: String,
    /// sentiment, kind or topics.
    #[schema(example = "sentiment")]
    pub field: String,
    /// A label, the ids of topics (none where it is about no topic), or `withdrawn` to take back what was said.
    pub value: CorrectionValue,
    /// Why, for colleagues.
    #[serde(default)]
    pub note: Option<String>,
    /// The version that was looked at: where another one has come since, nothing is corrected.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A correction as people and programs see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CorrectionRow {
    pub id: String,
    pub at: At,
    /// Who said so.
    pub by: String,
    /// The record's id.
    pub record: String,
    /// On which it occurred.
    pub day: Date,
    #[schema(example = "sentiment")]
    pub field: String,
    pub value: CorrectionValue,
    /// What the model says of the same content; null where the record has another one by now, or is gone.
    #[schema(required = true)]
    pub judged: Option<CorrectionValue>,
    #[schema(required = true)]
    pub note: Option<String>,
    /// `holds`; `replaced` by what was said later; on an `earlier_version` of the record; or the record is `gone`.
    #[schema(value_type = String, example = "holds")]
    pub state: CorrectionState,
}

impl CorrectionRow {
    #[must_use]
    pub fn new(correction: &Correction, standing: &Standing) -> Self {
        let Correction { id, at, by, record, item_day, content_hash, field, note, .. } = correction;
        let same = standing.record.as_ref().filter(|record| record.content_hash == *content_hash);
        let judged = same.zip(Field::parse(field)).map(|(record, field)| judged(record, field));
        let topics = correction.topics.clone().map(CorrectionValue::Topics);
        let word = correction.value.clone().map(CorrectionValue::Word);
        Self {
            id: id.clone(),
            at: At(*at),
            by: by.clone(),
            record: record.record_id.clone(),
            day: Date(*item_day),
            field: field.clone(),
            value: word.or(topics).unwrap_or_else(|| CorrectionValue::Topics(Vec::new())),
            judged,
            note: note.clone(),
            state: standing.state,
        }
    }
}

/// What the audit calls it.
pub const CORRECT: &str = "record.correct";

/// As the audit has it: what is said, without the note, which may quote somebody.
#[must_use]
pub fn detail(said: &Said) -> String {
    let field = said.field();
    match said {
        Said::Topics(ids) => format!("{field}: {}", ids.join(", ")),
        _ => format!("{field}: {}", said.value().unwrap_or_default()),
    }
}

/// What the model says.
fn judged(record: &Located, field: Field) -> CorrectionValue {
    match field {
        Field::Sentiment => CorrectionValue::Word(record.judged_sentiment.clone()),
        Field::Kind => CorrectionValue::Word(record.judged_kind.clone()),
        Field::Topics => CorrectionValue::Topics(record.judged_topics.clone()),
    }
}

/// Why nothing was corrected.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("a record is named by its id, or by how that begins: {0:?} is neither")]
    NoId(String),
    #[error("no record has an id that begins with {0:?}: `verbatim report --records` shows the ids")]
    NotFound(String),
    #[error(
        "{count} records or more have an id that begins with {beginning:?}: give more of it; among them are {}",
        ids.join(", ")
    )]
    Several { beginning: String, count: usize, ids: Vec<String> },
    #[error(
        "the record has changed since it was looked at: look again, and correct it if it still has to be"
    )]
    Changed,
    #[error(transparent)]
    Wrong(#[from] Wrong),
    #[error(transparent)]
    Correct(#[from] CorrectError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Correct(error.into())
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let told = refused.to_string();
        match refused {
            Refused::NoId(_) | Refused::Several { .. } | Refused::Wrong(_) => Self::bad_request(told),
            Refused::NotFound(_) | Refused::Correct(CorrectError::Erased) => Self::not_found(told),
            Refused::Changed | Refused::Correct(CorrectError::NothingToWithdraw { .. }) => {
                Self::conflict(told)
            }
            Refused::Correct(CorrectError::Store(error)) => error.into(),
        }
    }
}

/// The one record whose id begins so; a day on which somebody has seen it is looked at first.
///
/// # Errors
/// [`Refused`], where there is none, or several.
pub async fn find(store: &Store, beginning: &str, seen_on: Option<Day>) -> Result<Located, Refused> {
    let wanted = beginning.trim().to_ascii_lowercase();
    if wanted.is_empty() || wanted.len() > ID || !wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refused::NoId(beginning.chars().take(2 * ID).collect()));
    }
    let mut found = match seen_on {
        Some(day) => store.locate(&wanted, Some(day)).await?,
        None => Vec::new(),
    };
    if found.is_empty() {
        found = store.locate(&wanted, None).await?;
    }
    match found.len() {
        0 => Err(Refused::NotFound(wanted)),
        1 => Ok(found.remove(0)),
        count => {
            let ids = found.into_iter().take(NAMED).map(|one| one.record.record_id).collect();
            Err(Refused::Several { beginning: wanted, count, ids })
        }
    }
}

/// Checks and writes what somebody says.
///
/// # Errors
/// A [`Problem`] of the status 400 where it cannot be said, 404 where there is no such record, 409 where there is nothing
/// to take back, or the record is not the one that was looked at.
pub async fn correct(app: &Inner, caller: &Caller, asked: &NewCorrection) -> Result<CorrectionRow, Problem> {
    let (found, said) = checked(app, asked).await?;
    let note = note(asked.note.as_deref().unwrap_or_default()).map_err(Refused::from)?;
    let (record, detail) = (found.record.record_id.clone(), detail(&said));
    let saying = say(&app.store, found, &said, &caller.name, note);
    let row = app.audited(caller, CORRECT, &record, &detail, saying).await?;
    // Whoever looks next sees it. Where that takes long, or fails, they see it a little later.
    if !matches!(timeout(PATIENCE, app.live.catch_up()).await, Ok(Ok(()))) {
        app.live.look_soon();
    }
    Ok(row)
}

/// The record, and what is said of it.
async fn checked(app: &Inner, asked: &NewCorrection) -> Result<(Located, Said), Refused> {
    let written = match &asked.value {
        CorrectionValue::Word(word) => Written::Word(word.clone()),
        CorrectionValue::Topics(ids) => Written::Topics(ids.clone()),
    };
    let taxonomy = app.topics.iter().map(|topic| topic.id.as_str());
    let said = said(field(&asked.field)?, &written, taxonomy)?;
    let found = find(&app.store, &asked.record, seen_on(app, &asked.record)).await?;
    if asked.version.is_some_and(|version| version != found.version) {
        return Err(Refused::Changed);
    }
    Ok((found, said))
}

/// The day of a record that is told by its whole id, where it is held in memory.
fn seen_on(app: &Inner, record: &str) -> Option<Day> {
    let id = parse_id(record.trim())?;
    app.live.shelf().find(id).map(|hit| hit.row().day)
}

/// Writes what somebody says of a record that was found.
///
/// # Errors
/// [`Refused`].
pub async fn say(
    store: &Store,
    of: Located,
    said: &Said,
    by: &str,
    note: Option<&str>,
) -> Result<CorrectionRow, Refused> {
    let by = name(by)?;
    let correction = store.correct(&Correcting { of: &of, said, by, note, at: now() }).await?;
    Ok(CorrectionRow::new(&correction, &Standing { state: CorrectionState::Holds, record: Some(of) }))
}

/// A part of all that was said, the newest first; of one record alone, where one is named by its id or how that begins.
///
/// # Errors
/// Where the tables cannot be read.
pub async fn list(
    store: &Store,
    record: Option<&str>,
    page: &Page,
) -> Result<Listed<CorrectionRow>, StoreError> {
    let beginning = record.unwrap_or_default().trim().to_ascii_lowercase();
    let all = store.corrections_of(&beginning).await?;
    let ranked = all.iter().map(|one| Ranked { rank: [one.at.0, 0], name: &one.id, item: one });
    let part = listed(ranked.collect(), page);
    let shown: Vec<Correction> = part.items.iter().map(|one| (*one).clone()).collect();
    let mut standings = store.standings(&shown).await?.into_iter();
    let gone = || Standing { state: CorrectionState::Gone, record: None };
    Ok(part.map(|one| CorrectionRow::new(one, &standings.next().unwrap_or_else(gone))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use feedback::time::Timestamp;
    use store::Quoted;

    fn located() -> Located {
        Located {
            record: Quoted { record_id: "aa".repeat(16), author: Some("a_1".to_owned()), author_alias: None },
            item_id: "bb".repeat(16),
            day: Day(20_514),
            version: 3,
            content_hash: 7,
            body_chars: 40,
            judged_sentiment: "positive".to_owned(),
            judged_kind: "praise".to_owned(),
            judged_topics: vec!["search".to_owned()],
        }
    }

    fn correction(field: &str, value: Option<&str>, topics: Option<&[&str]>) -> Correction {
        let of = located();
        Correction {
            id: "c1".to_owned(),
            at: Timestamp(of.day.start().0),
            by: "jane".to_owned(),
            record: of.record,
            item_id: of.item_id,
            item_day: of.day,
            content_hash: of.content_hash,
            body_chars: of.body_chars,
            field: field.to_owned(),
            value: value.map(str::to_owned),
            topics: topics.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect()),
            note: None,
        }
    }

    fn json(correction: &Correction, record: Option<Located>) -> serde_json::Value {
        let standing = Standing { state: CorrectionState::EarlierVersion, record };
        serde_json::to_value(CorrectionRow::new(correction, &standing)).unwrap()
    }

    #[test]
    fn a_row_has_what_was_said_and_what_the_model_says() {
        let topics = json(&correction("topics", None, Some(&["billing"])), Some(located()));
        let expected = serde_json::json!({
            "id": "c1", "at": "2026-03-02T00:00:00Z", "by": "jane", "record": "aa".repeat(16), "day": "2026-03-02",
            "field": "topics", "value": ["billing"], "judged": ["search"], "note": null, "state": "earlier_version",
        });
        assert_eq!(topics, expected);
        let taken_back = json(&correction("kind", Some("withdrawn"), None), Some(located()));
        assert_eq!((&taken_back["value"], &taken_back["judged"]), (&"withdrawn".into(), &"praise".into()));
        let other = Located { content_hash: 8, ..located() };
        let sentiment = correction("sentiment", Some("negative"), None);
        assert!(json(&sentiment, Some(other))["judged"].is_null());
        assert!(json(&sentiment, None)["judged"].is_null());
    }

    #[test]
    fn each_refusal_has_its_status() {
        let status = |refused: Refused| Problem::from(refused).status;
        assert_eq!(status(Refused::NoId("x".to_owned())), StatusCode::BAD_REQUEST);
        assert_eq!(status(Wrong::NoName.into()), StatusCode::BAD_REQUEST);
        assert_eq!(status(Refused::NotFound("ab".to_owned())), StatusCode::NOT_FOUND);
        assert_eq!(status(CorrectError::Erased.into()), StatusCode::NOT_FOUND);
        assert_eq!(status(Refused::Changed), StatusCode::CONFLICT);
        let nothing = CorrectError::NothingToWithdraw { field: Field::Kind };
        assert_eq!(status(nothing.into()), StatusCode::CONFLICT);
    }

    #[test]
    fn a_request_says_a_word_or_a_list_and_nothing_strange() {
        let read = |text: &str| serde_json::from_str::<NewCorrection>(text);
        let word = read(r#"{"record":"ab","field":"kind","value":"bug"}"#).unwrap();
        assert_eq!((word.value, word.note), (CorrectionValue::Word("bug".to_owned()), None));
        let list =
            read(r#"{"record":"ab","field":"topics","value":["a"],"note":"why","version":3}"#).unwrap();
        assert_eq!((list.value, list.version), (CorrectionValue::Topics(vec!["a".to_owned()]), Some(3)));
        assert!(read(r#"{"record":"ab","field":"kind","value":7}"#).is_err());
        assert!(read(r#"{"record":"ab","field":"kind","value":"bug","by":"me"}"#).is_err());
    }
}
