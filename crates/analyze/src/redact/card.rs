//! Payment cards: 13 to 19 digits, an issuer's prefix, and Luhn's check digit (ISO/IEC 7812-1).

use super::number::Window;
use super::{Class, scan::Hit};

/// Groups that a written card has at most; a longer row is a list of numbers.
const MAX_GROUPS: usize = 6;

pub(super) fn card(window: &Window<'_>) -> Option<Hit> {
    let digits = window.digits;
    if !(13..=19).contains(&digits.len()) || !is_issued(digits) || !luhn(digits) {
        return None;
    }
    let one_by_one = window.groups.len() == digits.len() && digits.len() >= 15;
    let grouped = window.groups.len() <= MAX_GROUPS || one_by_one;
    // Digits behind a point are a fraction unless they stand as on a card.
    let fraction = window.separators().any(|separator| separator.contains('.'))
        && window.groups.iter().any(|group| group.len() < 4);
    let path = window.separators().any(|separator| separator.contains('/'));
    let torn = window.groups.len() > 1 && !window.free_right;
    if !grouped || fraction || path || torn {
        return None;
    }
    Some(window.hit(Class::Card))
}

/// Issuers' ranges with their lengths.
fn is_issued(digits: &[u8]) -> bool {
    let prefix = digits[..4].iter().fold(0, |value, digit| value * 10 + u32::from(*digit));
    let length = digits.len();
    match prefix {
        // Visa.
        4000..=4999 => matches!(length, 13 | 16 | 19),
        // Mastercard, Mir.
        5100..=5599 | 2221..=2720 | 2200..=2204 => length == 16,
        // American Express.
        3400..=3499 | 3700..=3799 => length == 15,
        // Diners Club.
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => (14..=19).contains(&length),
        // JCB, Discover, UnionPay, RuPay, Maestro and other debit cards.
        3528..=3589 | 6000..=6999 => length >= 15,
        5000..=5099 | 5600..=5899 => true,
        _ => false,
    }
}

/// The sum over the digits from the right, every second doubled, is a multiple of ten.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}
