//! From tests to movers: verdicts, what carries them, quotes.

use super::{
    carriers::Mentions,
    facts::Facts,
    filter::Filter,
    model::{self, Direction, Figure, Mover},
    quotes::{Bodies, Mentioned, Wanted, quotes},
    scope::{Period, Scope},
};
use crate::{
    error::InsightError,
    trends::{Change, Effect, Metric, TopicTest, Verdict},
};
use feedback::judgement::SentimentLabel;
use std::collections::HashSet;

/// A test with what became of it among all tests of the report.
pub struct Judged {
    pub test: TopicTest,
    pub change: Change,
    pub q: f64,
    pub verdict: Verdict,
}

impl Judged {
    pub fn new(test: TopicTest, change: Change, q: f64) -> Self {
        let verdict = Verdict::new(change.p, q, change.effect.is_large_enough());
        Self { test, change, q, verdict }
    }
}

/// Less praise beside more complaints, or the reverse, is one movement: the complaints tell it, unless only the
/// praise is sure of it.
fn repeats(one: &Judged, other: &Judged) -> bool {
    let direction = |of: &Judged| Direction::new(of.test.metric, of.change.effect.is_up());
    let common = one.change.from <= other.change.to && other.change.from <= one.change.to;
    let praise = (one.test.metric, other.test.metric) == (Metric::Positive, Metric::Negative);
    let complaints = (one.test.metric, other.test.metric) == (Metric::Negative, Metric::Positive);
    one.test.topic == other.test.topic
        && direction(one) == direction(other)
        && common
        && (praise && other.verdict <= one.verdict || complaints && other.verdict < one.verdict)
}

/// The judged mentions inside and outside.
fn judged_of(effect: &Effect) -> Option<[u64; 2]> {
    match effect {
        Effect::Volume { .. } => None,
        Effect::Negative(share) | Effect::Positive(share) => Some([share.inside[1], share.outside[1]]),
    }
}

/// Everything real or unclear, the surest and largest first.
pub fn movers(
    facts: &impl Facts,
    scope: &Scope,
    study: Period,
    judged: &[Judged],
    name: impl Fn(&str) -> String,
) -> Result<Vec<Mover>, InsightError> {
    let mut shown: Vec<&Judged> = judged.iter().filter(|j| j.verdict != Verdict::Noise).collect();
    shown.sort_by(|a, b| {
        let order = a.verdict.cmp(&b.verdict).then(a.change.p.total_cmp(&b.change.p));
        order.then_with(|| (&a.test.topic, a.test.metric).cmp(&(&b.test.topic, b.test.metric)))
    });
    let shown: Vec<&Judged> =
        shown.iter().filter(|one| !shown.iter().any(|other| repeats(one, other))).copied().collect();
    let mut topics: Vec<String> = shown.iter().map(|j| j.test.topic.clone()).collect();
    topics.sort_unstable();
    topics.dedup();
    let mentions = Mentions::read(facts, scope, study, &topics)?;
    let quotable: Vec<Mentioned> =
        shown.iter().map(|judged| quotable(facts, scope, judged)).collect::<Result<_, _>>()?;
    let bodies = Bodies::read(facts, &quotable)?;
    let teller = Teller { scope, study, mentions, bodies };
    let mut told = HashSet::new();
    let mover = |(judged, quotable): (&Judged, Mentioned)| {
        teller.mover(judged, name(&judged.test.topic), quotable, &mut told)
    };
    shown.into_iter().zip(quotable).map(mover).collect()
}

/// What began before the period is quoted from within it.
fn quotable(facts: &impl Facts, scope: &Scope, judged: &Judged) -> Result<Mentioned, InsightError> {
    let change = &judged.change;
    let days = Period { from: change.from.max(scope.period.from), to: change.to };
    let wanted = Wanted::of(judged.test.metric, change.effect.is_up());
    Mentioned::read(facts, scope, &judged.test.topic, days, wanted)
}

struct Teller<'a> {
    scope: &'a Scope,
    study: Period,
    mentions: Mentions,
    bodies: Bodies,
}

impl Teller<'_> {
    /// `told`: the records that are quoted already.
    fn mover(
        &self,
        judged: &Judged,
        name: String,
        quotable: Mentioned,
        told: &mut HashSet<String>,
    ) -> Result<Mover, InsightError> {
        let (test, change) = (&judged.test, &judged.change);
        let up = change.effect.is_up();
        let days = Period { from: change.from, to: change.to };
        let left_out: Vec<Period> =
            change.left_out.iter().map(|(from, to)| Period { from: *from, to: *to }).collect();
        let usual = |filter: Filter| filter.except(days).also_except(&left_out);
        let mentions_of = |days| Filter::of(self.scope, days).topic(&test.topic);
        let of_days = |days| match label(test.metric) {
            Some(label) => mentions_of(days).sentiment(label),
            None => mentions_of(days),
        };
        let filter = of_days(days);
        let carriers = match up {
            true => self.mentions.carriers(&test.topic, test.metric, days, &left_out, &filter),
            // What there is less of, nobody carries.
            false => Vec::new(),
        };
        let wanted = quotable.wanted;
        let quotes = quotes(&quotable, &self.bodies, told);
        told.extend(quotes.iter().map(|quote| quote.record_id.clone()));
        let is_other = |wanted: &SentimentLabel| label(test.metric) != Some(*wanted) && !quotes.is_empty();
        let quoted = wanted.label().filter(is_other).map(|label| Figure {
            value: self.mentions.count(&test.topic, label, days),
            filter: mentions_of(days).sentiment(label),
        });
        Ok(Mover {
            name,
            direction: Direction::new(test.metric, up),
            verdict: judged.verdict,
            quotes,
            quoted,
            topic: test.topic.clone(),
            metric: test.metric,
            days,
            ongoing: change.ongoing,
            effect: change.effect,
            p: change.p,
            q: judged.q,
            dispersion: change.phi,
            carriers,
            judged: judged_of(&change.effect).map(|[inside, outside]| model::Judged {
                inside: Figure { value: inside, filter: mentions_of(days).judged() },
                outside: Figure { value: outside, filter: usual(mentions_of(self.study).judged()) },
            }),
            outside: Figure { value: change.outside, filter: usual(of_days(self.study)) },
            left_out,
            records: change.inside,
            filter,
        })
    }
}

/// The sentiment of the mentions that a metric counts; none where it counts all.
fn label(metric: Metric) -> Option<SentimentLabel> {
    match metric {
        Metric::Volume => None,
        Metric::Negative => Some(SentimentLabel::Negative),
        Metric::Positive => Some(SentimentLabel::Positive),
    }
}
