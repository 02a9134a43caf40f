//! X: posts as version 2 of its API gives them, in answers, streams and compliance files.
//!
//! - A retweet is somebody else's words; a quote's own words count.
//! - An edit has an id of its own and names all of them (`edit_history_tweet_ids`). The item is the first,
//!   and the place in that list is the version, which only grows.
//! - A long post's `text` is cut; `note_tweet` has all of it. Both come with `&`, `<` and `>` escaped.
//! - The counts of likes and so on change with every poll, which would make a new version of an old post;
//!   they are left out.
//! - A deletion (of a compliance stream, or a line of a compliance job's file) takes the post. It names no
//!   history: where it names a later edit, the item of the first one stays until that is deleted too.

use super::Said;
use super::shared::{Gone, gone, metadata, unescape};
use crate::event::{self, Author, Event, Item};
use crate::node::Node;
use crate::time;
use feedback::refusal::{IgnoreReason, Refusal};
use serde_json::Value;

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    // A stream, and an answer that is asked for one post, wrap it.
    let data = payload.get("data");
    let post = if data.value().is_object() { data } else { payload };
    let deletion = post.get("delete");
    if !deletion.is_absent() {
        let at = deletion.get("event_at").time()?;
        return Ok(gone(deletion.get("tweet").get("id").id()?, at, Gone::ForGood));
    }
    if post.get("action").label()?.as_deref() == Some("delete") {
        let at = post.get("redacted_at").time()?.or(post.get("created_at").time()?);
        return Ok(gone(post.get("id").id()?, at, Gone::ForGood));
    }
    let references = References::of(&post)?;
    if references.is_retweet {
        return Ok(Said::Ignored(IgnoreReason::Repost));
    }
    said(&post, references)
}

fn said(post: &Node<'_, '_>, references: References) -> Result<Said, Refusal> {
    let id = post.get("id").id()?;
    let history = post.get("edit_history_tweet_ids").labels()?;
    let first = history.first().unwrap_or(&id);
    let version = history.iter().position(|edit| *edit == id).and_then(|place| i64::try_from(place + 1).ok());
    let written = post.get("created_at").time()?.or_else(|| moment(&id));
    let long = post.get("note_tweet").get("text").text()?;
    let text = long.or(post.get("text").text()?).map(|text| unescape(text).trim().to_owned());
    let item = Item {
        id: first.clone(),
        version,
        occurred_at: if *first == id { written.clone() } else { moment(first).or_else(|| written.clone()) },
        updated_at: written,
        author: Author { id: post.get("author_id").label()?, ..Author::default() },
        conversation_id: post.get("conversation_id").label()?,
        // Undetermined.
        language: post.get("lang").label()?.filter(|language| language != "und"),
        permalink: Some(format!("https://x.com/i/status/{id}")),
        metadata: metadata([
            ("network", Some("x".to_owned())),
            ("in_reply_to", references.replied_to),
            ("quoted_post", references.quoted),
        ]),
        ..Item::default()
    };
    Ok(Event { time: None, item, said: event::Said::Words { question: None, text, score: None } }.into())
}

/// What other posts it is about.
#[derive(Default)]
struct References {
    is_retweet: bool,
    replied_to: Option<String>,
    quoted: Option<String>,
}

impl References {
    fn of(post: &Node<'_, '_>) -> Result<Self, Refusal> {
        let mut found = Self::default();
        let references = post.get("referenced_tweets");
        for reference in references.items()? {
            let id = reference.get("id").label()?;
            match reference.get("type").label()?.as_deref() {
                Some("retweeted") => found.is_retweet = true,
                Some("replied_to") => found.replied_to = id,
                Some("quoted") => found.quoted = id,
                _ => {}
            }
        }
        Ok(found)
    }
}

/// When a post was made, which its id says since 2010: milliseconds above 22 bits.
fn moment(id: &str) -> Option<String> {
    const FIRST: u64 = 29_700_859_247;
    const EPOCH: u64 = 1_288_834_974_657;
    let id: u64 = id.parse().ok().filter(|id| *id > FIRST)?;
    time::read(&Value::from((id >> 22) + EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(post: &Value) -> Item {
        let said = read(Node::root(post)).unwrap();
        let Said::Event(event) = said else { panic!("an event: {said:?}") };
        event.item
    }

    #[test]
    fn the_place_among_the_edits_is_the_version() {
        let history = serde_json::json!(["11", "12", "13"]);
        for (id, version) in [("11", 1), ("12", 2), ("13", 3)] {
            let edit = item(&serde_json::json!({"id": id, "text": "a", "edit_history_tweet_ids": history}));
            assert_eq!((edit.id.as_str(), edit.version), ("11", Some(version)));
        }
        let alone = item(&serde_json::json!({"id": "11", "text": "a"}));
        assert_eq!((alone.id.as_str(), alone.version), ("11", None));
    }

    #[test]
    fn an_id_tells_the_moment() {
        assert_eq!(moment("1460323737035677698").as_deref(), Some("2021-11-15T19:08:05.069Z"));
        assert_eq!(moment("20"), None, "older ids were counted");
        assert_eq!(moment("t1_x"), None);
        assert_eq!(moment("99999999999999999999"), None);
    }
}
