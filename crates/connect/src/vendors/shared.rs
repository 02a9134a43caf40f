//! What several vendors have in common.

use super::Said;
use crate::event::{self, Event, Item, Message};
use crate::html::{self, Quotes};
use feedback::refusal::IgnoreReason;
use serde_json::{Map, Value};

/// Whether a deletion can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// It holds against whatever still arrives of the item.
    ForGood,
    /// What the vendor says of the item later counts again: the tombstone has the version of an item that
    /// names none.
    ForNow,
}

/// The tombstone of an item.
pub(super) fn gone(id: String, at: Option<String>, gone: Gone) -> Said {
    // What is gone for good is so at any time: where no time is told (Help Scout's deletions) the first one
    // that feedback may have.
    let at = at.or_else(|| (gone == Gone::ForGood).then(|| "2000-01-01T00:00:00Z".to_owned()));
    let version = match gone {
        Gone::ForGood => None,
        Gone::ForNow => Some(1),
    };
    let item = Item { id, version, updated_at: at.clone(), ..Item::default() };
    Event { time: at, item, said: event::Said::Deleted {} }.into()
}

/// A ticket's event; ignored where nobody has said or rated anything.
pub(super) fn ticket(time: Option<String>, item: Item, ticket: Ticket) -> Said {
    let Ticket { messages, score, status, priority } = ticket;
    if messages.is_empty() && score.is_none() && item.title.is_none() {
        return Said::Ignored(IgnoreReason::AgentOnly);
    }
    Event { time, item, said: event::Said::Ticket { messages, score, status, priority } }.into()
}

/// What a ticket holds besides what all items have.
#[derive(Debug, Default)]
pub(super) struct Ticket {
    pub messages: Vec<Message>,
    pub score: Option<event::Score>,
    pub status: Option<String>,
    pub priority: Option<String>,
}

impl Ticket {
    /// Adds what was said, unless it is blank.
    pub fn say(&mut self, message: Message) {
        if !message.text.trim().is_empty() {
            self.messages.push(message);
        }
    }

    /// Adds the words beside a rating, which some vendors show among the messages as well.
    pub fn remark(&mut self, text: Option<String>) {
        let Some(text) = text else { return };
        let said = |message: &Message| message.role == "customer" && same_words(&message.text, &text);
        if !self.messages.iter().any(said) {
            self.say(Message { id: None, role: "customer", text, at: None, name: None });
        }
    }
}

/// Whether two texts differ in nothing but white space.
pub(super) fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// The first message of a conversation. Quotations are kept: somebody may have forwarded a mail.
pub(super) fn opening(body: &str) -> String {
    html::readable(body, Quotes::Keep)
}

/// A further message, without what it quotes of the earlier ones.
pub(super) fn reply(body: &str) -> String {
    let own = html::readable(body, Quotes::LeaveOut);
    // Where there is nothing but a quotation, that is what was said.
    if own.trim().is_empty() { opening(body) } else { own }
}

/// Undoes the escapes of those who send plain text as if it went into a page.
pub(super) fn unescape(text: &str) -> String {
    // The ampersand last: `&amp;lt;` means `&lt;`.
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Metadata of those that are there.
pub(super) fn metadata<const N: usize>(fields: [(&str, Option<String>); N]) -> Map<String, Value> {
    let named = |(name, value): (&str, Option<String>)| Some((name.to_owned(), Value::String(value?)));
    fields.into_iter().filter_map(named).collect()
}

/// A word of a closed list, which some write in capitals.
pub(super) fn lower(word: Option<String>) -> Option<String> {
    word.map(|word| word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_undone_once() {
        assert_eq!(unescape("a &lt; b &amp;&amp; c &gt; d"), "a < b && c > d");
        assert_eq!(unescape("it shows &amp;lt; instead"), "it shows &lt; instead");
    }

    #[test]
    fn a_remark_is_said_once() {
        let mut ticket = Ticket::default();
        ticket.remark(Some("Too slow.".into()));
        ticket.remark(Some(" Too\nslow.".into()));
        ticket.remark(None);
        ticket.remark(Some(" ".into()));
        assert_eq!(ticket.messages.len(), 1);
    }
}
