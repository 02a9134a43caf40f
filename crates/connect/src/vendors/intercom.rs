//! Intercom: notifications of conversations, and whole conversations as the API gives them.
//!
//! A notification (`{"type": "notification_event", "topic": ..}`) holds the conversation with its first
//! message (`source`) and of its parts only the one that it is about. Nothing is kept here between two of
//! them, so:
//! - The item of a conversation (its id is the conversation's) holds the first message, the rating and the
//!   remark, which stand in every notification.
//! - Each further message of the customer is an item of its own, `parts/<id>`, whose conversation it names.
//!   Where a notification should hold several, the last one is meant: the others had their own.
//! - A part that is redacted takes its item. Deleting a conversation takes the conversation's item only: the
//!   notification carries nothing but ids.
//!
//! A whole conversation is one item with all messages. A connection should be fed either by notifications or
//! by whole conversations, or the parts count twice.
//!
//! Notes are the team's own. Messages of `user`, `lead`, `contact` and `visitor` are the customer's, of `bot`
//! a bot's, all others an agent's. A rating is a CSAT from 1 to 5, and the remark beside it is said by the
//! customer.

use super::Said;
use super::shared::{Gone, Ticket, gone, metadata, opening, reply, ticket};
use crate::event::{Author, Item, Message, Score};
use crate::node::Node;
use feedback::refusal::{IgnoreReason, Reason, Refusal};

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let (topic, data) = (payload.get("topic"), payload.get("data"));
    let item = data.get("item");
    let Some(name) = topic.text()? else { return whole(&payload) };
    if name == "ping" {
        return Ok(Said::Ignored(IgnoreReason::TestEvent));
    }
    if !name.starts_with("conversation") {
        return Ok(Said::Ignored(IgnoreReason::NotFeedback));
    }
    let (item, at) = (item.object()?, payload.get("created_at").time()?);
    match name {
        "conversation.deleted" => {
            let id = item.get("conversation_id").label()?;
            Ok(gone(id.map_or_else(|| item.get("id").id(), Ok)?, at, Gone::ForGood))
        }
        "conversation.admin.noted" => Ok(Said::Ignored(IgnoreReason::AgentOnly)),
        "conversation.user.created" | "conversation.rating.added" => first(&item, at),
        "conversation_part.redacted" => redacted(&item, at),
        _ => match further(&item, at.clone())? {
            Some(said) => Ok(said),
            None => first(&item, at),
        },
    }
}

/// The conversation without its parts.
fn first(given: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    let item = item(given)?;
    let item = Item { updated_at: item.updated_at.or_else(|| at.clone()), ..item };
    let mut held = state(given)?;
    held.messages.extend(source(given)?);
    rate(given, &mut held)?;
    let source = given.get("source");
    if held.messages.is_empty() && held.score.is_none() && source.get("redacted").boolean()? == Some(true) {
        return Ok(gone(item.id, item.updated_at, Gone::ForNow));
    }
    Ok(ticket(at, item, held))
}

/// The last message of the customer among the parts.
fn further(given: &Node<'_, '_>, at: Option<String>) -> Result<Option<Said>, Refusal> {
    let mut last = None;
    each_part(given, |part| {
        if let Some(message) = said(part)?.filter(|message| message.role == "customer") {
            last = Some((message, person(&part.get("author"))?, part.get("updated_at").time()?));
        }
        Ok(())
    })?;
    let Some((message, author, updated_at)) = last else { return Ok(None) };
    let conversation = item(given)?;
    let Some(id) = &message.id else {
        return Err(given.get("conversation_parts").refuse(Reason::MissingField, "ids"));
    };
    let item = Item {
        id: part_id(id),
        occurred_at: message.at.clone().or_else(|| at.clone()),
        updated_at: updated_at.or_else(|| message.at.clone()),
        author: Author { account: conversation.author.account.clone(), ..author },
        title: None,
        ..conversation
    };
    let mut held = state(given)?;
    held.say(message);
    Ok(Some(ticket(at, item, held)))
}

/// The part by itself, or the conversation with it; without any the first message is meant.
fn redacted(given: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    let mut found = None;
    let mut look = |part: &Node<'_, '_>| {
        if part.get("redacted").boolean()? != Some(false) {
            found = Some((part.get("id").id()?, role(&part.get("author"))?));
        }
        Ok(())
    };
    if given.get("type").label()?.as_deref() == Some("conversation_part") {
        look(given)?;
    } else {
        each_part(given, look)?;
    }
    match found {
        Some((id, "customer")) => Ok(gone(part_id(&id), at, Gone::ForGood)),
        Some(_) => Ok(Said::Ignored(IgnoreReason::AgentOnly)),
        None => first(given, at),
    }
}

/// All of a conversation at once.
fn whole(given: &Node<'_, '_>) -> Result<Said, Refusal> {
    let mut held = state(given)?;
    held.messages.extend(source(given)?);
    each_part(given, |part| {
        held.messages.extend(said(part)?);
        Ok(())
    })?;
    rate(given, &mut held)?;
    Ok(ticket(None, item(given)?, held))
}

fn item(given: &Node<'_, '_>) -> Result<Item, Refusal> {
    let (source, company) = (source_of(given), given.get("company"));
    let id = given.get("id").id()?;
    // The conversation's own title is the team's; the subject is of whoever began.
    let is_customers = role(&source.get("author"))? == "customer";
    let subject = source.get("subject").text()?.filter(|_| is_customers);
    let account = company.get("company_id").label()?.or(company.get("id").label()?);
    Ok(Item {
        conversation_id: Some(id.clone()),
        id,
        occurred_at: given.get("created_at").time()?,
        updated_at: given.get("updated_at").time()?,
        author: Author { account: account.or(company.get("name").label()?), ..customer(given)? },
        title: subject.map(opening),
        permalink: given.get("links").get("conversation_web").label()?,
        tags: tags(given)?,
        metadata: metadata([
            ("channel", source.get("type").label()?),
            ("page", source.get("url").text()?.map(page)),
            ("title", given.get("title").label()?),
        ]),
        ..Item::default()
    })
}

fn state(given: &Node<'_, '_>) -> Result<Ticket, Refusal> {
    let priority = given
        .get("priority")
        .label()?
        .filter(|priority| !matches!(priority.as_str(), "none" | "not_priority"));
    Ok(Ticket { status: given.get("state").label()?, priority, ..Ticket::default() })
}

/// Where the customer was; what follows the path may be secret.
fn page(address: &str) -> String {
    address.split(['?', '#']).next().unwrap_or_default().trim().to_owned()
}

fn tags(given: &Node<'_, '_>) -> Result<Vec<String>, Refusal> {
    let outer = given.get("tags");
    if outer.value().is_array() { outer.labels() } else { outer.get("tags").labels() }
}

/// Whoever began, if that is a customer, else the first of the contacts.
fn customer(given: &Node<'_, '_>) -> Result<Author, Refusal> {
    let source = source_of(given);
    let author = source.get("author");
    if role(&author)? == "customer" {
        return person(&author);
    }
    let outer = given.get("contacts");
    let inner = outer.get("contacts");
    let contacts = if outer.value().is_array() { outer } else { inner };
    let first = contacts.items()?.next();
    first.map_or_else(|| Ok(Author::default()), |contact| person(&contact))
}

fn person(author: &Node<'_, '_>) -> Result<Author, Refusal> {
    Ok(Author {
        id: author.get("id").label()?,
        email: author.get("email").label()?,
        name: author.get("name").label()?,
        ..Author::default()
    })
}

fn role(author: &Node<'_, '_>) -> Result<&'static str, Refusal> {
    Ok(match author.get("type").label()?.as_deref() {
        Some("user" | "lead" | "contact" | "visitor") => "customer",
        Some("bot") => "bot",
        _ => "agent",
    })
}

/// Older versions of the API name it `conversation_message`.
fn source_of<'v, 'q>(given: &'q Node<'v, '_>) -> Node<'v, 'q> {
    let source = given.get("source");
    if source.is_absent() { given.get("conversation_message") } else { source }
}

/// The message that began the conversation.
fn source(given: &Node<'_, '_>) -> Result<Option<Message>, Refusal> {
    let source = source_of(given);
    if source.get("redacted").boolean()? == Some(true) {
        return Ok(None);
    }
    let Some(body) = source.get("body").text()? else { return Ok(None) };
    message(&source, opening(body), given.get("created_at").time()?)
}

/// A part, if it is a message that customer and team both see.
fn said(part: &Node<'_, '_>) -> Result<Option<Message>, Refusal> {
    let kind = part.get("part_type").label()?.unwrap_or_default();
    let is_hidden = kind.starts_with("note") || part.get("redacted").boolean()? == Some(true);
    // The remark is read with the rating.
    if is_hidden || kind.starts_with("conversation_rating") {
        return Ok(None);
    }
    let Some(body) = part.get("body").text()? else { return Ok(None) };
    message(part, reply(body), part.get("created_at").time()?)
}

fn message(given: &Node<'_, '_>, text: String, at: Option<String>) -> Result<Option<Message>, Refusal> {
    let author = given.get("author");
    let (id, role, name) = (given.get("id").label()?, role(&author)?, author.get("name").label()?);
    Ok((!text.trim().is_empty()).then_some(Message { id, role, text, at, name }))
}

fn rate(given: &Node<'_, '_>, held: &mut Ticket) -> Result<(), Refusal> {
    let rating = given.get("conversation_rating");
    let value = rating.get("rating").number()?;
    held.score = value.map(|value| Score { kind: "csat", value, min: 1.0, max: 5.0 });
    held.remark(rating.get("remark").text()?.map(opening));
    Ok(())
}

/// A list of parts, by itself or in an object with their count.
fn each_part(
    given: &Node<'_, '_>,
    mut each: impl FnMut(&Node<'_, '_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let outer = given.get("conversation_parts");
    let inner = outer.get("conversation_parts");
    let parts = if outer.value().is_array() { outer } else { inner };
    parts.items()?.try_for_each(|part| each(&part))
}

fn part_id(id: &str) -> String {
    format!("parts/{id}")
}

#[cfg(test)]
mod tests;
