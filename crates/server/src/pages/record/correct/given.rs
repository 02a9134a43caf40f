//! What a form for corrections sends.

use super::Done;
use crate::corrections::CorrectionValue;
use crate::pages::parts::words::short;
use crate::query::{Asked, PAGE};
use feedback::correction::{Field, Said};

#[derive(Debug, Default, PartialEq)]
pub(super) struct Given {
    /// What somebody changed; topics first, which alone may be refused.
    pub said: Vec<(Field, CorrectionValue)>,
    pub note: Option<String>,
    /// The version that was looked at.
    pub version: Option<i64>,
    back: String,
}

impl Given {
    /// Whether it can be said is judged where it is written.
    pub fn read(fields: &[(String, String)]) -> Self {
        let all = |name: &'static str| {
            fields.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
        };
        let get = |name| all(name).next().map(str::trim).filter(|value| !value.is_empty());
        let word = |word: &str| CorrectionValue::Word(word.to_owned());
        let taken_back =
            all("take_back").filter_map(Field::parse).map(|field| (field, word(Said::WITHDRAWN)));
        // Without what they were nobody can tell whether they were touched.
        let were = all("topics_were").next();
        let topics = were.and_then(|were| changed(were, all("topics").collect()));
        let topics = topics.map(|ids| (Field::Topics, CorrectionValue::Topics(ids)));
        let labels = [(Field::Sentiment, get("sentiment")), (Field::Kind, get("kind"))];
        let labels = labels.into_iter().filter_map(|(field, label)| Some((field, word(label?))));
        Self {
            said: taken_back.chain(topics).chain(labels).collect(),
            note: get("note").map(str::to_owned),
            version: get("version").and_then(|version| version.parse().ok()),
            back: get("back").unwrap_or_default().to_owned(),
        }
    }

    /// The list that the form stood in, at the record, or the record's page. It is read and written anew: nobody is led
    /// elsewhere.
    pub fn back(&self, record: &str, done: Done) -> String {
        let (path, query) = self.back.split_once('?').unwrap_or((&self.back, ""));
        let list = (path == PAGE).then(|| Asked::parse_with(query, &[Done::FIELD]).ok()).flatten();
        // It is sent back as it came in the address of the form.
        let record: String = record.chars().filter(char::is_ascii_hexdigit).collect();
        let (address, place) = match list {
            Some(list) => (list.address(PAGE), format!("#r-{}", short(&record))),
            None if record.is_empty() => (PAGE.to_owned(), String::new()),
            None => (format!("{PAGE}/{record}"), String::new()),
        };
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}{}={}{place}", Done::FIELD, done.as_str())
    }
}

/// The topics that were chosen, those that stay first and in their order; `None` where they are those that there were.
fn changed(were: &str, chosen: Vec<&str>) -> Option<Vec<String>> {
    let were: Vec<&str> = were.split(',').filter(|id| !id.is_empty()).collect();
    let stay = were.iter().filter(|id| chosen.contains(id));
    let come = chosen.iter().filter(|id| !were.contains(id));
    let now: Vec<String> = stay.chain(come).map(|id| (*id).to_owned()).collect();
    (now != were).then_some(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn given(fields: &[(&str, &str)]) -> Given {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Given::read(&fields.iter().map(owned).collect::<Vec<_>>())
    }

    fn word(field: Field, word: &str) -> (Field, CorrectionValue) {
        (field, CorrectionValue::Word(word.to_owned()))
    }

    fn topics(ids: &[&str]) -> (Field, CorrectionValue) {
        (Field::Topics, CorrectionValue::Topics(ids.iter().map(|id| (*id).to_owned()).collect()))
    }

    #[test]
    fn what_nobody_touched_is_not_said() {
        let untouched = [
            ("csrf", "x"),
            ("version", "3"),
            ("sentiment", ""),
            ("kind", ""),
            ("topics_were", "search,login"),
            ("topics", "login"),
            ("topics", "search"),
            ("note", " "),
        ];
        assert_eq!(given(&untouched), Given { version: Some(3), ..Given::default() });
        assert!(given(&[("topics_were", "")]).said.is_empty() && given(&[]).said.is_empty());
        assert!(given(&[("topics", "login")]).said.is_empty(), "nobody knows what they were");
    }

    #[test]
    fn what_was_changed_is_said() {
        let given = given(&[
            ("sentiment", "negative"),
            ("kind", "bug"),
            ("topics_were", "search,login"),
            ("topics", "billing"),
            ("topics", "login"),
            ("note", " it is about the bill "),
        ]);
        let expected =
            [topics(&["login", "billing"]), word(Field::Sentiment, "negative"), word(Field::Kind, "bug")];
        assert_eq!(given.said, expected);
        assert_eq!(given.note.as_deref(), Some("it is about the bill"));
    }

    #[test]
    fn no_topic_is_a_value_too_and_what_was_said_can_be_taken_back() {
        assert_eq!(given(&[("topics_were", "login")]).said, [topics(&[])]);
        assert_eq!(given(&[("take_back", "kind")]).said, [word(Field::Kind, "withdrawn")]);
        assert!(given(&[("take_back", "mood")]).said.is_empty());
    }

    #[test]
    fn it_leads_back_to_where_it_was_sent_from() {
        let back = |back: &str| given(&[("back", back)]).back("0123456789abcdef", Done::Corrected);
        assert_eq!(
            back("/feedback?topic=login&done=soon&q=a"),
            "/feedback?topic=login&q=a&done=corrected#r-01234567"
        );
        assert_eq!(back("/feedback"), "/feedback?done=corrected#r-01234567");
        let own = "/feedback/0123456789abcdef?done=corrected";
        for elsewhere in [
            "",
            "https://evil.example/",
            "//evil.example",
            "/login?next=x",
            "/feedback?color=red",
            "javascript:x",
        ] {
            assert_eq!(back(elsewhere), own, "{elsewhere}");
        }
        let strange = Given::default().back("../x?y#z\r\n", Done::Nothing);
        assert_eq!(strange, "/feedback?done=nothing");
    }

    proptest! {
        #[test]
        fn any_form_is_read_and_leads_to_a_page_of_ours(
            fields in prop::collection::vec(
                (prop::sample::select(vec!["back", "topics", "topics_were", "kind", "take_back", "note"]), "\\PC{0,20}"),
                0..8,
            ),
            record in "\\PC{0,40}",
        ) {
            let fields: Vec<(String, String)> =
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let back = Given::read(&fields).back(&record, Done::Soon);
            prop_assert!(back.starts_with("/feedback") && back.is_ascii() && !back.contains(['\r', '\n', '\\']), "{}", back);
            prop_assert!(!back[1..].contains("//"), "{}", back);
        }
    }
}
