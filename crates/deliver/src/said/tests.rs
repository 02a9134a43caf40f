use super::*;
use crate::note::Quote;
use feedback::time::Timestamp;

const WORDS: &str = "Unser Drucker läuft heiß, the printer burns";

fn note(quote: &str) -> Note {
    let quote = Quote { text: quote.to_owned(), record: "zendesk/4711".to_owned(), link: None };
    let blocks = vec![Block::Quotes { quotes: vec![quote] }];
    Note { blocks, ..Note::test(Timestamp(1_764_230_400_000_000)) }
}

fn said(answer: &str) -> String {
    kept(answer, &note(WORDS))
}

#[test]
fn what_servers_say_is_kept_as_it_is() {
    for answer in [
        "channel_not_found",
        "invalid_blocks",
        "no_text",
        "missing_text_or_fallback_or_attachments",
        "slow down",
        "no such hook: *** (***)",
        "permanent error (550): 5.1.1 <***>: Recipient address rejected: User unknown in local table",
        "transient error (451): 4.7.1 greylisted, come back",
        "{\"error\":{\"code\":\"WorkflowTriggerIsNotEnabled\",\"message\":\"Could not execute workflow\"}}",
        "{\"errorMessages\":[],\"errors\":{\"customfield_10010\":\"Customfield is required.\"}}",
    ] {
        assert_eq!(said(answer), answer);
    }
}

#[test]
fn what_is_on_no_list_is_left_out() {
    assert_eq!(said("user jane.doe@acme.test not found"), "user … not found");
    assert_eq!(said("502 Bad Gateway (ray 8a7b6c5d4e)"), "502 Bad Gateway (…)");
    assert_eq!(said("invalid value 'Müller': 123456"), "invalid value '…");
    assert_eq!(said("XYZZY"), "");
    assert_eq!(said(" \r\n"), "");
    let long = said(&"invalid token ".repeat(100));
    assert_eq!((long.chars().count(), long.ends_with('…')), (LONGEST, true));
    // A number is kept by its form alone, and not where it stands in the note.
    for number in ["404", "5.1.1", "customfield_77"] {
        let answer = format!("error {number}");
        assert_eq!(kept(&answer, &note("nothing of it")), answer);
        assert_eq!(kept(&answer, &note(&format!("since {number} ours"))), "error …");
    }
}

#[test]
fn an_echo_brings_nothing_through_however_it_is_written() {
    let whole = serde_json::to_string(&note(WORDS)).unwrap();
    let doubled = serde_json::to_string(&whole).unwrap();
    // Made of the words by Python: base64, urllib.parse.quote, quopri, html, and hexadecimal digits.
    let written: [&str; 15] = [
        WORDS,
        &WORDS.to_uppercase(),
        &WORDS.replace(' ', ""),
        &WORDS.replace(' ', "_"),
        &WORDS.chars().rev().collect::<String>(),
        &whole,
        &doubled,
        "VW5zZXIgRHJ1Y2tlciBsw6R1ZnQgaGVpw58sIHRoZSBwcmludGVyIGJ1cm5z",
        "Unser%20Drucker%20l%C3%A4uft%20hei%C3%9F%2C%20the%20printer%20burns",
        "Unser Drucker l\\u00e4uft hei\\u00df, the printer burns",
        "\\u0044\\u0072\\u0075\\u0063\\u006b\\u0065\\u0072 \\u0068\\u0065\\u0069\\u00df",
        "&#68;&#114;&#117;&#99;&#107;&#101;&#114; l&auml;uft hei&szlig;",
        "Unser Drucker l=C3=A4uft hei=C3=9F, the printer burns",
        "556e73657220447275636b6572206cc3a475667420686569c39f",
        "unser drucker laeuft heiss",
    ];
    let nothing = Ours::default();
    for echo in written {
        let around = [("", ""), ("cannot parse: ", ""), ("{\"sent\": \"", "\"}")];
        for answer in around.map(|(before, after)| format!("{before}{echo}{after}")) {
            let kept = said(&answer);
            for (_, token) in tokens(&kept) {
                assert!(token == "…" || is_known(token, &nothing), "{token} in {kept:?} of {answer:?}");
            }
            for word in ["rucker", "läuft", "l\\u00e4uft", "heiß", "printer", "burns", "UCKER", "4711"] {
                assert!(!kept.contains(word), "{word} in {kept:?} of {answer:?}");
            }
        }
    }
}

#[test]
fn what_repeats_the_note_loses_the_listed_words_too() {
    let note = note("The server was down again and nobody answers");
    assert_eq!(
        kept("error: the server was down again", &note),
        "what it said repeats the message, and is left out"
    );
    // Two words that nobody else says, wherever they stand.
    let apart = "parse error: nobody (in blocks), answers (in text): invalid_blocks";
    assert_eq!(kept(apart, &note), "invalid_blocks (the rest repeats the message, and is left out)");
    // One word, or two in a row that everybody says, are no echo.
    assert_eq!(kept("server error, try again", &note), "server error, try again");
    assert_eq!(kept("nobody is allowed here", &note), "… is allowed …");
}

#[test]
fn codes_and_keys_outlive_the_echo() {
    let whole = serde_json::to_string(&note(WORDS)).unwrap();
    let rest = "(the rest repeats the message, and is left out)";
    let answer = format!("{{\"request\": {whole}, \"error\": \"channel_not_found\"}}");
    assert_eq!(said(&answer), format!("channel_not_found {rest}"));
    assert_eq!(said(&format!("550 5.7.1 content rejected: {WORDS}")), format!("5.7.1 {rest}"));
    let errors = format!("{{\"summary\": {whole:?}, \"customfield_10010\": \"\", \"drucker\": \"\"}}");
    let jira = format!("{{\"errors\": {errors}}}");
    assert_eq!(said(&jira), format!("customfield_10010, summary {rest}"));
    // What a note says of codes is not its own, and what it holds as a key is.
    let note = note("channel_not_found customfield_4711 says Slack");
    let answer = "{\"errors\": {\"customfield_4711\": \"says Slack: channel_not_found\"}}";
    assert_eq!(kept(answer, &note), format!("channel_not_found {rest}"));
}

#[test]
fn names_are_parted_into_their_words() {
    assert_eq!(words_of("channel_not_found"), ["channel", "not", "found"]);
    assert_eq!(words_of("WorkflowTriggerIsNotEnabled"), ["workflow", "trigger", "is", "not", "enabled"]);
    assert_eq!(words_of("HTTPError"), ["http", "error"]);
    assert_eq!(words_of("__"), [""; 0]);
    let found: Vec<&str> = tokens("a.b 5.1.1. <é…>, 1.").into_iter().map(|(_, token)| token).collect();
    assert_eq!(found, ["a", "b", "5.1.1", "é…", "1"]);
}
