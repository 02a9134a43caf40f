//! What moved, in sentences: the same ones wherever a report is shown.

use super::{
    model::{Carrier, Direction, Mover, Report},
    render::{
        count,
        text::{day_beside, percent, period, signed, signed_range},
    },
    scope::Period,
};
use crate::{
    stats::Interval,
    trends::{Effect, Metric, ShareChange, Verdict},
};

/// What happened to one topic at one time is one story, however many measures tell of it; the surest leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Story<'r> {
    lead: &'r Mover,
    others: Vec<&'r Mover>,
}

/// The real ones of a report.
#[must_use]
pub fn stories(report: &Report) -> Vec<Story<'_>> {
    let mut stories: Vec<Story<'_>> = Vec::new();
    for mover in report.movers.iter().filter(|mover| mover.verdict == Verdict::Real) {
        let common = |other: &Mover| {
            let overlap = mover.days.from <= other.days.to && other.days.from <= mover.days.to;
            mover.topic == other.topic && overlap
        };
        match stories.iter_mut().find(|story| common(story.lead)) {
            Some(story) => story.others.push(mover),
            None => stories.push(Story { lead: mover, others: Vec::new() }),
        }
    }
    stories
}

impl<'r> Story<'r> {
    /// The surest of them.
    #[must_use]
    pub fn lead(&self) -> &'r Mover {
        self.lead
    }

    pub fn movers(&self) -> impl Iterator<Item = &'r Mover> {
        [self.lead].into_iter().chain(self.others.iter().copied())
    }

    /// Whose quotes to show: those that say what is good or bad, where a measure asked for that.
    #[must_use]
    pub fn telling(&self) -> &'r Mover {
        let quoted = |mover: &&Mover| mover.metric != Metric::Volume && !mover.quotes.is_empty();
        self.movers().find(quoted).unwrap_or(self.lead)
    }

    /// The one whose quotes are shown comes last, so that they stand below the command that lists what they are of.
    pub fn in_order(&self) -> impl Iterator<Item = &'r Mover> {
        let telling = self.telling();
        self.movers().filter(move |mover| !std::ptr::eq(*mover, telling)).chain([telling])
    }

    /// `Login and access: worse and more mentions, since 9 Mar`.
    #[must_use]
    pub fn heading(&self, report: &Report) -> String {
        let mut what: Vec<&str> = Vec::new();
        for mover in self.movers() {
            let told = match mover.direction {
                Direction::More => "more mentions",
                Direction::Fewer => "fewer mentions",
                Direction::Worse => "worse",
                Direction::Better => "better",
            };
            if !what.contains(&told) {
                what.push(told);
            }
        }
        format!("{}: {}, {}", self.lead.name, what.join(" and "), when(report, self.lead))
    }

    /// How much one of its measures moved, and how sure that is.
    #[must_use]
    pub fn evidence(&self, report: &Report, mover: &Mover) -> String {
        let same = mover.days == self.lead.days;
        let days = if same { String::new() } else { format!(", {}", when(report, mover)) };
        format!("{}{days} ({}).{}", detail(&mover.effect), chance(mover), left_out(&mover.left_out))
    }

    /// What its mentions have in common; `None` where that is nothing.
    #[must_use]
    pub fn carried(&self) -> Option<String> {
        let mut carriers: Vec<&Carrier> = Vec::new();
        for carrier in self.movers().flat_map(|mover| &mover.carriers) {
            if !carriers.iter().any(|told| told.what == carrier.what) {
                carriers.push(carrier);
            }
        }
        let carriers: Vec<String> = carriers.into_iter().map(carrier).collect();
        (!carriers.is_empty()).then(|| format!("Carried by {}.", carriers.join("; ")))
    }
}

fn left_out(left_out: &[Period]) -> String {
    let stretches: Vec<String> = left_out.iter().map(|days| period(*days)).collect();
    let (stood_out, are) = match left_out {
        [] => return String::new(),
        [days] if days.from == days.to => ("by itself", "is"),
        _ => ("by themselves", "are"),
    };
    format!(" {} stood out {stood_out} and {are} no part of what is usual.", stretches.join(" and "))
}

/// The days of a mover: `since 9 Mar`.
#[must_use]
pub fn when(report: &Report, mover: &Mover) -> String {
    let began = if mover.days.from < report.period.from { " (it begins before this period)" } else { "" };
    if mover.ongoing {
        format!("since {}{began}", day_beside(mover.days.from, report.period.to))
    } else if mover.days.from == mover.days.to {
        format!("on {}", period(mover.days))
    } else {
        format!("{}{began}", period(mover.days))
    }
}

/// How much it moved: `1.5× the usual mentions (1.3 to 1.7×)`.
#[must_use]
pub fn size(effect: &Effect) -> String {
    match *effect {
        Effect::Volume { ratio, interval, .. } => {
            format!("{} the usual mentions ({})", times(ratio), times_range(interval))
        }
        Effect::Negative(share) => format!("negative {}", points(&share)),
        Effect::Positive(share) => format!("positive {}", points(&share)),
    }
}

fn points(share: &ShareChange) -> String {
    let interval = share.interval.scaled(100.0);
    format!("{} points ({})", signed(100.0 * share.difference, 0), signed_range(interval, 0))
}

fn detail(effect: &Effect) -> String {
    match *effect {
        Effect::Volume { mentions, usual, .. } => {
            let usual = if usual < 10.0 { format!("{usual:.1}") } else { count(usual.round() as u64) };
            let seen = some(mentions, "mention");
            format!("{}: {seen} where {usual} would be usual", capital(&size(effect)))
        }
        Effect::Negative(ShareChange { inside, outside, usual, .. })
        | Effect::Positive(ShareChange { inside, outside, usual, .. }) => {
            let inside_share =
                if inside[1] > 0 { percent(inside[0] as f64 / inside[1] as f64) } else { "none".into() };
            let otherwise = if outside[1] > 0 {
                format!("{} in the same sources ({})", percent(usual), some(outside[1], "mention"))
            } else {
                "none".to_owned()
            };
            format!(
                "{}: {inside_share} of {}, otherwise {otherwise}",
                capital(&size(effect)),
                some(inside[1], "judged mention"),
            )
        }
    }
}

/// `1 mention`, `1,200 mentions`.
fn some(n: u64, what: &str) -> String {
    format!("{} {what}{}", count(n), if n == 1 { "" } else { "s" })
}

fn times(ratio: f64) -> String {
    format!("{}×", factor(ratio))
}

fn times_range(interval: Interval) -> String {
    format!("{} to {}×", factor(interval.low), factor(interval.high))
}

fn factor(ratio: f64) -> String {
    if ratio >= 9.95 {
        format!("{ratio:.0}")
    } else if ratio >= 0.995 {
        format!("{ratio:.1}")
    } else {
        format!("{ratio:.2}")
    }
}

/// `p<0.0001, q=0.0004`.
#[must_use]
pub fn chance(mover: &Mover) -> String {
    let value = |value: f64| match value {
        v if v < 0.0001 => "<0.0001".to_owned(),
        v if v < 0.01 => format!("={v:.4}"),
        v => format!("={v:.2}"),
    };
    format!("p{}, q{}", value(mover.p), value(mover.q))
}

impl Carrier {
    /// What the mentions have in common: `app version 7.6.2, platform android`.
    fn named(&self) -> String {
        let what = self.what.iter().map(|(name, value)| format!("{} {value}", name.replace('_', " ")));
        what.collect::<Vec<_>>().join(", ")
    }

    /// The same with its share of the mentions on those days: `app version 7.6.2 (82%)`.
    #[must_use]
    pub fn brief(&self) -> String {
        format!("{} ({})", self.named(), percent(self.inside))
    }
}

fn carrier(carrier: &Carrier) -> String {
    let points = signed_range(carrier.difference.scaled(100.0), 0);
    let of_all =
        carrier.same_days.share.map(|share| format!(", and {} of all records of those days", percent(share)));
    let of_all = of_all.unwrap_or_default();
    format!(
        "{}: {} of these mentions, otherwise {} ({points} points){of_all}",
        carrier.named(),
        percent(carrier.inside),
        percent(carrier.outside)
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;

    #[test]
    fn one_mention_is_one() {
        let interval = Interval::new(0.02, 0.7);
        let fewer = Effect::Volume { ratio: 0.11, interval, mentions: 1, usual: 9.0 };
        assert_eq!(
            detail(&fewer),
            "0.11× the usual mentions (0.02 to 0.70×): 1 mention where 9.0 would be usual"
        );
        let share = ShareChange { difference: -0.4, interval, usual: 0.4, inside: [0, 30], outside: [1, 1] };
        assert!(
            detail(&Effect::Negative(share))
                .ends_with("0% of 30 judged mentions, otherwise 40% in the same sources (1 mention)")
        );
    }

    #[test]
    fn one_day_or_many_stood_out() {
        let days = |from, to| Period { from: Day(from), to: Day(to) };
        let one = left_out(&[days(20_514, 20_514)]);
        assert_eq!(one, " 2 Mar 2026 stood out by itself and is no part of what is usual.");
        let more = left_out(&[days(20_514, 20_515), days(20_520, 20_520)]);
        assert!(
            more.starts_with(" 2 to 3 Mar 2026 and 8 Mar 2026 stood out by themselves and are "),
            "{more}"
        );
        assert_eq!(left_out(&[]), "");
    }
}
