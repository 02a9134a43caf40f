//! The values that the options take, each with an error that says what is meant.

use crate::config;
use feedback::judgement::{FeedbackKind, SentimentLabel};
use feedback::time::Day;
use insight::report::filter::{Answers, Band, Moment, Weekday, Wording, is_phrase, parse_days, parse_scale};
use insight::report::scope::parse_day;
use insight::triage::Priority;

pub fn sentiment(text: &str) -> Result<SentimentLabel, String> {
    SentimentLabel::parse(text).ok_or_else(|| "expected negative, neutral, positive or unknown".to_owned())
}

pub fn kind(text: &str) -> Result<String, String> {
    one_of(text, FeedbackKind::ALL.iter().map(|kind| kind.as_str()))
}

pub fn score(text: &str) -> Result<String, String> {
    one_of(text, ["nps", "csat", "ces", "stars"].into_iter())
}

fn one_of<'a>(text: &str, names: impl Iterator<Item = &'a str> + Clone) -> Result<String, String> {
    if names.clone().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    let nearest = config::nearest(text, names.clone());
    let meant = nearest.map(|name| format!("did you mean {name}? ")).unwrap_or_default();
    Err(format!("{meant}expected one of {}", names.collect::<Vec<_>>().join(", ")))
}

pub fn weekday(text: &str) -> Result<Weekday, String> {
    one_of(text, Weekday::ALL.iter().map(|day| day.as_str()))?;
    Weekday::parse(text).ok_or_else(|| "expected a day of the week".to_owned())
}

pub fn scale(text: &str) -> Result<String, String> {
    let fits = parse_scale(text).is_some();
    fits.then(|| text.to_owned()).ok_or_else(|| "expected a scale such as 0-10".to_owned())
}

pub fn days(text: &str) -> Result<String, String> {
    let fit = parse_days(text).is_some();
    fit.then(|| text.to_owned())
        .ok_or_else(|| "expected days such as 2026-02-01/2026-02-03 or 01.02.2026/03.02.2026".to_owned())
}

pub fn band(text: &str) -> Result<Band, String> {
    Band::parse(text).ok_or_else(|| "expected promoters, passives, detractors or top2".to_owned())
}

pub fn wording(text: &str) -> Result<Wording, String> {
    Wording::parse(text).ok_or_else(|| "expected with or without".to_owned())
}

pub fn answers(text: &str) -> Result<Answers, String> {
    (text == "last").then_some(Answers::Last).ok_or_else(|| "expected last".to_owned())
}

pub fn moment(text: &str) -> Result<Moment, String> {
    text.parse().map_err(|error: feedback::rfc3339::NoTime| error.to_string())
}

pub fn phrase(text: &str) -> Result<String, String> {
    let fits = is_phrase(text);
    fits.then(|| text.to_owned()).ok_or_else(|| "expected words, with a letter or a digit in them".to_owned())
}

pub fn priority(text: &str) -> Result<Priority, String> {
    Priority::parse(&text.to_ascii_uppercase()).ok_or_else(|| "expected P1, P2, P3 or P4".to_owned())
}

pub fn day(text: &str) -> Result<Day, String> {
    parse_day(text).ok_or_else(|| "expected a date such as 2026-03-01 or 01.03.2026".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_date_is_told_with_the_forms_that_are() {
        assert_eq!(day("20.11.2026"), day("2026-11-20"));
        for wrong in ["11/20/2026", "20.11", "2026-11-20T08:00:00Z"] {
            let error = day(wrong).unwrap_err();
            assert!(error.contains("2026-03-01 or 01.03.2026"), "{error}");
        }
        assert!(days("01.02.2026/03.02.2026").is_ok());
        assert!(days("01.02.2026").unwrap_err().contains("01.02.2026/03.02.2026"));
    }

    #[test]
    fn a_slip_of_the_pen_is_told_with_the_nearest_word() {
        assert!(kind("prase").unwrap_err().contains("did you mean praise?"));
        assert!(score("csat").is_ok() && score("mood").is_err());
        assert_eq!(priority("p2"), Ok(Priority::P2));
        assert!(priority("P0").unwrap_err().contains("P1, P2, P3 or P4"));
        assert!(phrase("switch to").is_ok() && phrase("?!").unwrap_err().contains("a letter or a digit"));
    }

    #[test]
    fn a_moment_is_told_with_the_forms_that_are_read() {
        assert_eq!(moment("2026-03-02T06:00").unwrap().to_string(), "2026-03-02T06:00:00Z");
        assert!(moment("6 o'clock").unwrap_err().contains("2026-03-31T08:00:00Z"));
    }
}
