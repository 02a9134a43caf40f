use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;

fn keep(html: &str) -> String {
    to_text(html, Quotes::Keep)
}

fn own(html: &str) -> String {
    to_text(html, Quotes::LeaveOut)
}

#[test]
fn blocks_and_breaks_begin_lines() {
    for (html, text) in [
        ("a<br>b", "a\nb"),
        ("a<br/>b<BR>c</br>d", "a\nb\nc\nd"),
        ("a<br><br>b", "a\n\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<p>b", "a\n\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<div>a<br></div><div>b</div>", "a\nb"),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<div><div><div>a</div></div></div>b", "a\nb"),
        ("<h1>Hi</h1>there", "Hi\n\nthere"),
        ("a<hr>b", "a\n\nb"),
        ("a<br><br><br><br><br>b", "a\n\nb"),
        ("<p>&nbsp;</p><p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    ] {
        assert_eq!(keep(html), text, "{html}");
    }
}

#[test]
fn items_of_lists_begin_with_a_dash() {
    let html = "It<ul><li>starts <b>slowly</b></li><li><p>stops</p></li></ul>often";
    assert_eq!(keep(html), "It\n\n- starts slowly\n\n- stops\n\noften");
    assert_eq!(keep("<ol><li>a<li>b<ul><li>c</ul><li></ol>"), "- a\n- b\n\n- c");
}

#[test]
fn white_space_is_what_a_browser_shows() {
    for (html, text) in [
        ("  a \r\n\t b  ", "a b"),
        ("<b>a</b> <i>b</i>c", "a bc"),
        ("a <br> b", "a\nb"),
        ("<p> a </p> <p> b </p>", "a\n\nb"),
        ("a&nbsp;&nbsp;b", "a b"),
        ("<pre>\n  x = 1\n\ty</pre>z", "  x = 1\n\ty\n\nz"),
        ("co\u{ad}operate\u{200b}!", "cooperate!"),
        ("a\0b", "ab"),
    ] {
        assert_eq!(keep(html), text, "{html:?}");
    }
}

#[test]
fn links_keep_their_text_and_entities_are_decoded() {
    let html = "See <a href=\"https://example.org/?a=1\">the page</a> &amp; &lt;b&gt; &#8364;&#x20AC; &eacute;t&eacute;";
    assert_eq!(keep(html), "See the page & <b> €€ été");
    assert_eq!(keep("Great <img alt=\"👍\" src=x> work <img alt='Logo of Acme' src=y>!"), "Great 👍 work !");
}

#[test]
fn what_is_not_displayed_is_dropped() {
    for html in [
        "a<script>if (a<b) { x = \"</p>\" + '<a href=\"'; }</script>b",
        "a<style>p > b { color: red }</style>b",
        "<head><title>T <b></title><meta charset=utf-8></head>ab",
        "<!DOCTYPE html><html><body>a<!-- c -->b</body></html>",
        "a<template><p>x</p><template>y</template>z</template>b",
        "a<svg><title>x</title><text>y</text></svg>b<svg/>",
        "a<noscript>x</noscript>b",
        "a<span style=\"color: red; DISPLAY : none\">x<span>y</span></span>b",
        "a<div hidden>x</div>b",
        "a<p hidden>x<p>b",
        "a<![CDATA[x]]>b",
        "a<iframe src=x>y</iframe>b",
        "a<input hidden>b",
    ] {
        assert_eq!(keep(html).replace('\n', ""), "ab", "{html}");
    }
    assert_eq!(keep("a<script>b"), "a");
    assert_eq!(keep("<p onclick=\"alert(1)\">a <a href=\"javascript:alert(1)\">b</a></p>"), "a b");
}

#[test]
fn what_a_mail_quotes_is_left_out_when_told() {
    let gmail = "<div dir=\"ltr\">It still fails.</div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" \
                 class=\"gmail_attr\">On Mon, 2 Mar 2026 at 09:30, Ines &lt;<a href=\"mailto:i@example.org\">i@example.org</a>&gt; \
                 wrote:<br></div><blockquote class=\"gmail_quote\"><div>Please try again.</div></blockquote></div>";
    assert_eq!(own(gmail), "It still fails.");
    assert!(keep(gmail).contains("Please try again."));

    let apple = "<div>Now it works, thanks.</div><div><br><blockquote type=\"cite\"><div>On 2 Mar 2026, at 09:30, Ines wrote:\
                 </div><blockquote>deeper</blockquote>Please try again.</blockquote></div><div>Sam</div>";
    assert_eq!(own(apple), "Now it works, thanks.\n\nSam");

    let outlook = "<div>See below.</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Ines<br>\
                   <b>Sent:</b> Monday</div><div>Please try again.</div>";
    assert_eq!(own(outlook), "See below.");

    let bare = "<p>No luck.</p><p>Am 02.03.2026 um 09:30 schrieb Ines:</p><p>Please try again.</p>";
    assert_eq!(own(bare), "No luck.");

    let below = "<p>On 2 March 2026 Ines wrote:</p><blockquote>Please try again.</blockquote><p>I did.</p>";
    assert_eq!(own(below), "I did.");
    assert_eq!(own("<blockquote>Please try again.</blockquote>"), "");
    assert_eq!(keep("<blockquote>a</blockquote>b"), "a\n\nb");
}

#[test]
fn plain_mails_are_read_by_their_lines() {
    for (mail, text) in [
        ("Fails.\n\nOn Mon, 2 Mar 2026 at 09:30,\nInes <i@example.org> wrote:\n> Try again.\n>\n", "Fails."),
        ("On 2 Mar 2026 Ines wrote:\n> Try again.\n\nI did.\n> And?\nIt fails.", "I did.\nIt fails."),
        ("Fails.\n-----Original Message-----\nFrom: Ines\n\nTry again.", "Fails."),
        ("Fails.\n\nFrom: Ines\nTo: Sam\nSent: Monday\n\nTry again.", "Fails."),
        ("Fails.\n##- Please type your reply above this line -##\nTry again.", "Fails."),
        ("Fails.\nLe lun. 2 mars 2026 à 09:30, Ines a écrit :\n> Encore.", "Fails."),
        (
            "On reflection, this is what she wrote:\nnothing",
            "On reflection, this is what she wrote:\nnothing",
        ),
        ("On 2 March it broke.\n\n\n\nOn 3 March too.", "On 2 March it broke.\n\nOn 3 March too."),
        ("From: the menu\nI chose export", "From: the menu\nI chose export"),
        ("--- Steps ---\n1. open", "--- Steps ---\n1. open"),
    ] {
        assert_eq!(readable(mail, Quotes::LeaveOut), text, "{mail:?}");
    }
    assert_eq!(readable(" a\n\n\n> b ", Quotes::Keep), "a\n\n\n> b");
    assert_eq!(readable("<p>a</p>", Quotes::Keep), "a");
}

#[test]
fn tells_html_from_text() {
    for html in
        ["<p>a", "a<br>b", "a</b>", "<a href=\"x\">y</a>", "<DIV CLASS=x>", "<script>x</script>", "x<br />"]
    {
        assert!(is_html(html), "{html}");
    }
    for text in [
        "",
        "a",
        "I <3 it",
        "x < y > z",
        "a<b or c>d",
        "use <token> here",
        "<hello@example.org>",
        "a &amp; b",
        "<p",
    ] {
        assert!(!is_html(text), "{text}");
    }
}

#[test]
fn large_and_deep_input_ends() {
    for part in [
        "<div>",
        "<blockquote>",
        "<b a=",
        "<",
        "</",
        "<!--",
        "&lt;",
        "<pre>\n",
        "<li>",
        "<p hidden>",
        "\"'<a b='",
    ] {
        let html = part.repeat(50_000);
        assert!(keep(&html).len() <= html.len() * 2);
        assert!(own(&html).len() <= html.len() * 2);
        is_html(&html);
    }
    let mail = "On 1 wrote:\n\n\n".repeat(100_000);
    own(&mail);
    readable(&mail, Quotes::LeaveOut);
}

/// The tags that a tokenizer reads in a text.
fn tags(text: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for token in Tokenizer::new(text) {
        let Ok(token) = token;
        match token {
            html5gum::Token::StartTag(tag) => tags.push(String::from_utf8_lossy(&tag.name).into_owned()),
            html5gum::Token::EndTag(tag) => tags.push(String::from_utf8_lossy(&tag.name).into_owned()),
            _ => {}
        }
    }
    tags
}

/// Texts that are mostly tags, whole and broken.
fn tag_soup(entities: bool) -> impl Strategy<Value = String> {
    let mut parts = vec![
        "<",
        ">",
        "/",
        "!",
        "?",
        "b",
        "p",
        "<b>",
        "</b>",
        "<p",
        "<br>",
        "<li>",
        "<pre>",
        "<textarea>",
        "<script>",
        "</script>",
        "<style>",
        "</style",
        "<title>",
        "<svg/>",
        "<!--",
        "-->",
        "<![CDATA[",
        " hidden",
        " a='",
        "\"",
        "=",
        "\n",
        " ",
        "\0",
        "\u{ad}",
        "\u{a0}",
        "é",
        "<blockquote>",
        "</blockquote>",
        "<div class=gmail_quote>",
        "</div>",
        "<plaintext>",
        "<xmp>",
        "</xmp>",
        "On 1 wrote:\n",
        "> ",
        "<div id=appendonsend>",
        "-----original message-----\n",
        "<img alt='<'>",
        "</template>",
        "<template>",
        "<noscript>",
    ];
    if entities {
        parts.extend(["&lt;", "&gt;", "&amp;", "&#60;", "&", "&#0;", "&nbsp;", "&lt;script&gt;"]);
    }
    prop::collection::vec(prop::sample::select(parts), 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Angle brackets that were written as entities are the customer's text; no others come together to a tag.
    #[test]
    fn no_tag_is_made_from_tags(html in tag_soup(false)) {
        for text in [keep(&html), own(&html)] {
            prop_assert_eq!(tags(&text), Vec::<String>::new(), "{:?}", text);
        }
    }

    #[test]
    fn any_text_ends(html in tag_soup(true), other in ".{0,80}") {
        for text in [html, other] {
            is_html(&text);
            for quotes in [Quotes::Keep, Quotes::LeaveOut] {
                let shown = to_text(&text, quotes);
                prop_assert!(!shown.contains('\0') && shown.trim() == shown.trim_start(), "{:?}", shown);
                readable(&text, quotes);
            }
        }
    }

    #[test]
    fn words_stay_as_they_are(words in prop::collection::vec("[a-zé0-9.,]{1,8}", 1..20)) {
        let mut html = String::new();
        words.iter().for_each(|word| write!(html, "<span>{word}</span>\n ").unwrap());
        prop_assert_eq!(keep(&html), words.join(" "));
    }
}
