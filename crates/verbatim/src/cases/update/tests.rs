use super::super::near::Near;
use super::super::steps::step;
use super::*;
use feedback::correction::{Field, Said};
use feedback::ids::Id;
use feedback::judgement::{FeedbackKind, KindJudgement};
use feedback::time::Timestamp;
use insight::cases::{Case, Step};
use std::collections::HashSet;
use store::{Batch, CaseEvent, Correcting, EraseOptions, FactColumns, FactRow, Mark, StoreOptions};

const DAY: i64 = 86_400_000_000;
/// Two things; and what is like the first by 0.79 and like the second by 0.61.
const LOGIN: &[i8] = &[127, 0];
const EXPORT: &[i8] = &[0, 127];
const NEARLY: &[i8] = &[100, 78];

/// A version of a ticket, of its author `a_NUMBER`.
#[derive(Debug, Clone, Copy)]
struct Ticket {
    number: u32,
    day: i64,
    version: i64,
    vector: &'static [i8],
    gone: bool,
}

fn ticket(number: u32, day: i64, vector: &'static [i8]) -> Ticket {
    Ticket { number, day, version: 1, vector, gone: false }
}

fn record(number: u32) -> String {
    Id(number.into()).to_string()
}

async fn store(dir: &tempfile::TempDir) -> Store {
    Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap()
}

/// The tickets as one commit, from an offset on.
async fn commit(store: &Store, offset: i64, tickets: &[Ticket]) {
    let mut facts = FactColumns::new();
    for (at, ticket) in (offset..).zip(tickets) {
        let (native_id, author) = (ticket.number.to_string(), format!("a_{}", ticket.number));
        let kind = KindJudgement { label: FeedbackKind::Bug, confidence: 0.9 };
        facts.push(&FactRow {
            record_id: Id(ticket.number.into()),
            item_id: Id(ticket.number.into()),
            source_kind: "ticket",
            source: "desk",
            native_id: &native_id,
            version: ticket.version,
            deleted: ticket.gone,
            occurred_at: Timestamp(ticket.day * DAY),
            ingested_at: Timestamp(ticket.day * DAY + 1 + at),
            author: Some(author.as_str()),
            body: (!ticket.gone).then_some("it lost all of my work"),
            kind: (!ticket.gone).then_some(kind),
            embedding: ticket.vector,
            vector: Some("v1"),
            position_topic: "t",
            position_offset: at,
            ..FactRow::default()
        });
    }
    let suppressions = store.suppressions().await.unwrap();
    let facts = facts.encode().unwrap();
    store.commit(&Batch { facts, suppressions, ..Batch::default() }).await.unwrap();
}

async fn events(store: &Store) -> Vec<CaseEvent> {
    store.tail::<CaseEvent>(Mark::default()).await.unwrap().events
}

fn counts(updated: &Updated) -> [u64; 3] {
    [updated.opened, updated.joined, updated.reopened]
}

/// What one holds is what somebody would read who knows nothing.
async fn holds_what_there_is(kept: &Updates, store: &Store) {
    let book = Book::read(store).await.unwrap();
    assert_eq!(kept.book.cases, book.cases);
    let mut anew = Near::new(CaseRules::default());
    let all: BTreeSet<Day> = (0..400).map(Day).collect();
    anew.load(store, &book, &all).await.unwrap();
    let ((held, reports), (anew, _)) = (kept.near.as_ref().unwrap().sorted(), anew.sorted());
    let by_id: HashMap<Id, &Case> = anew.iter().map(|case| (case.id, case)).collect();
    for case in &held {
        assert_eq!(by_id.get(&case.id), Some(&case));
    }
    assert_eq!(held.iter().map(|case| case.sum.count()).sum::<u64>(), reports as u64);
}

/// Two stores to which the same happens: one is kept up with by one that keeps, the other by one after another that
/// knows nothing.
struct World {
    kept: Updates,
    one: Store,
    other: Store,
    offset: i64,
}

impl World {
    async fn commit(&mut self, tickets: &[Ticket]) {
        commit(&self.one, self.offset, tickets).await;
        commit(&self.other, self.offset, tickets).await;
        self.offset += tickets.len() as i64;
    }

    /// What the tickets did: opened, joined, reopened.
    async fn bring(&mut self, tickets: &[Ticket]) -> [u64; 3] {
        if !tickets.is_empty() {
            self.commit(tickets).await;
        }
        let (rules, quiet) = (CaseRules { likeness: 0.6, ..CaseRules::default() }, |_: usize, _: usize| {});
        let updated = self.kept.update(&self.one, &rules, &quiet).await.unwrap();
        let anew = update_cases(&self.other, &rules, &quiet).await.unwrap();
        assert_eq!(counts(&updated), counts(&anew));
        assert_eq!(events(&self.one).await, events(&self.other).await);
        assert!(!self.kept.near.as_ref().unwrap().sorted().0.is_empty());
        holds_what_there_is(&self.kept, &self.one).await;
        counts(&updated)
    }
}

#[tokio::test]
async fn what_is_kept_is_what_would_be_read_anew() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (one, other) = (store(&dirs[0]).await, store(&dirs[1]).await);
    let mut world = World { kept: Updates::default(), one, other, offset: 0 };
    let first = [ticket(1, 100, LOGIN), ticket(2, 101, LOGIN), ticket(3, 102, EXPORT), ticket(4, 103, LOGIN)];
    assert_eq!(world.bring(&first).await, [2, 2, 0]);
    assert_eq!(world.bring(&[]).await, [0, 0, 0]);

    // One of them says another thing now, and one was taken back: what is left is half as like as it was.
    let changed = [
        Ticket { version: 2, ..ticket(2, 101, EXPORT) },
        Ticket { version: 2, gone: true, ..ticket(4, 103, &[]) },
        ticket(5, 104, LOGIN),
    ];
    assert_eq!(world.bring(&changed).await, [1, 0, 0]);

    // A person says that it is done, and it is not.
    let case = world.kept.book.case_of(&record(5)).unwrap().to_owned();
    for store in [&world.one, &world.other] {
        step(store, &case, Step::Resolved, "jane", Timestamp(105 * DAY)).await.unwrap();
    }
    assert_eq!(world.bring(&[ticket(6, 106, LOGIN)]).await, [0, 0, 1]);

    // Another process brings one to it.
    world.commit(&[ticket(7, 107, NEARLY)]).await;
    for store in [&world.one, &world.other] {
        let updated = update_cases(store, &CaseRules::default(), &|_, _| {}).await.unwrap();
        assert_eq!(counts(&updated), [0, 1, 0]);
    }
    assert_eq!(world.bring(&[ticket(8, 108, NEARLY)]).await, [0, 1, 0]);

    // Somebody is erased, by whose report it had begun.
    for store in [&world.one, &world.other] {
        store.erase("a_5", &EraseOptions::default()).await.unwrap();
    }
    assert_eq!(world.bring(&[ticket(9, 109, NEARLY)]).await, [0, 1, 0]);
    assert_eq!(world.kept.book.case_of(&record(5)), None);
    assert_eq!(world.kept.book.case_of(&record(9)), Some(case.as_str()));

    // Much later nothing of it is near any more; what comes late finds it all the same.
    assert_eq!(world.bring(&[ticket(10, 200, LOGIN)]).await, [1, 0, 0]);
    assert_eq!(world.kept.near.as_ref().unwrap().sorted().1, 1);
    assert_eq!(world.bring(&[ticket(11, 103, EXPORT)]).await, [0, 1, 0]);
    assert_eq!(world.kept.book.case_of(&record(11)), world.kept.book.case_of(&record(3)));
}

#[tokio::test]
async fn of_two_at_once_each_report_comes_to_one_case() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let (mut one, mut other) = (Updates::default(), Updates::default());
    let (rules, quiet) = (CaseRules::default(), |_: usize, _: usize| {});
    for round in 0..4_u32 {
        let number = 3 * round;
        let day = 100 + i64::from(round);
        let tickets =
            [ticket(number, day, LOGIN), ticket(number + 1, day, EXPORT), ticket(number + 2, day, NEARLY)];
        commit(&store, number.into(), &tickets).await;
        let (a, b) = tokio::join!(one.update(&store, &rules, &quiet), other.update(&store, &rules, &quiet));
        let placed: u64 = [a.unwrap(), b.unwrap()].iter().flat_map(counts).sum();
        assert_eq!(placed, 3);
        let all = events(&store).await;
        let records: HashSet<&str> =
            all.iter().filter_map(|event| Some(event.record.as_ref()?.record_id.as_str())).collect();
        assert_eq!((all.len(), records.len()), (3 * (round as usize + 1), all.len()));
        for kept in [&mut one, &mut other] {
            let updated = kept.update(&store, &rules, &quiet).await.unwrap();
            assert_eq!(counts(&updated), [0, 0, 0]);
            holds_what_there_is(kept, &store).await;
        }
    }
}

#[tokio::test]
async fn what_was_looked_at_is_not_looked_at_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let (rules, quiet) = (CaseRules::default(), |_: usize, _: usize| {});
    // Without words it forms no case, so that the log says nothing.
    commit(&store, 0, &[ticket(1, 100, &[])]).await;
    let mut kept = Updates::default();
    let days = |updated: Updated| (counts(&updated), updated.days);
    assert_eq!(days(kept.update(&store, &rules, &quiet).await.unwrap()), ([0, 0, 0], 1));
    assert_eq!(days(kept.update(&store, &rules, &quiet).await.unwrap()), ([0, 0, 0], 0));
    // By other rules it has to be, and so it has for whoever knows nothing.
    let others = CaseRules { window_days: 3, ..CaseRules::default() };
    assert_eq!(days(kept.update(&store, &others, &quiet).await.unwrap()), ([0, 0, 0], 1));
    assert_eq!(days(update_cases(&store, &rules, &quiet).await.unwrap()), ([0, 0, 0], 1));
}

#[tokio::test]
async fn what_people_say_of_a_report_is_followed() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let (rules, quiet) = (CaseRules::default(), |_: usize, _: usize| {});
    commit(&store, 0, &[ticket(1, 100, LOGIN)]).await;
    let of = store.locate(&record(1), None).await.unwrap().remove(0);
    let (praise, withdrawn) = (Said::Kind(FeedbackKind::Praise), Said::Withdrawn(Field::Kind));
    let by_jo = |said| Correcting { of: &of, said, by: "jo", note: None, at: Timestamp(101 * DAY) };
    store.correct(&by_jo(&praise)).await.unwrap();
    let mut kept = Updates::default();
    assert_eq!(counts(&kept.update(&store, &rules, &quiet).await.unwrap()), [0, 0, 0]);
    store.correct(&by_jo(&withdrawn)).await.unwrap();
    assert_eq!(counts(&kept.update(&store, &rules, &quiet).await.unwrap()), [1, 0, 0]);
    let updated = update_cases(&store, &rules, &quiet).await.unwrap();
    assert_eq!((counts(&updated), updated.days), ([0, 0, 0], 0), "the log tells that it was looked at");
}

#[tokio::test]
async fn what_the_facts_still_have_of_somebody_erased_comes_to_no_case() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    store.erase("a_1", &EraseOptions::default()).await.unwrap();
    commit(&store, 0, &[ticket(1, 100, LOGIN), ticket(2, 101, LOGIN)]).await;
    let updated = update_cases(&store, &CaseRules::default(), &|_, _| {}).await.unwrap();
    assert_eq!(counts(&updated), [1, 0, 0]);
    let all = events(&store).await;
    let of: Vec<&str> = all.iter().map(|event| event.record.as_ref().unwrap().record_id.as_str()).collect();
    assert_eq!(of, [record(2)]);
}

#[tokio::test]
async fn only_what_something_happened_to_is_told_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let (rules, quiet) = (CaseRules::default(), |_: usize, _: usize| {});
    let mut kept = Updates::default();
    commit(&store, 0, &[ticket(1, 100, LOGIN), ticket(2, 100, EXPORT)]).await;
    kept.update(&store, &rules, &quiet).await.unwrap();
    assert_eq!(kept.changed(&store).await.unwrap().len(), 2);
    kept.told();
    assert!(kept.changed(&store).await.unwrap().is_empty());

    // Somebody else does something.
    let case = kept.book.case_of(&record(1)).unwrap().to_owned();
    step(&store, &case, Step::Acknowledged, "jane", Timestamp(101 * DAY)).await.unwrap();
    kept.update(&store, &rules, &quiet).await.unwrap();
    let changed = kept.changed(&store).await.unwrap();
    assert_eq!(changed.iter().map(|known| known.case.id.as_str()).collect::<Vec<_>>(), [case.as_str()]);
    // Whom it could not be told to hears of it the next time.
    commit(&store, 2, &[ticket(3, 101, EXPORT)]).await;
    kept.update(&store, &rules, &quiet).await.unwrap();
    assert_eq!(kept.changed(&store).await.unwrap().len(), 2);
    kept.told();
    // After an erasure nobody can tell what changed.
    store.erase("a_2", &EraseOptions::default()).await.unwrap();
    kept.update(&store, &rules, &quiet).await.unwrap();
    assert_eq!(kept.changed(&store).await.unwrap().len(), 2);
}
