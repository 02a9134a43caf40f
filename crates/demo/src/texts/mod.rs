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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        company::Platform,
        grammar::{Voice, read},
        rng::Rng,
    };
    use std::collections::BTreeSet;

    fn templates() -> Vec<&'static str> {
        let topics = TOPICS.iter().flat_map(|t| {
            [t.neg, t.pos, t.ask, t.bugs, t.complaints, t.requests, t.questions, t.praise, t.plain]
        });
        let frames = [
            frames::NEG_TAIL,
            frames::POS_TAIL,
            frames::NEUTRAL_TAIL,
            frames::NEG_OPEN,
            frames::NEUTRAL_OPEN,
            frames::POS_OPEN,
            frames::CONTEXT,
            frames::TRIED,
            frames::HELLO,
            frames::BYE,
            frames::AFTER_GOOD,
            frames::AFTER_BAD,
            frames::AFTER_PLAIN,
            offtopic::REMARKS,
            offtopic::GENERAL_POS,
            offtopic::GENERAL_NEG,
            offtopic::GENERAL_NEUTRAL,
        ];
        let foreign = languages::ALL.iter().flat_map(|language| {
            let remarks = language.remarks.iter().flat_map(|r| [r.negative, r.positive, r.neutral]);
            remarks.chain([language.hello, language.bye, language.negative_tail, language.positive_tail])
        });
        topics.chain(frames).chain(foreign).flatten().copied().collect()
    }

    #[test]
    fn every_template_reads_without_a_gap() {
        let mut rng = Rng::new(5);
        for template in templates() {
            assert_eq!(template.matches('[').count(), template.matches(']').count(), "{template}");
            for slot in template.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default()) {
                let range =
                    slot.split_once('-').is_some_and(|(a, b)| a.parse::<i64>().ok() < b.parse::<i64>().ok());
                let known = slot == "ver" || slots::options(slot, Platform::Ios).is_some();
                assert!(range || known, "{{{slot}}} in {template}");
            }
            for platform in Platform::ALL {
                let text = read(&mut rng, Voice { platform, version: "7.1" }, template);
                assert!(!text.contains(['{', '}', '[', ']', '|']) && !text.contains("  "), "{text}");
                assert!(!text.trim().is_empty(), "{template}");
            }
        }
    }

    #[test]
    fn topics_are_distinct_and_complete() {
        let ids: BTreeSet<&str> = TOPICS.iter().map(|topic| topic.id).collect();
        assert_eq!(ids.len(), 24);
        for topic in TOPICS {
            assert_eq!(topic.bug_share == 0.0, topic.bugs.is_empty(), "{}", topic.id);
        }
        let foreign = languages::ALL.iter().flat_map(|language| language.remarks);
        assert!(foreign.map(|remarks| remarks.topic).all(|topic| ids.contains(topic)));
    }
}
