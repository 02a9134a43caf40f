//! Identity numbers that begin with letters.

use super::super::chars::{self, Context, byte, glued_left, glued_right, run_end, run_start};
use super::super::{Class, scan::Hit};
use super::check;

/// At the first digit behind a letter, or behind a letter and a blank or dash.
pub(in super::super) fn lettered(text: &str, at: usize) -> Option<Hit> {
    let start = run_start(text, at, |b| b.is_ascii_alphanumeric());
    let end = run_end(text, at, |b| b.is_ascii_alphanumeric());
    let word = &text.as_bytes()[start..end];
    let whole = !glued_left(text, start) && !glued_right(text, end);
    let found = match word.len() {
        9 => foreigner(word) || nino(word),
        16 => fiscal_code(word),
        18 => curp(word),
        _ => false,
    };
    if found && whole {
        return Some(Hit::new(start..end, Class::Id));
    }
    let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
    if whole
        && (6..=12).contains(&word.len())
        && digits >= 4
        && chars::context(text, start) == Context::Person
    {
        return Some(Hit::new(start..end, Class::Id));
    }
    joined(text, at)
}

/// `AB 12 34 56 C` and `X-1234567-L`: pieces that one blank or dash may part.
fn joined(text: &str, at: usize) -> Option<Hit> {
    let letters_end = at - usize::from(matches!(byte(text, at - 1), b' ' | b'-'));
    let start = run_start(text, letters_end, |b| b.is_ascii_alphabetic());
    if !(1..=2).contains(&(letters_end - start)) || glued_left(text, start) {
        return None;
    }
    let mut word = [0; 9];
    let (mut filled, mut end) = (letters_end - start, at);
    word[..filled].copy_from_slice(&text.as_bytes()[start..letters_end]);
    while filled < word.len() {
        match byte(text, end) {
            b if b.is_ascii_alphanumeric() => {
                word[filled] = b;
                filled += 1;
            }
            b' ' | b'-' if byte(text, end + 1).is_ascii_alphanumeric() => {}
            _ => return None,
        }
        end += 1;
    }
    ((foreigner(&word) || nino(&word)) && !glued_right(text, end)).then(|| Hit::new(start..end, Class::Id))
}

/// Spain's NIE, Singapore's NRIC: a letter, seven digits, a check letter.
fn foreigner(word: &[u8]) -> bool {
    let (first, last) = (word[0].to_ascii_uppercase(), word[8].to_ascii_uppercase());
    let mut digits = [0; 8];
    for (digit, byte) in digits[1..].iter_mut().zip(&word[1..8]) {
        if !byte.is_ascii_digit() {
            return false;
        }
        *digit = byte - b'0';
    }
    match first {
        b'X'..=b'Z' => {
            digits[0] = first - b'X';
            check::spanish(&digits) == last
        }
        _ => check::singaporean(first, &digits[1..]) == Some(last),
    }
}

/// The United Kingdom's national insurance number: a prefix that is given out, six digits, A to D.
fn nino(word: &[u8]) -> bool {
    let [one, two] = [word[0].to_ascii_uppercase(), word[1].to_ascii_uppercase()];
    let prefix = one.is_ascii_uppercase()
        && two.is_ascii_uppercase()
        && !b"DFIQUV".contains(&one)
        && !b"DFIQUVO".contains(&two)
        && ![b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].contains(&&[one, two]);
    prefix && word[2..8].iter().all(u8::is_ascii_digit) && matches!(word[8].to_ascii_uppercase(), b'A'..=b'D')
}

/// Letters and digits in their places; letters may stand for digits where two people would share a code.
fn fiscal_code(word: &[u8]) -> bool {
    let mut code = [0; 16];
    for (place, (upper, byte)) in code.iter_mut().zip(word).enumerate() {
        *upper = byte.to_ascii_uppercase();
        let digit = upper.is_ascii_digit() || b"LMNPQRSTUV".contains(upper);
        let fits = match place {
            6 | 7 | 9 | 10 | 12..=14 => digit,
            _ => upper.is_ascii_uppercase(),
        };
        if !fits {
            return false;
        }
    }
    check::italian(&code)
}

/// Mexico's CURP: four letters, a birth date, sex, five letters, a homonym character and a check digit.
fn curp(word: &[u8]) -> bool {
    let letters = |range: std::ops::Range<usize>| word[range].iter().all(u8::is_ascii_alphabetic);
    word[4..10].iter().all(u8::is_ascii_digit)
        && letters(0..4)
        && matches!(word[10].to_ascii_uppercase(), b'H' | b'M' | b'X')
        && letters(11..16)
        && word[17].is_ascii_digit()
}
