//! Values that must not be shown: passwords, tokens, and addresses that are keys themselves.

use serde::{Serialize, Serializer};
use std::cmp::Reverse;

/// A secret as the settings spell it: the value itself, `env:NAME` or `file:PATH`. It masks itself wherever it could be
/// printed; only [`Secret::reveal`] gives it away.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

const MASK: &str = "***";
/// Shorter ones hide nothing, and are found in many a word.
const SHORTEST_HIDDEN: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("the variable {0} is not set: set it, or change the reference env:{0}")]
    NoVariable(String),
    #[error("cannot read the file {path}")]
    NoFile { path: String, source: std::io::Error },
    #[error("the secret is empty")]
    Empty,
}

impl Secret {
    /// Whether only its place is spelled out, not the secret itself.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.0.starts_with("env:") || self.0.starts_with("file:")
    }

    /// Follows `env:` and `file:`. A file's trailing line end does not belong to its secret.
    ///
    /// # Errors
    /// [`SecretError`] where there is nothing at the place it names.
    pub fn reveal(&self) -> Result<String, SecretError> {
        let secret = if let Some(name) = self.0.strip_prefix("env:") {
            std::env::var(name).map_err(|_| SecretError::NoVariable(name.to_owned()))?
        } else if let Some(path) = self.0.strip_prefix("file:") {
            let read = std::fs::read_to_string(path);
            let text = read.map_err(|source| SecretError::NoFile { path: path.to_owned(), source })?;
            text.trim_end_matches(['\r', '\n']).to_owned()
        } else {
            self.0.clone()
        };
        if secret.is_empty() { Err(SecretError::Empty) } else { Ok(secret) }
    }
}

impl From<String> for Secret {
    fn from(spelled: String) -> Self {
        Self(spelled)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "not set" } else { MASK })
    }
}

impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Secrets that a receiver may repeat in what it says, so that they get no further.
pub(crate) struct Mask(Vec<String>);

impl Mask {
    pub(crate) fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut secrets: Vec<String> =
            secrets.into_iter().filter(|secret| secret.len() >= SHORTEST_HIDDEN).collect();
        // What holds another goes first, or a part of it would stay.
        secrets.sort_by_key(|secret| Reverse(secret.len()));
        Self(secrets)
    }

    pub(crate) fn hide(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| text.replace(secret.as_str(), MASK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_shows_itself() {
        let secret = Secret::from("hunter2".to_owned());
        let shown = format!("{secret:?} {secret} {}", serde_json::to_string(&secret).unwrap());
        assert_eq!(shown, "*** *** \"***\"");
        assert_eq!(secret.reveal().unwrap(), "hunter2");
        assert!(!secret.is_reference());
    }

    #[test]
    fn a_mask_hides_what_it_knows_the_longest_first() {
        let mask = Mask::new(["hunter-two", "hunter-two-and-more", "ab", ""].map(str::to_owned));
        let hidden = mask.hide("ab hunter-two hunter-two-and-more".to_owned());
        assert_eq!(hidden, "ab *** ***");
    }

    #[test]
    fn follows_a_file_and_says_what_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "s3cret\r\n").unwrap();
        let secret = Secret::from(format!("file:{}", path.display()));
        assert!(secret.is_reference());
        assert_eq!(secret.reveal().unwrap(), "s3cret");
        std::fs::write(&path, "\n").unwrap();
        assert!(matches!(secret.reveal(), Err(SecretError::Empty)));
        let missing = Secret::from("env:VERBATIM_TEST_NOT_SET".to_owned()).reveal().unwrap_err().to_string();
        assert!(missing.contains("VERBATIM_TEST_NOT_SET"), "{missing}");
    }
}
