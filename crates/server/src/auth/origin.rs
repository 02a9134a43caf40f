//! Where a request came from: the machine, the address that the browser showed, the page that made it.

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, Method, header, uri::Authority};
use std::net::{IpAddr, SocketAddr};

const FETCH_SITE: &str = "sec-fetch-site";
const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";
/// What tells that somebody passed the request on.
const PASSED_ON: [&str; 6] =
    [FORWARDED_FOR, FORWARDED_PROTO, "x-forwarded-host", "x-real-ip", "forwarded", "via"];

/// Whether a method asks for no change.
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The other end of the connection; `None` where there is none, in a test.
pub(super) fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip().to_canonical())
}

/// Whoever the proxy heard from: the last address of the list, which is the one that the proxy itself has added.
pub(super) fn behind_proxy(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// Whether the proxy was asked by https.
pub(super) fn is_https_behind_proxy(headers: &HeaderMap) -> bool {
    let last = headers.get_all(FORWARDED_PROTO).iter().next_back().and_then(|value| value.to_str().ok());
    last.and_then(|list| list.rsplit(',').next())
        .is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
}

/// Whether a request was made on this machine, to this machine by a name of its own. A page of the outside whose name was
/// made to lead here is known by that name, and what a proxy passes on by what it adds.
pub(super) fn is_local(peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
    let from_here = peer.is_some_and(|peer| peer.to_canonical().is_loopback());
    from_here && names_loopback(headers) && !PASSED_ON.iter().any(|name| headers.contains_key(*name))
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = host(headers) else { return false };
    let name = host.host();
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// The one that a request names. Of two nobody knows which is meant.
fn host(headers: &HeaderMap) -> Option<Authority> {
    let mut all = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (all.next(), all.next()) else { return None };
    host.to_str().ok()?.parse().ok()
}

/// Whether a page of ours made the request, or no page at all. Browsers say so by themselves: `sec-fetch-site`, and
/// `origin` with whatever changes something; pages cannot set either. `address` is where people open the dashboard, for a
/// proxy that asks by another name.
pub(super) fn is_ours(headers: &HeaderMap, address: Option<&str>) -> bool {
    let site = headers.get(FETCH_SITE).map(|site| site.as_bytes());
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let asked = host(headers).is_some_and(|host| {
        let origin = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host.as_str()))
    });
    asked || address.and_then(origin_of).is_some_and(|ours| ours.eq_ignore_ascii_case(origin))
}

/// Whether another site's page, or a mail, led here.
pub(crate) fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get(FETCH_SITE).is_some_and(|site| matches!(site.as_bytes(), b"cross-site" | b"same-site"))
}

/// `https://host:port` of an address.
fn origin_of(address: &str) -> Option<&str> {
    let scheme = address.find("://")? + 3;
    let path = address[scheme..].find('/').map_or(address.len(), |slash| scheme + slash);
    Some(&address[..path])
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn headers(named: &[(&'static str, &str)]) -> HeaderMap {
        let named = named.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        // Appended: a name may stand there twice.
        let mut headers = HeaderMap::new();
        for (name, value) in named {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn only_this_machine_by_its_own_name_is_local() {
        let here = |peer: &str, named: &[(&'static str, &str)]| {
            is_local(Some(peer.parse().unwrap()), &headers(named))
        };
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080", "[::1]"] {
            assert!(here("127.0.0.1", &[("host", host)]), "{host}");
            assert!(here("::ffff:127.0.0.1", &[("host", host)]), "{host}");
            assert!(!here("192.0.2.1", &[("host", host)]), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1:8080", "a b", ""]
        {
            assert!(!here("127.0.0.1", &[("host", host)]), "{host}");
        }
        assert!(!here("127.0.0.1", &[]), "no name");
        assert!(!here("127.0.0.1", &[("host", "localhost"), ("host", "localhost")]), "two names");
        for passed in
            ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "forwarded", "via"]
        {
            assert!(!here("127.0.0.1", &[("host", "localhost"), (passed, "x")]), "{passed}");
        }
        assert!(!is_local(None, &headers(&[("host", "localhost")])));
    }

    #[test]
    fn what_another_sites_page_asks_for_is_not_ours() {
        let ours =
            |named: &[(&'static str, &str)]| is_ours(&headers(named), Some("https://v.example.com/feedback"));
        let host = ("host", "127.0.0.1:8080");
        assert!(ours(&[host]), "no page");
        assert!(ours(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[host, ("sec-fetch-site", "none")]));
        assert!(ours(&[host, ("origin", "http://127.0.0.1:8080")]));
        assert!(ours(&[host, ("origin", "https://V.example.com")]), "by the proxy's name");
        for site in ["cross-site", "same-site", "", "same-origin, none"] {
            assert!(!ours(&[host, ("sec-fetch-site", site), ("origin", "http://127.0.0.1:8080")]), "{site}");
        }
        for origin in [
            "null",
            "",
            "http://evil.example",
            "http://127.0.0.1",
            "http://127.0.0.1:8081",
            "127.0.0.1:8080",
            "http://v.example.com",
            "https://v.example.com.evil.example",
            "https://v.example.com/feedback",
        ] {
            assert!(!ours(&[host, ("origin", origin)]), "{origin}");
            assert!(!ours(&[host, ("origin", origin), ("sec-fetch-site", "same-site")]), "{origin}");
        }
        assert!(!ours(&[("origin", "http://127.0.0.1:8080")]), "no host to compare with");
    }

    #[test]
    fn of_what_a_proxy_says_the_last_word_counts() {
        let named =
            headers(&[("x-forwarded-for", "6.6.6.6, 192.0.2.9"), ("x-forwarded-proto", "http, HTTPS")]);
        assert_eq!(behind_proxy(&named), Some("192.0.2.9".parse().unwrap()));
        assert!(is_https_behind_proxy(&named));
        let twice = headers(&[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "192.0.2.9")]);
        assert_eq!(behind_proxy(&twice), Some("192.0.2.9".parse().unwrap()));
        assert_eq!(behind_proxy(&headers(&[("x-forwarded-for", "unknown")])), None);
        assert!(!is_https_behind_proxy(&headers(&[("x-forwarded-proto", "https, http")])));
        assert!(!is_https_behind_proxy(&headers(&[])));
    }
}
