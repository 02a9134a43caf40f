//! Help Scout: conversations (payloads v2 and v1), ratings and responses to surveys, as its webhooks post them, and
//! conversations with their threads as the API gives them.
//!
//! - A conversation is one item with what its customer wrote; in the trash or marked as spam it is gone until it is back.
//!   Deleting it takes this item, not the ratings of it.
//! - A rating is an item of its own, `ratings/<id>`: it comes without the conversation's words, which are its conversation's.
//! - A response to a survey has no id at Help Scout; ours follows from what it says, so the same one is the same item.
//!
//! The name of an event stands in a header alone. Of the payloads that are nothing but an id only a deleted conversation's may
//! come here: [`is_read`] tells the others by that header.

mod conversation;
mod rating;
mod survey;

use super::Said;
use super::shared::{Gone, gone};
use crate::event::Author;
use crate::node::Node;
use feedback::refusal::{IgnoreReason, Refusal};

/// The header with an event's name.
pub(super) const EVENT: &str = "X-HelpScout-Event";

/// Whether an event of this name holds feedback, or takes some back.
pub(super) fn is_read(event: &str) -> bool {
    event.starts_with("convo.")
        || matches!(event, "satisfaction.ratings" | "message.survey.response.received")
}

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let there = |name: &'static str| !payload.get(name).is_absent();
    match payload.value().as_object().map_or(0, serde_json::Map::len) {
        1 if there("id") => Ok(gone(payload.get("id").id()?, None, Gone::ForGood)),
        _ if payload.get("response").value().is_object() => survey::read(&payload),
        _ if there("rating") => rating::read(&payload),
        _ if ["subject", "threads", "mailbox", "mailboxId"].into_iter().any(there) => {
            conversation::read(&payload)
        }
        // A customer, a tag.
        _ => Ok(Said::Ignored(IgnoreReason::NotFeedback)),
    }
}

/// A customer as conversations, ratings and surveys show one.
fn author(person: &Node<'_, '_>) -> Result<Author, Refusal> {
    let embedded = person.get("_embedded");
    let (embedded, plain) = (embedded.get("emails"), person.get("emails"));
    let emails = if embedded.is_absent() { plain } else { embedded };
    let first = emails.items()?.next().map(|email| email.get("value").label()).transpose()?.flatten();
    Ok(Author {
        // The API writes 0 for nobody.
        id: person.get("id").label()?.filter(|id| id != "0"),
        email: person.get("email").label()?.or(first),
        name: name(person)?,
        account: person.get("organization").label()?,
        segment: None,
    })
}

/// First and last name of a customer or an agent.
fn name(person: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    let first = person.any_of(&["first", "firstName"]).label()?;
    let last = person.any_of(&["last", "lastName"]).label()?;
    let name = [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Ok((!name.is_empty()).then_some(name))
}

#[cfg(test)]
mod tests {
    use crate::{Vendor, ignored_by_name};
    use feedback::refusal::IgnoreReason;

    #[test]
    fn what_is_no_feedback_is_known_by_the_name_in_its_header() {
        let ignored = |vendor, event: Option<&str>| {
            ignored_by_name(vendor, |name| event.filter(|_| name.eq_ignore_ascii_case("x-helpscout-event")))
        };
        for event in ["customer.deleted", "tag.created", "beacon.chat.created"] {
            assert_eq!(ignored(Vendor::HelpScout, Some(event)), Some(IgnoreReason::NotFeedback), "{event}");
            assert_eq!(ignored(Vendor::Zendesk, Some(event)), None);
        }
        for event in ["convo.deleted", "satisfaction.ratings", "message.survey.response.received"] {
            assert_eq!(ignored(Vendor::HelpScout, Some(event)), None, "{event}");
        }
        assert_eq!(ignored(Vendor::HelpScout, None), None);
    }
}
