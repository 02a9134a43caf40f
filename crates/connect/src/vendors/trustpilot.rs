//! Trustpilot: reviews of the business and of products, as its webhooks notify of them (`events`, of which one is read here; a
//! list of several is split before) and as its API lists them.
//!
//! A review that is edited keeps its id and is notified of as updated. What the business replies is not the customer's, and not
//! read.

use super::Said;
use super::shared::{Gone, gone, metadata};
use crate::event::{self, Author, Event, Item, Score};
use crate::node::Node;
use feedback::refusal::{IgnoreReason, Reason, Refusal};

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let events = payload.get("events");
    if events.is_absent() {
        return notified(&payload);
    }
    let mut listed = events.items()?;
    match (listed.next(), listed.next()) {
        (Some(event), None) => notified(&event.object()?),
        (None, _) => Ok(Said::Ignored(IgnoreReason::NotFeedback)),
        _ => {
            Err(events
                .refuse(Reason::TooMany, "one event a message; POST /v1/import/trustpilot splits several"))
        }
    }
}

/// An event with its name, or a review by itself.
fn notified(event: &Node<'_, '_>) -> Result<Said, Refusal> {
    let Some(name) = event.get("eventName").text()? else { return review(event, None) };
    let data = event.get("eventData");
    let Some(what) = name.strip_prefix("service-review-").or_else(|| name.strip_prefix("product-review-"))
    else {
        return Ok(Said::Ignored(IgnoreReason::NotFeedback));
    };
    let kind = if name.starts_with("product") { "product" } else { "service" };
    match what {
        "created" | "updated" => review(&data.object()?, Some((kind, what))),
        "deleted" => {
            let data = data.object()?;
            let at = data.any_of(&["deletedAt", "updatedAt", "createdAt"]).time()?;
            let at = at.or(event.any_of(&["eventTime", "createdAt"]).time()?);
            Ok(gone(data.get("id").id()?, at, Gone::ForGood))
        }
        _ => Ok(Said::Ignored(IgnoreReason::NotFeedback)),
    }
}

/// Of a notification also what of it was reviewed, and what happened to it.
fn review(review: &Node<'_, '_>, notified: Option<(&str, &str)>) -> Result<Said, Refusal> {
    let consumer = review.get("consumer");
    let created = review.get("createdAt");
    let updated_at = review.get("updatedAt").time()?;
    let is_update = notified.is_some_and(|(_, what)| what == "updated");
    let item = Item {
        id: review.get("id").id()?,
        // An update that tells no time is at any rate later than what was created.
        version: (is_update && updated_at.is_none()).then_some(2),
        occurred_at: Some(created.time()?.ok_or_else(|| created.refuse(Reason::MissingField, "a time"))?),
        updated_at,
        author: Author {
            id: consumer.get("id").label()?,
            email: consumer.get("email").label()?.or(review.get("referralEmail").label()?),
            name: consumer.any_of(&["displayName", "name"]).label()?,
            ..Author::default()
        },
        title: review.get("title").text()?.map(|title| title.trim().to_owned()),
        product: review.get("product").get("name").label()?,
        territory: consumer.get("countryCode").label()?,
        language: review.any_of(&["language", "locale"]).label()?,
        permalink: review.get("link").text()?.map(str::to_owned),
        tags: tags(review)?,
        metadata: metadata([
            ("network", Some("trustpilot".to_owned())),
            ("review", notified.map(|(kind, _)| kind.to_owned())),
            ("status", review.get("status").label()?),
            ("reference_id", review.any_of(&["referenceId", "reference"]).label()?),
            ("location_id", review.get("locationId").label()?),
            ("verified", review.get("isVerified").boolean()?.map(|verified| verified.to_string())),
        ]),
        ..Item::default()
    };
    let text = review.any_of(&["text", "content"]).text()?.map(|text| text.trim().to_owned());
    let score = stars(review)?;
    if score.is_none() && text.is_none() && item.title.is_none() {
        return Err(review.refuse(Reason::Empty, "stars, a title or a text"));
    }
    let said = event::Said::Words { question: None, text, score };
    Ok(Event { time: None, item, said }.into())
}

fn stars(review: &Node<'_, '_>) -> Result<Option<Score>, Refusal> {
    let node = review.any_of(&["stars", "rating"]);
    let Some(value) = node.number()? else { return Ok(None) };
    if !(1.0..=5.0).contains(&value) {
        return Err(node.refuse(Reason::OutOfRange, "a number from 1 to 5"));
    }
    Ok(Some(Score { kind: "stars", value, min: 1.0, max: 5.0 }))
}

/// Strings, or groups with a value.
fn tags(review: &Node<'_, '_>) -> Result<Vec<String>, Refusal> {
    let mut tags = Vec::new();
    for tag in review.get("tags").items()? {
        tags.extend(if tag.value().is_object() { tag.get("value").label()? } else { tag.label()? });
    }
    Ok(tags)
}
