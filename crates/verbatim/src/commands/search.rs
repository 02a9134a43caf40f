//! `verbatim search`: the records that say something, by their words or by what they mean.

use super::report::list::{cut, entry};
use super::report::narrow::Narrow;
use super::report::values::day;
use super::report::{cases, names};
use crate::blocking::blocking;
use crate::context::{self, Context};
use crate::output;
use crate::progress::Progress;
use crate::reading::Reader;
use crate::usage;
use anyhow::{Context as _, Result, bail};
use feedback::ids::Id;
use feedback::time::Day;
use insight::report::{Filter, RecordLine};
use insight::shelf::{Hit, Meaning, Order, Page, Part, Query, Search, Shelf, of_ids, parse_id, parts};
use serde::Serialize;
use server::live::Reading as _;
use server::query::{ALIKE, Found as Listing};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Store;

/// Facts that are read at once.
const ROWS_AT_ONCE: usize = 40_000;
const BROKE_OFF: &str = "the reading of the facts broke off";

/// Find records by words, or by what they mean
///
/// Every word has to occur in the title or the text, where a word begins and in any case; "several words" in quotes stand as
/// they are, and -word must not occur (quote the whole for the shell). With --meaning or --like the nearest come first, as far
/// as they are alike at all; otherwise the newest. The options of `report --records` narrow what is looked through; without
/// --from and --to it is all there is.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim search refund slow\n  \
        verbatim search '\"switch to\" -trial' --segment enterprise\n  \
        verbatim search --meaning \"people cannot get into their account\" --from 2026-03-02\n  \
        verbatim search --like 5b1e0c2f --sentiment negative --limit 5"
)]
pub struct Args {
    /// Words to find
    #[arg(value_name = "WORDS")]
    text: Vec<String>,
    /// What it should mean: a sentence, in the words of a customer
    #[arg(long, value_name = "TEXT", conflicts_with = "like")]
    meaning: Option<String>,
    /// A record that it should be like, by how its id begins
    #[arg(long, value_name = "ID-PREFIX")]
    like: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// First day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Last day, included
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
    /// Only this product
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Only this kind of source: survey, ticket, nps, social … (or --source-kind)
    #[arg(long, alias = "source-kind", value_name = "KIND")]
    source: Option<String>,
    /// Only what this event source sent: a form, an inbox, an imported file …; may be repeated
    #[arg(long, value_name = "NAME")]
    event_source: Vec<String>,
    /// Only this topic, by its id
    #[arg(long, value_name = "ID")]
    topic: Option<String>,
    #[command(flatten, next_help_heading = "Narrow it down")]
    narrow: Narrow,
}

/// A record that was found, for programs.
#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    line: RecordLine,
    /// A cosine, 1 for the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    likeness: Option<f32>,
}

#[derive(Serialize)]
struct Listed {
    total: u64,
    shown: usize,
    records: Vec<Found>,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let search = search(&args.text)?;
    if search.is_empty() && args.meaning.is_none() && args.like.is_none() {
        return usage::wrong("what is to be found? Name words, or --meaning TEXT, or --like RECORD");
    }
    if let (Some(from), Some(to)) = (args.from, args.to) {
        usage::in_order(from, to)?;
    }
    let topics = context.topic_names()?;
    context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let filter = filter(args);
        names::check(&filter, &store, &topics, context).await?;
        let filter = cases::ask(&store, filter).await?;
        let nearest = nearest(args, &store, context).await?;
        let shelf = read(&store, &filter).await?;
        let limit = args.limit as usize;
        let find = move || find(&shelf, &Query { filter, search }, nearest.as_ref(), limit);
        let part = blocking("the search broke off", find).await??;
        show(&part, context.json)
    })
}

/// The words as they were typed, of however many arguments.
fn search(text: &[String]) -> Result<Search> {
    if text.is_empty() {
        return Ok(Search::default());
    }
    Ok(Search::parse(&text.join(" "))?)
}

fn filter(args: &Args) -> Filter {
    args.narrow.clone().of(Filter {
        from: args.from,
        to: args.to,
        product: args.product.clone(),
        source: args.source.clone(),
        event_source: args.event_source.clone(),
        topic: args.topic.clone(),
        ..Filter::default()
    })
}

/// What is asked by meaning, and the record that it is of.
async fn nearest(args: &Args, store: &Store, context: &Context) -> Result<Option<(Meaning, Option<Id>)>> {
    if let Some(beginning) = &args.like {
        let hit = record(store, beginning).await?;
        let meaning = hit.meaning();
        let meaning = meaning.context(
            "this record has no words, or none that the encoder knew, so that nothing can be like it",
        )?;
        return Ok(Some((meaning, Some(hit.id()))));
    }
    let Some(text) = &args.meaning else { return Ok(None) };
    let reader = Reader::new(context)?;
    let vector = reader.vector(text).context("none of these words is known: try others")?;
    Ok(Some((Meaning { version: reader.version().to_owned(), vector }, None)))
}

/// The one record whose id begins so, of whatever day.
async fn record(store: &Store, beginning: &str) -> Result<Hit> {
    let located = match store.locate(beginning, None).await?.as_slice() {
        [one] => one.clone(),
        [] => bail!("no record has an id that begins with {beginning:?}"),
        _ => bail!("several records have an id that begins with {beginning:?}: give more of it"),
    };
    let id = parse_id(&located.record.record_id).context("the record has an id of another make")?;
    let (_, facts) = store.current_facts_of(&BTreeSet::from([located.day])).await?;
    let parts = blocking(BROKE_OFF, move || of_ids(facts, &[id]).and_then(parts)).await??;
    let hit = Shelf::default().with(None, by_day(parts)).find(id);
    hit.context("the record has just been changed: try again")
}

/// What is there of the filter's days.
async fn read(store: &Store, filter: &Filter) -> Result<Shelf> {
    let from = filter.from.into_iter().chain(filter.since.map(|since| since.0.day())).max();
    let to = filter.to.into_iter().chain(filter.before.map(|before| before.0.day())).min();
    let mut days = store.touched_since(None).await?.days;
    days.retain(|day| from.is_none_or(|from| *day >= from) && to.is_none_or(|to| *day <= to));
    let frames = store.current_facts_in_parts(&days, ROWS_AT_ONCE).await?;
    let progress = Progress::new("reading", frames.len() as u64);
    let mut shelf = Shelf::default();
    for (done, facts) in frames.into_iter().enumerate() {
        progress.set(done as u64);
        let parts = blocking(BROKE_OFF, move || parts(facts)).await??;
        shelf = shelf.with(None, by_day(parts));
    }
    progress.done();
    Ok(shelf)
}

fn by_day(parts: Vec<Part>) -> BTreeMap<Day, Vec<Arc<Part>>> {
    let mut by_day: BTreeMap<Day, Vec<Arc<Part>>> = BTreeMap::new();
    for part in parts {
        by_day.entry(part.day()).or_default().push(Arc::new(part));
    }
    by_day
}

/// What the dashboard and the API would list.
fn find(
    shelf: &Shelf,
    query: &Query,
    nearest: Option<&(Meaning, Option<Id>)>,
    limit: usize,
) -> Result<Listing> {
    let hits = match nearest {
        Some((meaning, but)) => shelf.nearest(query, meaning, *but, None, limit)?,
        None => shelf.list(query, &Page { order: Order::Newest, after: None, limit, count: true })?,
    };
    Ok(hits.into())
}

fn show(Listing { hits, nearest }: &Listing, json: bool) -> Result<()> {
    let total = hits.total.unwrap_or_default();
    let found: Vec<Found> =
        hits.hits.iter().map(|hit| Found { line: hit.line(), likeness: hit.likeness }).collect();
    if json {
        return output::json(&Listed { total, shown: found.len(), records: found });
    }
    if found.is_empty() {
        eprintln!("{}", nothing(*nearest));
        return Ok(());
    }
    output::text(&listed(&found, total))
}

fn nothing(nearest: Option<f32>) -> String {
    match nearest {
        Some(nearest) => format!(
            "Nothing is alike: the nearest record has a likeness of {:.2}, and less than {ALIKE:.2} is what chance gives. Say it \
             in other words, or narrow it down less.",
            nearest.max(0.0)
        ),
        None => "Nothing was found: try fewer words, more days, or --meaning with a sentence.".to_owned(),
    }
}

fn listed(found: &[Found], total: u64) -> String {
    let likeness = |found: &Found| found.likeness.map(|likeness| format!("{likeness:.2}"));
    let mut text: String = found.iter().map(|found| entry(&found.line, likeness(found))).collect();
    let shown = output::grouped(found.len() as u64);
    text += &match found.first().and_then(|found| found.likeness) {
        Some(_) => format!("the nearest {shown} of {}", output::counted(total, "record")),
        None if found.len() as u64 == total => output::counted(total, "record"),
        None => format!("{shown} of {}, the newest", output::counted(total, "record")),
    };
    text + &cut(found.iter().map(|found| &found.line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, FromArgMatches as _};
    use store::{Batch, FactColumns, FactRow, StoreOptions};

    fn parsed(args: &[&str]) -> Result<Args, clap::Error> {
        let command = Args::augment_args(clap::Command::new("search"));
        let matches = command.try_get_matches_from([&["search"], args].concat())?;
        Args::from_arg_matches(&matches)
    }

    #[test]
    fn words_and_options_of_lists_are_taken() {
        let args =
            parsed(&["refund", "\"data loss\"", "--topic", "billing", "--kind", "bug", "--limit", "3"])
                .unwrap();
        assert_eq!(search(&args.text).unwrap().written(), "refund \"data loss\"");
        let filter = filter(&args);
        assert_eq!((filter.topic.as_deref(), filter.kind.as_deref()), (Some("billing"), Some("bug")));
        assert_eq!((filter.from, filter.to, args.limit), (None, None, 3));
        let args = parsed(&["\"switch to\" -trial", "--unsure"]).unwrap();
        assert_eq!(search(&args.text).unwrap().written(), "\"switch to\" -trial");
        assert!(parsed(&["--like", "ab", "--meaning", "x"]).is_err());
        assert!(search(&["?!".to_owned()]).is_err());
        assert!(search(&[]).unwrap().is_empty());
    }

    #[test]
    fn where_nothing_is_near_enough_it_is_told_how_near_it_came() {
        let told = nothing(Some(0.184));
        assert!(told.contains("a likeness of 0.18, and less than 0.30"), "{told}");
        assert!(nothing(None).starts_with("Nothing was found"));
    }

    #[tokio::test]
    async fn records_are_read_and_found_in_their_order() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let texts = ["refund please", "a REFUND, slow", "the search is slow", "no words of that"];
        let vectors: [&[i8]; 4] = [&[127, 0], &[120, 40], &[0, 127], &[]];
        let mut facts = FactColumns::new();
        for (at, text) in texts.into_iter().enumerate() {
            let native = at.to_string();
            facts.push(&FactRow {
                record_id: Id::of(&[&native]),
                item_id: Id::of(&["item", &native]),
                source_kind: "survey",
                source: "form",
                native_id: &native,
                occurred_at: Day(20_514 + at as i32).start(),
                body: Some(text),
                embedding: vectors[at],
                vector: Some("v1"),
                position_topic: "t",
                position_offset: at as i64,
                ..FactRow::default()
            });
        }
        store.commit(&Batch { facts: facts.encode().unwrap(), ..Batch::default() }).await.unwrap();
        let found = async |words: &str, filter: Filter, like: Option<&str>| -> (Vec<String>, u64) {
            let shelf = read(&store, &filter).await.unwrap();
            let nearest = match like {
                Some(like) => {
                    let hit = record(&store, like).await.unwrap();
                    Some((hit.meaning().unwrap(), Some(hit.id())))
                }
                None => None,
            };
            let search = if words.is_empty() { Search::default() } else { Search::parse(words).unwrap() };
            let hits = find(&shelf, &Query { filter, search }, nearest.as_ref(), 2).unwrap().hits;
            (hits.hits.iter().map(|hit| hit.line().text).collect(), hits.total.unwrap())
        };
        let all = Filter::default;
        assert_eq!(found("refund", all(), None).await, (vec![texts[1].into(), texts[0].into()], 2));
        assert_eq!(
            found("slow", Filter { to: Some(Day(20_515)), ..all() }, None).await,
            (vec![texts[1].into()], 1)
        );
        let first = Id::of(&["0"]).to_string();
        let near = found("", all(), Some(&first[..8])).await;
        assert_eq!(near, (vec![texts[1].into()], 2), "the other is as far as can be");
        let near = found("slow -search", all(), Some(&first)).await;
        assert_eq!(near, (vec![texts[1].into()], 1));
        assert!(record(&store, "zz").await.is_err() && record(&store, "").await.is_err());
    }
}
