//! Stems: a word without its ending, so that "exports", "exported" and "exporting" meet.
//!
//! Coarse on purpose: the stems are compared with one another and never shown.

/// How many bytes of a folded word are its stem; at least three.
#[must_use]
pub fn stem_length(word: &[u8]) -> usize {
    let word = word.split(|b| *b == b'\'').next().unwrap_or(word);
    let mut length = word.len();
    for (ending, left) in [(&b"ies"[..], 3), (b"es", 4), (b"s", 3)] {
        if length >= ending.len() + left && word[..length].ends_with(ending) && !word.ends_with(b"ss") {
            length -= ending.len();
            break;
        }
    }
    // Not "er": a planner is no plan.
    const ENDINGS: [&[u8]; 12] = [
        b"ation", b"ating", b"ingly", b"ment", b"ated", b"able", b"ator", b"ate", b"ing", b"ion", b"ed",
        b"ly",
    ];
    for ending in ENDINGS {
        if length >= ending.len() + 4 && word[..length].ends_with(ending) {
            length -= ending.len();
            break;
        }
    }
    // "crash" and "crashe", "plan" and "plann", "sync" and "synch": the last letter carries little.
    while length > 3 && matches!(word[length - 1], b'e' | b'y' | b'i') {
        length -= 1;
    }
    if length > 4 && word[length - 1] == word[length - 2] {
        length -= 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
        let stem = |word: &str| word[..stem_length(word.as_bytes())].to_owned();
        for forms in [
            &["export", "exports", "exported", "exporting"][..],
            &["crash", "crashes", "crashed", "crashing"],
            &["invoice", "invoices", "invoiced", "invoicing"],
            &["notify", "notifies", "notified"],
            &["plan", "plans", "planning"],
            &["access", "accesses", "accessing"],
            &["translate", "translation", "translating"],
            &["integration", "integrations", "integrating"],
        ] {
            let stems: Vec<_> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{stems:?}");
        }
        assert_eq!(stem("is"), "is");
        assert_eq!(stem("it's"), "it");
    }
}
