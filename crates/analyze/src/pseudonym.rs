//! Keyed pseudonyms: the same person is the same token, and nobody without the key can tell who it is.
//!
//! HMAC-SHA256 (RFC 2104), cut to 128 bits. What an author is known by decides the scope: an e-mail address
//! or a phone number names the same person in every source, any other id only within its own. Who is known by
//! both has two pseudonyms ([`Author`]).

use crate::redact::Redactor;
use sha2::{Digest, Sha256};

/// Prefix of an author's pseudonym.
const AUTHOR: u8 = b'a';
/// Prefix of an identifier that stood for somebody.
const IDENTIFIER: u8 = b'p';
const HEX: usize = 32;

/// `a_` or `p_` and 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pseudonym([u8; HEX + 2]);

impl Pseudonym {
    fn new(prefix: u8, digest: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'_'; HEX + 2];
        text[0] = prefix;
        for (at, byte) in digest.iter().take(HEX / 2).enumerate() {
            text[2 + 2 * at] = DIGITS[usize::from(byte >> 4)];
            text[3 + 2 * at] = DIGITS[usize::from(byte & 15)];
        }
        Self(text)
    }

    /// `None` where the text is not a pseudonym as [`Pseudonym::as_str`] writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; HEX + 2] = text.as_bytes().try_into().ok()?;
        let prefix = matches!(bytes[0], AUTHOR | IDENTIFIER) && bytes[1] == b'_';
        let digits = bytes[2..].iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (prefix && digits).then_some(Self(bytes))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII is ever written.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    #[must_use]
    pub fn is_author(&self) -> bool {
        self.0[0] == AUTHOR
    }
}

impl std::fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whoever wrote an event. An address and an id beside each other name the same person: both are kept, so
/// that what carries only one of them is found by the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Author {
    /// By the e-mail address where there is one, else by the id.
    pub name: Pseudonym,
    /// By the id, where `name` is by the address.
    pub alias: Option<Pseudonym>,
}

impl Author {
    /// One or two.
    pub fn names(&self) -> impl Iterator<Item = &Pseudonym> {
        std::iter::once(&self.name).chain(&self.alias)
    }
}

/// The deployment's secret. It shows itself to nobody: `Debug` and `Display` print `***`.
#[derive(Clone)]
pub struct PseudonymKey(Hmac);

/// HMAC-SHA256 (RFC 2104), both hashes after their first block. By hand: the crate of that name turns on a feature
/// of `digest` that the object store below polars and Delta is otherwise built without.
#[derive(Clone)]
struct Hmac {
    inner: Sha256,
    outer: Sha256,
}

impl Hmac {
    const BLOCK: usize = 64;

    /// A key of at most one block.
    fn new(key: &[u8]) -> Self {
        let padded = |pad: u8| {
            let mut block = [pad; Self::BLOCK];
            block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
            Sha256::new_with_prefix(block)
        };
        Self { inner: padded(0x36), outer: padded(0x5c) }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    fn finalize(self) -> [u8; 32] {
        self.outer.chain_update(self.inner.finalize()).finalize().into()
    }
}

/// The text is no key. Nothing of it is repeated here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("a pseudonym key is 64 hexadecimal digits or the base64 of 32 bytes")]
    Form,
    #[error("a pseudonym key of one repeated byte protects nobody; draw 32 random bytes")]
    Weak,
}

impl PseudonymKey {
    /// # Errors
    /// [`BadKey::Weak`] where all 32 bytes are the same.
    pub fn from_bytes(key: [u8; 32]) -> Result<Self, BadKey> {
        if key.iter().all(|byte| *byte == key[0]) {
            return Err(BadKey::Weak);
        }
        Ok(Self(Hmac::new(&key)))
    }

    /// Reads 64 hexadecimal digits, or base64 of 32 bytes (either alphabet, padded or not), blanks around ignored.
    ///
    /// # Errors
    /// [`BadKey`], which holds nothing of the text.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let text = text.trim();
        let bytes = if text.len() == 64 { from_hex(text) } else { crate::base64::decode(text) };
        let bytes: [u8; 32] = bytes.and_then(|b| b.try_into().ok()).ok_or(BadKey::Form)?;
        Self::from_bytes(bytes)
    }

    /// Whoever wrote it: by the e-mail address where one is known, else by the id, which counts in every
    /// source where it is itself an address or an international phone number, and only within `source`
    /// otherwise. `None` where neither says anything.
    ///
    /// An id that is an author's pseudonym already stays what it is: a redacted event, read again, has the
    /// same author.
    #[must_use]
    pub fn author(&self, source: &str, id: Option<&str>, email: Option<&str>) -> Option<Author> {
        let email = email.map(str::trim).filter(|email| email.contains('@'));
        let email = email.map(|email| self.keyed(AUTHOR, &["email", &normal(email)]));
        let id = id.and_then(|id| self.author_by_id(source, id));
        let name = email.or(id)?;
        Some(Author { name, alias: id.filter(|id| *id != name) })
    }

    fn author_by_id(&self, source: &str, id: &str) -> Option<Pseudonym> {
        let id = Some(id.trim()).filter(|id| !id.is_empty() && !Redactor::is_placeholder(id))?;
        if let Some(done) = Pseudonym::parse(id).filter(Pseudonym::is_author) {
            return Some(done);
        }
        if id.contains('@') && !id.starts_with('@') {
            return Some(self.keyed(AUTHOR, &["email", &normal(id)]));
        }
        if let Some(number) = international(id) {
            return Some(self.keyed(AUTHOR, &["phone", &number]));
        }
        Some(self.keyed(AUTHOR, &["id", source, id]))
    }

    /// Tells one key from another and nothing else: 63 bits of the key's MAC over a fixed label.
    #[must_use]
    pub fn check_value(&self) -> i64 {
        let digest = self.digest(&["key check"]);
        let head: [u8; 8] = std::array::from_fn(|at| digest[at]);
        i64::from_be_bytes(head) & i64::MAX
    }

    /// What stands in the tables for an identifier that holds personal data (a ticket named by its author's
    /// address): equal for equal text, trimmed.
    #[must_use]
    pub fn identifier(&self, text: &str) -> Pseudonym {
        self.keyed(IDENTIFIER, &["identifier", text.trim()])
    }

    fn keyed(&self, prefix: u8, parts: &[&str]) -> Pseudonym {
        Pseudonym::new(prefix, &self.digest(parts))
    }

    fn digest(&self, parts: &[&str]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize()
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(***)")
    }
}

impl std::fmt::Display for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Lower case; borrowed where it is so already.
fn normal(email: &str) -> std::borrow::Cow<'_, str> {
    let email = email.strip_prefix("mailto:").unwrap_or(email);
    if email.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        email.into()
    } else {
        email.to_lowercase().into()
    }
}

/// `+` and the digits of a number written internationally, without its separators.
fn international(id: &str) -> Option<String> {
    let rest = id.strip_prefix('+')?;
    let plain = rest.bytes().all(|b| b.is_ascii_digit() || b" -.()/".contains(&b));
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (plain && (8..=15).contains(&digits.len())).then_some(digits)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> PseudonymKey {
        PseudonymKey::from_bytes(std::array::from_fn(|i| i as u8)).unwrap()
    }

    #[test]
    fn the_mac_is_the_one_of_rfc_4231() {
        // Test case 2 of RFC 4231, through the same type.
        let mut mac = Hmac::new(b"Jefe");
        mac.update(b"what do ya want for nothing?");
        let text = Pseudonym::new(b'a', &mac.finalize());
        assert_eq!(text.as_str(), "a_5bdcc146bf60754e6a042426089575c7");
    }

    #[test]
    fn an_address_is_the_same_person_everywhere() {
        let key = key();
        let one = key.author("forms", None, Some(" Jane@Example.com "));
        assert!(one.unwrap().name.as_str().starts_with("a_"));
        assert_eq!(one, key.author("inbox", None, Some("jane@example.com")));
        assert_eq!(one, key.author("inbox", Some("JANE@example.com"), None));
        assert_eq!(
            key.author("a", Some("+49 (151) 234-56789"), None),
            key.author("b", Some("+4915123456789"), None)
        );
    }

    #[test]
    fn an_address_and_an_id_name_the_same_person() {
        let key = key();
        let both = key.author("forms", Some("17"), Some("jane@example.com")).unwrap();
        assert_eq!(Some(both.name), key.author("inbox", None, Some("jane@example.com")).map(|a| a.name));
        assert_eq!(both.alias, key.author("forms", Some("17"), None).map(|a| a.name));
        assert_eq!(both.names().count(), 2);
        let twice = key.author("forms", Some("Jane@example.com"), Some("jane@example.com")).unwrap();
        assert_eq!(twice.alias, None, "the same name is no alias");
    }

    #[test]
    fn the_check_value_follows_the_key() {
        let other = PseudonymKey::from_bytes(std::array::from_fn(|i| i as u8 + 1)).unwrap();
        assert_eq!(key().check_value(), key().check_value());
        assert_ne!(key().check_value(), other.check_value());
        assert!(key().check_value() >= 0);
    }

    #[test]
    fn other_ids_count_within_their_source() {
        let key = key();
        assert_ne!(key.author("a", Some("17"), None), key.author("b", Some("17"), None));
        assert_ne!(key.author("a", Some("b17"), None), key.author("ab", Some("17"), None));
        assert_ne!(key.author("a", Some("@jane"), None), key.author("b", Some("@jane"), None));
        assert_eq!(key.author("a", Some(" "), None), None);
        assert_eq!(key.author("a", None, Some("[email]")), None);
        assert_eq!(key.author("a", Some("[id]"), Some("")), None);
    }

    #[test]
    fn a_pseudonym_read_again_stays() {
        let key = key();
        let author = key.author("a", Some("17"), None).unwrap();
        assert_eq!(key.author("a", Some(author.name.as_str()), Some("[email]")), Some(author));
        assert_eq!(Pseudonym::parse(author.name.as_str()), Some(author.name));
        let id = key.identifier("ticket-jane@example.com");
        assert!(id.as_str().starts_with("p_"));
        assert!(!key.author("a", Some(id.as_str()), None).unwrap().name.as_str().contains(&id.as_str()[2..]));
        for bad in ["", "a_", "a_5BDCC146bf60754e6a042426089575c7", "x_5bdcc146bf60754e6a042426089575c7"] {
            assert_eq!(Pseudonym::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn keys_are_read_and_never_shown() {
        let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        let base64 = " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
        let expected = key().identifier("x");
        for text in [hex, &hex.to_uppercase(), base64, base64.trim().trim_end_matches('=')] {
            let key = PseudonymKey::parse(text).unwrap();
            assert_eq!(key.identifier("x"), expected);
            assert_eq!(format!("{key:?} {key}"), "PseudonymKey(***) ***");
        }
        for bad in ["", "secret", &hex[2..], &format!("{hex}00"), &hex.replace('0', "g"), "é"] {
            assert_eq!(PseudonymKey::parse(bad).unwrap_err(), BadKey::Form, "{bad}");
        }
        assert_eq!(PseudonymKey::parse(&"0".repeat(64)).unwrap_err(), BadKey::Weak);
    }
}
