//! A list, page by page. A page begins behind the last one that was shown, so that nothing is shown twice, or left out,
//! because something came in at the top meanwhile.

use serde::Serialize;
use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// Things on a page, unless somebody asks for more.
pub const USUAL: usize = 50;
/// More than this nobody gets at once.
pub const AT_MOST: usize = 500;

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// Where the next part begins: give it as `cursor`; null behind the last one.
    #[schema(required = true)]
    pub next: Option<String>,
    /// Of all parts together.
    pub total: u64,
}

impl<T> Listed<T> {
    /// The same with every item turned into something else.
    pub fn map<U>(self, of: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(of).collect(), next: self.next, total: self.total }
    }
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub limit: usize,
    /// Behind this one; from the beginning without.
    pub behind: Option<Cursor>,
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: USUAL, behind: None }
    }
}

impl Page {
    /// # Errors
    /// Where the limit is none that a page may have, or the cursor none that a list has given.
    pub fn new(limit: Option<usize>, cursor: Option<&str>) -> Result<Self, NoPage> {
        let limit = limit.unwrap_or(USUAL);
        if !(1..=AT_MOST).contains(&limit) {
            return Err(NoPage::Limit);
        }
        let cursor = cursor.filter(|text| !text.is_empty());
        Ok(Self { limit, behind: cursor.map(str::parse).transpose()? })
    }
}

/// The place of a thing in its list: the greater rank first, of equals the smaller name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub rank: [i64; 2],
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cursor is none that this list gave: leave it out to begin at the first page")]
pub struct NoCursor;

/// A part that no list has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPage {
    #[error("limit: expected a number from 1 to {AT_MOST}")]
    Limit,
    #[error(transparent)]
    Cursor(#[from] NoCursor),
}

impl Cursor {
    fn place(&self) -> Place<'_> {
        (Reverse(self.rank), &self.name)
    }
}

type Place<'n> = (Reverse<[i64; 2]>, &'n str);

/// A thing of a list, with what its place follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked<'n, T> {
    pub rank: [i64; 2],
    /// Its own.
    pub name: &'n str,
    pub item: T,
}

impl<T> Ranked<'_, T> {
    fn place(&self) -> Place<'_> {
        (Reverse(self.rank), self.name)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.rank;
        write!(f, "{first}.{second}.{}", self.name)
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(NoCursor);
        let (first, second, name) = (part()?, part()?, part()?);
        let number = |text: &str| text.parse::<i64>().map_err(|_| NoCursor);
        Ok(Self { rank: [number(first)?, number(second)?], name: name.to_owned() })
    }
}

/// The part of a list that is asked for, in its order. `all` may come in any order.
#[must_use]
pub fn listed<T>(all: Vec<Ranked<'_, T>>, page: &Page) -> Listed<T> {
    let total = all.len() as u64;
    let is_behind =
        |one: &Ranked<'_, T>| page.behind.as_ref().is_none_or(|behind| one.place() > behind.place());
    let mut rest: Vec<Ranked<'_, T>> = all.into_iter().filter(is_behind).collect();
    let has_more = rest.len() > page.limit;
    if has_more {
        // Of many only those that are shown are put in order.
        rest.select_nth_unstable_by(page.limit, |a, b| a.place().cmp(&b.place()));
        rest.truncate(page.limit);
    }
    rest.sort_by(|a, b| a.place().cmp(&b.place()));
    let last = rest.last().filter(|_| has_more);
    let next = last.map(|last| Cursor { rank: last.rank, name: last.name.to_owned() }.to_string());
    Listed { items: rest.into_iter().map(|one| one.item).collect(), next, total }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("{at:04x}.of")).collect()
    }

    fn all<'n>(ranks: &[(i64, i64)], names: &'n [String]) -> Vec<Ranked<'n, usize>> {
        let one = |(at, (first, second)): (usize, &(i64, i64))| Ranked {
            rank: [*first, *second],
            name: &names[at],
            item: at,
        };
        ranks.iter().enumerate().map(one).collect()
    }

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_one() {
        let cursor = Cursor { rank: [12, -3], name: "aa01.x".to_owned() };
        assert_eq!(cursor.to_string(), "12.-3.aa01.x");
        assert_eq!("12.-3.aa01.x".parse(), Ok(cursor));
        for wrong in ["", "1", "1.2", "a.2.x", "1.99999999999999999999.x"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NoCursor), "{wrong}");
        }
    }

    #[test]
    fn a_page_has_its_bounds() {
        let page = Page::new(Some(AT_MOST), Some("")).unwrap();
        assert_eq!((page.limit, page.behind), (AT_MOST, None));
        assert_eq!(Page::new(None, None), Ok(Page::default()));
        for limit in [0, AT_MOST + 1, usize::MAX] {
            assert_eq!(Page::new(Some(limit), None), Err(NoPage::Limit), "{limit}");
        }
        assert_eq!(NoPage::Limit.to_string(), "limit: expected a number from 1 to 500");
        assert_eq!(Page::new(None, Some("x")), Err(NoCursor.into()));
    }

    #[test]
    fn the_greater_rank_comes_first_and_of_equals_the_smaller_name() {
        let page = Page { limit: 2, behind: None };
        let first = listed(all(&[(1, 0), (7, 2), (7, 2), (7, 3)], &names(4)), &page);
        assert_eq!((first.items, first.total), (vec![3, 1], 4));
        assert_eq!(first.next.as_deref(), Some("7.2.0001.of"));
    }

    proptest! {
        /// All pages together are the list, each thing once, whatever comes in at the top meanwhile.
        #[test]
        fn pages_are_the_whole_in_its_order(
            ranks in prop::collection::vec((0_i64..4, 0_i64..3), 0..40), limit in 1_usize..9,
        ) {
            let names = names(ranks.len());
            let whole = listed(all(&ranks, &names), &Page { limit: AT_MOST, behind: None });
            let mut page = Page { limit, behind: None };
            let mut shown = Vec::new();
            loop {
                let mut now = all(&ranks, &names);
                now.push(Ranked { rank: [99, 99], name: "new", item: usize::MAX });
                let part = listed(now, &page);
                prop_assert!(part.items.len() <= limit);
                prop_assert_eq!(part.total, ranks.len() as u64 + 1);
                shown.extend(part.items.into_iter().filter(|item| *item != usize::MAX));
                let Some(next) = part.next else { break };
                page.behind = Some(next.parse().unwrap());
            }
            prop_assert_eq!(shown, whole.items);
        }
    }
}
