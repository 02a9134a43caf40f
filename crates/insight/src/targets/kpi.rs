//! What a target is about, in which unit its value stands, and how such a value is written.

use crate::report::{
    count,
    render::{percent, signed},
};
use feedback::score::ScoreKind;
use serde::Serialize;
use toml::Value;

/// A figure that a team may set itself a goal for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kpi {
    /// Points from -100 to 100.
    Nps,
    /// The share of the satisfied.
    Csat,
    /// The mean of the ease.
    Ces,
    /// The mean of the stars.
    Stars,
    /// Of the records whose sentiment is known.
    NegativeShare,
    PositiveShare,
    /// How many there are.
    Records,
    /// Medians, with what still waits: of records from being stored to the decision; of cases from there to somebody's taking
    /// it up, and from what happened to its resolution.
    TimeToTriage,
    TimeToAcknowledge,
    TimeToResolve,
}

/// The unit of a value: points, a fraction, a mean on a scale, a number, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Points,
    Share,
    Mean,
    Count,
    Seconds,
}

impl Kpi {
    pub const ALL: [Self; 10] = [
        Self::Nps,
        Self::Csat,
        Self::Ces,
        Self::Stars,
        Self::NegativeShare,
        Self::PositiveShare,
        Self::Records,
        Self::TimeToTriage,
        Self::TimeToAcknowledge,
        Self::TimeToResolve,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nps => "nps",
            Self::Csat => "csat",
            Self::Ces => "ces",
            Self::Stars => "stars",
            Self::NegativeShare => "negative_share",
            Self::PositiveShare => "positive_share",
            Self::Records => "records",
            Self::TimeToTriage => "time_to_triage",
            Self::TimeToAcknowledge => "time_to_acknowledge",
            Self::TimeToResolve => "time_to_resolve",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kpi| kpi.as_str() == name)
    }

    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::Nps => Unit::Points,
            Self::Csat | Self::NegativeShare | Self::PositiveShare => Unit::Share,
            Self::Ces | Self::Stars => Unit::Mean,
            Self::Records => Unit::Count,
            Self::TimeToTriage | Self::TimeToAcknowledge | Self::TimeToResolve => Unit::Seconds,
        }
    }

    /// The score it is of.
    #[must_use]
    pub fn score(self) -> Option<ScoreKind> {
        match self {
            Self::Nps => Some(ScoreKind::Nps),
            Self::Csat => Some(ScoreKind::Csat),
            Self::Ces => Some(ScoreKind::Ces),
            Self::Stars => Some(ScoreKind::Stars),
            _ => None,
        }
    }

    /// The values it can have on a scale from `min` to `max`, which only means ask for.
    #[must_use]
    pub fn range(self, (min, max): (f64, f64)) -> (f64, f64) {
        match self.unit() {
            Unit::Points => (-100.0, 100.0),
            Unit::Share => (0.0, 1.0),
            Unit::Mean => (min, max),
            Unit::Count | Unit::Seconds => (0.0, f64::INFINITY),
        }
    }

    /// A value as the file writes it, in the unit of the KPI.
    ///
    /// # Errors
    /// What should stand there, where it is of another type or cannot be read.
    pub fn read(self, value: &Value) -> Result<f64, String> {
        let number = match value {
            // Beyond 2^53 no goal lies.
            Value::Integer(whole) => Some(*whole as f64),
            Value::Float(real) if real.is_finite() => Some(*real),
            _ => None,
        };
        let text = value.as_str();
        match self.unit() {
            Unit::Points | Unit::Mean => number.ok_or_else(|| "write a number, as 40 or 4.2".to_owned()),
            Unit::Count => {
                number.filter(|n| n.fract() == 0.0).ok_or_else(|| "write a whole number, as 200".to_owned())
            }
            Unit::Share => {
                let share = text.and_then(read_percent).or(number);
                // 20 may be meant as 20%, and 1 as one percent: neither is guessed at.
                share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| {
                    "write a share from \"0%\" to \"100%\", as \"20%\", or from 0 to 1, as 0.2".to_owned()
                })
            }
            Unit::Seconds => text
                .and_then(read_duration)
                .ok_or_else(|| "write a time, as \"30m\", \"24h\", \"2d\" or \"1w\"".to_owned()),
        }
    }

    /// A value as a person reads it.
    #[must_use]
    pub fn tell(self, value: f64) -> String {
        match self.unit() {
            Unit::Points => signed(value, usize::from(value.fract().abs() > 0.05 && value.abs() < 10.0)),
            Unit::Share => percent(value),
            Unit::Mean => format!("{value:.2}"),
            Unit::Count if value < 0.0 => value.to_string(),
            Unit::Count => count(value as u64),
            Unit::Seconds => duration(value),
        }
    }

    /// Its name within a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nps => "NPS",
            Self::Csat => "CSAT",
            Self::Ces => "CES",
            Self::Stars => "stars",
            Self::NegativeShare => "negative share",
            Self::PositiveShare => "positive share",
            Self::Records => "records",
            Self::TimeToTriage => "time to triage",
            Self::TimeToAcknowledge => "time to acknowledge",
            Self::TimeToResolve => "time to resolve",
        }
    }
}

fn read_percent(text: &str) -> Option<f64> {
    let points: f64 = text.trim().strip_suffix('%')?.trim().parse().ok()?;
    points.is_finite().then_some(points / 100.0)
}

/// Seconds of `90s`, `30m`, `24h`, `2d`, `1w`, also with a broken number.
fn read_duration(text: &str) -> Option<f64> {
    let text = text.trim();
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(at);
    let seconds = match unit {
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        _ => return None,
    };
    let number: f64 = number.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number * seconds)
}

/// `2 h to 9 h`, `at least 3 h`: of an interval that may be open.
#[must_use]
pub fn between(low: Option<f64>, high: Option<f64>, tell: impl Fn(f64) -> String) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{} to {}", tell(low), tell(high)),
        (Some(low), None) => format!("at least {}", tell(low)),
        (None, Some(high)) => format!("at most {}", tell(high)),
        (None, None) => "whatever it is".to_owned(),
    }
}

/// `45 s`, `12 min`, `3.4 h`, `2.1 days`: seconds in the largest unit that they fill.
#[must_use]
pub fn duration(seconds: f64) -> String {
    let told = |value: f64, unit: &str| {
        // Whole numbers need no decimal.
        let decimals = usize::from(value < 9.95 && (value - value.round()).abs() >= 0.05);
        format!("{value:.decimals$} {unit}")
    };
    match seconds {
        s if s < 60.0 => told(s.max(0.0), "s"),
        s if s < 3_600.0 => told(s / 60.0, "min"),
        s if s < 2.0 * 86_400.0 => told(s / 3_600.0, "h"),
        s => told(s / 86_400.0, "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_their_unit() {
        let text = |text: &str| Value::String(text.to_owned());
        assert_eq!(Kpi::Nps.read(&Value::Integer(40)), Ok(40.0));
        assert_eq!(Kpi::Stars.read(&Value::Float(4.2)), Ok(4.2));
        assert_eq!(Kpi::NegativeShare.read(&text("20%")), Ok(0.2));
        assert_eq!(Kpi::Csat.read(&Value::Float(0.8)), Ok(0.8));
        assert_eq!(Kpi::TimeToAcknowledge.read(&text("24h")), Ok(86_400.0));
        assert_eq!(Kpi::TimeToResolve.read(&text(" 1.5 d ")), Ok(129_600.0));
        assert_eq!(Kpi::Records.read(&Value::Integer(200)), Ok(200.0));
    }

    #[test]
    fn what_may_mean_two_things_is_refused() {
        let text = |text: &str| Value::String(text.to_owned());
        let refused = |kpi: Kpi, value: &Value| kpi.read(value).unwrap_err();
        assert!(refused(Kpi::Csat, &Value::Integer(80)).contains("\"20%\""));
        assert!(refused(Kpi::Csat, &text("180%")).contains("\"20%\""));
        assert!(refused(Kpi::TimeToResolve, &Value::Integer(3)).contains("\"24h\""));
        assert!(refused(Kpi::TimeToResolve, &text("soon")).contains("\"24h\""));
        assert!(refused(Kpi::Records, &Value::Float(1.5)).contains("whole"));
        assert!(refused(Kpi::Nps, &text("forty")).contains("number"));
        assert!(refused(Kpi::Nps, &Value::Float(f64::NAN)).contains("number"));
    }

    #[test]
    fn values_are_told_in_their_unit() {
        assert_eq!([Kpi::Nps.tell(40.0), Kpi::Nps.tell(-3.2)], ["+40", "−3.2"]);
        assert_eq!([Kpi::Csat.tell(0.804), Kpi::Ces.tell(5.4)], ["80%", "5.40"]);
        let times = [45.0, 720.0, 12_240.0, 86_400.0, 3.0 * 86_400.0, 190_080.0].map(duration);
        assert_eq!(times, ["45 s", "12 min", "3.4 h", "24 h", "3 days", "2.2 days"]);
    }

    #[test]
    fn names_are_read_back() {
        assert!(Kpi::ALL.iter().all(|kpi| Kpi::parse(kpi.as_str()) == Some(*kpi)));
        assert_eq!(Kpi::parse("speed"), None);
    }
}
