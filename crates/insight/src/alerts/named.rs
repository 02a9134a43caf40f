//! Which of the words that `alerts.toml` names a record holds: whole words and phrases in any case, as triage finds them.

use super::file::NamedWords;
use crate::triage::{Folded, Phrase};

/// Named words, ready to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Wordings(Vec<(String, Vec<Phrase>)>);

impl Wordings {
    /// Words that two entries give the same name are one.
    #[must_use]
    pub fn new(words: &[NamedWords]) -> Self {
        let mut named: Vec<(String, Vec<Phrase>)> = Vec::new();
        for NamedWords { name, any } in words {
            let phrases = any.iter().map(|written| Phrase::new(written));
            match named.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => known.extend(phrases),
                None => named.push((name.clone(), phrases.collect())),
            }
        }
        Self(named)
    }

    /// The names of those that a title or a body holds, in the order of the file.
    #[must_use]
    pub fn of(&self, title: Option<&str>, body: &str) -> Vec<String> {
        let mut folded = Folded::default();
        let mut holds =
            |phrases: &[Phrase]| phrases.iter().any(|phrase| folded.find(title, body, phrase).is_some());
        self.0.iter().filter(|(_, phrases)| holds(phrases)).map(|(name, _)| name.clone()).collect()
    }

    /// The words of a name as they are written; none where the file has no such name any more.
    #[must_use]
    pub fn written(&self, name: &str) -> Vec<String> {
        let named = self.0.iter().filter(|(known, _)| known == name).flat_map(|(_, phrases)| phrases);
        named.filter(|phrase| !phrase.is_empty()).map(|phrase| phrase.written.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, any: &[&str]) -> NamedWords {
        NamedWords { name: name.to_owned(), any: any.iter().map(|word| (*word).to_owned()).collect() }
    }

    #[test]
    fn a_record_has_the_names_of_the_words_in_it() {
        let wordings = Wordings::new(&[
            words("rivals", &["Acme", "switch to"]),
            words("money", &["refund"]),
            words("rivals", &["Globex"]),
        ]);
        let of = |title: Option<&str>, body: &str| wordings.of(title, body).join("+");
        assert_eq!(of(None, "We SWITCH  to another tool, refund please"), "rivals+money");
        assert_eq!(of(Some("Globex is cheaper"), ""), "rivals");
        assert_eq!(of(Some("switch"), "to what?"), "", "no phrase runs from the title into the body");
        assert_eq!(of(None, "acmes and refunds"), "", "whole words alone");
        assert!(Wordings::new(&[]).of(None, "refund").is_empty());
        assert_eq!(wordings.written("rivals"), ["Acme", "switch to", "Globex"]);
        assert_eq!(wordings.written("gone"), [""; 0]);
    }
}
