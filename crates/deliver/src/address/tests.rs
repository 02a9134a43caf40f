use super::*;
use std::sync::Mutex;

/// Every range that has a rule, at its first and last address where that says more than one in the middle.
const REFUSED: &[(&str, Range)] = &[
    ("0.0.0.0", Range::Unspecified),
    ("0.1.2.3", Range::Reserved),
    ("10.0.0.0", Range::Private),
    ("10.255.255.255", Range::Private),
    ("100.64.0.0", Range::Shared),
    ("100.127.255.255", Range::Shared),
    ("100.100.100.200", Range::Metadata),
    ("127.0.0.1", Range::Loopback),
    ("127.255.255.254", Range::Loopback),
    ("168.63.129.16", Range::Metadata),
    ("169.254.0.1", Range::LinkLocal),
    ("169.254.169.254", Range::Metadata),
    ("172.16.0.0", Range::Private),
    ("172.31.255.255", Range::Private),
    ("192.0.0.1", Range::Reserved),
    ("192.0.0.192", Range::Metadata),
    ("192.0.2.1", Range::Reserved),
    ("192.88.99.1", Range::Reserved),
    ("192.168.0.1", Range::Private),
    ("198.18.0.1", Range::Reserved),
    ("198.19.255.255", Range::Reserved),
    ("198.51.100.7", Range::Reserved),
    ("203.0.113.7", Range::Reserved),
    ("224.0.0.1", Range::Multicast),
    ("239.255.255.255", Range::Multicast),
    ("240.0.0.1", Range::Reserved),
    ("255.255.255.255", Range::Reserved),
    ("::", Range::Unspecified),
    ("::1", Range::Loopback),
    ("::7f00:1", Range::Reserved),
    ("::ffff:127.0.0.1", Range::Loopback),
    ("::ffff:10.1.2.3", Range::Private),
    ("::ffff:169.254.169.254", Range::Metadata),
    ("64:ff9b::10.1.2.3", Range::Reserved),
    ("64:ff9b::169.254.169.254", Range::Metadata),
    ("64:ff9b:1::8.8.8.8", Range::Reserved),
    ("100::1", Range::Reserved),
    ("2001::1", Range::Reserved),
    ("2001:10::1", Range::Reserved),
    ("2001:db8::1", Range::Reserved),
    ("2002:7f00:1::", Range::Reserved),
    ("2002:a9fe:a9fe::", Range::Metadata),
    ("3fff::1", Range::Reserved),
    ("5f00::1", Range::Reserved),
    ("fc00::1", Range::Private),
    ("fd00:ec2::23", Range::Metadata),
    ("fd00:ec2::254", Range::Metadata),
    ("fd20:ce::254", Range::Metadata),
    ("fd20:ce::253", Range::Private),
    ("fdff:ffff::1", Range::Private),
    ("fe80::1", Range::LinkLocal),
    ("febf::1", Range::LinkLocal),
    ("fec0::1", Range::Private),
    ("ff02::1", Range::Multicast),
];

const OPEN: &[&str] = &[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:4860:4860::8888",
    "2002:808:808::1",
    "2606:4700::1111",
];

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn every_range_inside_is_known() {
    for (text, range) in REFUSED {
        assert_eq!(range_of(ip(text)), Some(*range), "{text}");
        assert_eq!(Allowed::default().refuses(ip(text)), Some(*range), "{text}");
    }
    for text in OPEN {
        assert_eq!(range_of(ip(text)), None, "{text}");
    }
}

#[test]
fn what_is_named_is_allowed_and_nothing_beside_it() {
    let allowed = Allowed::parse(["10.1.0.0/16", " 127.0.0.1", "fd12::/16"]).unwrap();
    for text in ["10.1.2.3", "127.0.0.1", "::ffff:127.0.0.1", "fd12::7", "8.8.8.8"] {
        assert_eq!(allowed.refuses(ip(text)), None, "{text}");
    }
    for text in ["10.2.0.1", "127.0.0.2", "fd13::7", "64:ff9b::10.1.2.3", "2002:a01:203::"] {
        assert!(allowed.refuses(ip(text)).is_some(), "{text}");
    }
    assert_eq!(Allowed::parse(["10.0.0.0/33"]), Err("10.0.0.0/33".to_owned()));
    assert_eq!(Allowed::parse(["intranet"]), Err("intranet".to_owned()));
}

#[test]
fn nobody_can_name_what_gives_credentials_away() {
    let all = Allowed::parse(["0.0.0.0/0", "::/0"]).unwrap();
    for text in
        ["169.254.169.254", "fd20:ce::254", "100.100.100.200", "169.254.1.1", "fe80::1", "224.0.0.1", "::"]
    {
        assert!(all.refuses(ip(text)).is_some(), "{text}");
    }
}

#[test]
fn an_address_is_https_and_nothing_else() {
    let none = Allowed::default();
    let inside = Allowed::parse(["127.0.0.1"]).unwrap();
    assert_eq!(web_address(" https://example.com/a?b ", &none).unwrap().host_str(), Some("example.com"));
    assert!(web_address("http://127.0.0.1:80/", &inside).is_ok());
    for (text, why) in [
        ("http://example.com/", BadUrl::Scheme),
        ("ftp://example.com/", BadUrl::Scheme),
        ("file:///etc/passwd", BadUrl::Scheme),
        ("example.com/hook", BadUrl::Form),
        ("https://user:secret@example.com/", BadUrl::Credentials),
        ("https://example.com/#x", BadUrl::Fragment),
        ("https://127.0.0.1/", BadUrl::Inside),
        // The same address, as a number, in octal, in hexadecimal, in short.
        ("https://2130706433/", BadUrl::Inside),
        ("https://0177.0.0.1/", BadUrl::Inside),
        ("https://0x7f.1/", BadUrl::Inside),
        ("https://[::1]/", BadUrl::Inside),
        ("https://[::ffff:10.0.0.1]/", BadUrl::Inside),
    ] {
        assert_eq!(web_address(text, &none), Err(why), "{text}");
    }
    assert_eq!(web_address("http://10.0.0.1/", &inside), Err(BadUrl::Inside));
}

/// Answers each question with the next of its answers, as who would get inside does.
struct Rebinding(Mutex<Vec<Vec<&'static str>>>);

#[async_trait]
impl Resolve for Rebinding {
    async fn resolve(&self, _: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let answer = self.0.lock().unwrap().pop().ok_or_else(|| io::Error::other("asked too often"))?;
        Ok(answer.into_iter().map(|text| SocketAddr::new(ip(text), port)).collect())
    }
}

#[tokio::test]
async fn each_answer_is_checked_and_a_mixed_one_refused() {
    // Told from the end.
    let answers =
        vec![vec![], vec!["8.8.8.8", "127.0.0.1"], vec!["169.254.169.254"], vec!["8.8.8.8", "8.8.4.4"]];
    let reach = Reach::new(Arc::new(Rebinding(Mutex::new(answers))), Allowed::default());
    let first = reach.addresses("hooks.example", 443).await.unwrap();
    assert_eq!(first, ["8.8.8.8", "8.8.4.4"].map(|text| SocketAddr::new(ip(text), 443)));
    let second = reach.addresses("hooks.example", 443).await.unwrap_err();
    assert!(matches!(second, AddressError::Refused { range: Range::Metadata, .. }), "{second}");
    assert!(!second.to_string().contains("allow_private"), "{second}");
    let third = reach.addresses("hooks.example", 443).await.unwrap_err().to_string();
    assert!(third.contains("127.0.0.1, this machine itself") && third.contains("allow_private"), "{third}");
    assert!(matches!(reach.addresses("hooks.example", 443).await, Err(AddressError::NoAddress { .. })));
    assert!(matches!(reach.addresses("hooks.example", 443).await, Err(AddressError::Unresolved { .. })));
    // An address needs no resolver, and gets no exception.
    assert!(reach.addresses("1.1.1.1", 443).await.is_ok());
    assert!(reach.addresses("::1", 443).await.is_err());
}
