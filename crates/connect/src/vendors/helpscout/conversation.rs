//! A conversation with its threads.

use super::{author, name};
use crate::event::{Item, Message};
use crate::html::{self, Quotes};
use crate::node::Node;
use crate::time;
use crate::vendors::Said;
use crate::vendors::shared::{Gone, Ticket, gone, lower, metadata, ticket};
use feedback::refusal::{IgnoreReason, Reason, Refusal};
use feedback::rfc3339;

pub(super) fn read(conversation: &Node<'_, '_>) -> Result<Said, Refusal> {
    let embedded = conversation.get("_embedded");
    let (embedded, plain) = (embedded.get("threads"), conversation.get("threads"));
    // In v2 `threads` of the conversation itself is their number.
    let threads = if embedded.is_absent() && plain.value().is_array() { plain } else { embedded };
    let status = lower(conversation.get("status").label()?);
    let state = lower(conversation.get("state").label()?);

    let mut item = item(conversation)?;
    let (mut times, mut said) = (updates(conversation)?, Vec::new());
    for thread in threads.items()? {
        let thread = thread.object()?;
        times.push(thread.get("createdAt").time()?);
        said.extend(message(&thread)?);
    }
    item.updated_at = time::latest(times);
    if status.as_deref() == Some("spam") || state.as_deref() == Some("deleted") {
        return Ok(gone(item.id, item.updated_at, Gone::ForNow));
    }
    // They come with the newest first.
    said.reverse();
    said.sort_by_key(|message| message.at.as_deref().and_then(rfc3339::parse));
    if is_of_agents(conversation, &said)? {
        return Ok(Said::Ignored(IgnoreReason::AgentOnly));
    }
    let mut held = Ticket { status, ..Ticket::default() };
    own_words(said).for_each(|message| held.say(message));
    Ok(ticket(None, item, held))
}

fn item(conversation: &Node<'_, '_>) -> Result<Item, Refusal> {
    let id = conversation.get("id").id()?;
    let created = conversation.get("createdAt");
    let source = conversation.get("source");
    let mailbox = conversation.get("mailbox").get("name").label()?;
    let mut item = Item {
        conversation_id: Some(id.clone()),
        id,
        occurred_at: Some(created.time()?.ok_or_else(|| created.refuse(Reason::MissingField, "a time"))?),
        author: author(&conversation.any_of(&["primaryCustomer", "customer"]))?,
        title: conversation.get("subject").text()?.map(|subject| subject.trim().to_owned()),
        permalink: conversation.get("_links").get("web").get("href").text()?.map(str::to_owned),
        tags: tags(conversation)?,
        metadata: metadata([
            ("channel", source.get("type").label()?.or(conversation.get("type").label()?)),
            ("mailbox", mailbox.or(conversation.get("mailboxId").label()?)),
        ]),
        ..Item::default()
    };
    for field in conversation.get("customFields").items()? {
        // Of a list `value` is the number of what was chosen, and `text` its name.
        let value = field.any_of(&["text", "value"]).label()?;
        item.metadata.extend(field.get("name").label()?.zip(value.map(Into::into)));
    }
    Ok(item)
}

/// When it was changed: no single field tells of the agents' changes as well as of the customer's.
fn updates(conversation: &Node<'_, '_>) -> Result<Vec<Option<String>>, Refusal> {
    let names = ["createdAt", "userUpdatedAt", "modifiedAt", "userModifiedAt", "updatedAt", "closedAt"];
    let times = names.into_iter().map(|name| conversation.get(name).time());
    let waiting = conversation.get("customerWaitingSince").get("time").time();
    times.chain([waiting]).collect()
}

/// Strings, or objects with the name in `tag`.
fn tags(conversation: &Node<'_, '_>) -> Result<Vec<String>, Refusal> {
    let mut tags = Vec::new();
    for tag in conversation.get("tags").items()? {
        tags.extend(if tag.value().is_object() {
            tag.any_of(&["tag", "name"]).label()?
        } else {
            tag.label()?
        });
    }
    Ok(tags)
}

/// What somebody said to somebody; `None` for notes, what the system noted, drafts, and what was forwarded to others.
fn message(thread: &Node<'_, '_>) -> Result<Option<Message>, Refusal> {
    let kind = lower(thread.get("type").label()?).unwrap_or_default();
    let state = lower(thread.get("state").label()?);
    let is_said = matches!(kind.as_str(), "customer" | "message" | "reply" | "chat" | "beaconchat" | "phone");
    if !is_said || state.is_some_and(|state| state != "published") {
        return Ok(None);
    }
    let by = thread.get("createdBy");
    let role = match (kind.as_str(), lower(by.get("type").label()?).as_deref()) {
        (_, Some("system_user")) => "bot",
        // Also where an agent wrote it down for the customer.
        ("customer", _) | (_, Some("customer")) => "customer",
        _ => "agent",
    };
    let customer = thread.get("customer");
    let who = if role == "customer" && !customer.is_absent() { customer } else { by };
    Ok(Some(Message {
        id: thread.get("id").label()?,
        role,
        text: thread.get("body").text()?.unwrap_or_default().to_owned(),
        at: thread.get("createdAt").time()?,
        name: name(&who)?,
    }))
}

/// Whether no customer has said anything, and an agent began it or spoke.
fn is_of_agents(conversation: &Node<'_, '_>, said: &[Message]) -> Result<bool, Refusal> {
    let by = lower(conversation.get("createdBy").get("type").label()?);
    let customer = said.iter().any(|message| message.role == "customer");
    Ok(!customer && (!said.is_empty() || by.is_some_and(|by| by != "customer")))
}

/// The messages as plain text. What opens a conversation is kept whole, as it may be a forwarded mail; what answers, without
/// what it quotes.
fn own_words(said: Vec<Message>) -> impl Iterator<Item = Message> {
    said.into_iter().enumerate().map(|(at, message)| {
        let quotes = if at == 0 { Quotes::Keep } else { Quotes::LeaveOut };
        Message { text: html::to_text(&message.text, quotes), ..message }
    })
}
