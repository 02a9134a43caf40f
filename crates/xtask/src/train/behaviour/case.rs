//! Cases, what they demand, and how many of a behaviour's are met.

use analyze::eval::Estimate;
use feedback::judgement::SentimentLabel;
use feedback::kind::Contract;

/// So far a probability has to move: less is noise.
const MARGIN: f32 = 0.02;

/// From here on a side need not become surer: the transformer's labels are smoothed by a tenth, to 0.93, and beyond that
/// a probability says little of what was read.
const SURE: f32 = 0.9;

/// What a behaviour asks, in the words of CheckList.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Minimum functionality: the answer is right.
    Functionality,
    /// The answer does not change.
    Invariance,
    /// The answer moves the named way.
    Direction,
}

/// Which answer is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    Sentiment,
    Kind,
}

/// As a customer sent it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    pub body: String,
    pub question: Option<String>,
    pub contract: Option<Contract>,
}

/// What was answered.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    pub label: &'static str,
    /// Negative, neutral, positive.
    pub probabilities: [f32; 3],
}

/// The way in which an answer has to move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Towards {
    pub side: SentimentLabel,
    /// False: away from that side.
    pub more: bool,
}

pub enum Demand {
    /// Each text gets one of its labels.
    Labels(Vec<Vec<String>>),
    /// All texts get the same label.
    Same,
    /// From one text to the next.
    Moves(Towards),
}

pub struct Case {
    pub texts: Vec<Text>,
    pub demand: Demand,
}

pub struct Behaviour {
    pub name: &'static str,
    pub capability: Capability,
    pub test: Test,
    pub cases: Vec<Case>,
}

/// How a behaviour came out.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    pub name: &'static str,
    pub capability: Capability,
    pub test: Test,
    pub cases: usize,
    /// The cases that were not met, with what was said of each text.
    pub failed: Vec<String>,
}

impl Test {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Functionality => "functionality",
            Self::Invariance => "invariance",
            Self::Direction => "direction",
        }
    }
}

impl Capability {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sentiment => "sentiment",
            Self::Kind => "kind",
        }
    }
}

impl Towards {
    /// The probability moved, or the label came to that side or left it. Where there is no room to move, near 0 and from
    /// [`SURE`] on, it may not move the other way.
    fn is_reached(self, before: &Said, after: &Said) -> bool {
        let at = |said: &Said| said.probabilities[self.side as usize];
        let is_there = |said: &Said| said.label == self.side.as_str();
        if self.more {
            at(after) >= (at(before) + MARGIN).min(SURE.max(at(before) - MARGIN))
                || (!is_there(before) && is_there(after))
        } else {
            at(after) <= (at(before) - MARGIN).max(MARGIN) || (is_there(before) && !is_there(after))
        }
    }
}

impl Demand {
    /// `said` of the case's texts, in their order.
    fn is_met(&self, said: &[Said]) -> bool {
        match self {
            Self::Labels(labels) => {
                labels.iter().zip(said).all(|(labels, said)| labels.iter().any(|label| label == said.label))
            }
            Self::Same => said.windows(2).all(|pair| pair[0].label == pair[1].label),
            Self::Moves(towards) => said.windows(2).all(|pair| towards.is_reached(&pair[0], &pair[1])),
        }
    }
}

impl Case {
    /// One line: each text with its answer.
    fn told(&self, said: &[Said]) -> String {
        let told = self.texts.iter().zip(said).map(|(text, said)| {
            let [negative, neutral, positive] = said.probabilities;
            format!("{:?}: {} ({negative:.2} / {neutral:.2} / {positive:.2})", text.body, said.label)
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

impl Behaviour {
    /// Asks `read` for an answer to every text.
    pub fn rate(&self, mut read: impl FnMut(&Text) -> Said) -> Rate {
        let mut failed = Vec::new();
        for case in &self.cases {
            let said: Vec<Said> = case.texts.iter().map(&mut read).collect();
            if !case.demand.is_met(&said) {
                failed.push(case.told(&said));
            }
        }
        let Self { name, capability, test, ref cases } = *self;
        Rate { name, capability, test, cases: cases.len(), failed }
    }
}

impl Rate {
    /// As the floors call it.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}_{}", self.capability.as_str(), self.name)
    }

    /// How many cases were met.
    #[must_use]
    pub fn met(&self) -> usize {
        self.cases - self.failed.len()
    }

    /// The share of cases that were met; 0 without any.
    #[must_use]
    pub fn passed(&self) -> f64 {
        self.met() as f64 / self.cases.max(1) as f64
    }

    /// The share of cases that were not met, with Wilson's interval.
    #[must_use]
    pub fn failure(&self) -> Estimate {
        Estimate::share(self.failed.len() as u64, self.cases as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> Text {
        Text { body: body.into(), question: None, contract: None }
    }

    fn said(label: &'static str, negative: f32, positive: f32) -> Said {
        Said { label, probabilities: [negative, 1.0 - negative - positive, positive] }
    }

    /// Short texts are positive, longer ones negative.
    fn by_length(text: &Text) -> Said {
        if text.body.len() < 5 { said("positive", 0.1, 0.8) } else { said("negative", 0.7, 0.1) }
    }

    fn rate(cases: Vec<Case>) -> Rate {
        let (capability, test) = (Capability::Sentiment, Test::Functionality);
        Behaviour { name: "length", capability, test, cases }.rate(by_length)
    }

    fn expects(labels: &[&[&str]]) -> Demand {
        let owned = labels.iter().map(|labels| labels.iter().map(|label| (*label).to_owned()).collect());
        Demand::Labels(owned.collect())
    }

    #[test]
    fn a_case_counts_where_all_its_texts_are_right() {
        let pair = || vec![text("good"), text("not good")];
        let rate = rate(vec![
            Case { texts: pair(), demand: expects(&[&["positive"], &["neutral", "negative"]]) },
            Case { texts: pair(), demand: expects(&[&["positive"], &["neutral"]]) },
            Case { texts: pair(), demand: expects(&[&["negative"], &["negative"]]) },
            Case { texts: vec![text("fine")], demand: expects(&[&["positive"]]) },
        ]);
        assert_eq!((rate.cases, rate.met(), rate.passed()), (4, 2, 0.5));
        assert_eq!(rate.key(), "sentiment_length");
        assert_eq!(
            rate.failed[0],
            "\"good\": positive (0.10 / 0.10 / 0.80); \"not good\": negative (0.70 / 0.20 / 0.10)"
        );
    }

    #[test]
    fn an_answer_that_changes_fails_an_invariance() {
        let same =
            |texts: &[&str]| Case { texts: texts.iter().map(|t| text(t)).collect(), demand: Demand::Same };
        let rate = rate(vec![
            same(&["fine", "nice"]),
            same(&["fine", "fine, fine"]),
            same(&["one", "two", "three"]),
        ]);
        assert_eq!((rate.cases, rate.failed.len()), (3, 2));
        assert!((rate.failure().value - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_direction_wants_a_move_or_another_label() {
        let more = Towards { side: SentimentLabel::Negative, more: true };
        let less = Towards { more: false, ..more };
        let (low, high) = (said("neutral", 0.3, 0.1), said("neutral", 0.33, 0.1));
        assert!(more.is_reached(&low, &high) && !more.is_reached(&high, &low));
        assert!(less.is_reached(&high, &low) && !less.is_reached(&low, &high));
        // Less than the margin either way.
        assert!(!more.is_reached(&low, &said("neutral", 0.31, 0.1)));
        assert!(!less.is_reached(&low, &said("neutral", 0.29, 0.1)));
        // The label counts, whatever the margin.
        assert!(more.is_reached(&low, &said("negative", 0.3, 0.1)));
        assert!(less.is_reached(&said("negative", 0.3, 0.1), &low));
        // No room to move.
        assert!(more.is_reached(&said("negative", 0.95, 0.0), &said("negative", 0.935, 0.0)));
        assert!(!more.is_reached(&said("negative", 0.95, 0.0), &said("negative", 0.92, 0.0)));
        assert!(!more.is_reached(&said("negative", 0.91, 0.0), &said("negative", 0.895, 0.0)));
        assert!(!more.is_reached(&said("negative", 0.87, 0.0), &said("negative", 0.88, 0.0)));
        assert!(more.is_reached(&said("negative", 0.89, 0.0), &said("negative", 0.901, 0.0)));
        assert!(less.is_reached(&said("positive", 0.01, 0.9), &said("positive", 0.015, 0.9)));
    }
}
