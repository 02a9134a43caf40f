//! Sees through disguise: the text as plain digits, signs and letters, with the way back to where each
//! piece stands.
//!
//! Folded are full-width, mathematical, circled and superscript forms, the digits of other scripts, blanks
//! and dashes of every width, and the escapes of JSON (`\u0040`), URLs (`%40`) and HTML (`&#64;`).
//! Invisible characters disappear.

use std::borrow::Cow;
use std::ops::Range;

/// A text as the matchers read it.
pub(super) struct View<'t> {
    folded: Option<Folded>,
    text: &'t str,
}

#[derive(Default)]
struct Folded {
    text: String,
    /// For each byte of `text` the piece of the original it came from.
    origin: Vec<(u32, u32)>,
}

impl<'t> View<'t> {
    /// Borrows where nothing is disguised.
    pub fn of(text: &'t str) -> Self {
        let folded = needs_folding(text).then(|| Folded::of(text));
        Self { folded, text }
    }

    pub fn text(&self) -> &str {
        self.folded.as_ref().map_or(self.text, |folded| &folded.text)
    }

    pub fn into_text(self) -> Cow<'t, str> {
        self.folded.map_or(Cow::Borrowed(self.text), |folded| Cow::Owned(folded.text))
    }

    /// Where in the original a range of the view stands; never an empty one for a range that is not.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        match &self.folded {
            None => range,
            Some(folded) => folded.origin[range.start].0 as usize..folded.origin[range.end - 1].1 as usize,
        }
    }
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut this =
            Self { text: String::with_capacity(text.len()), origin: Vec::with_capacity(text.len()) };
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let (c, len) = unescaped(&text[at..]).unwrap_or((c, c.len_utf8()));
            let piece = (at as u32, (at + len) as u32);
            fold(c, &mut |plain| {
                this.text.push(plain);
                this.origin.resize(this.text.len(), piece);
            });
            // What is invisible goes with what stands before it.
            if let Some((_, end)) = this.origin.last_mut() {
                *end = piece.1;
            }
            at += len;
        }
        this
    }
}

fn needs_folding(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let class = SUSPECT[usize::from(bytes[at])];
        if class != 0 && suspicious(&text[at..]) {
            return true;
        }
        at += 1;
    }
    false
}

/// Bytes that may begin something to fold. Of the lead bytes those are left out behind which there are only
/// letters: Latin, Greek, Cyrillic, Hebrew, most of Han.
static SUSPECT: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'\t' | b'\n' | b'\r' => 0,
            0..0x20 | 0x7F | b'\\' | b'%' | b'&' => 1,
            0xC3..=0xCC | 0xCE..=0xD7 | 0xE4..=0xE9 | 0xEB..=0xEE => 0,
            0xC2.. => 1,
            _ => 0,
        };
        byte += 1;
    }
    table
};

fn suspicious(rest: &str) -> bool {
    let Some(c) = rest.chars().next() else { return false };
    match c {
        '\\' | '%' | '&' => unescaped(rest).is_some(),
        _ => {
            let mut same = false;
            fold(c, &mut |plain| same = plain == c);
            !same
        }
    }
}

/// The character that an escape at the start stands for, and the escape's length in bytes. Escapes of escapes
/// (`%2540`, `\\u0040`) count as one.
fn unescaped(rest: &str) -> Option<(char, usize)> {
    let bytes = rest.as_bytes();
    match bytes[0] {
        b'\\' => {
            let slashes = bytes.iter().take(16).take_while(|b| **b == b'\\').count();
            // The line's end, as JSON writes it, is no letter before a number.
            let blank = match bytes.get(slashes) {
                Some(b'n') => Some('\n'),
                Some(b't' | b'r' | b'f' | b'b') => Some(' '),
                _ => None,
            };
            if let Some(blank) = blank {
                return Some((blank, slashes + 1));
            }
            let hex = rest.get(slashes + 1..slashes + 5).filter(|_| bytes.get(slashes) == Some(&b'u'))?;
            Some((char::from_u32(hex_value(hex)?)?, slashes + 5))
        }
        b'%' => {
            let mut at = 1;
            while bytes[at..].starts_with(b"25") && rest.get(at + 2..at + 4).is_some_and(is_hex) {
                at += 2;
            }
            let value = hex_value(rest.get(at..at + 2)?)?;
            // Above ASCII the bytes are UTF-8 in pieces; nothing that a matcher looks for.
            (value < 0x80).then_some((char::from_u32(value)?, at + 2))
        }
        b'&' => html_entity(rest),
        _ => None,
    }
}

fn html_entity(rest: &str) -> Option<(char, usize)> {
    for (name, c) in [("&commat;", '@'), ("&period;", '.'), ("&nbsp;", ' '), ("&shy;", '\u{ad}')] {
        if rest.starts_with(name) {
            return Some((c, name.len()));
        }
    }
    let number = rest.strip_prefix("&#")?;
    let (number, radix, skipped) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 3),
        None => (number, 10, 2),
    };
    let digits = number.bytes().take(7).take_while(|b| char::from(*b).is_digit(radix)).count();
    let value = u32::from_str_radix(&number[..digits], radix).ok()?;
    let end = usize::from(number.as_bytes().get(digits) == Some(&b';'));
    Some((char::from_u32(value)?, skipped + digits + end))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn hex_value(text: &str) -> Option<u32> {
    // `from_str_radix` would take a sign.
    if is_hex(text) { u32::from_str_radix(text, 16).ok() } else { None }
}

/// Gives the plain characters for one: none for an invisible one, itself for most.
fn fold(c: char, push: &mut impl FnMut(char)) {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => push(c),
        // Controls, and what hides without a width: soft hyphen, joiners, directions, variation selectors,
        // the keycap's frame, tags, and the mark of a byte that was no UTF-8.
        '\0'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{20e3}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffd}'
        | '\u{e0000}'..='\u{e01ef}' => {}
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => push(' '),
        '\u{2028}' | '\u{2029}' => push('\n'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => push('-'),
        '\u{2044}' | '\u{2215}' => push('/'),
        '\u{2024}' | '\u{3002}' | '\u{ff61}' => push('.'),
        '\u{fe6b}' | '\u{ff20}' => push('@'),
        _ => match digit(c) {
            Some(digit) => push(digit),
            None if has_ascii_form(c) => compatible(c, push),
            None => push(c),
        },
    }
}

/// The blocks whose characters may decompose to ASCII.
fn has_ascii_form(c: char) -> bool {
    matches!(c, '\u{b2}'..='\u{b9}' | '\u{2070}'..='\u{209c}' | '\u{2100}'..='\u{214f}' | '\u{2460}'..='\u{24ff}'
        | '\u{fb00}'..='\u{fb06}' | '\u{fe50}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}'
        | '\u{1f100}'..='\u{1f169}')
}

fn compatible(c: char, push: &mut impl FnMut(char)) {
    let (mut plain, mut count) = (['\0'; 4], 0);
    unicode_normalization::char::decompose_compatible(c, |part| {
        if count < plain.len() {
            plain[count] = part;
        }
        count += 1;
    });
    if count <= plain.len() && plain[..count].iter().all(|part| (' '..='~').contains(part)) {
        plain[..count].iter().for_each(|part| push(*part));
    } else {
        push(c);
    }
}

/// The decimal digit of another script (Unicode's category Nd, the scripts in use).
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 24] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
        0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0xa8d0, 0xa9d0, 0xaa50, 0xabf0,
    ];
    let value = u32::from(c);
    let after = ZEROS.partition_point(|zero| *zero <= value);
    let offset = value - ZEROS[after.checked_sub(1)?];
    if offset < 10 { char::from_digit(offset, 10) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn folds(text: &str, plain: &str) {
        let view = View::of(text);
        assert_eq!(view.text(), plain);
        if !plain.is_empty() {
            let whole = view.original(0..plain.len());
            assert!(text.is_char_boundary(whole.start) && text.is_char_boundary(whole.end), "{text:?}");
        }
    }

    #[test]
    fn disguises_are_seen_through() {
        folds("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "jane@example.com");
        folds("𝐣𝐚𝐧𝐞@𝟏", "jane@1");
        folds("٠١٢ ۳۴ ५६ ４１", "012 34 56 41");
        folds("4\u{200b}1\u{2060}1\u{ad}1", "4111");
        folds("41\u{a0}11\u{202f}–\u{2011}", "41 11 --");
        folds("1️⃣2️⃣", "12");
        folds("²³ ①", "23 1");
        folds("ja\u{fffd}ne\0@", "jane@");
    }

    #[test]
    fn escapes_are_read() {
        folds(r"jane\u0040example.com", "jane@example.com");
        folds(r"jane\\u0040example.com", "jane@example.com");
        folds("jane%40example.com", "jane@example.com");
        folds("jane%2540example.com", "jane@example.com");
        folds("jane&#64;example&#x2E;com&commat;", "jane@example.com@");
        folds(r"100% sure \u00 & \ud83d \q %zz &#; &#xZ;", r"100% sure \u00 & \ud83d \q %zz &#; &#xZ;");
        folds(r"a\n0171\t1\\n2", "a\n0171 1\n2");
        folds("%25", "%");
        folds("%", "%");
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        for text in ["Grüße, Łódź! Привет, 你好。x", "", "50% & more", "ça va ? naïve", "R&D"]
        {
            let view = View::of(text);
            assert!(view.folded.is_none() || text.contains('。'), "{text}");
        }
    }

    #[test]
    fn the_way_back_covers_the_disguise() {
        let text = "x 4\u{200b}1％ y";
        let view = View::of(text);
        let at = view.text().find("41").unwrap();
        assert_eq!(&text[view.original(at..at + 2)], "4\u{200b}1");
    }
}
