//! What looks like something personal and is not.

use super::redact;

#[track_caller]
fn stay(texts: impl Iterator<Item = String>) {
    let wrong: Vec<_> =
        texts.map(|text| (redact(&text, &[]).0, text)).filter(|(out, text)| out != text).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn things_and_amounts_stay() {
    let texts = [
        "v4.2.0",
        "version 4.2.0.1",
        "v1.2.3.4",
        "iOS 17.4.1",
        "build 20260305.1142",
        "Android 14 (API 34)",
        "2026-03-05",
        "05.03.2026",
        "03/05/2026",
        "2026-03-05 10:15",
        "2026-03-05T10:15:00Z",
        "5.3.26",
        "05-03-2026 11 00",
        "$1,299.00",
        "1.299,00 €",
        "1 299 000",
        "1.234.567.890",
        "12 345 678",
        "€ 612 345 678",
        "612 345 678 EUR",
        "1000000000",
        "order 100234",
        "order #4155550132",
        "order number 4155550132",
        "ticket 0001234567",
        "invoice INV-2026-00123456",
        "SKU-4155550132",
        "Bestellnummer 0301234567",
        "case id: 4155550132",
        "24/7",
        "10.15 am",
        "room 3.14",
        "3.14159265358979",
        "52.520008, 13.404954",
        "0.123456789",
        "error 0x80070057",
        "HTTP 500",
        "error code 2147467259",
        "E1001",
        "10:15:30",
        "1:1",
        "16:9",
        "550e8400-e29b-41d4-a716-446655440000",
        "550E8400-E29B-41D4-A716-415555013200",
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "timestamp 1700000000",
        "1700000000",
        "1700000000000",
        "ratings 4 5 3 4 5 5 2 1 4 4 3 2 5 1",
        "10 20 30 40",
        "2019 2020 2021 2022",
        "1920x1080",
        "9.99/month",
        "100%",
        "50% off & more",
        "20,000 rows",
        "99.9999999",
        "1e10",
        "4.5/5",
        "covid-19",
        "4111 1111 1111 1112",
        "DE88370400440532013000",
        "2363 4567 8907",
        "chapter 12, verse 3",
        "1-2-3",
        "2-3 weeks",
        "ISBN 978-3-16-148410-0",
        "32.5.1-beta.3+build.7",
        "Q3 2025",
        "5 0 0",
        "300 MB",
        "1.2.3.4.5",
        "999.999.999.999",
    ];
    stay(texts.iter().flat_map(|text| [(*text).to_owned(), format!("We saw {text} again, and it hurt.")]));
}

#[test]
fn words_stay() {
    let texts = [
        "@handle thanks",
        "thanks @booking.com!",
        "meet @ noon",
        "a@b",
        "user@",
        "@",
        "me@1.5",
        "e-mail me",
        "std::vec::Vec",
        "a::b",
        "Note: this",
        "12:30: late",
        "ratio 3:4:5",
        "add::face",
        "password: forgotten",
        "Password reset broken",
        "password is wrong",
        "Passwort vergessen",
        "my password is not accepted",
        "Token: invalid",
        "the key: simplicity",
        "pass: ok",
        "token=",
        "secret",
        "Bearer of bad news",
        "Basic functionality",
        "Basic plan",
        "sk-learn",
        "pk_test",
        "user_id",
        "x-ray",
        "https://example.com/a?page=2&sort=key",
        "https://medium.com/@jane/post",
        "https://example.com/monkey=banana",
        "http://localhost:8080/x",
        "AKIA is a prefix",
        "eyJ",
        "the polka dot dress",
        "look at dot net",
        "(at) least",
        "[at] once",
        "R&D at 100%",
        "Great! 😍👍",
        "C++",
        "don't; won't",
        "ça marche — enfin",
        "https://",
        "://x@y",
        "-----",
        "[email] [phone]",
        "50%ab",
        "SS 12",
        "AB 12 34",
        "DE 10",
        "IT 24",
        "author: Jane",
        "session: none",
        "cookie: chocolate",
    ];
    stay(texts.iter().map(|text| (*text).to_owned()));
}

#[test]
fn clean_is_what_stays() {
    assert!(crate::redact::Redactor.is_clean("nothing here, order 100234"));
    assert!(!crate::redact::Redactor.is_clean("a@b.co"));
    assert!(crate::redact::Redactor::is_placeholder("[email]"));
    assert!(!crate::redact::Redactor::is_placeholder("[email] "));
}
