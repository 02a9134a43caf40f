//! How far a series moved, from its counts and from what is usual for it.

use super::{Model, Watched};
use crate::{
    alerts::{
        hour::A_WEEK,
        model::{ScoreModel, ShareModel},
        watch::{Figures, figures::in_the_mix},
    },
    stats::{Interval, Z95},
};
use std::ops::Range;

impl Watched<'_> {
    /// Of some hours; `None` where nothing is known any more of what is usual.
    pub(super) fn figures(&self, hours: Range<usize>) -> Option<Figures> {
        let last_week = hours.start.max(hours.end.saturating_sub(A_WEEK))..hours.end;
        match &self.model {
            Model::Unknown => None,
            Model::Volume(model) => {
                let seen = |hours: Range<usize>| -> u64 { self.counts.within(hours).map(u64::from).sum() };
                let due: f64 = self.due[hours.clone()].iter().sum();
                let squares: f64 = self.due[hours.clone()].iter().map(|due| due * due).sum();
                let due_last: f64 = self.due[last_week.clone()].iter().sum();
                Some(Figures::Volume {
                    seen: seen(hours),
                    expected: due,
                    range: model.range(due, squares),
                    times: seen(last_week) as f64 / due_last.max(1e-6),
                })
            }
            Model::Negative(models) => Some(self.shares(models, hours, last_week)),
            Model::Score(models) => Some(self.means(models, hours, last_week)),
        }
    }

    /// What was before is taken in the mix of sources that there is since.
    fn shares(&self, models: &[Option<ShareModel>], hours: Range<usize>, last_week: Range<usize>) -> Figures {
        let (mut hits, mut judged) = (0, 0);
        let (mut above, mut n) = (0.0, 0.0);
        let mut before = Vec::with_capacity(models.len());
        for (part, model) in self.parts(models) {
            let of = |hours: Range<usize>| {
                part.counts.within(hours).fold((0, 0), |(hits, judged), counts| {
                    (hits + u64::from(counts.negative), judged + u64::from(counts.judged))
                })
            };
            let (negative, all) = of(hours.clone());
            (hits, judged) = (hits + negative, judged + all);
            before.push((all as f64, model.share, model.variance()));
            let (negative, all) = of(last_week.clone());
            above += negative as f64 - all as f64 * model.share;
            n += all as f64;
        }
        let dispersion = self.parts(models).map(|(_, model)| model.dispersion).fold(1.0, f64::max);
        let rise = if n > 0.0 { above / n } else { 0.0 };
        Figures::negative(hits, judged, in_the_mix(&before), dispersion, rise)
    }

    fn means(&self, models: &[Option<ScoreModel>], hours: Range<usize>, last_week: Range<usize>) -> Figures {
        let (mut n, mut sum, mut due, mut error) = (0, 0.0, 0.0, 0.0);
        let (mut scatter, mut below, mut last) = (0.0, 0.0, 0.0);
        for (part, model) in self.parts(models) {
            let (answers, total) = self.answers(part, hours.clone());
            (n, sum) = (n + answers, sum + total);
            due += answers as f64 * model.mean;
            error += answers as f64 * model.error;
            scatter += answers as f64 * model.spread();
            let (answers, total) = self.answers(part, last_week.clone());
            below += answers as f64 * model.mean - total;
            last += answers as f64;
        }
        let all = (n as f64).max(1.0);
        let around = |mean: f64, half: f64| Interval::new((mean - half).max(0.0), (mean + half).min(1.0));
        let (before, since) = ((due / all).clamp(0.0, 1.0), (sum / all).clamp(0.0, 1.0));
        Figures::Score {
            answers: n,
            before,
            before_range: around(before, Z95 * error / all),
            since,
            since_range: around(since, Z95 * scatter.sqrt() / all),
            fall: if last > 0.0 { below / last } else { 0.0 },
        }
    }
}
