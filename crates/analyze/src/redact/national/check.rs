//! Check digits. Each function takes the values of all digits and says whether they agree, by the issuing
//! office's published rule.

fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |value, digit| value * 10 + u64::from(*digit))
}

fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum()
}

/// Year, month and day in six digits, in this order or (`day_first`) the other. Days up to 31 whatever the month.
pub(super) fn date(digits: &[u8], day_first: bool) -> bool {
    let (month, day) = (value(&digits[2..4]), value(if day_first { &digits[..2] } else { &digits[4..6] }));
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// Sweden: year, month, day (plus 60 for a coordination number), serial; Luhn over ten.
pub(super) fn swedish(digits: &[u8]) -> bool {
    let day = value(&digits[4..6]) % 60;
    (1..=12).contains(&value(&digits[2..4])) && (1..=31).contains(&day) && super::super::card::luhn(digits)
}

/// Germany's Steuer-ID: of the first ten digits exactly one occurs twice or thrice; ISO 7064 MOD 11,10.
pub(super) fn german(digits: &[u8]) -> bool {
    let mut counts = [0; 10];
    digits[..10].iter().for_each(|digit| counts[usize::from(*digit)] += 1);
    let repeated = counts.iter().filter(|count| matches!(count, 2 | 3)).count();
    if digits[0] == 0 || repeated != 1 || counts.iter().any(|count| *count > 3) {
        return false;
    }
    let product = digits[..10].iter().fold(10, |product, digit| {
        let sum = (u32::from(*digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == u32::from(digits[10])
}

/// Brazil's CPF: two check digits modulo 11; one digit repeated is none.
pub(super) fn cpf(digits: &[u8]) -> bool {
    let check = |length: usize| {
        let sum: u32 =
            digits[..length].iter().enumerate().map(|(at, d)| u32::from(*d) * (length + 1 - at) as u32).sum();
        let digit = sum * 10 % 11 % 10;
        digit == u32::from(digits[length])
    };
    digits.iter().any(|digit| *digit != digits[0]) && check(9) && check(10)
}

/// Poland: a birth date whose month tells the century, weights 1 3 7 9.
pub(super) fn pesel(digits: &[u8]) -> bool {
    let (month, day) = (value(&digits[2..4]) % 20, value(&digits[4..6]));
    let sum = weighted(digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    (1..=12).contains(&month) && (1..=31).contains(&day) && sum.is_multiple_of(10)
}

/// Norway: day (plus 40 for a D-number), month, year, then two check digits modulo 11.
pub(super) fn norwegian(digits: &[u8]) -> bool {
    let (day, month) = (value(&digits[..2]) % 40, value(&digits[2..4]));
    let first = weighted(digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
    let second = weighted(digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    (1..=31).contains(&day)
        && (1..=12).contains(&month)
        && first.is_multiple_of(11)
        && second.is_multiple_of(11)
}

/// Belgium: 97 less the remainder of the first nine digits, with a 2 before them for births since 2000.
pub(super) fn belgian(digits: &[u8]) -> bool {
    let (number, check) = (value(&digits[..9]), value(&digits[9..]));
    date(digits, false) && [number, 2_000_000_000 + number].iter().any(|number| 97 - number % 97 == check)
}

/// India's Aadhaar: Verhoeff's scheme over the dihedral group of order ten.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut check = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        let permuted = (0..place % 8).fold(*digit, |digit, _| PERMUTATION[usize::from(digit)]);
        check = dihedral(check, permuted);
    }
    check == 0
}

/// The product of two elements: 0 to 4 turn, 5 to 9 turn and flip.
fn dihedral(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// Switzerland's AHV number is an article number of 13 digits: weights 1 and 3.
pub(super) fn ean13(digits: &[u8]) -> bool {
    weighted(digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// France's NIR: sex, year, month (special ones from 20), place, serial; 97 less the remainder.
pub(super) fn nir(digits: &[u8]) -> bool {
    let month = value(&digits[3..5]);
    matches!(digits[0], 1 | 2 | 3 | 4 | 7 | 8)
        && ((1..=12).contains(&month) || (20..=42).contains(&month) || month >= 50)
        && 97 - value(&digits[..13]) % 97 == value(&digits[13..])
}

/// China: place, birth date, serial; ISO 7064 MOD 11-2, whose ten is written X. `check` is the last one's value.
pub(super) fn chinese(digits: &[u8], check: u32) -> bool {
    let sum = weighted(digits, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    matches!(digits[6..8], [1, 9] | [2, 0]) && date(&digits[8..14], false) && (sum + check) % 11 == 1
}

/// The letter that a Spanish DNI's eight digits call for.
pub(super) fn spanish(digits: &[u8]) -> u8 {
    b"TRWAGMYFPDXBNJZSQVHLCKE"[(value(digits) % 23) as usize]
}

/// The letter or digit that the nine digits of a Finnish personal identity code call for.
pub(super) fn finnish(digits: &[u8]) -> u8 {
    b"0123456789ABCDEFHJKLMNPRSTUVWXY"[(value(digits) % 31) as usize]
}

/// The letter of Singapore's NRIC and FIN, by the first letter and the seven digits.
pub(super) fn singaporean(first: u8, digits: &[u8]) -> Option<u8> {
    let sum = weighted(digits, &[2, 7, 6, 5, 4, 3, 2]) + if matches!(first, b'T' | b'G') { 4 } else { 0 };
    let letters = match first {
        b'S' | b'T' => b"JZIHGFEDCBA",
        b'F' | b'G' => b"XWUTRQPNMLK",
        _ => return None,
    };
    Some(letters[(sum % 11) as usize])
}

/// Italy's codice fiscale: sixteen characters, the last a check letter over the values of odd and even places.
pub(super) fn italian(code: &[u8; 16]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let rank = |c: u8| u32::from(if c.is_ascii_digit() { c - b'0' } else { c - b'A' });
    let sum: u32 = code[..15]
        .iter()
        .enumerate()
        .map(|(at, c)| if at % 2 == 0 { ODD[rank(*c) as usize] } else { rank(*c) })
        .sum();
    u32::from(code[15] - b'A') == sum % 26
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect()
    }

    /// Published sample numbers; every change of one digit must be noticed.
    #[track_caller]
    fn holds(check: impl Fn(&[u8]) -> bool, sample: &str) {
        let good = digits(sample);
        assert!(check(&good), "{sample}");
        let last = good.len() - 1;
        let caught = (0..10).filter(|d| *d != good[last]).all(|d| {
            let mut bad = good.clone();
            bad[last] = d;
            !check(&bad)
        });
        assert!(caught, "{sample} with another last digit");
    }

    #[test]
    fn published_samples_hold() {
        holds(german, "86095742719");
        holds(german, "65929970489");
        holds(cpf, "111.444.777-35");
        holds(pesel, "44051401359");
        holds(norwegian, "29029600013");
        holds(belgian, "85.07.30-033.28");
        holds(verhoeff, "2363");
        holds(verhoeff, "123451");
        holds(ean13, "756.9217.0769.85");
        holds(nir, "2 55 08 14 168 025 38");
        holds(swedish, "811218-9876");
        holds(|d| chinese(d, u32::from(d[17])), "440524198001010013");
        assert!(chinese(&digits("11010519491231002"), 10));
    }

    #[test]
    fn letters_follow_from_the_digits() {
        assert_eq!(spanish(&digits("12345678")), b'Z');
        assert_eq!(finnish(&digits("131052308")), b'T');
        assert_eq!(singaporean(b'S', &digits("1234567")), Some(b'D'));
        assert!(italian(b"RSSMRA85T10A562S"));
        assert!(!italian(b"RSSMRA85T10A562T"));
    }
}
