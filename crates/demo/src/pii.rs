//! Personal data that people leave in their messages, every piece of it invented: example domains, telephone
//! numbers of the ranges reserved for fiction, card numbers that pass the Luhn check and belong to nobody.

use crate::{people::Person, rng::Rng};

/// A sentence with something in it that must be redacted.
pub(crate) fn sentence(rng: &mut Rng, person: &Person) -> String {
    let email = &person.email;
    match rng.below(12) {
        0 => format!("You can reach me at {email}."),
        1 => format!("Call me on {} if you need more.", phone(rng)),
        2 => format!("My account is {email}, phone {}.", phone(rng)),
        3 => format!("The card I used is {}.", card(rng)),
        4 => format!("Our IBAN is {}.", iban(rng)),
        5 => format!("It happens from {} too.", ip(rng)),
        6 => format!("Our key is {}, in case you need it.", token(rng)),
        7 => format!("Reply to {email} please, not to the shared inbox."),
        8 => format!(
            "The link was https://{}:hunter2{}@boards.example/export.",
            person.first.to_lowercase(),
            rng.below(99)
        ),
        9 => format!("Ask for {} on {}.", person.name(), phone(rng)),
        10 => format!("Our address is {}.", ip(rng)),
        _ => {
            format!("cc {}.{}@accounts.example", person.last.to_lowercase().replace(' ', ""), rng.below(900))
        }
    }
}

/// What billing and payment messages carry.
pub(crate) fn payment(rng: &mut Rng) -> String {
    if rng.chance(0.6) {
        format!("Card number {}, if that helps.", card(rng))
    } else {
        format!("We pay from {}.", iban(rng))
    }
}

/// North American 555-01xx, or the ranges that Ofcom keeps for drama.
pub fn phone(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => format!("+1 (212) 555-01{:02}", rng.below(100)),
        1 => format!("415-555-01{:02}", rng.below(100)),
        2 => format!("+44 20 7946 0{:03}", rng.below(1000)),
        _ => format!("07700 900{:03}", rng.below(1000)),
    }
}

/// Sixteen digits of a made-up issuer in the 4 range, Luhn-valid.
pub fn card(rng: &mut Rng) -> String {
    let mut digits = [0u8; 16];
    digits[0] = 4;
    for digit in &mut digits[1..15] {
        *digit = rng.below(10) as u8;
    }
    digits[15] = luhn_digit(&digits[..15]);
    let text: Vec<String> =
        digits.chunks(4).map(|c| c.iter().map(|d| char::from(b'0' + d)).collect()).collect();
    text.join(if rng.chance(0.6) { " " } else { "" })
}

fn luhn_digit(payload: &[u8]) -> u8 {
    let sum: u32 = payload
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let doubled = u32::from(digit) * if place % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    ((10 - sum % 10) % 10) as u8
}

/// A German account number with check digits that fit (ISO 13616), at a bank code that is not given out.
pub fn iban(rng: &mut Rng) -> String {
    let bban = format!("99990000{:010}", rng.below(10_000_000_000));
    // "DE00" moved behind as digits: D = 13, E = 14; remainder by 97 digit by digit.
    let remainder = format!("{bban}131400").bytes().fold(0u64, |r, b| (r * 10 + u64::from(b - b'0')) % 97);
    let plain = format!("DE{:02}{bban}", 98 - remainder);
    if rng.chance(0.5) {
        return plain;
    }
    plain.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
}

/// Of the blocks that RFC 5737 and 3849 keep for documentation.
pub fn ip(rng: &mut Rng) -> String {
    match rng.below(3) {
        0 => format!("203.0.113.{}", rng.range(1, 254)),
        1 => format!("198.51.100.{}", rng.range(1, 254)),
        _ => format!("2001:db8:{:x}::{:x}", rng.range(1, 65_000), rng.range(1, 65_000)),
    }
}

/// Shaped like an access token.
pub fn token(rng: &mut Rng) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    let body: String = (0..35).map(|_| char::from(*rng.pick(ALPHABET))).collect();
    // One digit at least, as all but one in five hundred real ones have.
    format!("ghp_{body}{}", rng.below(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_pass_the_luhn_check() {
        // The textbook example of the check: 7992739871 has the check digit 3.
        assert_eq!(luhn_digit(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1]), 3);
    }

    #[test]
    fn ibans_leave_the_remainder_one() {
        let mut rng = Rng::new(1);
        for _ in 0..100 {
            let iban: String = iban(&mut rng).split(' ').collect();
            let moved = format!("{}{}", &iban[4..], &iban[..4]);
            let digits: String =
                moved.chars().filter_map(|c| c.to_digit(36)).map(|d| d.to_string()).collect();
            assert_eq!(digits.bytes().fold(0u64, |r, b| (r * 10 + u64::from(b - b'0')) % 97), 1, "{iban}");
        }
    }
}
