use super::*;
use std::collections::HashMap;

/// 2026-03-02T09:30:00Z
const NOW: Timestamp = Timestamp(1_772_443_800_000_000);

struct Delivery {
    vendor: Vendor,
    secret: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: &'static str,
    /// The event's, where it has one.
    id: Option<&'static str>,
}

impl Delivery {
    fn check(&self) -> Result<Signed, Unsigned> {
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        check_raw(self.vendor, self.secret, &headers, self.body.as_bytes(), NOW)
    }
}

fn check_raw(
    vendor: Vendor,
    secret: &str,
    headers: &[(&str, &[u8])],
    body: &[u8],
    now: Timestamp,
) -> Result<Signed, Unsigned> {
    let headers: HashMap<String, &[u8]> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), *value)).collect();
    let find = |name: &str| headers.get(&name.to_lowercase()).copied();
    check(vendor, &Secret::new(secret).unwrap(), find, body, now)
}

/// One of each vendor. The signatures were computed apart, with Python's `hmac`:
/// `base64.b64encode(hmac.new(secret, body, "sha256").digest())` or `hmac.new(secret, body, "sha256").hexdigest()`, with
/// `"sha1"` for SurveyMonkey (secret `b"client-77&sm-secret"`), Help Scout and Intercom, and with
/// `b"2026-03-02T09:30:00Z" + body` for Zendesk and `b"1772443800." + body` for the NPS with a time.
fn deliveries() -> Vec<Delivery> {
    let of = |vendor, secret, headers: &[(&'static str, &'static str)], body, id| Delivery {
        vendor,
        secret,
        headers: headers.to_vec(),
        body,
        id,
    };
    let monkey = r#"{"event_type":"response_deleted","event_id":"9182"}"#;
    let monkey_signed = [("Sm-Apikey", "client-77"), ("Sm-Signature", "XMPs8N1yU3hMB6UQSlWBeCU5sYE=")];
    let nps = r#"{"score":9}"#;
    let nps_signed = "sha256=e8ec0229908ccf2d7dc1af1bf2265ff5290fddc54334ffe54404ee85894f0201";
    let nps_bare = "e8ec0229908ccf2d7dc1af1bf2265ff5290fddc54334ffe54404ee85894f0201";
    let nps_timed = "2190ab4ce1cca3302165042cd9bea9f7254418127af27fff02f9e0696600d4ba";
    vec![
        of(
            Vendor::Typeform,
            "tf-secret",
            &[("Typeform-Signature", "sha256=IPwK8wATX/Hltl15u4Vx3g8xZv8hKvlUXsgOtBZoTU8=")],
            r#"{"event_id":"01K","event_type":"form_response"}"#,
            Some("01K"),
        ),
        of(Vendor::SurveyMonkey, "sm-secret", &monkey_signed, monkey, Some("9182")),
        of(Vendor::SurveyMonkey, "client-77&sm-secret", &monkey_signed[1..], monkey, Some("9182")),
        of(
            Vendor::HelpScout,
            "hs-secret",
            &[("X-HelpScout-Signature", "BzQhyAvNZwCylrS0oyX4LABithM=")],
            r#"{"id":123}"#,
            None,
        ),
        of(
            Vendor::Zendesk,
            "zd-secret",
            &[
                ("X-Zendesk-Webhook-Signature", "9MGVSs19yodSfP+NWe1QF5I6uH3Mxm3DgbMqwVfhR1o="),
                ("X-Zendesk-Webhook-Signature-Timestamp", "2026-03-02T09:30:00Z"),
            ],
            r#"{"type":"zen:event-type:ticket.created","id":"01Z"}"#,
            Some("01Z"),
        ),
        of(
            Vendor::Intercom,
            "ic-secret",
            &[("X-Hub-Signature", "sha1=f28bcd8b6d4565679556a2fdcd593d5984b1455e")],
            r#"{"type":"notification_event","id":"notif_1"}"#,
            Some("notif_1"),
        ),
        of(Vendor::Nps, "nps-secret", &[("X-Signature", nps_signed)], nps, None),
        of(Vendor::Nps, "nps-secret", &[("X-Signature-256", nps_bare)], nps, None),
        of(Vendor::Nps, "nps-secret", &[("X-Hub-Signature-256", nps_signed)], nps, None),
        of(Vendor::Nps, "nps-secret", &[("X-Delighted-Webhook-Signature", nps_signed)], nps, None),
        of(
            Vendor::Nps,
            "nps-secret",
            &[("X-Signature", nps_timed), ("X-Signature-Timestamp", "1772443800")],
            nps,
            None,
        ),
    ]
}

#[test]
fn what_a_vendor_signed_is_known() {
    for delivery in deliveries() {
        let signed = delivery.check().unwrap();
        assert_eq!(signed.id.as_deref(), delivery.id, "{}", delivery.vendor);
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    for delivery in deliveries() {
        let headers: Vec<(&str, Vec<u8>)> =
            delivery.headers.iter().map(|(name, value)| (*name, value.as_bytes().to_vec())).collect();
        let check = |headers: &[(&str, Vec<u8>)], body: &[u8]| {
            let headers: Vec<(&str, &[u8])> =
                headers.iter().map(|(name, value)| (*name, value.as_slice())).collect();
            check_raw(delivery.vendor, delivery.secret, &headers, body, NOW)
        };
        for (at, flip) in (0..delivery.body.len()).flat_map(|at| [1, 0x20, 0x80].map(|flip| (at, flip))) {
            let mut body = delivery.body.as_bytes().to_vec();
            body[at] ^= flip;
            assert_eq!(check(&headers, &body), Err(Unsigned::Wrong), "{} body {at}", delivery.vendor);
        }
        for header in 0..headers.len() {
            for at in 0..headers[header].1.len() {
                let mut headers = headers.clone();
                headers[header].1[at] ^= 1;
                assert_eq!(
                    check(&headers, delivery.body.as_bytes()),
                    Err(Unsigned::Wrong),
                    "{}",
                    delivery.vendor
                );
            }
            let mut longer = headers.clone();
            longer[header].1.extend(b"00");
            assert_eq!(check(&longer, delivery.body.as_bytes()), Err(Unsigned::Wrong), "{}", delivery.vendor);
            let mut shorter = headers.clone();
            shorter[header].1.pop();
            assert_eq!(
                check(&shorter, delivery.body.as_bytes()),
                Err(Unsigned::Wrong),
                "{}",
                delivery.vendor
            );
        }
        let body = [delivery.body.as_bytes(), b" "].concat();
        assert_eq!(check(&headers, &body), Err(Unsigned::Wrong), "{}", delivery.vendor);
    }
}

#[test]
fn another_secret_is_wrong() {
    for mut delivery in deliveries() {
        delivery.secret = "client-77&other";
        assert_eq!(delivery.check(), Err(Unsigned::Wrong), "{}", delivery.vendor);
    }
}

#[test]
fn a_header_that_lacks_is_told() {
    for delivery in deliveries() {
        assert_eq!(
            Delivery { headers: Vec::new(), ..delivery }.check(),
            Err(Unsigned::Missing),
            "nothing is signed"
        );
    }
    for mut delivery in deliveries() {
        // A time that belongs to a signature is not just left out.
        if delivery.headers.len() < 2 {
            continue;
        }
        delivery.headers.retain(|(name, _)| name.ends_with("ignature"));
        assert!(matches!(delivery.check(), Err(Unsigned::Missing | Unsigned::Wrong)), "{}", delivery.vendor);
    }
}

#[test]
fn a_time_must_be_now() {
    let timed = |delivery: &Delivery| delivery.headers.iter().any(|(name, _)| name.ends_with("Timestamp"));
    let window = i64::from(WINDOW_SECONDS) * 1_000_000;
    for delivery in deliveries().iter().filter(|delivery| timed(delivery)) {
        let headers: Vec<(&str, &[u8])> =
            delivery.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let at = |now: i64| {
            let now = Timestamp(now);
            check_raw(delivery.vendor, delivery.secret, &headers, delivery.body.as_bytes(), now)
        };
        for now in [NOW.0 - window, NOW.0, NOW.0 + window] {
            assert!(at(now).is_ok(), "{}", delivery.vendor);
        }
        for now in [NOW.0 - window - 1, NOW.0 + window + 1, 0, i64::MIN, i64::MAX] {
            assert_eq!(at(now), Err(Unsigned::Stale), "{}", delivery.vendor);
        }
    }
}

#[test]
fn who_signs_is_told_by_a_header() {
    for vendor in Vendor::ALL {
        let signs = deliveries().iter().any(|delivery| delivery.vendor == *vendor);
        assert_eq!(header(*vendor).is_some(), signs, "{vendor}");
        if !signs {
            let found = check_raw(*vendor, "secret", &[("X-Signature", b"00")], b"{}", NOW);
            assert_eq!(found, Err(Unsigned::NotSigned), "{vendor}");
        }
    }
}

#[test]
fn only_the_id_of_an_event_tells_a_delivery() {
    let id = |vendor, body: &str| delivery::id(vendor, body.as_bytes());
    // Of a trigger of the user's own making: each update of the ticket has it.
    assert_eq!(id(Vendor::Zendesk, r#"{"id":"35436","subject":"x"}"#), None);
    assert_eq!(id(Vendor::Intercom, r#"{"type":"conversation","id":"147"}"#), None);
    assert_eq!(id(Vendor::Nps, r#"{"id":"5","event_id":"e-1"}"#).as_deref(), Some("e-1"));
    assert_eq!(id(Vendor::Nps, r#"{"event_id":7}"#), None);
    assert_eq!(id(Vendor::Typeform, &format!(r#"{{"event_id":"{}"}}"#, "x".repeat(201))), None);
    assert_eq!(id(Vendor::Typeform, "[1]"), None);
    assert_eq!(id(Vendor::Typeform, "no json"), None);
}

#[test]
fn a_secret_never_shows_itself() {
    let secret = Secret::new(" hunter2 ").unwrap();
    assert_eq!(format!("{secret:?}"), "***");
    assert_eq!(&*secret.0, b"hunter2");
    assert!(Secret::new("\n").is_none());
}
