//! What is replaced, and how often.

/// A class of personal data, in order of strength: where two matches overlap, the greater one names both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// A name or handle: the author's own, that of somebody in the conversation, behind a greeting or title, or below
    /// a letter.
    Name,
    Phone,
    Ip,
    /// A national identity number.
    Id,
    Card,
    Iban,
    Email,
    /// A password, key or access token.
    Token,
    /// A URL with credentials in it.
    Url,
}

impl Class {
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Phone,
        Self::Ip,
        Self::Id,
        Self::Card,
        Self::Iban,
        Self::Email,
        Self::Token,
        Self::Url,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        // The placeholder without its brackets.
        let placeholder = self.placeholder();
        &placeholder[1..placeholder.len() - 1]
    }

    /// What stands in the text instead.
    #[must_use]
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::Name => "[name]",
            Self::Phone => "[phone]",
            Self::Ip => "[ip]",
            Self::Id => "[id]",
            Self::Card => "[card]",
            Self::Iban => "[iban]",
            Self::Email => "[email]",
            Self::Token => "[token]",
            Self::Url => "[url]",
        }
    }
}

/// How many of each class were replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RedactionCounts([u32; Class::ALL.len()]);

impl RedactionCounts {
    pub fn add(&mut self, class: Class) {
        let count = &mut self.0[class as usize];
        *count = count.saturating_add(1);
    }

    #[must_use]
    pub fn of(&self, class: Class) -> u32 {
        self.0[class as usize]
    }

    /// The classes that occurred, by name, with their number.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u32)> + '_ {
        Class::ALL.into_iter().map(|c| (c.as_str(), self.of(c))).filter(|(_, count)| *count > 0)
    }

    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl std::ops::AddAssign for RedactionCounts {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
    }
}
