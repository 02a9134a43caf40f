//! All topics side by side.

use super::described::{FigureShown, ShareShown};
use super::line::{Before, Counted, Frame, TopicLine, TopicReach, share};
use crate::desk::{At, Date};
use crate::state::Topics;
use feedback::insight::NO_TOPIC;
use feedback::time::Timestamp;
use insight::InsightError;
use insight::report::filter::Wording;
use insight::report::model::{Figure, Share};
use insight::report::{Filter, Period, Report, Scope};
use insight::shelf::{Facet, Reach, Shelf, Tally};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The topics of a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TopicTable {
    /// The complete days that count.
    pub from: Date,
    pub to: Date,
    /// The first day of the period before, which `change` is against; null where not all of its records are known.
    #[schema(required = true)]
    pub previous_from: Option<Date>,
    /// Records that occurred before are not held, and not counted; null where all are.
    #[schema(required = true)]
    pub held_since: Option<At>,
    /// The figures are as the tables were then; null while those are read for the first time.
    #[schema(required = true)]
    pub as_of: Option<At>,
    /// Whether there is a report, whose verdicts on single days (`volume_verdict`, `negative_verdict`) stand beside the
    /// figures.
    pub is_judged: bool,
    /// All records of the period.
    #[schema(value_type = FigureShown)]
    pub records: Figure<u64>,
    pub items: Vec<TopicLine>,
    pub unassigned: Unassigned,
}

/// The records with words in which no topic was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Unassigned {
    /// Of the records with words: of those without nobody can tell a topic.
    #[schema(value_type = ShareShown)]
    pub share: Share,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    pub reach: TopicReach,
}

impl TopicTable {
    #[must_use]
    pub fn period(&self) -> Period {
        Period { from: self.from.0, to: self.to.0 }
    }

    #[must_use]
    pub fn previous(&self) -> Option<Period> {
        self.previous_from.map(|_| self.period().before())
    }

    /// Takes over what the report says, where there is one.
    pub(super) fn judge(&mut self, report: Option<&Report>) {
        self.is_judged = report.is_some();
        self.items.iter_mut().for_each(|line| line.judge(report));
    }
}

type ByTopic = BTreeMap<String, Tally>;

/// Counts the topics of a scope, in the taxonomy's order; those that it no longer has come last. What the report judges is not
/// judged yet, and whoever knows says as of when it is. It takes the processor.
///
/// # Errors
/// None that a scope leads to.
pub fn table(
    shelf: &Shelf,
    topics: &Topics,
    scope: &Scope,
    before: Before,
    now: Timestamp,
) -> Result<TopicTable, InsightError> {
    let frame = Frame::new(shelf, topics, scope, before, now);
    let count = |days: Period| counts(shelf, frame.filter(days));
    let weeks = frame.period.weeks().into_iter().map(count).collect::<Result<Vec<_>, _>>()?;
    let moved = frame.moved()?;
    let records =
        Figure { value: weeks.iter().map(|(all, _)| all.records).sum(), filter: frame.filter(frame.period) };
    let reach = shelf.reach(&records.filter.clone().into())?;
    let line = |topic: &str| {
        let of = |(_, by_topic): &(Tally, ByTopic)| by_topic.get(topic).copied().unwrap_or_default();
        let counted = Counted {
            weeks: weeks.iter().map(of).collect(),
            moved: moved.get(topic).copied(),
            reach: reach.get(topic).copied().unwrap_or_default(),
        };
        frame.line(topic, counted, records.value)
    };
    let told: BTreeSet<&str> = reach.keys().map(String::as_str).filter(|topic| *topic != NO_TOPIC).collect();
    Ok(TopicTable {
        from: Date(frame.period.from),
        to: Date(frame.period.to),
        previous_from: frame.previous.map(|days| Date(days.from)),
        held_since: frame.held_since(),
        as_of: None,
        is_judged: false,
        items: order(topics, &told).into_iter().map(line).collect(),
        unassigned: unassigned(&frame)?,
        records,
    })
}

fn counts(shelf: &Shelf, filter: Filter) -> Result<(Tally, ByTopic), InsightError> {
    let (all, mut by_facet) = shelf.counts(&filter.into(), &[Facet::Topic])?;
    let by_topic = by_facet.pop().unwrap_or_default();
    Ok((all, by_topic.into_iter().map(|count| (count.value, count.tally)).collect()))
}

fn unassigned(frame: &Frame<'_>) -> Result<Unassigned, InsightError> {
    let with_words = frame.filter(frame.period).words(Wording::With);
    let without_topic = with_words.clone().topic(NO_TOPIC);
    let (all, by_topic) = counts(frame.shelf, with_words.clone())?;
    let none = by_topic.get(NO_TOPIC).copied().unwrap_or_default();
    let reach: Option<Reach> = frame.shelf.reach(&without_topic.clone().into())?.remove(NO_TOPIC);
    Ok(Unassigned {
        share: share(none.records, Figure { value: all.records, filter: with_words }, without_topic),
        negative: none.negative,
        neutral: none.neutral,
        positive: none.positive,
        reach: reach.unwrap_or_default().into(),
    })
}

/// The taxonomy's, each right before those below it, then the others that the records have.
fn order<'t>(topics: &'t Topics, told: &BTreeSet<&'t str>) -> Vec<&'t str> {
    let mut order: Vec<&str> = Vec::new();
    let is_below =
        |topic: &&crate::state::Topic| topic.parent.as_deref().is_some_and(|id| topics.get(id).is_some());
    for top in topics.iter().filter(|topic| !is_below(topic)) {
        place(topics, &top.id, &mut order);
    }
    // What only leads round and round stands as it is written.
    let rest = topics.iter().map(|topic| topic.id.as_str()).chain(told.iter().copied());
    for topic in rest {
        if !order.contains(&topic) {
            order.push(topic);
        }
    }
    order
}

fn place<'t>(topics: &'t Topics, id: &'t str, order: &mut Vec<&'t str>) {
    if order.contains(&id) {
        return;
    }
    order.push(id);
    for below in topics.below(id) {
        place(topics, &below.id, order);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::testing::{topic, topics};
    use feedback::time::Day;

    #[test]
    fn topics_stand_below_the_one_above() {
        assert_eq!(
            order(&topics(), &BTreeSet::from(["gone", "billing"])),
            ["search", "speed", "billing", "gone"]
        );
        // Nothing that a taxonomy lets pass; it is shown all the same.
        let round =
            Topics::new("1", vec![topic("a", Some("b")), topic("b", Some("a")), topic("c", Some("none"))]);
        assert_eq!(order(&round, &BTreeSet::new()), ["c", "a", "b"]);
    }

    #[test]
    fn nothing_is_a_table_too() {
        let (shelf, scope) = (Shelf::default(), Scope::of_days(Day(20_514), Day(20_527)));
        let told = table(&shelf, &topics(), &scope, Before::Held, Day(20_600).start()).unwrap();
        assert_eq!((told.records.value, told.items.len(), told.previous()), (0, 3, None));
        assert_eq!((told.items[0].mentions.value, told.items[0].weeks.len()), (0, 2));
        assert_eq!((told.items[0].share, told.unassigned.share.share), (None, None));
        // Of days that are not over nothing is counted.
        let early = table(&shelf, &topics(), &scope, Before::Held, Day(20_514).start()).unwrap();
        assert_eq!((early.period().days(), early.items[0].weeks.len()), (0, 0));
    }
}
