//! Texts by number: the same few stand in very many records, and numbers are compared at once.

use std::{collections::HashMap, sync::Arc};

/// The number of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Text(u32);

/// Texts, each once.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    numbers: HashMap<Arc<str>, Text>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    /// The number of a text, which gets one where it has none.
    pub fn number(&mut self, text: &str) -> Text {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // Fewer than there are rows, which memory holds.
        let (number, text) = (Text(self.texts.len() as u32), Arc::<str>::from(text));
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    /// The text itself, held once.
    pub fn shared(&mut self, text: &str) -> Arc<str> {
        let number = self.number(text);
        Arc::clone(&self.texts[number.0 as usize])
    }

    /// `None` where no record has it.
    pub fn find(&self, text: &str) -> Option<Text> {
        self.numbers.get(text).copied()
    }

    pub fn of(&self, number: Text) -> &str {
        &self.texts[number.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number() {
        let mut texts = Texts::default();
        let (app, none) = (texts.number("app"), texts.number(""));
        assert_eq!((texts.number("app"), texts.find("app"), texts.find("web")), (app, Some(app), None));
        assert_eq!((texts.of(app), texts.of(none)), ("app", ""));
    }
}
