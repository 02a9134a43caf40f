//! Forms: what people do on a page without script, and how a list is narrowed.

use crate::auth::Caller;
use crate::problem::Problem;
use crate::query::fields::none_of;
use maud::{Markup, html};

/// What the form of a session has to send back.
#[must_use]
pub fn csrf(caller: &Caller) -> Markup {
    html! { input type="hidden" name="csrf" value=(caller.csrf()); }
}

/// A form of one button.
#[must_use]
pub fn button(caller: &Caller, action: &str, name: &str, quiet: bool) -> Markup {
    html! {
        form.inline method="post" action=(action) {
            (csrf(caller))
            button class=[quiet.then_some("quiet")] type="submit" { (name) }
        }
    }
}

/// A choice of one, with its label. A value that is none of the choices is added, so that the form sends it again.
#[must_use]
pub fn select(id: &str, label: &str, chosen: &str, choices: &[(String, String)]) -> Markup {
    let is_known = choices.iter().any(|(value, _)| value == chosen);
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(id) {
                @for (value, name) in choices {
                    option value=(value) selected[value == chosen] { (name) }
                }
                @if !is_known { option value=(chosen) selected { (chosen) } }
            }
        }
    }
}

/// That an address asks for a choice that there is not, with those that there are.
#[must_use]
pub fn no_choice(name: &str, given: &str, choices: &[(&str, &str)]) -> Problem {
    let known = choices.iter().map(|(value, _)| *value).filter(|value| !value.is_empty());
    Problem::bad_request(none_of(name, given, known))
}

/// `any`, then these, each called by itself.
#[must_use]
pub fn any_of<'n>(any: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<(String, String)> {
    let names = names.into_iter().map(|name| (name.to_owned(), name.to_owned()));
    std::iter::once((String::new(), any.to_owned())).chain(names).collect()
}

/// The way to the next part of a list, and back to its beginning. `address` is the list's own, without a cursor.
#[must_use]
pub fn pager(address: &str, is_first: bool, next: Option<&str>) -> Markup {
    let behind = |cursor: &str| {
        let pair = form_urlencoded::Serializer::new(String::new()).append_pair("cursor", cursor).finish();
        format!("{address}{}{pair}", if address.contains('?') { '&' } else { '?' })
    };
    html! {
        @if !is_first || next.is_some() {
            nav.pager aria-label="Pages" {
                @if !is_first { a href=(address) rel="first" { "To the first page" } } @else { span {} }
                @if let Some(next) = next { a href=(behind(next)) rel="next" { "Next page" } }
            }
        }
    }
}

/// A list as files; `address` has it for programs, by the ending of its path.
#[must_use]
pub fn exports(what: &str, address: impl Fn(&str) -> String) -> Markup {
    html! {
        p.exports {
            (what) " as " a href=(address("csv")) { "CSV" } " or " a href=(address("jsonl")) { "JSON lines" }
        }
    }
}

/// That something was done.
#[must_use]
pub fn done(told: &str) -> Markup {
    html! { div.note.done role="status" { p { (told) } } }
}

/// `path?name=value&…` of those that say anything; the path alone where none does.
#[must_use]
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{By, Role};

    #[test]
    fn a_form_has_what_its_session_needs_and_nothing_else() {
        let caller = Caller::new("jane", Role::Editor, By::Token);
        let drawn = button(&caller, "/cases/aa01/resolve", "Resolve", false).into_string();
        assert_eq!(
            drawn,
            "<form class=\"inline\" method=\"post\" action=\"/cases/aa01/resolve\">\
             <input type=\"hidden\" name=\"csrf\" value=\"\"><button type=\"submit\">Resolve</button></form>"
        );
    }

    #[test]
    fn what_was_asked_for_stays_chosen() {
        let owners = any_of("Anybody", ["identity", "finance"]);
        let drawn = select("owner", "Owner", "finance", &owners).into_string();
        assert!(drawn.contains("<option value=\"finance\" selected>finance</option>"), "{drawn}");
        let gone = select("owner", "Owner", "<b>", &owners).into_string();
        assert!(gone.contains("<option value=\"&lt;b&gt;\" selected>&lt;b&gt;</option>"), "{gone}");
    }

    #[test]
    fn a_list_is_two_files() {
        let file = |ending: &str| address(&format!("/v1/cases.{ending}"), &[("owner", "a b")]);
        let drawn = exports("All of it", file).into_string();
        assert_eq!(
            drawn,
            "<p class=\"exports\">All of it as <a href=\"/v1/cases.csv?owner=a+b\">CSV</a> or \
             <a href=\"/v1/cases.jsonl?owner=a+b\">JSON lines</a></p>"
        );
    }

    #[test]
    fn a_list_goes_on_behind_its_cursor() {
        let list = address("/cases", &[("state", "all"), ("owner", ""), ("topic", "a&b")]);
        assert_eq!(list, "/cases?state=all&topic=a%26b");
        assert_eq!(address("/cases", &[("state", "")]), "/cases");
        let drawn = pager(&list, true, Some("1.2.aa")).into_string();
        assert!(drawn.contains("href=\"/cases?state=all&amp;topic=a%26b&amp;cursor=1.2.aa\""), "{drawn}");
        assert!(!drawn.contains("first page"));
        assert!(pager("/cases", false, None).into_string().contains("href=\"/cases\" rel=\"first\""));
        assert_eq!(pager("/cases", true, None).into_string(), "");
    }
}
