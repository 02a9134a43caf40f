//! What there is to ask for, looked up before anything is measured: nobody asks for what they have not seen.

use super::client::{Client, Target};
use super::said;
use anyhow::{Context, Result, ensure};
use demo::rng::{Rng, splitmix};
use feedback::time::Day;
use form_urlencoded::Serializer;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Parts of the list that are read: each goes on behind the one before.
const PARTS: i32 = 8;
const PART: usize = 200;
/// Days that the records which are looked at lie apart.
const APART: i32 = 9;
/// Words of a text that somebody looks for by its meaning.
const MEANT: [usize; 6] = [2, 3, 4, 6, 9, 14];
const TEXTS: u64 = 500;
/// Records that are looked at whether others can be like them.
const LOOKED_AT: usize = 200;

/// Each list has something, or what is asked by it is left out.
#[derive(Debug)]
pub struct Known {
    pub today: Day,
    pub records: Vec<String>,
    /// Of these, some that others can be like: a page offers that of no other.
    pub likable: Vec<String>,
    pub topics: Vec<String>,
    pub products: Vec<String>,
    pub segments: Vec<String>,
    pub languages: Vec<String>,
    pub owners: Vec<String>,
    pub accounts: Vec<String>,
    pub sources: Vec<String>,
    /// That stand in records.
    pub words: Vec<String>,
    /// Where parts of the list of all records begin.
    pub cursors: Vec<String>,
    pub cases: Vec<String>,
    pub alerts: Vec<String>,
    pub weeks: Vec<String>,
    /// What people may type to find feedback like it.
    pub meant: Vec<String>,
}

impl Known {
    pub async fn look(target: &Arc<Target>, seed: u64) -> Result<Self> {
        let (mut client, today) = (Client::new(target), crate::events::now()?.day());
        let (mut seen, mut cursors) = (Seen::default(), Vec::new());
        for part in 0..PARTS {
            let to = today.plus(-APART * part);
            seen.take(&json(&mut client, &format!("/v1/records?limit={PART}&to={to}")).await?);
            // The list of all, further and further down.
            cursors.extend(next(&mut client, cursors.last()).await?);
        }
        let cases = ids(&mut client, "/v1/cases?limit=200", "id").await?;
        let alerts = ids(&mut client, "/v1/alerts?limit=200", "id").await?;
        let weeks = ids(&mut client, "/v1/digests", "week").await?;
        let meant = meant(seed)?;
        check_compared(&mut client, &meant).await?;
        let list = |seen: BTreeSet<String>| seen.into_iter().collect();
        Ok(Self {
            today,
            likable: likable(&mut client, &seen.records).await?,
            records: seen.records,
            topics: list(seen.topics),
            products: list(seen.products),
            segments: list(seen.segments),
            languages: list(seen.languages),
            owners: list(seen.owners),
            accounts: list(seen.accounts),
            sources: list(seen.sources),
            words: list(seen.words),
            cursors,
            cases,
            alerts,
            weeks,
            meant,
        })
    }
}

async fn next(client: &mut Client, cursor: Option<&String>) -> Result<Option<String>> {
    let behind = cursor.map_or(String::new(), |cursor| format!("&cursor={cursor}"));
    let listed = json(client, &format!("/v1/records?limit=50{behind}")).await?;
    Ok(listed["next"].as_str().map(str::to_owned))
}

/// What stands in records, each once and in an order of its own: the same tables give the same questions.
#[derive(Default)]
struct Seen {
    records: Vec<String>,
    topics: BTreeSet<String>,
    products: BTreeSet<String>,
    segments: BTreeSet<String>,
    languages: BTreeSet<String>,
    owners: BTreeSet<String>,
    accounts: BTreeSet<String>,
    sources: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Seen {
    fn take(&mut self, listed: &Value) {
        for record in listed["items"].as_array().into_iter().flatten() {
            let text = |name: &str| record[name].as_str().map(str::to_owned);
            self.records.extend(text("record_id"));
            self.products.extend(text("product"));
            self.segments.extend(text("segment"));
            self.languages.extend(text("language").filter(|language| language.len() == 2));
            self.owners.extend(text("owner"));
            self.accounts.extend(text("account"));
            self.sources.extend(text("origin"));
            let topics = record["topics"].as_array().into_iter().flatten();
            self.topics.extend(topics.filter_map(|topic| topic.as_str().map(str::to_owned)));
            self.words.extend(text("text").iter().flat_map(|text| words(text)));
        }
    }
}

/// Those that somebody may look for.
fn words(text: &str) -> impl Iterator<Item = String> {
    let plain =
        |word: &&str| (5..=14).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    text.split(' ').filter(plain).map(str::to_owned)
}

fn meant(seed: u64) -> Result<Vec<String>> {
    let mut rng = Rng::stream(seed, "meant");
    let beginning = |number: u64| {
        let text = said::text(splitmix(seed ^ number))?;
        let words: Vec<&str> = text.split(' ').take(*rng.pick(&MEANT)).collect();
        Ok(words.join(" "))
    };
    (0..TEXTS).map(beginning).collect()
}

/// Records with words that are known: the server tells.
async fn likable(client: &mut Client, records: &[String]) -> Result<Vec<String>> {
    let mut likable = Vec::new();
    for record in records.iter().step_by(records.len().div_ceil(LOOKED_AT).max(1)) {
        if client.status(&format!("/v1/records?like={record}&limit=1")).await? == 200 {
            likable.push(record.clone());
        }
    }
    Ok(likable)
}

/// An error where no text can be compared with what is stored: vectors of two spaces never are.
async fn check_compared(client: &mut Client, texts: &[String]) -> Result<()> {
    let text = texts.first().context("there is nothing to look for")?;
    let query =
        Serializer::new(String::new()).append_pair("meaning", text).append_pair("limit", "1").finish();
    let listed = json(client, &format!("/v1/records?{query}")).await?;
    let compared = listed["total"].as_u64().unwrap_or_default();
    ensure!(
        compared > 0,
        "the program encodes otherwise than the one that made the tables: --rebuild makes them again"
    );
    Ok(())
}

async fn ids(client: &mut Client, path: &str, name: &str) -> Result<Vec<String>> {
    let listed = json(client, path).await?;
    let items = listed["items"].as_array().into_iter().flatten();
    Ok(items.filter_map(|item| item[name].as_str().map(str::to_owned)).collect())
}

pub async fn json(client: &mut Client, path: &str) -> Result<Value> {
    serde_json::from_str(&client.read(path).await?).with_context(|| format!("{path} told no JSON"))
}
