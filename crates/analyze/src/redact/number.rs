//! Numbers written in groups: every run of groups is held against cards, national ids, addresses and phones.

use super::chars::{self, Context, before, byte, glued_right};
use super::{Class, card, national, phone, scan::Hit};
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// Groups that stand in a row, `+49 (151) 234-56789`, at most so many at a time.
const MAX_GROUPS: usize = 24;
/// The longest number of interest: a card of 19.
pub(super) const MAX_DIGITS: usize = 19;
/// Fewer digits name nobody (an IPv4 address aside).
const MIN_DIGITS: usize = 7;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub start: usize,
    pub end: usize,
}

impl Group {
    pub fn len(self) -> usize {
        self.end - self.start
    }
}

/// A run of groups, as the matchers see it.
pub(super) struct Window<'v> {
    pub text: &'v str,
    pub groups: &'v [Group],
    /// The values of all digits.
    pub digits: &'v [u8],
    /// Nothing of a word is joined to the left or right.
    pub free_left: bool,
    pub free_right: bool,
    pub context: Context,
    /// Groups of the whole row it was cut from.
    pub row: usize,
}

impl Window<'_> {
    pub fn start(&self) -> usize {
        self.groups[0].start
    }

    pub fn end(&self) -> usize {
        self.groups[self.groups.len() - 1].end
    }

    /// What stands between the groups.
    pub fn separators(&self) -> impl Iterator<Item = &str> {
        self.groups.windows(2).map(|pair| &self.text[pair[0].end..pair[1].start])
    }

    pub fn separated_by(&self, allowed: &[&str]) -> bool {
        self.separators().all(|separator| allowed.contains(&separator))
    }

    pub fn shape(&self, lengths: &[usize]) -> bool {
        self.groups.iter().map(|group| group.len()).eq(lengths.iter().copied())
    }

    /// Money, or thousands with points.
    pub fn is_amount(&self) -> bool {
        let left = self.text[..self.start()].trim_end_matches(' ');
        let right = &self.text[self.end()..];
        let near = right.trim_start_matches(' ');
        let thousands = self.groups.len() > 1
            && self.separated_by(&["."])
            && self.groups[1..].iter().all(|group| group.len() == 3)
            && self.groups[0].len() <= 3;
        let code = |code: &&str| near.starts_with(*code) || left.ends_with(*code);
        left.ends_with(['$', '€', '£', '¥', '₹'])
            || near.starts_with(['€', '%'])
            || right.starts_with(['$', '£', '¥', '₹'])
            || thousands
            || ["EUR", "USD", "GBP", "CHF", "INR", "PLN"].iter().any(code)
    }

    pub fn hit(&self, class: Class) -> Hit {
        Hit::new(self.start()..self.end(), class)
    }
}

/// At the first digit of a run. Gives where the scan may go on.
pub(super) fn at_digits(text: &str, at: usize, hits: &mut Vec<Hit>) -> usize {
    let mut groups = [Group::default(); MAX_GROUPS];
    let count = read_groups(text, at, &mut groups);
    let groups = &groups[..count];
    let end = groups[count - 1].end;
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    if digits < MIN_DIGITS && count < 4 {
        return end;
    }
    let mut first = 0;
    let mut known = None;
    while first < count {
        match strongest(text, groups, first, &mut known) {
            Some((hit, last)) => {
                hits.push(hit);
                first = last + 1;
            }
            None => first += 1,
        }
    }
    // A longer row is taken up again in its middle, so that nothing is cut by the limit.
    if count == MAX_GROUPS { groups[MAX_GROUPS / 2].start } else { end }
}

fn read_groups(text: &str, at: usize, groups: &mut [Group; MAX_GROUPS]) -> usize {
    let bytes = text.as_bytes();
    let (mut start, mut count) = (at, 0);
    loop {
        let mut end = start;
        while end < bytes.len() && bytes[end].is_ascii_digit() {
            end += 1;
        }
        groups[count] = Group { start, end };
        count += 1;
        let gap = bytes[end..]
            .iter()
            .take(4)
            .take_while(|b| matches!(b, b' ' | b'-' | b'.' | b'/' | b'(' | b')'))
            .count();
        let next = end + gap;
        if count == MAX_GROUPS || !(1..=3).contains(&gap) || !bytes.get(next).is_some_and(u8::is_ascii_digit)
        {
            return count;
        }
        start = next;
    }
}

/// The best match that begins with this group: the strongest class, then the longest. With its last group.
fn strongest(
    text: &str,
    groups: &[Group],
    first: usize,
    context: &mut Option<Context>,
) -> Option<(Hit, usize)> {
    let mut digits = [0; MAX_DIGITS];
    let mut filled = 0;
    let mut best: Option<(Hit, usize)> = None;
    let free_left = free_left(text, groups, first);
    for last in first..groups.len() {
        let group = groups[last];
        if filled + group.len() > MAX_DIGITS {
            break;
        }
        for byte in &text.as_bytes()[group.start..group.end] {
            digits[filled] = byte - b'0';
            filled += 1;
        }
        if filled < MIN_DIGITS && last - first != 3 {
            continue;
        }
        let window = Window {
            text,
            groups: &groups[first..=last],
            digits: &digits[..filled],
            free_left,
            free_right: last + 1 < groups.len() || !glued_right(text, group.end),
            row: groups.len(),
            context: *context.get_or_insert_with(|| chars::context(text, groups[0].start)),
        };
        let found = card::card(&window)
            .or_else(|| national::number(&window))
            .or_else(|| ipv4(&window, groups, first, last))
            .or_else(|| phone::phone(&window));
        if let Some(hit) = found
            && best.as_ref().is_none_or(|(held, _)| hit.class >= held.class)
        {
            best = Some((hit, last));
        }
    }
    best
}

fn free_left(text: &str, groups: &[Group], first: usize) -> bool {
    match first.checked_sub(1) {
        Some(previous) => text[groups[previous].end..groups[first].start].contains([' ', '(']),
        None => {
            let at = groups[0].start;
            let joint = matches!(before(text, at), b'-' | b'_' | b'.' | b'/' | b'#' | b'=' | b',');
            !(chars::glued_left(text, at) || joint && chars::glued_left(text, at - 1))
        }
    }
}

fn ipv4(window: &Window<'_>, groups: &[Group], first: usize, last: usize) -> Option<Hit> {
    let octet = |group: &Group| {
        group.len() <= 3
            && (group.len() == 1 || byte(window.text, group.start) != b'0')
            && window.text[group.start..group.end].parse::<u16>().is_ok_and(|value| value <= 255)
    };
    let dotted = |left: Group, right: Group| window.text[left.end..right.start].contains('.');
    let apart = (first == 0 || !dotted(groups[first - 1], groups[first]))
        && (last + 1 == groups.len() || !dotted(groups[last], groups[last + 1]));
    let address = groups[first..=last].len() == 4
        && apart
        && window.separated_by(&["."])
        && window.groups.iter().all(octet)
        && !chars::glued_left(window.text, window.start())
        && !is_version(window);
    (address && window.free_right).then(|| window.hit(Class::Ip))
}

/// `version 4.2.0.1`, `==8.6.0.163`, `5.15.90.1-generic`. No version of a product has reached 64.
fn is_version(window: &Window<'_>) -> bool {
    let (text, end) = (window.text, window.end());
    let first = window.groups[0];
    if text[first.start..first.end].parse::<u8>().is_ok_and(|octet| octet >= 64) {
        return false;
    }
    let suffix = matches!(byte(text, end), b'_' | b'-') && byte(text, end + 1).is_ascii_alphabetic();
    suffix
        || window.context == Context::Thing
        || follows_software(&text[..window.start()])
        || text[..window.start()].ends_with("==")
        || is_released(text, end)
}

/// `iOS 17.4.1.2`, `since 10.4.2.1`, `upgraded to 10.4.2.1`; not `from 10.4.2.1` and `server 10.4.2.1`.
fn follows_software(before: &str) -> bool {
    const NEAR: usize = 40;
    let near = &before[before.floor_char_boundary(before.len().saturating_sub(NEAR))..];
    let mut words = near.trim_end_matches([' ', ':', '(']).rsplit(' ');
    let [last, earlier, from, changed] = std::array::from_fn(|_| words.next().unwrap_or_default());
    match last {
        "to" if is_bare_version(earlier) => from == "from" && CHANGED.contains(changed),
        "to" | "from" => CHANGED.contains(earlier),
        _ => SOFTWARE.contains(last),
    }
}

static SOFTWARE: WordSet = LazyLock::new(|| {
    Words::new(
        "app ios ipados macos android windows since firmware release build update upgrade driver sdk installed",
    )
});

static CHANGED: WordSet = LazyLock::new(|| {
    Words::new(
        "upgraded upgrading upgrade updated updating update downgraded downgrading downgrade rolled reverted",
    )
});

/// `10.4.2.1 update`.
fn is_released(text: &str, end: usize) -> bool {
    let rest = text[end..].strip_prefix(' ').unwrap_or_default();
    let word = &rest[..rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())];
    ["update", "release", "version", "build", "patch", "beta", "firmware"].contains(&word)
}

/// Whether a field that holds a version holds one: four numbers, of which the first is below 64.
pub(super) fn is_bare_version(text: &str) -> bool {
    let text = text.trim().trim_matches('"').trim_start_matches(['v', 'V']);
    let mut parts = text.split('.').map(|part| part.parse::<u8>());
    parts.clone().count() == 4
        && parts.next().is_some_and(|first| first.is_ok_and(|first| first < 64))
        && parts.all(|part| part.is_ok())
}
