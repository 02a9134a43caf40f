//! Whole words and phrases in any case, with where they stand.
//!
//! A word is a run of letters and digits, whatever stands between the words; of scripts that write none between them
//! (Han, kana, Thai, Lao, Khmer, Burmese) each character is a word, so that a phrase is found within a sentence.

use feedback::span::Span;

/// A word or a phrase of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub written: String,
    words: Vec<String>,
}

impl Phrase {
    pub fn new(written: &str) -> Self {
        let mut folded = Folded::default();
        folded.push(written, true);
        let words = folded.words.iter().map(|word| folded.text[word.start..word.end].to_owned()).collect();
        Self { written: written.to_owned(), words }
    }

    /// Without a letter or a digit nothing ever fits it.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Folded.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether every text with this phrase has the other one too.
    pub fn contains(&self, other: &Self) -> bool {
        !other.is_empty()
            && self.words.windows(other.words.len()).any(|words| words == other.words.as_slice())
    }
}

/// A record's words, folded, when a rule first asks for them.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    words: Vec<Word>,
    is_read: bool,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    /// Bytes of the folded text.
    start: usize,
    end: usize,
    /// Characters of the title or the body.
    span: Span,
    in_body: bool,
}

/// Where a phrase was found first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Of the body; `None` in the title.
    pub span: Option<Span>,
}

impl Folded {
    /// Before another record.
    pub fn forget(&mut self) {
        self.is_read = false;
    }

    pub fn find(&mut self, title: Option<&str>, body: &str, phrase: &Phrase) -> Option<Hit> {
        if phrase.is_empty() {
            return None;
        }
        self.read(title, body);
        let length = phrase.words.len();
        let fits = |words: &&[Word]| {
            words.iter().zip(&phrase.words).all(|(word, wanted)| self.text[word.start..word.end] == **wanted)
                // No phrase begins in the title and ends in the body.
                && words[0].in_body == words[length - 1].in_body
        };
        let found = self.words.windows(length).find(fits)?;
        let (first, last) = (found[0], found[length - 1]);
        Some(Hit { span: first.in_body.then(|| Span::new(first.span.start, last.span.end)) })
    }

    fn read(&mut self, title: Option<&str>, body: &str) {
        if self.is_read {
            return;
        }
        self.text.clear();
        self.words.clear();
        self.push(title.unwrap_or_default(), false);
        self.push(body, true);
        self.is_read = true;
    }

    fn push(&mut self, text: &str, in_body: bool) {
        // Where the word began: in the folded text, and in characters.
        let mut open = None;
        let mut at = 0;
        for c in text.chars() {
            let alone = stands_alone(c);
            if alone || !c.is_alphanumeric() {
                self.close(&mut open, at, in_body);
            }
            if alone || c.is_alphanumeric() {
                open = open.or(Some((self.text.len(), at)));
                fold(c, &mut self.text);
            }
            at += 1;
            if alone {
                self.close(&mut open, at, in_body);
            }
        }
        self.close(&mut open, at, in_body);
    }

    fn close(&mut self, open: &mut Option<(usize, u32)>, at: u32, in_body: bool) {
        if let Some((start, first)) = open.take() {
            self.words.push(Word { start, end: self.text.len(), span: Span::new(first, at), in_body });
        }
    }
}

/// By way of both cases, which makes one of ß, ẞ and SS, and of the two small sigmas.
pub(crate) fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else {
        let upper = c.to_lowercase().flat_map(char::to_uppercase);
        out.extend(upper.flat_map(char::to_lowercase));
    }
}

/// Whether a character is a word by itself.
pub(crate) fn stands_alone(c: char) -> bool {
    matches!(
        u32::from(c),
        // Thai and Lao, Burmese, Khmer, kana.
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3041..=0x30FA | 0x30FC..=0x30FF
        // Han, with its extensions.
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(title: &str, body: &str, phrase: &str) -> Option<String> {
        let hit = Folded::default().find(Some(title), body, &Phrase::new(phrase))?;
        Some(hit.span.map_or_else(|| "in the title".to_owned(), |span| span.of(body).to_owned()))
    }

    #[test]
    fn whole_words_in_any_case() {
        assert_eq!(found("", "No REFUND yet", "refund").as_deref(), Some("REFUND"));
        assert_eq!(found("", "refunds are slow", "refund"), None);
        assert_eq!(found("", "Verbatim's export", "verbatim").as_deref(), Some("Verbatim"));
        assert_eq!(found("", "data-loss, again: Data\n loss", "Data  loss").as_deref(), Some("data-loss"));
        assert_eq!(found("", "I can’t pay", "can't pay").as_deref(), Some("can’t pay"));
        assert_eq!(found("", "", "refund"), None);
        assert_eq!(found("", "what?!", "?!"), None);
    }

    #[test]
    fn letters_beyond_ascii() {
        assert_eq!(found("", "GROSSE Straße", "große").as_deref(), Some("GROSSE"));
        assert_eq!(found("", "ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς").as_deref(), Some("ὈΔΥΣΣΕΎΣ"));
        assert_eq!(found("", "é✓ Überweisung fehlt", "überweisung").as_deref(), Some("Überweisung"));
        assert_eq!(found("", "我要退款，谢谢", "退款").as_deref(), Some("退款"));
        assert_eq!(found("", "退一款", "退款"), None);
    }

    #[test]
    fn a_title_is_read_too_but_no_phrase_runs_over() {
        assert_eq!(found("Data loss", "help", "data loss").as_deref(), Some("in the title"));
        assert_eq!(found("Lost data", "loss of time", "data loss"), None);
    }

    #[test]
    fn what_was_read_is_forgotten() {
        let (mut folded, phrase) = (Folded::default(), Phrase::new("refund"));
        assert!(folded.find(None, "a refund", &phrase).is_some());
        folded.forget();
        assert!(folded.find(None, "an invoice", &phrase).is_none());
    }

    #[test]
    fn a_phrase_may_hold_another() {
        let contains = |one: &str, other: &str| Phrase::new(one).contains(&Phrase::new(other));
        assert!(contains("total data loss", "Data Loss") && contains("loss", "loss"));
        assert!(!contains("loss", "data loss") && !contains("data and loss", "data loss"));
        assert!(!contains("loss", "!!"));
    }
}
