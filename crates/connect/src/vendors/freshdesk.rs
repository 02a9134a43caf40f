//! Freshdesk: tickets as the API gives them, with or without their conversations; what an automation rule
//! posts; ratings.
//!
//! - A ticket of the API (`{"ticket": {..}}`, or the ticket alone) is one item: the description and, where
//!   they were asked for (`include=conversations`), the replies, each with `incoming` to tell the sides
//!   apart. Private notes are left out.
//! - A rule's post (`{"freshdesk_webhook": {"ticket_id": ..}}`) holds subject and description, and the latest
//!   public comment, which begins with the name of whoever wrote it. Where that is the requester, the post is
//!   read as that comment, an item of its own in the ticket's conversation; it has no id, so its words make
//!   one. Otherwise the post is read as the ticket. The rule's content has to name a time:
//!   `ticket_created_on`, and `ticket_status_changed_on` to tell later states from earlier ones.
//! - A survey's result (with `ratings`) is the item `ratings/<id>` of the ticket's conversation, the feedback
//!   beside it said by the customer. Among a ticket's conversations the same feedback stands again (source
//!   6), and is read with the rating only.
//!
//! A rating's codes go from -103 (extremely unhappy) over 100 (neutral) to 103 (extremely happy): a CSAT from
//! 1 to 7. A survey with fewer choices uses some of these steps, so all surveys stand on one scale.
//!
//! Trash and spam can be taken back, so a later state of the ticket counts again.

use super::Said;
use super::shared::{Gone, Ticket, gone, lower, metadata, opening, reply, same_words, ticket};
use crate::event::{Author, Item, Message, Score};
use crate::node::Node;
use feedback::refusal::{Reason, Refusal};
use sha2::{Digest, Sha256};

/// A ticket that an agent began by mail.
const OUTBOUND: &str = "outbound_email";
/// A conversation that repeats a survey's feedback.
const SURVEY: f64 = 6.0;

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let (posted, wrapped) = (payload.get("freshdesk_webhook"), payload.get("ticket"));
    if posted.value().is_object() {
        return by_rule(&posted);
    }
    if wrapped.value().is_object() {
        return by_api(&wrapped);
    }
    if !payload.get("ratings").is_absent() {
        return rated(&payload);
    }
    if payload.get("id").is_absent() && !payload.get("ticket_id").is_absent() {
        return by_rule(&payload);
    }
    by_api(&payload)
}

fn by_api(given: &Node<'_, '_>) -> Result<Said, Refusal> {
    let item = asked(given)?;
    if given.get("deleted").boolean()? == Some(true) || given.get("spam").boolean()? == Some(true) {
        return Ok(gone(item.id, item.updated_at, Gone::ForNow));
    }
    let mut held = Ticket {
        status: status(&given.get("status"))?,
        priority: priority(&given.get("priority"))?,
        ..Ticket::default()
    };
    let text = match given.get("description_text").text()? {
        Some(plain) => plain.trim().to_owned(),
        None => given.get("description").text()?.map(opening).unwrap_or_default(),
    };
    let channel = channel(&given.get("source"))?;
    held.say(first(text, &item, channel.as_deref()));
    let conversations = given.get("conversations");
    for conversation in conversations.items()? {
        if let Some(message) = further(&conversation)? {
            held.say(message);
        }
    }
    Ok(ticket(None, item, held))
}

/// A ticket of the API, without what is said in it.
fn asked(given: &Node<'_, '_>) -> Result<Item, Refusal> {
    let (requester, company) = (given.get("requester"), given.get("company"));
    let (id, channel) = (given.get("id").id()?, channel(&given.get("source"))?);
    let account = match given.get("company_id").label()? {
        Some(id) => Some(id),
        None => company.get("id").label()?.or(company.get("name").label()?),
    };
    Ok(Item {
        conversation_id: Some(id.clone()),
        id,
        occurred_at: given.get("created_at").time()?,
        updated_at: given.get("updated_at").time()?,
        author: Author {
            id: given.get("requester_id").label()?.or(requester.get("id").label()?),
            email: given.get("email").label()?.or(requester.get("email").label()?),
            name: requester.get("name").label()?,
            account,
            segment: None,
        },
        title: given.get("subject").label()?.filter(|_| !is_outbound(channel.as_deref())),
        tags: given.get("tags").labels()?,
        metadata: metadata([("channel", channel), ("ticket_type", given.get("type").label()?)]),
        ..Item::default()
    })
}

fn by_rule(given: &Node<'_, '_>) -> Result<Said, Refusal> {
    let mut item = posted(given)?;
    let mut held = Ticket {
        status: status(&given.get("ticket_status"))?,
        priority: priority(&given.get("ticket_priority"))?,
        ..Ticket::default()
    };
    let description = given.get("ticket_description").text()?.map(opening).unwrap_or_default();
    let name = item.author.name.clone();
    if let Some((id, text)) = by_requester(given, name.as_deref(), &description)? {
        item.occurred_at = item.updated_at.clone().or(item.occurred_at);
        held.say(Message { id: None, role: "customer", text, at: item.occurred_at.clone(), name });
        return Ok(ticket(
            None,
            Item { id: format!("{}/comments/{id}", item.id), title: None, ..item },
            held,
        ));
    }
    let channel = channel(&given.get("ticket_source"))?;
    held.say(first(description, &item, channel.as_deref()));
    Ok(ticket(None, item, held))
}

/// The ticket that a rule posts, without what is said in it.
fn posted(given: &Node<'_, '_>) -> Result<Item, Refusal> {
    let label = |names: [&'static str; 2]| -> Result<Option<String>, Refusal> {
        Ok(given.get(names[0]).label()?.or(given.get(names[1]).label()?))
    };
    let time = |names: [&'static str; 3]| -> Result<Option<String>, Refusal> {
        let mut times = names.into_iter().map(|name| given.get(name).time());
        times.find(|time| !matches!(time, Ok(None))).unwrap_or(Ok(None))
    };
    let (id, channel) = (given.get("ticket_id").id()?, channel(&given.get("ticket_source"))?);
    let occurred_at = time(["ticket_created_at", "ticket_created_on", "created_at"])?;
    let updated_at = time(["ticket_updated_at", "ticket_status_changed_on", "updated_at"])?;
    if occurred_at.is_none() && updated_at.is_none() {
        let expected = "a time: let the rule's content name {{ticket.created_on}}";
        return Err(given.get("ticket_created_on").refuse(Reason::MissingField, expected));
    }
    Ok(Item {
        conversation_id: Some(id.clone()),
        id,
        occurred_at,
        updated_at,
        author: Author {
            id: label(["ticket_contact_id", "ticket_requester_id"])?,
            email: label(["ticket_contact_email", "ticket_requester_email"])?,
            name: label(["ticket_contact_name", "ticket_requester_name"])?,
            account: label(["ticket_company_name", "ticket_requester_company_name"])?,
            segment: None,
        },
        title: given.get("ticket_subject").label()?.filter(|_| !is_outbound(channel.as_deref())),
        permalink: given.get("ticket_url").label()?,
        tags: tags(&given.get("ticket_tags"))?,
        metadata: metadata([("channel", channel), ("ticket_type", given.get("ticket_type").label()?)]),
        ..Item::default()
    })
}

/// The latest comment and what stands for its id, if the requester wrote it and it is not the description.
fn by_requester(
    given: &Node<'_, '_>,
    name: Option<&str>,
    description: &str,
) -> Result<Option<(String, String)>, Refusal> {
    let comment = given.get("ticket_latest_public_comment").text()?;
    let (Some(comment), Some(name)) = (comment, name) else { return Ok(None) };
    let said = comment.trim_start().strip_prefix(name).and_then(|rest| rest.trim_start().strip_prefix(':'));
    let Some(text) = said.map(reply).filter(|text| !text.is_empty() && !same_words(text, description)) else {
        return Ok(None);
    };
    let digest = Sha256::digest(comment.trim());
    Ok(Some((digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect(), text)))
}

/// The description.
fn first(text: String, item: &Item, channel: Option<&str>) -> Message {
    let name = item.author.name.clone();
    let (role, name) = if is_outbound(channel) { ("agent", None) } else { ("customer", name) };
    Message { id: None, role, text, at: item.occurred_at.clone(), name }
}

/// An agent wrote subject and description then.
fn is_outbound(channel: Option<&str>) -> bool {
    channel == Some(OUTBOUND)
}

/// A reply or a public note.
fn further(given: &Node<'_, '_>) -> Result<Option<Message>, Refusal> {
    let is_private = given.get("private").boolean()? == Some(true);
    if is_private || given.get("source").number()? == Some(SURVEY) {
        return Ok(None);
    }
    // Where both are there, the plain text is without the marks of what it quotes.
    let body = given.get("body").text()?.or(given.get("body_text").text()?);
    let is_incoming = given.get("incoming").boolean()? == Some(true);
    Ok(Some(Message {
        id: given.get("id").label()?,
        role: if is_incoming { "customer" } else { "agent" },
        text: body.map(reply).unwrap_or_default(),
        at: given.get("created_at").time()?,
        name: None,
    }))
}

fn rated(given: &Node<'_, '_>) -> Result<Said, Refusal> {
    let item = Item {
        id: format!("ratings/{}", given.get("id").id()?),
        conversation_id: given.get("ticket_id").label()?,
        occurred_at: given.get("created_at").time()?,
        updated_at: given.get("updated_at").time()?,
        author: Author { id: given.get("user_id").label()?, ..Author::default() },
        metadata: metadata([("survey_id", given.get("survey_id").label()?)]),
        ..Item::default()
    };
    let mut held =
        Ticket { score: score(&given.get("ratings").get("default_question"))?, ..Ticket::default() };
    held.remark(given.get("feedback").text()?.map(opening));
    Ok(ticket(None, item, held))
}

fn score(code: &Node<'_, '_>) -> Result<Option<Score>, Refusal> {
    let Some(number) = code.number()? else { return Ok(None) };
    let steps = [-103.0, -102.0, -101.0, 100.0, 101.0, 102.0, 103.0];
    let step = steps.into_iter().zip(1_u8..).find(|(code, _)| *code == number);
    let (_, step) =
        step.ok_or_else(|| code.refuse(Reason::OutOfRange, "a code from -103 to -101 or from 100 to 103"))?;
    Ok(Some(Score { kind: "csat", value: f64::from(step), min: 1.0, max: 7.0 }))
}

/// Numbers in the API, the words themselves in a rule's post; what a deployment adds stays as it is.
fn named(given: &Node<'_, '_>, names: &[(&str, &str)]) -> Result<Option<String>, Refusal> {
    let Some(word) = lower(given.label()?) else { return Ok(None) };
    let name = names.iter().find(|(number, _)| *number == word).map(|(_, name)| (*name).to_owned());
    Ok(Some(name.unwrap_or(word)))
}

fn status(given: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    named(given, &[("2", "open"), ("3", "pending"), ("4", "resolved"), ("5", "closed")])
}

fn priority(given: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    named(given, &[("1", "low"), ("2", "medium"), ("3", "high"), ("4", "urgent")])
}

fn channel(given: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    let names = [
        ("1", "email"),
        ("2", "portal"),
        ("3", "phone"),
        ("7", "chat"),
        ("9", "feedback_widget"),
        ("10", OUTBOUND),
    ];
    Ok(named(given, &names)?.map(|channel| channel.replace(' ', "_")))
}

/// A rule writes them with commas between.
fn tags(given: &Node<'_, '_>) -> Result<Vec<String>, Refusal> {
    if given.value().is_array() {
        return given.labels();
    }
    let list = given.label()?.unwrap_or_default();
    Ok(list.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests;
