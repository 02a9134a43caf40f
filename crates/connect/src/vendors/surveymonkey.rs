//! SurveyMonkey: a response with its answers, as GET /surveys/{id}/responses/{id}/details?simple=true answers it and `/bulk`
//! lists them (there in `data`), and the webhook of a deletion. The other webhooks carry ids only: they tell that a response is
//! there, not what it says, and are ignored; whoever wants the response has to ask for it.
//!
//! `simple=true` adds the questions' headings and the choices' texts; without it choices are known by their ids. A response does
//! not tell how many choices a rating has, so ratings are scores where each question also has the `choices` that
//! GET /surveys/{id}/details lists for it; otherwise they stay values. NPS is from 0 to 10 in any case. The weights that
//! SurveyMonkey gives the choices of NPS (-100, 0, 100) are its category, and not read.

mod answers;

use super::shared::{Gone, gone, metadata};
use super::{Said, asked, named};
use crate::event::{self, Answer, Event, Item};
use crate::node::Node;
use feedback::refusal::{IgnoreReason, Reason, Refusal};

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    match payload.get("event_type").text()? {
        Some(kind) => webhook(&payload, kind),
        None => response(&payload),
    }
}

fn webhook(payload: &Node<'_, '_>, kind: &str) -> Result<Said, Refusal> {
    if kind == "response_deleted" {
        let at = payload.get("event_datetime").time()?;
        return Ok(gone(payload.get("object_id").id()?, at, Gone::ForGood));
    }
    // Somebody may have added to the webhook what it lacks.
    if !payload.get("pages").is_absent() {
        return response(payload);
    }
    let is_response = kind.starts_with("response_");
    Ok(Said::Ignored(if is_response { IgnoreReason::IdsOnly } else { IgnoreReason::NotFeedback }))
}

fn response(response: &Node<'_, '_>) -> Result<Said, Refusal> {
    let pages = response.get("pages");
    if pages.is_absent() {
        let wanted = "the response with its answers, as GET /surveys/{id}/responses/{id}/details answers it";
        return Err(pages.refuse(Reason::MissingField, wanted));
    }
    let item = item(response)?;
    let mut answers: Vec<Answer> = Vec::new();
    for page in pages.items()? {
        for question in page.get("questions").items()? {
            answers.extend(answers::read(&question.object()?)?);
            asked::at_most(&answers, &pages)?;
        }
    }
    if !asked::says_something(&answers) {
        return Ok(Said::Ignored(IgnoreReason::NotFeedback));
    }
    Ok(Event { time: None, item, said: event::Said::Survey { answers } }.into())
}

fn item(response: &Node<'_, '_>) -> Result<Item, Refusal> {
    let created = response.any_of(&["date_created", "date_modified"]);
    let mode = response.get("collection_mode").text()?;
    let mut item = Item {
        // Where a webhook was completed, its own id is another one.
        id: response.any_of(&["object_id", "id"]).id()?,
        occurred_at: Some(created.time()?.ok_or_else(|| created.refuse(Reason::MissingField, "a time"))?),
        updated_at: response.get("date_modified").time()?,
        permalink: response.get("analyze_url").text()?.map(str::to_owned),
        test: mode.is_some_and(|mode| mode.ends_with("preview")),
        ..Item::default()
    };
    author(response, &mut item)?;
    named::read(response.get("custom_variables").value(), &mut item);
    item.metadata.extend(metadata([
        ("survey_id", response.get("survey_id").label()?),
        ("collector_id", response.get("collector_id").label()?),
        ("response_status", response.get("response_status").label()?),
        ("custom_value", response.get("custom_value").label()?),
    ]));
    Ok(item)
}

fn author(response: &Node<'_, '_>, item: &mut Item) -> Result<(), Refusal> {
    let about = response.get("metadata");
    let contact = about.get("contact");
    // Of a contact each detail comes with its type; of a recipient it stands by itself.
    let detail = |name: &'static str, plain: &'static str| match contact.get(name).get("value").label() {
        Ok(None) => response.get(plain).label(),
        detail => detail,
    };
    let email = detail("email", "email_address")?;
    let names = [detail("first_name", "first_name")?, detail("last_name", "last_name")?];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    item.author.email = email;
    item.author.name = (!name.is_empty()).then_some(name);
    // Zero is nobody.
    item.author.id = response.get("recipient_id").label()?.filter(|id| id != "0");
    Ok(())
}
