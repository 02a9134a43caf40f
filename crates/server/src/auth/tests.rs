use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
const SECOND: i64 = 1_000_000;

fn access(change: impl FnOnce(&mut AccessOptions)) -> (tempfile::TempDir, TokenFile, Access) {
    let dir = tempfile::tempdir().unwrap();
    let tokens = TokenFile::new(dir.path().join("tokens"));
    let mut options =
        AccessOptions { tokens: tokens.clone(), open_on_loopback: false, behind_proxy: false, address: None };
    change(&mut options);
    (dir, tokens, Access::new(options))
}

fn headers(named: &[(&'static str, &str)]) -> HeaderMap {
    named
        .iter()
        .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
        .collect()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * SECOND)
}

fn sign_in(access: &Access, token: &str, named: &[(&'static str, &str)]) -> Result<String, Problem> {
    let cookie = access.sign_in(token, &headers(named), &Extensions::new(), NOW)?;
    Ok(cookie.to_str().unwrap().to_owned())
}

/// As a browser sends it back.
fn of_browser(cookie: &str) -> HeaderMap {
    headers(&[("cookie", &format!("theme=dark; {}; other=1", cookie.split(';').next().unwrap()))])
}

#[test]
fn a_session_ends_with_its_token() {
    let (_dir, file, access) = access(|_| {});
    let (token, _) = file.create("jane", Role::Editor, Some(later(100)), NOW).unwrap();
    let cookie = of_browser(&sign_in(&access, token.reveal(), &[]).unwrap());
    let who = |now| access.identify(&cookie, &Extensions::new(), now).unwrap().map(|caller| caller.role);
    assert_eq!(who(NOW), Some(Role::Editor));
    assert_eq!(who(later(99)), Some(Role::Editor));
    assert_eq!(who(later(100)), None, "the token has expired");
    let (token, _) = file.create("joe", Role::Viewer, None, NOW).unwrap();
    let cookie = of_browser(&sign_in(&access, token.reveal(), &[]).unwrap());
    let who = |now| access.identify(&cookie, &Extensions::new(), now).unwrap().map(|caller| caller.role);
    assert_eq!(who(later(200)), Some(Role::Viewer));
    file.revoke("joe").unwrap();
    assert_eq!(who(later(202)), None, "it was revoked");
}

#[test]
fn who_signs_out_is_out_and_who_signs_in_again_gets_another_session() {
    let (_dir, file, access) = access(|_| {});
    let (token, _) = file.create("jane", Role::Viewer, None, NOW).unwrap();
    let first = of_browser(&sign_in(&access, token.reveal(), &[]).unwrap());
    let is_in = |cookie: &HeaderMap| access.identify(cookie, &Extensions::new(), NOW).unwrap().is_some();
    assert!(is_in(&first));
    let again = access.sign_in(token.reveal(), &first, &Extensions::new(), NOW).unwrap();
    let again = of_browser(again.to_str().unwrap());
    assert!(!is_in(&first) && is_in(&again), "nobody keeps the id that was there before");
    let gone = access.sign_out(&again);
    assert!(gone.to_str().unwrap().contains("Max-Age=0"), "{gone:?}");
    assert!(!is_in(&again));
}

#[test]
fn a_sender_has_no_session_and_a_wrong_token_none_either() {
    let (_dir, file, access) = access(|_| {});
    let (token, _) = file.create("shop", Role::Sender, None, NOW).unwrap();
    let refused = |token: &str| sign_in(&access, token, &[]).unwrap_err().status.as_u16();
    assert_eq!(refused(token.reveal()), 403);
    assert_eq!(refused("vbt_wrong"), 401);
    assert_eq!(refused(""), 401);
    let counted = access.counters();
    assert!(counted.contains(&("verbatim_http_refused_sign_ins_total".to_owned(), 3)), "{counted:?}");
}

#[test]
fn the_cookie_is_for_this_site_alone_and_secure_where_the_way_is() {
    let flags = |change: fn(&mut AccessOptions), named: &[(&'static str, &str)]| {
        let (_dir, file, access) = access(change);
        let (token, _) = file.create("jane", Role::Viewer, None, NOW).unwrap();
        let cookie = sign_in(&access, token.reveal(), named).unwrap();
        let (_, flags) = cookie.split_once("; ").unwrap();
        flags.to_owned()
    };
    let plain = flags(|_| {}, &[]);
    assert_eq!(plain, "HttpOnly; SameSite=Strict; Path=/; Max-Age=604800");
    let proto = [("x-forwarded-proto", "https")];
    assert_eq!(flags(|_| {}, &proto), plain, "nobody trusts who says so");
    let secure = "HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=604800";
    assert_eq!(flags(|options| options.behind_proxy = true, &proto), secure);
    assert_eq!(flags(|options| options.address = Some("https://v.example.com".to_owned()), &[]), secure);
}

#[test]
fn behind_a_proxy_each_client_has_its_own_attempts() {
    let (_dir, _file, access) = access(|options| options.behind_proxy = true);
    let refused = |client: &str| {
        let named = headers(&[("authorization", "Bearer no"), ("x-forwarded-for", client)]);
        access.identify(&named, &Extensions::new(), NOW).unwrap_err().status.as_u16()
    };
    for _ in 0..10 {
        assert_eq!(refused("192.0.2.1"), 401);
    }
    assert_eq!(refused("192.0.2.1"), 429);
    assert_eq!(refused("192.0.2.1, 192.0.2.2"), 401, "the proxy's own word is the last");
}

#[test]
fn nobody_is_nobody() {
    let (_dir, _file, access) = access(|_| {});
    for named in [&[][..], &[("cookie", "verbatim_session=")], &[("cookie", "verbatim_session=x; ;;=")]] {
        assert!(access.identify(&headers(named), &Extensions::new(), NOW).unwrap().is_none(), "{named:?}");
    }
}
