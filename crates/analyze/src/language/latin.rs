//! Languages of the Latin script, told by their words and letters.

use super::{Language, Verdict, words};
use std::sync::LazyLock;

/// At most 32: a word's languages are the bits of one number.
const LANGUAGES: usize = words::WORDS.len();
/// What a word or letter counts where one language alone has it.
const ALONE: u32 = 6;
/// Points that settle it early, if nobody is near.
const ENOUGH: u32 = 10 * ALONE;
/// Bytes of letters from which trigrams say something.
const TRIGRAMS_FROM: usize = 24;

/// The words of all languages by hash; a slot holds the hash and the languages' bits.
struct Index {
    slots: Vec<(u64, u32)>,
    /// The same for single letters beyond ASCII, in order.
    letters: Vec<(char, u32)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::build);

impl Index {
    const SLOTS: usize = 8192;

    fn build() -> Self {
        let mut index = Self { slots: vec![(0, 0); Self::SLOTS], letters: Vec::new() };
        for (bit, (_, list)) in words::WORDS.iter().enumerate() {
            for word in list.split_whitespace() {
                let slot = index.slot(hash(word.as_bytes()));
                index.slots[slot] = (hash(word.as_bytes()), index.slots[slot].1 | 1 << bit);
            }
        }
        for (letters, codes) in words::LETTERS {
            let bits =
                codes.split(' ').filter_map(|code| words::WORDS.iter().position(|(known, _)| *known == code));
            let mask = bits.fold(0, |mask, bit| mask | 1 << bit);
            index.letters.extend(letters.chars().map(|letter| (letter, mask)));
        }
        index.letters.sort_unstable_by_key(|(letter, _)| *letter);
        index
    }

    /// Where the hash stands, or would.
    fn slot(&self, hash: u64) -> usize {
        let mut slot = (hash >> 40) as usize % Self::SLOTS;
        while self.slots[slot].0 != 0 && self.slots[slot].0 != hash {
            slot = (slot + 1) % Self::SLOTS;
        }
        slot
    }

    fn letter(&self, letter: char) -> u32 {
        self.letters.binary_search_by_key(&letter, |(known, _)| *known).map_or(0, |at| self.letters[at].1)
    }
}

/// FNV-1a with a final mix; a zero would mean an empty slot.
fn hash(word: &[u8]) -> u64 {
    let hash = word.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ hash >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1
}

struct Tally {
    points: [u32; LANGUAGES],
    words: u32,
}

impl Tally {
    fn add(&mut self, mut mask: u32, alone: u32) {
        let worth = match mask.count_ones() {
            0 => return,
            1 => alone,
            2 => alone / 2,
            3 => alone / 3,
            _ => 1,
        };
        while mask != 0 {
            self.points[mask.trailing_zeros() as usize] += worth;
            mask &= mask - 1;
        }
    }

    /// The best language with its points, and the second's points.
    fn lead(&self) -> (usize, u32, u32) {
        let (mut best, mut first, mut second) = (0, 0, 0);
        for (language, points) in self.points.iter().enumerate() {
            if *points > first {
                (best, second, first) = (language, first, *points);
            } else {
                second = second.max(*points);
            }
        }
        (best, first, second)
    }
}

pub(super) fn judge(text: &str, hint: Option<Language>) -> Verdict {
    let tally = count(text);
    let (best, first, second) = tally.lead();
    let language = Language(words::WORDS[best].0);
    // Clear: two words' worth and a third more than anyone else, or one word's and three times as much; in few
    // words twice as much.
    let clear = first >= 2 * ALONE && 3 * first >= 4 * second || first >= ALONE && first >= 3 * second;
    let few = tally.words <= 8 && first >= ALONE - 1 && first >= 2 * second;
    // A longer text in which hardly a word is known is in a language that has no list.
    let sparse = tally.words >= 8 && 3 * first < 2 * tally.words;
    if (clear || few) && !sparse {
        return Verdict::Clear(language);
    }
    if let Some(hint) = hint.filter(|hint| words::WORDS.iter().any(|(code, _)| *code == hint.as_str())) {
        let place = words::WORDS.iter().position(|(code, _)| *code == hint.as_str()).unwrap_or_default();
        if first > 0 && 3 * tally.points[place] >= 2 * first {
            return Verdict::Clear(hint);
        }
    }
    let letters = text.bytes().filter(|b| b.is_ascii_alphabetic() || *b >= 0x80).count();
    if letters < TRIGRAMS_FROM || tally.words < 4 {
        return Verdict::Open;
    }
    // Near ties have trigrams decide; a text without any evidence, all languages.
    let near =
        tally.points.iter().enumerate().filter(|(_, points)| first >= ALONE && 3 * *points >= 2 * first);
    let near: Vec<Language> = near.map(|(place, _)| Language(words::WORDS[place].0)).collect();
    super::trigrams(text, if near.len() <= 4 && !sparse { &near } else { &[] })
}

fn count(text: &str) -> Tally {
    let index = &*INDEX;
    let bytes = text.as_bytes();
    let mut tally = Tally { points: [0; LANGUAGES], words: 0 };
    let mut word = Word { bytes: [0; 24], len: 0 };
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'a'..=b'z' => word.push(byte),
            b'A'..=b'Z' => word.push(byte | 0x20),
            b'\'' if word.len > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => {
                word.push(byte)
            }
            0x80.. => {
                at += letter(&text[at..], index, &mut word, &mut tally);
                continue;
            }
            b'[' if word.len == 0 => {
                at += placeholder(&bytes[at..]);
                continue;
            }
            b'@' | b'#' => {
                // A name or a tag in any language.
                at += bytes[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count();
                word.len = 0;
                continue;
            }
            _ if word.len > 0 && word.end(index, &mut tally) => return tally,
            _ => {}
        }
        at += 1;
    }
    word.end(index, &mut tally);
    tally
}

/// A character beyond ASCII: part of a word, a sign of a language, or the end of a word. Its length.
fn letter(rest: &str, index: &Index, word: &mut Word, tally: &mut Tally) -> usize {
    let Some(c) = rest.chars().next() else { return 1 };
    if c == '’' && word.len > 0 {
        word.push(b'\'');
        return c.len_utf8();
    }
    let lower = match c {
        'À'..='Þ' if c != '×' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        c if c.is_uppercase() => c.to_lowercase().next().unwrap_or(c),
        c => c,
    };
    tally.add(index.letter(lower), ALONE / 2);
    if lower.is_alphabetic() {
        lower.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| word.push(byte));
    } else if word.len > 0 {
        word.end(index, tally);
    }
    c.len_utf8()
}

/// Past `[email]`; 1 where it is none.
fn placeholder(bytes: &[u8]) -> usize {
    let inner = bytes[1..].iter().take(6).take_while(|b| b.is_ascii_lowercase()).count();
    if inner >= 2 && bytes.get(inner + 1) == Some(&b']') { inner + 2 } else { 1 }
}

struct Word {
    bytes: [u8; 24],
    len: usize,
}

impl Word {
    fn push(&mut self, byte: u8) {
        if self.len < self.bytes.len() {
            self.bytes[self.len] = byte;
        }
        self.len += 1;
    }

    /// Counts the word. Whether that settles it.
    fn end(&mut self, index: &Index, tally: &mut Tally) -> bool {
        let len = std::mem::take(&mut self.len);
        if len == 0 {
            return false;
        }
        tally.words += 1;
        if len > self.bytes.len() {
            return false;
        }
        let word = &self.bytes[..len];
        if !count_word(word, index, tally) {
            // `l'appli`: the article tells as much as the word.
            if let Some(mark) = word.iter().position(|b| *b == b'\'') {
                count_word(&word[..=mark], index, tally);
                count_word(&word[mark + 1..], index, tally);
            }
        }
        if tally.words.is_multiple_of(8) {
            let (_, first, second) = tally.lead();
            return first >= ENOUGH && first >= 3 * second;
        }
        false
    }
}

/// Whether any language has the word.
fn count_word(word: &[u8], index: &Index, tally: &mut Tally) -> bool {
    // One letter says less, and so do two.
    let alone = match word.len() {
        0 => return false,
        1 => 2,
        2 => ALONE - 2,
        _ => ALONE,
    };
    let (_, mask) = index.slots[index.slot(hash(word))];
    tally.add(mask, alone);
    mask != 0
}
