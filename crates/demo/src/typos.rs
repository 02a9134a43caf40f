//! How people mistype.

use crate::rng::Rng;

/// Neighbours on a keyboard, for the letters mistyped most.
const NEIGHBOURS: &[(char, &str)] = &[
    ('a', "sq"),
    ('c', "xv"),
    ('d', "sf"),
    ('e', "wr"),
    ('g', "fh"),
    ('i', "uo"),
    ('l', "k"),
    ('m', "n"),
    ('n', "bm"),
    ('o', "ip"),
    ('r', "et"),
    ('s', "ad"),
    ('t', "ry"),
    ('u', "yi"),
];

/// Leaves most texts as they are; the careless lose capitals, apostrophes, letters and full stops.
pub(crate) fn mistype(rng: &mut Rng, text: String) -> String {
    let mut text = text;
    if rng.chance(0.16) {
        text = text.to_lowercase();
    }
    if rng.chance(0.12) {
        text.retain(|c| c != '\'');
    }
    if rng.chance(0.10) && text.ends_with('.') {
        text.pop();
    }
    if rng.chance(0.02) {
        text = text.to_uppercase();
    }
    let slips = match rng.below(20) {
        0..=13 => 0,
        14..=17 => 1,
        18 => 2,
        _ => text.len() / 40 + 1,
    };
    for _ in 0..slips {
        text = slip(rng, &text);
    }
    text
}

/// One slip inside a longer word, never in what looks like a number, an address or a tag.
fn slip(rng: &mut Rng, text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = rng.below(words.len());
    let word = &words[at];
    if word.len() < 5 || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
        return text.to_owned();
    }
    let mut letters: Vec<char> = word.chars().collect();
    let place = 1 + rng.below(letters.len() - 2);
    match rng.below(4) {
        0 => letters.swap(place, place + 1),
        1 => {
            letters.remove(place);
        }
        2 => letters.insert(place, letters[place]),
        _ => {
            if let Some((_, near)) = NEIGHBOURS.iter().find(|(letter, _)| *letter == letters[place]) {
                letters[place] = char::from(near.as_bytes()[rng.below(near.len())]);
            }
        }
    }
    words[at] = letters.into_iter().collect();
    words.join(" ")
}
