//! Whether product managers should hear of a change: what is watched, the evidence, and the life of an alert.
//!
//! Knows: hourly counts, `alerts.toml`, and what was told. Must not: do I/O, read the clock, know a channel.
//!
//! Invariants:
//! - What is found is a pure function of the counts and the rules: late records heal it, and no state but the log of
//!   what was told has to be kept.
//! - Nothing is learned from the current days, nor from a running incident.
//! - Over everything together an unchanging world gives at most as many alerts a quarter as the rules accept, for the
//!   schedule in use, and during an outage as well; `cargo xtask bench-alerts` measures it.
//! - A case is judged against its own life alone, after seven days of it: that nobody reported it before its first report
//!   is no baseline. What is new is its topic's to tell.
//! - Where there is too little history to say anything, that is said: it is not the same as that nothing has moved.
//! - The same thing never makes a second alert, and nothing is told below a least size, volume and number of people.
//!
//! A short history is judged by the same e-detector with wider priors, not by a negative-binomial CUSUM or EARS: `watch` says
//! why.

mod backtest;
mod detector;
mod file;
mod hour;
mod hourly;
mod incident;
mod life;
mod model;
mod named;
mod quotes;
mod read;
mod rules;
mod series;
mod tell;
mod watch;

pub use backtest::{Found, Setting, Tried, backtest, run};
pub use detector::Detector;
pub use file::{AlertsError, AlertsFile, NamedWords};
pub use hour::{Hour, Span};
pub use hourly::Hourly;
pub use incident::{Incident, group};
pub use life::{
    Alert, AlertEvent, Change, Mute, Muted, Plan, Precision, Refused, Said, Silence, State, Step, fold, plan,
    precision,
};
pub use model::{CountModel, ScoreModel, ShareModel};
pub(crate) use model::{PRIOR_DAY_SCATTER, dispersion_of_days};
pub use named::Wordings;
pub use quotes::quotes;
pub use read::{Facts, Stored, days, read};
pub use rules::{Every, Least, LifeRules, SeverityRules, WatchRules};
pub use series::{
    Answers, Counting, Counts, History, Metric, Part, Question, ScoreName, Scored, SeriesKey, Stream, Tick,
    What,
};
pub use tell::{
    AlertTold, Behind, Contribution, Crowd, Moved, PartOf, Quoted, UsualOf, fields, filter, headline, moved,
    people_told, tell,
};
pub use watch::{Coverage, Ending, Figures, Records, Spell, Watch};
