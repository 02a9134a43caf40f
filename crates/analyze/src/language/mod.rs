//! Which language a text is in: by script, by the words that languages live on, and only where those leave
//! it open by trigrams (`whatlang`, a hundred times slower).
//!
//! Answers are ISO 639-1 codes of [`Language::known`], or "unknown". What the source says (the hint) decides
//! where the text is too short or too even to tell, and never against clear words. One word is enough where no
//! other language has it ("Danke!"); a word that several share ("Super") needs the hint.

mod latin;
mod script;
mod words;

use crate::wordset::Words;
use std::sync::LazyLock;

/// A language by its ISO 639-1 code, or unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(&'static str);

/// Bytes of a text that are read: more change no answer.
const MAX_BYTES: usize = 1024;

/// Codes that can be answered or hinted.
const CODES: &[&str] = &[
    "af", "am", "ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "eo", "es", "et", "fa",
    "fi", "fr", "gu", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "jv", "ka", "km", "kn", "ko", "la",
    "lt", "lv", "mk", "ml", "mr", "my", "ne", "nl", "no", "or", "pa", "pl", "pt", "ro", "ru", "si", "sk",
    "sl", "sn", "sr", "sv", "ta", "te", "th", "tk", "tl", "tr", "uk", "ur", "uz", "vi", "yi", "zh", "zu",
    "cy",
];

/// Words of every day, of the languages that most people write in whatever they call themselves.
static COMMON: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let lists = words::WORDS.iter().filter(|(code, _)| matches!(*code, "en" | "de" | "fr"));
    lists.map(|(_, words)| Words::new(words)).collect()
});

/// Whether a text of this language is read by the models, of the code that facts have: they were trained on English. Of what is
/// "unknown" (a few words, emoji) the words themselves decide.
#[must_use]
pub fn may_be_read(code: &str) -> bool {
    code == "en" || code == Language::UNKNOWN.as_str()
}

/// Whether it is an everyday word of English, German or French.
pub(crate) fn is_common_word(word: &str) -> bool {
    COMMON.iter().any(|words| words.contains(word))
}

impl Default for Language {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl Language {
    pub const UNKNOWN: Self = Self("unknown");
    pub const ENGLISH: Self = Self("en");

    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    #[must_use]
    pub fn is_known(self) -> bool {
        self != Self::UNKNOWN
    }

    /// From what a source says: `en`, `en-US`, `pt_BR`, `nb`, `EN`. `None` for what is no code of ours.
    #[must_use]
    pub fn from_hint(hint: &str) -> Option<Self> {
        let code = hint.trim().split(['-', '_']).next()?;
        let code = match code {
            _ if code.eq_ignore_ascii_case("nb") || code.eq_ignore_ascii_case("nn") => "no",
            _ if code.eq_ignore_ascii_case("iw") => "he",
            _ if code.eq_ignore_ascii_case("in") => "id",
            code => code,
        };
        CODES.iter().find(|known| known.eq_ignore_ascii_case(code)).map(|known| Self(known))
    }

    /// Every language that can be answered.
    pub fn known() -> impl Iterator<Item = Self> {
        CODES.iter().map(|code| Self(code))
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.0)
    }
}

/// The language of a text. Placeholders of the redaction are no words of it.
#[must_use]
pub fn detect(text: &str, hint: Option<&str>) -> Language {
    let text = head(text);
    let hint = hint.and_then(Language::from_hint);
    let verdict = match script::of(text) {
        script::Script::Nothing => Verdict::Open,
        script::Script::Language(language) => Verdict::Clear(language),
        script::Script::Latin => latin::judge(text, hint),
        script::Script::Other => trigrams(text, &[]),
    };
    match verdict {
        Verdict::Clear(language) => language,
        Verdict::Open => hint.unwrap_or(Language::UNKNOWN),
    }
}

/// What the text itself says.
enum Verdict {
    Clear(Language),
    /// Too little to tell: the hint's word counts.
    Open,
}

fn head(text: &str) -> &str {
    if text.len() <= MAX_BYTES {
        return text;
    }
    let end = (0..=MAX_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

/// The slow way, for what the words leave open: between the languages in the lead where there are any (an
/// answer then stands), else among all (only a reliable one does).
fn trigrams(text: &str, between: &[Language]) -> Verdict {
    let among: Vec<_> =
        whatlang::Lang::all().iter().copied().filter(|lang| between.contains(&named(*lang))).collect();
    let told = among.len() > 1 && among.len() == between.len();
    let detector = if told { whatlang::Detector::with_allowlist(among) } else { whatlang::Detector::new() };
    match detector.detect(text).map(|info| (named(info.lang()), told || info.is_reliable())) {
        Some((language, true)) if language.is_known() => Verdict::Clear(language),
        _ => Verdict::Open,
    }
}

fn named(lang: whatlang::Lang) -> Language {
    let code = match lang {
        whatlang::Lang::Nob => Some("no"),
        whatlang::Lang::Cmn => Some("zh"),
        whatlang::Lang::Pes => Some("fa"),
        lang => two_letters(lang.code()),
    };
    code.map_or(Language::UNKNOWN, Language)
}

/// ISO 639-3, as whatlang names them, in two letters.
fn two_letters(code: &str) -> Option<&'static str> {
    const PAIRS: &[(&str, &str)] = &[
        ("afr", "af"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cym", "cy"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
        ("zul", "zu"),
    ];
    PAIRS.iter().find(|(three, _)| *three == code).map(|(_, two)| *two)
}

#[cfg(test)]
mod tests;
