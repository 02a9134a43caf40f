//! Events whose content follows from their number.

use serde_json::json;

pub const TOPIC: &str = "feedback.nps";
/// Every so many-th message is broken.
const BROKEN: u64 = 50;

/// A broken one gives no fact, but a dead letter.
pub fn is_broken(number: u64) -> bool {
    number % BROKEN == BROKEN - 1
}

pub fn score(number: u64) -> u64 {
    number % 11
}

pub fn text(number: u64) -> String {
    format!("The export took {} minutes on attempt {number}, and then the page was blank.", number % 60)
}

pub fn payload(number: u64) -> Vec<u8> {
    if is_broken(number) {
        return format!("{{\"specversion\":\"1.0\",\"id\":\"{number}\",").into_bytes();
    }
    let event = json!({
        "specversion": "1.0",
        "id": format!("e{number}"),
        "source": "matrix",
        "type": "feedback.nps.created",
        "time": "2026-05-04T10:00:00Z",
        "data": { "id": number.to_string(), "score": score(number), "text": text(number) },
    });
    event.to_string().into_bytes()
}

/// How many of the numbers below `count` are sound.
pub fn sound(count: u64) -> u64 {
    (0..count).filter(|number| !is_broken(*number)).count() as u64
}
