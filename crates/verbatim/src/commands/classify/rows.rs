//! The text of a row, with what stands beside it: its id, a title, and the names that are masked in it.

use crate::lines::{Row, json_error};
use analyze::redact::{Known, names_in, names_somebody};
use serde_json::{Map, Value};

/// Where the text is looked for when no field is named.
const TEXT_FIELDS: [&str; 7] = ["text", "body", "comment", "content", "message", "review", "feedback"];

/// The names that the text's field or column may have; `named` is the user's.
pub fn text_fields(named: Option<&str>) -> Vec<&str> {
    named.map_or(TEXT_FIELDS.to_vec(), |name| vec![name])
}

/// One text with what helps to understand it.
#[derive(Debug, Default, PartialEq)]
pub struct Text {
    pub id: Option<Value>,
    pub title: Option<String>,
    pub body: String,
    pub question: Option<String>,
    pub language: Option<String>,
    /// The kind of source: a survey's answer reads otherwise than a post.
    pub source: Option<String>,
    /// Of people, as the row's other fields tell them.
    pub names: Vec<String>,
}

/// Why a row has no text, with its id where that could be read.
pub type Bad = (Option<Value>, String);

/// Finds the text in a row.
pub struct RowReader {
    columns: Option<Columns>,
    text_field: Option<String>,
}

impl RowReader {
    pub fn new(header: Option<csv::StringRecord>, text_field: Option<&str>) -> anyhow::Result<Self> {
        let columns = header.map(|header| Columns::new(&header, text_field)).transpose()?;
        Ok(Self { columns, text_field: text_field.map(str::to_owned) })
    }

    pub fn text(&self, row: &Row) -> Result<Text, Bad> {
        match row {
            Row::Unreadable(why) => Err((None, why.clone())),
            Row::Blank => Err((None, "blank".to_owned())),
            Row::Line(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Text { body: text.to_owned(), ..Text::default() }),
                Err(_) => Err((None, "the line is not UTF-8".to_owned())),
            },
            Row::Csv(record) => match &self.columns {
                Some(columns) => columns.text(record),
                None => Err((None, "the row belongs to no header".to_owned())),
            },
            Row::Json(bytes) => self.json(bytes),
        }
    }

    fn json(&self, bytes: &[u8]) -> Result<Text, Bad> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| (None, json_error(&error)))?;
        let mut object = match value {
            Value::Object(object) => object,
            Value::String(body) => return Ok(Text { body, ..Text::default() }),
            _ => return Err((None, "the line is no JSON object".to_owned())),
        };
        let id = take(&mut object, "id").filter(|id| id.is_string() || id.is_number());
        let named = self.text_field.as_deref();
        let fields = text_fields(named);
        // An event carries its record within.
        let within =
            |object: &mut Map<String, Value>| first_text(object.get_mut("data")?.as_object_mut()?, &fields);
        let body = match first_text(&mut object, &fields).or_else(|| within(&mut object)) {
            Some(Value::String(body)) => body,
            Some(_) => return Err((id, "the text is no string".to_owned())),
            None => {
                let name = named.unwrap_or("text");
                return Err((
                    id,
                    format!("there is no field \"{name}\": name the right one with --text-field"),
                ));
            }
        };
        let mut other = |name: &str| match take(&mut object, name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let (title, question) = (other("title"), other("question"));
        let (language, source) = (other("language"), other("source"));
        Ok(Text { id, title, body, question, language, source, names: names(object) })
    }
}

/// A field by its name, in whatever case.
fn take(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    object.remove(name).or_else(|| {
        let key = object.keys().find(|key| key.trim().eq_ignore_ascii_case(name))?.clone();
        object.remove(&key)
    })
}

/// The same of a field within others, written `data.text`.
fn take_path(object: &mut Map<String, Value>, path: &str) -> Option<Value> {
    take(object, path).or_else(|| {
        let (outer, inner) = path.split_once('.')?;
        let key = object.keys().find(|key| key.trim().eq_ignore_ascii_case(outer))?.clone();
        take_path(object.get_mut(&key)?.as_object_mut()?, inner)
    })
}

/// The first of these fields that says something; where none does, the first there is.
fn first_text(object: &mut Map<String, Value>, fields: &[&str]) -> Option<Value> {
    let mut empty = None;
    for field in fields {
        match take_path(object, field) {
            None => {}
            Some(value) if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) => {
                empty = empty.or(Some(value));
            }
            said => return said,
        }
    }
    empty
}

/// What the fields beside the text tell of people's names, addresses and handles.
fn names(object: Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    let id = object.get("author").and_then(|author| author.get("id")).or(object.get("author.id"));
    names.extend(id.and_then(Value::as_str).filter(|id| Known::is_handle(id)).map(str::to_owned));
    for (name, value) in object {
        names_in(&name, &value, &mut names);
    }
    names
}

/// Positions of the columns that mean something.
struct Columns {
    text: usize,
    id: Option<usize>,
    title: Option<usize>,
    question: Option<usize>,
    language: Option<usize>,
    source: Option<usize>,
    handle: Option<usize>,
    /// Those that tell what somebody is called, with their names.
    people: Vec<(usize, String)>,
}

impl Columns {
    fn new(header: &csv::StringRecord, text_field: Option<&str>) -> anyhow::Result<Self> {
        let find = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
        let Some(text) = text_fields(text_field).into_iter().find_map(find) else {
            let names: Vec<&str> = header.iter().collect();
            let wanted = text_field.unwrap_or("text");
            anyhow::bail!(
                "the CSV has no column {wanted:?} for the text: it has {}; choose one with --text-field",
                names.join(", ")
            );
        };
        let [id, title, question, language, source, handle] =
            ["id", "title", "question", "language", "source", "author.id"].map(find);
        let people = header.iter().map(str::trim).enumerate();
        let people = people.filter(|(at, name)| *at != text && names_somebody(name));
        let people = people.map(|(at, name)| (at, name.to_owned())).collect();
        Ok(Self { text, id, title, question, language, source, handle, people })
    }

    fn text(&self, record: &csv::StringRecord) -> Result<Text, Bad> {
        let get = |at: Option<usize>| at.and_then(|at| record.get(at)).filter(|text| !text.is_empty());
        let id = get(self.id).map(Value::from);
        let Some(body) = record.get(self.text) else {
            return Err((id, "the row ends before the text".to_owned()));
        };
        let text = |at| get(at).map(str::to_owned);
        let (title, question) = (text(self.title), text(self.question));
        let (language, source) = (text(self.language), text(self.source));
        let handle = text(self.handle).filter(|id| Known::is_handle(id));
        let mut names: Vec<String> = handle.into_iter().collect();
        for (at, name) in &self.people {
            if let Some(cell) = record.get(*at) {
                names_in(name, &Value::from(cell.trim()), &mut names);
            }
        }
        Ok(Text { id, title, body: body.to_owned(), question, language, source, names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(json: &str, field: Option<&str>) -> Result<Text, Bad> {
        RowReader::new(None, field).unwrap().text(&Row::Json(json.as_bytes().to_vec()))
    }

    #[test]
    fn finds_the_text_and_keeps_the_id_as_it_was() {
        let text = read(r#"{"id": 7, "comment": "ok", "question": "Why?"}"#, None).unwrap();
        assert_eq!(
            (text.id, text.body.as_str(), text.question.as_deref()),
            (Some(json!(7)), "ok", Some("Why?"))
        );
        assert_eq!(read(r#"{"id":"a","Review":"x"}"#, Some("Review")).unwrap().body, "x");
        assert_eq!(read("\"bare\"", None).unwrap().body, "bare");
        let event = r#"{"specversion": "1.0", "data": {"text": "x", "note": {"Body": "y"}}}"#;
        assert_eq!(read(event, None).unwrap().body, "x");
        assert_eq!(read(event, Some("data.note.body")).unwrap().body, "y");
    }

    #[test]
    fn a_field_that_says_nothing_leaves_the_text_to_the_next() {
        for json in [
            r#"{"text": null, "comment": "fine"}"#,
            r#"{"text": " ", "comment": "fine"}"#,
            r#"{"Comment": "fine"}"#,
        ] {
            assert_eq!(read(json, None).unwrap().body, "fine", "{json}");
        }
        let text = read(r#"{"ID": 7, "TEXT": "fine", "Title": "Well"}"#, Some("text")).unwrap();
        assert_eq!((text.id, text.title.as_deref()), (Some(json!(7)), Some("Well")));
        assert!(read(r#"{"text": null}"#, None).unwrap_err().1.contains("no string"));
        assert_eq!(read(r#"{"text": ""}"#, None).unwrap().body, "");
    }

    #[test]
    fn the_fields_beside_a_text_tell_names() {
        let json = r#"{"text": "x", "author": {"id": "ann77", "name": "Ann Lee"}, "Customer": "Bob Ray",
                       "product_name": "Atlas", "plan": "pro"}"#;
        assert_eq!(read(json, None).unwrap().names, ["ann77", "Bob Ray", "Ann Lee"]);
        assert_eq!(read(r#"{"text": "x", "author": {"id": "77"}}"#, None).unwrap().names, [""; 0]);
        assert_eq!(read(r#"{"name": "Ann Lee", "text": "I am Ann Lee"}"#, None).unwrap().names, ["Ann Lee"]);
        let header = csv::StringRecord::from(vec!["Name", "Text", "author.id", "Plan"]);
        let reader = RowReader::new(Some(header), None).unwrap();
        let row = csv::StringRecord::from(vec![" Ann Lee", "x", "ann77", "Pro Plan"]);
        assert_eq!(reader.text(&Row::Csv(row)).unwrap().names, ["ann77", "Ann Lee"]);
    }

    #[test]
    fn a_bad_row_keeps_its_id_and_is_not_quoted() {
        let (id, error) = read(r#"{"id":"a","note":"secret"}"#, None).unwrap_err();
        assert_eq!(id, Some(json!("a")));
        assert!(error.contains("--text-field"), "{error}");
        let (_, error) = read(r#"{"text":"secret"#, None).unwrap_err();
        assert!(error.contains("too early") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn csv_columns_are_found_by_name() {
        let header = csv::StringRecord::from(vec!["ID", "Comment"]);
        let reader = RowReader::new(Some(header.clone()), None).unwrap();
        let text = reader.text(&Row::Csv(csv::StringRecord::from(vec!["5", "fine"]))).unwrap();
        assert_eq!((text.id, text.body), (Some(json!("5")), "fine".to_owned()));
        assert!(RowReader::new(Some(header), Some("Review")).is_err());
    }
}
