//! CloudEvents 1.0 around a payload, structured or binary.

use crate::{calendar::rfc3339, event::Source, rng::Rng};
use feedback::time::Timestamp;
use serde_json::{Map, Value, json};

pub(crate) type Headers = Vec<(&'static str, String)>;

#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    pub id: String,
    pub source: &'static str,
    /// `feedback.<kind>.created` …
    pub kind: String,
    pub time: Timestamp,
    pub binary: bool,
}

impl Envelope {
    pub fn new(
        rng: &mut Rng,
        source: Source,
        uri: &'static str,
        action: &str,
        time: Timestamp,
        binary: bool,
    ) -> Self {
        let id = format!("{:016x}{:08x}", rng.next_u64(), rng.next_u64() as u32);
        Self { id, source: uri, kind: format!("feedback.{}.{action}", source.kind()), time, binary }
    }

    /// The headers and the payload.
    pub fn wrap(&self, data: &Map<String, Value>) -> (Headers, Vec<u8>) {
        if self.binary {
            let headers = vec![
                ("ce_specversion", "1.0".to_owned()),
                ("ce_id", self.id.clone()),
                ("ce_source", self.source.to_owned()),
                ("ce_type", self.kind.clone()),
                ("ce_time", rfc3339(self.time)),
                ("content-type", "application/json".to_owned()),
            ];
            return (headers, bytes(&json!(data)));
        }
        let event = json!({
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.kind,
            "time": rfc3339(self.time),
            "datacontenttype": "application/json",
            "data": data,
        });
        (Vec::new(), bytes(&event))
    }
}

pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
