//! Sentences and contrasting clauses: the units that carry a topic and a sentiment of their own.
//!
//! "Love the app, but it crashes" is two segments. A segment is never empty, holds no blanks at its ends, and
//! segments are in order and apart. What lies between them is blanks, and the joints of a list.

mod words;

use feedback::span::Span;

/// Segments of one text at most; what lies beyond is no segment.
pub const MAX_SEGMENTS: usize = 128;
/// Bytes of a text that are looked at.
pub const MAX_BYTES: usize = 16 * 1024;
/// A sentence without punctuation is cut at a joining word after so many words …
const LONG: usize = 24;
/// … and anywhere after so many.
const TOO_LONG: usize = 48;
/// Words that either side of a contrast has at least.
const MIN_CLAUSE: usize = 2;

/// A sentence or clause of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Byte range in the text.
    pub start: u32,
    pub end: u32,
    /// The same range in characters.
    pub span: Span,
}

impl Segment {
    /// The words, of the text it was cut from.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Replaces the contents of `out` by the segments of the text.
pub fn segment_into(text: &str, out: &mut Vec<Segment>) {
    out.clear();
    let text = head(text);
    let mut cutter = Cutter { text, out, start: 0, counted: 0, chars: 0, words: 0, concession: false };
    cutter.run();
}

/// The text up to [`MAX_BYTES`].
fn head(text: &str) -> &str {
    if text.len() <= MAX_BYTES {
        return text;
    }
    let end = (0..=MAX_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

struct Cutter<'t, 'o> {
    text: &'t str,
    out: &'o mut Vec<Segment>,
    /// Where the current segment begins.
    start: usize,
    /// How far characters are counted, and how many those are.
    counted: usize,
    chars: u32,
    /// Words of the current segment so far.
    words: usize,
    /// It began with "although" and ends at its comma.
    concession: bool,
}

impl Cutter<'_, '_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while at < bytes.len() && self.out.len() < MAX_SEGMENTS {
            at = match KINDS[usize::from(bytes[at])] {
                Kind::Letter => self.word(at),
                Kind::Other => at + 1,
                Kind::Newline => {
                    self.cut(at, at + 1);
                    at + 1
                }
                Kind::Stop => self.stop(at),
                Kind::Comma => {
                    if self.concession
                        && self.words >= MIN_CLAUSE
                        && words_ahead(self.text, at + 1, MIN_CLAUSE)
                    {
                        self.cut(at + 1, at + 1);
                    }
                    at + 1
                }
                Kind::Wide => self.wide(at),
            };
        }
        if self.out.len() < MAX_SEGMENTS {
            self.cut(bytes.len(), bytes.len());
        }
    }

    /// Ends the current segment and begins the next.
    fn cut(&mut self, end: usize, next: usize) {
        let piece = &self.text[self.start..end];
        let trimmed = piece.trim_start_matches(is_joint);
        let start = self.start + piece.len() - trimmed.len();
        let end = start + trimmed.trim_end().len();
        let before = self.chars_at(start);
        if self.text[start..end].chars().any(|c| c.is_alphanumeric() || !c.is_ascii() && !c.is_whitespace()) {
            let span = Span::new(before, self.chars_at(end));
            self.out.push(Segment { start: start as u32, end: end as u32, span });
        }
        (self.start, self.words, self.concession) = (next, 0, false);
    }

    fn chars_at(&mut self, at: usize) -> u32 {
        let piece = &self.text.as_bytes()[self.counted..at];
        // Every character has one byte that continues none.
        self.chars += piece.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u32;
        self.counted = at;
        self.chars
    }

    /// A word begins here; it may begin a clause.
    fn word(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at + self.text[at..].chars().next().map_or(1, char::len_utf8);
        while end < bytes.len() && (KINDS[usize::from(bytes[end])] == Kind::Letter || in_word(bytes, end)) {
            end += 1;
        }
        // A long vowel of Latin-1 or Cyrillic goes on with a wide byte; the word then is what follows, too.
        let end = letters_end(self.text, end);
        let word = &self.text[at..end];
        if self.words == 0 {
            self.concession = words::concedes(word);
        } else if self.words >= MIN_CLAUSE
            && words::contrasts(word, || before_word(self.text, at))
            && !words::negates(self.previous(at), word, &self.text[end..])
            && words_ahead(self.text, end, MIN_CLAUSE)
        {
            // "even though" is one.
            let even = self.previous(at).eq_ignore_ascii_case("even");
            let begin = if even { self.text[..at].trim_end().len() - "even".len() } else { at };
            self.cut(begin, begin);
        } else if self.words >= TOO_LONG || self.words >= LONG && words::joins(word) {
            self.cut(at, at);
        }
        self.words += 1;
        end
    }

    /// The word before this place.
    fn previous(&self, at: usize) -> &str {
        self.text[self.start..at].trim_end().rsplit(char::is_whitespace).next().unwrap_or_default()
    }

    /// One of `. ! ? ;` and what follows it.
    fn stop(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at + 1;
        while end < bytes.len() && matches!(bytes[end], b'.' | b'!' | b'?' | b'"' | b'\'' | b')' | b']') {
            end += 1;
        }
        if bytes[at] == b';' && !words_ahead(self.text, end, MIN_CLAUSE) {
            return end;
        }
        let followed = bytes.get(end).is_none_or(|b| b.is_ascii_whitespace() || *b >= 0x80);
        let single = bytes[at] == b'.' && end == at + 1;
        // `Great!Love it` has forgotten its blank; `3.5`, `a.b` and `?x=1` have not.
        let glued =
            bytes[at] != b'.' && bytes[at] != b'?' && bytes.get(end).is_some_and(u8::is_ascii_uppercase);
        if !(followed || glued) || single && self.abbreviates(at) {
            return end;
        }
        self.cut(end, end);
        end
    }

    /// Whether the point behind this word ends no sentence.
    fn abbreviates(&self, at: usize) -> bool {
        let before = &self.text[self.start..at];
        let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        let after = self.text[at + 1..].trim_start().chars().next();
        let lower = after.is_some_and(char::is_lowercase);
        if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
            // The number of a list, or an ordinal: "1. Login", "am 3. mai".
            return word.len() <= 2 && (lower || before.trim_start().len() == word.len());
        }
        words::abbreviates(word, lower)
    }

    /// A character beyond ASCII: another script's stops, or an emoji before a new sentence.
    fn wide(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at..].chars().next() else { return at + 1 };
        let end = at + c.len_utf8();
        match c {
            '。' | '！' | '？' | '｡' | '؟' | '।' | '॥' | '۔' => self.cut(end, end),
            '…' if self.text[end..].starts_with(char::is_whitespace) => self.cut(end, end),
            '•' | '·' | '▪' | '◦' | '‣' if self.text[end..].starts_with(' ') => self.cut(at, end),
            '\u{2028}' | '\u{2029}' => self.cut(at, end),
            c if is_emoji(c) => return self.emoji(end),
            '，' | '、' if self.words >= LONG => self.cut(end, end),
            c if is_unspaced(c) => return self.unspaced(at),
            c if c.is_alphabetic() => return self.word(at),
            _ => {}
        }
        end
    }

    /// Emoji close a sentence where the next word begins with a capital.
    fn emoji(&mut self, end: usize) -> usize {
        let rest = &self.text[end..];
        let run = rest.len() - rest.trim_start_matches(|c| is_emoji(c) || is_emoji_part(c)).len();
        let end = end + run;
        let after = self.text[end..].trim_start_matches(' ');
        let spaced = after.len() < self.text.len() - end;
        if self.words > 0 && spaced && after.starts_with(char::is_uppercase) {
            self.cut(end, end);
        }
        end
    }

    /// Contrasts of scripts without blanks.
    fn unspaced(&mut self, at: usize) -> usize {
        let found = words::UNSPACED.iter().find(|word| self.text[at..].starts_with(**word));
        let before = self.text[self.start..at].chars().filter(|c| c.is_alphanumeric()).count();
        let Some(word) = found.filter(|_| before >= 3) else {
            self.words += 1;
            return at + self.text[at..].chars().next().map_or(1, char::len_utf8);
        };
        self.cut(at, at);
        self.words += 1;
        at + word.len()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Other,
    Newline,
    Stop,
    Comma,
    Wide,
}

static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Kind::Letter,
            b'\n' => Kind::Newline,
            b'.' | b'!' | b'?' | b';' => Kind::Stop,
            b',' => Kind::Comma,
            0x80.. => Kind::Wide,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

/// An apostrophe, hyphen or point between letters belongs to the word.
fn in_word(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at], b'\'' | b'-' | b'_' | b'.' | b'@' | b'/' | b':')
        && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
}

fn letters_end(text: &str, mut end: usize) -> usize {
    while let Some(c) =
        text[end..].chars().next().filter(|c| *c == '’' || c.is_alphanumeric() && !is_unspaced(*c))
    {
        end += c.len_utf8();
    }
    end
}

/// The last sign before a word, blanks apart.
fn before_word(text: &str, at: usize) -> Option<char> {
    text[..at].trim_end().chars().next_back()
}

/// Whether so many words follow in the same line.
fn words_ahead(text: &str, from: usize, least: usize) -> bool {
    let mut end = (from + 96).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let line = text[from..end].lines().next().unwrap_or_default();
    line.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).take(least).count() == least
}

/// Scripts without blanks between words: ideographs and kana.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What joins items of a list and begins none.
fn is_joint(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '*' | '•' | '·' | '▪' | '◦' | '‣' | '>' | ',' | ';' | '–' | '—')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' | '\u{2b00}'..='\u{2bff}')
}

/// Joiners, skin tones and variation selectors.
fn is_emoji_part(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{20e3}')
}

#[cfg(test)]
mod tests;
