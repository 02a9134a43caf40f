//! The words at the start of a text as hashes by which a name is looked up.

use super::chars::is_spaced_letter;
use super::letters::base;
use unicode_normalization::char::is_combining_mark;

/// Words of a name that its key is made of; the rest is compared letter by letter.
const MOST_WORDS: usize = 8;
/// Signs and blanks between two words.
const MOST_BETWEEN: usize = 8;

/// Gives the hash of the first word, of the first two, and so on. What [`matches_at`](super::letters::matches_at)
/// takes for the same has the same hashes.
pub(super) struct Prefixes<'t> {
    text: &'t str,
    at: usize,
    hash: u64,
    left: usize,
}

impl<'t> Prefixes<'t> {
    pub fn of(text: &'t str) -> Self {
        Self { text, at: 0, hash: 0xcbf2_9ce4_8422_2325, left: MOST_WORDS }
    }

    /// Bytes that the words so far took.
    pub fn consumed(&self) -> usize {
        self.at
    }

    fn mix(&mut self, value: u32) {
        self.hash = (self.hash ^ u64::from(value)).wrapping_mul(0x0100_0000_01b3);
        self.hash ^= self.hash >> 29;
    }

    /// A run of letters and digits without accents; of a script without blanks one letter, and of signs one.
    fn word(&mut self) {
        self.mix(u32::MAX);
        let (mut last, from) = ('\0', self.at);
        for c in self.text[from..].chars() {
            let inside = c.is_ascii_alphanumeric() || !c.is_ascii() && is_spaced_letter(c);
            let mark = !c.is_ascii() && is_combining_mark(c);
            if !inside && !mark || mark && self.at == from {
                break;
            }
            let letter = base(c);
            if !mark && !is_second(last, letter) {
                self.mix(u32::from(letter));
                last = letter;
            }
            self.at += c.len_utf8();
        }
        if let Some(c) = self.text[from..].chars().next().filter(|_| self.at == from) {
            self.mix(u32::from(base(c)));
            self.at += c.len_utf8();
        }
    }
}

impl Iterator for Prefixes<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        let rest = &self.text[self.at..];
        let between = |c: char| !c.is_alphanumeric() || !c.is_ascii() && is_combining_mark(c);
        let skip =
            rest.chars().take(MOST_BETWEEN).take_while(|c| between(*c)).map(char::len_utf8).sum::<usize>();
        if self.at > 0 {
            self.at += skip;
        }
        let next = self.text[self.at..].chars().next()?;
        if self.left + 1 < MOST_WORDS && between(next) {
            return None;
        }
        self.word();
        Some(self.hash)
    }
}

/// The second of two letters that may stand for one: `ue` for `ü` and so for `u`, `ss` for `ß`.
fn is_second(before: char, letter: char) -> bool {
    matches!((before, letter), ('a' | 'o' | 'u', 'e') | ('a', 'a') | ('s', 's'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_name_has_the_same_keys() {
        let keys = |text: &str| Prefixes::of(text).collect::<Vec<_>>();
        for (one, other) in [
            ("Müller", "mueller"),
            ("Müller", "MULLER"),
            ("Uee", "Üe"),
            ("Strauß", "STRAUSS"),
            ("Jose\u{301}  García", "José Garcia"),
            ("jdoe_99", "JDOE 99"),
            ("Søren", "Soeren"),
            ("Jaaks", "Jåks"),
            ("王小明", "王 小明"),
        ] {
            assert_eq!(keys(one), keys(other), "{one} {other}");
        }
        assert_eq!(keys("a b c d e f g h i j").len(), MOST_WORDS);
        assert_ne!(keys("Anna"), keys("Anne"));
        assert_eq!(keys("Anna Lee")[0], keys("Anna")[0]);
        assert_eq!((keys("").len(), keys("_a").len(), keys("a           b").len()), (0, 2, 1));
    }
}
