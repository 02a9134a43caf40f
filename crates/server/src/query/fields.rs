//! The fields of an address, read into a struct: what is wrong with one is told with its name, what was given, and what it
//! takes.

use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use insight::nearest;
use insight::report::count;
use serde::de::value::{CowStrDeserializer, MapDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

/// Characters of what was given that are told back.
const TOLD: usize = 40;

/// What stands behind the `?` of an address. Whoever takes no fields but its own says so by `deny_unknown_fields`.
#[derive(Debug, Clone, Copy)]
pub struct Fields<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Fields<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// As [`Fields`].
///
/// # Errors
/// 400: a field that there is not, or that is given twice, and a value that it does not take.
pub fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let fields = form_urlencoded::parse(query.as_bytes()).map(|(name, value)| {
        let given = Given { name: name.clone(), value };
        (name, given)
    });
    T::deserialize(MapDeserializer::new(fields)).map_err(|wrong| Problem::bad_request(wrong.to_string()))
}

/// That there is no field of this name, and which there are. The name is told only where it is near one: it may be anything.
pub(crate) fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    let meant =
        nearest(name, known.clone()).map_or_else(|| ".".to_owned(), |near| format!(": did you mean {near}?"));
    format!("there is no such field{meant} The fields are {}", listed(known))
}

/// That a field takes one of a few words, of which what was given is none.
pub(crate) fn none_of<'n>(name: &str, given: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    let meant = nearest(given, known.clone()).map(|near| format!("did you mean {near}? "));
    let (given, meant) = (told(given), meant.unwrap_or_default());
    format!("{name}={given}: {meant}expected one of {}", listed(known))
}

fn listed<'n>(known: impl Iterator<Item = &'n str>) -> String {
    known.collect::<Vec<_>>().join(", ")
}

/// What somebody wrote, as far as it is told back.
fn told(given: &str) -> String {
    let mut told: String = given.chars().take(TOLD).flat_map(char::escape_debug).collect();
    if given.chars().nth(TOLD).is_some() {
        told.push('\u{2026}');
    }
    told
}

/// Bounds are told where somebody may reach them: those of 64 bits nobody does.
fn expected_number(least: i128, most: i128) -> String {
    let told = |number: i128| {
        let sign = if number < 0 { "-" } else { "" };
        format!("{sign}{}", count(u64::try_from(number.unsigned_abs()).unwrap_or(u64::MAX)))
    };
    match (least, most) {
        (least, most) if most <= i128::from(u32::MAX) => {
            format!("expected a whole number from {} to {}", told(least), told(most))
        }
        (0, _) => "expected a whole number, 0 or more".to_owned(),
        _ => "expected a whole number".to_owned(),
    }
}

/// A field of an address.
struct Given<'q> {
    name: Cow<'q, str>,
    value: Cow<'q, str>,
}

impl Given<'_> {
    fn number<T: FromStr>(&self, least: i128, most: i128) -> Result<T, Wrong> {
        self.value.trim().parse().map_err(|_| self.expected(&expected_number(least, most)))
    }

    fn expected(&self, expected: &str) -> Wrong {
        Wrong::Told(format!("{}={}: {expected}", self.name, told(&self.value)))
    }

    fn named(&self, wrong: Wrong) -> Wrong {
        match wrong {
            Wrong::NoneOf(known) => Wrong::Told(none_of(&self.name, &self.value, known.iter().copied())),
            Wrong::Value(told) => self.expected(&told),
            told @ Wrong::Told(_) => told,
        }
    }
}

macro_rules! whole_numbers {
    ($($number:ident $deserialize:ident $visit:ident)+) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            visitor.$visit(self.number(<$number>::MIN.into(), <$number>::MAX.into())?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Given<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_str(&self.value).map_err(|wrong: Wrong| self.named(wrong))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let word: CowStrDeserializer<'_, Wrong> = Cow::Borrowed(self.value.as_ref()).into_deserializer();
        visitor.visit_enum(word).map_err(|wrong| self.named(wrong))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value.as_ref() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(self.expected("expected true or false")),
        }
    }

    whole_numbers! {
        u8 deserialize_u8 visit_u8
        u16 deserialize_u16 visit_u16
        u32 deserialize_u32 visit_u32
        u64 deserialize_u64 visit_u64
        i8 deserialize_i8 visit_i8
        i16 deserialize_i16 visit_i16
        i32 deserialize_i32 visit_i32
        i64 deserialize_i64 visit_i64
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Wrong> for Given<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// What is wrong with a field, before it is known with which.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// It takes one of these words.
    NoneOf(&'static [&'static str]),
    Value(String),
    /// All of it.
    Told(String),
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoneOf(known) => write!(f, "expected one of {}", listed(known.iter().copied())),
            Self::Value(told) | Self::Told(told) => f.write_str(told),
        }
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: Display>(told: T) -> Self {
        Self::Value(told.to_string())
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::NoneOf(expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::Told(unknown(field, expected.iter().copied()))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Told(format!("{field} is given twice: it takes one value"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Told(format!("{field} is missing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum State {
        Open,
        OverBudget,
    }

    #[derive(Debug, PartialEq, Eq, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Asked {
        state: Option<State>,
        all: Option<bool>,
        owner: Option<String>,
        limit: Option<usize>,
        days: u16,
        cursor: String,
    }

    fn refused(query: &str) -> String {
        read::<Asked>(query).unwrap_err().detail
    }

    #[test]
    fn fields_are_read_as_forms_write_them() {
        let asked = "state=over_budget&all=true&owner=customer+success&limit=7&days=3&cursor=a%26b";
        assert_eq!(
            read::<Asked>(asked).unwrap(),
            Asked {
                state: Some(State::OverBudget),
                all: Some(true),
                owner: Some("customer success".to_owned()),
                limit: Some(7),
                days: 3,
                cursor: "a&b".to_owned(),
            }
        );
        assert_eq!(read::<Asked>("").unwrap(), Asked::default());
        assert_eq!(read::<Asked>("owner=").unwrap().owner.as_deref(), Some(""));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_name_and_what_there_is() {
        for (query, told) in [
            ("state=opn", "state=opn: did you mean open? expected one of open, over_budget"),
            ("state=", "state=: expected one of open, over_budget"),
            ("all=yes", "all=yes: expected true or false"),
            ("limit=few", "limit=few: expected a whole number, 0 or more"),
            ("limit=-1", "limit=-1: expected a whole number, 0 or more"),
            ("days=70000", "days=70000: expected a whole number from 0 to 65,535"),
            ("limit=1&limit=2", "limit is given twice: it takes one value"),
            (
                "stat=open",
                "there is no such field: did you mean state? The fields are state, all, owner, limit, days, cursor",
            ),
        ] {
            assert_eq!(refused(query), told, "{query}");
        }
        let told = refused("my-secret-word=1");
        assert!(
            told.starts_with("there is no such field. The fields are ") && !told.contains("secret"),
            "{told}"
        );
        let told = refused(&format!("limit=%0A{}", "x".repeat(50)));
        assert_eq!(told, format!("limit=\\n{}\u{2026}: expected a whole number, 0 or more", "x".repeat(39)));
    }

    #[test]
    fn bounds_of_numbers_are_told_where_they_are_near() {
        assert_eq!(expected_number(-128, 127), "expected a whole number from -128 to 127");
        assert_eq!(expected_number(i64::MIN.into(), i64::MAX.into()), "expected a whole number");
    }

    #[test]
    fn a_struct_says_itself_whether_it_passes_over_others() {
        #[derive(Deserialize)]
        struct Lenient {
            limit: u8,
        }
        assert_eq!(read::<Lenient>("x=1&limit=2&x=3").map(|asked| asked.limit).unwrap(), 2);
        assert_eq!(read::<Lenient>("").map(|asked| asked.limit).unwrap_err().detail, "limit is missing");
    }

    proptest! {
        #[test]
        fn any_query_is_read_or_refused_with_a_reason(query in "(state|limit|all|owner|[a-z&=%+0-9]){0,12}") {
            if let Err(problem) = read::<Asked>(&query) {
                prop_assert!(!problem.detail.is_empty() && problem.detail.len() < 400, "{:?}", problem);
            }
        }
    }
}
