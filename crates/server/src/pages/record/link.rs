//! An address that came with a record.

use maud::{Markup, html};

/// As text; a link where a browser goes to a page with it and does nothing else. The page there learns nothing of ours.
pub(super) fn link(address: &str) -> Markup {
    html! {
        @if leads_to_a_page(address) {
            a href=(address) rel="noopener noreferrer nofollow" { bdi { (address) } }
        } @else {
            bdi { (address) }
        }
    }
}

/// Browsers pass over white space and controls when they look for a scheme: of an address with any nothing is sure.
fn leads_to_a_page(address: &str) -> bool {
    let begins =
        |scheme: &str| address.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme));
    let is_plain = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    is_plain && (begins("https://") || begins("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_are_linked() {
        for page in ["https://example.com/a?b=%22", "HTTP://example.com", "https://exämple.com/"] {
            assert!(link(page).into_string().starts_with("<a href=\""), "{page}");
        }
        for other in [
            "javascript:alert(1)",
            "JavaScript://example.com/%0aalert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "http:evil",
            " https://example.com",
            "https://example.com/\tx",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "//example.com",
            "ftp://example.com",
            "é",
            "",
        ] {
            let drawn = link(other).into_string();
            assert!(drawn.starts_with("<bdi>") && !drawn.contains("href"), "{other}: {drawn}");
        }
        let quoted = link("https://example.com/\"onclick=\"alert(1)").into_string();
        assert!(quoted.contains("href=\"https://example.com/&quot;onclick=&quot;alert(1)\""), "{quoted}");
        assert!(quoted.contains("rel=\"noopener noreferrer nofollow\""), "{quoted}");
    }
}
