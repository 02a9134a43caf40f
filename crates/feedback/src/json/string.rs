//! JSON strings: found by their quotes, unescaped only where they hold escapes.

use super::reader::Fault;
use std::borrow::Cow;

const UNPRINTABLE: char = char::REPLACEMENT_CHARACTER;

/// The string whose opening quote stands at `at`, and the offset behind its closing quote.
///
/// A lone surrogate becomes U+FFFD, and so does NUL, which many stores cannot hold, and every other control
/// character that only an escape can spell, by which a text could steer the terminal it is shown on; vertical
/// tabs and form feeds become line feeds.
#[inline]
pub(super) fn read(text: &str, at: usize) -> Result<(Cow<'_, str>, usize), Fault> {
    let start = at + 1;
    let plain = plain_until(text, start)?;
    if text.as_bytes()[plain] == b'"' {
        return Ok((Cow::Borrowed(&text[start..plain]), plain + 1));
    }
    let (text, end) = unescape(text, start, plain)?;
    Ok((Cow::Owned(text), end))
}

/// As [`read`], without making the string.
pub(super) fn skip(text: &str, at: usize) -> Result<usize, Fault> {
    let mut at = at + 1;
    loop {
        at = plain_until(text, at)?;
        if text.as_bytes()[at] == b'"' {
            return Ok(at + 1);
        }
        at = escape(text, at)?.1;
    }
}

/// The offset of the next quote or backslash; what stands before holds no control character.
#[inline]
fn plain_until(text: &str, start: usize) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    let mut at = start;
    // Eight bytes at a time; most strings of an event are too short for anything wider to pay.
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let special = special(u64::from_le_bytes(*chunk));
        if special != 0 {
            at += special.trailing_zeros() as usize / 8;
            break;
        }
        at += 8;
    }
    loop {
        match bytes.get(at) {
            Some(b'"' | b'\\') => return Ok(at),
            Some(..b' ') => {
                return Err(Fault::Syntax { at, expected: "an escape in place of a control character" });
            }
            Some(_) => at += 1,
            None => return Err(Fault::Syntax { at, expected: "the end of a string" }),
        }
    }
}

/// The high bit of each byte that is a quote, a backslash or below a space; those above the lowest such byte
/// may be set in error, as a borrow runs upwards. From Sean Eron Anderson, "Bit Twiddling Hacks",
/// "Determine if a word has a zero byte".
#[inline]
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let quote = zero(word ^ (ONES * u64::from(b'"')));
    let backslash = zero(word ^ (ONES * u64::from(b'\\')));
    let control = word.wrapping_sub(ONES * u64::from(b' ')) & !word;
    (quote | backslash | control) & (ONES << 7)
}

#[cold]
fn unescape(text: &str, start: usize, first: usize) -> Result<(String, usize), Fault> {
    let mut out = String::with_capacity(first - start + 32);
    let mut from = start;
    let mut at = first;
    loop {
        out.push_str(&text[from..at]);
        if text.as_bytes()[at] == b'"' {
            return Ok((out, at + 1));
        }
        let (character, end) = escape(text, at)?;
        out.push(character);
        from = end;
        at = plain_until(text, end)?;
    }
}

/// The character that the escape at `at` (a backslash) stands for, and the offset behind it.
fn escape(text: &str, at: usize) -> Result<(char, usize), Fault> {
    let character = match text.as_bytes().get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => UNPRINTABLE,
        Some(b'f') => '\n',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(text, at),
        _ => return Err(Fault::Syntax { at, expected: "one of JSON's escapes" }),
    };
    Ok((character, at + 2))
}

fn unicode(text: &str, at: usize) -> Result<(char, usize), Fault> {
    let high = hex(text, at)?;
    if (0xd800..0xdc00).contains(&high)
        && text.as_bytes()[at + 6..].starts_with(b"\\u")
        && let low = hex(text, at + 6)?
        && (0xdc00..0xe000).contains(&low)
    {
        let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return Ok((char::from_u32(code).unwrap_or(UNPRINTABLE), at + 12));
    }
    let character = match char::from_u32(high) {
        Some('\u{b}' | '\u{c}') => '\n',
        Some(control @ ..' ') if !matches!(control, '\n' | '\r' | '\t') => UNPRINTABLE,
        Some(character) => character,
        None => UNPRINTABLE,
    };
    Ok((character, at + 6))
}

/// The four digits of the `\u` at `at`.
fn hex(text: &str, at: usize) -> Result<u32, Fault> {
    let fault = Fault::Syntax { at, expected: "four hexadecimal digits" };
    let digits = text.as_bytes().get(at + 2..at + 6).ok_or(fault)?;
    digits.iter().try_fold(0, |code, digit| {
        char::from(*digit).to_digit(16).map(|value| code << 4 | value).ok_or(fault)
    })
}
