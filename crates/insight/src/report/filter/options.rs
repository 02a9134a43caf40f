//! A filter as options of a command, and as fields of an address.

use super::{Answers, Filter};

impl Filter {
    /// Each field that is set, in a fixed order: its name as in JSON, and its value; `None` where it is set or not and has
    /// none. A field that may be repeated comes once for each of its values.
    #[must_use]
    pub fn options(&self) -> Vec<(&'static str, Option<String>)> {
        let single = self.what_and_when().into_iter().chain(self.answer()).chain(self.whose());
        let single = single.filter_map(|(name, value)| Some((name, Some(value?))));
        let several =
            [("event_source", &self.event_source), ("any_topic", &self.any_topic), ("phrase", &self.phrase)];
        let several =
            several.into_iter().flat_map(|(name, all)| all.iter().map(move |one| (name, Some(one.clone()))));
        let flags = [("judged", self.judged), ("unsure", self.unsure), ("unresolved", self.unresolved)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (name, None));
        single.chain(several).chain(flags).collect()
    }

    /// `--topic login_access --from 2026-03-02 …`, in a fixed order.
    #[must_use]
    pub fn args(&self) -> Vec<String> {
        let option = |(name, value): (&str, Option<String>)| {
            std::iter::once(format!("--{}", name.replace('_', "-"))).chain(value)
        };
        self.options().into_iter().flat_map(option).collect()
    }

    fn what_and_when(&self) -> [(&'static str, Option<String>); 19] {
        [
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
            ("except_from", self.except_from.map(|day| day.to_string())),
            ("except_to", self.except_to.map(|day| day.to_string())),
            ("also_except", self.also_except.clone()),
            ("weekday", self.weekday.map(|day| day.as_str().to_owned())),
            ("product", self.product.clone()),
            ("source", self.source.clone()),
            ("topic", self.topic.clone()),
            ("sentiment", self.sentiment.map(|label| label.to_string())),
            ("words", self.words.map(|words| words.as_str().to_owned())),
            ("kind", self.kind.clone()),
            ("language", self.language.clone()),
            ("platform", self.platform.clone()),
            ("app_version", self.app_version.clone()),
            ("territory", self.territory.clone()),
            ("part", self.part.clone()),
            ("question", self.question.clone()),
            ("record", self.record.clone()),
        ]
    }

    fn answer(&self) -> [(&'static str, Option<String>); 5] {
        [
            ("score", self.score.clone()),
            ("scale", self.scale.clone()),
            ("value", self.value.map(|value| value.to_string())),
            ("band", self.band.map(|band| band.as_str().to_owned())),
            ("answers", self.answers.map(|Answers::Last| "last".to_owned())),
        ]
    }

    fn whose(&self) -> [(&'static str, Option<String>); 8] {
        [
            ("since", self.since.map(|moment| moment.to_string())),
            ("before", self.before.map(|moment| moment.to_string())),
            ("account", self.account.clone()),
            ("segment", self.segment.clone()),
            ("owner", self.owner.clone()),
            ("priority", self.priority.map(|priority| priority.to_string())),
            ("queue", self.queue.clone()),
            ("case", self.case.clone()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{Scope, filter::Moment},
        triage::Priority,
    };
    use feedback::{
        judgement::SentimentLabel,
        time::{Day, Timestamp},
    };

    #[test]
    fn json_and_arguments_say_the_same() {
        let scope = Scope { topic: Some("login_access".into()), ..Scope::of_days(Day(20_514), Day(20_520)) };
        let filter = Filter::of(&scope, scope.period).sentiment(SentimentLabel::Negative);
        assert_eq!(
            serde_json::to_string(&filter).unwrap(),
            r#"{"from":"2026-03-02","to":"2026-03-08","topic":"login_access","sentiment":"negative"}"#
        );
        assert_eq!(
            filter.args().join(" "),
            "--from 2026-03-02 --to 2026-03-08 --topic login_access --sentiment negative"
        );
        assert!(filter.clone().judged().args().ends_with(&["--judged".to_owned()]));
        let filter = Filter { event_source: vec!["web-nps".into(), "file:a.csv".into()], ..filter };
        assert!(filter.args().join(" ").ends_with("--event-source web-nps --event-source file:a.csv"));
        let json = serde_json::to_string(&filter).unwrap();
        assert!(json.contains(r#""event_source":["web-nps","file:a.csv"]"#), "{json}");
        assert_eq!(serde_json::from_str::<Filter>(&json).unwrap(), filter);
    }

    #[test]
    fn whose_a_record_is_and_what_it_is_in_are_said_alike_in_both() {
        let filter = Filter {
            since: Some(Moment(Timestamp(Day(20_514).start().0 + 6 * 3_600_000_000))),
            before: Some(Moment(Day(20_515).start())),
            any_topic: vec!["billing".into(), "login_access".into()],
            phrase: vec!["switch to".into(), "Acme".into()],
            account: Some("ACME".into()),
            segment: Some("pro".into()),
            owner: Some("identity".into()),
            priority: Some(Priority::P1),
            queue: Some("review".into()),
            case: Some("aa01".into()),
            unsure: true,
            unresolved: true,
            ..Filter::default()
        };
        assert_eq!(
            filter.args().join(" "),
            "--since 2026-03-02T06:00:00Z --before 2026-03-03T00:00:00Z --account ACME --segment pro --owner identity \
             --priority P1 --queue review --case aa01 --any-topic billing --any-topic login_access --phrase switch to \
             --phrase Acme --unsure --unresolved"
        );
        let json = serde_json::to_value(&filter).unwrap();
        assert_eq!(serde_json::from_value::<Filter>(json.clone()).unwrap(), filter);
        // Every option is a field of that name.
        for (name, value) in filter.options() {
            let field = &json[name];
            let has =
                |text: &str| field == text || field.as_array().is_some_and(|all| all.contains(&text.into()));
            assert!(value.as_ref().map_or(*field == true, |value| has(value)), "{name}: {field}");
        }
        assert_eq!(
            json.as_object().unwrap().len(),
            12,
            "what was not asked of the log of cases is no field: {json}"
        );
    }
}
