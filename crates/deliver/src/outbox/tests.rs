use super::*;
use crate::note::Note;
use std::time::Duration;

const START: Timestamp = Timestamp(1_764_230_400_000_000);

fn at(seconds: i64) -> Timestamp {
    Timestamp(START.0 + seconds * 1_000_000)
}

fn note(id: &str, group: &str) -> Note {
    Note { id: id.into(), group: group.into(), ..Note::test(START) }
}

fn queued(id: &str, group: &str, target: &str) -> Event {
    Event::queue(note(id, group), target, START, Duration::from_secs(60))
}

fn entry(events: &[Event]) -> Entry {
    let mut entries = fold(events);
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

fn retry(why: &str) -> Outcome {
    Outcome::Retry { after: None, why: why.into() }
}

#[test]
fn a_key_follows_from_note_and_target() {
    let key = Key::of("alert-7", "slack");
    assert_eq!(Key::of("alert-7", "slack"), key);
    assert_ne!(Key::of("alert-7", "teams"), key);
    assert_eq!(Key::parse(key.as_str()), Some(key));
    for bad in ["", "xyz", "ABCDEF0123456789ABCDEF0123456789"] {
        assert_eq!(Key::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_delivery_moves_from_queued_to_delivered() {
    let policy = Policy::default();
    let mut events = vec![queued("a", "", "t")];
    assert!(entry(&events).is_due(START));
    events.push(entry(&events).begin(START, Duration::from_secs(30)));
    assert_eq!(entry(&events).state, State::Sending { until: at(30) });
    assert!(!entry(&events).is_due(at(29)));
    events.push(policy.settle(&entry(&events), &retry("it answered 503"), at(1), 0.5));
    let waiting = entry(&events);
    assert_eq!((waiting.state, waiting.attempts), (State::Queued { next: at(2) }, 1));
    assert_eq!(waiting.why.as_deref(), Some("it answered 503"));
    events.push(waiting.begin(at(2), Duration::from_secs(30)));
    let outcome = Outcome::Delivered { reference: Some("VOC-1".into()) };
    events.push(policy.settle(&entry(&events), &outcome, at(3), 0.5));
    let done = entry(&events);
    assert_eq!((done.state, done.attempts, done.why.as_deref()), (State::Delivered { at: at(3) }, 2, None));
    assert_eq!(reference([&done], "t", ""), Some("VOC-1"));
}

#[test]
fn what_was_cut_off_is_attempted_again_once_its_time_is_over() {
    let mut events = vec![queued("a", "", "t")];
    events.push(entry(&events).begin(START, Duration::from_secs(30)));
    // The process ends here. The next one sees the same.
    assert!(!entry(&events).is_due(at(29)));
    assert!(entry(&events).is_due(at(30)));
    events.push(entry(&events).begin(at(30), Duration::from_secs(30)));
    assert_eq!(entry(&events).attempts, 2);
}

#[test]
fn a_deadline_ends_it_and_says_why() {
    let policy = Policy { base: Duration::from_secs(8), cap: Duration::from_secs(8) };
    let mut events = vec![queued("a", "", "t")];
    let never = entry(&events).begin(at(61), Duration::from_secs(30));
    assert_eq!(never.what, What::Failed { why: "given up at its deadline: nobody attempted it".into() });
    events.push(entry(&events).begin(at(50), Duration::from_secs(30)));
    events.push(policy.settle(&entry(&events), &retry("h did not answer within 5 s"), at(55), 1.0));
    let given_up = entry(&events);
    assert_eq!(given_up.state, State::Failed { at: at(55) });
    let why = "given up at its deadline: one attempt was made; at last: h did not answer within 5 s";
    assert_eq!(given_up.why.as_deref(), Some(why));
    assert!(given_up.has_ended() && !given_up.is_due(at(1000)));
}

#[test]
fn what_a_receiver_asks_for_is_kept_even_where_it_is_too_long() {
    let policy = Policy::default();
    let started = entry(&[queued("a", "", "t"), entry(&[queued("a", "", "t")]).begin(START, Duration::ZERO)]);
    let settled = |seconds| {
        let outcome = Outcome::Retry { after: Some(Duration::from_secs(seconds)), why: "busy".into() };
        policy.settle(&started, &outcome, at(1), 0.0).what
    };
    assert_eq!(settled(30), What::Retried { next: at(31), why: "busy".into() });
    let why = "given up, for the receiver is to be left alone until 2025-11-27 09:00:01 UTC, which is after the deadline \
               at 2025-11-27 08:01:00 UTC: one attempt was made; at last: busy";
    assert_eq!(settled(3600), What::Failed { why: why.into() });
}

#[test]
fn who_has_it_is_remembered_whatever_comes_later() {
    let mut events = vec![queued("a", "", "t")];
    events.push(entry(&events).begin(START, Duration::from_secs(30)));
    let partly = |mark: &str, seconds| {
        let what = What::Partly { taken: vec![mark.to_owned()] };
        Event { key: Key::of("a", "t"), at: at(seconds), what }
    };
    events.push(partly("one", 1));
    let begun = entry(&events);
    assert_eq!((begun.state, begun.taken.join(" ")), (State::Sending { until: at(30) }, "one".to_owned()));
    events.push(Policy::default().settle(&begun, &Outcome::Failed { why: "no".into() }, at(2), 0.5));
    // Noted late, by a process that was slow.
    events.push(partly("two", 3));
    let failed = entry(&events);
    assert_eq!((failed.state, failed.taken.len()), (State::Failed { at: at(2) }, 2));
    events.push(failed.requeue(at(100), Duration::from_secs(60)).unwrap());
    let again = entry(&events);
    assert_eq!((again.state, again.taken.len()), (State::Queued { next: at(100) }, 2));
}

#[test]
fn an_end_stays_an_end_but_for_what_was_delivered() {
    let failed = Event { key: Key::of("a", "t"), at: at(1), what: What::Failed { why: "no".into() } };
    let sending = Event { what: What::Sending { until: at(9) }, at: at(2), ..failed.clone() };
    let delivered = Event { what: What::Delivered { reference: None }, at: at(3), ..failed.clone() };
    let queue = queued("a", "", "t");
    let states = |events: &[&Event]| fold(events.iter().copied())[0].state;
    assert_eq!(states(&[&queue, &failed, &sending]), State::Failed { at: at(1) });
    assert_eq!(states(&[&queue, &failed, &delivered]), State::Delivered { at: at(3) });
    assert_eq!(states(&[&queue, &delivered, &failed, &queue]), State::Delivered { at: at(3) });
    assert!(fold([&failed]).is_empty(), "it was never queued");
}

#[test]
fn what_failed_can_be_queued_again_under_its_key() {
    let mut events = vec![queued("a", "", "t")];
    assert_eq!(entry(&events).requeue(START, Duration::from_secs(60)), None, "it is on its way");
    events.push(entry(&events).begin(at(61), Duration::from_secs(30)));
    let failed = entry(&events);
    assert_eq!(failed.state, State::Failed { at: at(61) });
    events.push(failed.requeue(at(100), Duration::from_secs(60)).unwrap());
    let again = entry(&events);
    assert_eq!((again.state, again.deadline), (State::Queued { next: at(100) }, at(160)));
    assert_eq!((&again.key, again.queued), (&failed.key, START));
    assert_eq!((again.attempts, again.why.as_deref()), (0, None));
    events.push(again.begin(at(100), Duration::from_secs(30)));
    let delivered = Event { key: again.key, at: at(101), what: What::Delivered { reference: None } };
    // Asked for once more meanwhile, and again when it was there: neither changes anything.
    let once_more = Event { at: at(100), what: What::Requeued { deadline: at(999) }, ..delivered.clone() };
    events.extend([once_more.clone(), delivered, once_more]);
    assert_eq!(entry(&events).state, State::Delivered { at: at(101) });
    assert_eq!(entry(&events).deadline, at(160));
}

#[test]
fn within_a_group_the_first_comes_first_and_nobody_else_waits() {
    let mut events = vec![
        queued("a", "g", "t"),
        queued("b", "g", "t"),
        queued("c", "g", "u"),
        queued("d", "", "t"),
        queued("e", "", "t"),
    ];
    let ids = |events: &[Event], seconds, most| -> Vec<String> {
        let entries = fold(events);
        due(&entries, at(seconds), most).into_iter().map(|entry| entry.note.id.clone()).collect()
    };
    assert_eq!(ids(&events, 0, 10), ["a", "c", "d", "e"]);
    assert_eq!(ids(&events, 0, 2), ["a", "c", "d"], "two of each target");
    // The first waits, and so does what follows it.
    let first = fold(&events).remove(0);
    events.push(first.begin(START, Duration::from_secs(30)));
    assert_eq!(ids(&events, 1, 10), ["c", "d", "e"]);
    events.push(Event { key: first.key, at: at(2), what: What::Delivered { reference: None } });
    assert_eq!(ids(&events, 2, 10), ["b", "c", "d", "e"]);
}

#[test]
fn events_are_read_back_as_they_were_written() {
    let mut events = vec![queued("a", "g", "t")];
    events.push(entry(&events).begin(START, Duration::from_secs(1)));
    events.push(Policy::default().settle(&entry(&events), &retry("x"), at(1), 0.0));
    let ends = [What::Failed { why: "x".into() }, What::Delivered { reference: Some("VOC-1".into()) }];
    let ends = ends
        .into_iter()
        .chain([What::Requeued { deadline: at(9) }, What::Partly { taken: vec!["mark".into()] }]);
    let key = events[0].key.clone();
    events.extend(ends.map(|what| Event { key: key.clone(), at: at(2), what }));
    for event in events {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    }
}

#[tokio::test]
async fn two_processes_cannot_begin_the_same_attempt() {
    let memory = Memory::new();
    memory.append(&queued("a", "", "t")).await.unwrap();
    let entry = memory.due(START, 1).await.unwrap().remove(0);
    memory.append(&entry.begin(START, Duration::from_secs(30))).await.unwrap();
    let second = memory.append(&entry.begin(at(1), Duration::from_secs(30))).await;
    assert!(matches!(second, Err(OutboxError::Taken { .. })));
    assert!(memory.append(&entry.begin(at(31), Duration::from_secs(30))).await.is_ok());
}
