//! One series while it is watched: what is usual for it, its evidence, and the episode that runs.

mod learn;
mod measure;
mod recovery;

use super::{Ending, Figures, Records, Spell, family::Family, feeds::Feeds};
use crate::alerts::{
    detector::Detector,
    hour::{A_DAY, Hour, Span},
    hourly::Hourly,
    model::{CountModel, FALLS, RISES, ScoreModel, ShareModel, TIMES},
    rules::WatchRules,
    series::{History, Metric, Part, ScoreName, SeriesKey, Stream, What},
};
use recovery::Recovery;
use std::{collections::BTreeSet, ops::Range};

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
    counts: Hourly<u32>,
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

#[derive(Debug, Clone)]
pub(super) struct Running {
    onset: usize,
    fired: usize,
    /// How much it moved: times, or by what part.
    by: f64,
    recovery: Recovery,
}

impl<'a> Watched<'a> {
    /// The series of a stream: its volume, and what is judged or answered in it. Of a case the volume alone, where the
    /// rules have cases watched.
    pub fn of(stream: &'a Stream, history: &History, rules: &WatchRules) -> Vec<Self> {
        let mut metrics = Vec::new();
        let is_case = matches!(stream.what, What::Case(_));
        if rules.volume && (rules.cases || !is_case) {
            metrics.push(Metric::Volume);
        }
        if rules.negative && !is_case {
            metrics.push(Metric::Negative);
        }
        if rules.scores && !is_case {
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
            counts: Hourly::default(),
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

    pub fn family(&self) -> Family {
        Family::of(&self.key)
    }

    /// That something has changed, while nothing runs.
    pub fn evidence(&self) -> f64 {
        self.detector.evidence()
    }

    /// Takes in one hour.
    pub fn take(&mut self, at: usize, hour: Hour, may_begin: bool, feeds: &Feeds<'_>) {
        if let Model::Volume(model) = &self.model {
            self.due[at] = model.expected(hour);
        }
        if let Some(by) = self.running.as_ref().map(|running| running.by) {
            self.left_out[at] = true;
            let heard = (!self.is_cut_off(at, feeds)).then(|| self.recovery(at, hour, by));
            if let (Some(running), Some(ratio)) = (&mut self.running, heard) {
                running.recovery.take(ratio);
            }
            return;
        }
        match &self.model {
            Model::Unknown => {}
            Model::Volume(model) => {
                self.detector.take(hour, &model.rises(hour, self.counts.at(at)), may_begin);
            }
            Model::Negative(models) => {
                let ratios = self.parts(models).map(|(part, model)| {
                    let counts = part.counts.at(at);
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

    /// The episode that would begin after the hour `at`; `None` where the change is too small, or too few people stand behind
    /// it.
    pub fn ready(
        &self,
        at: usize,
        history: &History,
        rules: &WatchRules,
        records: &impl Records,
    ) -> Option<Running> {
        let onset = (self.detector.onset()?.0 - history.from.0).max(0) as usize;
        let figures = self.figures(onset..at + 1).filter(|figures| rules.least.allows(figures))?;
        let span = Span { from: history.hour(onset), to: history.hour(at + 1) };
        if records.people(&self.key, span) < rules.least.people {
            return None;
        }
        let by = match figures {
            Figures::Volume { times, .. } => times,
            Figures::Negative { rise, .. } => rise,
            Figures::Score { fall, .. } => fall,
        };
        let so_far = onset.max((at + 1).saturating_sub(A_DAY))..at + 1;
        let recovery = Recovery::begun(so_far.map(|at| self.recovery(at, history.hour(at), by)));
        Some(Running { onset, fired: at, by, recovery })
    }

    pub fn begin(&mut self, running: Running) {
        self.left_out[running.onset..=running.fired].fill(true);
        self.running = Some(running);
    }

    /// Ends the episode after the hour `at`, where it is over.
    pub fn end(
        &mut self,
        at: usize,
        history: &History,
        rules: &WatchRules,
        records: &impl Records,
    ) -> Option<Spell> {
        let running = self.running.as_ref()?;
        let ending = if running.recovery.is_complete() {
            Ending::Recovered
        } else if at - running.fired >= A_DAY * rules.new_normal_days as usize {
            Ending::NewNormal
        } else {
            return None;
        };
        let onset = running.onset;
        let spell = self.spell(running, at + 1, history, records)?;
        if ending == Ending::NewNormal {
            self.adopted = onset;
            self.left_out[onset..=at].fill(false);
            // What was usual before says nothing any more; the next day learns what is.
            self.model = Model::Unknown;
        }
        self.detector.clear();
        self.running = None;
        Some(Spell { ended: Some((history.hour(at), ending)), ..spell })
    }

    /// The episode that runs, before the hour `now`.
    pub fn running(&self, now: usize, history: &History, records: &impl Records) -> Option<Spell> {
        self.spell(self.running.as_ref()?, now, history, records)
    }

    fn spell(
        &self,
        running: &Running,
        to: usize,
        history: &History,
        records: &impl Records,
    ) -> Option<Spell> {
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
        answers.within(hours).fold((0, 0.0), |(n, sum), of| (n + u64::from(of.n), sum + of.sum))
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
