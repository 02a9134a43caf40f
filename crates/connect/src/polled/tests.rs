use super::*;
use feedback::refusal::Reason;

/// More than any of them holds.
const MOST: usize = 10_000;

/// Place and payload of each element.
fn split(vendor: Vendor, text: &str) -> Vec<(String, String)> {
    let named = |element: Element<'_>| {
        (element.place.to_string(), String::from_utf8(element.payload.to_vec()).unwrap())
    };
    elements(vendor, text.as_bytes(), MOST).unwrap().map(named).collect()
}

fn pairs(split: &[(String, String)]) -> Vec<(&str, &str)> {
    split.iter().map(|(place, payload)| (place.as_str(), payload.as_str())).collect()
}

#[test]
fn a_single_object_is_the_message() {
    assert_eq!(pairs(&split(Vendor::X, " {\"id\": \"1\"}\n")), [("the message", "{\"id\": \"1\"}")]);
    assert_eq!(pairs(&split(Vendor::Zendesk, "\u{feff}{}")), [("the message", "{}")]);
}

#[test]
fn answers_are_opened_by_vendor() {
    for (vendor, text) in [
        (Vendor::AppStore, r#"{"data":[{"n":1},{"n":2}],"links":{}}"#),
        (Vendor::GooglePlay, r#"{"reviews":[{"n":1},{"n":2}],"tokenPagination":{}}"#),
        (Vendor::X, r#"{"data":[{"n":1},{"n":2}],"includes":{"users":[]},"meta":{}}"#),
        (Vendor::Reddit, r#"{"kind":"Listing","data":{"after":null,"children":[{"n":1},{"n":2}]}}"#),
        (Vendor::Trustpilot, r#"{"events":[{"n":1},{"n":2}]}"#),
        (Vendor::Zendesk, r#"{"tickets":[{"n":1},{"n":2}],"count":2}"#),
        (Vendor::HelpScout, r#"{"_embedded":{"conversations":[{"n":1},{"n":2}]}}"#),
        (Vendor::Freshdesk, r#"[{"n":1},{"n":2}]"#),
        (Vendor::GooglePlay, r#"[{"reviews":[{"n":1}]},{"reviews":[]},{"n":2}]"#),
    ] {
        let split = split(vendor, text);
        assert_eq!(pairs(&split), [("item 1", r#"{"n":1}"#), ("item 2", r#"{"n":2}"#)], "{vendor}");
    }
}

#[test]
fn an_answer_without_anything_has_no_elements() {
    for (vendor, text) in [
        (Vendor::GooglePlay, "{}"),
        (Vendor::X, r#"{"meta":{"result_count":0}}"#),
        (Vendor::AppStore, r#"{"data":[],"links":{"self":""}}"#),
        (Vendor::Intercom, "[]"),
    ] {
        assert_eq!(split(vendor, text), [], "{vendor}");
    }
    // What an API says instead of an answer is somebody's to look at.
    assert_eq!(split(Vendor::X, r#"{"errors":[{"title":"Unauthorized"}]}"#).len(), 1);
}

#[test]
fn lines_are_told_by_their_number_and_a_broken_one_is_its_own() {
    let text = "{\"n\":1}\r\n\n{\"n\":\n[{\"n\":2}]\n{\"reviews\":[{\"n\":3},{\"n\":4}]}\n";
    assert_eq!(
        pairs(&split(Vendor::GooglePlay, text)),
        [
            ("line 1", r#"{"n":1}"#),
            ("line 3", r#"{"n":"#),
            ("line 4, item 1", r#"{"n":2}"#),
            ("line 5, item 1", r#"{"n":3}"#),
            ("line 5, item 2", r#"{"n":4}"#),
        ]
    );
    assert_eq!(split(Vendor::X, "{\"n\":\n{\"n\":2}\n").len(), 2, "the first line may be the broken one");
}

#[test]
fn a_line_that_is_no_utf_8_is_refused_by_itself() {
    let bytes = b"{\"n\":1}\n{\"n\":\"\xff\"}\n{\"n\":3}";
    let payloads: Vec<_> = elements(Vendor::X, bytes, MOST).unwrap().map(|element| element.payload).collect();
    assert_eq!(payloads, [&b"{\"n\":1}"[..], b"{\"n\":\"\xff\"}", b"{\"n\":3}"]);
}

#[test]
fn what_is_no_json_is_refused_whole() {
    for text in [
        "",
        " \n ",
        "{",
        "{\"n\": 1,\n  \"m\": [\n    {}\n  ],\n",
        "id,text\n1,slow\n",
        "{\"n\":1} {\"n\":2}",
    ] {
        let refusal = elements(Vendor::Reddit, text.as_bytes(), MOST).unwrap_err();
        assert_eq!(refusal.reason, Reason::InvalidJson, "{text}");
        assert!(refusal.detail.starts_with("the message: expected JSON at line "), "{}", refusal.detail);
    }
    assert_eq!(elements(Vendor::X, b"\xff\xfe", MOST).unwrap_err().reason, Reason::InvalidUtf8);
}

#[test]
fn the_answers_to_a_comment_follow_it() {
    let comment =
        |id: &str, replies: &str| format!(r#"{{"kind":"t1","data":{{"id":"{id}","replies":{replies}}}}}"#);
    let listing =
        |children: &[&str]| format!(r#"{{"kind":"Listing","data":{{"children":[{}]}}}}"#, children.join(","));
    let more = r#"{"kind":"more","data":{"count":4}}"#;
    let first = comment("b", &listing(&[&comment("c", "\"\""), more]));
    let thread = format!(
        "[{},{}]",
        listing(&[r#"{"kind":"t3","data":{"id":"a"}}"#]),
        listing(&[&first, &comment("d", "\"\""), more])
    );
    let ids = |text: &str| -> Vec<String> {
        let id = |element: Element<'_>| {
            let value: serde_json::Value = serde_json::from_slice(element.payload).unwrap();
            format!("{} {}", element.place, value["data"]["id"].as_str().unwrap())
        };
        elements(Vendor::Reddit, text.as_bytes(), MOST).unwrap().map(id).collect()
    };
    assert_eq!(ids(&thread), ["item 1 a", "item 2 b", "item 3 c", "item 4 d"]);
    assert_eq!(ids(&first), ["item 1 b", "item 2 c"]);
    assert_eq!(ids(&comment("e", "\"\"")), ["the message e"]);
}

#[test]
fn answers_nested_beyond_reason_do_no_harm() {
    let mut text = r#"{"kind":"t1","data":{"id":"z"}}"#.to_owned();
    for _ in 0..2_000 {
        text = format!(r#"{{"kind":"t1","data":{{"id":"y","replies":{{"data":{{"children":[{text}]}}}}}}}}"#);
    }
    assert_eq!(elements(Vendor::Reddit, text.as_bytes(), MOST).unwrap().count(), 16);
}

#[test]
fn of_a_list_one_more_than_allowed_is_opened() {
    let ones = format!("[{}]", ["1"; 100].join(","));
    let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
    assert_eq!(array(&raw(&ones), 2).unwrap().len(), 3, "the rest is not held");
    assert_eq!(array(&raw("[1,2,3]"), 2).unwrap().len(), 3);
    assert_eq!(array(&raw("[1,2]"), 2).unwrap().len(), 2);
    assert_eq!(array(&raw("[]"), 0).unwrap().len(), 0);
    assert!(array(&raw("{}"), 2).is_none());
    let count = |vendor, text: &str| elements(vendor, text.as_bytes(), 2).unwrap().count();
    assert_eq!(count(Vendor::X, &ones), 3);
    assert_eq!(count(Vendor::X, &format!(r#"{{"data":{ones}}}"#)), 3);
    let replies = format!(r#"{{"kind":"t1","data":{{"replies":{{"data":{{"children":{ones}}}}}}}}}"#);
    assert_eq!(count(Vendor::Reddit, &replies), 3);
}

#[test]
fn of_two_fields_of_one_name_the_last_counts() {
    let split = split(Vendor::X, r#"{"data":[{"n":1}],"meta":{},"data":[{"n":2}]}"#);
    assert_eq!(pairs(&split), [("item 1", r#"{"n":2}"#)]);
}

proptest::proptest! {
    /// Whatever is handed over, each payload is a piece of it, and lines stay in their order.
    #[test]
    fn payloads_are_pieces(text in "[\\[\\]{}\",:a-c0-1\n ]{0,80}") {
        for vendor in [Vendor::Reddit, Vendor::X, Vendor::Zendesk] {
            let Ok(found) = elements(vendor, text.as_bytes(), MOST) else { continue };
            let mut last = Place::default();
            for element in found {
                let payload = std::str::from_utf8(element.payload).unwrap();
                proptest::prop_assert!(text.contains(payload));
                proptest::prop_assert!((element.place.line, element.place.item) > (last.line, last.item)
                    || last == Place::default());
                last = element.place;
            }
        }
    }
}
