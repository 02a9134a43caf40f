//! The editor: the text of a taxonomy.

use crate::auth::Caller;
use crate::pages::parts::forms::{csrf, select};
use crate::taxonomy::USUAL_WEEKS;
use maud::{Markup, html};

pub(super) const TITLE: &str = "Edit the taxonomy";
/// Lines that are shown at once.
const ROWS: usize = 30;

/// A text as somebody edits it.
pub(super) struct Draft<'d> {
    pub text: &'d str,
    /// Of the text that it began with.
    pub base: &'d str,
    pub weeks: &'d str,
    /// Where it opens, from 1.
    pub line: Option<usize>,
    pub note: Option<Note>,
}

/// What is to be known of it.
pub(super) struct Note {
    told: String,
    is_wrong: bool,
}

impl Note {
    pub fn wrong(told: &str) -> Self {
        Self { told: told.to_owned(), is_wrong: true }
    }

    pub fn done(told: &str) -> Self {
        Self { told: told.to_owned(), is_wrong: false }
    }
}

/// A page of its own.
pub(super) fn page(draft: &Draft<'_>, caller: &Caller) -> Markup {
    html! {
        div.lead { div { h1 { (TITLE) } } }
        (form(draft, caller))
    }
}

pub(super) fn form(draft: &Draft<'_>, caller: &Caller) -> Markup {
    html! {
        section.card aria-labelledby="editor" {
            h2 #editor { "The text" }
            @if let Some(note) = &draft.note {
                @if note.is_wrong {
                    div.note role="alert" { p dir="auto" { (note.told) } }
                } @else {
                    div.note.done role="status" { p dir="auto" { (note.told) } }
                }
            }
            p.soft {
                "An id never moves: facts point to it. A topic needs a name and a sentence on what belongs there; about ten \
                 examples help, one thought each, in customers\u{2019} words. Nothing holds before an admin switches it on."
            }
            form method="post" action="/taxonomy/preview" {
                (csrf(caller))
                input type="hidden" name="base" value=(draft.base);
                label for="text" {
                    "As TOML"
                    @if let Some(line) = draft.line { ", opened at line " (line) }
                }
                textarea #text name="text" rows=(ROWS) wrap="off" spellcheck="false" dir="auto" required
                    data-line=[draft.line]
                    aria-invalid=[draft.note.as_ref().filter(|note| note.is_wrong).map(|_| "true")] {
                    // The first line break of a text area is not its content.
                    "\n" (draft.text)
                }
                div.grid {
                    (select("weeks", "Try it on", &weeks(draft.weeks), &choices()))
                }
                p {
                    button type="submit" { "See what it changes" }
                    " " a href="/taxonomy" { "Leave it as it is" }
                }
            }
        }
    }
}

fn weeks(asked: &str) -> String {
    match asked.trim() {
        "" => USUAL_WEEKS.to_string(),
        asked => asked.to_owned(),
    }
}

fn choices() -> Vec<(String, String)> {
    let one = |weeks: i32| {
        let name = if weeks == 1 { "the last week".to_owned() } else { format!("the last {weeks} weeks") };
        (weeks.to_string(), name)
    };
    [1, 2, 4, 8, 12].map(one).into()
}
