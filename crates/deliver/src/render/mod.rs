//! How a note looks: one file for each receiver, all of them pure. What is markup is written here; what comes from the
//! note goes through an escape, always.

pub mod email;
mod fit;
mod html;
pub mod jira;
pub mod json;
pub mod markdown;
mod plain;
pub mod slack;
pub mod teams;

pub use fit::{TooLarge, fitted};

use crate::clean;
use crate::note::{Note, Step};
use feedback::time::Timestamp;

/// Columns of a bar that is made of characters.
const BAR: usize = 20;
/// What leads the title of what is over.
const RESOLVED: &str = "Resolved: ";

/// The title as one line, led by what the note does to its group; never empty.
fn headline(note: &Note) -> String {
    let title = clean::line(&note.title);
    let title = if title.is_empty() { format!("Verbatim: {}", note.kind.name()) } else { title };
    match note.step {
        Step::Single | Step::Opens => title,
        Step::Updates => format!("Update: {title}"),
        // It may say so itself.
        Step::Resolves if title.starts_with(RESOLVED) => title,
        Step::Resolves => format!("{RESOLVED}{title}"),
    }
}

/// "critical alert, 2026-11-26 09:00 UTC".
fn context(note: &Note) -> String {
    format!("{} {}, {}", note.severity.name(), note.kind.name(), moment(note.occurred))
}

/// To the minute.
fn moment(at: Timestamp) -> String {
    let at = at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string());
    at.unwrap_or_else(|| "at an unknown time".to_owned())
}

/// A bar of characters: full blocks for the share, light ones for the rest.
fn bar(share: f64, columns: usize) -> String {
    let full = (share.clamp(0.0, 1.0) * columns as f64).round() as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(columns.saturating_sub(full)))
}

#[cfg(test)]
pub(crate) mod samples;

#[cfg(test)]
mod injection;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_says_what_became_of_the_group() {
        let mut note = Note::test(Timestamp(1_764_230_400_000_000));
        note.title = " Complaints\n about billing ".into();
        assert_eq!(headline(&note), "Complaints about billing");
        note.step = Step::Resolves;
        assert_eq!(headline(&note), "Resolved: Complaints about billing");
        note.title = "Resolved: bug about Login".into();
        assert_eq!(headline(&note), "Resolved: bug about Login");
        note.title = "\n".into();
        note.step = Step::Updates;
        assert_eq!(headline(&note), "Update: Verbatim: test");
        assert_eq!(context(&note), "info test, 2025-11-27 08:00 UTC");
        assert_eq!(moment(Timestamp(i64::MAX)), "at an unknown time");
    }

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!([bar(0.0, 4), bar(0.5, 4), bar(1.0, 4)], ["░░░░", "██░░", "████"]);
    }
}
