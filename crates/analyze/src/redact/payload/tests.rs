use super::*;
use crate::pseudonym::Pseudonym;
use proptest::prelude::*;
use serde_json::{Value, json};

fn key() -> PseudonymKey {
    PseudonymKey::from_bytes(std::array::from_fn(|i| i as u8)).unwrap()
}

fn redact(payload: &[u8]) -> RedactedPayload {
    Redactor.redact_payload(payload, None, &key())
}

fn event() -> Value {
    json!({
        "specversion": "1.0", "id": "evt-1", "source": "forms/7", "type": "feedback.nps.created",
        "time": "2026-03-05T10:15:00Z",
        "data": {
            "id": 100_234, "version": 3, "score": "eleven", "occurred_at": 1_772_700_000_000_u64,
            "author": {"id": "u-17", "email": "Jane.Doe@example.com", "name": "Jane Doe", "account": "acme",
                       "segment": "pro", "revenue": 49_900.5, "address": {"street": "Elm St", "no": 7}},
            "text": "Call me, jane, on +49 151 23456789. Jane Doe",
            "metadata": {"card": 4_111_111_111_111_111_u64, "paid": 4_111_111_111_111_111_u64, "jane.doe@example.com": true,
                         "note": "amFuZS5kb2VAZXhhbXBsZS5jb20=", "contactPhone": "n/a", "empty": "", "none": null}
        }
    })
}

#[test]
fn json_keeps_what_a_second_attempt_needs() {
    let redacted = redact(event().to_string().as_bytes());
    let author = key().author("forms/7", Some("u-17"), Some("jane.doe@example.com")).unwrap();
    assert_eq!(redacted.author, Some(author));
    assert!(!redacted.truncated);
    let value: Value = serde_json::from_str(&redacted.text).unwrap();
    let expected = json!({
        "specversion": "1.0", "id": "evt-1", "source": "forms/7", "type": "feedback.nps.created",
        "time": "2026-03-05T10:15:00Z",
        "data": {
            "id": 100_234, "version": 3, "score": "eleven", "occurred_at": 1_772_700_000_000_u64,
            "author": {"id": author.name.as_str(), "email": "[email]", "name": "[name]", "account": "acme",
                       "segment": "pro", "revenue": 49_900.5, "address": {"street": "[name]", "no": "[name]"}},
            "text": "Call me, [name], on [phone]. [name]",
            "metadata": {"card": "[card]", "paid": "[card]", "[email]": true, "note": "[token]",
                         "contactPhone": "[phone]", "empty": "", "none": null}
        }
    });
    assert_eq!(value, expected);
    assert!(redacted.counts.total() >= 9);
}

#[test]
fn labels_and_products_are_nobody() {
    let event = json!({ "data": {
        "tags": ["Dr. Thren", "a@b.co"], "Company": "Dr. Thren Baking", "notes": ["Dr. Thren called"],
        "text": "Hi Larchdeck, Larchdeck crashes. Dear Wyxbar, help", "metadata": {"Brand": "Larchdeck"},
    }});
    let value: Value = serde_json::from_str(&redact(event.to_string().as_bytes()).text).unwrap();
    let expected = json!({ "data": {
        "tags": ["Dr. Thren", "[email]"], "Company": "Dr. Thren Baking", "notes": ["Dr. [name] called"],
        "text": "Hi Larchdeck, Larchdeck crashes. Dear [name], help", "metadata": {"Brand": "Larchdeck"},
    }});
    assert_eq!(value, expected);
}

#[test]
fn what_was_redacted_gives_the_same_again() {
    let once = redact(event().to_string().as_bytes());
    let twice = redact(once.text.as_bytes());
    assert_eq!((&twice.text, name(&twice)), (&once.text, name(&once)));
    let value: Value = serde_json::from_str(&once.text).unwrap();
    let author = &value["data"]["author"];
    let again = key().author("forms/7", author["id"].as_str(), author["email"].as_str());
    assert_eq!(again.map(|author| author.name), name(&once));
}

/// An alias is not written, so a payload that is read again has none.
fn name(payload: &RedactedPayload) -> Option<Pseudonym> {
    payload.author.map(|author| author.name)
}

#[test]
fn identities_that_are_personal_become_pseudonyms() {
    let payload =
        json!({"id": "ticket-jane@example.com", "conversation_id": "+49 151 23456789", "author": {"id": 7}});
    let redacted = Redactor.redact_payload(payload.to_string().as_bytes(), Some("desk"), &key());
    let value: Value = serde_json::from_str(&redacted.text).unwrap();
    assert_eq!(value["id"], key().identifier("ticket-jane@example.com").as_str());
    assert_eq!(value["conversation_id"], key().identifier("+49 151 23456789").as_str());
    assert_eq!(redacted.author, key().author("desk", Some("7"), None));
}

#[test]
fn an_author_is_read_only_where_one_is_named() {
    let of = |payload: Value| redact(payload.to_string().as_bytes()).author;
    assert_eq!(of(json!({"source": "s", "data": {"id": "1"}})), None);
    assert_eq!(of(json!({"data": {"author": {"id": "7"}}})), None, "an id counts within a source");
    assert_eq!(of(json!(["jane@example.com"])), None);
    let global = key().author("", None, Some("jane@example.com"));
    assert_eq!(of(json!({"data": {"author": {"email": "jane@example.com"}}})), global);
    assert_eq!(of(json!({"email": "jane@example.com"})), global);
    assert_eq!(redact(br#"{"author": {"email": "jane@example.com", "na"#).author, global);
    let torn = |text: &str| redact(text.as_bytes()).author;
    let local = key().author("desk", Some("u-17"), None);
    assert_eq!(torn(r#"{"source": "desk", "data": {"author": {"id": "u-17", "na"#), local);
    assert_eq!(torn(r#"{"source": "desk", "data": {"id": "u-17", "na"#), None, "the item's id");
    assert_eq!(torn(r#"{"data": {"author": {"id": "u-17", "na"#), None);
    assert_eq!(
        torn(r#"{"source":"desk","data":{"author":{"id":"u-17","email":"jane@example.com"},"#),
        global
    );
}

/// Text that is no JSON, and pieces that must not be in what is kept.
const TORN: &[(&str, &[&str])] = &[
    (r#"{"data": {"author": {"name": "Jane Doe", "email": "jane@exam"#, &["Jane", "Doe", "jane", "exam"]),
    (r#"{"name": "Zo\u00eb", "text": "Zo"#, &["Zo\\u", "Zoë"]),
    (r#"{"text": "mail jane\u0040example.com please", "#, &["jane", "example.com"]),
    (r#"{"text": "ja\u006ee@example.com", "#, &["e@example", "example.com"]),
    (
        r#"{"body": "{\"email\": \"jane@example.com\", \"name\": \"Jane\"}", "x"#,
        &["jane", "Jane", "example.com"],
    ),
    (r#"{"user_name": "Jane", 'phone': '+49 151 23456789' "#, &["Jane", "151", "23456789"]),
    (r#"{"name":"Jane \"JD\" Doe","score":11"#, &["Jane", "JD", "Doe"]),
    ("name=Jane+Doe&email=jane%40example.com&score=9", &["Jane", "jane", "example.com"]),
    ("<name>Jane Doe</name><email>jane@example.com</email>", &["Jane", "jane", "example"]),
    ("name: Jane Doe\nphone: 12-34\nok", &["Jane", "12-34"]),
    ("{\"a\": \"jane%2540example.com 4111\u{200b}1111 1111 1111\"", &["jane", "1111"]),
    ("eyJlbWFpbCI6ImphbmVAZXhhbXBsZS5jb20ifQ==", &["eyJlbWFp"]),
    ("{\"x\": \"amFuZUBleGFtcGxlLmNvbQ\"", &["amFuZUBl"]),
    (
        r#"{"author": {"id": "kestrel-7", "no": 4711, "segment": "pro"}, "text": "kestrel-7 says", "#,
        &["kestrel", "4711"],
    ),
    (r#"{"text": "call\n0171 1234567\n4111111111111111", "#, &["1234567", "1111"]),
    (r#"{"email" : ["jane.doe@localhost"], "#, &["jane", "localhost"]),
];

#[test]
fn torn_text_keeps_nothing_personal() {
    for (text, gone) in TORN {
        let redacted = redact(text.as_bytes());
        for piece in *gone {
            assert!(!redacted.text.contains(piece), "{piece} in {} from {text}", redacted.text);
        }
        assert!(!redacted.counts.is_empty(), "{text}");
        assert_eq!(redact(redacted.text.as_bytes()).text, redacted.text, "again, from {text}");
    }
}

#[test]
fn bytes_that_are_no_text_hide_nothing() {
    let invalid = b"{\"text\": \"ja\xffne@exa\xfemple.com\"";
    assert!(!redact(invalid).text.contains("ne@"), "{}", redact(invalid).text);
    let utf16: Vec<u8> = "mail jane@example.com".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = redact(&utf16).text.replace('\0', "");
    assert_eq!(text, "mail [email]");
}

#[test]
fn nested_and_repeated_json_is_survived() {
    let deep = format!("{}\"jane@example.com\"{}", "[".repeat(5000), "]".repeat(5000));
    assert!(!redact(deep.as_bytes()).text.contains("jane"));
    let twice = r#"{"email": "a@b.co", "email": "jane@example.com", "text": "a@b.co"}"#;
    assert_eq!(redact(twice.as_bytes()).text, r#"{"email":"[email]","text":"[email]"}"#);
    let keys = r#"{"a@b.co": 1, "c@d.co": 2}"#;
    assert_eq!(redact(keys.as_bytes()).text, r#"{"[email]":1,"[email]_":2}"#);
}

#[test]
fn json_within_json_is_walked() {
    let inner = r#"{"name":"Wix Thren","n":[{"email":"a@b.co"}]}"#;
    let payload = json!({"body": inner, "torn": &inner[..24], "list": "[1, 2]", "text": "{not: json}"});
    let value: Value = serde_json::from_str(&redact(payload.to_string().as_bytes()).text).unwrap();
    let expected = r#"{"n":[{"email":"[email]"}],"name":"[name]"}"#;
    assert_eq!(
        value,
        json!({"body": expected, "torn": r#"{"name":"[name]","n":"#, "list": "[1,2]", "text": "{not: json}"})
    );
}

#[test]
fn a_bare_name_is_told_unless_it_is_a_things() {
    let text = |container: &str, fields: Value| {
        let payload = json!({"data": {"text": "Zyglo Wathrix wrote", "metadata": {container: fields}}});
        let value: Value = serde_json::from_str(&redact(payload.to_string().as_bytes()).text).unwrap();
        value["data"]["text"].as_str().unwrap().to_owned()
    };
    for container in ["form", "payload", "custom_fields", "properties", "traits", "response", "before"] {
        assert_eq!(text(container, json!({"name": "Zyglo Wathrix"})), "[name] wrote", "{container}");
    }
    for container in ["labels", "integration", "channel", "group", "category", "product", "company"] {
        let thing = json!([{"name": "Zyglo Wathrix"}]);
        assert_eq!(text(container, thing), "Zyglo Wathrix wrote", "{container}");
        let person = json!([{"name": "Zyglo Wathrix", "email": "z@b.co"}]);
        assert_eq!(text(container, person), "[name] wrote", "{container}");
    }
}

#[test]
fn a_product_keeps_its_name_and_hides_nothing_else() {
    let data = |product: &str| json!({"data": {"product": product, "text": "Dr. Thren called"}});
    let product = |product: &str| {
        let value: Value = serde_json::from_str(&redact(data(product).to_string().as_bytes()).text).unwrap();
        // Whoever is called as the product is may be the product.
        let text = if product.contains("Thren") { "Dr. Thren called" } else { "Dr. [name] called" };
        assert_eq!(value["data"]["text"], text);
        value["data"]["product"].as_str().unwrap().to_owned()
    };
    for (given, kept) in [
        ("Dr. Thren Baking", "Dr. Thren Baking"),
        ("a@b.co", "[email]"),
        ("YWRhQGV4YW1wbGUub3Jn", "[token]"),
        (r#"{"email":"a@b.co"}"#, r#"{"email":"[email]"}"#),
    ] {
        assert_eq!(product(given), kept);
    }
}

#[test]
fn within_a_person_keys_that_are_names_go_too() {
    let payload = json!({
        "participants": {"Zyglo Wathrix": true}, "assignees": {"Jane Roe": {"since": "May"}},
        "customer": {"account": "Jane Roe", "plan": "Pro Plan", "First Name": "Jane", "userId": 7},
        "agent": {"account": "acme"}, "counts": {"Jane Roe": 1},
    });
    let value: Value = serde_json::from_str(&redact(payload.to_string().as_bytes()).text).unwrap();
    assert_eq!(value["participants"], json!({"[name]": true}));
    assert_eq!(value["assignees"], json!({"[name]": {"since": "[name]"}}));
    assert_eq!(
        value["customer"],
        json!({"account": "[name]", "plan": "Pro Plan", "First Name": "[name]", "userId": "[name]"})
    );
    assert_eq!(value["agent"], json!({"account": "acme"}));
}

/// Payloads in the shapes that vendors document, and what of them must not stay.
fn vendors() -> Vec<(&'static str, Value)> {
    vec![
        (
            "app store",
            json!({"type": "customerReviews", "id": "r-1", "attributes": {
                "rating": 2, "title": "Zyglo Wathrix here", "body": "Crashes, says Wathrix", "reviewerNickname": "Zyglo Wathrix",
                "createdDate": "2026-03-02T09:30:00-08:00", "territory": "DEU"}}),
        ),
        (
            "google play",
            json!({"reviewId": "gp:1", "authorName": "Zyglo Wathrix", "comments": [
                {"userComment": {"text": "Zyglo again", "starRating": 1, "lastModified": {"seconds": "1772443800"}}}]}),
        ),
        (
            "trustpilot",
            json!({"id": "t1", "stars": 2, "text": "Wathrix waits",
                "consumer": {"id": "7231", "displayName": "Zyglo Wathrix", "numberOfReviews": 3}}),
        ),
        (
            "zendesk",
            json!({"type": "zen:event-type:ticket.created", "account_id": 12_514_403, "detail": {
                "id": "5158", "subject": "From Zyglo Wathrix", "requester_id": "90231", "submitter_id": 90_231,
                "assignee_id": "90777", "organization_id": "55", "via": {"channel": "email",
                "source": {"from": {"address": "z@b.co", "name": "Zyglo Wathrix"}}}}}),
        ),
        (
            "freshdesk",
            json!({"id": 7, "requester_id": 90_231, "responder_id": 90_777, "cc_emails": ["Zyglo Wathrix <z@b.co>"],
                "requester": {"id": 90_231, "name": "Zyglo Wathrix", "mobile": "+49 151 23456789"}}),
        ),
        (
            "intercom",
            json!({"id": "c9", "admin_assignee_id": 90_777, "source": {"author": {"type": "user", "id": "90231",
                "name": "Zyglo Wathrix", "email": "z@b.co"}}, "contacts": {"contacts": [{"id": "90231",
                "external_id": "90777"}]}, "teammates": {"admins": [{"id": "90777", "type": "admin"}]}}),
        ),
        (
            "help scout",
            json!({"id": 3, "customer": {"id": 90_231, "first": "Zyglo", "last": "Wathrix", "photoUrl": "https://x/90777"},
                "createdBy": {"id": 90_777, "email": "z@b.co"}}),
        ),
        (
            "x",
            json!({"data": [{"id": "19", "author_id": "90231", "in_reply_to_user_id": "90777", "text": "@wathrix no"}],
                "includes": {"users": [{"id": "90231", "name": "Zyglo", "username": "wathrix", "location": "Zyglo St"}]}}),
        ),
        (
            "reddit",
            json!({"kind": "t1", "data": {"name": "t1_abc", "author": "zyglo_wathrix", "author_fullname": "t2_90231",
                "body": "zyglo_wathrix wrote this"}}),
        ),
        (
            "survey",
            json!({"id": "5007154325", "ip_address": "203.0.113.77", "first_name": "Zyglo", "last_name": "Wathrix",
                "email_address": "z@b.co", "recipient_id": "90231", "respondent_id": "90777"}),
        ),
        (
            "nps",
            json!({"id": "47", "score": 11, "person": {"id": "90231", "email": "z@b.co", "name": "Zyglo Wathrix",
            "phone_number": "+49 151 23456789"}}),
        ),
    ]
}

#[test]
fn payloads_of_vendors_keep_nobody() {
    const GONE: [&str; 7] = ["yglo", "athrix", "z@b.co", "90231", "90777", "23456789", "203.0.113"];
    for (vendor, payload) in vendors() {
        let text = redact(payload.to_string().as_bytes()).text;
        let value: Value = serde_json::from_str(&text).unwrap();
        for gone in GONE {
            assert!(!text.contains(gone), "{gone} of {vendor}: {value}");
        }
        assert_eq!(redact(text.as_bytes()).text, text, "{vendor} again");
    }
    // What is the item's stays: somebody has to find it at the vendor's.
    let kept = redact(vendors()[3].1.to_string().as_bytes()).text;
    let kept: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!((&kept["detail"]["id"], &kept["detail"]["organization_id"]), (&json!("5158"), &json!("55")));
    assert_eq!(kept["detail"]["requester_id"], "[id]");
}

#[test]
fn of_a_torn_payload_numbers_of_people_go_too() {
    let torn =
        redact(br#"{"detail": {"id": "90231", "requester_id": "90231", "submitter_id": 90777, "sub"#).text;
    assert_eq!(torn, r#"{"detail": {"id": "90231", "requester_id": "[id]", "submitter_id": [id], "sub"#);
}

#[test]
fn long_payloads_are_cut_and_say_so() {
    let long = json!({"text": "word ".repeat(100_000), "end": "jane@example.com"}).to_string();
    let redacted = redact(long.as_bytes());
    assert!(redacted.truncated && redacted.text.len() <= MAX_PAYLOAD && redacted.text.ends_with('…'));
    let huge = "x jane@example.com ".repeat(200_000);
    for cut in 0..40 {
        let redacted = redact(&huge.as_bytes()[cut..]);
        assert!(redacted.truncated && !redacted.text.contains("jane"), "{cut}");
        assert!(redacted.text.len() <= MAX_PAYLOAD);
    }
}

fn canary() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("jane.canary@example.com"),
        Just("4111 1111 1111 1111"),
        Just("DE89370400440532013000"),
        Just("+49 151 23456789"),
        Just("ghp_a1B2c3D4e5F6g7H8i9J0a1B2c3D4"),
        Just("078-05-1120"),
        Just("203.0.113.77"),
    ]
}

fn json_around(canary: &'static str) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        "[a-z ]{0,12}".prop_map(Value::from),
        ("[a-z]{0,6}", "[a-z]{0,6}").prop_map(move |(a, b)| Value::from(format!("{a} {canary} {b}"))),
        any::<i32>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let name = prop_oneof![
            "[a-z_]{1,8}",
            Just("text".to_owned()),
            Just("author".to_owned()),
            Just(canary.to_owned())
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((name, inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_canary_survives_in_json((canary, value) in canary().prop_flat_map(|c| (Just(c), json_around(c))), torn in 0usize..400) {
        let text = value.to_string();
        let whole = redact(text.as_bytes());
        prop_assert!(!whole.text.contains(canary), "{}", whole.text);
        prop_assert!(serde_json::from_str::<Value>(&whole.text).is_ok());
        let again = redact(whole.text.as_bytes());
        prop_assert_eq!((&again.text, name(&again)), (&whole.text, name(&whole)));
        let piece = text.get(..torn.min(text.len())).unwrap_or_default();
        let piece = redact(piece.as_bytes());
        prop_assert!(!piece.text.contains(canary), "{}", piece.text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let redacted = redact(&bytes);
        prop_assert!(redacted.text.len() <= MAX_PAYLOAD);
    }

    #[test]
    fn anything_like_json_is_survived(text in "([{}\\[\\]\":,=\\\\' ]|email|name|\\\\u00|é|\\[name\\]|a@b\\.co){0,40}") {
        let once = redact(text.as_bytes());
        prop_assert!(!once.text.contains("a@b.co"), "{}", once.text);
    }
}
