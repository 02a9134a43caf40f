//! Values that must not be shown.

use serde::{Deserialize, Serialize, Serializer};

/// A secret as the configuration spells it: the value itself, `env:NAME` or `file:PATH`. It masks itself
/// wherever it could be printed; only [`Secret::reveal`] gives it away.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

pub const MASK: &str = "***";

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("the variable {0} is not set: set it, or change the reference env:{0}")]
    NoVariable(String),
    #[error("cannot read the file {path}")]
    NoFile { path: String, source: std::io::Error },
}

impl Secret {
    pub fn is_set(&self) -> bool {
        !self.0.is_empty()
    }

    /// Follows `env:` and `file:`. A file's trailing line end does not belong to its secret.
    pub fn reveal(&self) -> Result<String, SecretError> {
        if let Some(name) = variable(&self.0) {
            return std::env::var(name).map_err(|_| SecretError::NoVariable(name.to_owned()));
        }
        if let Some(path) = self.0.strip_prefix("file:") {
            let read = std::fs::read_to_string(path);
            let text = read.map_err(|source| SecretError::NoFile { path: path.to_owned(), source })?;
            return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
        }
        Ok(self.0.clone())
    }
}

impl From<String> for Secret {
    fn from(spelled: String) -> Self {
        Self(spelled)
    }
}

/// The variable that a value spelled `env:NAME` refers to.
pub fn variable(spelled: &str) -> Option<&str> {
    spelled.strip_prefix("env:")
}

/// Whether a value spelled like this only says where the secret is, which may be shown.
pub fn is_reference(spelled: &str) -> bool {
    variable(spelled).is_some() || spelled.starts_with("file:")
}

/// Whether a key of this name (a librdkafka property, say) holds something not to be shown.
pub fn names_a_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["password", "secret", "key", "token", "oauthbearer"].iter().any(|word| key.contains(word))
        && !key.ends_with("_file")
        // server.tokens: a file of hashes.
        && key != "tokens"
        && !key.ends_with(".location")
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_set() { MASK } else { "not set" })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_shows_itself() {
        let secret = Secret::from("hunter2".to_owned());
        let shown = format!("{secret:?} {secret} {}", serde_json::to_string(&secret).unwrap());
        assert_eq!(shown, "*** *** \"***\"");
        assert_eq!(secret.reveal().unwrap(), "hunter2");
    }

    #[test]
    fn follows_a_file_and_says_what_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        std::fs::write(&path, "s3cret\n").unwrap();
        assert_eq!(Secret::from(format!("file:{}", path.display())).reveal().unwrap(), "s3cret");
        let missing = Secret::from("env:VERBATIM_TEST_NOT_SET".to_owned()).reveal().unwrap_err().to_string();
        assert!(missing.contains("VERBATIM_TEST_NOT_SET"), "{missing}");
    }

    #[test]
    fn knows_secrets_by_their_names() {
        for name in ["sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.oauthbearer.client.secret"] {
            assert!(names_a_secret(name), "{name}");
        }
        for name in ["sasl.username", "group.id", "ssl.key.location", "key_file", "tokens"] {
            assert!(!names_a_secret(name), "{name}");
        }
    }
}
