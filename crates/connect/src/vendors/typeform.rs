//! Typeform: `form_response` as webhooks post it, and responses as the Responses API lists them (without the questions, which
//! stand in a webhook's `definition` only).
//!
//! Words become answers with their questions. The numbers of `nps`, `opinion_scale` and `rating` are scores on the scale of the
//! field's `properties`; where a definition leaves those out, on the scale that Typeform gives a new field, as far as the number
//! lies on it. Choices, numbers and dates are kept as values. Addresses and names tell the author; telephone numbers are not kept.

mod definition;

use super::{Said, asked, named, scale};
use crate::event::{self, Answer, Event, Item, Score};
use crate::node::Node;
use definition::{Definition, Field, Subfield};
use feedback::refusal::{IgnoreReason, Reason, Refusal};
use serde_json::Value;

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let kind = payload.get("event_type").text()?;
    if kind.is_some_and(|kind| !kind.starts_with("form_response")) {
        return Ok(Said::Ignored(IgnoreReason::NotFeedback));
    }
    let wrapped = payload.get("form_response");
    let listed = wrapped.is_absent() && !payload.get("answers").is_absent();
    if listed { response(&payload) } else { response(&wrapped.object()?) }
}

fn response(response: &Node<'_, '_>) -> Result<Said, Refusal> {
    let definition = Definition::read(response.get("definition").value());
    let mut item = item(response)?;
    let (given, mut answers) = (response.get("answers"), Vec::new());
    for answer in given.items()? {
        answers.extend(read_answer(&answer.object()?, &definition, &mut item)?);
        asked::at_most(&answers, &given)?;
    }
    if !asked::says_something(&answers) {
        return Ok(Said::Ignored(IgnoreReason::NotFeedback));
    }
    Ok(Event { time: None, item, said: event::Said::Survey { answers } }.into())
}

fn item(response: &Node<'_, '_>) -> Result<Item, Refusal> {
    let at = response.any_of(&["submitted_at", "landed_at"]);
    let mut item = Item {
        id: response.any_of(&["token", "response_id"]).id()?,
        occurred_at: Some(at.time()?.ok_or_else(|| at.refuse(Reason::MissingField, "a time"))?),
        ..Item::default()
    };
    named::read(response.get("hidden").value(), &mut item);
    for variable in response.get("variables").items()? {
        let name = variable.get("key").label()?.map(|name| format!("variables.{name}"));
        let value = variable.any_of(&["number", "text", "outcome_id"]);
        item.metadata.extend(name.filter(|_| !value.is_absent()).map(|name| (name, value.value().clone())));
    }
    let title = response.get("definition").get("title").text()?.map(str::to_owned);
    let form = [("form_id", response.get("form_id").label()?), ("form", title)];
    item.metadata.extend(super::shared::metadata(form));
    let calculated = response.get("calculated");
    let score = calculated.get("score");
    item.metadata.extend(score.number()?.map(|_| ("calculated_score".to_owned(), score.value().clone())));
    Ok(item)
}

/// `None` for what is no answer of its own.
fn read_answer(
    answer: &Node<'_, '_>,
    definition: &Definition<'_>,
    item: &mut Item,
) -> Result<Option<Answer>, Refusal> {
    let field = answer.get("field");
    let field = field.object()?;
    let known = definition.field(field.get("id").value(), field.get("ref").value());
    let id = field.any_of(&["ref", "id"]).id()?;
    let mut said = Answer { id, question: known.title.clone(), ..Answer::default() };
    match answer.get("type").text()?.unwrap_or_default() {
        "text" => match known.subfield {
            Some(subfield) => tell(subfield, answer.get("text").text()?, item),
            None => said.text = answer.get("text").text()?.map(str::to_owned),
        },
        "email" => {
            let email = answer.get("email").label()?;
            item.author.email = item.author.email.take().or(email);
        }
        "number" => number(answer, &known, &mut said)?,
        "boolean" => said.value = answer.get("boolean").boolean()?.map(Value::Bool),
        "date" => said.value = answer.get("date").label()?.map(Value::String),
        "url" => said.value = answer.get("url").label()?.map(Value::String),
        "choice" => {
            let choice = answer.get("choice");
            said.value = choice.get("label").label()?.map(Value::String);
            said.text = choice.get("other").text()?.map(str::to_owned);
        }
        "choices" => {
            let choices = answer.get("choices");
            let labels = choices.get("labels").labels()?;
            said.value = (!labels.is_empty()).then(|| labels.into());
            said.text = choices.get("other").text()?.map(str::to_owned);
        }
        // A telephone number, a file, a payment, what comes some day.
        _ => {}
    }
    let holds = said.text.is_some() || said.score.is_some() || said.value.is_some();
    Ok(holds.then_some(said))
}

/// What a block for contact details asks for is the author.
fn tell(subfield: Subfield, text: Option<&str>, item: &mut Item) {
    let Some(text) = text.map(str::trim) else { return };
    let author = &mut item.author;
    match subfield {
        Subfield::Name => {
            let name = author.name.take().map_or_else(|| text.to_owned(), |name| format!("{name} {text}"));
            author.name = Some(name);
        }
        Subfield::Company => author.account = author.account.take().or_else(|| Some(text.to_owned())),
        Subfield::Other => {}
    }
}

fn number(answer: &Node<'_, '_>, known: &Field, said: &mut Answer) -> Result<(), Refusal> {
    let node = answer.get("number");
    let Some(value) = node.number()? else { return Ok(()) };
    let kind = answer.get("field").get("type").text()?;
    let score = |min, max| scale::score(said.question.as_deref(), value, min, max);
    let (min, max, score) = match kind {
        Some("nps") => (0.0, 10.0, Some(Score { kind: "nps", value, min: 0.0, max: 10.0 })),
        Some("opinion_scale") => {
            let min = if known.starts_at_one { 1.0 } else { 0.0 };
            let max = min + known.steps.unwrap_or(11.0) - 1.0;
            (min, max, score(min, max))
        }
        Some("rating") => (1.0, known.steps.unwrap_or(5.0), score(1.0, known.steps.unwrap_or(5.0))),
        _ => (value, value, None),
    };
    let fits = (min..=max).contains(&value) && (kind != Some("nps") || value.fract() == 0.0);
    // A scale that we only guess refuses nothing.
    if !fits && (known.steps.is_some() || kind == Some("nps")) {
        return Err(
            node.refuse(Reason::OutOfRange, format_args!("a number of its scale, from {min} to {max}"))
        );
    }
    said.score = score.filter(|_| fits);
    said.value = said.score.is_none().then(|| node.value().clone());
    Ok(())
}
