//! The storylines: what happened to the invented company, and nothing else does. Everything a report may call real
//! is one of these.

use crate::{
    calendar::{DAYS, Period},
    company::Platform,
    event::Source,
    opinion::{Forced, Mood, Opinion},
    rng::Rng,
    texts,
};
use feedback::time::Day;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Story {
    /// Six days in week 5 when nothing worked.
    Outage,
    /// New prices from week 7 on.
    PriceChange,
    /// An Android release in week 9 that broke signing in, mended ten days later.
    LoginRelease,
    /// A rewrite that made everything faster, little by little, from week 7 on.
    FasterBoards,
    /// Fewer messages at weekends, all along.
    WeeklyRhythm,
}

/// What a storyline moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Records with the topic a day.
    Volume,
    /// Records negative on the topic, a day.
    NegativeVolume,
    /// Records positive on the topic, a day.
    PositiveVolume,
    /// Share of negative ones among the records with the topic.
    NegativeShare,
    /// The net promoter score.
    Nps,
    /// Volume by day of the week.
    Weekday,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    Up,
    Down,
    /// Up and down again, every week.
    Cycle,
}

/// One movement that a report should find.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plant {
    pub story: Story,
    /// A topic id; `None` where all records move.
    pub topic: Option<&'static str>,
    pub measure: Measure,
    pub direction: Direction,
    /// The first day it holds.
    pub from: Day,
    /// The first day it no longer holds.
    pub until: Day,
    /// Only there.
    pub platform: Option<Platform>,
    pub app_version: Option<&'static str>,
}

/// Days since the start of the history: `[from, until)`.
const OUTAGE: (i32, i32) = (29, 35);
const PRICE: (i32, i32) = (42, DAYS);
const LOGIN: (i32, i32) = (58, 68);
const FASTER: (i32, i32) = (42, DAYS);
/// The Android release that broke signing in.
pub const BROKEN_VERSION: &str = "7.6.2";

/// All movements, in order of time.
pub(crate) fn list(period: Period, stories: bool, rhythm: bool) -> Vec<Plant> {
    use {Direction as D, Measure as M, Story as S};
    let plant = |story, topic, measure, direction, (from, until): (i32, i32)| Plant {
        story,
        topic,
        measure,
        direction,
        from: period.start.plus(from),
        until: period.start.plus(until),
        platform: None,
        app_version: None,
    };
    let android = |plant: Plant| Plant {
        platform: Some(Platform::Android),
        app_version: Some(BROKEN_VERSION),
        ..plant
    };
    let mut plants = Vec::new();
    if rhythm {
        plants.push(plant(S::WeeklyRhythm, None, M::Weekday, D::Cycle, (0, DAYS)));
    }
    if stories {
        plants.extend([
            plant(S::Outage, Some("availability"), M::Volume, D::Up, OUTAGE),
            plant(S::Outage, Some("availability"), M::NegativeShare, D::Up, OUTAGE),
            plant(S::PriceChange, Some("pricing"), M::Volume, D::Up, PRICE),
            plant(S::PriceChange, Some("pricing"), M::NegativeShare, D::Up, PRICE),
            plant(S::PriceChange, None, M::Nps, D::Down, PRICE),
            plant(S::FasterBoards, Some("performance"), M::NegativeVolume, D::Down, FASTER),
            plant(S::FasterBoards, Some("performance"), M::PositiveVolume, D::Up, FASTER),
            android(plant(S::LoginRelease, Some("login_access"), M::Volume, D::Up, LOGIN)),
            android(plant(S::LoginRelease, Some("login_access"), M::NegativeShare, D::Up, LOGIN)),
        ]);
    }
    plants
}

fn within(day: i32, (from, until): (i32, i32)) -> bool {
    (from..until).contains(&day)
}

/// How far the rewrite has come, 0 to 1: all of it is there two weeks before the end.
fn faster(day: i32) -> f64 {
    const DONE: i32 = DAYS - 14;
    if within(day, FASTER) {
        (f64::from(day - FASTER.0 + 1) / f64::from(DONE - FASTER.0)).min(1.0)
    } else {
        0.0
    }
}

/// Whether an opinion that would have been voiced is not, because the reason for it has gone.
pub(crate) fn silenced(rng: &mut Rng, day: i32, opinion: &Opinion) -> bool {
    let slow =
        opinion.points.first().is_some_and(|p| p.topic.id == "performance" && p.mood == Mood::Negative);
    slow && rng.chance(0.9 * faster(day))
}

/// Whether a promoter of the base history thinks less of the company since the prices rose.
pub(crate) fn sobered(rng: &mut Rng, day: i32) -> bool {
    within(day, PRICE) && rng.chance(0.27)
}

/// What is said besides, on one day: `scale` is 1 for a history of 30,000 events.
pub(crate) fn extra(rng: &mut Rng, day: i32, scale: f64) -> Vec<(Source, Forced)> {
    let mut all = Vec::new();
    let mut say = |rng: &mut Rng, mean: f64, shares: [f64; 4], forced: Option<Forced>| {
        let Some(forced) = forced else { return };
        for _ in 0..rng.poisson(mean * scale) {
            all.push((Source::ALL[rng.weighted(&shares)], forced));
        }
    };
    // Shares: survey, ticket, nps, social.
    if within(day, OUTAGE) {
        say(rng, 40.0, [0.06, 0.48, 0.06, 0.40], forced("availability", Mood::Negative, OUTAGE_SAID));
    }
    if within(day, PRICE) {
        say(rng, 15.0, [0.25, 0.22, 0.25, 0.28], forced("pricing", Mood::Negative, PRICE_SAID));
    }
    if within(day, LOGIN) {
        let on_android = forced("login_access", Mood::Negative, LOGIN_SAID).map(|forced| Forced {
            platform: Some(Platform::Android),
            version: Some(BROKEN_VERSION),
            ..forced
        });
        say(rng, 30.0, [0.10, 0.48, 0.07, 0.35], on_android);
    }
    let progress = faster(day);
    if progress > 0.0 {
        let praise = forced("performance", Mood::Positive, FASTER_SAID);
        say(rng, 17.0 * progress, [0.30, 0.10, 0.30, 0.30], praise);
    }
    all
}

fn forced(topic: &str, mood: Mood, story: &'static [&'static str]) -> Option<Forced> {
    let topic = texts::topic(topic)?;
    Some(Forced { topic, mood, platform: None, version: None, story })
}

const OUTAGE_SAID: &[&str] = &[
    "[nothing loads|everything is down|the whole service is offline] since {clock}, [every page gives a 503|the servers don't respond|we just see the error page], [this is terrible|what an awful day|a disgrace|so frustrating]",
    "the service is down [again|completely], [no board opens|503 everywhere|{people} can't work], [this is terrible|what an awful day|absolutely unacceptable]",
    "day [one|two] of the outage and [no explanation|the status page is still green|we sit here with paper lists], [awful|a disgrace|this is hurting our business]",
    "your outage [stopped our whole crew|left {people} without a plan|cost us a job today], [unacceptable and embarrassing|I'm furious|a disgrace]",
    "[down down down|servers unreachable|total blackout], {2-9} hours of downtime, [this is awful|what a disaster|terrible, nobody can work]",
];
const PRICE_SAID: &[&str] = &[
    "[the new prices are|the price increase is|your new pricing is] [outrageous|a slap in the face|terrible|an insult], {20-60}% more for [the same thing|nothing new], [I hate this|so disappointed|awful]",
    "[just saw|got the mail about] the price change: from {money} to {money} a month, [that's terrible|horrible news for small teams|really disappointed|this makes me angry]",
    "after the price change we pay {25-70}% more, [far too expensive for {team}|an awful deal|ridiculously expensive], [sad|very unhappy|not fair]",
    "[loyal customers for {2-8} years|we recommended you to everyone], and then this price hike, [greedy and disgusting|very disappointing|shame on you]",
    "the [Team|Starter|Crew] plan lost [features|seats] and got more expensive, [terrible value|what a rip-off|such unfair pricing]",
];
const LOGIN_SAID: &[&str] = &[
    "since the [horrible|awful|terrible] update to {ver} I can't [log in|sign in] [any more|at all], [it throws me back to the login screen|the login button does nothing|it says invalid session], [so annoying|this is a disaster|I'm furious]",
    "{ver} is [a mess|broken|garbage]: [login broken|sign-in fails|stuck on the login page], [reinstalling doesn't help|password is right, works on the web|{people} have the same problem], [very frustrating|terrible|hate this update]",
    "[locked out|logged out] since yesterday's update, [the login loops forever|every sign-in fails][, {cons}|], [how bad can an update be|awful|really angry]",
    "[sign-in broken|login impossible] with {ver}, [worst update ever|what a disaster|unbelievably annoying], [my password is right|three resets and no luck|error {err} each time]",
    "[ruined my day|great, another wasted morning]: the new version {ver} won't let {people} log in, [useless|so disappointing|pathetic]",
];
const FASTER_SAID: &[&str] = &[
    "[whatever you did|since the rewrite|after the last updates], [it's so much faster|boards load instantly|the speed is fantastic], [thank you|great work|what a difference]",
    "loading went from {12-30} seconds to [one|under two], [wonderful|brilliant|I'm impressed]",
    "[finally fast|so quick now|noticeably faster every week], [scrolling is smooth|no more lag|even big boards fly], [love it|well done]",
];
