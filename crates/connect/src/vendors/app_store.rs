//! App Store: customer reviews as App Store Connect's API gives them.
//!
//! A review that is edited keeps its id and gets a later date, so its date is the time of its state as well.
//! The developer's response stands beside the reviews (`included`) and is not read.

use super::Said;
use super::shared::metadata;
use crate::event::{self, Author, Event, Item, Score};
use crate::node::Node;
use feedback::refusal::Refusal;

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    // One review asked for by its id comes in an object.
    let data = payload.get("data");
    let review = if data.value().is_object() { data } else { payload };
    let attributes = review.get("attributes");
    let attributes = attributes.object()?;
    let stars = attributes.get("rating").number()?;
    let item = Item {
        id: review.get("id").id()?,
        occurred_at: attributes.get("createdDate").time()?,
        author: Author { name: attributes.get("reviewerNickname").label()?, ..Author::default() },
        title: attributes.get("title").text()?.map(|title| title.trim().to_owned()),
        platform: Some("ios".to_owned()),
        territory: attributes.get("territory").label()?,
        metadata: metadata([("network", Some("app_store".to_owned()))]),
        ..Item::default()
    };
    let said = event::Said::Words {
        question: None,
        text: attributes.get("body").text()?.map(|body| body.trim().to_owned()),
        score: stars.map(|value| Score { kind: "stars", value, min: 1.0, max: 5.0 }),
    };
    Ok(Event { time: None, item, said }.into())
}
