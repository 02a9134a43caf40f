//! A taxonomy as somebody wrote it.

use crate::problem::Problem;
use analyze::Taxonomy;
use analyze::taxonomy::TaxonomyError;
use feedback::size::Size;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// What a text may have that somebody edits here: a form's letters may take three bytes for one.
pub const MOST_BYTES: usize = 256 * 1024;

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1; `None` where it is of no line.
    pub line: Option<usize>,
    pub message: String,
}

impl Fault {
    fn of(error: &TaxonomyError, text: &str) -> Self {
        let message = match error {
            TaxonomyError::Syntax(error) => error.message().trim().to_owned(),
            error => error.to_string(),
        };
        Self { line: error.line(text), message }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::bad_request(format!("the taxonomy is wrong. {fault}"))
    }
}

/// As it is kept: lines end as they do in files, and the last one does, too. Forms send them otherwise.
#[must_use]
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    match text.trim_end() {
        "" => String::new(),
        text => format!("{text}\n"),
    }
}

/// Reads a cleaned text.
///
/// # Errors
/// What is wrong with it, and in which line.
pub fn read(text: &str) -> Result<Taxonomy, Fault> {
    if text.len() > MOST_BYTES {
        return Err(Fault { line: None, message: format!("it has more than {}", Size(MOST_BYTES)) });
    }
    Taxonomy::parse(text).map_err(|error| Fault::of(&error, text))
}

/// What is wrong with the text in force, of whatever length.
#[must_use]
pub fn fault(text: &str) -> Option<Fault> {
    Taxonomy::parse(text).err().map(|error| Fault::of(&error, text))
}

/// Tells one text from another.
#[must_use]
pub fn tag(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_and_a_file_write_the_same() {
        assert_eq!(clean("a\r\nb\r\n\r\n"), "a\nb\n");
        assert_eq!(clean("a\nb"), "a\nb\n");
        assert_eq!(clean(" \r\n"), "");
        assert_eq!(tag(&clean("a\r\n")), tag("a\n"));
        assert_eq!(tag("").len(), 32);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = |text: &str| read(text).unwrap_err();
        let fault = told("version = \"1\"\n[[topic]]\nid = \"<b>\"\nname = \"N\"\ndescription = \"D\"\n");
        assert_eq!(fault.line, Some(2));
        assert!(fault.to_string().starts_with("line 2: topic 1 has the id \"<b>\""), "{fault}");
        let fault = told("version = \"1\"\nexmples = 1\n");
        assert!(fault.line == Some(2) && fault.message.contains("exmples"), "{fault}");
        assert!(told(&"x".repeat(MOST_BYTES + 1)).to_string().contains("256 KiB"));
        assert!(told("").message.contains("version"));
    }
}
