//! International bank account numbers (ISO 13616): country, length, remainder 1 by 97.

use super::chars::{byte, glued_left, glued_right};
use super::{Class, scan::Hit};

/// From the first check digit, behind the country's letters.
pub(super) fn at_digits(text: &str, at: usize) -> Option<Hit> {
    let bytes = text.as_bytes();
    // One blank or dash may have slipped between country and check digits.
    let letters_end = if matches!(bytes.get(at.wrapping_sub(1)), Some(b' ' | b'-')) { at - 1 } else { at };
    let start = letters_end.checked_sub(2)?;
    if !bytes[start..letters_end].iter().all(u8::is_ascii_alphabetic) || !byte(text, at + 1).is_ascii_digit()
    {
        return None;
    }
    let country = [bytes[start].to_ascii_uppercase(), bytes[start + 1].to_ascii_uppercase()];
    let length =
        LENGTHS.binary_search_by_key(&&country, |(code, _)| code).ok().map(|found| LENGTHS[found].1)?;

    let mut number = [0; 34];
    number[..2].copy_from_slice(&country);
    let (mut filled, mut end) = (2, at);
    while filled < length {
        match byte(text, end) {
            b if b.is_ascii_alphanumeric() => {
                number[filled] = b.to_ascii_uppercase();
                filled += 1;
            }
            b' ' | b'-' | b'.' if byte(text, end + 1).is_ascii_alphanumeric() => {}
            _ => return None,
        }
        end += 1;
    }
    // Every country has that many digits; a sentence that happens to fit has not.
    let digits = number.iter().filter(|b| b.is_ascii_digit()).count();
    let apart = !glued_left(text, start) || ends_with_iban(&bytes[..start]);
    let whole = apart && !glued_right(text, end) && digits >= 8 && remainder(&number[..length]) == Some(1);
    whole.then(|| Hit::new(start..end, Class::Iban))
}

fn ends_with_iban(before: &[u8]) -> bool {
    before.len() >= 4 && before[before.len() - 4..].eq_ignore_ascii_case(b"IBAN")
}

/// The number with its first four characters moved to the end, letters as 10 to 35, modulo 97.
fn remainder(number: &[u8]) -> Option<u32> {
    number[4..].iter().chain(&number[..4]).try_fold(0, |rest, c| {
        let value = char::from(*c).to_digit(36)?;
        Some((rest * if value < 10 { 10 } else { 100 } + value) % 97)
    })
}

/// Lengths by country from the SWIFT IBAN registry, by code.
static LENGTHS: [(&[u8; 2], usize); 87] = [
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_in_order() {
        assert!(LENGTHS.is_sorted_by_key(|(code, _)| code));
    }

    #[test]
    fn the_registry_examples_have_remainder_one() {
        for iban in ["DE89370400440532013000", "GB29NWBK60161331926819", "MT84MALT011000012345MTLCAST001S"] {
            assert_eq!(remainder(iban.as_bytes()), Some(1), "{iban}");
        }
        assert_ne!(remainder(b"DE88370400440532013000"), Some(1));
    }
}
