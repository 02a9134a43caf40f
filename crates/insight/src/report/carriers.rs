//! What carries a mover: the product, platform, version or territory that its mentions share more than usual, and
//! more than the other records of the same days do. The second keeps out whatever is merely new in those
//! days, as the version that everybody has by then.

use super::{
    facts::{CARRIERS, Cell, Cells, Facts},
    filter::Filter,
    model::{Carrier, Figure},
    scope::{Period, Scope},
    volume::share,
};
use crate::{
    error::InsightError,
    stats::proportion::{Difference, Proportion, newcombe, stratified_newcombe},
    texts::Text,
    trends::Metric,
};
use feedback::judgement::SentimentLabel;
use std::{collections::HashMap, hash::Hash};

/// The dimensions, and pairs of them that belong together.
const DIMENSIONS: [&[&str]; 5] =
    [&["product"], &["platform"], &["app_version"], &["territory"], &["platform", "app_version"]];
const PLATFORM: usize = 1;
/// A carrier has at least this much more of the mentions than usual, and this many times as much.
const LEAST_EXTRA: f64 = 0.15;
const LEAST_TIMES: f64 = 1.3;
/// Fewer mentions than this say nothing of what they share.
const LEAST_MENTIONS: u64 = 10;
const MOST: usize = 2;

/// Mentions of some topics over the study, and all records, counted by what they have in common.
pub struct Mentions {
    scope: Scope,
    study: Period,
    cells: Cells,
}

impl Mentions {
    pub fn read(
        facts: &impl Facts,
        scope: &Scope,
        study: Period,
        topics: &[String],
    ) -> Result<Self, InsightError> {
        let cells = if topics.is_empty() { Cells::default() } else { facts.cells(scope, study, topics)? };
        Ok(Self { scope: scope.on_all_topics(), study, cells })
    }

    /// Mentions of `topic` on `days` that have this sentiment.
    pub fn count(&self, topic: &str, label: SentimentLabel, days: Period) -> u64 {
        let topic = self.cells.texts.find(topic);
        let counts = |c: &&Cell| Some(c.topic) == topic && c.sentiment == label && days.contains(c.day);
        self.cells.mentions.iter().filter(counts).map(|cell| cell.n).sum()
    }

    /// What the mentions of `topic` (those the metric counts) have in common on `days`, against the other days of
    /// the study but those left out, and against the other records of `days`; the strongest first.
    pub fn carriers(
        &self,
        topic: &str,
        metric: Metric,
        days: Period,
        left_out: &[Period],
        filter: &Filter,
    ) -> Vec<Carrier> {
        let wanted = match metric {
            Metric::Volume => None,
            Metric::Negative => Some(SentimentLabel::Negative),
            Metric::Positive => Some(SentimentLabel::Positive),
        };
        let topic = self.cells.texts.find(topic);
        let is_left_out = |day| left_out.iter().any(|days| days.contains(day));
        let counts = |c: &&Cell| {
            Some(c.topic) == topic && wanted.is_none_or(|wanted| c.sentiment == wanted) && !is_left_out(c.day)
        };
        let (inside, outside): (Vec<&Cell>, Vec<&Cell>) =
            self.cells.mentions.iter().filter(counts).partition(|cell| days.contains(cell.day));
        if inside.iter().map(|cell| cell.n).sum::<u64>() < LEAST_MENTIONS {
            return Vec::new();
        }
        let same_days: Vec<&Cell> =
            self.cells.records.iter().filter(|cell| days.contains(cell.day)).collect();
        let told = Told { days, left_out, inside, outside, same_days };
        let of = |names: &&[&str]| self.along(&told, names, filter);
        let mut found: Vec<Carrier> = DIMENSIONS.iter().flat_map(of).collect();
        let extra = |c: &Carrier| c.inside - c.outside;
        found.sort_by(|a, b| extra(b).total_cmp(&extra(a)).then_with(|| a.what.cmp(&b.what)));
        // A pair that covers nearly the same mentions as one of its halves says more than the half.
        let pairs: Vec<Carrier> = found.iter().filter(|c| c.what.len() > 1).cloned().collect();
        found.retain(|one| {
            let told = |pair: &Carrier| pair.what.contains(&one.what[0]) && pair.inside >= 0.85 * one.inside;
            one.what.len() > 1 || !pairs.iter().any(told)
        });
        // A pair that only repeats a half with other mentions beside it is told by the half.
        let halves: Vec<Carrier> = found.iter().filter(|c| c.what.len() == 1).cloned().collect();
        found.retain(|pair| {
            pair.what.len() == 1 || !halves.iter().any(|half| pair.what.contains(&half.what[0]))
        });
        found.truncate(MOST);
        found
    }

    /// Of the values of some fields those that carry it, in the order of the values.
    fn along(&self, told: &Told<'_>, names: &[&str], filter: &Filter) -> Vec<Carrier> {
        let at: Vec<usize> =
            names.iter().filter_map(|name| CARRIERS.iter().position(|c| c == name)).collect();
        let by_platform = names.contains(&"app_version");
        let whole = told.tallied(by_platform, |_| ());
        let Some(whole) = whole.get(&()) else { return Vec::new() };
        let tallies =
            told.tallied(by_platform, |cell| -> Vec<Text> { at.iter().map(|at| cell.values[*at]).collect() });
        let mut values: Vec<(Vec<&str>, &Tally)> = tallies
            .iter()
            .map(|(values, tally): (&Vec<Text>, _)| {
                (values.iter().map(|value| self.cells.texts.of(*value)).collect(), tally)
            })
            .filter(|(values, _): &(Vec<&str>, _)| values.iter().all(|value| !value.is_empty()))
            .collect();
        values.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let carrier = |(values, tally): (Vec<&str>, &Tally)| {
            self.carrier(told, (names, &values), (tally, whole), filter)
        };
        values.into_iter().filter_map(carrier).collect()
    }

    fn carrier(
        &self,
        told: &Told<'_>,
        (names, values): (&[&str], &[&str]),
        (tally, whole): (&Tally, &Tally),
        filter: &Filter,
    ) -> Option<Carrier> {
        let [inside, outside, same_days] =
            [0, 1, 2].map(|side: usize| Proportion::new(tally.n[side], whole.n[side]));
        let against_usual = newcombe(inside, outside);
        let against_others = self.against_others(tally, whole);
        let more = inside.share() >= LEAST_TIMES * outside.share()
            && [against_usual, against_others].iter().all(is_plain);
        let of = |filter: Filter| narrowed(filter, names, values);
        let of_days = Filter::of(&self.scope, told.days);
        more.then(|| Carrier {
            what: names.iter().zip(values).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            inside: inside.share(),
            outside: outside.share(),
            difference: against_usual.interval,
            same_days: share(
                same_days.hits as u64,
                Figure { value: same_days.n as u64, filter: of_days.clone() },
                of(of_days),
            ),
            outside_mentions: Figure {
                value: outside.hits as u64,
                filter: of(Filter { from: Some(self.study.from), to: Some(self.study.to), ..filter.clone() })
                    .except(told.days)
                    .also_except(told.left_out),
            },
            mentions: inside.hits as u64,
            filter: of(filter.clone()),
        })
    }

    /// The share of the mentions over that of the other records of the same days. Of a version within platforms:
    /// a topic of one platform has that platform's newest version without being carried by it.
    fn against_others(&self, tally: &Tally, whole: &Tally) -> Difference {
        let mut strata: Vec<(&str, [u64; 4])> = whole
            .strata
            .iter()
            .map(|(platform, [n, all])| {
                let [hits, hits_of_all] = tally.strata.get(platform).copied().unwrap_or_default();
                let name = platform.map_or("", |platform| self.cells.texts.of(platform));
                (name, [hits, *n, hits_of_all, *all])
            })
            .collect();
        // Sums follow from the order.
        strata.sort_unstable();
        // The mentions are among the records of those days, once each.
        let sides = strata.into_iter().map(|(_, [hits, n, hits_of_all, all])| {
            let others = Proportion::new(hits_of_all.saturating_sub(hits), all.saturating_sub(n));
            (Proportion::new(hits, n), others)
        });
        stratified_newcombe(&sides.collect::<Vec<_>>())
    }
}

/// What is compared.
struct Told<'a> {
    /// The mover's days, and the others that are not usual.
    days: Period,
    left_out: &'a [Period],
    /// Mentions on the mover's days and on the usual ones of the study.
    inside: Vec<&'a Cell>,
    outside: Vec<&'a Cell>,
    /// All records of the mover's days.
    same_days: Vec<&'a Cell>,
}

/// How many have a value.
#[derive(Debug, Clone, Default)]
struct Tally {
    /// Mentions inside and outside, and records of the same days.
    n: [u64; 3],
    /// Mentions inside, and records of the same days, by platform where it is of versions.
    strata: HashMap<Option<Text>, [u64; 2]>,
}

impl Told<'_> {
    /// By the values that mentions inside have.
    fn tallied<K: Eq + Hash>(&self, by_platform: bool, key: impl Fn(&Cell) -> K) -> HashMap<K, Tally> {
        let stratum = |cell: &Cell| by_platform.then_some(cell.values[PLATFORM]);
        let mut tallies: HashMap<K, Tally> = HashMap::new();
        for cell in &self.inside {
            let tally = tallies.entry(key(cell)).or_default();
            tally.n[0] += cell.n;
            tally.strata.entry(stratum(cell)).or_default()[0] += cell.n;
        }
        for cell in &self.outside {
            if let Some(tally) = tallies.get_mut(&key(cell)) {
                tally.n[1] += cell.n;
            }
        }
        for cell in &self.same_days {
            if let Some(tally) = tallies.get_mut(&key(cell)) {
                tally.n[2] += cell.n;
                tally.strata.entry(stratum(cell)).or_default()[1] += cell.n;
            }
        }
        tallies
    }
}

fn is_plain(more: &Difference) -> bool {
    more.value >= LEAST_EXTRA && more.interval.low > 0.05
}

fn narrowed(mut filter: Filter, names: &[&str], values: &[&str]) -> Filter {
    for (name, value) in names.iter().zip(values) {
        let field = match *name {
            "product" => &mut filter.product,
            "platform" => &mut filter.platform,
            "app_version" => &mut filter.app_version,
            _ => &mut filter.territory,
        };
        *field = Some((*value).to_owned());
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{Inputs, records, tables::Tables},
        testing::{self, Fact},
    };
    use feedback::time::Day;

    const START: Day = Day(20_458);
    const STUDY: Period = Period { from: START, to: Day(START.0 + 27) };
    const WINDOW: Period = Period { from: Day(START.0 + 21), to: Day(START.0 + 27) };

    /// Forty records a day on all platforms alike; from the window on the web and Android have new versions.
    /// `topic` says which records speak of the topic: by day, number within the day, and platform.
    fn facts(topic: impl Fn(Day, u64, &str) -> bool) -> Vec<Fact> {
        let mut facts = Vec::new();
        for day in STUDY.from.0..=STUDY.to.0 {
            for n in 0..40 {
                let mut fact = Fact::new(facts.len() as u64, Day(day), "nps");
                let platform = ["web", "android", "ios", "web"][n as usize % 4];
                let new = WINDOW.contains(fact.day);
                let version = match (platform, new) {
                    ("web", false) => "2026.31",
                    ("web", true) => "2026.32",
                    ("android", false) => "7.6.1",
                    // Half of them have updated.
                    ("android", true) if n % 8 == 1 => "7.6.2",
                    ("android", true) => "7.6.1",
                    _ => "7.5",
                };
                (fact.platform, fact.app_version) = (Some(platform), Some(version));
                if topic(fact.day, n, version) {
                    fact.topics.push(("availability", "negative", (0, 0)));
                }
                facts.push(fact);
            }
        }
        facts
    }

    fn carriers(facts: &[Fact], left_out: &[Period]) -> Vec<Carrier> {
        let facts = testing::facts(facts);
        let inputs = Inputs { insights: facts.clone(), facts };
        let (tables, scope) = (Tables::read(&inputs).unwrap(), Scope::of_days(STUDY.from, STUDY.to));
        let mentions = Mentions::read(&tables, &scope, STUDY, &["availability".to_owned()]).unwrap();
        let filter = Filter::of(&scope, WINDOW).topic("availability").sentiment(SentimentLabel::Negative);
        mentions.carriers("availability", Metric::Negative, WINDOW, left_out, &filter)
    }

    #[test]
    fn what_is_merely_new_carries_nothing() {
        // On the days of the window more is said by everybody, on the versions that everybody has by then.
        let everybody = |day, n, _: &str| n < if WINDOW.contains(day) { 28 } else { 4 };
        assert_eq!(carriers(&facts(everybody), &[]), []);
        // A topic of the web alone has the web's newest version.
        let web_alone = |_, n, version: &str| n < 20 && version.starts_with("2026");
        assert_eq!(carriers(&facts(web_alone), &[]), []);
    }

    #[test]
    fn what_breaks_with_a_version_is_carried_by_it() {
        let broken = |_, n, version: &str| n < 4 || version == "7.6.2";
        let found = carriers(&facts(broken), &[]);
        let carrier = found.first().expect("the broken version carries it");
        assert!(carrier.what.contains(&("app_version".to_owned(), "7.6.2".to_owned())), "{found:?}");
        // Five of forty records a day, and of the eight mentions a day.
        assert_eq!((carrier.mentions, carrier.inside), (35, 35.0 / 56.0));
        assert_eq!((carrier.same_days.hits, carrier.same_days.n), (35, 280));
        assert_eq!((carrier.outside_mentions.value, carrier.outside), (0, 0.0));
    }

    #[test]
    fn what_is_usual_does_not_hold_the_days_left_out() {
        let past = Period { from: START, to: START.plus(6) };
        // One in four mentions is of Android, and nine more a day in the past episode and in the window.
        let more = |day: Day| WINDOW.contains(day) || past.contains(day);
        let android = |day, n: u64, _: &str| n < 4 || n % 4 == 1 && more(day);
        let facts = facts(android);
        let found = carriers(&facts, &[past]);
        let of = |c: &&Carrier| c.what == [("platform".to_owned(), "android".to_owned())];
        let carrier = found.iter().find(of).expect("Android carries it");
        assert_eq!((carrier.outside_mentions.value, carrier.outside), (14, 0.25));
        let usual = records(testing::facts(&facts), &carrier.outside_mentions.filter).unwrap();
        assert_eq!(usual.len(), 14);
    }
}
