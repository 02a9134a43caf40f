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

/// How a login travels: the password by itself, encoded as AUTH LOGIN does it, with the name as AUTH PLAIN does (RFC
/// 4616), and as Basic of HTTP does (RFC 7617). Encoded without its padding, so that it is found with and without.
pub(crate) fn spellings(user: &str, password: &str) -> Vec<String> {
    let encoded = [password.to_owned(), format!("\0{user}\0{password}"), format!("{user}:{password}")];
    let encoded = encoded.iter().map(|text| base64(text.as_bytes()));
    std::iter::once(password.to_owned()).chain(encoded).collect()
}

/// RFC 4648, section 4, not padded.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let held = three.iter().fold(0_u32, |held, byte| (held << 8) | u32::from(*byte));
        let held = held << (8 * (3 - three.len()));
        // A character holds six bits: there is one more of them than of bytes.
        for at in 0..=three.len() {
            text.push(char::from(DIGITS[((held >> (18 - 6 * at)) & 63) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn a_login_is_hidden_however_it_travels() {
        let mask = Mask::new(spellings("robot", "correct horse battery"));
        // Python: base64.b64encode(b"\0robot\0correct horse battery"), then of b"correct horse battery" and of
        // b"robot:correct horse battery".
        for spelled in [
            "AHJvYm90AGNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==",
            "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5",
            "cm9ib3Q6Y29ycmVjdCBob3JzZSBiYXR0ZXJ5",
            "correct horse battery",
        ] {
            let hidden = mask.hide(format!("535 no: {spelled} is wrong"));
            assert!(hidden.starts_with("535 no: ***") && hidden.ends_with(" is wrong"), "{hidden}");
            assert!(!hidden.contains(spelled.trim_end_matches('=')), "{hidden}");
        }
    }

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
