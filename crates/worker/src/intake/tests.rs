use super::*;
use analyze::pseudonym::PseudonymKey;
use analyze::taxonomy::Taxonomy;
use analyze::{Analyzer, Options};
use feedback::decode::Decoder;
use feedback::kind::Registry;
use feedback::limits::Limits;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use store::{DeadLetterFilter, EraseOptions, Ledger, StoreOptions};
use tokio::task::JoinSet;

struct Stage {
    intake: StoreIntake,
    store: Store,
    metrics: Arc<WorkerMetrics>,
    processor: Arc<Processor>,
}

pub(super) fn processor(metrics: &Arc<WorkerMetrics>) -> Arc<Processor> {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8)).unwrap();
    let decoder = Decoder::new(Registry::default(), Limits::default());
    Arc::new(Processor::new(decoder, analyzer, key, metrics.clone()))
}

async fn start(dir: &Path) -> Stage {
    let store = Store::open(dir.to_str().unwrap(), StoreOptions::default()).await.unwrap();
    let metrics = Arc::new(WorkerMetrics::new());
    let processor = processor(&metrics);
    let options = IntakeOptions { threads: Some(1), ..IntakeOptions::default() };
    let intake = StoreIntake::start(&options, store.clone(), processor.clone(), metrics.clone()).unwrap();
    Stage { intake, store, metrics, processor }
}

fn event(id: &str, score: u32, author: &str) -> Arrival {
    let event = format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"hooks","type":"feedback.nps.created","time":"2026-05-04T10:00:00Z","data":{{"id":"{id}","score":{score},"author":{{"id":"{author}"}}}}}}"#
    );
    Arrival { payload: event.into(), vendor: None }
}

pub(super) fn sound(number: usize) -> Arrival {
    event(&format!("e{number}"), (number % 11) as u32, "ann")
}

fn broken() -> Arrival {
    event("broken", 99, "ann")
}

async fn positions(store: &Store) -> Vec<(i32, i64)> {
    let letters = store.dead_letter_rows(&DeadLetterFilter::default()).await.unwrap();
    assert!(letters.iter().all(|letter| &*letter.position.topic == TOPIC));
    letters.iter().map(|letter| (letter.position.partition, letter.position.offset)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_share_few_commits_and_each_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let Stage { intake, store, metrics, .. } = start(dir.path()).await;
    let intake = Arc::new(intake);
    let mut callers = JoinSet::new();
    for number in 0..200 {
        let intake = Arc::clone(&intake);
        callers.spawn(async move { intake.accept(vec![sound(number)]).await });
    }
    callers.join_all().await.into_iter().for_each(Result::unwrap);
    assert_eq!(store.ledger().await.unwrap(), Ledger { facts: 200, ..Ledger::default() });
    let commits = metrics.commits.load(Ordering::Relaxed);
    assert!(commits < 50, "{commits}");
    // One call is one commit, as long as it fits.
    intake.accept((200..400).map(sound).collect()).await.unwrap();
    assert_eq!(metrics.commits.load(Ordering::Relaxed), commits + 1);
    // Sent again it is the same.
    intake.accept((0..400).map(sound).collect()).await.unwrap();
    assert_eq!(store.ledger().await.unwrap(), Ledger { facts: 400, duplicates: 400, ..Ledger::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_dead_letter_at_its_position() {
    let dir = tempfile::tempdir().unwrap();
    let Stage { intake, store, .. } = start(dir.path()).await;
    intake.accept(vec![sound(0), broken(), sound(1), broken()]).await.unwrap();
    let ledger = Ledger { facts: 2, dead_letters: 2, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), ledger);
    assert_eq!(BTreeSet::from_iter(positions(&store).await), BTreeSet::from([(1, 1), (1, 3)]));
    intake.accept(Vec::new()).await.unwrap();
    intake.close().await;
    assert!(matches!(intake.accept(vec![sound(2)]).await, Err(IntakeError::Closed)));

    // The next process counts anew, and takes nothing of the one before away.
    let next = start(dir.path()).await;
    next.intake.accept(vec![broken(), sound(2)]).await.unwrap();
    let ledger = Ledger { facts: 3, dead_letters: 3, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), ledger);
    assert!(positions(&store).await.contains(&(2, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_at_once_lose_and_double_nothing() {
    const EACH: usize = 60;
    let dir = tempfile::tempdir().unwrap();
    let stages = [start(dir.path()).await, start(dir.path()).await];
    let intakes = stages.each_ref().map(|stage| &stage.intake);
    let send = async |which: usize| {
        for number in 0..EACH / 3 {
            let id = (which * EACH) + number * 3;
            intakes[which].accept(vec![sound(id), broken(), sound(id + 1)]).await.unwrap();
        }
    };
    tokio::join!(send(0), send(1));
    let store = &stages[0].store;
    let (facts, letters) = (EACH as u64 * 2 * 2 / 3, EACH as u64 * 2 / 3);
    let ledger = Ledger { facts, dead_letters: letters, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), ledger);
    let positions = BTreeSet::from_iter(positions(store).await);
    assert_eq!(positions.len() as u64, letters, "each has its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_meanwhile_is_heeded_and_loses_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let Stage { intake, store, processor, .. } = start(dir.path()).await;
    let name = processor.key().author("hooks", Some("ann"), None).unwrap().name;
    let all = |from: usize| {
        (from..from + 20).map(|n| event(&format!("e{n}"), 5, if n % 2 == 0 { "ann" } else { "bob" }))
    };
    let send = async {
        for from in (0..200).step_by(20) {
            intake.accept(all(from).collect()).await.unwrap();
        }
    };
    let erase = async { store.erase(name.as_str(), &EraseOptions::default()).await.unwrap() };
    let ((), _) = tokio::join!(send, erase);
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger, Ledger { facts: 100, erased: 100, ..Ledger::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_finished_on_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let Stage { intake, store, .. } = start(dir.path()).await;
    let intake = Arc::new(intake);
    let caller = tokio::spawn({
        let intake = Arc::clone(&intake);
        async move { intake.accept((0..50).map(sound).collect()).await }
    });
    while intake.door.inside() == 0 && !caller.is_finished() {
        tokio::task::yield_now().await;
    }
    // It was handed in just before the door was seen, or it is told that it came too late.
    intake.close().await;
    let facts = match caller.await.unwrap() {
        Ok(()) => 50,
        Err(error) => {
            assert!(matches!(error, IntakeError::Closed), "{error:?}");
            0
        }
    };
    assert_eq!(store.ledger().await.unwrap().facts, facts);
    assert_eq!(intake.door.inside(), 0);
}

#[test]
fn a_message_of_a_vendor_says_how_it_is_to_be_read() {
    let mut format = VendorFormat::of(connect::Vendor::Zendesk);
    let headers: feedback::event::Headers<'_> = format.headers().into_iter().collect();
    assert_eq!(headers.vendor().unwrap().format, Some(&b"zendesk"[..]));
    assert_eq!(headers.vendor().unwrap().product, None);
    format.product = Some("Atlas".to_owned());
    let headers: feedback::event::Headers<'_> = format.headers().into_iter().collect();
    let told = headers.vendor().unwrap();
    assert_eq!((told.source, told.product), (Some(&b"zendesk"[..]), Some(&b"Atlas"[..])));
}
