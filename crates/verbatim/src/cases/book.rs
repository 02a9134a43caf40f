//! The log of cases, read: each case with its life and its records.

use anyhow::{Context as _, Result, bail};
use feedback::{ids::Id, time::Timestamp};
use insight::cases::{Event, Life, Step};
use insight::shelf::number_of_id;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, btree_map, hash_map};
use store::{CaseEvent, Mark, Seen, Store, Tail};

/// Ids that are named where a beginning fits several.
const NAMED: usize = 5;

/// What is noted with a record that comes to a case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Placing {
    /// When it occurred; tells which days a case reaches without a look at the facts.
    pub occurred_at: Option<Timestamp>,
    /// The mean cosine to the reports before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likeness: Option<f64>,
    /// The version of the facts up to which all have been looked at, told with the last record of an update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<i64>,
    /// The last correction of them that was looked at, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrections: Option<i64>,
    /// The version of the rules of cases, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<String>,
}

/// What is noted where a case is resolved: all reports, to be told where they were made.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Telling {
    pub tell: Vec<Report>,
}

/// A report whose author waits for an answer. Of people there are pseudonyms alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub record: String,
    pub names: Vec<String>,
    pub source: String,
    pub event_source: String,
    pub native_id: String,
}

/// That somebody gave a case to another owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assigned {
    pub at: Timestamp,
    pub owner: String,
    pub by: Option<String>,
}

/// A case as its log tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// 32 hexadecimal digits.
    pub id: String,
    /// What its reports have in common: topic, kind, product (empty where they name none), version of the vectors.
    pub topic: String,
    pub kind: String,
    pub product: String,
    pub space: String,
    /// By the decision on its first report, or whoever it was given to since; empty where there is nobody.
    pub owner: String,
    /// Each time that it was given to somebody.
    pub assigned: Vec<Assigned>,
    pub life: Life,
    /// Every step, with who did it: a person, or the record.
    pub steps: Vec<Event>,
    /// In the order in which they came; those of erased people are gone.
    pub records: Vec<String>,
    /// Whom the last resolution was to be told to.
    pub tell: Vec<Report>,
    /// When its reports occurred, the first and the last of them.
    seen: Option<(Timestamp, Timestamp)>,
    /// The id as a number: whoever goes through all cases asks each of them for it.
    number: Option<Id>,
    /// Its place among the cases of its book, as they opened.
    place: u32,
}

impl Logged {
    fn opened(event: &CaseEvent, place: u32) -> Self {
        let own = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            id: event.case.clone(),
            number: number(&event.case),
            place,
            topic: own(&event.topic),
            kind: own(&event.kind),
            product: own(&event.product),
            space: own(&event.vector),
            owner: own(&event.owner),
            assigned: Vec::new(),
            life: Life::opened(event.at),
            // Most cases stay with one report, and there are many.
            steps: Vec::with_capacity(1),
            records: Vec::with_capacity(1),
            tell: Vec::new(),
            seen: None,
        }
    }

    /// When its reports occurred; `None` where nothing says so.
    pub fn seen(&self) -> Option<(Timestamp, Timestamp)> {
        self.seen
    }

    /// Its id as `insight` has it.
    pub fn number(&self) -> Option<Id> {
        self.number
    }

    /// What happened to it; `occurred` is when the report did that came by it, and `came` the report, where it was in no
    /// case before.
    fn take(
        &mut self,
        event: &CaseEvent,
        step: Option<Step>,
        occurred: Option<Timestamp>,
        came: Option<&str>,
    ) {
        if let (CaseEvent::ASSIGNED, Some(owner)) = (event.step.as_str(), &event.owner) {
            self.owner.clone_from(owner);
            let by = event.told_by.clone();
            self.assigned.push(Assigned { at: event.at, owner: owner.clone(), by });
        }
        if let Some(step) = step {
            // What the state does not allow changes nothing; whoever appends asks first.
            if step != Step::Opened {
                self.life = self.life.then(step, event.at).unwrap_or(self.life);
            }
            let by = event.told_by.clone().or_else(|| Some(event.record.as_ref()?.record_id.clone()));
            self.steps.push(Event { at: event.at, step, by });
        }
        self.records.extend(came.map(str::to_owned));
        if let Some(at) = occurred {
            let (first, last) = self.seen.unwrap_or((at, at));
            self.seen = Some((first.min(at), last.max(at)));
        }
        if step == Some(Step::Resolved) {
            let telling = event.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
            self.tell = telling.map(|telling: Telling| telling.tell).unwrap_or_default();
        }
    }
}

/// Of each record the case that it came to first. There are many records and few cases: with a record stands no
/// more than the place of its case.
#[derive(Debug, Default)]
struct Members {
    /// By the records' keys, as bytes: where a number of 128 bits has its place, 96 more are left empty beside it.
    places: HashMap<[u8; 16], u32>,
    /// As they opened.
    cases: Vec<Name>,
}

/// Of a case.
#[derive(Debug)]
struct Name {
    id: Box<str>,
    number: Option<Id>,
}

impl Members {
    /// The place of a case that opens.
    fn open(&mut self, case: &str) -> u32 {
        self.cases.push(Name { id: case.into(), number: number(case) });
        (self.cases.len() - 1) as u32
    }

    /// Whether the record was in no case before.
    fn add(&mut self, record: Id, place: u32) -> bool {
        match self.places.entry(record.0.to_ne_bytes()) {
            hash_map::Entry::Vacant(free) => {
                free.insert(place);
                true
            }
            hash_map::Entry::Occupied(_) => false,
        }
    }

    fn of(&self, record: Id) -> Option<&Name> {
        let place = self.places.get(&record.0.to_ne_bytes())?;
        self.cases.get(*place as usize)
    }
}

/// All cases, and up to where the log was read.
#[derive(Debug, Default)]
pub struct Book {
    pub mark: Mark,
    /// By their ids.
    pub cases: BTreeMap<String, Logged>,
    members: Members,
    /// Up to where the facts and what people corrected of them were looked at, and by which rules.
    looked: Option<(Seen, String)>,
}

impl Book {
    pub async fn read(store: &Store) -> Result<Self> {
        let mut book = Self::default();
        book.read_on(store).await?;
        Ok(book)
    }

    /// What was written since; everything anew where an erasure changed what was read. Where nothing was written, that
    /// costs a look at the log's version.
    pub(super) async fn read_on(&mut self, store: &Store) -> Result<Tail<CaseEvent>> {
        let tail = store.tail::<CaseEvent>(self.mark).await.context("the log of cases cannot be read")?;
        self.follow(&tail);
        Ok(tail)
    }

    /// Takes in what was read behind its mark.
    pub fn follow(&mut self, tail: &Tail<CaseEvent>) {
        if tail.anew {
            *self = Self::default();
        }
        for event in &tail.events {
            self.take(event);
        }
        self.mark = tail.mark;
    }

    pub(super) fn take(&mut self, event: &CaseEvent) {
        let step = Step::parse(&event.step);
        if step == Some(Step::Opened)
            && let btree_map::Entry::Vacant(free) = self.cases.entry(event.case.clone())
        {
            free.insert(Logged::opened(event, self.members.open(&event.case)));
        }
        let placing = placing(event);
        if let (Some(facts), Some(rules)) = (placing.facts, placing.rules) {
            let seen = Seen { version: facts, corrections: placing.corrections.unwrap_or(0) };
            self.looked = Some((seen, rules));
        }
        // Of a case that never opened nothing can be told.
        let Some(case) = self.cases.get_mut(&event.case) else { return };
        let record = event.record.as_ref().map(|record| record.record_id.as_str());
        let came = record.filter(|record| self.members.add(key(record), case.place));
        case.take(event, step, placing.occurred_at, came);
    }

    /// The case of a record.
    pub fn case_of(&self, record: &str) -> Option<&str> {
        self.members.of(key(record)).map(|case| &*case.id)
    }

    /// The same as `insight` has it.
    pub fn number_of_record(&self, record: &str) -> Option<Id> {
        self.number_of(key(record))
    }

    /// The same, by the record's key.
    pub(super) fn number_of(&self, record: Id) -> Option<Id> {
        self.members.of(record)?.number
    }

    /// Up to where all were looked at by these rules; by others all have to be looked at again, for they may form cases of
    /// what formed none.
    pub(super) fn looked(&self, rules: &str) -> Option<Seen> {
        self.looked.as_ref().filter(|(_, by)| by == rules).map(|(seen, _)| *seen)
    }

    /// The case whose id begins so.
    pub fn find(&self, beginning: &str) -> Result<&Logged> {
        let wanted = beginning.trim().to_ascii_lowercase();
        let mut fit = self.cases.values().filter(|case| case.id.starts_with(&wanted));
        match (fit.next(), fit.next()) {
            (Some(case), None) => Ok(case),
            (Some(one), Some(other)) => {
                let ids: Vec<&str> =
                    [one, other].into_iter().chain(fit).map(|case| case.id.as_str()).collect();
                let more = if ids.len() > NAMED { " …" } else { "" };
                bail!(
                    "{} cases have an id that begins with {wanted:?}: give more of it; they are {}{more}",
                    ids.len(),
                    ids[..ids.len().min(NAMED)].join(", ")
                )
            }
            (None, _) => bail!(
                "no case has an id that begins with {wanted:?}: `verbatim cases list --state all` lists them all, and \
                 `verbatim cases update` finds new ones"
            ),
        }
    }
}

/// What stands for a record where there are many of them: the number that its id is. Any other text than 32
/// hexadecimal digits is hashed to one.
pub(super) fn key(record: &str) -> Id {
    number_of_id(record)
}

fn number(case: &str) -> Option<Id> {
    u128::from_str_radix(case, 16).ok().map(Id)
}

/// What is noted with a record; nothing where the payload is another's.
fn placing(event: &CaseEvent) -> Placing {
    let read = event.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
    read.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{joined, life, opened};
    use super::*;
    use insight::cases::State;

    fn book(events: &[CaseEvent]) -> Book {
        let mut book = Book::default();
        events.iter().for_each(|event| book.take(event));
        book
    }

    #[test]
    fn a_case_is_what_its_log_says() {
        let resolved = CaseEvent {
            payload: Some(
                r#"{"tell":[{"record":"r1","names":["a_1"],"source":"ticket","event_source":"desk","native_id":"T-1"}]}"#
                    .to_owned(),
            ),
            ..life("aa01", "resolved", 40, "jane")
        };
        let book = book(&[
            opened("aa01", "r1", 10),
            joined("aa01", "r2", 20),
            joined("gone", "r9", 20),
            // It came to another one first.
            opened("bb02", "r2", 25),
            life("aa01", "acknowledged", 30, "jane"),
            resolved,
            // Refused by the state: it changes nothing.
            life("aa01", "acknowledged", 50, "joe"),
        ]);
        let case = book.find("AA").unwrap();
        assert_eq!(case.records, ["r1", "r2"]);
        assert_eq!((case.life.state, case.life.resolved_at), (State::Resolved, Some(Timestamp(40))));
        assert_eq!(case.seen(), Some((Timestamp(9), Timestamp(19))));
        assert_eq!((case.tell.len(), case.tell[0].native_id.as_str()), (1, "T-1"));
        assert_eq!((book.case_of("r2"), book.case_of("r9")), (Some("aa01"), None));
        assert_eq!((book.number_of(key("r1")), book.number_of(key("r9"))), (Some(Id(0xaa01)), None));
        assert!(book.find("bb02").unwrap().records.is_empty(), "no record is in two cases");
    }

    #[test]
    fn a_record_is_found_by_the_number_of_its_id_or_by_what_it_is_called() {
        let record = format!("{:032x}", 7);
        let book = book(&[opened("aa01", &record, 10), opened("other", "r1", 10), joined("aa01", "R1", 20)]);
        assert_eq!((key(&record), key("7") == Id(7)), (Id(7), false));
        let cases = [record.as_str(), "r1", "R1", "7"].map(|record| book.case_of(record));
        assert_eq!(cases, [Some("aa01"), Some("other"), Some("aa01"), None]);
        // Not every id is a number.
        assert_eq!((book.number_of_record("R1"), book.number_of_record("r1")), (Some(Id(0xaa01)), None));
        assert_eq!((book.cases["aa01"].number(), book.cases["other"].number()), (Some(Id(0xaa01)), None));
    }

    #[test]
    fn whoever_it_was_given_to_last_has_it() {
        let given = |owner: &str, at: i64| CaseEvent {
            owner: Some(owner.to_owned()),
            ..life("aa01", CaseEvent::ASSIGNED, at, "jane")
        };
        let book = book(&[opened("aa01", "r1", 10), given("finance", 20), given("mobile", 30)]);
        let case = book.find("aa01").unwrap();
        assert_eq!((case.owner.as_str(), case.assigned.len()), ("mobile", 2));
        let first = Assigned { at: Timestamp(20), owner: "finance".to_owned(), by: Some("jane".to_owned()) };
        assert_eq!((&case.assigned[0], case.steps.len()), (&first, 1));
        assert_eq!(case.life.state, State::Open, "it is as open as before");
    }

    #[test]
    fn a_large_case_is_read_in_one_go() {
        let records: Vec<String> = (0..200_000).map(|number| format!("{number:032x}")).collect();
        let mut book = book(&[opened("aa01", "r", 10)]);
        let begun = std::time::Instant::now();
        records.iter().for_each(|record| book.take(&joined("aa01", record, 20)));
        assert_eq!(book.find("aa01").unwrap().records.len(), 200_001);
        // With a look through all of them for each it took minutes.
        assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    }

    #[test]
    fn by_other_rules_all_is_looked_at_again() {
        let mut last = joined("aa01", "r2", 20);
        last.payload = Some(r#"{"occurred_at":19,"facts":7,"rules":"1:a"}"#.to_owned());
        let book = book(&[opened("aa01", "r1", 10), last]);
        // Before there were corrections, none was looked at.
        let seen = Seen { version: 7, corrections: 0 };
        assert_eq!((book.looked("1:a"), book.looked("1:b")), (Some(seen), None));
    }

    #[test]
    fn a_beginning_that_fits_none_or_several_is_told() {
        let book = book(&[opened("aa01", "r1", 10), opened("aa02", "r2", 10)]);
        assert_eq!(book.find("aa02").unwrap().id, "aa02");
        let error = book.find("aa").unwrap_err().to_string();
        assert!(error.starts_with("2 cases have an id") && error.ends_with("aa01, aa02"), "{error}");
        assert!(book.find("b").unwrap_err().to_string().contains("verbatim cases list"));
    }
}
