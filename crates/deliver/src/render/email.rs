//! A mail: subject, plain text, and HTML that shows the same in every client.

use super::fit::{TooLarge, fitted};
use super::{headline, html, plain};
use crate::clean;
use crate::note::{Note, Severity, Step};

const LONGEST_SUBJECT: usize = 150;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The mail, of at most `largest` bytes before it is encoded.
///
/// # Errors
/// [`TooLarge`] where not even title and summary fit.
pub fn mail(note: &Note, largest: usize) -> Result<Mail, TooLarge> {
    let render =
        |note: &Note| Mail { subject: subject(note), text: plain::text(note), html: html::page(note) };
    fitted(note, largest, render, |mail| mail.subject.len() + mail.text.len() + mail.html.len())
}

fn subject(note: &Note) -> String {
    let urgent = note.severity == Severity::Critical && note.step != Step::Resolves;
    let lead = if urgent { "[critical] " } else { "" };
    clean::cut(&format!("{lead}{}", headline(note)), LONGEST_SUBJECT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn a_subject_is_one_line_and_says_what_is_urgent() {
        let mut note = samples::alert();
        assert_eq!(subject(&note), "[critical] Complaints about billing doubled");
        note.step = Step::Resolves;
        assert_eq!(subject(&note), "Resolved: Complaints about billing doubled");
        note.title = "a\r\nBcc: evil@example.com\r\n\r\nbody".into();
        assert_eq!(subject(&note), "Resolved: a Bcc: evil@example.com body");
        note.title = "x".repeat(1000);
        assert_eq!(subject(&note).chars().count(), LONGEST_SUBJECT);
    }

    #[test]
    fn a_mail_is_cut_to_its_bound() {
        let mut note = samples::alert();
        note.blocks = vec![crate::note::Block::Paragraph { text: "z".repeat(10_000) }];
        let mail = mail(&note, 4000).unwrap();
        assert!(mail.text.contains("left out here") && mail.html.contains("left out here"));
        assert!(super::mail(&note, 100).is_err());
    }
}
