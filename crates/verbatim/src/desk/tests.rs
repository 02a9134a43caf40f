use super::*;
use crate::alerting::journal::{row, tests::fired};
use crate::cases::update_cases;
use crate::config;
use crate::outbox::{StoreOutbox, enqueue};
use deliver::outbox::What;
use deliver::{Event, Note, Outbox as _};
use feedback::ids::Id;
use feedback::judgement::{FeedbackKind, KindJudgement};
use insight::cases::CaseRules;
use server::desk::{AlertState, CaseState, CasesIn, DeliveryState, DeskError};
use store::{Batch, FactColumns, FactRow, TriageFact};

const DAY: i64 = 86_400_000_000;
const LOGIN: &[i8] = &[127, 0];
const EXPORT: &[i8] = &[0, 127];

const TARGETS: &str = "[[target]]\nname = \"crm\"\nkind = \"kafka\"\ntopic = \"t\"\n";

struct Office {
    _dir: tempfile::TempDir,
    context: Context,
    store: Store,
    live: Live,
    rooms: Rooms,
}

async fn office() -> Office {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    std::fs::write(at("deliver.toml"), TARGETS).unwrap();
    let variables = [
        ("VERBATIM__STORE__PATH".to_owned(), at("tables")),
        ("VERBATIM__DELIVER__FILE".to_owned(), at("deliver.toml")),
    ];
    let loaded = config::assemble(None, variables.into_iter()).unwrap();
    let context = Context { loaded, json: false };
    let store = context.store().await.unwrap();
    let live = Live::new(store.clone(), 1_000);
    let rooms = fresh(&context, &store, &live);
    Office { _dir: dir, context, store, live, rooms }
}

/// Rooms that know nothing yet.
fn fresh(context: &Context, store: &Store, live: &Live) -> Rooms {
    let alerting = Alerting::new(context, None).unwrap();
    Rooms::new(context, store, &Logs::new(store), live, &alerting).unwrap()
}

fn record(number: u32) -> String {
    Id(number.into()).to_string()
}

/// Tickets of a day, each of its author `a_NUMBER` and decided on, as one commit.
async fn commit(store: &Store, day: i64, tickets: &[(u32, &'static [i8])]) {
    let mut facts = FactColumns::new();
    for (number, vector) in tickets {
        let (native_id, author) = (number.to_string(), format!("a_{number}"));
        let kind = KindJudgement { label: FeedbackKind::Bug, confidence: 0.9 };
        let decision = TriageFact {
            rule: "any",
            owner: "identity",
            priority: "P2",
            queue: "identity",
            confidence: "high",
            unsure: None,
            reason: "any",
            spans: &[],
            labels: &[],
            actions: &[],
            rules: "1:0",
            at: Timestamp(day * DAY + 5),
        };
        facts.push(&FactRow {
            record_id: Id((*number).into()),
            item_id: Id((*number).into()),
            source_kind: "ticket",
            source: "desk",
            native_id: &native_id,
            version: 1,
            occurred_at: Timestamp(day * DAY),
            ingested_at: Timestamp(day * DAY + 2),
            author: Some(author.as_str()),
            body: Some("it lost all of my work"),
            kind: Some(kind),
            embedding: vector,
            vector: Some("v1"),
            triage: Some(decision),
            position_topic: "t",
            position_offset: i64::from(*number),
            ..FactRow::default()
        });
    }
    let (facts, suppressions) = (facts.encode().unwrap(), store.suppressions().await.unwrap());
    store.commit(&Batch { facts, suppressions, ..Batch::default() }).await.unwrap();
    update_cases(store, &CaseRules::default(), &|_, _| {}).await.unwrap();
}

#[tokio::test]
async fn where_there_is_no_case_the_list_is_empty() {
    let none = office().await.rooms.cases(&CasesFilter::default(), &Page::default()).await.unwrap();
    assert_eq!((none.total, none.next), (0, None));
}

#[tokio::test]
async fn cases_are_listed_by_their_people_and_called_by_their_words() {
    let office = office().await;
    // Before anybody asks: what was made is shown for a while, however the tables move on.
    commit(&office.store, 20_514, &[(1, LOGIN), (2, LOGIN), (3, EXPORT)]).await;
    office.rooms.warm().await;
    let listed = office.rooms.cases(&CasesFilter::default(), &Page::default()).await.unwrap();
    let shown: Vec<(Option<u64>, Option<&str>)> =
        listed.items.iter().map(|case| (case.people_at_least, case.title.as_deref())).collect();
    assert_eq!(shown, [(Some(2), Some("it lost all of my work")), (Some(1), Some("it lost all of my work"))]);
    let first = &listed.items[0];
    assert_eq!((first.priority, first.owner.as_str()), (Some("P2"), "identity"));
    let whole = office.rooms.case(&first.id[..8]).await.unwrap();
    let records: Vec<&str> = whole.reports.iter().map(|report| report.record.as_str()).collect();
    assert_eq!(records, [record(2), record(1)]);
    assert_eq!((whole.case.title.as_deref(), whole.case.reach), (first.title.as_deref(), first.reach));
    assert_eq!(office.rooms.case_of(&record(1)).await.unwrap().as_ref(), Some(&first.id));
    let filter = office.rooms.of_cases(Filter::default().case(&first.id[..8])).await.unwrap();
    assert_eq!(filter.of_cases.unwrap().members.len(), 2);
    assert!(matches!(office.rooms.case("zz").await, Err(DeskError::NotFound(_))));
}

#[tokio::test]
async fn before_a_case_is_counted_it_tells_when_it_was_reported() {
    let office = office().await;
    commit(&office.store, 20_514, &[(1, LOGIN)]).await;
    let rooms = &office.rooms;
    // Whoever counts has no turn yet.
    let turn = Arc::clone(&rooms.0.turn).acquire_owned().await.unwrap();
    let listed = rooms.cases(&CasesFilter::default(), &Page::default()).await.unwrap();
    let last = Some(server::desk::At(Timestamp(20_514 * DAY)));
    assert_eq!((listed.items[0].reach, listed.items[0].last_reported_at), (None, last));
    assert!(
        listed.items[0].life.last_at > server::desk::At(Timestamp(20_514 * DAY)),
        "it was opened when that was stored"
    );
    drop(turn);
    rooms.warm().await;
    let counted = rooms.cases(&CasesFilter::default(), &Page::default()).await.unwrap();
    assert!(counted.items[0].reach.is_some_and(|reach| reach.last_seen == last));
    assert_eq!(counted.items[0].last_reported_at, last);
}

#[tokio::test]
async fn whoever_resolves_a_case_waits_for_the_turn_to_read_all_facts() {
    let Office { _dir, store, rooms, .. } = office().await;
    commit(&store, 20_514, &[(1, LOGIN)]).await;
    let id = rooms.cases(&CasesFilter::default(), &Page::default()).await.unwrap().items[0].id.clone();
    let turn = Arc::clone(&rooms.0.turn).acquire_owned().await.unwrap();
    let asked = rooms.clone();
    let resolving = tokio::spawn(async move { asked.take_step(&id, CaseStep::Resolve, "jane").await });
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert!(!resolving.is_finished());
    drop(turn);
    assert_eq!(resolving.await.unwrap().unwrap().state, CaseState::Resolved);
}

#[tokio::test]
async fn cases_are_told_from_memory_as_from_the_tables() {
    let office = office().await;
    commit(&office.store, 20_514, &[(1, LOGIN), (2, LOGIN), (3, EXPORT)]).await;
    commit(&office.store, 20_516, &[(4, LOGIN)]).await;
    let (tables, memory) = (&office.rooms, fresh(&office.context, &office.store, &office.live));
    tables.warm().await;
    let (all, first) = (CasesFilter::default(), Page::default());
    let read = tables.cases(&all, &first).await.unwrap();
    let mut whole = Vec::new();
    for case in &read.items {
        whole.push(tables.case(&case.id).await.unwrap());
    }
    office.live.catch_up().await.unwrap();
    let now = memory.0.stamp(0).await.unwrap();
    assert_eq!(memory.0.records.shelf(&now).unwrap().records(), 4);
    memory.warm().await;
    assert_eq!(memory.cases(&all, &first).await.unwrap(), read);
    let figures = memory.0.counted_cases(LONG).await.unwrap().unwrap();
    assert_eq!(figures.facts, memory.0.records.all(&now).unwrap().version().unwrap());
    for case in whole {
        assert_eq!(memory.case(&case.case.id).await.unwrap(), case);
    }
}

#[tokio::test]
async fn what_is_counted_in_memory_is_what_is_counted_of_the_tables() {
    let office = office().await;
    let cases = &office.rooms.0.cases;
    commit(&office.store, 20_514, &[(1, LOGIN), (2, LOGIN), (3, EXPORT)]).await;
    commit(&office.store, 20_516, &[(4, LOGIN)]).await;
    cases.follow().await.unwrap();
    office.live.catch_up().await.unwrap();
    // The author of the third one is gone, and of its case nothing is left.
    office.store.erase("a_3", &store::EraseOptions::default()).await.unwrap();
    office.live.catch_up().await.unwrap();
    let read = figures::count(&office.store, cases).await.unwrap();
    let held = figures::count_held(office.live.shelf(), cases).await.unwrap();
    let ids: Vec<Id> = cases.book().cases.values().filter_map(|case| case.number()).collect();
    assert_eq!(ids.len(), 2);
    let reports = |case: &Id| held.of(*case).map(|figure| figure.reach.reports);
    assert_eq!(ids.iter().filter_map(reports).sum::<u64>(), 3);
    for case in ids {
        assert_eq!(held.of(case), read.of(case));
    }
}

#[tokio::test]
async fn what_people_do_to_a_case_shows_at_once() {
    let office = office().await;
    commit(&office.store, 20_514, &[(1, LOGIN), (2, LOGIN)]).await;
    let rooms = &office.rooms;
    rooms.warm().await;
    let id = rooms.cases(&CasesFilter::default(), &Page::default()).await.unwrap().items[0].id.clone();
    let taken = rooms.take_step(&id, CaseStep::Acknowledge, "jane").await.unwrap();
    assert_eq!(
        (taken.before, taken.state, taken.by.as_str()),
        (CaseState::Open, CaseState::Acknowledged, "jane")
    );
    assert!(taken.tell.is_none());
    let again = rooms.take_step(&id, CaseStep::Acknowledge, "joe").await;
    assert!(matches!(again, Err(DeskError::Conflict(why)) if why.contains("acknowledged already")));
    let step = |step| rooms.find(Thing::Case(step), &id);
    assert!(matches!(step(CaseStep::Acknowledge).await, Err(DeskError::Conflict(_))), "before it is noted");
    assert_eq!(step(CaseStep::Resolve).await.unwrap().detail, "was acknowledged");
    assert!(matches!(rooms.find(Thing::Assigned("nobody"), &id).await, Err(DeskError::Bad(_))));
    assert_eq!(rooms.find(Thing::Assigned("finance"), &id).await.unwrap().detail, "finance");
    let given = rooms.assign(&id, "finance", "jane").await.unwrap();
    assert_eq!(given.owner, "finance");
    assert!(matches!(rooms.assign(&id, "nobody", "jane").await, Err(DeskError::Bad(_))));
    let done = rooms.take_step(&id[..6], CaseStep::Resolve, "jane").await.unwrap();
    assert_eq!(done.tell.map(|tell| tell.len()), Some(2));
    assert_eq!(rooms.cases(&CasesFilter::default(), &Page::default()).await.unwrap().total, 0);
    let resolved = CasesFilter { state: CasesIn::Only(CaseState::Resolved), ..CasesFilter::default() };
    let listed = rooms.cases(&resolved, &Page::default()).await.unwrap();
    assert_eq!((listed.total, listed.items[0].owner.as_str()), (1, "finance"));
    let whole = rooms.case(&id).await.unwrap();
    let steps: Vec<&str> = whole.steps.iter().map(|step| step.step).collect();
    assert_eq!((steps, whole.assigned.len()), (vec!["opened", "acknowledged", "resolved"], 1));
    assert!(whole.steps[0].by_record && !whole.steps[1].by_record);
}

#[tokio::test]
async fn an_alert_is_shown_and_what_people_say_of_it_kept() {
    let office = office().await;
    let rooms = &office.rooms;
    let none = rooms.alerts(&AlertsFilter::default(), &Page::default()).await.unwrap();
    assert_eq!((none.list.total, none.firing, none.quiet_since, none.looked_to), (0, 0, None, None));
    let login = fired("login_access");
    office.store.append(&[row(&login).unwrap()], None).await.unwrap();
    let listed = rooms.alerts(&AlertsFilter::default(), &Page::default()).await.unwrap();
    let shown = &listed.list.items[0];
    assert_eq!((shown.state, shown.severity, shown.people), (AlertState::Firing, "P1", 60));
    assert!(shown.title.ends_with("more feedback than usual"), "{}", shown.title);
    let whole = rooms.alert(&login.id[..6], true).await.unwrap();
    assert!(whole.is_read && whole.summary.contains("84 records"), "{whole:?}");
    assert_eq!((whole.log[0].step, whole.log[0].people), ("fired", Some(60)));
    let taken = rooms.change_alert(&login.id, &AlertChange::Acknowledge, "jane").await.unwrap();
    assert_eq!(taken.alert.state, AlertState::Acknowledged);
    let again = rooms.change_alert(&login.id, &AlertChange::Acknowledge, "jane").await;
    assert!(matches!(again, Err(DeskError::Conflict(_))));
    for change in [AlertChange::Acknowledge, AlertChange::Unsilence] {
        let found = rooms.find(Thing::Alert(&change), &login.id).await;
        assert!(matches!(found, Err(DeskError::Conflict(_))), "before it is noted");
    }
    let silence = |until: Day| AlertChange::Silence { until: Some(until), reason: String::new() };
    let past = rooms.change_alert(&login.id, &silence(Day(0)), "jane").await;
    assert!(matches!(past, Err(DeskError::Bad(why)) if why.contains("1970-01-01")));
    let silenced = rooms.change_alert(&login.id, &silence(now().day()), "jane").await.unwrap();
    assert_eq!(silenced.alert.silenced.unwrap().reason, "silenced by jane");
    let useful = rooms.change_alert(&login.id, &AlertChange::Useful, "jane").await.unwrap();
    assert_eq!((useful.precision.useful, useful.alert.is_useful), (1, Some(true)));
}

#[tokio::test]
async fn what_failed_to_be_delivered_is_attempted_again() {
    let office = office().await;
    let targets = Receivers::parse("deliver.toml", TARGETS).unwrap();
    let note = Note::test(now());
    enqueue(&office.store, &targets, &["crm".to_owned()], &note, &[], None).await.unwrap();
    let rooms = &office.rooms;
    let listed = rooms.deliveries(&DeliveriesFilter::default(), &Page::default()).await.unwrap();
    let key = listed.items[0].key.clone();
    assert!(matches!(rooms.requeue(&key).await, Err(DeskError::Conflict(_))), "it waits");
    assert!(
        matches!(rooms.find(Thing::Delivery, &key).await, Err(DeskError::Conflict(_))),
        "and none is noted"
    );
    let outbox = StoreOutbox::new(office.store.clone());
    let failed = What::Failed { why: "no".to_owned() };
    let key_of = deliver::Key::parse(&key).unwrap();
    outbox.entries().await.unwrap();
    outbox.append(&Event { key: key_of, at: now(), what: failed }).await.unwrap();
    let again = rooms.requeue(&key[..8]).await.unwrap();
    assert_eq!((again.key.as_str(), again.target.as_str()), (key.as_str(), "crm"));
    let listed = rooms.deliveries(&DeliveriesFilter::default(), &Page::default()).await.unwrap();
    assert_eq!((listed.items[0].state, listed.total), (DeliveryState::Waiting, 1));
}

#[tokio::test]
async fn queues_are_counted_without_what_is_done() {
    let office = office().await;
    commit(&office.store, 20_514, &[(1, LOGIN), (2, EXPORT)]).await;
    let rooms = &office.rooms;
    let days = Period { from: Day(20_500), to: Day(20_520) };
    let load = rooms.triage(days).await.unwrap().expect("whoever asks waits");
    assert_eq!(
        (load.records, load.rows[0].owner.as_str(), load.rows[0].priorities),
        (2, "identity", [0, 2, 0, 0])
    );
    assert_eq!(rooms.targets(true).await.unwrap().unwrap().targets, [], "no goal is set");
    let owners: Vec<&str> = rooms.owners().iter().map(|owner| owner.name.as_str()).collect();
    assert!(owners.contains(&"identity") && owners.contains(&"finance"), "{owners:?}");
}
