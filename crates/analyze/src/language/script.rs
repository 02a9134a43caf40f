//! The scripts of a text, and the languages that a script or its letters tell by themselves.

use super::Language;

pub(super) enum Script {
    /// No letters.
    Nothing,
    Latin,
    Language(Language),
    /// Several languages share it: trigrams must tell.
    Other,
}

/// Letters by script.
#[derive(Default)]
struct Census {
    latin: u32,
    han: u32,
    kana: u32,
    hangul: u32,
    cyrillic: u32,
    arabic: u32,
    devanagari: u32,
    other: Option<&'static str>,
    others: u32,
}

/// The script of most letters; an ideograph counts as three, since it says a word.
pub(super) fn of(text: &str) -> Script {
    if text.is_ascii() {
        let letters = text.bytes().any(|b| b.is_ascii_alphabetic());
        return if letters { Script::Latin } else { Script::Nothing };
    }
    let mut census = Census::default();
    text.chars().for_each(|c| census.count(c));
    let eastern = 3 * (census.han + census.kana + census.hangul);
    let most = census
        .latin
        .max(eastern)
        .max(census.cyrillic)
        .max(census.arabic)
        .max(census.devanagari)
        .max(census.others);
    match most {
        0 => Script::Nothing,
        n if n == census.latin => Script::Latin,
        n if n == eastern => Script::Language(census.eastern()),
        n if n == census.cyrillic => Script::Language(cyrillic(text)),
        n if n == census.arabic => Script::Language(arabic(text)),
        n if n == census.devanagari => Script::Language(devanagari(text)),
        _ => census.other.map_or(Script::Other, |code| Script::Language(Language(code))),
    }
}

impl Census {
    fn count(&mut self, c: char) {
        match c {
            'a'..='z' | 'A'..='Z' => self.latin += 1,
            '\0'..='\u{bf}' => {}
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => self.latin += 1,
            '\u{400}'..='\u{52f}' => self.cyrillic += 1,
            '\u{600}'..='\u{6ff}'
            | '\u{750}'..='\u{77f}'
            | '\u{fb50}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}' => self.arabic += 1,
            '\u{900}'..='\u{97f}' => self.devanagari += 1,
            '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => self.kana += 1,
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => self.han += 1,
            '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => self.hangul += 1,
            c => {
                if let Some(code) = single(c) {
                    self.others += 1;
                    self.other = Some(code);
                }
            }
        }
    }

    fn eastern(&self) -> Language {
        match () {
            // Japanese mixes ideographs with kana; Chinese has none.
            () if self.kana > 0 && 8 * self.kana >= self.han && self.kana >= self.hangul => Language("ja"),
            () if self.hangul >= self.han => Language("ko"),
            () => Language("zh"),
        }
    }
}

/// Scripts of one language, as far as feedback goes.
fn single(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => "el",
        '\u{530}'..='\u{58f}' => "hy",
        '\u{590}'..='\u{5ff}' => "he",
        '\u{980}'..='\u{9ff}' => "bn",
        '\u{a00}'..='\u{a7f}' => "pa",
        '\u{a80}'..='\u{aff}' => "gu",
        '\u{b00}'..='\u{b7f}' => "or",
        '\u{b80}'..='\u{bff}' => "ta",
        '\u{c00}'..='\u{c7f}' => "te",
        '\u{c80}'..='\u{cff}' => "kn",
        '\u{d00}'..='\u{d7f}' => "ml",
        '\u{d80}'..='\u{dff}' => "si",
        '\u{e00}'..='\u{e7f}' => "th",
        '\u{1000}'..='\u{109f}' => "my",
        '\u{10a0}'..='\u{10ff}' => "ka",
        '\u{1200}'..='\u{139f}' => "am",
        '\u{1780}'..='\u{17ff}' => "km",
        _ => return None,
    })
}

/// Words that Russian does not have.
const BULGARIAN: &[&str] = &[
    "съм",
    "са",
    "ще",
    "беше",
    "много",
    "нищо",
    "защото",
    "благодаря",
    "приложението",
    "добре",
    "няма",
    "след",
    "това",
    "си",
    "страхотно",
    "сте",
    "сме",
    "един",
    "която",
    "който",
    "което",
    "кога",
    "тук",
    "още",
    "вече",
    "мога",
    "трябва",
    "искам",
    "моля",
    "също",
    "когато",
    "ви",
    "го",
    "ги",
];

/// Letters that one of the languages alone writes, then words; Russian where nothing speaks against it.
fn cyrillic(text: &str) -> Language {
    let has = |letters: &str| text.contains(|c: char| letters.contains(c));
    let code = match () {
        () if has("їЇєЄґҐ") => "uk",
        () if has("ўЎ") => "be",
        () if has("ђЂћЋ") => "sr",
        () if has("ѓЃќЌѕЅ") => "mk",
        () if has("іІ") => "uk",
        () if has("ыЫэЭёЁ") => "ru",
        () if has("љЉњЊџЏјЈ") => "sr",
        () if has_word(text, BULGARIAN) => "bg",
        () => "ru",
    };
    Language(code)
}

fn arabic(text: &str) -> Language {
    let has = |letters: &str| text.contains(|c: char| letters.contains(c));
    match () {
        () if has("ٹڈڑںےھہ") => Language("ur"),
        () if has("پچژگکی") => Language("fa"),
        () => Language("ar"),
    }
}

fn devanagari(text: &str) -> Language {
    let code = match () {
        () if has_word(text, &["आहे", "आणि", "नाही", "मी", "खूप", "आहेत", "चांगले", "होते"]) => {
            "mr"
        }
        () if has_word(text, &["छ", "छैन", "गर्न", "धेरै", "हुन्छ"]) => {
            "ne"
        }
        () => "hi",
    };
    Language(code)
}

fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\u{900}'..='\u{97f}')).any(|word| {
        !word.is_empty() && (words.contains(&word) || words.contains(&word.to_lowercase().as_str()))
    })
}
