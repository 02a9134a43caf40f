//! Zendesk: events of tickets as webhooks post them, and whole tickets as the API and triggers' templates
//! give them.
//!
//! An event tells what changed, not the whole conversation, and nothing is kept here between two of them. So
//! that no word of a customer is lost or counted twice:
//! - The item of a ticket (its id is the ticket's) holds the subject and the description, which is the first
//!   message. Both stand in every event (`detail`), so any of them may be the first to come and the last to
//!   hold.
//! - Each further public comment is an item of its own, `comments/<id>`, each message of a chat
//!   `messages/<id>`; their conversation is the ticket. The first comment is announced as a comment as well:
//!   one with the words of the description is read as the ticket.
//! - A rating that comes by itself is the item `<ticket>/satisfaction`.
//! - Deleting a ticket takes the ticket's item only: the event does not say which comments it had. Redacting
//!   a comment, and making it private, take that comment.
//!
//! A whole ticket (`{"ticket": {.., "comments": [..]}}`, or the ticket alone) is one item with all messages
//! and the rating. It has the ticket's id too; a connection should be fed either by events or by whole
//! tickets, or the comments count twice. A trigger's template names the times with
//! `created_at_with_timestamp` and `updated_at_with_timestamp`, since the placeholders without it are dates
//! in words, and each comment's author with a role.
//!
//! Versions are left out. `event.meta.sequence` numbers the events of one action, not the states of a ticket,
//! so the time of the event decides. A soft deletion can be taken back, hence its tombstone is of the version
//! that all have who name none.
//!
//! Satisfaction is good or bad: a CSAT from 0 to 1, a scale of its own.

use super::Said;
use super::shared::{Gone, Ticket, gone, lower, metadata, reply, same_words, ticket};
use crate::event::{Author, Item, Message, Score};
use crate::node::Node;
use feedback::refusal::{IgnoreReason, Reason, Refusal};
use serde_json::Value;

/// Before the name of every event.
const EVENT: &str = "zen:event-type:";

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let kind = payload.get("type").label()?;
    if let Some(name) = kind.as_deref().and_then(|kind| kind.strip_prefix(EVENT)) {
        return event(&payload, name);
    }
    let wrapped = payload.get("ticket");
    if wrapped.value().is_object() { whole(&wrapped) } else { whole(&payload) }
}

fn event(payload: &Node<'_, '_>, name: &str) -> Result<Said, Refusal> {
    let (detail, event) = (payload.get("detail"), payload.get("event"));
    let at = payload.get("time").time()?;
    match name {
        "messaging_ticket.message_added" => message(&detail, &event, at),
        "ticket.comment_added" => comment_added(&detail, &event.get("comment"), at),
        "ticket.comment_redacted" => comment_redacted(&detail, &event.get("comment"), at),
        "ticket.comment_made_private" => comment_made_private(&event.get("comment"), at),
        "ticket.csat_received" => rated(&detail, &event, at),
        "ticket.permanently_deleted" => Ok(gone(detail.get("id").id()?, at, Gone::ForGood)),
        "ticket.soft_deleted" | "ticket.marked_as_spam" => Ok(gone(detail.get("id").id()?, at, Gone::ForNow)),
        name if name.starts_with("ticket.") => opened(&detail, at),
        _ => Ok(Said::Ignored(IgnoreReason::NotFeedback)),
    }
}

/// The ticket with its first message.
fn opened(detail: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    let mut item = item(detail)?;
    item.updated_at = at.clone().or(item.updated_at);
    if is_deleted(detail)? {
        return Ok(gone(item.id, item.updated_at, Gone::ForNow));
    }
    if detail.get("is_public").boolean()? == Some(false) {
        return Ok(Said::Ignored(IgnoreReason::AgentOnly));
    }
    let mut held = state(detail)?;
    held.say(description(detail)?);
    held.score = score(&detail.get("satisfaction_rating"))?;
    held.remark(detail.get("satisfaction_rating").get("comment").text()?.map(str::to_owned));
    Ok(ticket(at, item, held))
}

fn comment_added(detail: &Node<'_, '_>, comment: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    let comment = comment.object()?;
    let is_public = comment.get("is_public").boolean()?.unwrap_or(true);
    if !is_public || !is_customer(&comment, requester(detail)?.as_deref())? {
        return Ok(Said::Ignored(IgnoreReason::AgentOnly));
    }
    public(detail, &comment, at)
}

/// What is left of the words, where the event holds it.
fn comment_redacted(
    detail: &Node<'_, '_>,
    comment: &Node<'_, '_>,
    at: Option<String>,
) -> Result<Said, Refusal> {
    let comment = comment.object()?;
    if comment.get("author").get("is_staff").boolean()? == Some(true) {
        return Ok(Said::Ignored(IgnoreReason::AgentOnly));
    }
    if !is_customer(&comment, requester(detail)?.as_deref())? || words(&comment)?.is_none() {
        return Ok(gone(comment_id(&comment)?, at, Gone::ForGood));
    }
    public(detail, &comment, at)
}

fn comment_made_private(comment: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    let comment = comment.object()?;
    if comment.get("author").get("is_staff").boolean()? == Some(true) {
        return Ok(Said::Ignored(IgnoreReason::AgentOnly));
    }
    Ok(gone(comment_id(&comment)?, at, Gone::ForGood))
}

/// What a customer wrote for all to see.
fn public(detail: &Node<'_, '_>, comment: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    if !is_description(detail, comment)? {
        return further(detail, comment, at);
    }
    match beginner(detail)? {
        "customer" => opened(detail, at),
        "bot" => Ok(Said::Ignored(IgnoreReason::AgentOnly)),
        // An agent passed the customer's words on: nobody's in the ticket, so they stand by themselves.
        _ => further(detail, comment, at),
    }
}

/// A comment by itself.
fn further(detail: &Node<'_, '_>, comment: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    let author = comment.get("author");
    let said = (author.get("id").label()?, author.get("name").label()?, words(comment)?.unwrap_or_default());
    apart(detail, comment_id(comment)?, said, at)
}

/// A message of a chat, whose ticket is named only.
fn message(detail: &Node<'_, '_>, event: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    let (actor, message) = (event.get("actor"), event.get("message"));
    if actor.get("type").label()?.as_deref() != Some("end_user") {
        return Ok(Said::Ignored(IgnoreReason::AgentOnly));
    }
    let id = format!("messages/{}", message.get("id").id()?);
    let text = message.get("body").text()?.unwrap_or_default().to_owned();
    apart(detail, id, (actor.get("id").label()?, actor.get("name").label()?, text), at)
}

/// Words of a ticket that are an item of their own; the subject stays with the ticket.
fn apart(
    detail: &Node<'_, '_>,
    id: String,
    (author, name, text): (Option<String>, Option<String>, String),
    at: Option<String>,
) -> Result<Said, Refusal> {
    let ticket_item = item(detail)?;
    let account = ticket_item.author.account.clone();
    let item = Item {
        id,
        occurred_at: at.clone(),
        updated_at: at.clone(),
        author: Author { id: author, name: name.clone(), account, ..Author::default() },
        title: None,
        ..ticket_item
    };
    let mut held = state(detail)?;
    held.say(Message { id: None, role: "customer", text, at: at.clone(), name });
    Ok(ticket(at, item, held))
}

/// A rating by itself, unless the ticket comes with it.
fn rated(detail: &Node<'_, '_>, event: &Node<'_, '_>, at: Option<String>) -> Result<Said, Refusal> {
    if score(&detail.get("satisfaction_rating"))?.is_some() {
        return opened(detail, at);
    }
    let named = event.get("satisfaction_score");
    let rating = if named.is_absent() { event.get("satisfaction_rating") } else { named };
    let rating = rating.object()?;
    let score = score(&rating)?;
    if score.is_none() {
        return Err(rating.get("score").refuse(Reason::UnknownValue, "good or bad"));
    }
    let ticket_item = item(detail)?;
    let item = Item {
        id: format!("{}/satisfaction", ticket_item.id),
        occurred_at: at.clone(),
        updated_at: at.clone(),
        title: None,
        ..ticket_item
    };
    let mut held = Ticket { score, ..state(detail)? };
    held.remark(rating.get("comment").text()?.map(str::to_owned));
    Ok(ticket(at, item, held))
}

/// All of a ticket at once.
fn whole(given: &Node<'_, '_>) -> Result<Said, Refusal> {
    let item = item(given)?;
    if is_deleted(given)? {
        return Ok(gone(item.id, item.updated_at, Gone::ForNow));
    }
    let mut held = state(given)?;
    let comments = given.get("comments");
    let mut has_comments = false;
    for comment in comments.items()? {
        // The first of them is the description.
        has_comments = true;
        let is_public = comment.get("public").boolean()?.or(comment.get("is_public").boolean()?);
        if is_public != Some(false) {
            held.say(said(&comment, requester(given)?.as_deref())?);
        }
    }
    if !has_comments {
        held.say(description(given)?);
    }
    let rating = given.get("satisfaction_rating");
    held.score = score(&rating)?;
    held.remark(rating.get("comment").text()?.map(str::to_owned));
    Ok(ticket(None, item, held))
}

fn item(given: &Node<'_, '_>) -> Result<Item, Refusal> {
    let (asked, organization) = (given.get("requester"), given.get("organization"));
    let id = match given.get("ticket_id").label()? {
        Some(id) => id,
        None => given.get("id").id()?,
    };
    let account = match given.get("organization_id").label()? {
        Some(id) => Some(id),
        None => organization.get("id").label()?.or(organization.get("name").label()?),
    };
    let subject = given.get("subject").text()?.or(given.get("title").text()?);
    Ok(Item {
        conversation_id: Some(id.clone()),
        id,
        occurred_at: created(given)?,
        updated_at: time(&given.get("updated_at_with_timestamp"), &given.get("updated_at"))?,
        author: Author {
            id: requester(given)?,
            email: asked.get("email").label()?,
            name: asked.get("name").label()?,
            account,
            segment: None,
        },
        title: if beginner(given)? == "customer" {
            subject.map(|subject| subject.trim().to_owned())
        } else {
            None
        },
        tags: tags(&given.get("tags"))?,
        metadata: metadata([
            ("channel", channel(given)?),
            ("ticket_type", lower(given.get("type").label()?)),
            ("brand_id", given.get("brand_id").label()?),
        ]),
        ..Item::default()
    })
}

fn state(given: &Node<'_, '_>) -> Result<Ticket, Refusal> {
    let (status, priority) = (lower(given.get("status").label()?), lower(given.get("priority").label()?));
    // A template writes a dash for none.
    Ok(Ticket { status, priority: priority.filter(|priority| priority != "-"), ..Ticket::default() })
}

/// The first message.
fn description(given: &Node<'_, '_>) -> Result<Message, Refusal> {
    let role = beginner(given)?;
    let text = given.get("description").text()?.unwrap_or_default().trim().to_owned();
    let name = if role == "customer" { given.get("requester").get("name").label()? } else { None };
    Ok(Message { id: None, role, text, at: created(given)?, name })
}

/// Whose words subject and description are: who submitted the ticket wrote them, and an agent may have done
/// so for somebody.
fn beginner(given: &Node<'_, '_>) -> Result<&'static str, Refusal> {
    // A chat's are the vendor's own: "Conversation with ..".
    if channel(given)?.is_some_and(|channel| is_chat(&channel)) {
        return Ok("bot");
    }
    let (submitter, requester) = (given.get("submitter_id").label()?, requester(given)?);
    let is_for_another = submitter.is_some() && requester.is_some() && submitter != requester;
    Ok(if is_for_another { "agent" } else { "customer" })
}

/// One comment among all of a ticket.
fn said(comment: &Node<'_, '_>, requester: Option<&str>) -> Result<Message, Refusal> {
    Ok(Message {
        id: comment.get("id").label()?,
        role: if is_customer(comment, requester)? { "customer" } else { "agent" },
        text: words(comment)?.unwrap_or_default(),
        at: created(comment)?,
        name: comment.get("author").get("name").label()?,
    })
}

/// By what the author is said to be, else by whether it is the requester. Of anybody else nobody can tell,
/// and what an agent said is never the customer's.
fn is_customer(comment: &Node<'_, '_>, requester: Option<&str>) -> Result<bool, Refusal> {
    let author = comment.get("author");
    if let Some(is_staff) = author.get("is_staff").boolean()? {
        return Ok(!is_staff);
    }
    if let Some(role) = lower(author.get("role").label()?.or(comment.get("author_role").label()?)) {
        return Ok(matches!(role.as_str(), "end-user" | "end_user" | "end user" | "customer"));
    }
    let id = comment.get("author_id").label()?.or(author.get("id").label()?);
    Ok(id.is_some() && id.as_deref() == requester)
}

/// Plain where there is a plain body.
fn words(comment: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    if let Some(plain) = comment.get("body").text()?.or(comment.get("plain_body").text()?) {
        return Ok(Some(plain.trim().to_owned()));
    }
    Ok(comment.get("html_body").text()?.map(reply))
}

fn is_description(detail: &Node<'_, '_>, comment: &Node<'_, '_>) -> Result<bool, Refusal> {
    let description = detail.get("description").text()?.unwrap_or_default();
    Ok(words(comment)?.is_some_and(|words| same_words(&words, description)))
}

fn comment_id(comment: &Node<'_, '_>) -> Result<String, Refusal> {
    Ok(format!("comments/{}", comment.get("id").id()?))
}

fn requester(given: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    Ok(given.get("requester_id").label()?.or(given.get("requester").get("id").label()?))
}

fn created(given: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    time(&given.get("created_at_with_timestamp"), &given.get("created_at"))
}

/// The first that is there, since the other may be a date in words then.
fn time(stamp: &Node<'_, '_>, other: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    if stamp.is_absent() { other.time() } else { stamp.time() }
}

fn is_deleted(given: &Node<'_, '_>) -> Result<bool, Refusal> {
    let status = lower(given.get("status").label()?);
    Ok(matches!(status.as_deref(), Some("deleted" | "scrubbed")))
}

/// An object in events and in the API, a word in triggers' templates.
fn channel(given: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    let via = given.get("via");
    Ok(lower(if via.value().is_object() { via.get("channel").label()? } else { via.label()? }))
}

fn is_chat(channel: &str) -> bool {
    matches!(channel, "native_messaging" | "messaging" | "whatsapp" | "instagram_dm")
        || channel.starts_with("sunshine_conversations")
}

/// A list, or words with spaces between them as templates write it: no tag has one.
fn tags(tags: &Node<'_, '_>) -> Result<Vec<String>, Refusal> {
    match tags.value() {
        Value::String(list) => Ok(list.split_whitespace().map(str::to_owned).collect()),
        _ => tags.labels(),
    }
}

/// `good`, `bad`, and either of them `with comment`; a survey that was only offered is no score.
fn score(rating: &Node<'_, '_>) -> Result<Option<Score>, Refusal> {
    let word = lower(rating.get("score").label()?).unwrap_or_default();
    let value = match word.split([' ', '_']).next() {
        Some("good") => 1.0,
        Some("bad") => 0.0,
        _ => return Ok(None),
    };
    Ok(Some(Score { kind: "csat", value, min: 0.0, max: 1.0 }))
}

#[cfg(test)]
mod tests;
