//! Which records a filter names: the same as [`crate::report::records`] lists of the same facts.

use super::{
    part::{Key, Part},
    row::{Label, Text},
};
use crate::{
    error::InsightError,
    report::{
        filter::{Filter, Wording, parse_days, parse_scale},
        in_band,
        scope::Period,
    },
    triage::{Folded, Phrase},
};
use feedback::{insight::NO_TOPIC, judgement::SentimentLabel, span::Span, time::Day};
use memchr::memmem::Finder;
use std::{collections::HashSet, ops::RangeInclusive};

/// The rows of a part that are chosen.
#[derive(Debug, Clone)]
pub(super) struct Mask(pub Vec<bool>);

impl Mask {
    pub fn all(rows: usize) -> Self {
        Self(vec![true; rows])
    }

    pub fn count(&self) -> usize {
        self.0.iter().filter(|is_in| **is_in).count()
    }

    /// Ascending.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.0.iter().enumerate().filter_map(|(row, is_in)| is_in.then_some(row))
    }

    pub fn retain(&mut self, fits: impl Fn(usize) -> bool) {
        for (row, is_in) in self.0.iter_mut().enumerate() {
            *is_in = *is_in && fits(row);
        }
    }
}

/// A filter made ready for many parts.
pub(super) struct Fits<'f> {
    filter: &'f Filter,
    from: Option<Day>,
    to: Option<Day>,
    except: Vec<Period>,
    labels: Vec<(Label, &'f str)>,
    scale: Option<(f64, f64)>,
    ids: Option<RangeInclusive<u128>>,
    members: Option<HashSet<u128>>,
    resolved: HashSet<u128>,
    phrases: Vec<Wanted>,
    /// Nothing can fit.
    is_empty: bool,
}

/// A phrase, with its longest word to look for first.
struct Wanted {
    phrase: Phrase,
    longest: Finder<'static>,
}

impl<'f> Fits<'f> {
    /// # Errors
    /// Where it asks for cases, and what their log says is not told.
    pub fn new(filter: &'f Filter) -> Result<Self, InsightError> {
        let of_cases = filter.of_cases.as_ref();
        if filter.asks_for_cases() && of_cases.is_none() {
            return Err(InsightError::CasesNotAsked);
        }
        let numbers = |ids: &HashSet<String>| -> HashSet<u128> {
            ids.iter().filter_map(|id| super::parse_id(id)).map(|id| id.0).collect()
        };
        let members = of_cases.filter(|_| filter.case.is_some()).map(|told| numbers(&told.members));
        let resolved = of_cases.filter(|_| filter.unresolved).map(|told| numbers(&told.resolved));
        let except = filter.except_from.zip(filter.except_to).map(|(from, to)| Period { from, to });
        let also = filter.also_except.as_deref().and_then(parse_days).unwrap_or_default();
        let ids = filter.record.as_deref().map(beginning_with);
        let phrases: Vec<Wanted> = filter.phrase.iter().filter_map(|written| Wanted::new(written)).collect();
        let is_empty = matches!(ids, Some(None))
            || members.as_ref().is_some_and(HashSet::is_empty)
            || (phrases.is_empty() && !filter.phrase.is_empty());
        Ok(Self {
            filter,
            // Days are cut at the same midnights as moments.
            from: filter.from.into_iter().chain(filter.since.map(|since| since.0.day())).max(),
            to: filter.to.into_iter().chain(filter.before.map(|before| before.0.day())).min(),
            except: except.into_iter().chain(also).collect(),
            labels: labels(filter),
            scale: filter.scale.as_deref().and_then(parse_scale),
            ids: ids.flatten(),
            members,
            resolved: resolved.unwrap_or_default(),
            phrases,
            is_empty,
        })
    }

    /// Whether any record of that day may fit.
    pub fn has_day(&self, day: Day) -> bool {
        let weekday = |wanted| (day.0 + 3).rem_euclid(7) == wanted as i32;
        !self.is_empty
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
            && !self.except.iter().any(|days| days.contains(day))
            && self.filter.weekday.is_none_or(weekday)
    }

    /// What fits before a person's last answer is chosen; `None` where nothing does.
    pub fn first(&self, part: &Part) -> Option<Mask> {
        if !self.has_day(part.day) {
            return None;
        }
        let mut mask = Mask::all(part.len());
        self.by_labels(part, &mut mask)?;
        self.by_rows(part, &mut mask);
        self.by_topics(part, &mut mask)?;
        self.by_phrases(part, &mut mask);
        Some(mask)
    }

    fn by_labels(&self, part: &Part, mask: &mut Mask) -> Option<()> {
        for (label, wanted) in &self.labels {
            part.column(*label).keep(&[wanted], &mut mask.0).then_some(())?;
        }
        let sources: Vec<&str> = self.filter.event_source.iter().map(String::as_str).collect();
        if !sources.is_empty() {
            part.column(Label::Source).keep(&sources, &mut mask.0).then_some(())?;
        }
        Some(())
    }

    fn by_rows(&self, part: &Part, mask: &mut Mask) {
        let Filter { words, unsure, since, before, .. } = self.filter;
        if let Some(words) = words {
            mask.retain(|row| part.has_words(row) == (*words == Wording::With));
        }
        if *unsure {
            mask.retain(|row| !part.column(Label::Unsure).get(row).is_empty());
        }
        if let Some(ids) = &self.ids {
            mask.retain(|row| ids.contains(&part.ids[row]));
        }
        if let Some((min, max)) = self.scale {
            mask.retain(|row| part.score_ends(row).is_some_and(|ends| ends.0 == min && ends.1 == max));
        }
        if let Some(members) = &self.members {
            mask.retain(|row| members.contains(&part.ids[row]));
        }
        if !self.resolved.is_empty() {
            mask.retain(|row| !self.resolved.contains(&part.ids[row]));
        }
        if let Some(since) = since {
            mask.retain(|row| part.times[row] >= since.0.0);
        }
        if let Some(before) = before {
            mask.retain(|row| part.times[row] < before.0.0);
        }
    }

    fn by_topics(&self, part: &Part, mask: &mut Mask) -> Option<()> {
        match self.filter.topic.as_deref() {
            None => {}
            Some(NO_TOPIC) => mask.retain(|row| part.mentions.get(row).is_empty()),
            Some(topic) => {
                let wanted = part.topics.find(topic)? as u32;
                mask.retain(|row| part.mentions.get(row).iter().any(|mention| mention.topic == wanted));
            }
        }
        if !self.filter.any_topic.is_empty() {
            let wanted = self.filter.any_topic.iter().filter_map(|topic| part.topics.find(topic));
            let wanted: Vec<u32> = wanted.map(|topic| topic as u32).collect();
            mask.retain(|row| part.mentions.get(row).iter().any(|mention| wanted.contains(&mention.topic)));
        }
        Some(())
    }

    fn by_phrases(&self, part: &Part, mask: &mut Mask) {
        if self.phrases.is_empty() {
            return;
        }
        let mut words = Folded::default();
        for (row, is_in) in mask.0.iter_mut().enumerate().filter(|(_, is_in)| **is_in) {
            let text = part.folded.get(row).as_bytes();
            let (title, body) = (part.text(row, Text::Title), part.text(row, Text::Body));
            words.forget();
            *is_in = self.phrases.iter().any(|wanted| {
                wanted.longest.find(text).is_some() && words.find(Some(title), body, &wanted.phrase).is_some()
            });
        }
    }

    /// Whether only the last answer of each person counts.
    pub fn is_of_last_answers(&self) -> bool {
        self.filter.answers.is_some()
    }

    /// What is asked of the answers that were chosen.
    pub fn rest(&self, part: &Part, mask: &mut Mask) {
        let Filter { sentiment, judged, value, band, .. } = self.filter;
        let said = self.said(part);
        if let Some(wanted) = sentiment {
            mask.retain(|row| said.of(part, row) == *wanted);
        }
        if *judged {
            mask.retain(|row| said.of(part, row) != SentimentLabel::Unknown);
        }
        if let Some(value) = value {
            mask.retain(|row| part.score(row).is_some_and(|score| score.value == *value));
        }
        if let Some(band) = band {
            mask.retain(|row| part.score(row).is_some_and(|score| in_band(*band, score)));
        }
    }

    /// Whose sentiment is meant.
    pub fn said(&self, part: &Part) -> Said {
        match self.filter.topic.as_deref().filter(|topic| *topic != NO_TOPIC) {
            // A part that does not know the topic has no row of it.
            Some(topic) => {
                part.topics.find(topic).map_or(Said::OfRecord, |topic| Said::OfTopic(topic as u32))
            }
            None => Said::OfRecord,
        }
    }
}

/// Of what a sentiment is: of the record, or of what it says on the topic that the filter names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Said {
    OfRecord,
    OfTopic(u32),
}

impl Said {
    pub fn of(self, part: &Part, row: usize) -> SentimentLabel {
        match self {
            Self::OfRecord => part.sentiments[row],
            Self::OfTopic(topic) => {
                let mention = part.mentions.get(row).iter().find(|mention| mention.topic == topic);
                mention.map_or(SentimentLabel::Unknown, |mention| mention.sentiment)
            }
        }
    }

    /// Where in the body.
    pub fn span(self, part: &Part, row: usize) -> Option<Span> {
        let Self::OfTopic(topic) = self else { return None };
        let mention = part.mentions.get(row).iter().find(|mention| mention.topic == topic)?;
        Some(Span::new(mention.start, mention.end))
    }
}

impl Wanted {
    /// `None` where no text can hold it.
    fn new(written: &str) -> Option<Self> {
        let phrase = Phrase::new(written);
        let longest = phrase.words().iter().max_by_key(|word| word.len())?;
        let longest = Finder::new(longest.as_bytes()).into_owned();
        Some(Self { phrase, longest })
    }
}

fn labels(filter: &Filter) -> Vec<(Label, &str)> {
    let priority = filter.priority.map(crate::triage::Priority::as_str);
    let wanted = [
        (Label::SourceKind, filter.source.as_deref()),
        (Label::Product, filter.product.as_deref()),
        (Label::Platform, filter.platform.as_deref()),
        (Label::AppVersion, filter.app_version.as_deref()),
        (Label::Territory, filter.territory.as_deref()),
        (Label::ScoreKind, filter.score.as_deref()),
        (Label::Part, filter.part.as_deref()),
        (Label::Question, filter.question.as_deref()),
        (Label::Account, filter.account.as_deref()),
        (Label::Segment, filter.segment.as_deref()),
        (Label::Owner, filter.owner.as_deref()),
        (Label::Priority, priority),
        (Label::Queue, filter.queue.as_deref()),
        (Label::Kind, filter.kind.as_deref()),
        (Label::Language, filter.language.as_deref()),
    ];
    wanted.into_iter().filter_map(|(label, wanted)| Some((label, wanted?))).collect()
}

/// The ids that begin with these digits; `None` where none can.
pub(super) fn beginning_with(beginning: &str) -> Option<RangeInclusive<u128>> {
    let is_hex = beginning.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hex || beginning.len() > 32 {
        return None;
    }
    if beginning.is_empty() {
        return Some(0..=u128::MAX);
    }
    let first = u128::from_str_radix(&format!("{beginning:0<32}"), 16).ok()?;
    let last = u128::from_str_radix(&format!("{beginning:f<32}"), 16).ok()?;
    Some(first..=last)
}

/// The rows of a part, among those chosen, whose texts fit a search.
pub(super) fn search(part: &Part, search: &super::Search, mask: &mut Mask) {
    let Some(rarest) = search.all.first() else { return };
    // In a few rows it is looked for row by row, in many through the whole text at once.
    if mask.count() * 4 < part.len() {
        mask.retain(|row| search.fits(part.folded.get(row)));
        return;
    }
    let (all, mut found) = (part.folded.all(), vec![false; part.len()]);
    let (mut row, mut from) = (0, 0);
    while let Some((at, _)) = rarest.find(all, from) {
        while part.folded.range(row).end <= at {
            row += 1;
        }
        found[row] = true;
        from = part.folded.range(row).end;
    }
    mask.retain(|row| found[row] && search.fits(part.folded.get(row)));
}

/// Of the keys of a part, how many are before this one.
pub(super) fn before(part: &Part, key: Key) -> usize {
    let (mut low, mut high) = (0, part.len());
    while low < high {
        let middle = low.midpoint(high);
        if part.key(middle) < key { low = middle + 1 } else { high = middle }
    }
    low
}
