//! Phone numbers: international ones by their sign, national ones by the shapes that countries write.

use super::chars::{Context, before, byte};
use super::number::Window;
use super::{Class, scan::Hit};

/// Pairs of digits, and the country before them.
const MAX_GROUPS: usize = 8;

pub(super) fn phone(window: &Window<'_>) -> Option<Hit> {
    let digits = window.digits.len();
    if !(7..=15).contains(&digits) || !window.free_right || window.groups.len() > MAX_GROUPS {
        return None;
    }
    // A last digit by itself counts something else.
    if window.groups.len() > 1 && window.groups[window.groups.len() - 1].len() == 1 {
        return None;
    }
    if let Some(start) = international(window) {
        return Some(Hit::new(start..window.end(), Class::Phone));
    }
    let free = window.free_left || window.context == Context::Phone;
    let likely = free && !is_date(window) && !window.is_amount();
    let matches = likely
        && match window.context {
            Context::Phone => !is_decimal(window),
            Context::Thing if window.groups.len() == 1 => false,
            _ => national(window),
        };
    matches.then(|| Hit::new(opening(window)..window.end(), Class::Phone))
}

/// Behind `+`, or written with `00`: where it starts.
fn international(window: &Window<'_>) -> Option<usize> {
    let (start, digits) = (window.start(), window.digits);
    let sign = [1, 2].into_iter().find(|back| {
        start >= *back
            && byte(window.text, start - back) == b'+'
            && (*back == 1 || matches!(before(window.text, start), b'(' | b' '))
    });
    if let Some(back) = sign.filter(|_| digits.len() >= 8 && digits[0] != 0) {
        let sign = start - back;
        return Some(sign - usize::from(before(window.text, sign) == b'('));
    }
    let dialled = digits.len() >= 10 && digits[..2] == [0, 0] && digits[2] != 0;
    let thing = window.context == Context::Thing && window.groups.len() == 1;
    (dialled && window.free_left && !thing && !is_date(window)).then_some(start)
}

/// With the bracket that opens the area code.
fn opening(window: &Window<'_>) -> usize {
    let start = window.start();
    if before(window.text, start) == b'(' { start - 1 } else { start }
}

/// Shapes of national numbers, without any word that says so.
fn national(window: &Window<'_>) -> bool {
    let (digits, groups) = (window.digits, window.groups);
    let (count, lengths) = (digits.len(), groups.len());
    let (first, second) = (digits[0], digits[1]);
    let tight = window.separated_by(&[" ", "-"]);
    let slashes = window.separators().filter(|separator| separator.contains('/')).count();
    let brackets = before(window.text, window.start()) == b'('
        && window.separators().next().is_some_and(|separator| separator.starts_with(')'))
        || window.separators().any(|separator| separator.contains(')'));
    if slashes > 1
        || window.separators().any(|separator| separator.contains("..") || separator.contains("--"))
    {
        return false;
    }
    // Most of Europe, Japan, Australia: a trunk 0.
    if first == 0 && second != 0 && (9..=12).contains(&count) && (lengths == 1 || groups[0].len() >= 2) {
        return true;
    }
    match lengths {
        // North America, China; without a separator only where the digits can be nothing but.
        1 => {
            count == 10 && nanp(digits) || count == 11 && (first == 1 && nanp(&digits[1..]) || china(digits))
        }
        _ if brackets => (8..=13).contains(&count) && groups.iter().all(|group| group.len() <= 5),
        2 => {
            window.shape(&[5, 5]) && (6..=9).contains(&first) && tight
                || window.shape(&[3, 7]) && first >= 2 && tight
                || window.shape(&[3, 6]) && first >= 5 && tight
                || window.shape(&[2, 8]) && first >= 2 && window.separated_by(&["-"])
        }
        3 => {
            window.shape(&[3, 3, 4]) && first >= 2
                || window.shape(&[3, 4, 4]) && china(digits) && tight
                || window.shape(&[3, 3, 3]) && first >= 5 && tight && window.row <= 5
                || window.shape(&[2, 4, 4]) && first >= 1 && tight
                || window.shape(&[2, 5, 4]) && first >= 1 && tight
        }
        4 => {
            window.shape(&[1, 3, 3, 4])
                || window.shape(&[3, 2, 2, 2]) && first >= 5 && tight
                || window.shape(&[2, 3, 2, 2]) && first >= 1 && tight
                || window.shape(&[3, 3, 2, 2]) && first >= 2
        }
        5 => window.shape(&[1, 3, 3, 2, 2]),
        _ => false,
    }
}

/// An area code and an exchange do not begin with 0 or 1.
fn nanp(digits: &[u8]) -> bool {
    digits[0] >= 2 && digits[3] >= 2
}

/// Mobile numbers of mainland China: 13 to 19.
fn china(digits: &[u8]) -> bool {
    digits[0] == 1 && digits[1] >= 3
}

/// `2026-03-05 …` and `05.03.2026 …`.
fn is_date(window: &Window<'_>) -> bool {
    let groups = window.groups;
    if groups.len() < 3 {
        return false;
    }
    let year = |at: usize| {
        let group = groups[at];
        group.len() == 4 && matches!(&window.text[group.start..group.start + 2], "19" | "20")
    };
    let mut separators = window.separators();
    let (one, two) = (separators.next(), separators.next());
    let plain = one == two && one.is_some_and(|separator| matches!(separator, "-" | "." | "/" | " "));
    let short = |at: usize| groups[at].len() <= 2;
    plain && (year(0) && short(1) && short(2) || short(0) && short(1) && year(2))
}

/// `52.520008`.
fn is_decimal(window: &Window<'_>) -> bool {
    window.groups.len() == 2 && window.separated_by(&["."]) || is_date(window)
}
