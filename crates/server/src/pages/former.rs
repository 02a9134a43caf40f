//! Addresses that messages and digests were sent with, before their pages lay elsewhere: they lead there, with all they asked.

use crate::query::{NOT_TOLD, PAGE};
use crate::state::App;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Redirect;
use axum::routing::get;

/// Of these empty is a value as any other (see [`crate::query`]).
const EMPTY_IS_A_VALUE: [&str; 2] = ["part", "question"];

pub fn routes() -> Router<App> {
    let to = |address: fn(&str) -> String| {
        get(move |RawQuery(query): RawQuery| async move {
            Redirect::permanent(&address(query.as_deref().unwrap_or_default()))
        })
    };
    Router::new().route("/records", to(records)).route("/report", to(report)).route("/times", to(times))
}

/// The records of a figure. The links wrote an empty value for the records that tell none, as no form does.
fn records(query: &str) -> String {
    let told = |(name, value): (String, String)| {
        let is_value = EMPTY_IS_A_VALUE.contains(&name.replace('-', "_").as_str());
        let value = if value.is_empty() && !is_value { NOT_TOLD.to_owned() } else { value };
        (name, value)
    };
    address(PAGE, fields(query).map(told))
}

/// The report of some days.
fn report(query: &str) -> String {
    address("/", fields(query))
}

/// How long steps took: the cases that they are the steps of, whatever became of them.
fn times(query: &str) -> String {
    let all = ("state".to_owned(), "all".to_owned());
    address("/cases", std::iter::once(all).chain(fields(query)))
}

fn fields(query: &str) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned()))
}

fn address(path: &str, fields: impl Iterator<Item = (String, String)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Asked;
    use feedback::time::Day;
    use insight::digest::{Base, Open};
    use insight::report::{Filter, Period};

    /// What stands behind the host and the path of a link.
    fn query_of(link: Option<String>) -> String {
        let link = link.unwrap();
        link.split_once('?').map_or(String::new(), |(_, query)| query.to_owned())
    }

    fn base() -> Base {
        Base::parse("https://v.example").unwrap()
    }

    #[test]
    fn the_records_of_every_link_are_those_of_its_filter() {
        let none = Some(String::new());
        for filter in [
            Filter::default(),
            Filter { record: Some("r3".to_owned()), ..Filter::default() },
            Filter {
                from: Some(Day(20_514)),
                product: Some("our app's & \"more\" +1".to_owned()),
                event_source: vec!["--judged".to_owned(), "b".to_owned()],
                judged: true,
                unresolved: true,
                ..Filter::default()
            },
            Filter { segment: none.clone(), part: none.clone(), question: none, ..Filter::default() },
        ] {
            let to = records(&query_of(Open::records(&filter, Some(&base())).link));
            assert!(to.starts_with("/feedback") && to.is_ascii(), "{to}");
            let asked = Asked::parse(to.split_once('?').map_or("", |(_, query)| query)).unwrap();
            assert_eq!(asked, Asked::from(filter), "{to}");
        }
    }

    #[test]
    fn reports_and_times_lead_to_their_days_and_cases() {
        let days = Period { from: Day(20_514), to: Day(20_520) };
        let to = report(&query_of(Open::report(days, Some(&base())).link));
        assert_eq!(to, "/?from=2026-03-02&to=2026-03-08");
        let only = [("owner", Some("the desk")), ("topic", None)];
        let to = times(&query_of(Open::times(days, &only, Some(&base())).link));
        assert_eq!(to, "/cases?state=all&from=2026-03-02&to=2026-03-08&owner=the+desk");
        assert_eq!(
            (records(""), report(""), times("")),
            ("/feedback".to_owned(), "/".to_owned(), "/cases?state=all".to_owned(),)
        );
    }

    #[test]
    fn nobody_is_led_to_another_site_or_into_a_header() {
        for query in ["//evil.example", "x=%0d%0aset-cookie: a=b", "x=\u{202e}&y=<script>"] {
            for to in [records(query), report(query), times(query)] {
                assert!(to.starts_with('/') && !to.starts_with("//"), "{to}");
                assert!(to.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"'".contains(&byte)), "{to}");
            }
        }
    }
}
