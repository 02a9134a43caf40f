//! Personal data that nobody has, a different one for every message.

use crate::{pii, rng::Rng};

/// Kinds of personal data that are known by their own shape, wherever they stand.
pub(super) const SHAPES: [fn(&mut Rng, u64) -> String; 8] =
    [email, phone, card, iban, ip, token, national_id, url];

pub(super) fn email(rng: &mut Rng, n: u64) -> String {
    format!("wren.finch{n}.{:05x}@{}", rng.below(1 << 20), rng.pick(&["canary.example", "mail.example.org"]))
}

/// The number of the message is in it, so each is unique: of the ranges kept for fiction.
fn phone(_: &mut Rng, n: u64) -> String {
    const AREAS: [&str; 8] = ["212", "415", "312", "617", "206", "303", "713", "404"];
    format!("+1 ({}) 555-01{:02}", AREAS[(n / 100 % 8) as usize], n % 100)
}

fn card(rng: &mut Rng, _: u64) -> String {
    pii::card(rng)
}

fn iban(rng: &mut Rng, _: u64) -> String {
    pii::iban(rng)
}

fn ip(_: &mut Rng, n: u64) -> String {
    format!("2001:db8:{n:x}::{:x}", n + 0x1000)
}

fn token(rng: &mut Rng, _: u64) -> String {
    pii::token(rng)
}

/// Of the shape of a United States number; those with 078 are in no use since one was printed in wallets.
fn national_id(_: &mut Rng, n: u64) -> String {
    format!("078-{:02}-{:04}", 10 + n % 80, 1_000 + n)
}

fn url(rng: &mut Rng, n: u64) -> String {
    format!("https://nightjar{n}:pw{:06x}@boards.example/private", rng.below(1 << 24))
}

/// A name nobody has, different for every message.
pub(super) fn name(n: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "bra", "vel", "tor", "min", "qua", "zel", "dro", "fen", "gil", "hox", "jur", "kel", "lom", "nar",
        "pym", "rus",
    ];
    let syllable = |place: u32| SYLLABLES[(n / 16u64.pow(place) % 16) as usize];
    let capital = |word: String| word[..1].to_uppercase() + &word[1..];
    format!(
        "{} {}",
        capital(format!("wix{}{}", syllable(0), syllable(1))),
        capital(format!("thren{}{}a", syllable(2), syllable(0)))
    )
}
