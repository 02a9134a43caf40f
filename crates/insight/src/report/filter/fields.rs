//! A filter put together field by field, by the names that [`Filter::options`] gives.

use super::{Answers, Band, Filter, Moment, Weekday, Wording, is_phrase, parse_days, parse_scale};
use crate::{keys::nearest, report::scope::parse_day, triage::Priority};
use feedback::{
    judgement::{FeedbackKind, SentimentLabel},
    score::ScoreKind,
};

/// Why a field cannot be set; the fault of whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadField {
    #[error("there is no {name}")]
    Unknown { name: String },
    #[error("{name} is given twice: it takes one value")]
    Twice { name: String },
    #[error("{name}: {told}")]
    Value { name: String, told: String },
}

impl Filter {
    /// Every field, in the order of [`Filter::options`].
    pub const FIELDS: [&'static str; 38] = [
        "from",
        "to",
        "except_from",
        "except_to",
        "also_except",
        "weekday",
        "product",
        "source",
        "topic",
        "sentiment",
        "words",
        "kind",
        "language",
        "platform",
        "app_version",
        "territory",
        "part",
        "question",
        "record",
        "score",
        "scale",
        "value",
        "band",
        "answers",
        "since",
        "before",
        "account",
        "segment",
        "owner",
        "priority",
        "queue",
        "case",
        "event_source",
        "any_topic",
        "phrase",
        "judged",
        "unsure",
        "unresolved",
    ];

    /// Sets a field, or adds a value to one that takes several.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), BadField> {
        let own = || value.to_owned();
        if let Some(several) = self.several(name) {
            if name == "phrase" && !is_phrase(value) {
                return Err(bad(name, "expected words, with a letter or a digit in them".to_owned()));
            }
            several.push(own());
            return Ok(());
        }
        if let Some(text) = self.text(name) {
            return once(name, text, checked(name, value)?);
        }
        if let Some(flag) = self.flag(name) {
            *flag = match value {
                "true" | "1" | "on" => true,
                "false" | "0" | "off" => false,
                _ => return Err(bad(name, "expected true or false".to_owned())),
            };
            return Ok(());
        }
        self.set_read(name, value)
    }

    fn several(&mut self, name: &str) -> Option<&mut Vec<String>> {
        match name {
            "event_source" => Some(&mut self.event_source),
            "any_topic" => Some(&mut self.any_topic),
            "phrase" => Some(&mut self.phrase),
            _ => None,
        }
    }

    fn text(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "also_except" => &mut self.also_except,
            "product" => &mut self.product,
            "source" => &mut self.source,
            "topic" => &mut self.topic,
            "kind" => &mut self.kind,
            "language" => &mut self.language,
            "platform" => &mut self.platform,
            "app_version" => &mut self.app_version,
            "territory" => &mut self.territory,
            "part" => &mut self.part,
            "question" => &mut self.question,
            "record" => &mut self.record,
            "score" => &mut self.score,
            "scale" => &mut self.scale,
            "account" => &mut self.account,
            "segment" => &mut self.segment,
            "owner" => &mut self.owner,
            "queue" => &mut self.queue,
            "case" => &mut self.case,
            _ => return None,
        })
    }

    fn flag(&mut self, name: &str) -> Option<&mut bool> {
        match name {
            "judged" => Some(&mut self.judged),
            "unsure" => Some(&mut self.unsure),
            "unresolved" => Some(&mut self.unresolved),
            _ => None,
        }
    }

    /// What is more than a text.
    fn set_read(&mut self, name: &str, value: &str) -> Result<(), BadField> {
        let day =
            || parse_day(value).ok_or_else(|| bad(name, "expected a date such as 2026-03-01".to_owned()));
        let moment = || value.parse::<Moment>().map_err(|error| bad(name, error.to_string()));
        match name {
            "from" => once(name, &mut self.from, day()?),
            "to" => once(name, &mut self.to, day()?),
            "except_from" => once(name, &mut self.except_from, day()?),
            "except_to" => once(name, &mut self.except_to, day()?),
            "since" => once(name, &mut self.since, moment()?),
            "before" => once(name, &mut self.before, moment()?),
            "weekday" => {
                let days = Weekday::ALL.iter().map(|day| day.as_str());
                once(name, &mut self.weekday, read(name, value, Weekday::parse(value), days)?)
            }
            "sentiment" => {
                let labels = SentimentLabel::ALL.iter().map(|label| label.as_str());
                once(name, &mut self.sentiment, read(name, value, SentimentLabel::parse(value), labels)?)
            }
            "words" => {
                let words = ["with", "without"].into_iter();
                once(name, &mut self.words, read(name, value, Wording::parse(value), words)?)
            }
            "band" => {
                let bands = ["promoters", "passives", "detractors", "top2"].into_iter();
                once(name, &mut self.band, read(name, value, Band::parse(value), bands)?)
            }
            "answers" => {
                let last = (value == "last").then_some(Answers::Last);
                once(name, &mut self.answers, read(name, value, last, ["last"].into_iter())?)
            }
            "priority" => {
                let parsed = Priority::parse(&value.to_ascii_uppercase());
                let names = Priority::ALL.iter().map(|priority| priority.as_str());
                once(name, &mut self.priority, read(name, value, parsed, names)?)
            }
            "value" => {
                let number = value.parse().ok().filter(|number: &f64| number.is_finite());
                let number = number.ok_or_else(|| bad(name, "expected a number".to_owned()))?;
                once(name, &mut self.value, number)
            }
            _ => Err(BadField::Unknown { name: name.to_owned() }),
        }
    }
}

fn once<T>(name: &str, field: &mut Option<T>, value: T) -> Result<(), BadField> {
    if field.is_some() {
        return Err(BadField::Twice { name: name.to_owned() });
    }
    *field = Some(value);
    Ok(())
}

/// A text of which only some can be meant.
fn checked(name: &str, value: &str) -> Result<String, BadField> {
    let own = Some(value.to_owned());
    let fits = |fits: bool, expected: &str| {
        own.clone().filter(|_| fits).ok_or_else(|| bad(name, format!("expected {expected}")))
    };
    match name {
        "kind" => {
            let is_known = own.clone().filter(|_| FeedbackKind::parse(value).is_some());
            read(name, value, is_known, FeedbackKind::ALL.iter().map(|kind| kind.as_str()))
        }
        "score" => {
            let is_known = own.clone().filter(|_| ScoreKind::parse(value).is_some());
            read(name, value, is_known, ScoreKind::ALL.iter().map(|kind| kind.as_str()))
        }
        "scale" => fits(parse_scale(value).is_some(), "a scale such as 0-10"),
        "also_except" => fits(parse_days(value).is_some(), "days such as 2026-02-01/2026-02-03"),
        _ => Ok(value.to_owned()),
    }
}

/// One of a few words.
fn read<T>(
    name: &str,
    value: &str,
    parsed: Option<T>,
    words: impl Iterator<Item = &'static str> + Clone,
) -> Result<T, BadField> {
    parsed.ok_or_else(|| {
        let meant =
            nearest(value, words.clone()).map(|near| format!("did you mean {near}? ")).unwrap_or_default();
        bad(name, format!("{meant}expected one of {}", words.collect::<Vec<_>>().join(", ")))
    })
}

fn bad(name: &str, told: String) -> BadField {
    BadField::Value { name: name.to_owned(), told }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::{Day, Timestamp};

    fn full() -> Filter {
        let text = |text: &str| Some(text.to_owned());
        Filter {
            from: Some(Day(20_514)),
            to: Some(Day(20_520)),
            except_from: Some(Day(20_515)),
            except_to: Some(Day(20_516)),
            also_except: text("2026-03-06/2026-03-07"),
            weekday: Some(Weekday::Friday),
            product: text("our app's"),
            source: text("nps"),
            event_source: vec!["web".to_owned(), "file:a.csv".to_owned()],
            topic: text("billing"),
            sentiment: Some(SentimentLabel::Negative),
            words: Some(Wording::With),
            judged: true,
            kind: text("bug"),
            language: text("de"),
            platform: text("ios"),
            app_version: text("4.2"),
            territory: text("DE"),
            part: text(""),
            question: text("Why?"),
            record: text("00ab"),
            score: text("nps"),
            scale: text("0-10"),
            value: Some(7.5),
            band: Some(Band::Top2),
            answers: Some(Answers::Last),
            since: Some(Moment(Timestamp(1_772_409_600_000_001))),
            before: Some(Moment(Timestamp(1_772_496_000_000_000))),
            any_topic: vec!["billing".to_owned(), "search".to_owned()],
            phrase: vec!["switch to".to_owned()],
            account: text("ACME"),
            segment: text("pro"),
            owner: text("identity"),
            priority: Some(Priority::P2),
            queue: text("desk"),
            unsure: true,
            case: text("aa01"),
            unresolved: true,
            of_cases: None,
        }
    }

    #[test]
    fn what_options_write_is_read_back() {
        let filter = full();
        let (mut again, mut names) = (Filter::default(), Vec::new());
        for (name, value) in filter.options() {
            again.set(name, value.as_deref().unwrap_or("true")).unwrap();
            names.push(name);
        }
        assert_eq!(again, filter);
        names.dedup();
        assert_eq!(names, Filter::FIELDS);
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_what_can() {
        let told = |name: &str, value: &str| Filter::default().set(name, value).unwrap_err().to_string();
        assert_eq!(told("topics", "x"), "there is no topics");
        assert_eq!(
            told("kind", "prase"),
            "kind: did you mean praise? expected one of bug, feature_request, complaint, praise, question, \
             cancellation, other, unknown"
        );
        for (name, value) in [
            ("from", "soon"),
            ("since", "6 o'clock"),
            ("value", "NaN"),
            ("scale", "ten"),
            ("phrase", "?!"),
            ("judged", "maybe"),
            ("priority", "P0"),
            ("also_except", "2026-02-01"),
            ("answers", "first"),
            ("weekday", "someday"),
        ] {
            assert!(told(name, value).starts_with(&format!("{name}: ")), "{name}");
        }
        let mut filter = full();
        assert_eq!(filter.set("topic", "search"), Err(BadField::Twice { name: "topic".to_owned() }));
        assert!(filter.set("phrase", "and more").is_ok() && filter.phrase.len() == 2);
        assert!(filter.set("judged", "false").is_ok() && !filter.judged);
    }
}
