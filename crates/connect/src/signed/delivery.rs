//! The ids that vendors give their events.

use crate::vendor::Vendor;
use serde::Deserialize;

/// Longer ones are no ids.
const LONGEST: usize = 200;

/// What a body says of itself. Only strings: a number is the id of something else.
#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    event_id: Field,
    #[serde(default)]
    id: Field,
    #[serde(default, rename = "type")]
    kind: Field,
}

/// A string; anything else is passed over.
#[derive(Default)]
struct Field(Option<String>);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(Self(value.as_str().map(str::to_owned)))
    }
}

/// The vendor's id of the event, which is another one for each event and the same where a delivery is tried again. Never from
/// a header: those are not signed.
pub(super) fn id(vendor: Vendor, body: &[u8]) -> Option<String> {
    if !matches!(
        vendor,
        Vendor::Typeform | Vendor::SurveyMonkey | Vendor::Nps | Vendor::Zendesk | Vendor::Intercom
    ) {
        return None;
    }
    let Event { event_id, id, kind } = serde_json::from_slice(body).ok()?;
    let kind = kind.0.unwrap_or_default();
    let id = match vendor {
        Vendor::Typeform | Vendor::SurveyMonkey | Vendor::Nps => event_id.0,
        // What users make up by themselves has the ticket's id there, in each of its deliveries.
        Vendor::Zendesk => id.0.filter(|_| kind.starts_with("zen:event-type:")),
        Vendor::Intercom => id.0.filter(|_| kind == "notification_event"),
        _ => None,
    };
    id.filter(|id| (1..=LONGEST).contains(&id.len()))
}
