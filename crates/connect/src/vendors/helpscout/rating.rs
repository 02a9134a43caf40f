//! What a customer thought of an answer: great, okay or not good, a CSAT from 1 to 3.

use super::author;
use crate::event::{Item, Score};
use crate::html::{self, Quotes};
use crate::node::Node;
use crate::vendors::Said;
use crate::vendors::shared::{Ticket, metadata, ticket};
use feedback::refusal::{Reason, Refusal};

pub(super) fn read(rating: &Node<'_, '_>) -> Result<Said, Refusal> {
    let conversation = rating.any_of(&["ticketId", "conversationId"]).label()?;
    let created = rating.get("createdAt");
    let mut item = Item {
        // Ids of ratings and of conversations are counted apart.
        id: format!("ratings/{}", rating.get("id").id()?),
        occurred_at: Some(created.time()?.ok_or_else(|| created.refuse(Reason::MissingField, "a time"))?),
        updated_at: rating.get("modifiedAt").time()?,
        author: author(&rating.get("customer"))?,
        conversation_id: conversation,
        ..Item::default()
    };
    item.metadata = metadata([
        ("mailbox", rating.get("mailbox").get("name").label()?),
        ("thread_id", rating.get("threadId").label()?),
    ]);
    let mut held = Ticket { score: Some(score(rating)?), ..Ticket::default() };
    held.remark(
        rating.any_of(&["comments", "comment"]).text()?.map(|text| html::readable(text, Quotes::Keep)),
    );
    Ok(ticket(None, item, held))
}

fn score(rating: &Node<'_, '_>) -> Result<Score, Refusal> {
    let node = rating.get("rating");
    let word = node.label()?.unwrap_or_default().to_lowercase().replace(['_', '-'], " ");
    let value = match word.as_str() {
        "great" | "good" => 3.0,
        "okay" | "ok" => 2.0,
        "bad" | "not good" | "notgood" => 1.0,
        _ => return Err(node.refuse(Reason::UnknownValue, "Great, Okay, Bad or Not Good")),
    };
    Ok(Score { kind: "csat", value, min: 1.0, max: 3.0 })
}
