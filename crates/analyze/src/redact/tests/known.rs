//! Names that are told: which of their words mean somebody, and what many of them cost.

use super::redact;
use crate::redact::known::tests::COMPARED;
use crate::redact::{Known, RedactionCounts, Redactor};

#[track_caller]
fn masks(table: &[(&str, &str, &str)]) {
    for (name, text, expected) in table {
        assert_eq!(redact(text, &[name]).0, *expected, "{name}: {text:?}");
    }
}

#[track_caller]
fn stays(table: &[(&str, &str)]) {
    for (name, text) in table {
        assert_eq!(redact(text, &[name]).0, *text, "{name}");
    }
}

#[test]
fn a_role_is_no_name() {
    stays(&[
        ("Amazon Customer", "The Amazon login fails for every customer"),
        ("A Google user", "Google sign in is broken. Google user?"),
        ("Website Visitor", "The website is slow, every Visitor says so"),
        ("Customer", "Customer service never answers. Dear Customer"),
        ("Anonymous", "Anonymous mode is great"),
        ("Kunde", "Der Kunde ist König"),
        ("Cliente anónimo", "el cliente paga"),
        ("Support Team", "Thanks, Support. The Team view is great"),
        ("Guest 4711", "checkout as a Guest took 4711 clicks"),
        ("Anna (Support)", "the support of anna's company"),
    ]);
    masks(&[
        ("Anna (Support)", "Thanks Anna! Support is great", "Thanks [name]! Support is great"),
        ("Wixbra from Acme Support", "Hi Wixbra, Acme works", "Hi [name], Acme works"),
        ("Guest 4711", "I am guest 4711", "I am [name]"),
        ("customer", "the customer page of @customer", "the customer page of @[name]"),
    ]);
}

#[test]
fn a_name_that_is_a_word_is_masked_where_a_name_stands() {
    stays(&[
        ("Will", "Will this ever be fixed? Will it?\nWill you?"),
        ("Will", "WILL THIS EVER WORK? IT WILL NOT"),
        ("Will", "Hello, Will this ever be fixed?"),
        ("Mark", "Mark all as read does nothing"),
        ("Grace", "Grace periods are too short, a grace period of a day"),
        ("Will Young", "Will this ever be fixed?"),
    ]);
    masks(&[
        ("Will", "Hi Will, thanks", "Hi [name], thanks"),
        ("Will", "Fix it.\nBest regards,\nWill", "Fix it.\nBest regards,\n[name]"),
        ("Will", "I am Will and my name is Will", "I am [name] and my name is [name]"),
        ("Will", "ask @will or @Will", "ask @[name] or @[name]"),
        ("Will", "Thanks, Will!", "Thanks, [name]!"),
        ("Mark", "I told Mark so", "I told [name] so"),
        ("Will Young", "Will Young here", "[name] here"),
    ]);
    assert_eq!(redact("Hi Wixbra, Will this work?", &["Will", "Wixbra"]).0, "Hi [name], Will this work?");
}

#[test]
fn a_handle_that_is_a_word_is_masked_behind_a_sign() {
    stays(&[
        ("refund", "the refund never came"),
        ("dashboard", "the dashboard is slow"),
        ("rechnung", "die rechnung fehlt"),
        ("slow", "slow and buggy"),
    ]);
    masks(&[
        ("refund", "@refund x.example/u/refund?u=refund", "@[name] x.example/u/[name]?u=[name]"),
        ("refund_7", "refund_7 wrote", "[name] wrote"),
        ("refund7", "as refund7 I cannot", "as [name] I cannot"),
        ("re-fund", "as re-fund I cannot", "as [name] I cannot"),
        ("larchdeckfan", "as larchdeckfan I cannot", "as [name] I cannot"),
        ("wilmafeatherstone", "wilmafeatherstone here", "[name] here"),
    ]);
}

#[test]
fn whoever_is_in_a_long_thread_is_masked() {
    let agents: Vec<String> =
        (0..60).map(|n| format!("Wix{} Thren{}a", letters(n), letters(n + 7))).collect();
    let desks: Vec<String> = (0..60).map(|n| format!("desk-agent-{n:02}")).collect();
    let sisters: Vec<String> = (0..60).map(|n| format!("Annwyx Thren{}o", letters(n))).collect();
    let known: Vec<&str> = [&agents, &desks, &sisters].into_iter().flatten().map(String::as_str).collect();
    for name in &known {
        assert_eq!(redact(&format!("{name} helped"), &known).0, "[name] helped", "{name}");
        let last = name.rsplit(' ').next().unwrap();
        assert_eq!(redact(&format!("so said {last}"), &known).0, "so said [name]", "{name}");
    }
}

fn letters(n: u8) -> String {
    [b'a' + n / 26, b'a' + n % 26].map(char::from).iter().collect()
}

/// Each name would once have been looked for in the whole text: 900 times as many comparisons.
#[test]
fn a_thousand_names_cost_one_pass() {
    let name = |n: usize| (0..60).map(|word| format!("Wix{n}q{word}")).collect::<Vec<_>>().join(" ");
    let different: Vec<String> = (0..900).map(name).collect();
    let alike: Vec<String> = (0..900).map(|n| format!("{}Thren{n}", "may ".repeat(120))).collect();
    // Of the alike ones, 16 for each of the words with which they begin.
    let cases = [(different, "Wix1q1 wrote to Wix so. ", 1), (alike, "May may may May ", 16 * 121)];
    for (names, text, most) in cases {
        let text = text.repeat(90_000 / text.len());
        let known = Known::new(names.iter().map(String::as_str));
        let before = COMPARED.get();
        Redactor.redact_into(&text, &known, &mut String::new(), &mut RedactionCounts::default());
        let compared = COMPARED.get() - before;
        let words = text.split_whitespace().count();
        assert!((1..=words * most).contains(&compared), "{compared} for {words} words and {}", &names[0]);
    }
}
