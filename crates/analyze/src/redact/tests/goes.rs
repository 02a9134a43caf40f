//! What is replaced.

use super::{becomes, redact};
use crate::redact::{Class, Known};

#[test]
fn addresses() {
    becomes(&[
        ("Write to jane.doe+shop@example.co.uk please", "Write to [email] please"),
        ("<jane_doe@example.com>", "<[email]>"),
        ("mailto:o'brien@example.ie.", "mailto:[email]."),
        ("\"jane doe\"@example.com", "[email]"),
        ("jane@xn--bcher-kva.example, ok", "[email], ok"),
        ("jürgen@müller.de und", "[email] und"),
        ("иван@почта.рф", "[email]"),
        ("联系我jane@example.com谢谢", "联系我[email]谢谢"),
        ("root@[192.168.0.1]", "[email]"),
        ("jane @ example.com", "[email]"),
        ("jane.doe @example.com", "[email]"),
        ("jane(at)example.com", "[email]"),
        ("jane [at] example [dot] co [dot] uk!", "[email]!"),
        ("jane at example dot com works", "[email] works"),
        ("ann AT example DOT org", "[email]"),
        ("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[email]"),
        ("ja\u{200b}ne\u{ad}@exam\u{2060}ple.com", "[email]"),
        ("jane%40example.com and jane&#64;example.com", "[email] and [email]"),
        (r"jane\u0040example.com", "[email]"),
        ("a@b.co,c@d.org", "[email],[email]"),
        ("email=jane@example.com", "email=[email]"),
        ("@jane@example.social", "@[email]"),
    ]);
}

#[test]
fn phones() {
    becomes(&[
        ("call +49 151 23456789 now", "call [phone] now"),
        ("+49 (0)30 901820", "[phone]"),
        ("(+44) 20 7946 0958", "[phone]"),
        ("+1-415-555-0132.", "[phone]."),
        ("+14155550132", "[phone]"),
        ("+91 98765 43210", "[phone]"),
        ("0049 30 901820", "[phone]"),
        ("(415) 555-0132", "[phone]"),
        ("415-555-0132 or 415.555.0132", "[phone] or [phone]"),
        ("1-800-555-0199", "[phone]"),
        ("4155550132", "[phone]"),
        ("my number is 0171 1234567", "my number is [phone]"),
        ("030/901820", "[phone]"),
        ("06 12 34 56 78", "[phone]"),
        ("06.12.34.56.78", "[phone]"),
        ("020 7946 0958", "[phone]"),
        ("(11) 91234-5678", "[phone]"),
        ("612 345 679", "[phone]"),
        ("98765 43210", "[phone]"),
        ("138 1234 5678", "[phone]"),
        ("8 (495) 123-45-67", "[phone]"),
        ("phone: 555-0132", "phone: [phone]"),
        ("Tel. 9018200", "Tel. [phone]"),
        ("whatsapp me at 22 33 44 55", "whatsapp me at [phone]"),
        ("٠١٧١ ١٢٣٤٥٦٧", "[phone]"),
        ("＋４９\u{a0}151\u{202f}23456789", "[phone]"),
        ("+49\u{2011}151\u{2011}23456789", "[phone]"),
        ("1️⃣4️⃣1️⃣5️⃣5️⃣5️⃣5️⃣0️⃣1️⃣3️⃣2️⃣", "[phone]"),
        ("on 05.03.2026 0171 1234567 rang", "on 05.03.2026 [phone] rang"),
    ]);
}

#[test]
fn cards_and_accounts() {
    becomes(&[
        ("4111 1111 1111 1111", "[card]"),
        ("my card 4111-1111-1111-1111 was", "my card [card] was"),
        ("4111111111111111", "[card]"),
        ("card4111111111111111x", "card[card]x"),
        ("378282246310005 / 3782 822463 10005", "[card] / [card]"),
        ("5555 5555 5555 4444", "[card]"),
        ("6011111111111117", "[card]"),
        ("4111.1111.1111.1111", "[card]"),
        ("4\u{200b}111 1111\u{a0}1111 1111", "[card]"),
        ("４１１１ １１１１ １１１１ １１１１", "[card]"),
        ("2 4111 1111 1111 1111 12/27", "2 [card] 12/27"),
        ("DE89 3704 0044 0532 0130 00", "[iban]"),
        ("IBAN:DE89370400440532013000.", "IBAN:[iban]."),
        ("gb29 nwbk 6016 1331 9268 19", "[iban]"),
        ("FR14 2004 1010 0505 0001 3M02 606", "[iban]"),
        ("NL91-ABNA-0417-1643-00", "[iban]"),
        ("TL38 0080 0123 4567 8910 157", "[iban]"),
        ("TN59 1000 6035 1835 9847 8831", "[iban]"),
        ("UA21 3223 1300 0002 6007 2335 6600 1", "[iban]"),
        ("VA59 0011 2300 0012 3456 78", "[iban]"),
        ("VG96 VPVG 0000 0123 4567 8901", "[iban]"),
        ("XK05 1212 0123 4567 8906", "[iban]"),
        ("ST23 0001 0001 0051 8453 1014 6", "[iban]"),
        ("SV62 CENR 0000 0000 0000 0070 0025", "[iban]"),
    ]);
}

#[test]
fn machines() {
    becomes(&[
        ("from 192.168.10.24 again", "from [ip] again"),
        ("10.0.0.1:8080/24", "[ip]:8080/24"),
        ("version 203.0.113.77", "version [ip]"),
        ("2001:db8::8a2e:370:7334", "[ip]"),
        ("[2001:db8:0:0:1:0:0:1]:443", "[[ip]]:443"),
        ("fe80::1ff:fe23:4567:890a", "[ip]"),
        ("::ffff:203.0.113.7", "[ip]"),
    ]);
}

#[test]
fn national_ids() {
    becomes(&[
        ("SSN 078-05-1120", "SSN [id]"),
        ("ssn: 078051120", "ssn: [id]"),
        ("AB 12 34 56 C", "[id]"),
        ("nino AB123456C", "nino [id]"),
        ("86 095 742 719", "[id]"),
        ("Steuer-ID 86095742719", "Steuer-ID [id]"),
        ("2 55 08 14 168 025 38", "[id]"),
        ("130 692 544", "[id]"),
        ("DNI 12345678Z", "DNI [id]"),
        ("12345678-Z", "[id]"),
        ("X1234567L", "[id]"),
        ("X-1234567-L", "[id]"),
        ("RSSMRA85T10A562S", "[id]"),
        ("BSN 111222333", "BSN [id]"),
        ("2363 4567 8904", "[id]"),
        ("111.444.777-35", "[id]"),
        ("131052-308T", "[id]"),
        ("811218-9876", "[id]"),
        ("756.9217.0769.85", "[id]"),
        ("85.07.30-033.28", "[id]"),
        ("44051401359", "[id]"),
        ("11010519491231002X", "[id]"),
        ("S1234567D", "[id]"),
        ("passport no. C01X00T47", "passport no. [id]"),
    ]);
}

#[test]
fn secrets() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";
    becomes(&[
        (&format!("auth {jwt} failed"), "auth [token] failed"),
        (&format!("Authorization: Bearer {jwt}"), "Authorization: Bearer [token]"),
        ("key sk_live_4eC39HqLyjWDarjtT1zdp7dc", "key [token]"),
        ("sk-proj-abc123DEF456ghi789JKL", "[token]"),
        (&format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0".repeat(2)), "[token]"),
        ("github_pat_11ABCDEFG0aBcDeFgHiJkL_x", "[token]"),
        ("xoxb-123456789012-abcdefGHIJKL", "[token]"),
        ("glpat-abcDEF123_456ghi", "[token]"),
        ("AKIAIOSFODNN7EXAMPLE!", "[token]!"),
        (&format!("AIza{}", "SyD4x9Kq".repeat(5)), "[token]"),
        ("Bearer abcdef0123456789", "Bearer [token]"),
        ("password=hunter2", "password=[token]"),
        ("Password: Hunt3r!", "Password: [token]!"),
        ("my password is hunter22 ok", "my password is [token] ok"),
        ("{\"api_key\": \"0123abcdef\"}", "{\"api_key\": \"[token]\"}"),
        ("X-Auth-Token=deadbeefcafe", "X-Auth-Token=[token]"),
        ("clientSecret=abcdefg", "clientSecret=[token]"),
        ("contraseña: abc123", "contraseña: [token]"),
        ("my API key is 9f86d081884c7d659a2feaa0c55ad015 thanks", "my API key is [token] thanks"),
        ("The token is 4f3c2b1a9e8d7c6b, sorry", "The token is [token], sorry"),
        ("API KEY 9f86d081884c7d659a2feaa0c55ad015", "API KEY [token]"),
        ("my pw is Geheim123! ok", "my pw is [token]! ok"),
        ("PWD is \"Geheim123\"", "PWD is \"[token]\""),
        (&format!("ya29.{}", "a0AfH6SMB-x_".repeat(3)), "[token]"),
        (&format!("SG.{}.{}", "a1B2c3D4e5F6g7H8i9J0kl", "aB3".repeat(14)), "[token]"),
        ("session_id=9f86d081884c", "session_id=[token]"),
        ("aws secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws secret [token]"),
        ("Secret access key is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Secret access key is [token]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY----- bye", "[token] bye"),
    ]);
}

#[test]
fn urls() {
    becomes(&[
        ("see https://jane:hunter2@example.com/x?y=1.", "see [url]."),
        ("postgres://app@db.internal:5432/main", "[url]"),
        ("(https://example.com/reset?token=abc123&x=1)", "([url])"),
        ("https://example.com/a?X-Amz-Signature=0123456789abcdef", "[url]"),
        ("https://hooks.slack.com/services/T000/B000/XXXX", "[url]"),
        ("https://example.com/cb#access_token=abcdef123", "[url]"),
        ("https://example.com/?mail=jane@example.com", "https://example.com/?mail=[email]"),
    ]);
}

#[test]
fn the_author() {
    let known = ["Jane van Doe", "jane.doe@example.com", "@jdoe_99", "Jo", "  "];
    for (text, expected) in [
        ("jane van doe here", "[name] here"),
        ("JANE  VAN\u{a0}DOE", "[name]"),
        ("Regards, Jane", "Regards, [name]"),
        ("I am jane", "I am [name]"),
        ("Mr. Doe, Janet", "Mr. [name], Janet"),
        ("ping jdoe_99 or @JDOE_99!", "ping [name] or @[name]!"),
        ("jdoe_991 Jo van", "jdoe_991 Jo van"),
        ("jane.doe@example.com", "[email]"),
        ("Jane\u{200b} van Doe", "[name]"),
    ] {
        assert_eq!(redact(text, &known).0, expected, "{text:?}");
    }
    assert_eq!(redact("Gruß von ŁUKASZ ŻAK.", &["Łukasz Żak"]).0, "Gruß von [name].");
    assert_eq!(redact("我是王小明。", &["王小明"]).0, "我是[name]。");
    assert_eq!(redact("Will it work? Will Young", &["Will Young"]).0, "Will it work? [name]");
    assert_eq!(redact("Grace here, in a grace period", &["Grace"]).0, "[name] here, in a grace period");
    assert_eq!(redact("[name] [card] a Card", &["Card"]).0, "[name] [card] a [name]");
}

#[test]
fn parts_of_a_name() {
    for (name, text, expected) in [
        ("Ben Carter", "thanks Ben", "thanks [name]"),
        ("Ben Carter", "Ich bin froh. ben", "Ich bin froh. ben"),
        ("Ben Carter", "carter's account", "[name]'s account"),
        ("Grace Hopper", "best regards Grace", "best regards [name]"),
        ("Grace Hopper", "a Grace period, in grace", "a Grace period, in grace"),
        ("Grace Hopper", "Love it.\nGrace", "Love it.\n[name]"),
        ("Grace Hopper", "Grace here. HOPPER, Grace.", "[name] here. [name], [name]."),
        ("Will May", "Will it work in May? Hi Will, thanks", "Will it work in May? Hi [name], thanks"),
        ("Rose Tyler", "Is this Rose-gold? - Rose", "Is this Rose-gold? - [name]"),
        ("José García", "Soy Jose. GARCIA", "Soy [name]. [name]"),
        ("Jose Garcia", "José, Garci\u{301}a", "[name], [name]"),
        ("Jürgen Müller", "Juergen Mueller / Jurgen MÜLLER", "[name] / [name]"),
        ("Don Quist", "I don't. Don't ask Don", "I don't. Don't ask [name]"),
        ("王小明", "我叫小明,王先生", "我叫[name],王先生"),
        ("王明", "我是王明。", "我是[name]。"),
        ("김민수", "민수입니다", "[name]입니다"),
        ("山田太郎", "山田です。太郎", "[name]です。[name]"),
        ("山田 太郎", "山田です。", "[name]です。"),
    ] {
        assert_eq!(redact(text, &[name]).0, expected, "{name}: {text:?}");
    }
}

#[test]
fn handles() {
    for (handle, text, expected) in [
        (
            "kestrel",
            "Kestrel here, see /u/kestrel/posts or @kestrel",
            "[name] here, see /u/[name]/posts or @[name]",
        ),
        ("kestrel", "kestrels fly", "kestrels fly"),
        (
            "admin",
            "the admin panel of @admin at x.example/u/admin",
            "the admin panel of @[name] at x.example/u/[name]",
        ),
    ] {
        assert_eq!(redact(text, &[handle]).0, expected, "{handle}: {text:?}");
    }
}

#[test]
fn versions_are_no_addresses() {
    let field = |name: &str, value: &str| {
        let (mut out, mut counts) = (String::new(), Default::default());
        crate::redact::Redactor.redact_field_into(name, value, Known::nobody(), &mut out, &mut counts);
        out
    };
    for (name, value, expected) in [
        ("app_version", "10.4.2.1", "10.4.2.1"),
        ("osVersion", "v10.4.2.1", "v10.4.2.1"),
        ("app_version", "203.0.113.7", "[ip]"),
        ("app_version", "a@b.co", "[email]"),
        ("seen_from", "10.4.2.1", "[ip]"),
    ] {
        assert_eq!(field(name, value), expected, "{name} {value}");
    }
    for text in [
        "version 10.4.2.1",
        "v10.4.2.1",
        "since the 10.4.2.1 update",
        "app version is 10.4.2.1",
        "since 10.4.2.1 it fails",
        "upgraded to 10.4.2.1",
        "Updated from 10.4.2.1 to 10.4.2.2",
        "the app 10.4.2.1 fails",
        "on iOS 17.4.1.2",
        "Android: 14.0.0.1",
    ] {
        assert_eq!(redact(text, &[]).0, text);
    }
    becomes(&[
        ("from 10.4.2.1 we see", "from [ip] we see"),
        ("ping 10.4.2.1", "ping [ip]"),
        ("server 10.4.2.1", "server [ip]"),
        ("my ip 10.4.2.1", "my ip [ip]"),
        ("I connect to 10.4.2.1", "I connect to [ip]"),
        ("since 203.0.113.77", "since [ip]"),
        ("on Android 192.168.0.14", "on Android [ip]"),
    ]);
}

#[test]
fn overlaps_take_the_strongest_name_and_all_they_cover() {
    becomes(&[("https://u:p@example.com/?mail=jane@example.com", "[url]")]);
    assert_eq!(redact("Jane.Doe@example.com", &["jane", "doe"]).0, "[email]");
}

#[test]
fn what_is_replaced_is_counted() {
    let (text, counts) = redact("a@b.co c@d.co 4111111111111111", &[]);
    assert_eq!(text, "[email] [email] [card]");
    assert_eq!(counts.iter().collect::<Vec<_>>(), [("card", 1), ("email", 2)]);
    assert_eq!((counts.total(), counts.of(Class::Email), counts.is_empty()), (3, 2, false));
    let mut both = counts;
    both += counts;
    assert_eq!(both.total(), 6);
    both.clear();
    assert!(both.is_empty() && both.iter().next().is_none());
}

#[test]
fn output_is_appended() {
    let (mut out, mut counts) = (String::from("before "), Default::default());
    crate::redact::Redactor.redact_into("a@b.co", Known::nobody(), &mut out, &mut counts);
    crate::redact::Redactor.redact_into(" clean", Known::nobody(), &mut out, &mut counts);
    assert_eq!(out, "before [email] clean");
}
