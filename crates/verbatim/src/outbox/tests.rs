use super::*;
use crate::config;
use deliver::outbox::Policy;
use deliver::send::{Channel, Parcel, Receipt};
use deliver::{Block, Drained, Quote, SendError, State};
use std::sync::Mutex as Plain;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::{EraseOptions, Mark, StoreOptions};

const TARGETS: &str = "[[target]]\nname = \"a\"\nkind = \"kafka\"\ntopic = \"t\"\ndeadline = \"1h\"\n\
                       [[target]]\nname = \"b\"\nkind = \"kafka\"\ntopic = \"t\"\n";

async fn store(dir: &tempfile::TempDir) -> Store {
    Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap()
}

fn targets() -> Targets {
    Targets::parse("deliver.toml", TARGETS).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_datetime(Utc::now())
}

fn quoted(record: &str, author: &str) -> Quoted {
    Quoted { record_id: record.to_owned(), author: Some(author.to_owned()), author_alias: None }
}

fn note(id: &str) -> Note {
    Note { id: id.to_owned(), title: format!("About {id}"), ..Note::test(now()) }
}

async fn queue(store: &Store, id: &str) {
    let queued = enqueue(store, &targets(), &["a".to_owned()], &note(id), &[], None).await.unwrap();
    assert_eq!(queued, 1);
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp(at.0 + seconds * 1_000_000)
}

/// Hears everything, and does what it is told.
#[derive(Clone, Default)]
struct Ear {
    heard: Arc<Plain<Vec<(String, String)>>>,
    refuses: bool,
}

#[async_trait]
impl Channel for Ear {
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let heard = (parcel.key.as_str().to_owned(), parcel.note.title.clone());
        self.heard.lock().unwrap().push(heard);
        // Others get a turn, as with a real receiver.
        tokio::task::yield_now().await;
        if self.refuses {
            let (host, said) = ("h".to_owned(), "no".to_owned());
            return Err(SendError::Refused { host, status: 400, said });
        }
        Ok(Receipt { reference: Some("VOC-7".to_owned()) })
    }
}

fn process(store: &Store, ear: &Ear, clock: &Arc<AtomicI64>) -> Runner {
    let clock = Arc::clone(clock);
    Runner::new(Arc::new(StoreOutbox::new(store.clone())), Arc::default())
        .with("a", Box::new(ear.clone()), 2, Duration::from_secs(1))
        .steered(
            Policy::default(),
            Arc::new(move || Timestamp(clock.load(Ordering::Relaxed))),
            Arc::new(|| 0.5),
        )
}

#[tokio::test]
async fn a_note_is_queued_once_for_each_target_that_there_is() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let names = ["b", "a", "nobody", "a"].map(str::to_owned);
    assert_eq!(enqueue(&store, &targets(), &names, &note("n"), &[], None).await.unwrap(), 2);
    assert_eq!(enqueue(&store, &targets(), &names, &note("n"), &[], None).await.unwrap(), 2);
    assert_eq!(enqueue(&store, &targets(), &[], &note("n"), &[], None).await.unwrap(), 0);
    let entries = StoreOutbox::new(store).entries().await.unwrap();
    let of = entries.iter().map(|entry| (entry.target.as_str(), entry.key.clone()));
    assert_eq!(of.collect::<Vec<_>>(), [("a", Key::of("n", "a")), ("b", Key::of("n", "b"))]);
    let lasts = |entry: &Entry| (entry.deadline.0 - entry.queued.0) / 1_000_000;
    assert_eq!([lasts(&entries[0]), lasts(&entries[1])], [3600, 86_400], "as each target has it");
}

#[tokio::test]
async fn what_was_delivered_stays_so_in_every_process() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    queue(&store, "n").await;
    let (ear, clock) = (Ear::default(), Arc::new(AtomicI64::new(later(now(), 1).0)));
    let done = Drained { delivered: 1, ..Drained::default() };
    assert_eq!(process(&store, &ear, &clock).drain().await.unwrap(), done);
    assert_eq!(process(&store, &ear, &clock).drain().await.unwrap(), Drained::default());
    assert_eq!(ear.heard.lock().unwrap().len(), 1);
    let outbox = StoreOutbox::new(store);
    let entry = outbox.entries().await.unwrap().remove(0);
    assert!(matches!(entry.state, State::Delivered { .. }) && entry.attempts == 1, "{entry:?}");
    assert_eq!(outbox.reference("a", "").await.unwrap().as_deref(), Some("VOC-7"));
}

#[tokio::test]
async fn of_two_processes_one_makes_the_attempt() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    for number in 0..6 {
        queue(&store, &format!("n{number}")).await;
    }
    let (ear, clock) = (Ear::default(), Arc::new(AtomicI64::new(later(now(), 1).0)));
    let (one, other) = (process(&store, &ear, &clock), process(&store, &ear, &clock));
    let (one, other) = tokio::join!(one.drain(), other.drain());
    assert_eq!(one.unwrap().delivered + other.unwrap().delivered, 6);
    let heard = ear.heard.lock().unwrap();
    let keys: BTreeSet<&String> = heard.iter().map(|(key, _)| key).collect();
    assert_eq!((heard.len(), keys.len()), (6, 6), "{heard:?}");
}

#[tokio::test]
async fn an_attempt_on_what_others_have_taken_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    queue(&store, "n").await;
    let (one, other) = (StoreOutbox::new(store.clone()), StoreOutbox::new(store.clone()));
    let at = later(now(), 1);
    let entry = one.due(at, 9).await.unwrap().remove(0);
    assert_eq!(other.due(at, 9).await.unwrap().len(), 1);
    // Something else that happens does not stand in the way.
    queue(&store, "another").await;
    one.append(&entry.begin(at, Duration::from_secs(30))).await.unwrap();
    let error = other.append(&entry.begin(at, Duration::from_secs(30))).await.unwrap_err();
    assert!(matches!(error, OutboxError::Taken { .. }), "{error}");
    // A process that was killed meanwhile has no say for ever.
    assert_eq!(other.due(later(at, 29), 9).await.unwrap().len(), 1, "only the other one");
    let due = other.due(later(at, 30), 9).await.unwrap();
    let cut_off = due.iter().find(|due| due.key == entry.key).unwrap();
    other.append(&cut_off.begin(later(at, 30), Duration::from_secs(30))).await.unwrap();
}

#[tokio::test]
async fn what_failed_waits_for_somebody_who_wants_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    queue(&store, "n").await;
    let clock = Arc::new(AtomicI64::new(later(now(), 1).0));
    let deaf = Ear { refuses: true, ..Ear::default() };
    let failed = Drained { failed: 1, ..Drained::default() };
    assert_eq!(process(&store, &deaf, &clock).drain().await.unwrap(), failed);
    assert_eq!(process(&store, &deaf, &clock).drain().await.unwrap(), Drained::default());
    let outbox = StoreOutbox::new(store.clone());
    let entry = outbox.entries().await.unwrap().remove(0);
    assert_eq!(entry.why.as_deref(), Some("h refused it with 400: no"));
    let at = Timestamp(clock.load(Ordering::Relaxed));
    outbox.append(&entry.requeue(at, Duration::from_secs(60)).unwrap()).await.unwrap();
    let ear = Ear::default();
    let done = Drained { delivered: 1, ..Drained::default() };
    assert_eq!(process(&store, &ear, &clock).drain().await.unwrap(), done);
    let keys = [&deaf, &ear].map(|ear| ear.heard.lock().unwrap()[0].0.clone());
    assert_eq!(keys[0], keys[1], "a receiver that took it after all takes it once");
}

#[tokio::test]
async fn an_erased_author_is_neither_quoted_nor_spoken_of() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let quote =
        |record: &str| Quote { text: format!("words of {record}"), record: record.into(), link: None };
    let quotes = vec![quote("r1"), quote("r2")];
    let digest = Note { blocks: vec![Block::Quotes { quotes }], ..note("digest") };
    let (jane, joe) = (quoted("r1", "a_jane"), quoted("r2", "a_joe"));
    let to = ["a".to_owned()];
    let people = [jane.clone(), joe.clone()];
    enqueue(&store, &targets(), &to, &digest, &people, None).await.unwrap();
    enqueue(&store, &targets(), &to, &note("hers"), &[], Some(&jane)).await.unwrap();
    let outbox = StoreOutbox::new(store.clone());
    let at = later(now(), 1);
    let due = outbox.due(at, 9).await.unwrap();
    assert_eq!(due.len(), 2);

    store.erase("a_jane", &EraseOptions::default()).await.unwrap();
    let hers = due.iter().find(|entry| entry.note.id == "hers").unwrap();
    let error = outbox.append(&hers.begin(at, Duration::from_secs(30))).await.unwrap_err();
    assert!(matches!(error, OutboxError::Taken { .. }), "{error}");
    let left = outbox.due(at, 9).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].note.blocks, [Block::Quotes { quotes: vec![quote("r2")] }]);
    // Whoever is queued after it is left out at once.
    enqueue(&store, &targets(), &to, &note("later"), &[], Some(&jane)).await.unwrap();
    assert_eq!(outbox.entries().await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_row_of_a_delivery_about_a_record_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let jane = quoted("r1", "a_jane");
    enqueue(&store, &targets(), &["a".to_owned()], &note("n"), &[], Some(&jane)).await.unwrap();
    let (ear, clock) = (Ear::default(), Arc::new(AtomicI64::new(later(now(), 1).0)));
    process(&store, &ear, &clock).drain().await.unwrap();
    let rows = store.tail::<DeliveryEvent>(Mark::default()).await.unwrap().events;
    let steps: Vec<&str> = rows.iter().map(|row| row.step.as_str()).collect();
    assert_eq!(steps, ["queued", "sending", "delivered"]);
    assert!(rows.iter().all(|row| row.record.as_ref() == Some(&jane) && row.target.as_deref() == Some("a")));
    let report = store.erase("a_jane", &EraseOptions::default()).await.unwrap();
    assert!(store.tail::<DeliveryEvent>(Mark::default()).await.unwrap().events.is_empty());
    assert_eq!(report.logs.delivered.len(), 1, "it is told that it had left");
}

/// The reasons why what waits or failed has not been delivered, by target.
async fn reasons(store: &Store) -> Vec<(String, String)> {
    let entries = StoreOutbox::new(store.clone()).entries().await.unwrap();
    let told = entries.into_iter().filter_map(|entry| Some((entry.target, entry.why?)));
    told.collect()
}

#[tokio::test]
async fn a_target_that_cannot_be_opened_keeps_no_other_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let note = note("n");
    enqueue(&store, &targets(), &["a".to_owned(), "b".to_owned()], &note, &[], None).await.unwrap();
    let variables = [("VERBATIM__STORE__PATH".to_owned(), dir.path().to_string_lossy().into_owned())];
    let loaded = config::assemble(None, variables.into_iter()).unwrap();
    let shut = "[[target]]\nname = \"a\"\nkind = \"slack\"\nurl = \"env:VERBATIM_TEST_NOT_SET\"\n";
    let shut = Targets::parse("deliver.toml", shut).unwrap();
    let (ear, time) = (Ear::default(), Arc::new(AtomicI64::new(later(now(), 1).0)));
    let clock = Arc::clone(&time);
    let outbox = Arc::new(StoreOutbox::new(store.clone()));
    let runner = runner(&Context { loaded, json: false }, outbox, &shut, Arc::default())
        .with("b", Box::new(ear.clone()), 2, Duration::from_secs(1))
        .steered(
            Policy::default(),
            Arc::new(move || Timestamp(clock.load(Ordering::Relaxed))),
            Arc::new(|| 0.5),
        );
    let done = Drained { delivered: 1, waiting: 1, failed: 0 };
    assert_eq!(runner.drain().await.unwrap(), done);
    assert_eq!(ear.heard.lock().unwrap().len(), 1);
    let says = "target a: url cannot be read: the variable VERBATIM_TEST_NOT_SET is not set";
    let told = reasons(&store).await;
    assert!(told.len() == 1 && told[0].0 == "a" && told[0].1.starts_with(says), "{told:?}");
    // Its deadline is an hour.
    time.store(later(now(), 3_700).0, Ordering::Relaxed);
    assert_eq!(runner.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
    let told = reasons(&store).await;
    let given_up = format!("given up at its deadline: one attempt was made; at last: {says}");
    assert!(told[0].1.starts_with(&given_up), "{told:?}");
}

#[tokio::test]
async fn what_waits_for_an_owner_ends_visibly_when_the_rules_lose_them() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir).await;
    let mail = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
                from = \"v@example.com\"\ndeadline = \"1h\"\nowners = true\n";
    let with = Targets::parse("deliver.toml", mail).unwrap();
    let with = with.with_owners([("customer success", "cs@example.com")]);
    // The target itself has nobody.
    let names = ["mail", "mail/customer success", "mail/nobody"].map(str::to_owned);
    assert_eq!(enqueue(&store, &with, &names, &note("n"), &[], None).await.unwrap(), 1);
    let entry = StoreOutbox::new(store.clone()).entries().await.unwrap().remove(0);
    assert_eq!(entry.key, Key::of("n", "mail/customer success"));
    let (ear, clock) = (Ear::default(), Arc::new(AtomicI64::new(later(now(), 1).0)));
    let waiting = Drained { waiting: 1, ..Drained::default() };
    assert_eq!(process(&store, &ear, &clock).drain().await.unwrap(), waiting);
    let gone = "there is no target mail/customer success in the settings any more";
    assert_eq!(reasons(&store).await, [("mail/customer success".to_owned(), gone.to_owned())]);
    clock.store(later(now(), 3_700).0, Ordering::Relaxed);
    let failed = Drained { failed: 1, ..Drained::default() };
    assert_eq!(process(&store, &ear, &clock).drain().await.unwrap(), failed);
    assert!(reasons(&store).await[0].1.ends_with(gone));
    assert!(ear.heard.lock().unwrap().is_empty());
}
