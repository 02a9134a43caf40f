//! What an export or an answer of an API holds, split into one payload each.
//!
//! Read as they come: one JSON value, NDJSON (an answer a line as well), arrays, and the objects in which the
//! vendors list what they answer with. Nothing is copied; a payload is a piece of what was handed over. A
//! broken line of NDJSON is a payload that is refused by itself.

use crate::raw::{array, each_field, follow};
use crate::vendor::{Vendor, Way};
use feedback::refusal::Refusal;
use serde_json::value::RawValue;
use std::fmt;

/// Where a payload stood: none of both where it was alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Of NDJSON, from 1.
    pub line: Option<usize>,
    /// Of a list, from 1.
    pub item: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.item) {
            (Some(line), Some(item)) => write!(f, "line {line}, item {item}"),
            (Some(line), None) => write!(f, "line {line}"),
            (None, Some(item)) => write!(f, "item {item}"),
            (None, None) => f.write_str("the message"),
        }
    }
}

/// One payload, for [`crate::translate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'b> {
    pub place: Place,
    pub payload: &'b [u8],
}

type Lines<'b> = std::iter::Enumerate<std::slice::Split<'b, u8, fn(&u8) -> bool>>;

/// The payloads, in their order. Nothing is opened before its turn, and of a list no more than may be asked for, so what
/// is held does not grow with what was handed over.
#[derive(Debug, Clone)]
pub struct Elements<'b> {
    vendor: Vendor,
    /// Of a list one more than these is taken in hand.
    most: usize,
    lines: Option<Lines<'b>>,
    /// Of the value in hand: its line, what it holds, and of that the answer in hand.
    place: Place,
    values: std::vec::IntoIter<&'b RawValue>,
    listed: std::vec::IntoIter<&'b RawValue>,
}

/// Splits what was handed over. An answer that lists nothing has no elements. Of each list at most one more than `most` is
/// opened: whoever takes that many counts, and stops beyond them.
///
/// # Errors
/// What is neither JSON nor lines of it is refused whole.
pub fn elements(vendor: Vendor, bytes: &[u8], most: usize) -> Result<Elements<'_>, Refusal> {
    // Tools on Windows put a byte order mark before a file's first line.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (values, listed) = (Vec::new().into_iter(), Vec::new().into_iter());
    let mut elements = Elements { vendor, most, lines: None, place: Place::default(), values, listed };
    match serde_json::from_slice::<&RawValue>(bytes) {
        Ok(value) => elements.open(value, None),
        Err(_) if is_by_line(bytes) => {
            let ends_line: fn(&u8) -> bool = |byte| *byte == b'\n';
            elements.lines = Some(bytes.split(ends_line).enumerate());
        }
        Err(error) => return Err(crate::not_json(bytes, &error)),
    }
    Ok(elements)
}

impl<'b> Iterator for Elements<'b> {
    type Item = Element<'b>;

    fn next(&mut self) -> Option<Element<'b>> {
        loop {
            if let Some(value) = self.listed.next() {
                self.place.item = self.place.item.map(|item| item + 1);
                return Some(Element { place: self.place, payload: value.get().as_bytes() });
            }
            if let Some(value) = self.values.next() {
                self.answer(value);
                continue;
            }
            let (index, line) = self.lines.as_mut()?.next()?;
            let (number, line) = (Some(index + 1), line.trim_ascii());
            match serde_json::from_slice::<&RawValue>(line) {
                Ok(value) => self.open(value, number),
                Err(_) if line.is_empty() => {}
                Err(_) => return Some(Element { place: Place { line: number, item: None }, payload: line }),
            }
        }
    }
}

impl<'b> Elements<'b> {
    /// Takes one value of JSON in hand: an array, whose items may be answers themselves, or a single one.
    fn open(&mut self, value: &'b RawValue, line: Option<usize>) {
        let items = array(value, self.most);
        self.place = Place { line, item: items.as_ref().map(|_| 0) };
        self.values = items.unwrap_or_else(|| vec![value]).into_iter();
    }

    /// Takes what an answer lists in hand, or what is no answer as it is.
    fn answer(&mut self, value: &'b RawValue) {
        let answered = answered(self.vendor, value, self.most);
        let mut is_list = answered.is_some();
        let mut listed = answered.unwrap_or_else(|| vec![value]);
        if self.vendor == Vendor::Reddit {
            listed = with_replies(listed, self.most);
            is_list |= listed.len() > 1;
        }
        if is_list {
            self.place.item.get_or_insert(0);
        }
        self.listed = listed.into_iter();
    }
}

/// Whether it is NDJSON with a broken line rather than one broken value: of several lines one is closed in
/// itself, from the first column on.
fn is_by_line(bytes: &[u8]) -> bool {
    let mut lines = 0_u32;
    let mut is_closed = false;
    for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty())
    {
        lines += 1;
        is_closed |= matches!(line, [b'{', .., b'}'] | [b'[', .., b']']);
        if lines > 1 && is_closed {
            return true;
        }
    }
    false
}

/// What an answer of the vendor's API lists.
fn answered(vendor: Vendor, value: &RawValue, most: usize) -> Option<Vec<&RawValue>> {
    let listed = |path: &&[&str]| follow(value, path).and_then(|list| array(list, most));
    let found = lists(vendor).iter().find_map(listed);
    found.or_else(|| (vendor.way() == Way::Polled && is_empty_answer(value)).then(Vec::new))
}

/// Where the vendors' answers hold their lists.
fn lists(vendor: Vendor) -> &'static [&'static [&'static str]] {
    match vendor {
        Vendor::Typeform => &[&["items"]],
        Vendor::SurveyMonkey | Vendor::AppStore | Vendor::X => &[&["data"]],
        Vendor::Nps => &[],
        Vendor::HelpScout => &[&["_embedded", "conversations"]],
        Vendor::Zendesk => &[&["tickets"], &["results"]],
        Vendor::Intercom => &[&["conversations"]],
        Vendor::Freshdesk => &[&["results"]],
        Vendor::Trustpilot => &[&["events"], &["reviews"]],
        Vendor::GooglePlay => &[&["reviews"]],
        Vendor::Reddit => &[&["data", "children"]],
    }
}

/// Nothing but what surrounds a list: some APIs leave out one that is empty.
fn is_empty_answer(value: &RawValue) -> bool {
    let around = |name: &str| matches!(name, "meta" | "links" | "includes" | "tokenPagination" | "pageInfo");
    let mut is_empty = true;
    each_field(value, |name, _| is_empty &= around(name)).is_some() && is_empty
}

/// Comments with the answers that Reddit nests in them, in the order in which a reader meets them.
fn with_replies(comments: Vec<&RawValue>, most: usize) -> Vec<&RawValue> {
    /// Each level is read once more for every one above it; Reddit itself shows ten.
    const DEEPEST: u32 = 16;
    let mut all = Vec::with_capacity(comments.len());
    let mut open: Vec<(&RawValue, u32)> = comments.into_iter().rev().map(|comment| (comment, 1)).collect();
    while let Some((comment, depth)) = open.pop() {
        // A number of further ones, which have to be asked for.
        if follow(comment, &["kind"]).is_some_and(|kind| kind.get() == r#""more""#) {
            continue;
        }
        all.push(comment);
        if all.len() > most {
            break;
        }
        if depth == DEEPEST {
            continue;
        }
        let replies = follow(comment, &["data", "replies", "data", "children"]);
        if let Some(replies) = replies.and_then(|replies| array(replies, most)) {
            open.extend(replies.into_iter().rev().map(|reply| (reply, depth + 1)));
        }
    }
    all
}

#[cfg(test)]
mod tests;
