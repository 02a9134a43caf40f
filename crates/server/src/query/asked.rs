//! What an address asks for.

use super::fields;
use crate::problem::Problem;
use insight::report::Filter;
use insight::shelf::{Cursor, Order, Search};

/// Records on a page, unless somebody asks for more.
pub const USUAL: usize = 50;
/// More than this nobody gets at once.
pub const AT_MOST: usize = 500;
/// The value that asks for the records that tell none: of a form what is left empty is not asked for at all.
pub const NOT_TOLD: &str = "(none)";
/// Of these empty is a value as any other: no form has them, and figures name them so.
const EMPTY_IS_A_VALUE: [&str; 2] = ["part", "question"];
/// Fields of an address.
const MOST_FIELDS: usize = 200;
/// Characters of a text whose meaning is asked for.
const LONGEST_MEANING: usize = 2_000;
/// What an address may have beside the fields of a filter.
const OTHERS: [&str; 6] = ["q", "meaning", "like", "order", "cursor", "limit"];

/// A list of records.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub filter: Filter,
    /// Words to find, as [`Search`] reads them; empty where none are.
    pub words: String,
    /// A text: what is like it in meaning comes first. Empty where there is none.
    pub meaning: String,
    /// How the id of a record begins, likewise.
    pub like: String,
    /// Of a list that is not by meaning.
    pub order: Order,
    pub cursor: Option<Cursor>,
    pub limit: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            words: String::new(),
            meaning: String::new(),
            like: String::new(),
            order: Order::Newest,
            cursor: None,
            limit: USUAL,
        }
    }
}

impl From<Filter> for Asked {
    fn from(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }
}

impl Asked {
    /// Reads the query of an address, what stands behind its `?`.
    ///
    /// # Errors
    /// 400: what there is no such field of, or no such value, and what there is.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        Self::parse_with(query, &[])
    }

    /// The same, where the page has fields of its own, which are passed over.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_with(query: &str, passed: &[&str]) -> Result<Self, Problem> {
        let mut asked = Self::default();
        let mut given = Vec::new();
        for (at, (name, value)) in form_urlencoded::parse(query.as_bytes()).enumerate() {
            if at >= MOST_FIELDS {
                return Err(Problem::bad_request(format!("an address has at most {MOST_FIELDS} fields")));
            }
            // As the options of the command are written.
            let name = name.replace('-', "_");
            let name = if name == "source_kind" { "source" } else { name.as_str() };
            if !passed.contains(&name) {
                asked.take(name, &value, &mut given)?;
            }
        }
        asked.check()
    }

    fn take(&mut self, name: &str, value: &str, given: &mut Vec<&'static str>) -> Result<(), Problem> {
        if let Some(own) = OTHERS.into_iter().find(|own| *own == name) {
            if value.trim().is_empty() {
                return Ok(());
            }
            if given.contains(&own) {
                return Err(Problem::bad_request(format!("{own} is given twice: it takes one value")));
            }
            given.push(own);
            return self.take_own(own, value);
        }
        if !Filter::FIELDS.contains(&name) {
            let known = Filter::FIELDS.into_iter().chain(OTHERS);
            return Err(Problem::bad_request(fields::unknown(name, known)));
        }
        let value = match value {
            NOT_TOLD => "",
            "" if !EMPTY_IS_A_VALUE.contains(&name) => return Ok(()),
            value => value,
        };
        self.filter.set(name, value).map_err(|bad| Problem::bad_request(bad.to_string()))
    }

    fn take_own(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let bad = |told: String| Problem::bad_request(format!("{name}: {told}"));
        match name {
            "q" => {
                Search::parse(value).map_err(|error| bad(error.to_string()))?;
                value.trim().clone_into(&mut self.words);
            }
            "meaning" => {
                if value.chars().count() > LONGEST_MEANING {
                    return Err(bad(format!("expected at most {LONGEST_MEANING} characters")));
                }
                value.trim().clone_into(&mut self.meaning);
            }
            "like" => value.trim().clone_into(&mut self.like),
            "order" => {
                self.order = match value {
                    "newest" => Order::Newest,
                    "oldest" => Order::Oldest,
                    _ => return Err(bad("expected newest or oldest".to_owned())),
                };
            }
            "cursor" => {
                let cursor =
                    value.parse().map_err(|_| bad("it is none that this list gave: leave it out".to_owned()));
                self.cursor = Some(cursor?);
            }
            _ => {
                let limit = value.parse().ok().filter(|limit| (1..=AT_MOST).contains(limit));
                self.limit = limit.ok_or_else(|| bad(format!("expected a number from 1 to {AT_MOST}")))?;
            }
        }
        Ok(())
    }

    /// What goes together.
    fn check(self) -> Result<Self, Problem> {
        let Self { filter, meaning, like, order, .. } = &self;
        let told = match (filter.from, filter.to) {
            (Some(from), Some(to)) if from > to => Some(format!("from={from} is after to={to}")),
            _ if filter.except_from.is_some() != filter.except_to.is_some() => {
                Some("except_from and except_to are given together or not at all".to_owned())
            }
            _ if !meaning.is_empty() && !like.is_empty() => {
                Some("meaning and like are two questions: ask one of them".to_owned())
            }
            _ if self.is_by_meaning() && *order != Order::Newest => {
                Some("what is asked by meaning comes in the order of likeness: leave order out".to_owned())
            }
            _ if [&filter.event_source, &filter.any_topic, &filter.phrase]
                .iter()
                .any(|all| all.len() > 50) =>
            {
                Some("a field is given at most 50 times".to_owned())
            }
            _ => None,
        };
        told.map_or(Ok(self), |told| Err(Problem::bad_request(told)))
    }

    /// Whether what is nearest comes first.
    #[must_use]
    pub fn is_by_meaning(&self) -> bool {
        !self.meaning.is_empty() || !self.like.is_empty()
    }

    /// The next part of the same list.
    #[must_use]
    pub fn behind(&self, cursor: Cursor) -> Self {
        Self { cursor: Some(cursor), ..self.clone() }
    }

    /// The same list with another filter, from its beginning.
    #[must_use]
    pub fn narrowed(&self, change: impl FnOnce(&mut Filter)) -> Self {
        let mut asked = Self { cursor: None, ..self.clone() };
        change(&mut asked.filter);
        asked
    }

    /// Each field with its value, in a fixed order.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let value = |(name, value): (&'static str, Option<String>)| match value {
            None => (name, "true".to_owned()),
            Some(value) if value.is_empty() && !EMPTY_IS_A_VALUE.contains(&name) => {
                (name, NOT_TOLD.to_owned())
            }
            Some(value) => (name, value),
        };
        let mut fields: Vec<(&str, String)> = self.filter.options().into_iter().map(value).collect();
        let texts = [("q", &self.words), ("meaning", &self.meaning), ("like", &self.like)];
        fields.extend(
            texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, text.clone())),
        );
        fields.extend((self.order == Order::Oldest).then(|| ("order", "oldest".to_owned())));
        fields.extend(self.cursor.map(|cursor| ("cursor", cursor.to_string())));
        fields.extend((self.limit != USUAL).then(|| ("limit", self.limit.to_string())));
        fields
    }

    /// `path?field=value&…`; the path alone where nothing is asked for.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let fields = self.fields();
        if fields.is_empty() {
            return path.to_owned();
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fields);
        format!("{path}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::judgement::SentimentLabel;
    use feedback::time::Day;
    use insight::report::Period;
    use proptest::prelude::*;

    fn refused(query: &str) -> String {
        Asked::parse(query).unwrap_err().detail
    }

    #[test]
    fn an_address_asks_for_what_the_command_would() {
        let asked = Asked::parse(
            "?from=2026-03-02&to=2026-03-08&event-source=web%20form&event_source=b&sentiment=negative&judged=on&q=log+in&limit=7",
        );
        assert!(asked.is_err(), "the question mark is no part of it");
        let asked = Asked::parse(
            "from=2026-03-02&to=2026-03-08&event-source=web%20form&event_source=b&sentiment=negative&judged=on&q=log+in&limit=7",
        )
        .unwrap();
        let filter = Filter {
            from: Some(Day(20_514)),
            to: Some(Day(20_520)),
            event_source: vec!["web form".to_owned(), "b".to_owned()],
            sentiment: Some(SentimentLabel::Negative),
            judged: true,
            ..Filter::default()
        };
        assert_eq!((asked.filter, asked.words.as_str(), asked.limit), (filter, "log in", 7));
        assert_eq!(Asked::parse("").unwrap(), Asked::default());
    }

    #[test]
    fn what_a_form_leaves_empty_is_not_asked_for() {
        assert_eq!(Asked::parse("product=&topic=&q=&cursor=&limit=&judged=").unwrap(), Asked::default());
        let told = Asked::parse("part=&question=&segment=(none)").unwrap().filter;
        let none = Some(String::new());
        assert_eq!((told.part, told.question, told.segment), (none.clone(), none.clone(), none));
    }

    #[test]
    fn what_there_is_not_is_told_with_what_there_is() {
        let told = refused("topics=billing");
        assert!(
            told.contains("did you mean topic?") && told.contains("event_source") && told.contains("meaning"),
            "{told}"
        );
        let told = refused("my-secret-word=1");
        assert!(
            told.starts_with("there is no such field. The fields are ") && !told.contains("secret"),
            "{told}"
        );
        for (query, expected) in [
            ("sentiment=bad", "sentiment: "),
            ("from=soon", "from: "),
            ("from=2026-03-08&to=2026-03-02", "after"),
            ("topic=a&topic=b", "topic is given twice"),
            ("q=a&q=b", "q is given twice"),
            ("q=%3F%21", "q: "),
            ("limit=0", "limit: "),
            ("limit=501", "limit: "),
            ("cursor=x", "cursor: "),
            ("order=random", "order: "),
            ("except_from=2026-03-02", "together"),
            ("meaning=a&like=b", "one of them"),
            ("meaning=a&order=oldest", "leave order out"),
        ] {
            let told = refused(query);
            assert!(told.contains(expected), "{query}: {told}");
        }
        assert!(refused(&"phrase=a&".repeat(51)).contains("50"));
        assert!(refused(&"phrase=a&".repeat(201)).contains("200"));
        assert!(refused(&format!("meaning={}", "a".repeat(2_001))).contains("2000"));
        assert!(Asked::parse_with("csrf=x&topic=a", &["csrf"]).is_ok());
    }

    #[test]
    fn every_number_has_the_address_of_its_records() {
        let days = Period { from: Day(20_514), to: Day(20_520) };
        let filter = Filter {
            from: Some(days.from),
            product: Some("our app's".to_owned()),
            judged: true,
            ..Filter::default()
        };
        let address = super::super::address(&filter);
        assert_eq!(address, "/feedback?from=2026-03-02&product=our+app%27s&judged=true");
        assert_eq!(super::super::address(&Filter::default()), "/feedback");
        let narrowed = Asked {
            words: "log in".to_owned(),
            cursor: "5.00000000000000000000000000000007".parse().ok(),
            ..filter.into()
        }
        .narrowed(|filter| filter.topic = Some("billing".to_owned()));
        assert_eq!(narrowed.cursor, None);
        assert!(
            narrowed.address("/x").ends_with("topic=billing&judged=true&q=log+in"),
            "{}",
            narrowed.address("/x")
        );
    }

    proptest! {
        /// Whatever an address can be read as has an address that asks for the same.
        #[test]
        fn what_is_written_is_read_back(
            texts in prop::collection::vec("\\PC{0,12}", 4),
            flags in any::<[bool; 3]>(),
            day in 0_i32..40_000,
            at in any::<i64>(),
            id in any::<u128>(),
            limit in 1_usize..=AT_MOST,
        ) {
            let text = |at: usize| Some(texts[at].clone()).filter(|text| text != NOT_TOLD);
            let filter = Filter {
                from: Some(Day(day)),
                product: text(0),
                part: text(1),
                account: text(2),
                event_source: text(3).into_iter().filter(|text| !text.is_empty()).collect(),
                judged: flags[0],
                unsure: flags[1],
                unresolved: flags[2],
                ..Filter::default()
            };
            let cursor = format!("{at}.{}", feedback::ids::Id(id)).parse().ok();
            let asked = Asked { cursor, limit, words: "a \"b c\" -d".to_owned(), ..filter.into() };
            let address = asked.address("/x");
            prop_assert!(address.is_ascii() && !address.contains(['"', '<', '>', ' ', '\'']), "{}", address);
            prop_assert_eq!(Asked::parse(address.split_once('?').unwrap().1).unwrap(), asked);
        }

        #[test]
        fn any_query_is_read_or_refused(query in "[a-z_=&%+0-9.-]{0,60}") {
            if let Ok(asked) = Asked::parse(&query) {
                let address = asked.address("/x");
                let again = Asked::parse(address.split_once('?').map_or("", |(_, query)| query)).unwrap();
                prop_assert_eq!(again, asked);
            }
        }
    }
}
