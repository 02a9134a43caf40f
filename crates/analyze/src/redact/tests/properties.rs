//! For any text.

use super::redact;
use crate::redact::{Redactor, card::luhn};
use proptest::prelude::*;

fn email() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,8}([._+-][a-z0-9]{1,6}){0,2}@[a-z][a-z0-9-]{0,8}[a-z0-9]\\.(com|de|co\\.uk|io|org)"
}

fn card() -> impl Strategy<Value = String> {
    let prefix = prop_oneof![Just("4"), Just("51"), Just("55"), Just("2221"), Just("6011"), Just("3528")];
    (
        prefix,
        proptest::collection::vec(0u8..10, 16),
        prop_oneof![Just(""), Just(" "), Just("-"), Just("\u{a0}")],
    )
        .prop_map(|(prefix, fill, separator)| {
            let mut digits: Vec<u8> = prefix.bytes().map(|b| b - b'0').chain(fill).take(16).collect();
            digits[15] = (0..10)
                .find(|d| {
                    digits[15] = *d;
                    luhn(&digits)
                })
                .unwrap();
            let text: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
            [&text[..4], &text[4..8], &text[8..12], &text[12..]].join(separator)
        })
}

fn iban() -> impl Strategy<Value = String> {
    (proptest::collection::vec(0u8..10, 18), any::<bool>()).prop_map(|(digits, spaced)| {
        let account: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
        // DE00 behind the account, as numbers: D is 13, E 14.
        let rest =
            account.bytes().chain(*b"131400").fold(0u32, |rest, b| (rest * 10 + u32::from(b - b'0')) % 97);
        let iban = format!("DE{:02}{account}", 98 - rest);
        if !spaced {
            return iban;
        }
        iban.as_bytes()
            .chunks(4)
            .map(|chunk| std::str::from_utf8(chunk).unwrap())
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn phone() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\+49 1[5-7][0-9] [0-9]{7,8}",
        "\\+1[ -][2-9][0-9]{2}[ -][2-9][0-9]{2}[ -][0-9]{4}",
        "\\([2-9][0-9]{2}\\) [2-9][0-9]{2}-[0-9]{4}",
        "01[5-7][0-9]/[0-9]{7}",
        "0[1-7]( [0-9]{2}){4}",
    ]
}

fn personal() -> impl Strategy<Value = String> {
    prop_oneof![email(), card(), iban(), phone()]
}

/// Words and signs that must not lead a matcher astray.
fn filler() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Zäß]{1,9}",
        Just("order 100234,".to_owned()),
        Just("v4.2.0".to_owned()),
        Just("😍".to_owned()),
        Just("(since 2026-03-05)".to_owned()),
        Just("$1,299.00".to_owned()),
        Just("—".to_owned()),
        Just("http://x.example/?a=b".to_owned()),
        Just("\n-".to_owned()),
    ]
}

fn around() -> impl Strategy<Value = String> {
    proptest::collection::vec(filler(), 0..8).prop_map(|words| words.join(" "))
}

/// What stands around names that no field tells.
fn greeted() -> impl Strategy<Value = &'static str> {
    const PIECES: &str = "Hi|hello|Dear|Hallo|Liebe|Mr|Dr.|Frau|M.|Thanks|thanks to|my name is|I am|from|Wyxbar|Anna|anna|\
        Will|O'Brien|Anna-Lena|Anna's|J.|von|der|Team|Slack|Best regards|[name]|a@b.co|é|\u{301}|123|'|-|,|. |!|\n| ";
    prop::sample::select(PIECES.split('|').collect::<Vec<_>>())
}

/// Puts an invisible character somewhere, or writes a digit in full width.
fn disguised(text: &str, at: usize, how: u8) -> String {
    let place = at % text.chars().count();
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        let wide = char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic());
        match how {
            0 if i == place => out.extend(['\u{200b}', c]),
            1 => out.push(wide.unwrap_or(c)),
            2 if i == place => out.push(wide.unwrap_or(c)),
            3 if c == '@' => out.push_str("%40"),
            4 if c == '@' => out.push_str("\\u0040"),
            _ => out.push(c),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_personal_goes(secret in personal(), left in around(), right in around(), at in 0usize..64, how in 0u8..6) {
        let shown = disguised(&secret, at, how);
        let (out, counts) = redact(&format!("{left} {shown} {right}"), &[]);
        prop_assert!(!out.contains(&secret) && !out.contains(&shown), "{out}");
        prop_assert!(counts.total() >= 1);
        // No long piece of it stays either.
        let digits: String = secret.chars().filter(|c| c.is_ascii_digit()).collect();
        if !secret.contains('@') {
            let kept: String = out.replace(&left, "").replace(&right, "").chars().filter(|c| c.is_ascii_digit()).collect();
            prop_assert!(!kept.contains(&digits[..7]), "{out}");
        }
    }

    #[test]
    fn redacting_again_changes_nothing(parts in proptest::collection::vec(prop_oneof![personal(), filler(), ".{0,6}"], 0..10),
                                       joint in prop_oneof![Just(""), Just(" "), Just(","), Just("-")]) {
        let (once, _) = redact(&parts.join(joint), &["Jane Doe"]);
        let (twice, counts) = redact(&once, &["Jane Doe"]);
        prop_assert_eq!(&once, &twice);
        prop_assert!(counts.is_empty());
        prop_assert!(Redactor.is_clean(&once));
    }

    #[test]
    fn any_text_is_survived(text in ".{0,200}", known in ".{0,8}") {
        redact(&text, &[&known]);
    }

    #[test]
    fn dense_signs_are_survived(text in "[-a0-9@.:/=_ ()+%\\\\u&#;\\[\\]é\u{200b}٣]{0,80}") {
        let (once, _) = redact(&text, &["a0a"]);
        prop_assert_eq!(redact(&once, &["a0a"]).0, once);
    }

    #[test]
    fn guessing_names_again_changes_nothing(parts in proptest::collection::vec(greeted(), 0..10),
                                            joint in prop_oneof![Just(""), Just(" ")]) {
        let (once, _) = redact(&parts.join(joint), &["Jane Doe"]);
        prop_assert_eq!(redact(&once, &["Jane Doe"]).0, once);
    }

    #[test]
    fn who_is_introduced_goes(name in "Wyx[bdfgkmpt]{1,6}", before in prop_oneof![
        Just("Hi"), Just("Dear Ms"), Just("Hallo Herr"), Just("Hola"), Just("my name is"), Just("Bonjour Madame")
    ], left in "[a-z ]{0,12}") {
        let (out, _) = redact(&format!("{left}. {before} {name}, it hangs. {name}!"), &[]);
        prop_assert!(!out.contains(&name), "{out}");
    }

    #[test]
    fn names_go_in_any_case(name in "[A-Z][a-z]{3,8} [A-Z][a-z]{3,8}", left in "[a-z ]{0,20}", upper in any::<bool>()) {
        let shown = if upper { name.to_uppercase() } else { name.to_lowercase() };
        let (out, _) = redact(&format!("{left} {shown}, bye"), &[&name]);
        prop_assert!(!out.contains(&shown), "{out}");
    }
}
