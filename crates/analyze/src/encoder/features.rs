//! Hashed n-grams: the one pass over a text that all linear heads share.
//!
//! Words 1 to 3, characters 3 to 5 within a word and its borders, negated words, shouting, and for an
//! answer each word together with the question asked. A feature is the bucket it hashes to; nothing
//! else of it is kept. Training and inference call this same code.

use super::question::Question;
use super::words::{Token, TokenKind, Words};

/// Buckets are the upper bits of a 64-bit hash: a head with fewer buckets takes fewer bits of the same.
pub const BUCKET_BITS: u32 = 22;

const WORD_2: u64 = 0x9e37_79b9_7f4a_7c15;
const WORD_3: u64 = 0xc2b2_ae3d_27d4_eb4f;
const NEGATED: u64 = 0x5851_f42d_4c95_7f2d;
const SHOUTED: u64 = 0x2545_f491_4f6c_dd1d;
const ASKED: u64 = 0xd6e8_feb8_6659_fd93;
const ASKED_EXACTLY: u64 = 0xa076_1d64_78bd_642f;
const CHARS: [u64; 3] = [0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3];
const SPREAD: u64 = 0xff51_afd7_ed55_8ccd;
/// Longer words are mostly noise; their beginning stands for them.
const LONGEST_WORD: usize = 24;

/// Buckets of consecutive segments, words and characters apart. Reused from text to text.
#[derive(Debug, Default)]
pub struct Features {
    words: Vec<u32>,
    chars: Vec<u32>,
    ends: Vec<(u32, u32)>,
}

impl Features {
    /// Replaces what was there by the features of `words`.
    pub fn extract(&mut self, words: &Words, question: &Question) {
        self.words.clear();
        self.chars.clear();
        self.ends.clear();
        for at in 0..words.segments() {
            let tokens = words.segment(at);
            self.word_grams(tokens, question);
            for token in tokens.iter().filter(|t| t.kind == TokenKind::Word) {
                self.char_grams(words, token);
            }
            self.ends.push((self.words.len() as u32, self.chars.len() as u32));
        }
    }

    #[must_use]
    pub fn segments(&self) -> usize {
        self.ends.len()
    }

    /// All buckets: words, characters.
    #[must_use]
    pub fn all(&self) -> (&[u32], &[u32]) {
        (&self.words, &self.chars)
    }

    /// The buckets of one segment: words, characters.
    #[must_use]
    pub fn segment(&self, at: usize) -> (&[u32], &[u32]) {
        let (words, chars) = if at == 0 { (0, 0) } else { self.ends[at - 1] };
        let end = self.ends[at];
        (&self.words[words as usize..end.0 as usize], &self.chars[chars as usize..end.1 as usize])
    }

    fn word(&mut self, hash: u64) {
        self.words.push(bucket(hash));
    }

    fn word_grams(&mut self, tokens: &[Token], question: &Question) {
        let (mut one, mut two) = (0u64, 0u64);
        for token in tokens {
            let hash = token.hash;
            self.word(hash);
            if token.negated {
                self.word(hash ^ NEGATED);
            }
            if token.shouted {
                self.word(SHOUTED);
            }
            if let Some(kind) = question.kind {
                self.word((hash ^ kind as u64).wrapping_mul(ASKED));
                self.word((hash ^ question.hash).wrapping_mul(ASKED_EXACTLY));
            }
            if one != 0 {
                let pair = one.wrapping_mul(WORD_2) ^ hash;
                self.word(pair);
                if two != 0 {
                    self.word((two.wrapping_mul(WORD_3) ^ pair).wrapping_mul(WORD_3));
                }
            }
            (two, one) = (one, hash);
        }
        if let Some(kind) = question.kind {
            self.word((kind as u64).wrapping_mul(ASKED));
            self.word(question.hash.wrapping_mul(ASKED_EXACTLY));
        }
    }

    /// With the space before and behind, so that beginnings and ends of words differ from middles.
    fn char_grams(&mut self, words: &Words, token: &Token) {
        let start = token.start as usize - 1;
        let end = (token.end as usize + 1).min(start + LONGEST_WORD + 2);
        for at in start..end.saturating_sub(2) {
            let eight = words.eight(at);
            let room = end - at;
            for (extra, seed) in CHARS.iter().enumerate().take(room - 2) {
                let mask = (1u64 << (8 * (3 + extra))) - 1;
                self.chars.push(bucket((eight & mask).wrapping_mul(*seed)));
            }
        }
    }
}

fn bucket(hash: u64) -> u32 {
    (hash ^ (hash >> 32)).wrapping_mul(SPREAD).wrapping_shr(64 - BUCKET_BITS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str, question: Option<&str>) -> Features {
        let mut words = Words::default();
        words.push_segment(text);
        words.finish();
        let mut features = Features::default();
        features.extract(&words, &Question::of(question));
        features
    }

    #[test]
    fn counts_follow_from_the_text() {
        let (words, chars) = (features("not good", None), features("good", None));
        // not, good, good negated, the pair.
        assert_eq!(words.all().0.len(), 4);
        // " good ": 4 + 3 + 2.
        assert_eq!(chars.all().1.len(), 9);
    }

    #[test]
    fn the_question_belongs_to_the_answer() {
        let bare = features("nothing", None);
        let improve = features("nothing", Some("What could we improve?"));
        let good = features("nothing", Some("What did you like?"));
        assert_ne!(bare.all().0, improve.all().0);
        assert_ne!(improve.all().0, good.all().0);
    }

    #[test]
    fn buckets_stay_in_range() {
        let all = features("Ünïcode 🙂 words, and a verylongwordthatgoesonandonandonandon", None);
        let (words, chars) = all.all();
        assert!(words.iter().chain(chars).all(|b| *b < 1 << BUCKET_BITS));
    }
}
