//! Who wrote the rows of a part, and of which accounts they are: by numbers of its own in place of names.
//!
//! A name is told by 64 bits of what it is hashed to: of a million names any two are the same by chance on one shelf of
//! thirty million.

use super::{
    part::Part,
    row::{Label, Text},
};
use feedback::ids::Id;

/// Stands for a pseudonym, an account, or whatever else one is counted once by.
pub(super) type Name = u64;

/// Where there is no name.
const NOBODY: u32 = u32::MAX;

#[derive(Debug, Default)]
pub(super) struct Writers {
    /// Those of people and accounts, each once, ascending. What follows says where in it.
    names: Box<[Name]>,
    /// Of each row its author, doubled; where it tells the author's other name alone, that one, doubled and one.
    rows: Box<[u32]>,
    /// An author and the other name beside it, each pair once, ascending.
    pairs: Box<[(u32, u32)]>,
    /// Of each word of the column of accounts.
    accounts: Box<[u32]>,
}

impl Writers {
    pub fn of(part: &Part) -> Self {
        let both = |row| [Text::Author, Text::AuthorAlias].map(|text| person(part.text(row, text)));
        let told: Vec<[Option<Name>; 2]> = (0..part.len()).map(both).collect();
        let words = part.column(Label::Account).words();
        let accounts: Vec<Option<Name>> = (0..words.len()).map(|at| account(words.get(at))).collect();
        let mut names: Vec<Name> = told.iter().flatten().chain(&accounts).flatten().copied().collect();
        names.sort_unstable();
        names.dedup();
        // A part has fewer names than 2^31.
        let place = |name: &Name| names.partition_point(|known| known < name) as u32;
        let mut pairs: Vec<(u32, u32)> = told
            .iter()
            .filter_map(|[author, alias]| Some((place(author.as_ref()?), place(alias.as_ref()?))))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let row = |both: &[Option<Name>; 2]| match both {
            [Some(author), _] => 2 * place(author),
            [None, Some(alias)] => 2 * place(alias) + 1,
            [None, None] => NOBODY,
        };
        Self {
            rows: told.iter().map(row).collect(),
            pairs: pairs.into(),
            accounts: accounts.iter().map(|name| name.as_ref().map_or(NOBODY, place)).collect(),
            names: names.into(),
        }
    }

    pub fn names(&self) -> &[Name] {
        &self.names
    }

    pub fn has(&self, name: Name) -> bool {
        self.names.binary_search(&name).is_ok()
    }

    /// Of the same person, as places among [`Self::names`].
    pub fn pairs(&self) -> impl Iterator<Item = [usize; 2]> {
        self.pairs.iter().map(|(author, alias)| [*author as usize, *alias as usize])
    }

    pub fn has_pair(&self, [author, alias]: [Name; 2]) -> bool {
        let place = |name: Name| self.names.binary_search(&name).ok();
        // A place fits into 32 bits.
        let pair = place(author).zip(place(alias)).map(|(author, alias)| (author as u32, alias as u32));
        pair.is_some_and(|pair| self.pairs.binary_search(&pair).is_ok())
    }

    /// Whom the name of the row's author stands for, as a place among [`Self::names`].
    pub fn author(&self, row: usize) -> Option<usize> {
        self.person(row).filter(|_| self.rows[row].is_multiple_of(2))
    }

    /// The same, by the other name where the row tells that one alone.
    pub fn person(&self, row: usize) -> Option<usize> {
        Some(self.rows[row]).filter(|row| *row != NOBODY).map(|row| row as usize / 2)
    }

    /// Of a word of the column of accounts; `None` for the empty one.
    pub fn account(&self, word: usize) -> Option<usize> {
        Some(self.accounts[word]).filter(|account| *account != NOBODY).map(|account| account as usize)
    }

    pub fn heap(&self) -> usize {
        let (names, rows) = (size_of_val(&*self.names), size_of_val(&*self.rows));
        size_of::<Self>() + names + rows + size_of_val(&*self.pairs) + size_of_val(&*self.accounts)
    }
}

fn person(name: &str) -> Option<Name> {
    (!name.is_empty()).then(|| name_of(&[name]))
}

/// Whatever an account is called, it is nobody's pseudonym.
fn account(name: &str) -> Option<Name> {
    (!name.is_empty()).then(|| name_of(&["account", name]))
}

/// The lower half of an id: all bits of a hash are as good.
pub(super) fn name_of(parts: &[&str]) -> Name {
    Id::of(parts).0 as u64
}
