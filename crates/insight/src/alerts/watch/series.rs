//! One series while it is watched: what is usual for it, its evidence, and the episode that runs.

mod measure;

use super::{Ending, Figures, Records, Spell};
use crate::alerts::{
    detector::Detector,
    hour::{A_DAY, A_WEEK, Hour, Span},
    model::{CountModel, FALLS, RISES, ScoreModel, ShareModel, TIMES, learned_from},
    rules::WatchRules,
    series::{History, Metric, Part, ScoreName, SeriesKey, Stream, What, first_day},
};
use std::{collections::BTreeSet, ops::Range};

/// An episode is over when what is usual is a thousand times as likely as that it goes on: one that goes on is ended by
/// mistake once in a thousand hours at most, on average (of the CUSUM of a likelihood ratio: Lorden 1971).
const RECOVERED: f64 = 6.907_755_278_982_137;
/// A kind of source that is this much younger than the others joins their sum once it is so many days old: a feed that
/// was connected is no rise.
const SAME_AGE: usize = A_WEEK;
const JOINS_AFTER_DAYS: usize = 28;

pub(super) struct Watched<'a> {
    key: SeriesKey,
    stream: &'a Stream,
    detector: Detector,
    model: Model,
    /// Hours that belong to an episode, which nothing is learned from.
    left_out: Vec<bool>,
    /// Nothing before this hour is learned from: what was usual then is no more.
    adopted: usize,
    /// Records by the hour, and how many were due. Of volumes alone.
    counts: Vec<u32>,
    due: Vec<f64>,
    joined: Vec<bool>,
    running: Option<Running>,
}

enum Model {
    /// Too little history, or too few records.
    Unknown,
    Volume(Box<CountModel>),
    /// By part of the stream, where enough is known of it.
    Negative(Vec<Option<ShareModel>>),
    Score(Vec<Option<ScoreModel>>),
}

impl Model {
    fn can_speak(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Volume(_) => true,
            Self::Negative(parts) => parts.iter().any(Option::is_some),
            Self::Score(parts) => parts.iter().any(Option::is_some),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Running {
    onset: usize,
    fired: usize,
    /// The CUSUM of the evidence that it is over.
    recovery: f64,
    /// How much it moved: times, or by what part.
    by: f64,
}

impl<'a> Watched<'a> {
    /// The series of a stream: its volume, and what is judged or answered in it. Of a case the volume alone.
    pub fn of(stream: &'a Stream, history: &History, rules: &WatchRules) -> Vec<Self> {
        let mut metrics = Vec::new();
        if rules.volume {
            metrics.push(Metric::Volume);
        }
        let has_mood = !matches!(stream.what, What::Case(_));
        if rules.negative && has_mood {
            metrics.push(Metric::Negative);
        }
        if rules.scores && has_mood {
            let names: BTreeSet<&ScoreName> =
                stream.parts.iter().flat_map(|part| part.answers.keys()).collect();
            metrics.extend(names.into_iter().cloned().map(Metric::Score));
        }
        let alternatives = |metric: &Metric| match metric {
            Metric::Volume => TIMES.len(),
            Metric::Negative => RISES.len(),
            Metric::Score(_) => FALLS.len(),
        };
        let watched = |metric: Metric| Self {
            detector: Detector::new(alternatives(&metric)),
            key: SeriesKey {
                metric,
                what: stream.what.clone(),
                product: stream.product.clone(),
                source: stream.source.clone(),
            },
            stream,
            model: Model::Unknown,
            left_out: vec![false; history.hours],
            adopted: 0,
            counts: Vec::new(),
            due: Vec::new(),
            joined: vec![false; stream.parts.len()],
            running: None,
        };
        metrics.into_iter().map(watched).collect()
    }

    pub fn can_speak(&self) -> bool {
        self.model.can_speak()
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Without bound while an episode runs.
    pub fn evidence(&self) -> f64 {
        if self.is_running() { f64::INFINITY } else { self.detector.evidence() }
    }

    /// Learns what is usual on `day`, which begins. Where a long episode leaves too little to learn from, what was known
    /// before it stands.
    pub fn learn(&mut self, history: &History, day: usize) {
        let adopted = self.adopted;
        let past = move |part: &Part| learned_from(first_day(part.since.max(adopted)), day);
        let learned = match &self.key.metric {
            Metric::Volume => {
                self.learn_volume(history, day).map_or(Model::Unknown, |model| Model::Volume(Box::new(model)))
            }
            Metric::Negative => {
                let of = |part: &Part| ShareModel::learn(&part.counts, &self.left_out, past(part)?);
                Model::Negative(self.stream.parts.iter().map(of).collect())
            }
            Metric::Score(name) => {
                let of =
                    |part: &Part| ScoreModel::learn(part.answers.get(name)?, &self.left_out, past(part)?);
                Model::Score(self.stream.parts.iter().map(of).collect())
            }
        };
        if learned.can_speak() || !self.is_running() {
            self.model = learned;
        }
    }

    fn learn_volume(&mut self, history: &History, day: usize) -> Option<CountModel> {
        let parts = &self.stream.parts;
        let oldest = parts.iter().map(|part| part.since).min()?;
        let joins =
            |part: &Part| part.since <= oldest + SAME_AGE || first_day(part.since) + JOINS_AFTER_DAYS <= day;
        let joined: Vec<bool> = parts.iter().map(joins).collect();
        if joined != self.joined || self.counts.is_empty() {
            self.counts = vec![0; history.hours];
            self.due.resize(history.hours, 0.0);
            for part in parts.iter().zip(&joined).filter(|(_, joined)| **joined).map(|(part, _)| part) {
                self.counts.iter_mut().zip(&part.counts).for_each(|(sum, of)| *sum += of.records);
            }
            self.joined = joined;
        }
        let since = parts.iter().zip(&self.joined).filter(|(_, joined)| **joined).map(|(part, _)| part.since);
        let first = first_day(since.max()?.max(self.adopted));
        CountModel::learn(&self.counts, &self.left_out, history.from, learned_from(first, day)?, day)
    }

    /// Takes in one hour.
    pub fn take(&mut self, at: usize, hour: Hour, may_begin: bool) {
        if let Model::Volume(model) = &self.model {
            self.due[at] = model.expected(hour);
        }
        if self.running.is_some() {
            self.left_out[at] = true;
            let log = self.recovery(at, hour);
            if let Some(running) = &mut self.running {
                running.recovery = (running.recovery + log).max(0.0);
            }
            return;
        }
        match &self.model {
            Model::Unknown => {}
            Model::Volume(model) => {
                self.detector.take(hour, &model.rises(hour, self.counts[at]), may_begin);
            }
            Model::Negative(models) => {
                let ratios = self.parts(models).map(|(part, model)| {
                    let counts = part.counts[at];
                    model.rises(counts.negative, counts.judged)
                });
                let ratios = sum(ratios);
                self.detector.take(hour, &ratios, may_begin);
            }
            Model::Score(models) => {
                let ratios = self.parts(models).map(|(part, model)| {
                    let (n, sum) = self.answers(part, at..at + 1);
                    model.falls(n as u32, sum)
                });
                let ratios = sum(ratios);
                self.detector.take(hour, &ratios, may_begin);
            }
        }
    }

    /// The log likelihood ratio of what is usual, by one hour.
    fn recovery(&self, at: usize, hour: Hour) -> f64 {
        let Some(by) = self.running.map(|running| running.by) else { return 0.0 };
        match &self.model {
            Model::Unknown => 0.0,
            // Half of the way, of a ratio: half of its logarithm.
            Model::Volume(model) => model.recovery(hour, self.counts[at], by.max(1.3).sqrt()),
            Model::Negative(models) => self
                .parts(models)
                .map(|(part, model)| {
                    let counts = part.counts[at];
                    model.recovery(counts.negative, counts.judged, (by / 2.0).max(0.05))
                })
                .sum(),
            Model::Score(models) => self
                .parts(models)
                .map(|(part, model)| {
                    let (n, sum) = self.answers(part, at..at + 1);
                    model.recovery(n as u32, sum, by.max(0.05))
                })
                .sum(),
        }
    }

    /// Begins an episode, where the change is large enough and enough people stand behind it.
    pub fn fire(&mut self, at: usize, history: &History, rules: &WatchRules, records: &impl Records) -> bool {
        let Some(onset) = self.detector.onset() else { return false };
        let onset = (onset.0 - history.from.0).max(0) as usize;
        let figures = self.figures(onset..at + 1);
        let Some(figures) = figures.filter(|figures| rules.least.allows(figures)) else { return false };
        let span = Span { from: history.hour(onset), to: history.hour(at + 1) };
        if records.people(&self.key, span) < rules.least.people {
            return false;
        }
        let by = match figures {
            Figures::Volume { times, .. } => times,
            Figures::Negative { rise, .. } => rise,
            Figures::Score { fall, .. } => fall,
        };
        self.left_out[onset..=at].fill(true);
        self.running = Some(Running { onset, fired: at, recovery: 0.0, by });
        true
    }

    /// Ends the episode after the hour `at`, where it is over.
    pub fn end(
        &mut self,
        at: usize,
        history: &History,
        rules: &WatchRules,
        records: &impl Records,
    ) -> Option<Spell> {
        let running = self.running?;
        let ending = if running.recovery >= RECOVERED {
            Ending::Recovered
        } else if at - running.fired >= A_DAY * rules.new_normal_days as usize {
            Ending::NewNormal
        } else {
            return None;
        };
        let spell = self.spell(running, at + 1, history, records)?;
        if ending == Ending::NewNormal {
            self.adopted = running.onset;
            self.left_out[running.onset..=at].fill(false);
            // What was usual before says nothing any more; the next day learns what is.
            self.model = Model::Unknown;
        }
        self.detector.clear();
        self.running = None;
        Some(Spell { ended: Some((history.hour(at), ending)), ..spell })
    }

    /// The episode that runs, before the hour `now`.
    pub fn running(&self, now: usize, history: &History, records: &impl Records) -> Option<Spell> {
        self.spell(self.running?, now, history, records)
    }

    fn spell(&self, running: Running, to: usize, history: &History, records: &impl Records) -> Option<Spell> {
        let span = Span { from: history.hour(running.onset), to: history.hour(to) };
        Some(Spell {
            key: self.key.clone(),
            onset: span.from,
            fired: history.hour(running.fired),
            ended: None,
            figures: self.figures(running.onset..to)?,
            people: records.people(&self.key, span),
        })
    }

    /// The parts of the stream that something is known of.
    fn parts<'m, M>(
        &self,
        models: &'m [Option<M>],
    ) -> impl Iterator<Item = (&'a Part, &'m M)> + use<'a, 'm, M> {
        let parts = self.stream.parts.iter().zip(models);
        parts.filter_map(|(part, model)| Some((part, model.as_ref()?)))
    }

    /// How many answers, and their sum.
    fn answers(&self, part: &Part, hours: Range<usize>) -> (u64, f64) {
        let Metric::Score(name) = &self.key.metric else { return (0, 0.0) };
        let Some(answers) = part.answers.get(name) else { return (0, 0.0) };
        answers[hours].iter().fold((0, 0.0), |(n, sum), of| (n + u64::from(of.n), sum + of.sum))
    }
}

/// Sources are independent of each other: their likelihood ratios multiply.
fn sum<const N: usize>(all: impl Iterator<Item = [f64; N]>) -> [f64; N] {
    let mut sum = [0.0; N];
    for ratios in all {
        sum.iter_mut().zip(ratios).for_each(|(sum, ratio)| *sum += ratio);
    }
    sum
}
