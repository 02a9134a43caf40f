//! Letters that stand for each other in names: `José` and `Jose`, `Müller` and `Mueller`, in any case.

use std::sync::LazyLock;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Small, and without accents.
pub(super) fn base(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // European letters, which are all that many texts have.
    (c as usize).checked_sub(COMMON_FROM).and_then(|at| COMMON.get(at).copied()).unwrap_or_else(|| plain(c))
}

const COMMON_FROM: usize = 0xC0;
static COMMON: LazyLock<[char; 0x180 - COMMON_FROM]> = LazyLock::new(|| {
    std::array::from_fn(|at| plain(char::from_u32((COMMON_FROM + at) as u32).unwrap_or(' ')))
});

fn plain(c: char) -> char {
    let c = c.to_lowercase().next().unwrap_or(c);
    match c {
        'ł' => 'l',
        'ø' => 'o',
        'đ' | 'ð' => 'd',
        'ı' => 'i',
        'ß' => 's',
        'æ' => 'a',
        'œ' => 'o',
        // Accents of the Latin, Greek and Cyrillic letters; the syllables of Hangul would fall apart.
        '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' => {
            let mut first = None;
            decompose_canonical(c, |part| first = first.or(Some(part)));
            first.unwrap_or(c)
        }
        _ => c,
    }
}

/// The two letters that are written where the one is missing on a keyboard.
fn spelled(c: char) -> Option<[char; 2]> {
    Some(match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => ['a', 'e'],
        'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => ['o', 'e'],
        'ü' | 'Ü' => ['u', 'e'],
        'å' | 'Å' => ['a', 'a'],
        'ß' | 'ẞ' => ['s', 's'],
        _ => return None,
    })
}

/// How much of each begins with the same letter.
fn step(text: &str, name: &str) -> Option<(usize, usize)> {
    let (t, n) = (text.chars().next()?, name.chars().next()?);
    if t.is_ascii() && n.is_ascii() {
        let same = t.eq_ignore_ascii_case(&n);
        // Accents may stand behind their letter.
        return same.then(|| (1 + marks(&text[1..]), 1 + marks(&name[1..])));
    }
    let (t_len, n_len) = (t.len_utf8(), n.len_utf8());
    if let Some(len) = spelled(n).and_then(|pair| begins(text, pair)) {
        return Some((len, n_len));
    }
    if let Some(len) = spelled(t).and_then(|pair| begins(name, pair)) {
        return Some((t_len, len));
    }
    (base(t) == base(n)).then(|| (t_len + marks(&text[t_len..]), n_len + marks(&name[n_len..])))
}

fn begins(text: &str, pair: [char; 2]) -> Option<usize> {
    let bytes = text.as_bytes();
    let is = |at: usize| bytes.get(at).is_some_and(|b| char::from(b.to_ascii_lowercase()) == pair[at]);
    (is(0) && is(1)).then_some(2)
}

fn marks(text: &str) -> usize {
    if text.as_bytes().first().is_none_or(u8::is_ascii) {
        return 0;
    }
    text.chars().take_while(|c| is_combining_mark(*c)).map(char::len_utf8).sum()
}

/// The length of the name at the start of the text: in any case, with or without accents, any run of blanks for
/// one.
pub(super) fn matches_at(text: &str, name: &str) -> Option<usize> {
    // Most candidates fall here: their second letters differ.
    if let (&[_, t, ..], &[_, n, ..]) = (text.as_bytes(), name.as_bytes())
        && t.is_ascii_alphabetic()
        && n.is_ascii_alphabetic()
        && !t.eq_ignore_ascii_case(&n)
        && text.as_bytes()[0].is_ascii()
        && name.as_bytes()[0].is_ascii()
    {
        return None;
    }
    let (mut rest, mut wanted) = (text, name);
    while !wanted.is_empty() {
        let trimmed = wanted.trim_start();
        if trimmed.len() < wanted.len() {
            let after = rest.trim_start();
            if after.len() == rest.len() {
                return None;
            }
            (rest, wanted) = (after, trimmed);
            continue;
        }
        let (of_text, of_name) = step(rest, wanted)?;
        (rest, wanted) = (&rest[of_text..], &wanted[of_name..]);
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_with_and_without_accents() {
        for (text, name) in [
            ("jose", "José"),
            ("JOSÉ", "Jose"),
            ("Jose\u{301}", "José"),
            ("Mueller", "Müller"),
            ("MÜLLER", "Mueller"),
            ("Muller", "Müller"),
            ("Strauß", "Strauss"),
            ("STRAUSS", "Strauß"),
            ("Soren", "Søren"),
            ("Soeren", "Søren"),
            ("Lukasz", "Łukasz"),
            ("Nguyen", "Nguyễn"),
            ("李小龙", "李小龙"),
            ("иван", "Иван"),
            ("anna  lee", "Anna Lee"),
        ] {
            assert_eq!(matches_at(text, name), Some(text.len()), "{text} {name}");
        }
        for (text, name) in
            [("Jos", "José"), ("Muhller", "Müller"), ("김민", "강민"), ("annalee", "Anna Lee")]
        {
            assert_eq!(matches_at(text, name), None, "{text} {name}");
        }
    }
}
