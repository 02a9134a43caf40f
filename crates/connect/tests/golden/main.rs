//! Golden files: payloads in the shape that each vendor documents, of invented content, and what becomes of each.
//!
//! The payload `<vendor>/<name>.json` has its outcome beside it, `<name>.snap`: the event and what our contracts read in it, the
//! reason why it is ignored, or the refusal. What is polled is split first, and so are lists of what is otherwise posted one by
//! one (`export_<name>.json`) and deliveries of several events.

mod files;
mod hostile;

use connect::{Setting, Translated, Vendor, Way, elements, events, translate};
use feedback::decode::{Decoded, Decoder};
use feedback::event::Headers;
use feedback::kind::Registry;
use feedback::limits::Limits;
use feedback::record::{Change, Item};
use feedback::refusal::Refusal;
use feedback::time::Timestamp;
use files::Payload;
use std::fmt::Write as _;

/// After every payload here: 2026-12-01T00:00:00Z.
const NOW: Timestamp = Timestamp(1_796_083_200_000_000);

#[test]
fn every_payload_becomes_what_its_snapshot_says() {
    for vendor in Vendor::ALL {
        let payloads = files::of(*vendor);
        assert!(!payloads.is_empty(), "no golden files of {vendor}");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(files::folder(*vendor));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for payload in &payloads {
                insta::assert_snapshot!(payload.name.as_str(), outcomes(*vendor, payload));
            }
        });
    }
}

/// Each snapshot still has its payload.
#[test]
fn no_snapshot_is_left_over() {
    for vendor in Vendor::ALL {
        let names: Vec<String> = files::of(*vendor).into_iter().map(|payload| payload.name).collect();
        for snapshot in files::names(*vendor, "snap") {
            assert!(names.contains(&snapshot), "{vendor}/{snapshot}.snap has no payload");
        }
    }
}

fn outcomes(vendor: Vendor, payload: &Payload) -> String {
    let mut shown = String::new();
    if vendor.way() == Way::Hook && !payload.name.starts_with("export") {
        let Some(events) = events(vendor, &payload.bytes, usize::MAX) else {
            return outcome(vendor, &payload.bytes);
        };
        for (at, event) in events.into_iter().enumerate() {
            writeln!(shown, "event {}: {}\n", at + 1, outcome(vendor, event)).unwrap();
        }
        return shown;
    }
    match elements(vendor, &payload.bytes, usize::MAX) {
        Ok(elements) => {
            for element in elements {
                let outcome = outcome(vendor, element.payload);
                writeln!(shown, "{}: {outcome}\n", element.place).unwrap();
            }
        }
        Err(refusal) => writeln!(shown, "refused whole: {refusal}").unwrap(),
    }
    shown
}

/// Twice the same, whatever it is.
fn outcome(vendor: Vendor, payload: &[u8]) -> String {
    let setting = setting(vendor);
    let translated = translate(vendor, payload, &setting);
    assert_eq!(translated, translate(vendor, payload, &setting));
    match translated {
        Ok(Translated::Ignored(reason)) => format!("ignored: {}", reason.as_str()),
        Err(refusal) => format!("refused: {refusal}"),
        Ok(Translated::Event(event)) => {
            let value: serde_json::Value = serde_json::from_slice(&event).unwrap();
            let read = decode(&event).unwrap_or_else(|refusal| panic!("not sound: {refusal} {value:#}"));
            format!("event\n{value:#}\n{read}")
        }
    }
}

fn setting(vendor: Vendor) -> Setting<'static> {
    Setting { source: vendor.as_str(), kind: vendor.kind(), product: None }
}

/// What our contracts read in an event.
fn decode(event: &[u8]) -> Result<String, Refusal> {
    let decoder = Decoder::new(Registry::default(), Limits::default());
    Ok(match decoder.decode(event, Headers::default(), NOW)? {
        Decoded::Ignored(reason) => format!("read as ignored: {}", reason.as_str()),
        Decoded::Item(item) => read(&item),
    })
}

fn read(item: &Item<'_>) -> String {
    let records = match &item.change {
        Change::Delete if item.version == Item::FINAL_VERSION => {
            return "read as deleted for good".to_owned();
        }
        Change::Delete => return "read as deleted for now".to_owned(),
        Change::Upsert(records) => records,
    };
    let mut shown = format!("read as {} of version {}", records.len(), item.version);
    for record in records {
        let score = record.score.map(|score| {
            format!(" {} {} of {} to {}", score.kind().as_str(), score.value(), score.min(), score.max())
        });
        let score = score.unwrap_or_default();
        let agents = record.agent_text.as_ref().map(|text| format!(" beside {text:?}")).unwrap_or_default();
        write!(shown, "\n- {:?}{score} {:?}{agents}", record.part, record.body).unwrap();
    }
    shown
}
