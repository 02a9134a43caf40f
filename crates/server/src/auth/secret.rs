//! What callers prove themselves with: drawn here, held nowhere but as a hash.
//!
//! A plain SHA-256 is enough for that. Slow hashes protect what people make up, by making each guess dear; these are 256
//! random bits, and nobody guesses among as many at any price. A slow one would only let anybody make this server work.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};
use std::fmt;
use subtle::ConstantTimeEq as _;

/// How every token begins, so that people and scanners know one where it should not be.
pub const PREFIX: &str = "vbt_";

/// 256 random bits that pass through headers, forms and addresses as they are. It never shows itself.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Drawn from the system's generator by way of the thread's, which is seeded from it.
    pub(super) fn draw(prefix: &str) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())))
    }

    /// For the one it is given to.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }

    /// Whether a text is this. How long the answer takes tells nothing of where they differ.
    pub(super) fn is(&self, text: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(text).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Of a secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    pub(super) fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// In constant time.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hash")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        read_hex(&text).map(Self).ok_or_else(|| D::Error::custom("expected 64 hexadecimal digits"))
    }
}

fn read_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| (pair[0] << 4) | pair[1]).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_another_and_is_only_itself() {
        let (one, other) = (Secret::draw(PREFIX), Secret::draw(PREFIX));
        assert!(one.reveal().starts_with("vbt_") && one.reveal().len() == 4 + 43, "{}", one.reveal());
        assert!(one.is(one.reveal().as_bytes()) && !one.is(other.reveal().as_bytes()));
        assert!(!one.is(b"") && !one.is(&one.reveal().as_bytes()[..46]));
        assert!(one.hash().is(&Hash::of(one.reveal())) && !one.hash().is(&other.hash()));
        assert!(one.reveal().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn it_never_shows_itself() {
        let secret = Secret::draw(PREFIX);
        assert_eq!(format!("{secret:?} {:?}", secret.hash()), "*** a hash");
    }

    #[test]
    fn a_hash_reads_back() {
        let hash = Hash::of("abc");
        let text = hash.to_string();
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(read_hex(&text), Some(hash.0));
        for wrong in ["", "ba", &text[1..], &format!("{text}0"), &text.replace('b', "g")] {
            assert_eq!(read_hex(wrong), None, "{wrong}");
        }
    }
}
