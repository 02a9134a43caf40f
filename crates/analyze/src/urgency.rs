//! How soon somebody should look: rules over cue phrases, the kind and the sentiment.
//!
//! Rules, because no labelled data exist and because a person must be able to read why. Each cue has a
//! weight: 1 alone makes a record urgent, two halves together do. A cue right behind a negation ("not urgent") does
//! not count. Confidence grows with the evidence beyond the bound; it is a rule's, not a calibrated probability.

use crate::encoder::words::{Token, TokenKind, Words};
use crate::sieve::Sieved;
use feedback::judgement::{FeedbackKind, SentimentLabel, Urgency};

/// What a cue weighs, why, and the cues.
const CUES: &[(f32, &str, &str)] = &[
    (
        1.0,
        "an outage",
        "is down, are down, went down, been down, outage, completely down, nothing works, everything is broken, \
         service unavailable, 503 error, 500 error for everyone, offline since",
    ),
    (
        1.0,
        "work has stopped",
        "cannot work, can't work, cant work, unable to work, can't do our job, can't do my job, blocking us, blocks us, \
         blocked our, blocker, locked out, whole team is, entire team is, our team can't, all our users, none of our, \
         work has stopped, at a standstill, production is, in production and, showstopper, losing money, losing sales, \
         losing customers",
    ),
    (
        1.0,
        "data are lost",
        "data loss, lost data, lost my data, lost all, lost everything, data is gone, all gone, work is gone, \
         deleted everything, deleted all my, wiped, files are gone, files disappeared, data disappeared, \
         everything disappeared, corrupted, overwritten",
    ),
    (
        1.0,
        "security and privacy",
        "security breach, data breach, breach, hacked, account was compromised, been compromised, vulnerability, \
         data leak, leaked, someone else's data, other customers' data, another customer's, unauthorized access, \
         unauthorised access, someone logged into, gdpr violation, phishing",
    ),
    (1.0, "money taken wrongly", "charged twice, double charged, charged me twice, fraud, fraudulent"),
    (
        1.0,
        "said outright",
        "urgent, urgently, asap, as soon as possible, immediately, right now please, emergency, critical, sev 1, sev1, p1, \
         escalate, escalating",
    ),
    (
        1.0,
        "leaving, or going to law",
        "cancel our contract, cancel my subscription today, we are leaving, we will leave, last warning, final warning, \
         our lawyer, my lawyer, legal action, chargeback, sue you",
    ),
    (
        0.5,
        "a date",
        "deadline, by tomorrow, by monday, by friday, end of day, eod, today, tonight, tomorrow, this morning, audit, \
         payroll, month end, launch, right now",
    ),
    (
        0.5,
        "leaving, perhaps",
        "cancel, cancelling, canceling, switching to, switch to another, moving to a competitor",
    ),
    (
        0.5,
        "waiting",
        "refund, still waiting, no response, no reply, third time, weeks ago, days now, waiting for days, please help, \
         need this fixed, need help now, outraged, unacceptable",
    ),
    (
        0.5,
        "cannot go on",
        "can't access, cannot access, can't log in, cannot log in, can't login, unable to log in, unable to access, \
         doesn't work at all, not working at all, stopped working, unusable, crashes every time, every time i, \
         payment failed, blocked, missing data, disappeared, our customers, our clients",
    ),
];

struct Cue {
    /// Hashes of the words after the first.
    rest: Vec<u64>,
    weight: f32,
}

pub struct UrgencyRules {
    by_first_word: Sieved<Vec<Cue>>,
}

impl Default for UrgencyRules {
    fn default() -> Self {
        let mut by_first_word = Sieved::<Vec<Cue>>::default();
        for &(weight, _, cues) in CUES {
            for cue in cues.split(", ") {
                let mut words = Words::default();
                words.push_segment(cue);
                let mut hashes = words.tokens().iter().map(|token| token.hash);
                if let Some(first) = hashes.next() {
                    by_first_word.entry(first).push(Cue { rest: hashes.collect(), weight });
                }
            }
        }
        // The longest phrase that fits is the one that counts.
        for cues in by_first_word.values_mut() {
            cues.sort_by_key(|cue| std::cmp::Reverse(cue.rest.len()));
        }
        Self { by_first_word }
    }
}

/// The largest part that shouting can add.
const SHOUTING: f32 = 0.5;

impl UrgencyRules {
    /// What the words alone say: 1 and more is urgent.
    #[must_use]
    pub fn weight(&self, words: &Words) -> f32 {
        let cues: f32 = (0..words.segments()).map(|at| self.segment_weight(words.segment(at))).sum();
        cues + shouting(words.tokens())
    }

    fn segment_weight(&self, tokens: &[Token]) -> f32 {
        let (mut at, mut weight) = (0, 0.0);
        while at < tokens.len() {
            let fits = |cue: &&Cue| {
                let next = tokens[at + 1..].iter().map(|token| token.hash);
                next.take(cue.rest.len()).eq(cue.rest.iter().copied())
            };
            let cue = self.by_first_word.get(tokens[at].hash).and_then(|cues| cues.iter().find(fits));
            match cue {
                Some(cue) => {
                    weight += if tokens[at].negated { 0.0 } else { cue.weight };
                    at += 1 + cue.rest.len();
                }
                None => at += 1,
            }
        }
        weight
    }

    /// Praise is never urgent by its words; a cancellation is half a reason by itself.
    #[must_use]
    pub fn judge(&self, words: &Words, kind: FeedbackKind, sentiment: SentimentLabel) -> (Urgency, f32) {
        let from_words = self.weight(words);
        let from_kind = match kind {
            FeedbackKind::Cancellation => 0.5,
            FeedbackKind::Bug | FeedbackKind::Complaint if sentiment == SentimentLabel::Negative => 0.1,
            FeedbackKind::Praise => -1.0,
            FeedbackKind::FeatureRequest if from_words < 1.0 => -0.4,
            _ => 0.0,
        };
        let weight = from_words + from_kind;
        if weight >= 1.0 {
            return (Urgency::High, 1.0 - 0.5f32.powf(weight + 0.25));
        }
        let calm = matches!(kind, FeedbackKind::Praise | FeedbackKind::Other | FeedbackKind::FeatureRequest)
            && sentiment != SentimentLabel::Negative;
        if calm && weight <= 0.0 {
            return (Urgency::Low, 0.8);
        }
        // The nearer to the bound, the less sure.
        (Urgency::Normal, 0.9 - 0.4 * weight.max(0.0))
    }
}

/// Three words and more in capitals that are most of what was said.
fn shouting(tokens: &[Token]) -> f32 {
    let words = tokens.iter().filter(|token| token.kind == TokenKind::Word);
    let (all, shouted) =
        words.fold((0, 0), |(all, shouted), token| (all + 1, shouted + usize::from(token.shouted)));
    if shouted >= 3 && shouted * 2 > all { SHOUTING } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, kind: FeedbackKind, sentiment: SentimentLabel) -> Urgency {
        let mut words = Words::default();
        words.push_segment(text);
        words.finish();
        UrgencyRules::default().judge(&words, kind, sentiment).0
    }

    #[test]
    fn urgent_ones() {
        for text in [
            "Your API is down and our shop is losing sales",
            "we can't log in and the deadline is by tomorrow",
            "I think our account was compromised",
            "PLEASE FIX THIS NOW, it stopped working",
            "need a fix asap",
            "All my notes are gone, data loss after the update",
        ] {
            assert_eq!(judged(text, FeedbackKind::Bug, SentimentLabel::Negative), Urgency::High, "{text}");
        }
        let leaving = "Please cancel my account today";
        assert_eq!(judged(leaving, FeedbackKind::Cancellation, SentimentLabel::Neutral), Urgency::High);
    }

    #[test]
    fn calm_ones() {
        let normal = |text| judged(text, FeedbackKind::Complaint, SentimentLabel::Negative);
        assert_eq!(normal("It is not urgent, but the colours are off"), Urgency::Normal);
        assert_eq!(normal("the settings page is confusing"), Urgency::Normal);
        assert_eq!(normal("I broke it down into steps"), Urgency::Normal);
        let low = |text, kind| judged(text, kind, SentimentLabel::Positive);
        assert_eq!(low("Love it, the outage last year was handled well", FeedbackKind::Praise), Urgency::Low);
        assert_eq!(low("a dark mode would be nice", FeedbackKind::FeatureRequest), Urgency::Low);
    }
}
