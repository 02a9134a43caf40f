//! Google Play: reviews as the Developer API gives them.
//!
//! A review's comments are the user's and perhaps the developer's answer, which is not read. A review that is
//! edited keeps its id, so its last change is the time of its state, and of what it says. How many found it
//! helpful changes with every poll, which would make a new version of an old review; it is left out.

use super::Said;
use super::shared::metadata;
use crate::event::{self, Author, Event, Item, Score};
use crate::node::Node;
use chrono::{DateTime, SecondsFormat};
use feedback::refusal::{IgnoreReason, Reason, Refusal};

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let comments = payload.get("comments");
    let mut last = None;
    let mut answered = false;
    for comment in comments.items()? {
        answered |= !comment.get("developerComment").is_absent();
        let user = comment.get("userComment");
        if !user.is_absent() {
            last = Some(review(&payload, &user)?);
        }
    }
    match last {
        Some(said) => Ok(said),
        None if answered => Ok(Said::Ignored(IgnoreReason::AgentOnly)),
        None => Err(comments.refuse(Reason::MissingField, "a userComment")),
    }
}

fn review(payload: &Node<'_, '_>, comment: &Node<'_, '_>) -> Result<Said, Refusal> {
    // Where a translation was asked for, `text` is that.
    let text = comment.get("originalText").text()?.or(comment.get("text").text()?);
    let (title, body) = text.map_or((None, None), parts);
    let stars = comment.get("starRating").number()?;
    let device = comment.get("deviceMetadata").get("productName").label()?;
    let item = Item {
        id: payload.get("reviewId").id()?,
        occurred_at: modified(&comment.get("lastModified"))?,
        author: Author { name: payload.get("authorName").label()?, ..Author::default() },
        title,
        app_version: comment.get("appVersionName").label()?,
        platform: Some("android".to_owned()),
        language: comment.get("reviewerLanguage").label()?,
        metadata: metadata([
            ("network", Some("google_play".to_owned())),
            ("device", comment.get("device").label()?.or(device)),
            ("android_api_level", comment.get("androidOsVersion").label()?),
            ("app_version_code", comment.get("appVersionCode").label()?),
        ]),
        ..Item::default()
    };
    let score = stars.map(|value| Score { kind: "stars", value, min: 1.0, max: 5.0 });
    Ok(Event { time: None, item, said: event::Said::Words { question: None, text: body, score } }.into())
}

/// Old reviews have a title, with a tab behind it; of those without one the tab is left.
fn parts(text: &str) -> (Option<String>, Option<String>) {
    let (title, body) = text.split_once('\t').unwrap_or(("", text));
    let named = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    (named(title), named(body))
}

/// Seconds, as a string, and nanoseconds.
fn modified(at: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    let Some(seconds) = at.get("seconds").number()? else { return Ok(None) };
    let nanos = at.get("nanos").number()?.unwrap_or_default();
    // Casts of floats saturate, and what is out of range is no time.
    let time = DateTime::from_timestamp(seconds as i64, nanos as u32);
    let time = time.ok_or_else(|| at.refuse(Reason::BadTime, "seconds and nanos since 1970"))?;
    Ok(Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_parts_title_and_body() {
        let both = |title: &str, body: &str| (Some(title.to_owned()), Some(body.to_owned()));
        assert_eq!(parts("Slow\tIt takes a minute."), both("Slow", "It takes a minute."));
        assert_eq!(parts("\tIt takes a minute."), (None, Some("It takes a minute.".to_owned())));
        assert_eq!(parts("It takes a minute."), (None, Some("It takes a minute.".to_owned())));
        assert_eq!(parts("Slow\t"), (Some("Slow".to_owned()), None));
        assert_eq!(parts("Slow\tone\ttwo"), both("Slow", "one\ttwo"));
    }
}
