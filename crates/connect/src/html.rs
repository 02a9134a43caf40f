//! HTML of feedback bodies as the plain text that a person sees. One pass of a tokenizer: no tree, no recursion, time and
//! memory in proportion to the input, whatever it is.

mod elements;
mod quotes;
mod render;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

/// What becomes of the earlier mails that a mail quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    Keep,
    /// They are left out: quoted blocks and lines, and all that follows "On … wrote:". Those words are somebody else's, or
    /// were said before.
    LeaveOut,
}

/// Whether a text is HTML: it holds a tag of an element that HTML knows. `I <3 it`, `use <token>` and `a<b or c>d` are no
/// HTML.
pub(crate) fn is_html(text: &str) -> bool {
    let (mut known, mut bare, mut valued) = (false, true, false);
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| match event {
        CallbackEvent::OpenStartTag { name } => {
            (known, bare, valued) = (elements::is_known(name), true, false);
            None
        }
        CallbackEvent::AttributeName { .. } => {
            bare = false;
            None
        }
        CallbackEvent::AttributeValue { .. } => {
            valued = true;
            None
        }
        // Words alone behind a name are a text's.
        CallbackEvent::CloseStartTag { .. } => (known && (bare || valued)).then_some(()),
        CallbackEvent::EndTag { name } => elements::is_known(name).then_some(()),
        _ => None,
    });
    Tokenizer::new_with_emitter(text, emitter).next().is_some()
}

/// HTML as the text that a browser shows: blocks and `<br>` begin lines, at most one blank line stands between two,
/// list items begin with "- ", links keep their text, and nothing is kept of scripts, styles and what is not displayed.
pub(crate) fn to_text(html: &str, quotes: Quotes) -> String {
    let shown = render::render(html, quotes);
    match quotes {
        Quotes::Keep => shown,
        Quotes::LeaveOut => quotes::without(&shown),
    }
}

/// A body that may be HTML or plain text, whose lines stay as they are then.
pub(crate) fn readable(body: &str, quotes: Quotes) -> String {
    if is_html(body) {
        return to_text(body, quotes);
    }
    match quotes {
        Quotes::Keep => body.trim().to_owned(),
        Quotes::LeaveOut => quotes::without(body),
    }
}

#[cfg(test)]
mod tests;
