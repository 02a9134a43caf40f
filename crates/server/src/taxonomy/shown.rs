//! The taxonomy in force as pages and the API show it.

use super::found::Find;
use super::{Kept, Lies, fault, tag};
use crate::desk::{At, Date};
use crate::problem::Problem;
use crate::state::{App, Topics};
use analyze::taxonomy::line_of;
use insight::report::{Filter, Period};
use insight::shelf::Shelf;
use insight::taxonomy::{
    Candidate, Excerpt, Overlap, Place, Standing, Suggestion, block, standing, suggestion,
};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use utoipa::ToSchema;

/// The taxonomy, how it stands, and what it misses.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaxonomyShown {
    /// Of the taxonomy that records are judged by.
    pub version: String,
    /// To be given with a change, so that it takes the place of this one and no other.
    pub base: String,
    /// As it is written.
    pub text: String,
    /// The file that it lies in; null of the one that is built in.
    #[schema(required = true)]
    pub file: Option<String>,
    /// The file that another one would be written to; null where there is no place for one.
    #[schema(required = true)]
    pub written_to: Option<String>,
    /// What is wrong with the text, so that the one before stays in force; null where nothing is.
    #[schema(required = true)]
    pub trouble: Option<String>,
    pub from: Date,
    pub to: Date,
    /// Records are held from then on only, which is behind `from`; null where all of these days are.
    #[schema(required = true)]
    pub held_since: Option<At>,
    /// Of these days, with words: of those without nobody can tell a topic.
    pub records: u64,
    /// Lists them.
    #[schema(value_type = Object)]
    pub filter: Filter,
    /// Those of them without a topic.
    pub unassigned: u64,
    #[schema(required = true)]
    pub unassigned_share: Option<f64>,
    #[schema(value_type = Object)]
    pub unassigned_filter: Filter,
    /// In the taxonomy's order; behind them those that records have and the taxonomy has no more.
    pub topics: Vec<TaxonomyTopic>,
    /// Pairs that hold much of the same, those most alike first; none of a topic and one above it.
    pub overlaps: Vec<TaxonomyOverlap>,
    /// Null while they are looked for the first time.
    #[schema(required = true)]
    pub candidates: Option<TaxonomyCandidates>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaxonomyTopic {
    pub id: String,
    pub name: String,
    /// What belongs there.
    pub description: String,
    /// Who acts on it.
    #[schema(required = true)]
    pub owner: Option<String>,
    /// The id of the topic above.
    #[schema(required = true)]
    pub parent: Option<String>,
    pub examples: Vec<String>,
    pub keywords: Vec<String>,
    /// Whether the taxonomy has it.
    pub is_current: bool,
    /// The line of the text where it says its id; null where it says that in an unusual way.
    #[schema(required = true)]
    pub line: Option<usize>,
    pub records: u64,
    #[schema(required = true)]
    pub share: Option<f64>,
    #[schema(value_type = Object)]
    pub filter: Filter,
}

/// Two topics that speak of the same records.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaxonomyOverlap {
    /// Their ids.
    pub one: String,
    pub other: String,
    /// Records of both, and of each.
    pub both: u64,
    pub of_one: u64,
    pub of_other: u64,
    /// Of the records of the one, those that are of the other too.
    pub share_of_one: f64,
    pub share_of_other: f64,
    /// Of the records of either, those that are of both.
    pub jaccard: f64,
    #[schema(value_type = Object)]
    pub filter: Filter,
}

/// Records without a topic that say alike things.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaxonomyCandidates {
    pub as_of: At,
    /// Records without a topic that were looked at, the newest.
    pub looked_at: u64,
    /// Whether there are older ones of these days.
    pub more: bool,
    /// Others, in languages that no model reads: that they have no topic says nothing of what the taxonomy misses.
    pub left_out: u64,
    /// Those languages, by ISO 639-1, that of the most records first.
    pub left_out_languages: Vec<String>,
    /// The largest first.
    pub items: Vec<TaxonomyCandidate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaxonomyCandidate {
    /// The id of the record in its middle, by which it is known.
    pub record: String,
    pub records: u64,
    /// Distinct, those unknown each time.
    pub people: u64,
    pub first_at: At,
    pub last_at: At,
    /// That set it apart from all other records, the surest first.
    pub words: Vec<String>,
    /// Records near its middle.
    pub quotes: Vec<TaxonomyQuote>,
    pub suggestion: TaxonomySuggestion,
}

/// A customer's words, cut from a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxonomyQuote {
    /// Its id.
    pub record: String,
    pub day: Date,
    pub text: String,
}

/// How the topic could be written; a person says what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxonomySuggestion {
    pub id: String,
    pub name: String,
    pub keywords: Vec<String>,
    /// To stand at the end of the text. It has no examples: which of what customers said is one, somebody has to say.
    pub toml: String,
}

impl From<Excerpt> for TaxonomyQuote {
    fn from(excerpt: Excerpt) -> Self {
        let Excerpt { id, day, text } = excerpt;
        Self { record: id.to_string(), day: Date(day), text }
    }
}

/// How the taxonomy stands over some days. Candidates are looked for beside.
///
/// # Errors
/// Where its file cannot be read.
pub async fn show(app: &App, period: Period) -> Result<TaxonomyShown, Problem> {
    let find = app.taxonomy.finds.get(&app.live, period).await;
    show_with(app, period, find).await
}

/// As [`show`], for whoever wants the candidates: the first look for them is waited for, if not for ever.
///
/// # Errors
/// As [`show`].
pub async fn show_with_candidates(app: &App, period: Period) -> Result<TaxonomyShown, Problem> {
    let find = app.taxonomy.finds.patiently(&app.live, period).await;
    show_with(app, period, find).await
}

async fn show_with(app: &App, period: Period, find: Option<Arc<Find>>) -> Result<TaxonomyShown, Problem> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        let kept = app.taxonomy.keeping.read()?;
        shown(&kept, &app.live.shelf(), &app.topics, period, find.as_deref())
    })
    .await?
}

pub(super) fn shown(
    kept: &Kept,
    shelf: &Shelf,
    topics: &Topics,
    period: Period,
    find: Option<&Find>,
) -> Result<TaxonomyShown, Problem> {
    let stands =
        standing(shelf, period, |above, below| is_above(topics, above, below)).map_err(Problem::internal)?;
    let (file, written_to) = match &kept.lies {
        Lies::BuiltIn(next) => (None, next.as_ref()),
        Lies::InFile(file) => (Some(file), Some(file)),
    };
    let path = |path: &PathBuf| path.display().to_string();
    Ok(TaxonomyShown {
        version: kept.in_force.version().to_owned(),
        base: tag(&kept.text),
        text: kept.text.clone(),
        file: file.map(path),
        written_to: written_to.map(path),
        trouble: fault(&kept.text).map(|fault| fault.to_string()),
        from: Date(period.from),
        to: Date(period.to),
        held_since: shelf.since().filter(|since| since.day() > period.from).map(At),
        records: stands.records,
        filter: stands.filter(),
        unassigned: stands.unassigned,
        unassigned_share: share(&stands, stands.unassigned),
        unassigned_filter: stands.of_topic(feedback::insight::NO_TOPIC),
        topics: listed(kept, topics, &stands),
        overlaps: stands.overlaps.iter().map(|pair| overlap(&stands, pair)).collect(),
        candidates: find.map(|find| candidates(find, shelf, topics)),
    })
}

fn share(stands: &Standing, records: u64) -> Option<f64> {
    (stands.records > 0).then(|| stands.share(records))
}

fn is_above(topics: &Topics, above: &str, below: &str) -> bool {
    let mut at = topics.get(below);
    // Parents never go round: a taxonomy whose parents do is refused.
    while let Some(parent) = at.and_then(|topic| topic.parent.as_deref()) {
        if parent == above {
            return true;
        }
        at = topics.get(parent);
    }
    false
}

fn listed(kept: &Kept, topics: &Topics, stands: &Standing) -> Vec<TaxonomyTopic> {
    let line = |id: &str| line_of(&kept.text, id);
    let known = topics.iter().map(|topic| TaxonomyTopic {
        id: topic.id.clone(),
        name: topic.name.clone(),
        description: topic.description.clone(),
        owner: topic.owner.clone(),
        parent: topic.parent.clone(),
        examples: topic.examples.clone(),
        keywords: topic.keywords.clone(),
        is_current: true,
        line: line(&topic.id),
        records: stands.volume(&topic.id),
        share: share(stands, stands.volume(&topic.id)),
        filter: stands.of_topic(&topic.id),
    });
    let gone = stands.topics.iter().filter(|volume| topics.get(&volume.topic).is_none());
    let gone = gone.map(|volume| TaxonomyTopic {
        id: volume.topic.clone(),
        name: volume.topic.clone(),
        description: String::new(),
        owner: None,
        parent: None,
        examples: Vec::new(),
        keywords: Vec::new(),
        is_current: false,
        line: None,
        records: volume.tally.records,
        share: share(stands, volume.tally.records),
        filter: stands.of_topic(&volume.topic),
    });
    known.chain(gone).collect()
}

fn overlap(stands: &Standing, pair: &Overlap) -> TaxonomyOverlap {
    TaxonomyOverlap {
        one: pair.one.clone(),
        other: pair.other.clone(),
        both: pair.both,
        of_one: pair.of_one,
        of_other: pair.of_other,
        share_of_one: pair.of_first(),
        share_of_other: pair.of_second(),
        jaccard: pair.jaccard(),
        filter: stands.of_both(pair),
    }
}

fn candidates(find: &Find, shelf: &Shelf, topics: &Topics) -> TaxonomyCandidates {
    let found = &find.candidates;
    TaxonomyCandidates {
        as_of: At(find.at),
        looked_at: found.looked_at,
        more: found.more,
        left_out: found.left_out.iter().map(|(_, records)| records).sum(),
        left_out_languages: found.left_out.iter().map(|(language, _)| language.clone()).collect(),
        items: found.candidates.iter().map(|one| candidate(one, shelf, topics)).collect(),
    }
}

fn candidate(one: &Candidate, shelf: &Shelf, topics: &Topics) -> TaxonomyCandidate {
    let suggested = suggestion(&one.words, |id| topics.get(id).is_some());
    let toml = block(&suggested, &[]);
    let Suggestion { id, name, keywords } = suggested;
    TaxonomyCandidate {
        record: one.middle.to_string(),
        records: one.records,
        people: one.people,
        first_at: At(one.first),
        last_at: At(one.last),
        words: one.words.clone(),
        quotes: one.nearest.iter().filter_map(|place| quote(*place, shelf)).collect(),
        suggestion: TaxonomySuggestion { id, name, keywords, toml },
    }
}

pub(super) fn quote(place: Place, shelf: &Shelf) -> Option<TaxonomyQuote> {
    place.read(shelf).map(TaxonomyQuote::from)
}

/// A candidate written as a topic, to stand at the end of a text, with those of its quotes as examples that somebody chose by
/// the ids of their records; `None` where there is no such candidate any more.
#[must_use]
pub fn written(shown: &TaxonomyShown, record: &str, chosen: &[String]) -> Option<String> {
    let items = &shown.candidates.as_ref()?.items;
    let one = items.iter().find(|one| one.record == record)?;
    let TaxonomySuggestion { id, name, keywords, .. } = one.suggestion.clone();
    let chosen = one.quotes.iter().filter(|quote| chosen.contains(&quote.record));
    let examples: Vec<String> = chosen.map(|quote| quote.text.clone()).collect();
    Some(block(&Suggestion { id, name, keywords }, &examples))
}
