//! Reddit: submissions (`t3`) and comments (`t1`) as listings hold them, or as archives keep them without
//! their wrapping.
//!
//! - The item is the full name (`t1_…`). A comment belongs to the conversation of its submission.
//! - `edited` is false, or the time of the last edit; of old ones just true.
//! - What was deleted or removed stands there without its words: a tombstone. When it happened nobody says.
//! - A moderator who speaks as one, and AutoModerator, are no customers. A submission passed on from
//!   elsewhere under the same title is a repost.
//! - Votes change with every poll, which would make a new version of an old post; they are left out.

use super::Said;
use super::shared::{Gone, gone, metadata, unescape};
use crate::event::{self, Author, Event, Item};
use crate::node::Node;
use feedback::refusal::{IgnoreReason, Reason, Refusal};

pub(super) fn read(payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let payload = payload.object()?;
    let data = payload.get("data");
    let post = if data.value().is_object() { data } else { payload };
    let (name, is_comment) = name(&payload, &post)?;
    let written = post.get("created_utc").time()?;
    let edited = post.get("edited");
    let edited = if edited.value().is_boolean() { None } else { edited.time()? };
    let body = post.get(if is_comment { "body" } else { "selftext" }).text()?;
    if body.is_some_and(is_gone) || !post.get("removed_by_category").is_absent() {
        return Ok(gone(name, edited.or(written), Gone::ForGood));
    }
    if let Some(reason) = nobodys(&post, is_comment)? {
        return Ok(Said::Ignored(reason));
    }
    let conversation = if is_comment { post.get("link_id").label()? } else { Some(name.clone()) };
    let plain = |text: &str| unescape(text).trim().to_owned();
    let item = Item {
        id: name,
        occurred_at: written,
        updated_at: edited,
        author: Author { id: author(&post)?, ..Author::default() },
        conversation_id: conversation,
        title: if is_comment { None } else { post.get("title").text()?.map(plain) },
        permalink: post.get("permalink").label()?.map(|path| format!("https://www.reddit.com{path}")),
        metadata: metadata([
            ("network", Some("reddit".to_owned())),
            ("subreddit", post.get("subreddit").label()?),
            ("parent_id", post.get("parent_id").label()?),
        ]),
        ..Item::default()
    };
    let said = event::Said::Words { question: None, text: body.map(plain), score: None };
    Ok(Event { time: None, item, said }.into())
}

/// The full name, and whether it is a comment's. Archives leave out kind and name.
fn name(payload: &Node<'_, '_>, post: &Node<'_, '_>) -> Result<(String, bool), Refusal> {
    if let Some(name) = post.get("name").label()? {
        match name.get(..3) {
            Some("t1_") => return Ok((name, true)),
            Some("t3_") => return Ok((name, false)),
            _ => {
                return Err(post
                    .get("name")
                    .refuse(Reason::UnknownValue, "a comment (t1_) or a submission (t3_)"));
            }
        }
    }
    let kind = match payload.get("kind").label()? {
        Some(kind) => kind,
        None if post.get("body").is_absent() => "t3".to_owned(),
        None => "t1".to_owned(),
    };
    if !matches!(kind.as_str(), "t1" | "t3") {
        return Err(payload.get("kind").refuse(Reason::UnknownValue, "a comment (t1) or a submission (t3)"));
    }
    Ok((format!("{kind}_{}", post.get("id").id()?), kind == "t1"))
}

/// Why a post is no customer's own words.
fn nobodys(post: &Node<'_, '_>, is_comment: bool) -> Result<Option<IgnoreReason>, Refusal> {
    let is_official = matches!(post.get("distinguished").label()?.as_deref(), Some("moderator" | "admin"));
    if is_official || author(post)?.as_deref() == Some("AutoModerator") {
        return Ok(Some(IgnoreReason::AgentOnly));
    }
    let origins = post.get("crosspost_parent_list");
    let origin = origins.items()?.next();
    let Some(origin) = origin.filter(|_| !is_comment) else { return Ok(None) };
    let is_same = origin.get("title").text()? == post.get("title").text()?;
    Ok(is_same.then_some(IgnoreReason::Repost))
}

fn author(post: &Node<'_, '_>) -> Result<Option<String>, Refusal> {
    Ok(post.get("author").label()?.filter(|author| !is_gone(author)))
}

/// `[deleted]`, `[removed]`, `[ Removed by Reddit ]`.
fn is_gone(text: &str) -> bool {
    let Some(inner) = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']')) else {
        return false;
    };
    let inner = inner.trim().to_ascii_lowercase();
    matches!(inner.as_str(), "deleted" | "removed")
        || inner.starts_with("deleted by")
        || inner.starts_with("removed by")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn other_things_of_reddit_are_refused() {
        for (payload, detail) in [
            (
                json!({"kind": "t5", "data": {"name": "t5_2qh"}}),
                "data.name: expected a comment (t1_) or a submission (t3_)",
            ),
            (
                json!({"kind": "more", "data": {"id": "x"}}),
                "kind: expected a comment (t1) or a submission (t3)",
            ),
            (json!({"name": "é"}), "name: expected a comment (t1_) or a submission (t3_)"),
        ] {
            assert_eq!(read(Node::root(&payload)).unwrap_err().detail, detail);
        }
    }

    #[test]
    fn an_edit_has_a_time_or_none() {
        let updated = |edited: serde_json::Value| {
            let post = json!({"name": "t1_a", "body": "b", "created_utc": 1_772_443_800, "edited": edited});
            let Said::Event(event) = read(Node::root(&post)).unwrap() else { panic!("an event") };
            event.item.updated_at
        };
        assert_eq!(updated(json!(1_772_443_900.0)).as_deref(), Some("2026-03-02T09:31:40Z"));
        assert_eq!((updated(json!(true)), updated(json!(false))), (None, None));
    }

    #[test]
    fn what_is_gone_stands_in_brackets() {
        for text in ["[deleted]", "[removed]", " [ Removed by Reddit ] ", "[deleted by user]"] {
            assert!(is_gone(text), "{text}");
        }
        for text in ["deleted", "[deleted] it again", "[link](https://example.org)", "", "[]", "["] {
            assert!(!is_gone(text), "{text}");
        }
    }
}
