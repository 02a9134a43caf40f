//! The author's own name, address and handle, and those of others whom the conversation names, wherever they
//! occur.

use super::chars::{glued_left, glued_right};
use super::letters::{base, matches_at};
use super::ordinary::{is_of_a_role, is_ordinary_word, is_role, is_word_too, only_roles, words};
use super::prefixes::Prefixes;
use super::{Class, fold::View, scan::Hit, signature};
use std::borrow::Cow;

/// Of entries that begin with the same words so many are held against a text: time stays linear in the text, also
/// where a thousand names were made for it. Of the same single word there are few spellings, and few rules.
const MOST_ALIKE: usize = 16;

/// Products of one record that are held: its own, and what its extra fields call so.
const MOST_PRODUCTS: usize = 4;

/// Names, addresses and handles that must not stand in the texts of a record: made once for a record.
///
/// A text is walked once, however many there are: the words of each name are hashed, and a text's word is looked up.
#[derive(Debug)]
pub struct Known<'n> {
    names: Vec<Cow<'n, str>>,
    /// By key and rule.
    entries: Vec<Entry>,
    /// Bytes that one of them may begin with.
    starts: [bool; 256],
    /// Their words are greeted and are nobody; empty where there are fewer.
    products: [&'n str; MOST_PRODUCTS],
}

/// A name, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Of its words, as [`Prefixes`] gives them.
    key: u64,
    rule: Rule,
    name: u32,
    start: u32,
    end: u32,
}

/// Where it is masked; the widest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    Address,
    Anywhere,
    /// A name that is a word (`Will`): with a capital in mid-sentence, and where a name is to be expected.
    Capital,
    /// A part that is a word (`May`), or stands beside a role (`Anna (Support)`): with a capital, where a name is to
    /// be expected.
    Expected,
    /// A handle that is a word: behind `@`, `/` and `=`.
    Behind,
    /// No more than the first words of a longer one.
    Begins,
}

static NOBODY: Known<'static> =
    Known { names: Vec::new(), entries: Vec::new(), starts: [false; 256], products: [""; MOST_PRODUCTS] };

impl Default for &Known<'_> {
    fn default() -> Self {
        &NOBODY
    }
}

impl<'n> Known<'n> {
    #[must_use]
    pub fn nobody() -> &'static Known<'static> {
        &NOBODY
    }

    /// Whether people may call each other by this id, unlike by a number, which would be masked wherever it stands. One
    /// that is a word is masked as a handle only.
    #[must_use]
    pub fn is_handle(id: &str) -> bool {
        id.chars().any(char::is_alphabetic)
    }

    #[must_use]
    pub fn new(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut known = Self {
            names: Vec::new(),
            entries: Vec::new(),
            starts: [false; 256],
            products: [""; MOST_PRODUCTS],
        };
        names.into_iter().for_each(|name| known.add(name));
        known.entries.sort_unstable();
        let mut same = (0, 0);
        known.entries.retain(|entry| {
            same = if same.0 == entry.key { (same.0, same.1 + 1) } else { (entry.key, 0) };
            same.1 < MOST_ALIKE
        });
        known
    }

    /// What the record calls its product: whoever greets it (`Hi Larchdeck,`) greets no person. A few are held.
    #[must_use]
    pub fn with_products(mut self, products: impl IntoIterator<Item = &'n str>) -> Self {
        self.products.iter_mut().zip(products).for_each(|(slot, product)| *slot = product);
        self
    }

    /// Whether a field of this name holds what [`with_products`](Self::with_products) asks for.
    #[must_use]
    pub fn is_product_field(name: &str) -> bool {
        ["product", "brand"].iter().any(|field| field.eq_ignore_ascii_case(name))
    }

    /// Whether each word of the name is one of a product.
    pub(super) fn is_of_a_product(&self, name: &str) -> bool {
        let parts = |text: &'n str| text.split(|c: char| !c.is_alphanumeric());
        let is_one = |word: &str| {
            self.products.iter().copied().flat_map(parts).any(|part| part.eq_ignore_ascii_case(word))
        };
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(is_one)
    }

    fn add(&mut self, name: &'n str) {
        let text = trimmed(View::of(name).into_text());
        let whole = whole(&text);
        let nobody = only_roles(&text) && whole != Rule::Behind;
        if !is_long_enough(&text) || text.starts_with('[') || nobody {
            return;
        }
        let at = self.names.len() as u32;
        self.entry(&text, (0, text.len()), whole, at);
        if whole != Rule::Address {
            parts(&text, |range, rule| self.entry(&text, range, rule, at));
        }
        self.names.push(text);
    }

    fn entry(&mut self, name: &str, (start, end): (usize, usize), rule: Rule, at: u32) {
        let text = &name[start..end];
        self.mark_start(text);
        let entry = |key, rule| Entry { key, rule, name: at, start: start as u32, end: end as u32 };
        let mut keys = Prefixes::of(text);
        let mut last = keys.next();
        while let Some(key) = last {
            last = keys.next();
            self.entries.push(entry(key, if last.is_some() { Rule::Begins } else { rule }));
        }
    }

    fn mark_start(&mut self, text: &str) {
        let Some(first) = text.chars().next().map(base) else { return };
        // Beyond ASCII, where an accented letter of Latin begins; the rarer ones behind U+1E00 begin no name.
        let wide = if first.is_ascii() { 0xC3..=0xC5 } else { 0xC2..=0xFF };
        wide.for_each(|byte| self.starts[byte] = true);
        if first.is_ascii() {
            self.starts[usize::from(first as u8)] = true;
            self.starts[usize::from(first.to_ascii_uppercase() as u8)] = true;
        }
    }

    pub(super) fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        if self.entries.is_empty() {
            return;
        }
        let mut at = 0;
        while let Some(byte) = text.as_bytes().get(at) {
            at += if self.starts[usize::from(*byte)] && !glued_left(text, at) {
                self.look(text, at, hits)
            } else {
                1
            };
        }
    }

    /// Looks up the words from here on, and says how long the first is.
    fn look(&self, text: &str, at: usize, hits: &mut Vec<Hit>) -> usize {
        let mut keys = Prefixes::of(&text[at..]);
        let mut key = keys.next();
        let first = keys.consumed().max(1);
        while let Some(wanted) = key {
            let from = self.entries.partition_point(|entry| entry.key < wanted);
            let alike = self.entries[from..].iter().take_while(|entry| entry.key == wanted);
            let mut none = true;
            let hit = alike.inspect(|_| none = false).find_map(|entry| self.hit(entry, text, at));
            hits.extend(hit);
            if none {
                break;
            }
            key = keys.next();
        }
        first
    }

    fn hit(&self, entry: &Entry, text: &str, at: usize) -> Option<Hit> {
        #[cfg(test)]
        tests::COMPARED.with(|compared| compared.set(compared.get() + 1));
        if entry.rule == Rule::Begins {
            return None;
        }
        let name = &*self.names[entry.name as usize];
        let wanted = &name[entry.start as usize..entry.end as usize];
        let end = at + matches_at(&text[at..], wanted)?;
        let class = if entry.rule == Rule::Address { Class::Email } else { Class::Name };
        let hit = Hit::new(at..end, class);
        let stands = !glued_right(text, end) && !in_placeholder(text, &hit) && !shortened(&text[end..]);
        (stands && fits(entry.rule, text, &hit, wanted, name)).then_some(hit)
    }
}

/// Whether the rule allows this place; `name` is the whole of which `wanted` is a part.
fn fits(rule: Rule, text: &str, hit: &Hit, wanted: &str, name: &str) -> bool {
    let (before, shown) = (&text[..hit.range.start], &text[hit.range.clone()]);
    let capital = shown.starts_with(char::is_uppercase);
    let expected = || {
        let others = || words(name).filter(|other| *other != wanted).take(MOST_ALIKE);
        signature::is_place_of_name(text, &hit.range, others)
    };
    let behind = || before.ends_with(['@', '/', '=']);
    match rule {
        Rule::Address | Rule::Anywhere => true,
        Rule::Capital => behind() || capital && (is_mid_sentence(before) && !is_loud(shown) || expected()),
        Rule::Expected => capital && expected(),
        Rule::Behind => behind(),
        Rule::Begins => false,
    }
}

/// A capital at the start of a sentence says nothing.
fn is_mid_sentence(before: &str) -> bool {
    let blank = before.trim_end_matches([' ', '\t']);
    blank.ends_with(|c: char| c.is_alphanumeric() || c == ']')
}

fn is_loud(word: &str) -> bool {
    word.chars().nth(1).is_some_and(char::is_uppercase)
}

fn trimmed(name: Cow<'_, str>) -> Cow<'_, str> {
    let trim = |name: &str| -> std::ops::Range<usize> {
        let start = name.len() - name.trim_start().trim_start_matches('@').len();
        start..start + name[start..].trim_end().len()
    };
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(&name[trim(name)]),
        Cow::Owned(name) => Cow::Owned(name[trim(&name)].to_owned()),
    }
}

fn whole(name: &str) -> Rule {
    match () {
        () if name.contains('@') => Rule::Address,
        // By an id of letters people may call each other, or not: one that is a word says nothing where it stands as
        // one. A digit or a sign, or letters that make no word, tell a handle.
        () if is_ordinary_word(name) => Rule::Behind,
        () if is_word_too(name) => Rule::Capital,
        () => Rule::Anywhere,
    }
}

/// The first name and the last by themselves.
fn parts(name: &str, mut part: impl FnMut((usize, usize), Rule)) {
    let range = |part: &str| {
        let start = part.as_ptr() as usize - name.as_ptr() as usize;
        (start, start + part.len())
    };
    for half in halves(name).into_iter().flatten() {
        part(range(half), Rule::Anywhere);
    }
    if words(name).nth(1).is_none() {
        return;
    }
    let beside_role = words(name).any(is_role);
    for word in words(name).filter(|word| is_long_enough(word)) {
        match () {
            () if beside_role && is_of_a_role(word) => {}
            () if beside_role || is_word_too(word) => part(range(word), Rule::Expected),
            () => part(range(word), Rule::Anywhere),
        }
    }
}

/// Three letters, or two where a letter is a syllable.
fn is_long_enough(name: &str) -> bool {
    name.chars().nth(2).is_some() || name.chars().nth(1).is_some() && name.chars().all(is_syllable)
}

/// Ideographs and Hangul, of which two are a name.
fn is_syllable(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What a name without a blank is made of: of three syllables the first is the family's, and a word like any
/// other; of four the first two.
fn halves(name: &str) -> [Option<&str>; 2] {
    let count = name.chars().take(5).count();
    if !(3..=4).contains(&count) || !name.chars().all(is_syllable) {
        return [None, None];
    }
    let first = name.char_indices().nth(count - 2).map_or(name.len(), |(at, _)| at);
    let (family, given) = name.split_at(first);
    [Some(given), Some(family).filter(|family| is_long_enough(family))]
}

/// `don't`: no name.
fn shortened(rest: &str) -> bool {
    rest.starts_with(['\'', '’']) && rest.chars().nth(1).is_some_and(|c| matches!(c, 't' | 'T'))
}

/// A customer called Card must not unmake `[card]`.
fn in_placeholder(text: &str, hit: &Hit) -> bool {
    text[..hit.range.start].ends_with('[')
        && text[hit.range.end..].starts_with(']')
        && Class::ALL.iter().any(|class| class.as_str() == &text[hit.range.clone()])
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    thread_local! {
        /// Entries that this thread held against a text.
        pub static COMPARED: Cell<usize> = const { Cell::new(0) };
    }
}
