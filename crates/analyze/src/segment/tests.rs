use super::*;
use proptest::prelude::*;

fn cut(text: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    segment_into(text, &mut segments);
    segments.iter().map(|segment| segment.text(text)).collect()
}

#[test]
fn sentences() {
    for (text, expected) in [
        ("Great app. Slow support!", vec!["Great app.", "Slow support!"]),
        ("one two", vec!["one two"]),
        ("  padded \n\n twice ", vec!["padded", "twice"]),
        ("Why?! I mean... really.", vec!["Why?!", "I mean...", "really."]),
        ("Great!Love it.", vec!["Great!", "Love it."]),
        ("It costs 3.50 a month. Fine.", vec!["It costs 3.50 a month.", "Fine."]),
        ("See https://a.example/x?y=1. It fails.", vec!["See https://a.example/x?y=1.", "It fails."]),
        ("v4.2.0 is bad. v4.1 was ok.", vec!["v4.2.0 is bad.", "v4.1 was ok."]),
        ("Mr. Smith e.g. liked it. Done", vec!["Mr. Smith e.g. liked it.", "Done"]),
        ("Das geht z.B. nicht. Schade.", vec!["Das geht z.B. nicht.", "Schade."]),
        ("reports, charts etc. are gone. Why", vec!["reports, charts etc. are gone.", "Why"]),
        ("ok. but slow. meh", vec!["ok.", "but slow.", "meh"]),
        ("J. Doe wrote it", vec!["J. Doe wrote it"]),
        ("He said \"no.\" Then left.", vec!["He said \"no.\"", "Then left."]),
        ("- login\n- search is slow\n* price", vec!["login", "search is slow", "price"]),
        ("1. Login fails\n2. No help", vec!["1. Login fails", "2. No help"]),
        ("• fast • cheap", vec!["fast", "cheap"]),
        ("Love it 😍😍 The price is ok", vec!["Love it 😍😍", "The price is ok"]),
        ("Love it 😍 so much", vec!["Love it 😍 so much"]),
        ("很好用。但是太贵了!", vec!["很好用。", "但是太贵了!"]),
        ("使いやすいです。しかし遅い。", vec!["使いやすいです。", "しかし遅い。"]),
        ("mail [email]. Thanks", vec!["mail [email].", "Thanks"]),
        ("good value; bad support here", vec!["good value;", "bad support here"]),
        ("👍", vec!["👍"]),
        ("!!! ...", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(cut(text), expected, "{text:?}");
    }
}

#[test]
fn contrasts() {
    for (text, expected) in [
        ("I love the app but it crashes a lot", vec!["I love the app", "but it crashes a lot"]),
        ("Nice design, however the price is high", vec!["Nice design,", "however the price is high"]),
        ("Super App, aber leider sehr langsam", vec!["Super App,", "aber leider sehr langsam"]),
        ("me gusta mucho pero es muy caro", vec!["me gusta mucho", "pero es muy caro"]),
        ("très joli mais trop lent", vec!["très joli", "mais trop lent"]),
        ("Bella app, ma troppo cara", vec!["Bella app,", "ma troppo cara"]),
        ("fin app, men väldigt långsam", vec!["fin app,", "men väldigt långsam"]),
        ("удобно и быстро, но очень дорого", vec!["удобно и быстро,", "но очень дорого"]),
        ("The men and women here", vec!["The men and women here"]),
        ("nothing but trouble with it", vec!["nothing but trouble with it"]),
        ("not only slow but also expensive", vec!["not only slow but also expensive"]),
        ("ok but no", vec!["ok but no"]),
        ("but it works", vec!["but it works"]),
        ("It is nice though.", vec!["It is nice though."]),
        ("Although it is slow, I like it a lot", vec!["Although it is slow,", "I like it a lot"]),
        ("I like it even though it is slow", vec!["I like it", "even though it is slow"]),
        ("这个很好用但是太贵了", vec!["这个很好用", "但是太贵了"]),
    ] {
        assert_eq!(cut(text), expected, "{text:?}");
    }
}

#[test]
fn a_sentence_without_end_is_cut() {
    let text = "it is slow and it hangs and i cannot use it ".repeat(10);
    let pieces = cut(&text);
    assert!(pieces.len() >= 3, "{pieces:?}");
    assert!(pieces.iter().all(|piece| piece.split(' ').count() <= 48), "{pieces:?}");
    assert_eq!(cut(&"word ".repeat(100)).len(), 3);
}

#[test]
fn a_long_text_is_bounded() {
    let mut segments = Vec::new();
    segment_into(&"a. ".repeat(400_000), &mut segments);
    assert_eq!(segments.len(), MAX_SEGMENTS);
    segment_into(&"é".repeat(500_000), &mut segments);
    assert_eq!(segments.len(), 1);
    assert!(segments[0].end as usize <= MAX_BYTES);
    segment_into("", &mut segments);
    assert!(segments.is_empty());
}

proptest! {
    #[test]
    fn segments_are_in_order_apart_and_trimmed(text in "(\\PC|[ .!?,;\n-]|but|and| although |😍|。|é|\u{301}){0,60}") {
        let mut segments = Vec::new();
        segment_into(&text, &mut segments);
        let mut last = 0;
        for segment in &segments {
            prop_assert!(segment.start >= last && segment.start < segment.end);
            last = segment.end;
            let words = segment.text(&text);
            prop_assert_eq!(words, segment.span.of(&text));
            prop_assert_eq!(words.trim(), words);
        }
        // Nothing said is left out.
        let kept: String = segments.iter().flat_map(|s| s.text(&text).chars()).filter(|c| c.is_alphanumeric()).collect();
        let said: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        prop_assert_eq!(kept, said);
    }
}
