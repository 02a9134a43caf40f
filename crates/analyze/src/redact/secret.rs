//! Passwords, keys and access tokens: by the prefix of who issues them, or by the word that introduces them.

use super::chars::{before, byte, glued_left, run_end, run_start};
use super::{Class, email, scan::Hit};

fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"_-.+/=~".contains(&b)
}

fn hit(text: &str, start: usize, end: usize) -> Hit {
    let kept = text[start..end].trim_end_matches(['.', '-', '/']).len();
    Hit::new(start..start + kept, Class::Token)
}

/// Issuers' prefixes up to their first joint, what must follow it, and how many characters a token has at least
/// behind the joint. Sources: the issuers' documentation, GitHub's secret scanning patterns.
const PREFIXES: &[(&str, &str, usize)] = &[
    ("sk_", "", 16),
    ("pk_", "", 16),
    ("rk_", "", 16),
    ("sk-", "", 16),
    ("whsec_", "", 16),
    ("ghp_", "", 16),
    ("gho_", "", 16),
    ("ghu_", "", 16),
    ("ghs_", "", 16),
    ("ghr_", "", 16),
    ("github_", "pat_", 16),
    ("glpat-", "", 12),
    ("gldt-", "", 12),
    ("glrt-", "", 12),
    ("glsa_", "", 16),
    ("xoxa-", "", 10),
    ("xoxb-", "", 10),
    ("xoxe-", "", 10),
    ("xoxp-", "", 10),
    ("xoxr-", "", 10),
    ("xoxs-", "", 10),
    ("xapp-", "", 10),
    ("npm_", "", 24),
    ("pypi-", "", 24),
    ("hf_", "", 24),
    ("shpat_", "", 16),
    ("shpss_", "", 16),
    ("dop_", "v1_", 24),
    ("dckr_", "pat_", 16),
    ("sq0atp-", "", 16),
    ("sq0csp-", "", 16),
    ("lin_", "api_", 24),
];

/// So much of a token is looked at before it is called one.
const MAX_TOKEN: usize = 128;

/// At the `_` or `-` that ends a prefix.
pub(super) fn prefixed(text: &str, at: usize) -> Option<Hit> {
    if !byte(text, at + 1).is_ascii_alphanumeric() {
        return begin_private_key(text, at);
    }
    let start = run_start(text, at, |b| b.is_ascii_alphanumeric());
    let (_, rest, least) = PREFIXES.iter().find(|(prefix, ..)| *prefix == &text[start..=at])?;
    let token = text.as_bytes()[at + 1..].iter().take(MAX_TOKEN).take_while(|b| is_token(**b));
    let (length, digits) =
        token.fold((0, 0), |(length, digits), b| (length + 1, digits + u32::from(b.is_ascii_digit())));
    let told = length >= *least && digits > 0 && text[at + 1..].starts_with(rest);
    told.then(|| hit(text, start, run_end(text, at + 1, is_token)))
}

/// `-----BEGIN … PRIVATE KEY-----` and all up to its end.
fn begin_private_key(text: &str, at: usize) -> Option<Hit> {
    let rest = text[at..].strip_prefix("-----BEGIN ")?;
    let head = rest.find("-----")?;
    if head > 40 || !rest[..head].ends_with("PRIVATE KEY") {
        return None;
    }
    let body = at + "-----BEGIN ".len() + head + 5;
    let end = match text[body..].find("-----END ") {
        Some(found) => run_end(text, body + found, |b| b == b'-' || b == b' ' || b.is_ascii_uppercase()),
        None => text.len(),
    };
    Some(Hit::new(at..at + text[at..end].trim_end_matches(' ').len(), Class::Token))
}

/// At a rare letter within the fixed beginning of a token, or within a word that introduces one.
pub(super) fn marked(text: &str, at: usize) -> Option<Hit> {
    let bytes = text.as_bytes();
    let starts = |back: usize, mark: &str| {
        let start = at.checked_sub(back)?;
        let found =
            bytes[start..].starts_with(mark.as_bytes()) && !before(text, start).is_ascii_alphanumeric();
        found.then_some(start)
    };
    match bytes[at] {
        b'J' => starts(2, "eyJ").and_then(|start| {
            let end = run_end(text, start, is_token);
            let token = &text[start..end];
            (token.len() >= 40 || token.len() >= 16 && token.contains('.')).then(|| hit(text, start, end))
        }),
        b'K' if starts(1, "AKIA").is_some() => access_key_id(text, at - 1),
        b'S' => starts(1, "ASIA")
            .and_then(|start| access_key_id(text, start))
            .or_else(|| starts(0, "SG.").and_then(|start| dotted(text, start, 2))),
        b'z' => starts(2, "AIza").and_then(|start| {
            let end = run_end(text, start, |b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            (end - start >= 30).then(|| hit(text, start, end))
        }),
        b'B' => starts(0, "Bearer ")
            .map(|start| start + 7)
            .or_else(|| starts(0, "Basic ").map(|start| start + 6))
            .and_then(|from| {
                let end = run_end(text, from, is_token);
                (end - from >= 8 && has_digit(&text[from..end])).then(|| hit(text, from, end))
            }),
        b'w' | b'W' => told_password(text, at),
        b'k' | b'K' | b'c' | b'C' => told_key(text, at),
        b'd' | b'D' if before(text, at) == b' ' && begins(text, at, "dot ") => email::spoken(text, at - 1),
        _ => None,
    }
}

fn access_key_id(text: &str, start: usize) -> Option<Hit> {
    let end = run_end(text, start, |b| b.is_ascii_uppercase() || b.is_ascii_digit());
    (end - start >= 20).then(|| hit(text, start, end))
}

/// `SG.….…`: a prefix, and so many points that part a run of token characters.
fn dotted(text: &str, start: usize, points: usize) -> Option<Hit> {
    let end = run_end(text, start, is_token);
    let token = &text[start..end];
    let fits = token.len() >= 24 && has_digit(token) && token.matches('.').count() >= points;
    fits.then(|| hit(text, start, end))
}

/// `ya29.…`, from its first digit.
pub(super) fn numbered(text: &str, at: usize) -> Option<Hit> {
    let start = at.checked_sub(2).filter(|start| begins(text, *start, "ya29."))?;
    let apart = !before(text, start).is_ascii_alphanumeric();
    apart.then(|| dotted(text, start, 1)).flatten()
}

/// `my password is hunter2`, `the pw is hunter2`, from the `w`.
fn told_password(text: &str, at: usize) -> Option<Hit> {
    let end = run_end(text, at, |b| b.is_ascii_alphabetic());
    let long = at.checked_sub(4).is_some_and(|start| begins(text, start, "pass"));
    let short = at.checked_sub(1).is_some_and(|start| {
        begins(text, start, "p")
            && !glued_left(text, start)
            && ["w", "wd"].iter().any(|rest| text[at..end].eq_ignore_ascii_case(rest))
    });
    if !long && !short || byte(text, end) != b' ' {
        return None;
    }
    let from = behind_fillers(text, end).0;
    let end = value_end(text, from);
    let value = &text[from..end];
    (value.len() >= 5 && is_random(value) && !is_placeholder(value))
        .then(|| Hit::new(from..end, Class::Token))
}

/// `my API key is 9f86…`, `the token 4f3c…`, `secret wJal…`: from a letter of the word.
fn told_key(text: &str, at: usize) -> Option<Hit> {
    const WORDS: [(&str, usize); 3] = [("key", 0), ("token", 2), ("secret", 2)];
    let (word, start) = WORDS.iter().find_map(|(word, back)| {
        let start = at.checked_sub(*back)?;
        begins(text, start, word).then_some((word, start))
    })?;
    let end = start + word.len();
    if byte(text, end) != b' ' {
        return None;
    }
    let (from, said) = behind_fillers(text, end);
    let end = value_end(text, from);
    let value = &text[from..end];
    // Right behind the word stand other things too, a number or a name of its kind.
    let plain = value.len() >= 24 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_".contains(&b));
    (is_key(value) && (said || plain)).then(|| Hit::new(from..end, Class::Token))
}

/// Past ` is `, ` was set to ` and quotes, and whether there was such a word.
fn behind_fillers(text: &str, mut from: usize) -> (usize, bool) {
    let mut said = false;
    for _ in 0..2 {
        from = run_end(text, from, |b| b == b' ');
        let end = run_end(text, from, |b| b.is_ascii_alphabetic());
        if !["is", "was", "to", "as", "ist", "war", "lautet", "es", "est"].contains(&&text[from..end]) {
            break;
        }
        (from, said) = (end, true);
    }
    (run_end(text, from, |b| b" \"'`".contains(&b)), said)
}

/// Letters and digits that nobody would say: a hash, or a long mix of both cases; no word with a year behind it, no
/// call and no address.
fn is_key(value: &str) -> bool {
    let bytes = value.as_bytes();
    let count = |is: fn(&u8) -> bool| bytes.iter().filter(|byte| is(byte)).count();
    let turns = bytes.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    let mixed = value.len() >= 32
        && turns > 0
        && [u8::is_ascii_lowercase, u8::is_ascii_uppercase].iter().all(|is| count(*is) >= 3);
    value.len() >= 16
        && (mixed || turns >= 4 && count(u8::is_ascii_alphabetic) >= 3)
        && !value.contains(['(', '['])
        && !value.contains("://")
}

/// In any case.
fn begins(text: &str, at: usize, word: &str) -> bool {
    text.as_bytes().get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
}

/// At the `:` or `=` behind a word that introduces a secret.
pub(super) fn assigned(text: &str, at: usize) -> Option<Hit> {
    let key_end = run_start(text, at, |b| b" \"'`\\".contains(&b));
    let key_start =
        run_start(text, key_end, |b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b >= 0x80);
    if byte(text, at + 1) == b':' || before(text, at) == b':' {
        return None;
    }
    let need = needed(text.get(key_start..key_end)?)?;

    let close = byte(text, at) == b'=' && byte(text, at + 1) != b' ';
    let mut from = run_end(text, at + 1, |b| b" =>\"'`\\".contains(&b));
    for scheme in ["Bearer ", "bearer ", "Basic ", "basic ", "Token ", "token "] {
        if text[from..].starts_with(scheme) {
            from += scheme.len();
        }
    }
    let end = value_end(text, from);
    let value = &text[from..end];
    let told = match need {
        _ if is_placeholder(value) || !value.contains(char::is_alphanumeric) => false,
        Need::Any if close => value.len() >= 4,
        Need::Any => value.len() >= 4 && is_random(value),
        // A call or an address is code that reads a key.
        Need::Random => {
            value.len() >= 8 && has_digit(value) && !value.contains('(') && !value.contains("://")
        }
    };
    told.then(|| Hit::new(from..end, Class::Token))
}

fn value_end(text: &str, from: usize) -> usize {
    let end = run_end(text, from, |b| b > b' ' && !b"\"'`<>,;&\\".contains(&b));
    // A run is cut in the middle of a character only where it is cut for its length.
    let end = (from..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(from);
    from + text[from..end].trim_end_matches(['.', '!', '?', ')', ']', '}', ':']).len()
}

fn is_placeholder(value: &str) -> bool {
    value.starts_with('[')
}

/// How much a value must look like a secret, by the word before it.
enum Need {
    Any,
    Random,
}

fn needed(key: &str) -> Option<Need> {
    let ends = |words: &[&str]| {
        words.iter().any(|word| {
            key.len() >= word.len()
                && key.as_bytes()[key.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
        })
    };
    let last = key.rsplit(['_', '-']).next().unwrap_or(key);
    let is = |words: &[&str]| words.iter().any(|word| last.eq_ignore_ascii_case(word));
    if ends(&[
        "password",
        "passwd",
        "passwort",
        "passphrase",
        "passcode",
        "token",
        "secret",
        "apikey",
        "api_key",
        "api-key",
    ]) || is(&[
        "pwd",
        "pw",
        "kennwort",
        "wachtwoord",
        "contraseña",
        "senha",
        "hasło",
        "passe",
        "lösenord",
        "пароль",
        "jwt",
    ]) || ends(&["access_key", "private_key", "accesskey", "client_secret", "secret_key"])
    {
        return Some(Need::Any);
    }
    is(&[
        "key",
        "pass",
        "auth",
        "authorization",
        "sig",
        "signature",
        "credential",
        "credentials",
        "session",
        "sessionid",
        "sid",
        "cookie",
        "otp",
    ])
    .then_some(Need::Random)
    .or_else(|| ends(&["session_id", "session-id"]).then_some(Need::Random))
}

/// Whether a query parameter of this name carries a credential.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    needed(name).is_some()
}

fn has_digit(value: &str) -> bool {
    value.bytes().any(|b| b.is_ascii_digit())
}

/// More than a word: digits, signs or capitals within.
fn is_random(value: &str) -> bool {
    let inner = value.trim_matches(|c: char| c.is_ascii_punctuation());
    inner.bytes().any(|b| b.is_ascii_digit() || b"$%#@!*^_+~|=".contains(&b))
        || inner.chars().skip(1).any(|c| c.is_ascii_uppercase())
            && inner.chars().any(|c| c.is_ascii_lowercase())
}
