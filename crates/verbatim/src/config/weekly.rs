//! The day, the time and the zone at which the digest is made: whether they are any.

use super::{DigestSection, nearest};
use chrono::{NaiveTime, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};

impl DigestSection {
    /// The keys that are wrong, each with why.
    pub(super) fn wrong_times(&self) -> Vec<(&'static str, String)> {
        let (day, time, zone) = (self.day.trim(), self.time.trim(), self.zone.trim());
        let mut wrong = Vec::new();
        if day.parse::<Weekday>().is_err() {
            wrong.push(("day", format!("expected a day such as \"monday\", found {day:?}")));
        }
        if NaiveTime::parse_from_str(time, "%H:%M").is_err() {
            wrong.push(("time", format!("expected a time such as \"08:00\", found {time:?}")));
        }
        if zone.parse::<Tz>().is_err() {
            wrong.push(("zone", no_zone(zone)));
        }
        wrong
    }
}

fn no_zone(text: &str) -> String {
    let known: Vec<String> = TZ_VARIANTS.iter().map(|zone| zone.name().to_ascii_lowercase()).collect();
    let near = nearest(text, known.iter().map(String::as_str));
    let near = near.and_then(|near| TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(near)));
    let hint = match near {
        Some(zone) => format!("did you mean {}?", zone.name()),
        None => "write its IANA name, as in \"Europe/Berlin\" or \"UTC\"".to_owned(),
    };
    format!("there is no time zone {text:?}: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(day: &str, time: &str, zone: &str) -> Vec<(&'static str, String)> {
        let [day, time, zone] = [day, time, zone].map(str::to_owned);
        DigestSection { targets: "none".to_owned(), day, time, zone, to: Vec::new() }.wrong_times()
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        assert_eq!(wrong("friday", "17:30", "Europe/Berlin"), []);
        assert_eq!(wrong("Monday", "08:00", " UTC "), []);
        let told = wrong("noday", "25:00", "Europe/Berln");
        let keys: Vec<&str> = told.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, ["day", "time", "zone"]);
        assert_eq!(told[2].1, "there is no time zone \"Europe/Berln\": did you mean Europe/Berlin?");
    }
}
