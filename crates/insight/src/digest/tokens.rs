//! The words of a text with where they stand, and its words and pairs of words.
//!
//! A word is a run of letters and digits, with an apostrophe between letters. Of scripts that write no blanks (Han, kana,
//! Thai, Lao, Khmer, Burmese) each character is one, so that pairs of them are what words there mostly are. A pair
//! reaches over blanks alone. What a redaction left, as `[email]`, is no word of anybody's.

use feedback::span::Span;

/// A word in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub word: String,
    /// Characters of the text.
    pub span: Span,
    /// Only blanks, or nothing, stand between the word before and this one.
    pub follows: bool,
}

/// A placeholder has no more letters than this.
const LONGEST_PLACEHOLDER: usize = 8;

pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut follows) = (0, false);
    while at < chars.len() {
        let c = chars[at];
        if let Some(end) = placeholder(&chars, at) {
            (at, follows) = (end, false);
        } else if c.is_alphanumeric() {
            let end = word_end(&chars, at);
            let word = chars[at..end].iter().flat_map(|c| c.to_lowercase()).map(straight).collect();
            tokens.push(Token { word, span: Span::new(at as u32, end as u32), follows });
            (at, follows) = (end, true);
        } else {
            follows = follows && c.is_whitespace() && c != '\n';
            at += 1;
        }
    }
    tokens
}

/// One way of writing an apostrophe.
fn straight(c: char) -> char {
    if c == '’' { '\'' } else { c }
}

/// Where a placeholder ends that begins at `at`.
fn placeholder(chars: &[char], at: usize) -> Option<usize> {
    let rest = chars.get(at..)?.strip_prefix(&['['])?;
    let letters = rest.iter().take_while(|c| c.is_ascii_lowercase()).count();
    let closed = rest.get(letters) == Some(&']');
    (closed && (1..=LONGEST_PLACEHOLDER).contains(&letters)).then_some(at + letters + 2)
}

fn word_end(chars: &[char], at: usize) -> usize {
    if stands_alone(chars[at]) {
        return at + 1;
    }
    let letter = |at: usize| chars.get(at).is_some_and(|c| c.is_alphanumeric() && !stands_alone(*c));
    let apostrophe = |at: usize| matches!(chars.get(at), Some('\'' | '’'));
    let mut end = at + 1;
    while letter(end) || apostrophe(end) && letter(end + 1) {
        end += 1;
    }
    end
}

pub(super) fn stands_alone(c: char) -> bool {
    matches!(
        u32::from(c),
        // Thai and Lao, Burmese, Khmer, kana.
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3041..=0x30FA | 0x30FC..=0x30FF
        // Han, with its extensions.
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF
    )
}

/// Whether a word says something by itself: three letters or more, and not a number.
pub(crate) fn tells(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// Whether a pair does: one of the two tells, or both are characters of a script without blanks.
pub(crate) fn pair_tells(first: &str, second: &str) -> bool {
    let alone = |word: &str| word.chars().all(stands_alone);
    tells(first) || tells(second) || alone(first) && alone(second)
}

/// A pair as it is written.
pub(crate) fn joined(first: &str, second: &str) -> String {
    let between = if first.chars().all(stands_alone) && second.chars().all(stands_alone) { "" } else { " " };
    format!("{first}{between}{second}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, bool)> {
        tokens(text).into_iter().map(|token| (token.word, token.follows)).collect()
    }

    #[test]
    fn words_with_what_stands_between_them() {
        let of = |pairs: &[(&str, bool)]| -> Vec<(String, bool)> {
            pairs.iter().map(|(word, follows)| ((*word).to_owned(), *follows)).collect()
        };
        assert_eq!(
            words("I can’t PAY!  Again"),
            of(&[("i", false), ("can't", true), ("pay", true), ("again", false)])
        );
        assert_eq!(words("mail [email] now"), of(&[("mail", false), ("now", false)]));
        assert_eq!(words("[not a placeholder]"), of(&[("not", false), ("a", true), ("placeholder", true)]));
        assert_eq!(words("我要退款"), of(&[("我", false), ("要", true), ("退", true), ("款", true)]));
        assert_eq!(words("'quoted' v7.3"), of(&[("quoted", false), ("v7", false), ("3", false)]));
        assert!(words("").is_empty() && words("[").is_empty() && words("?!").is_empty());
    }

    #[test]
    fn a_word_is_found_where_it_stands() {
        let text = "é✓ Überweisung fehlt";
        let found = tokens(text);
        assert_eq!(found[1].span.of(text), "Überweisung");
    }

    #[test]
    fn what_tells_something() {
        assert!(tells("pay") && !tells("is") && !tells("2026") && !tells("v7"));
        assert!(pair_tells("of", "billing") && !pair_tells("of", "it") && pair_tells("退", "款"));
        assert_eq!([joined("退", "款"), joined("two", "words")], ["退款", "two words"]);
    }
}
