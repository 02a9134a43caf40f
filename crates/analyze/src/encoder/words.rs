//! Words of a text: folded, marked and hashed once, for every head.
//!
//! Folding is lower case without accents; three or more of a letter in a row become two ("soooo" → "soo").
//! Numbers beyond two digits become zeros, links and mentions one word each. Marks that carry feeling
//! (`!!`, `...`, `:)`, emoji) are words of their own.

mod reader;

use reader::Reader;

/// What a token is, as far as the features care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    Number,
    /// Punctuation, an emoticon or an emoji.
    Mark,
    /// A link, a mention, or what redaction left: `[email]`.
    Placeholder,
}

#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// Bytes of the folded text.
    pub start: u32,
    pub end: u32,
    pub hash: u64,
    pub kind: TokenKind,
    /// Two letters or more, all of them capitals.
    pub shouted: bool,
    /// Follows "not", "never", "without" … within the same clause.
    pub negated: bool,
}

/// The tokens of consecutive segments. Reused from text to text: once warm, nothing is allocated.
#[derive(Debug, Default)]
pub struct Words {
    /// Folded tokens, each followed by one space; one space stands in front.
    folded: Vec<u8>,
    tokens: Vec<Token>,
    /// Where each segment's tokens end.
    ends: Vec<u32>,
}

/// Zeros behind the last token, so that eight bytes can be read anywhere.
const PADDING: usize = 8;
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a over folded bytes: the hash of a word, of a prefix, of a piece.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(FNV_OFFSET, |hash, byte| step(hash, *byte))
}

pub(super) fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME)
}

impl Words {
    pub fn clear(&mut self) {
        self.folded.clear();
        self.folded.push(b' ');
        self.tokens.clear();
        self.ends.clear();
    }

    /// Appends one segment. Call [`Self::finish`] behind the last.
    pub fn push_segment(&mut self, text: &str) {
        if self.folded.is_empty() {
            self.folded.push(b' ');
        }
        Reader::new(text, self).read();
        self.ends.push(self.tokens.len() as u32);
    }

    pub fn finish(&mut self) {
        self.folded.extend_from_slice(&[0; PADDING]);
    }

    #[must_use]
    pub fn segments(&self) -> usize {
        self.ends.len()
    }

    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens of one segment.
    #[must_use]
    pub fn segment(&self, at: usize) -> &[Token] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.tokens[start..self.ends[at] as usize]
    }

    /// The folded bytes of a token.
    #[must_use]
    pub fn bytes(&self, token: &Token) -> &[u8] {
        &self.folded[token.start as usize..token.end as usize]
    }

    /// Eight folded bytes from `at` on, little-endian; zeros behind the end.
    pub(super) fn eight(&self, at: usize) -> u64 {
        self.folded
            .get(at..at + PADDING)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u64::from_le_bytes)
    }

    fn close(&mut self, start: usize, kind: TokenKind, shouted: bool, negated: bool) {
        let end = self.folded.len();
        let hash = hash_bytes(&self.folded[start..end]);
        self.folded.push(b' ');
        self.tokens.push(Token { start: start as u32, end: end as u32, hash, kind, shouted, negated });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let mut words = Words::default();
        words.clear();
        words.push_segment(text);
        words.finish();
        words.tokens().iter().map(|t| String::from_utf8(words.bytes(t).to_vec()).unwrap()).collect()
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(folded("The CAFÉ isn’t soooo good!!!"), ["the", "cafe", "isn't", "soo", "good", "!!"]);
        assert_eq!(
            folded("see https://x.y/z, ask @bob_1 or [email]"),
            ["see", "[url]", "ask", "@user", "or", "[email]"]
        );
        assert_eq!(folded("2 of 1234 :-) <3 … 👍🏽"), ["2", "of", "0000", ":-)", "<3", "..", "👍"]);
        assert_eq!(folded("不好 e\u{301}te"), ["不", "好", "ete"]);
        assert_eq!(folded(""), Vec::<String>::new());
    }

    #[test]
    fn negation_reaches_to_the_end_of_the_clause() {
        let mut words = Words::default();
        words.push_segment("does not work, fine");
        words.finish();
        let negated: Vec<bool> = words.tokens().iter().map(|t| t.negated).collect();
        assert_eq!(negated, [false, false, true, false]);
    }

    #[test]
    fn segments_keep_their_tokens() {
        let mut words = Words::default();
        words.push_segment("one two");
        words.push_segment("");
        words.push_segment("THREE");
        words.finish();
        assert_eq!((0..3).map(|s| words.segment(s).len()).collect::<Vec<_>>(), [2, 0, 1]);
        assert!(words.segment(2)[0].shouted);
    }
}
