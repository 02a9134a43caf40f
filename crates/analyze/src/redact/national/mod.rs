//! National identity numbers. Those of digits alone are tried on every window of a number, those with letters
//! at the first digit behind a letter. A shape that other numbers share needs its check digits, or a word
//! before it that says what it is.

mod check;
mod lettered;

use super::chars::{Context, byte, glued_right};
use super::number::Window;
use super::{Class, scan::Hit};
pub(super) use lettered::lettered;

/// France's NIR has seven, at times written one by one.
const MAX_GROUPS: usize = 8;

/// Of digits (and, for Spain, China and Finland, one last letter).
pub(super) fn number(window: &Window<'_>) -> Option<Hit> {
    if !window.free_left || !(8..=18).contains(&window.digits.len()) || window.groups.len() > MAX_GROUPS {
        return None;
    }
    if let Some(end) = with_last_letter(window) {
        return Some(Hit::new(window.start()..end, Class::Id));
    }
    let told = window.context == Context::Person;
    let thing = window.context == Context::Thing;
    let spaced = window.separated_by(&[" "]);
    let tight = window.separated_by(&[" ", "-"]);
    let digits = window.digits;
    let found = match digits.len() {
        8 | 9 if told && tight => true,
        9 => {
            tight
                && (window.shape(&[3, 2, 4]) && ssn(digits)
                    || window.shape(&[3, 3, 3]) && window.row <= 5 && !window.is_amount() && canadian(digits))
        }
        10 => told && tight || window.separated_by(&["-"]) && window.shape(&[6, 4]) && check::swedish(digits),
        11 => !thing && eleven(window, told),
        12 => {
            told && tight
                || tight && window.shape(&[4, 4, 4]) && digits[0] >= 2 && check::verhoeff(digits)
                || window.shape(&[8, 4]) && tight && check::swedish(&digits[2..])
        }
        13 => {
            digits[..3] == [7, 5, 6] && check::ean13(digits)
                || window.shape(&[6, 7]) && window.separated_by(&["-"]) && check::date(&digits[..6], false)
        }
        15 => !thing && spaced && check::nir(digits),
        18 => !thing && tight && check::chinese(digits, u32::from(digits[17])),
        _ => false,
    };
    (found && window.free_right).then(|| window.hit(Class::Id))
}

/// Area, group and serial are never all zero; 666 is never given out.
fn ssn(digits: &[u8]) -> bool {
    digits[..3] != [0, 0, 0]
        && digits[..3] != [6, 6, 6]
        && digits[3..5] != [0, 0]
        && digits[5..] != [0, 0, 0, 0]
}

fn canadian(digits: &[u8]) -> bool {
    !matches!(digits[0], 0 | 8) && super::card::luhn(digits)
}

/// Germany, Brazil, Poland, Norway, Belgium.
fn eleven(window: &Window<'_>, told: bool) -> bool {
    let digits = window.digits;
    let bare = window.groups.len() == 1;
    let spaced = window.separated_by(&[" "]);
    told && window.separated_by(&[" ", "-", "."])
        || (bare || spaced && window.shape(&[2, 3, 3, 3])) && check::german(digits)
        || (bare || window.shape(&[3, 3, 3, 2])) && check::cpf(digits)
        || bare && check::pesel(digits)
        || (bare || window.shape(&[6, 5]) && spaced) && check::norwegian(digits)
        || (bare || window.shape(&[2, 2, 2, 3, 2])) && check::belgian(digits)
}

/// The end of a number whose check character is a letter behind it.
fn with_last_letter(window: &Window<'_>) -> Option<usize> {
    let (text, digits) = (window.text, window.digits);
    let at = window.end() + usize::from(byte(text, window.end()) == b'-');
    let letter = byte(text, at).to_ascii_uppercase();
    if !letter.is_ascii_uppercase() || glued_right(text, at + 1) {
        return None;
    }
    let valid = match digits.len() {
        8 => {
            let written = window.groups.len() == 1 || window.shape(&[2, 3, 3]) && window.separated_by(&["."]);
            written && letter == check::spanish(digits)
        }
        9 => {
            let at = window.end();
            window.shape(&[6, 3])
                && window.separated_by(&["-"])
                && letter == check::finnish(digits)
                && byte(text, at) != b'-'
        }
        17 => letter == b'X' && window.groups.len() == 1 && check::chinese(digits, 10),
        _ => false,
    };
    valid.then_some(at + 1)
}
