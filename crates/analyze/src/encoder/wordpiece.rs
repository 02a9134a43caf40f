//! Static word vectors: the WordPiece table of all-MiniLM-L6-v2, reduced to 64 dimensions.
//!
//! A text's vector is the sum of its pieces' rows; how much a piece weighs (its rarity) is already
//! in the row. Rows are found by the hash of the piece, so the vocabulary's strings are not needed.

use super::words::{Token, TokenKind, Words, step};

pub const DIMENSIONS: usize = 64;

/// A direction: L2 length 127, rounded. All zeros where there are no known words.
pub type Vector = [i8; DIMENSIONS];
/// A sum of rows, before it is brought to length.
pub type Sum = [i32; DIMENSIONS];

/// Where the hash of a piece begins: word beginnings and continuations ("##ing") are different pieces.
const BEGIN: u64 = 0xcbf2_9ce4_8422_2325;
const CONTINUE: u64 = 0x8422_2325_cbf2_9ce4;
/// Longer words are not in the vocabulary and are not taken apart.
const LONGEST: usize = 32;
const EMPTY: u32 = u32::MAX;

/// The rows and an open-addressing index over the hashes of their pieces.
pub struct Pieces<'w> {
    rows: &'w [[u8; DIMENSIONS]],
    rarities: &'w [u8],
    hashes: Vec<u64>,
    /// Row numbers; a power of two of slots, at most half of them taken.
    slots: Vec<u32>,
}

/// The hash of a vocabulary entry as written in `vocab.txt`; `##` marks a continuation.
#[must_use]
pub fn piece_hash(piece: &str) -> u64 {
    match piece.strip_prefix("##") {
        Some(rest) if !rest.is_empty() => extend(CONTINUE, rest.as_bytes()),
        _ => extend(BEGIN, piece.as_bytes()),
    }
}

fn extend(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, byte| step(hash, *byte))
}

impl<'w> Pieces<'w> {
    /// The three run in parallel.
    #[must_use]
    pub fn new(hashes: Vec<u64>, rows: &'w [[u8; DIMENSIONS]], rarities: &'w [u8]) -> Self {
        let mut slots = vec![EMPTY; (hashes.len() * 2).next_power_of_two().max(2)];
        for (row, hash) in hashes.iter().enumerate().take(rows.len()) {
            let mut at = slot(*hash, slots.len());
            while slots[at] != EMPTY {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = row as u32;
        }
        Self { rows, rarities, hashes, slots }
    }

    fn find(&self, hash: u64) -> Option<u32> {
        let mut at = slot(hash, self.slots.len());
        loop {
            let row = self.slots[at];
            if row == EMPTY {
                return None;
            }
            if self.hashes[row as usize] == hash {
                return Some(row);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// How rare a word is, from 0 ("the") to 1; a word that is not one piece counts as rare.
    #[must_use]
    pub fn rarity(&self, token: &Token) -> f32 {
        self.find(token.hash).map_or(1.0, |row| f32::from(self.rarities[row as usize]) / 255.0)
    }

    /// Adds the vectors of the tokens; returns how many words had one.
    pub fn add(&self, words: &Words, tokens: &[Token], sum: &mut Sum) -> usize {
        let mut known = 0;
        self.each_row(words, tokens, |row, first| {
            known += usize::from(first);
            for (total, value) in sum.iter_mut().zip(&self.rows[row as usize]) {
                // Wrapping, here and below: no sum of a bounded text overflows, and a check would keep the loop scalar.
                *total = total.wrapping_add(i32::from(*value as i8));
            }
        });
        known
    }

    /// The vector of a text by itself, read as one segment.
    #[must_use]
    pub fn embed(&self, text: &str) -> Vector {
        let mut words = Words::default();
        words.push_segment(text);
        words.finish();
        self.vector(&words, words.tokens())
    }

    /// The vector of these tokens.
    #[must_use]
    pub fn vector(&self, words: &Words, tokens: &[Token]) -> Vector {
        let mut sum = [0; DIMENSIONS];
        self.add(words, tokens, &mut sum);
        normalised(&sum)
    }

    /// Calls with the row of every piece, and whether it begins a word.
    pub fn each_row(&self, words: &Words, tokens: &[Token], mut found: impl FnMut(u32, bool)) {
        for token in tokens.iter().filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Number)) {
            // The hash of a token is that of a beginning piece.
            match self.find(token.hash) {
                Some(row) => found(row, true),
                None => self.take_apart(words.bytes(token), &mut found),
            }
        }
    }

    /// Greedy, longest piece first, as WordPiece does. Apostrophes part words, as in BERT.
    fn take_apart(&self, word: &[u8], found: &mut impl FnMut(u32, bool)) {
        if word.len() > LONGEST {
            return;
        }
        let mut first = true;
        for part in word.split(|b| *b == b'\'').filter(|p| p.len() > 1) {
            let mut rows = [0u32; LONGEST];
            let Some(count) = self.pieces(part, &mut rows) else { continue };
            for row in &rows[..count] {
                found(*row, first);
                first = false;
            }
        }
    }

    /// `None` where some piece of the word is unknown: then the whole word is.
    fn pieces(&self, word: &[u8], rows: &mut [u32; LONGEST]) -> Option<usize> {
        let (mut at, mut count) = (0, 0);
        while at < word.len() {
            let mut longest = None;
            let mut hash = if at == 0 { BEGIN } else { CONTINUE };
            for (end, byte) in word.iter().enumerate().skip(at) {
                hash = step(hash, *byte);
                if let Some(row) = self.find(hash) {
                    longest = Some((row, end + 1));
                }
            }
            let (row, end) = longest?;
            rows[count] = row;
            count += 1;
            at = end;
        }
        Some(count)
    }
}

fn slot(hash: u64, slots: usize) -> usize {
    ((hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) as usize & (slots - 1)
}

/// A sum brought to length 127 and rounded; zeros stay zeros.
#[must_use]
pub fn normalised(sum: &Sum) -> Vector {
    let squares: f32 = sum.iter().map(|v| *v as f32 * *v as f32).sum();
    let scale = if squares > 0.0 { 127.0 / squares.sqrt() } else { 0.0 };
    // Rounds half away from zero, as `round` does, but without a call.
    sum.map(|v| {
        let x = v as f32 * scale;
        (x + 0.5f32.copysign(x)) as i8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: i8) -> [u8; DIMENSIONS] {
        [value as u8; DIMENSIONS]
    }

    #[test]
    fn words_are_taken_apart_greedily() {
        let rows = [row(1), row(2), row(4), row(8)];
        let hashes = ["log", "##in", "##ins", "log in"].map(piece_hash).to_vec();
        let pieces = Pieces::new(hashes, &rows, &[0; 4]);
        let mut words = Words::default();
        words.push_segment("logins log's logx xlog");
        words.finish();
        let mut sum = [0; DIMENSIONS];
        let known = pieces.add(&words, words.tokens(), &mut sum);
        // logins = log + ##ins, log's = log; the others hold an unknown piece.
        assert_eq!((known, sum[0]), (2, 1 + 4 + 1));
    }

    #[test]
    fn vectors_have_length_127() {
        let mut sum = [0; DIMENSIONS];
        sum[3] = -7;
        assert_eq!(normalised(&sum)[3], -127);
        assert_eq!(normalised(&[0; DIMENSIONS]), [0; DIMENSIONS]);
    }
}
