//! Lists page by page.

use super::{
    Query, Shelf,
    choose::Chosen,
    fits::{self, Fits},
    part::{Key, Part},
    renew::Stamp,
    row::{Label, Row, Text},
};
use crate::{error::InsightError, report::RecordLine};
use feedback::{
    ids::Id,
    judgement::SentimentLabel,
    span::Span,
    time::{Day, Timestamp},
};
use std::{fmt, ops::ControlFlow, str::FromStr, sync::Arc};

/// By when records occurred, and by their ids where that is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Newest,
    Oldest,
}

/// Which of the records that fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    pub order: Order,
    /// Those behind this one; the first ones where there is none.
    pub after: Option<Cursor>,
    pub limit: usize,
    /// Whether all that fit are counted: without that no more is looked at than the page needs.
    pub count: bool,
}

/// Where a page ended. What came or went since moves nothing behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cursor {
    /// Of a list by likeness.
    pub(super) likeness: Option<f32>,
    pub(super) key: Key,
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no cursor that a list gave")]
pub struct NoCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(likeness) = self.likeness {
            write!(f, "{:08x}.", likeness.to_bits())?;
        }
        let (at, id) = self.key;
        write!(f, "{at}.{}", Id(id))
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let parts: Vec<&str> = text.split('.').collect();
        let (likeness, at, id) = match parts[..] {
            [at, id] => (None, at, id),
            [likeness, at, id] => (Some(likeness), at, id),
            _ => return Err(NoCursor),
        };
        let likeness = likeness.map(|bits| u32::from_str_radix(bits, 16).map(f32::from_bits)).transpose();
        let likeness = likeness.map_err(|_| NoCursor)?;
        let key = (at.parse().map_err(|_| NoCursor)?, super::parse_id(id).ok_or(NoCursor)?.0);
        let cursor = Self { likeness, key };
        // What reads the same but is written otherwise was not given by a list either.
        if cursor.to_string() == text { Ok(cursor) } else { Err(NoCursor) }
    }
}

/// A record that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    part: Arc<Part>,
    row: usize,
    /// Of the topic where the filter names one, else of the record.
    pub sentiment: SentimentLabel,
    /// Where the topic stands in the body, where the filter names one.
    pub span: Option<Span>,
    /// The cosine to what was asked for.
    pub likeness: Option<f32>,
}

impl Hit {
    pub(super) fn of(part: &Arc<Part>, row: usize) -> Self {
        Self { part: Arc::clone(part), row, sentiment: part.sentiments[row], span: None, likeness: None }
    }

    /// As the filter means it.
    pub(super) fn found(part: &Arc<Part>, row: usize, fits: &Fits<'_>) -> Self {
        let said = fits.said(part);
        Self { sentiment: said.of(part, row), span: said.span(part, row), ..Self::of(part, row) }
    }

    #[must_use]
    pub fn row(&self) -> Row<'_> {
        self.part.row(self.row)
    }

    #[must_use]
    pub fn id(&self) -> Id {
        Id(self.part.ids[self.row])
    }

    /// Whether the record is as the facts have it by this stamp.
    #[must_use]
    pub fn is_as(&self, stamp: &Stamp) -> bool {
        self.id() == stamp.id && self.part.is_as(self.row, stamp)
    }

    /// As [`crate::report::records`] lists it.
    #[must_use]
    pub fn line(&self) -> RecordLine {
        let row = self.row();
        let label = |label| row.label(label).map(str::to_owned);
        let text = |text| row.text(text).map(str::to_owned);
        RecordLine {
            record_id: row.id.to_string(),
            day: row.day,
            source: label(Label::SourceKind).unwrap_or_default(),
            origin: label(Label::Source).unwrap_or_default(),
            native_id: text(Text::NativeId).unwrap_or_default(),
            author: text(Text::Author),
            product: label(Label::Product),
            platform: label(Label::Platform),
            app_version: label(Label::AppVersion),
            territory: label(Label::Territory),
            question: label(Label::Question),
            title: text(Text::Title),
            sentiment: self.sentiment.as_str().to_owned(),
            kind: label(Label::Kind).unwrap_or_default(),
            topics: row.topics.iter().map(|mention| mention.topic.to_owned()).collect(),
            score: row.score(),
            text: text(Text::Body).unwrap_or_default(),
            span: self.span,
            at: row.at,
        }
    }

    pub(super) fn key(&self) -> Key {
        self.part.key(self.row)
    }

    pub(super) fn vector(&self) -> Option<(&str, &[i8])> {
        self.part.vectors.get(self.row)
    }

    /// Behind this one.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor { likeness: self.likeness, key: self.key() }
    }
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// All that fit, on whatever page; `None` where they were not counted.
    pub total: Option<u64>,
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

impl Hits {
    /// From one more than the page has, where there are as many.
    pub(super) fn of(mut hits: Vec<Hit>, limit: usize, total: Option<u64>) -> Self {
        let more = hits.len() > limit;
        hits.truncate(limit);
        let next = hits.last().filter(|_| more).map(Hit::cursor);
        Self { total, hits, next }
    }
}

impl Shelf {
    /// The records that fit, in their order.
    ///
    /// # Errors
    /// Where the filter asks for cases, and [`crate::report::filter::Filter::of_cases`] does not tell what their log says.
    pub fn list(&self, query: &Query, page: &Page) -> Result<Hits, InsightError> {
        let fits = Fits::new(&query.filter)?;
        let mut taking = Taking { fits: &fits, page, hits: Vec::new() };
        if page.count || fits.is_of_last_answers() {
            let chosen = self.choose(query)?;
            let total = chosen.iter().map(|chosen| chosen.mask.count() as u64).sum();
            for day in days(&chosen, page.order) {
                if !taking.take(day) {
                    break;
                }
            }
            return Ok(Hits::of(taking.hits, page.limit, page.count.then_some(total)));
        }
        let mut look = |parts: &Vec<Arc<Part>>| {
            let is_asked =
                parts.first().is_some_and(|part| fits.has_day(part.day) && !page.is_before(part.day));
            !is_asked || taking.take(&Self::choose_of(parts, &fits, query))
        };
        match page.order {
            Order::Newest => self.days.values().rev().all(&mut look),
            Order::Oldest => self.days.values().all(&mut look),
        };
        Ok(Hits::of(taking.hits, page.limit, None))
    }

    /// Shows every record that fits, in its order, until it is told to stop.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn walk(
        &self,
        query: &Query,
        order: Order,
        show: &mut dyn FnMut(&Hit) -> ControlFlow<()>,
    ) -> Result<(), InsightError> {
        let fits = Fits::new(&query.filter)?;
        let chosen = self.choose(query)?;
        for day in days(&chosen, order) {
            let mut rows: Vec<(Key, &Arc<Part>, usize)> = Vec::new();
            for Chosen { part, mask } in day {
                rows.extend(mask.rows().map(|row| (part.key(row), *part, row)));
            }
            rows.sort_unstable_by_key(|(key, ..)| *key);
            if order == Order::Newest {
                rows.reverse();
            }
            if rows.into_iter().try_for_each(|(_, part, row)| show(&Hit::found(part, row, &fits))).is_break()
            {
                break;
            }
        }
        Ok(())
    }
}

/// What was chosen of each day, in this order.
fn days<'c, 's>(chosen: &'c [Chosen<'s>], order: Order) -> Vec<&'c [Chosen<'s>]> {
    let mut days: Vec<&[Chosen<'_>]> = chosen.chunk_by(|a, b| a.part.day == b.part.day).collect();
    if order == Order::Newest {
        days.reverse();
    }
    days
}

impl Page {
    /// Whether all of a day is on pages before this one.
    fn is_before(&self, day: Day) -> bool {
        let at = |cursor: Cursor| Timestamp(cursor.key.0).day();
        self.after.map(at).is_some_and(|last| match self.order {
            Order::Newest => day > last,
            Order::Oldest => day < last,
        })
    }
}

/// A page while it is filled.
struct Taking<'a> {
    fits: &'a Fits<'a>,
    page: &'a Page,
    hits: Vec<Hit>,
}

impl Taking<'_> {
    /// Takes what the page still needs, and one more, from the parts of a day; whether there is room for another day.
    fn take(&mut self, day: &[Chosen<'_>]) -> bool {
        let room = (self.page.limit + 1).saturating_sub(self.hits.len());
        let mut rows: Vec<(Key, &Arc<Part>, usize)> = Vec::new();
        for Chosen { part, mask } in day {
            let key = |row: usize| (part.key(row), *part, row);
            match self.page.order {
                Order::Newest => {
                    let end = self.page.after.map_or(part.len(), |after| fits::before(part, after.key));
                    rows.extend((0..end).rev().filter(|row| mask.0[*row]).take(room).map(key));
                }
                Order::Oldest => {
                    let is_behind = |after: Cursor| {
                        let at = fits::before(part, after.key);
                        if at < part.len() && part.key(at) == after.key { at + 1 } else { at }
                    };
                    let start = self.page.after.map_or(0, is_behind);
                    rows.extend((start..part.len()).filter(|row| mask.0[*row]).take(room).map(key));
                }
            }
        }
        rows.sort_unstable_by_key(|(key, ..)| *key);
        if self.page.order == Order::Newest {
            rows.reverse();
        }
        let rows = rows.into_iter().take(room);
        self.hits.extend(rows.map(|(_, part, row)| Hit::found(part, row, self.fits)));
        self.hits.len() <= self.page.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_is_read_back_as_it_was_written(likeness in prop::option::of(-1.0_f32..1.0), at in any::<i64>(), id in any::<u128>()) {
            let cursor = Cursor { likeness, key: (at, id) };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn anything_else_is_refused(text in "[0-9a-f.+-]{0,50}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }
}
