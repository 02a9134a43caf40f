//! Webhooks that bring several events at once, split into one payload each.

use crate::raw::{array, follow};
use crate::vendor::Vendor;
use serde_json::value::RawValue;

/// The events of a delivery that lists several, each a payload for [`crate::translate`]. `None` where the delivery is one
/// payload itself, as nearly all are, and where it lists more than `most`.
#[must_use]
pub fn events(vendor: Vendor, delivery: &[u8], most: usize) -> Option<Vec<&[u8]>> {
    // All others send each event by itself.
    let Vendor::Trustpilot = vendor else { return None };
    let delivery = serde_json::from_slice::<&RawValue>(delivery).ok()?;
    let listed = array(follow(delivery, &["events"])?, most)?;
    let events = || listed.iter().map(|event| event.get().as_bytes()).collect();
    (2..=most).contains(&listed.len()).then(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 3;

    fn split(vendor: Vendor, delivery: &str) -> Option<Vec<&str>> {
        let events = events(vendor, delivery.as_bytes(), MOST)?;
        Some(events.into_iter().map(|event| std::str::from_utf8(event).unwrap()).collect())
    }

    #[test]
    fn several_events_are_a_payload_each() {
        let delivery = " {\"version\": 1, \"events\": [{\"n\": [1]} , 2,\n \"3\"]}\n";
        assert_eq!(split(Vendor::Trustpilot, delivery), Some(vec!["{\"n\": [1]}", "2", "\"3\""]));
        assert_eq!(split(Vendor::Intercom, delivery), None, "it sends no lists");
    }

    #[test]
    fn whatever_else_is_one_payload() {
        for delivery in [
            "{\"events\": [{}]}",
            "{\"events\": []}",
            "{\"events\": {}}",
            "{\"id\": 1}",
            "[{}, {}]",
            "{\"events\": [1, 2",
            "",
        ] {
            assert_eq!(split(Vendor::Trustpilot, delivery), None, "{delivery}");
        }
        assert_eq!(split(Vendor::Trustpilot, "{\"events\": [1, 2, 3, 4]}"), None, "more than may be");
    }
}
