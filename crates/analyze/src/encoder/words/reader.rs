//! Reads characters into tokens.

use super::{TokenKind, Words};
use unicode_normalization::char::decompose_canonical;

/// How many words a negation reaches.
const NEGATION_REACH: u8 = 4;

pub(super) struct Reader<'a, 'w> {
    text: &'a str,
    at: usize,
    words: &'w mut Words,
    negation: u8,
}

impl<'a, 'w> Reader<'a, 'w> {
    pub(super) fn new(text: &'a str, words: &'w mut Words) -> Self {
        Self { text, at: 0, words, negation: 0 }
    }

    pub(super) fn read(mut self) {
        while self.at < self.text.len() {
            self.token();
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn token(&mut self) {
        let byte = self.peek(0);
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.word(),
            b'[' if self.placeholder() => {}
            b'@' if self.peek(1).is_ascii_alphanumeric() => self.mention(),
            0..=b' ' => self.at += 1,
            0x80.. => self.beyond_ascii(),
            _ => self.mark(byte),
        }
    }

    /// `[email]` and its like, as redaction leaves them.
    fn placeholder(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.at + 1..];
        let length = rest.iter().take(12).take_while(|b| b.is_ascii_lowercase()).count();
        if length < 2 || rest.get(length) != Some(&b']') {
            return false;
        }
        let end = self.at + length + 2;
        self.literal(end, TokenKind::Placeholder);
        true
    }

    fn literal(&mut self, end: usize, kind: TokenKind) {
        let start = self.words.folded.len();
        self.words.folded.extend_from_slice(&self.text.as_bytes()[self.at..end]);
        self.at = end;
        self.words.close(start, kind, false, false);
    }

    fn fixed(&mut self, name: &[u8], kind: TokenKind) {
        let start = self.words.folded.len();
        self.words.folded.extend_from_slice(name);
        self.words.close(start, kind, false, false);
    }

    fn mention(&mut self) {
        self.at += 1;
        while matches!(self.peek(0), b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') {
            self.at += 1;
        }
        self.fixed(b"@user", TokenKind::Placeholder);
    }

    fn is_link(&self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let starts =
            |prefix: &[u8]| rest.len() >= prefix.len() && rest[..prefix.len()].eq_ignore_ascii_case(prefix);
        starts(b"http://")
            || starts(b"https://")
            || starts(b"www.")
            // Data sets that were anonymised leave the bare scheme.
            || (starts(b"http") && !rest.get(4).is_some_and(u8::is_ascii_alphanumeric))
    }

    fn word(&mut self) {
        if matches!(self.peek(0), b'h' | b'H' | b'w' | b'W') && self.is_link() {
            while self.at < self.text.len() && !self.peek(0).is_ascii_whitespace() {
                self.at += 1;
            }
            return self.fixed(b"[url]", TokenKind::Placeholder);
        }
        let start = self.words.folded.len();
        let shape = self.fold_word(start);
        if shape.letters == 0 && shape.digits > 2 {
            self.words.folded[start..].fill(b'0');
        }
        let kind = if shape.letters == 0 { TokenKind::Number } else { TokenKind::Word };
        let shouted = shape.letters >= 2 && shape.capitals == shape.letters;
        let negated = self.negation > 0;
        if is_negation(&self.words.folded[start..]) {
            self.negation = NEGATION_REACH;
        } else {
            self.negation = self.negation.saturating_sub(1);
        }
        self.words.close(start, kind, shouted, negated);
    }

    fn fold_word(&mut self, start: usize) -> Shape {
        let mut shape = Shape::default();
        loop {
            let byte = self.peek(0);
            match byte {
                b'a'..=b'z' => self.letter(start, byte, &mut shape),
                b'A'..=b'Z' => {
                    shape.capitals += 1;
                    self.letter(start, byte | 0x20, &mut shape);
                }
                b'0'..=b'9' => {
                    shape.digits += 1;
                    self.at += 1;
                    self.words.folded.push(byte);
                }
                b'\'' if self.peek(1).is_ascii_alphabetic() => {
                    self.at += 1;
                    self.words.folded.push(b'\'');
                }
                0x80.. if self.wide_letter(&mut shape) => {}
                _ => return shape,
            }
        }
    }

    fn letter(&mut self, start: usize, folded: u8, shape: &mut Shape) {
        shape.letters += 1;
        self.at += 1;
        let so_far = &self.words.folded[start..];
        if !(so_far.len() >= 2 && so_far.ends_with(&[folded, folded])) {
            self.words.folded.push(folded);
        }
    }

    /// A letter beyond ASCII inside a word: folded and consumed; false where the word ends here.
    fn wide_letter(&mut self, shape: &mut Shape) -> bool {
        let Some(letter) = self.text[self.at..].chars().next() else { return false };
        let next = self.text.as_bytes().get(self.at + letter.len_utf8());
        match letter {
            '\u{2019}' if next.is_some_and(u8::is_ascii_alphabetic) => self.words.folded.push(b'\''),
            // Combining marks: folded away.
            '\u{300}'..='\u{36f}' => {}
            _ if letter.is_alphanumeric() && !stands_alone(letter) => {
                shape.letters += 1;
                shape.capitals += u32::from(letter.is_uppercase());
                fold(letter, &mut self.words.folded);
            }
            _ => return false,
        }
        self.at += letter.len_utf8();
        true
    }

    fn beyond_ascii(&mut self) {
        let Some(letter) = self.text[self.at..].chars().next() else { return };
        match letter {
            // Joiners, variation selectors and skin tones change an emoji, not its feeling.
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' => self.at += letter.len_utf8(),
            _ if stands_alone(letter) => {
                self.literal(self.at + letter.len_utf8(), TokenKind::Mark);
            }
            _ if letter.is_alphanumeric() => self.word(),
            '\u{2026}' => {
                self.at += letter.len_utf8();
                self.negation = 0;
                self.fixed(b"..", TokenKind::Mark);
            }
            _ => self.at += letter.len_utf8(),
        }
    }

    fn mark(&mut self, byte: u8) {
        if let Some(length) = self.emoticon() {
            return self.literal(self.at + length, TokenKind::Mark);
        }
        let run = self.text.as_bytes()[self.at..].iter().take_while(|b| **b == byte).count();
        self.at += run;
        match byte {
            b'!' | b'?' => {
                self.negation = 0;
                self.fixed(&[byte, byte][..run.min(2)], TokenKind::Mark);
            }
            b'.' if run > 1 => {
                self.negation = 0;
                self.fixed(b"..", TokenKind::Mark);
            }
            b'.' | b',' | b';' | b':' | b'(' | b')' => self.negation = 0,
            b'*' | b'$' | b'%' | b'+' | b'/' => self.fixed(&[byte], TokenKind::Mark),
            _ => {}
        }
    }

    /// The length of `:)`, `;-)`, `=D`, `:'(`, `<3` at this place.
    fn emoticon(&self) -> Option<usize> {
        let byte = self.peek(0);
        if byte == b'<' && self.peek(1) == b'3' {
            return Some(2);
        }
        if !matches!(byte, b':' | b';' | b'=') {
            return None;
        }
        let nose = usize::from(matches!(self.peek(1), b'-' | b'\''));
        let mouth = self.peek(1 + nose);
        let ends = !self.peek(2 + nose).is_ascii_alphanumeric();
        let fits = matches!(mouth, b')' | b'(' | b']' | b'[' | b'|' | b'/')
            || (ends && matches!(mouth, b'D' | b'P' | b'p' | b'O' | b'o' | b'S' | b's' | b'*'));
        fits.then_some(2 + nose)
    }
}

#[derive(Default)]
struct Shape {
    letters: u32,
    capitals: u32,
    digits: u32,
}

/// Emoji, symbols, and scripts without spaces between words: one token a character.
fn stands_alone(letter: char) -> bool {
    matches!(letter,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{1f000}'..='\u{1faff}')
}

fn fold(letter: char, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    for lower in letter.to_lowercase() {
        decompose_canonical(lower, |part| {
            if !matches!(part, '\u{300}'..='\u{36f}') {
                out.extend_from_slice(part.encode_utf8(&mut buffer).as_bytes());
            }
        });
    }
}

fn is_negation(word: &[u8]) -> bool {
    word.ends_with(b"n't")
        || matches!(
            word,
            b"not"
                | b"no"
                | b"never"
                | b"without"
                | b"nothing"
                | b"nobody"
                | b"none"
                | b"neither"
                | b"nor"
                | b"hardly"
                | b"barely"
                | b"cannot"
                | b"dont"
                | b"cant"
                | b"wont"
                | b"didnt"
                | b"doesnt"
                | b"isnt"
                | b"wasnt"
                | b"arent"
                | b"werent"
                | b"couldnt"
                | b"wouldnt"
                | b"havent"
                | b"hasnt"
                | b"aint"
                | b"lacks"
                | b"lacking"
        )
}
