//! A response to a survey that was shown as a message: NPS, faces, thumbs, smileys, a choice, or words alone.

use super::author;
use crate::event::{Item, Message, Score};
use crate::html::{self, Quotes};
use crate::node::Node;
use crate::vendors::Said;
use crate::vendors::shared::{Ticket, metadata, ticket};
use feedback::refusal::{IgnoreReason, Reason, Refusal};
use sha2::{Digest, Sha256};

pub(super) fn read(payload: &Node<'_, '_>) -> Result<Said, Refusal> {
    let (message, response) = (payload.get("message"), payload.get("response"));
    let at = response.any_of(&["timestamp", "createdAt"]);
    let occurred_at = at.time()?.ok_or_else(|| at.refuse(Reason::MissingField, "a time"))?;
    let author = author(&payload.get("_embedded").get("customer"))?;
    let survey = message.get("name").label()?;
    let comment = response.get("comment").text()?.map(|comment| html::readable(comment, Quotes::Keep));
    let value = response.any_of(&["value", "score"]).label()?;
    let of = [
        message.get("id").label()?.or(survey.clone()),
        author.id.clone(),
        Some(occurred_at.clone()),
        value.clone(),
        comment.clone(),
    ];
    let score = score(&response)?;
    let mut held = Ticket { score, ..Ticket::default() };
    held.remark(comment.filter(|comment| !comment.is_empty()));
    let mut kept = None;
    if let (None, Some(value)) = (score, value) {
        // A smiley that was picked is what the customer says; the words of a choice are not the customer's.
        if held.messages.is_empty() && !value.chars().any(char::is_alphanumeric) {
            held.say(Message { id: None, role: "customer", text: value, at: None, name: None });
        } else {
            kept = Some(value);
        }
    }
    if held.messages.is_empty() && held.score.is_none() {
        return Ok(Said::Ignored(IgnoreReason::NotFeedback));
    }
    let item = Item {
        id: format!("surveys/{}", name_of(&of)),
        occurred_at: Some(occurred_at),
        author,
        metadata: metadata([("survey", survey), ("value", kept)]),
        ..Item::default()
    };
    Ok(ticket(None, item, held))
}

/// NPS has a category, which is counted from the score here; faces and thumbs have names, and a scale of their own each.
fn score(response: &Node<'_, '_>) -> Result<Option<Score>, Refusal> {
    let node = response.any_of(&["value", "score"]);
    if !response.get("category").is_absent() {
        let value =
            node.number()?.ok_or_else(|| node.refuse(Reason::MissingField, "a number from 0 to 10"))?;
        if !(0.0..=10.0).contains(&value) || value.fract() != 0.0 {
            return Err(node.refuse(Reason::OutOfRange, "a whole number from 0 to 10"));
        }
        return Ok(Some(Score { kind: "nps", value, min: 0.0, max: 10.0 }));
    }
    let csat = |value, min, max| Some(Score { kind: "csat", value, min, max });
    let value = node.label()?.unwrap_or_default();
    Ok(match value.as_str() {
        "😀" => csat(3.0, 1.0, 3.0),
        "😐" => csat(2.0, 1.0, 3.0),
        "🙁" => csat(1.0, 1.0, 3.0),
        "👍" => csat(1.0, 0.0, 1.0),
        "👎" => csat(0.0, 0.0, 1.0),
        _ => None,
    })
}

/// 32 hexadecimal digits that follow from the parts, and from where one ends and the next begins.
fn name_of(parts: &[Option<String>]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        let part = part.as_deref().unwrap_or_default();
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let name = format!("{:x}", digest.finalize());
    name[..32].to_owned()
}
