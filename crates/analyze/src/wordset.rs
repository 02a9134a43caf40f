//! Short lists of words that a text is held against, in any ASCII case.

use std::sync::LazyLock;

/// A set that is built when it is first asked: `static X: WordSet = LazyLock::new(|| Words::new("one two"))`.
pub(crate) type WordSet = LazyLock<Words>;

pub(crate) struct Words {
    buckets: Vec<Vec<&'static str>>,
    /// A bit for each bucket that holds a word: most words need no more than a look at it.
    taken: u128,
}

impl Words {
    /// The words are separated by blanks.
    pub fn new(list: &'static str) -> Self {
        let mut buckets = vec![Vec::new(); 128];
        list.split_ascii_whitespace().for_each(|word| buckets[bucket(word)].push(word));
        let taken = buckets.iter().rev().fold(0, |bits, words| bits << 1 | u128::from(!words.is_empty()));
        Self { buckets, taken }
    }

    pub fn contains(&self, word: &str) -> bool {
        let bucket = bucket(word);
        self.taken >> bucket & 1 == 1
            && self.buckets[bucket].iter().any(|known| word.eq_ignore_ascii_case(known))
    }
}

/// By the first letter, small or capital, and the length.
fn bucket(word: &str) -> usize {
    let first = word.as_bytes().first().map_or(0, |byte| byte & 31);
    usize::from(first) << 2 | word.len() & 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case() {
        let words = Words::new("tel phone тел móvil");
        for word in ["tel", "TEL", "Phone", "тел", "Móvil"] {
            assert!(words.contains(word), "{word}");
        }
        for word in ["", "te", "tell", "phones", "ТЕЛ"] {
            assert!(!words.contains(word), "{word}");
        }
    }
}
