//! What holds between a request and the moment when it is durable.

use super::*;
use std::time::Duration;
use tokio::task::JoinHandle;

fn begin(gateway: &Gateway, body: String) -> JoinHandle<Result<Receipt, Trouble>> {
    let gateway = gateway.clone();
    tokio::spawn(async move { gateway.events(&HeaderMap::new(), body.into(), NOW).await })
}

#[tokio::test]
async fn nothing_is_answered_before_it_is_durable() {
    let memory = Memory::shut();
    let gateway = gateway(&memory);
    let request = begin(&gateway, event("a", 9));
    memory.has_begun().await;
    assert!(!request.is_finished() && memory.taken().is_empty());
    memory.let_pass(1);
    assert_eq!(request.await.unwrap().unwrap().accepted, 1);
    assert_eq!(memory.keys(), ["a"]);
}

#[tokio::test]
async fn where_the_intake_refuses_nothing_is_taken_and_the_next_try_is_as_good() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    for (refusal, code) in [(busy as fn() -> IntakeError, "over_capacity"), (away, "unavailable")] {
        memory.refuse(Some(refusal));
        let refused = gateway.events(&HeaderMap::new(), event("a", 9).into(), NOW).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    assert_eq!((memory.taken().len(), gateway.waiting()), (0, 0));
    memory.refuse(None);
    let taken = gateway.events(&HeaderMap::new(), event("a", 9).into(), NOW).await.unwrap();
    assert_eq!(taken.accepted, 1);
}

#[tokio::test]
async fn what_waits_is_bounded_over_all_requests() {
    let memory = Memory::shut();
    let one = event("a", 9);
    let limits = Limits { waiting: 2 * one.len(), ..Limits::default() };
    let gateway = with_limits(&memory, limits);
    let mut requests = Vec::new();
    for _ in 0..2 {
        requests.push(begin(&gateway, one.clone()));
        memory.has_begun().await;
    }
    assert_eq!(gateway.waiting(), 2 * one.len(), "it is held until it is durable");
    let over = begin(&gateway, one.clone()).await.unwrap();
    assert!(matches!(over, Err(Trouble::OverCapacity { .. })));
    memory.let_pass(2);
    for request in requests {
        request.await.unwrap().unwrap();
    }
    assert_eq!((gateway.waiting(), memory.taken().len()), (0, 2));
}

#[tokio::test]
async fn whoever_goes_away_leaves_nothing_half_done() {
    let memory = Memory::shut();
    let gateway = gateway(&memory);
    let request = begin(&gateway, event("a", 9));
    memory.has_begun().await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    assert!(gateway.waiting() > 0, "it is still held");
    memory.let_pass(1);
    // The room of the first comes back when its call ends; a second call begins after that one has passed the gate.
    let request = begin(&gateway, event("b", 9));
    memory.has_begun().await;
    memory.let_pass(1);
    request.await.unwrap().unwrap();
    assert_eq!(memory.keys(), ["a", "b"]);
    assert_eq!(gateway.waiting(), 0);
}

#[tokio::test]
async fn what_is_not_durable_in_time_may_not_be_counted_on() {
    let memory = Memory::shut();
    let gateway = with_limits(&memory, Limits { time: Duration::ZERO, ..Limits::default() });
    let late = gateway.events(&HeaderMap::new(), event("a", 9).into(), NOW).await;
    assert!(matches!(late, Err(Trouble::NotInTime)));
    assert!(memory.taken().is_empty());
}

#[tokio::test]
async fn no_more_is_looked_at_at_once_than_there_are_cores() {
    let gateway = gateway(&Memory::new());
    let looks = Arc::clone(&gateway.0.looks);
    let cores = u32::try_from(looks.available_permits()).unwrap();
    let all = looks.acquire_many(cores).await.unwrap();
    let past = tokio::time::Instant::now();
    let late = gateway.beside(usize::MAX, past, |_| ()).await;
    assert!(matches!(late, Err(Trouble::NotInTime)));
    gateway.beside(MOMENT, past, |_| ()).await.unwrap();
    drop(all);
    gateway.beside(usize::MAX, gateway.deadline(), |_| ()).await.unwrap();
    assert_eq!(looks.available_permits(), cores as usize, "each turn is given back");
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_itself_and_takes_nothing_with_it() {
    let memory = Memory::new();
    let gateway = gateway(&memory);
    let large =
        event("b", 8).replace("\"score\"", &format!("\"text\":\"{}\",\"score\"", "so slow ".repeat(200)));
    memory.takes(1_000);
    let body = format!("[{}, {}, {large}, {}]", event("d", 11), event("a", 9), event("c", 7));
    let receipt = gateway.events(&HeaderMap::new(), body.into(), NOW).await.unwrap();
    assert_eq!(statuses(&receipt), ["refused", "accepted", "refused", "accepted"]);
    assert_eq!((receipt.accepted, receipt.refused), (2, 2));
    let told = &receipt.items[2].outcome;
    assert_eq!(told.reason, Some("too_large"));
    assert!(told.detail.as_ref().unwrap().contains("max.message.bytes"), "{told:?}");
    assert_eq!(memory.keys(), ["a", "c"]);
    // Alone it is refused as anything is that is always wrong.
    let receipt = gateway.events(&HeaderMap::new(), large.into(), NOW).await.unwrap();
    assert_eq!((receipt.accepted, receipt.refused, gateway.waiting()), (0, 1, 0));
    let counted = gateway.counters();
    let unread = "verbatim_gateway_unread_items_total{reason=\"too_large\"}";
    assert!(counted.contains(&(unread.to_owned(), 2)), "{counted:?}");
}
