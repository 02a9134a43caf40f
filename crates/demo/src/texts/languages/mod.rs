//! Feedback in other languages, each written in it, not translated word by word.

mod de;
mod es;
mod fr;
mod it;
mod ja;
mod nl;
mod pt;

/// What is said of one topic in one language.
pub(crate) struct Remarks {
    pub topic: &'static str,
    pub negative: &'static [&'static str],
    pub positive: &'static [&'static str],
    /// Wishes and questions.
    pub neutral: &'static [&'static str],
}

pub(crate) struct Language {
    pub code: &'static str,
    pub hello: &'static [&'static str],
    pub bye: &'static [&'static str],
    pub negative_tail: &'static [&'static str],
    pub positive_tail: &'static [&'static str],
    pub remarks: &'static [Remarks],
}

pub(crate) const ALL: &[Language] =
    &[de::LANGUAGE, es::LANGUAGE, fr::LANGUAGE, it::LANGUAGE, ja::LANGUAGE, nl::LANGUAGE, pt::LANGUAGE];

pub(crate) fn find(code: &str) -> Option<&'static Language> {
    ALL.iter().find(|language| language.code == code)
}
