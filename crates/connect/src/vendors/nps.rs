//! NPS from any tool that posts JSON: the shape that Delighted made usual, alone or in its webhook's `event_data`, and flat
//! objects with the names that other tools use. The score is a whole number from 0 to 10; whether that makes a promoter is
//! counted here and never read.
//!
//! | what | names |
//! |---|---|
//! | id | `id`, `response_id`, `survey_response_id`, `uuid` |
//! | score | `score`, `nps_score`, `nps`, `rating`, `value` |
//! | comment | `comment`, `text`, `feedback`, `comments`, `answer`, `reason` |
//! | question | `question`, `question_text` |
//! | times | `created_at`, `submitted_at`, `responded_at`, `timestamp`, `created`, `date`; `updated_at`, `updated`, `modified_at` |
//! | author | `person`, `user`, `customer`, `respondent`, `contact` as objects, or `email`, `user_id`, `name` and so on, flat |
//! | beside | `tags`, `permalink`; `person_properties`, `properties`, `custom_properties`, `metadata` |
//! | deletion | `event_type` that ends with `.deleted`, or `deleted` |

use super::shared::{Gone, gone};
use super::{Said, named};
use crate::event::{self, Author, Event, Item, Score};
use crate::html::{self, Quotes};
use crate::node::Node;
use feedback::refusal::{IgnoreReason, Reason, Refusal};
use serde_json::Value;

const CREATED: [&str; 6] = ["created_at", "submitted_at", "responded_at", "timestamp", "created", "date"];
const UPDATED: [&str; 3] = ["updated_at", "updated", "modified_at"];

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let kind =
        payload.get("event_type").text()?.or(payload.get("event").value().as_str()).unwrap_or_default();
    // Delighted's `unsubscribe.created`, and what is sent to try an address.
    if kind.starts_with("unsubscribe") || kind.ends_with("unsubscribed") {
        return Ok(Said::Ignored(IgnoreReason::NotFeedback));
    }
    if matches!(kind, "test" | "ping") {
        return Ok(Said::Ignored(IgnoreReason::TestEvent));
    }
    let wrapped = payload.any_of(&["event_data", "data", "response"]);
    let is_deleted = kind.ends_with(".deleted");
    if wrapped.value().is_object() { response(&wrapped, is_deleted) } else { response(&payload, is_deleted) }
}

fn response(response: &Node<'_, '_>, is_deleted: bool) -> Result<Said, Refusal> {
    let id = response.any_of(&["id", "response_id", "survey_response_id", "uuid"]).id()?;
    if is_deleted || response.get("deleted").value() == &Value::Bool(true) {
        let times = [["deleted_at"].as_slice(), &UPDATED, &CREATED].concat();
        return Ok(gone(id, response.any_of(&times).time()?, Gone::ForGood));
    }
    let kind = response.get("survey_type");
    if kind.label()?.is_some_and(|kind| !kind.eq_ignore_ascii_case("nps")) {
        let expected = "nps; scores on other scales are taken as events (feedback.survey.created)";
        return Err(kind.refuse(Reason::UnknownValue, expected));
    }
    let text = response.any_of(&["comment", "text", "feedback", "comments", "answer", "reason"]).text()?;
    let mut words = Words {
        question: response.any_of(&["question", "question_text"]).text()?.map(str::to_owned),
        text: text.map(|text| html::readable(text, Quotes::Keep)).filter(|text| !text.is_empty()),
    };
    let mut item = item(response, id)?;
    words.take_in(response, &mut item)?;
    let score = score(response)?;
    if score.is_none() && words.text.is_none() {
        return Err(response.refuse(Reason::Empty, "a score or a comment"));
    }
    let said = event::Said::Words { question: words.question, text: words.text, score };
    Ok(Event { time: None, item, said }.into())
}

fn score(response: &Node<'_, '_>) -> Result<Option<Score>, Refusal> {
    let node = response.any_of(&["score", "nps_score", "nps", "rating", "value"]);
    let Some(value) = node.number()? else { return Ok(None) };
    if !(0.0..=10.0).contains(&value) || value.fract() != 0.0 {
        return Err(node.refuse(Reason::OutOfRange, "a whole number from 0 to 10"));
    }
    Ok(Some(Score { kind: "nps", value, min: 0.0, max: 10.0 }))
}

fn item(response: &Node<'_, '_>, id: String) -> Result<Item, Refusal> {
    let at = response.any_of(&CREATED);
    let mut item = Item {
        id,
        occurred_at: Some(at.time()?.ok_or_else(|| at.refuse(Reason::MissingField, "a time"))?),
        updated_at: response.any_of(&UPDATED).time()?,
        author: author(response)?,
        permalink: response.any_of(&["permalink", "url", "link"]).text()?.map(str::to_owned),
        tags: response.get("tags").labels()?,
        test: response.get("test").boolean()?.unwrap_or(false),
        ..Item::default()
    };
    for name in ["person_properties", "properties", "custom_properties", "metadata"] {
        named::read(response.get(name).value(), &mut item);
    }
    flat(response, &mut item)?;
    Ok(item)
}

fn author(response: &Node<'_, '_>) -> Result<Author, Refusal> {
    let person = response.any_of(&["person", "user", "customer", "respondent", "contact"]);
    // Some lists name the person by the id alone.
    if !person.value().is_object() {
        return Ok(Author { id: person.label()?, ..Author::default() });
    }
    Ok(Author {
        id: person.any_of(&["id", "user_id", "external_id"]).label()?,
        email: person.get("email").label()?,
        name: person.any_of(&["name", "full_name"]).label()?,
        ..Author::default()
    })
}

/// What stands beside the score itself; what has no place in the contract is not kept, since a tool's own reckoning (a
/// category, an average) is there too.
fn flat(response: &Node<'_, '_>, item: &mut Item) -> Result<(), Refusal> {
    let author = &mut item.author;
    for (place, names) in [
        (&mut author.id, ["user_id", "customer_id", "contact_id"].as_slice()),
        (&mut author.email, &["email", "user_email", "customer_email"]),
        (&mut author.name, &["name", "user_name", "customer_name"]),
        (&mut author.account, &["account", "company", "organization"]),
        (&mut author.segment, &["segment", "plan"]),
        (&mut item.product, &["product"]),
        (&mut item.app_version, &["app_version", "version"]),
        (&mut item.platform, &["platform"]),
        (&mut item.territory, &["territory", "country"]),
        (&mut item.language, &["language", "locale"]),
    ] {
        let value = response.any_of(names);
        // An object of one of these names says more than we know to read.
        if place.is_none() && !value.value().is_object() {
            *place = value.label()?;
        }
    }
    Ok(())
}

struct Words {
    question: Option<String>,
    text: Option<String>,
}

impl Words {
    /// Delighted asks further questions. The first free answer stands for a comment that was not given; the others stay
    /// beside the score with their questions.
    fn take_in(&mut self, response: &Node<'_, '_>, item: &mut Item) -> Result<(), Refusal> {
        for answer in response.get("additional_answers").items()? {
            let (value, question) = (answer.get("value"), answer.get("question"));
            let asked = question.get("text").text()?.map(str::to_owned);
            let free = value.get("free_response").text()?;
            if let (None, Some(text)) = (&self.text, free) {
                (self.question, self.text) = (asked, Some(text.to_owned()));
                continue;
            }
            let one = value.get("select_one").get("text").label()?;
            let mut many = Vec::new();
            for choice in value.get("select_many").items()? {
                many.extend(choice.get("text").label()?.map(Value::String));
            }
            let said =
                free.map(Value::from).or(one.map(Value::String)).or((!many.is_empty()).then(|| many.into()));
            let said = said.or_else(|| Some(value.get("scale").value().clone()).filter(Value::is_number));
            let (Some(said), Some(id)) = (said, question.any_of(&["id", "text"]).label()?) else { continue };
            let kept = serde_json::json!({"question": asked, "value": said});
            item.metadata.insert(format!("answers.{id}"), kept);
        }
        Ok(())
    }
}
