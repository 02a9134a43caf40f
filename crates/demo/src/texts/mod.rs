//! What customers of the invented company say: written for this project, by topic.

mod accessibility;
mod account_management;
mod availability;
mod billing;
mod collaboration;
mod documentation;
pub(crate) mod frames;
mod import_export;
mod integrations;
pub(crate) mod languages;
mod localization;
mod login_access;
mod mobile_app;
mod notifications;
pub(crate) mod offtopic;
mod onboarding;
mod payments;
mod performance;
mod pricing;
mod reporting;
mod search;
mod security_privacy;
mod settings;
pub(crate) mod slots;
mod stability;
mod support;
mod sync;
mod usability;

/// One topic: how often it comes up, in which mood, and what is said. Texts are templates of [`crate::grammar`].
pub(crate) struct TopicTexts {
    /// As in the default taxonomy.
    pub id: &'static str,
    /// Relative frequency.
    pub weight: f64,
    /// Relative frequency of negative, neutral, positive.
    pub moods: [f64; 3],
    /// Share of bug reports among negative remarks.
    pub bug_share: f64,
    /// Noun phrases: what goes wrong, what is good, what is wished for.
    pub neg: &'static [&'static str],
    pub pos: &'static [&'static str],
    pub ask: &'static [&'static str],
    /// Sentences; only `bugs` may be empty, where `bug_share` is 0.
    pub bugs: &'static [&'static str],
    pub complaints: &'static [&'static str],
    pub requests: &'static [&'static str],
    pub questions: &'static [&'static str],
    pub praise: &'static [&'static str],
    pub plain: &'static [&'static str],
}

pub(crate) const TOPICS: &[&TopicTexts] = &[
    &login_access::TEXTS,
    &performance::TEXTS,
    &stability::TEXTS,
    &availability::TEXTS,
    &billing::TEXTS,
    &pricing::TEXTS,
    &payments::TEXTS,
    &onboarding::TEXTS,
    &usability::TEXTS,
    &mobile_app::TEXTS,
    &notifications::TEXTS,
    &search::TEXTS,
    &integrations::TEXTS,
    &import_export::TEXTS,
    &reporting::TEXTS,
    &collaboration::TEXTS,
    &settings::TEXTS,
    &documentation::TEXTS,
    &support::TEXTS,
    &security_privacy::TEXTS,
    &account_management::TEXTS,
    &localization::TEXTS,
    &accessibility::TEXTS,
    &sync::TEXTS,
];

/// The topic with this id; the crate's own ids are all known.
pub(crate) fn topic(id: &str) -> Option<&'static TopicTexts> {
    TOPICS.iter().find(|topic| topic.id == id).copied()
}
