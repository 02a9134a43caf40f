//! Ids that follow from the content alone, so that a replay finds the same record again.

use xxhash_rust::xxh3::Xxh3;

/// 128 bits over the parts of an identity; collisions among 10^12 ids have a chance of about 10^-15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u128);

impl Id {
    /// The parts are delimited by their length, so `("ab", "c")` and `("a", "bc")` differ.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Xxh3::new();
        for part in parts {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.digest128())
    }

    /// 32 lower-case hexadecimal digits, as the tables hold it.
    pub fn write_hex(self, buffer: &mut [u8; 32]) -> &str {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        for (at, byte) in self.0.to_be_bytes().iter().enumerate() {
            buffer[2 * at] = DIGITS[usize::from(byte >> 4)];
            buffer[2 * at + 1] = DIGITS[usize::from(byte & 15)];
        }
        // Only ASCII digits were written.
        std::str::from_utf8(buffer).unwrap_or_default()
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.write_hex(&mut [0; 32]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Id::of(&["ab", "c"]), Id::of(&["a", "bc"]));
        assert_eq!(Id(1).to_string(), format!("{:032x}", 1));
    }
}
