//! A taxonomy that somebody edits, tried on the last weeks: what it would say otherwise.

mod warnings;

use super::shown::quote;
use super::{Both, KeepError, Keeping, TaxonomyQuote, Workshop, read, tag};
use crate::desk::Date;
use crate::problem::Problem;
use crate::state::App;
use analyze::Taxonomy;
use insight::report::Period;
use insight::report::filter::{Filter, Wording};
use insight::shelf::{Hit, Order, Query, Row, Shelf};
use insight::taxonomy::{
    Agreement, Agrees, Difference, Fate, Named, Place, Said, TopicDifference, difference,
};
use serde::Serialize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use utoipa::ToSchema;

/// Records that are judged, the newest.
const MOST_RECORDS: usize = 20_000;
/// What that may take; of what is left then nothing is said. A part of the time that a request has, at most.
const LONGEST: Duration = Duration::from_secs(10);
const SHARE: u32 = 2;
/// What somebody waits for the trial of somebody else.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a taxonomy would say otherwise than the one in force.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaxonomyTrial {
    /// What it would be called.
    pub version: String,
    /// The one in force, and what tells it from others: a change is to name it.
    pub before: String,
    pub base: String,
    pub from: Date,
    pub to: Date,
    /// Records with words of these days that were judged by both, the newest.
    pub records: u64,
    /// Whether there are more of these days, which were not.
    pub more: bool,
    /// Those whose topics are others.
    pub changed: u64,
    pub unassigned_before: u64,
    pub unassigned_after: u64,
    /// Of both taxonomies, those with the most changes first.
    pub topics: Vec<TrialTopic>,
    /// Null where nobody has corrected the topics of any of these records.
    #[schema(required = true)]
    pub agreement: Option<TrialAgreement>,
    /// What may not be meant so.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrialTopic {
    pub id: String,
    pub name: String,
    /// `kept`, `new` or `removed`.
    #[schema(value_type = String)]
    pub fate: Fate,
    pub before: u64,
    pub after: u64,
    /// Records that have it only afterwards, and those that had it only before; the newest of each.
    pub gained: u64,
    pub lost: u64,
    pub gains: Vec<TaxonomyQuote>,
    pub losses: Vec<TaxonomyQuote>,
}

/// How well both say what people said of records, over all topics of those together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct TrialAgreement {
    /// Whose topics people corrected.
    pub records: u64,
    pub before: Agreed,
    pub after: Agreed,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Agreed {
    /// Of the topics that it says, the share that people said; null where it says none.
    #[schema(required = true)]
    pub precision: Option<f64>,
    /// Of the topics that people said, the share that it says; null where they said none.
    #[schema(required = true)]
    pub recall: Option<f64>,
}

/// Tries a [cleaned](super::clean) text on the records of some days.
///
/// # Errors
/// 400 for a text that is wrong, with its line; 429 where somebody else tries one for long.
pub async fn attempt(app: &App, text: String, period: Period) -> Result<TaxonomyTrial, Problem> {
    let after = read(&text)?;
    let turn = Arc::clone(&app.taxonomy.turn).acquire_owned();
    let turn = tokio::time::timeout(PATIENCE, turn).await.map_err(|_| Problem::busy(PATIENCE))?;
    // It is never closed.
    let turn = turn.map_err(|_| Problem::broken())?;
    let until = Instant::now() + LONGEST.min(app.settings.request_time / SHARE);
    let (workshop, shelf) = (app.taxonomy.clone(), app.live.shelf());
    let trial = move || {
        // Whoever stops waiting leaves the turn to nobody before it is over.
        let _turn = turn;
        tried(&workshop, &after, &shelf, period, until)
    };
    tokio::task::spawn_blocking(trial).await?
}

pub(super) fn tried(
    workshop: &Workshop,
    after: &Taxonomy,
    shelf: &Shelf,
    period: Period,
    until: Instant,
) -> Result<TaxonomyTrial, Problem> {
    let keeping = workshop.keeping.as_ref();
    let kept = keeping.read()?;
    let before = kept.in_force.as_ref();
    let (hits, more) = newest(shelf, period)?;
    let judged = judged(keeping, before, after, &hits, until)?;
    let difference = compared(before, after, &hits, &judged);
    let warnings = warnings::of(before, after, &difference, &keeping.naming());
    let topic = |topic: TopicDifference| told(topic, &hits, shelf);
    Ok(TaxonomyTrial {
        version: after.version().to_owned(),
        before: before.version().to_owned(),
        base: tag(&kept.text),
        from: Date(period.from),
        to: Date(period.to),
        records: difference.records,
        more: more || judged.len() < hits.len(),
        changed: difference.changed,
        unassigned_before: difference.unassigned[0],
        unassigned_after: difference.unassigned[1],
        agreement: difference.agreement.map(agreement),
        topics: difference.topics.into_iter().map(topic).collect(),
        warnings,
    })
}

fn newest(shelf: &Shelf, Period { from, to }: Period) -> Result<(Vec<Hit>, bool), Problem> {
    let filter = Filter { from: Some(from), to: Some(to), words: Some(Wording::With), ..Filter::default() };
    let (mut hits, mut more) = (Vec::new(), false);
    let walked = shelf.walk(&Query::from(filter), Order::Newest, &mut |hit| {
        if hits.len() == MOST_RECORDS {
            more = true;
            return ControlFlow::Break(());
        }
        hits.push(hit.clone());
        ControlFlow::Continue(())
    });
    walked.map_err(Problem::internal)?;
    Ok((hits, more))
}

fn judged(
    keeping: &dyn Keeping,
    before: &Taxonomy,
    after: &Taxonomy,
    hits: &[Hit],
    until: Instant,
) -> Result<Vec<Both>, KeepError> {
    let mut judged = keeping.judge(before, after, hits, until)?;
    judged.truncate(hits.len());
    Ok(judged)
}

fn compared(before: &Taxonomy, after: &Taxonomy, hits: &[Hit], judged: &[Both]) -> Difference {
    let rows: Vec<Row<'_>> = hits.iter().take(judged.len()).map(Hit::row).collect();
    let by_people: Vec<Option<Vec<&str>>> = rows.iter().map(by_people).collect();
    let said = judged.iter().zip(&by_people).map(|(both, by_people)| Said {
        before: &both.before,
        after: &both.after,
        by_people: by_people.as_deref(),
    });
    difference(&named(before), &named(after), &said.collect::<Vec<_>>())
}

/// The topics that a person said are right.
fn by_people<'r>(row: &Row<'r>) -> Option<Vec<&'r str>> {
    row.correction?.judged_topics.as_ref()?;
    Some(row.topics.iter().map(|mention| mention.topic).collect())
}

fn named(taxonomy: &Taxonomy) -> Vec<Named<'_>> {
    taxonomy.topics().iter().map(|topic| Named { id: &topic.id, name: &topic.name }).collect()
}

fn told(topic: TopicDifference, hits: &[Hit], shelf: &Shelf) -> TrialTopic {
    let quotes = |places: &[usize]| {
        let place = |at: &usize| {
            let row = hits.get(*at)?.row();
            quote(Place { day: row.day, id: row.id }, shelf)
        };
        places.iter().filter_map(place).collect()
    };
    TrialTopic {
        gains: quotes(&topic.gains),
        losses: quotes(&topic.losses),
        id: topic.id,
        name: topic.name,
        fate: topic.fate,
        before: topic.before,
        after: topic.after,
        gained: topic.gained,
        lost: topic.lost,
    }
}

fn agreement(agreement: Agreement) -> TrialAgreement {
    let agreed = |agrees: Agrees| Agreed { precision: agrees.precision(), recall: agrees.recall() };
    TrialAgreement {
        records: agreement.records,
        before: agreed(agreement.before),
        after: agreed(agreement.after),
    }
}
