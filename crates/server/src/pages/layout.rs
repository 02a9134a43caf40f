//! The frame of every page.

use crate::assets;
use crate::auth::{By, Caller, Role};
use crate::pages::parts::{number, time};
use crate::state::App;
use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};

/// Which entry of the navigation a page lies under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Overview,
    Topics,
    Feedback,
    Cases,
    Alerts,
    Digests,
    Taxonomy,
    /// None of them.
    Elsewhere,
}

const PLACES: [(Place, &str, &str); 7] = [
    (Place::Overview, "/", "Overview"),
    (Place::Topics, "/topics", "Topics"),
    (Place::Feedback, "/feedback", "Feedback"),
    (Place::Cases, "/cases", "Cases"),
    (Place::Alerts, "/alerts", "Alerts"),
    (Place::Digests, "/digests", "Digests"),
    (Place::Taxonomy, "/taxonomy", "Taxonomy"),
];

/// What a page stands in.
#[derive(Clone, Copy)]
pub struct Frame<'f> {
    pub app: &'f App,
    pub caller: &'f Caller,
    pub at: Place,
}

/// A whole page.
#[must_use]
pub fn page(frame: &Frame<'_>, title: &str, body: Markup) -> Response {
    Html(document(title, top(frame), body, bottom(frame)).into_string()).into_response()
}

/// A page for somebody who has not signed in.
pub fn bare(title: &str, body: Markup) -> Html<String> {
    Html(document(title, head(html! {}), body, html! {}).into_string())
}

/// A page of which no more is known than where else one could go.
pub fn astray(title: &str, body: Markup) -> Html<String> {
    Html(document(title, head(ways(Place::Elsewhere)), body, html! {}).into_string())
}

fn document(title: &str, top: Markup, body: Markup, bottom: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " \u{00b7} Verbatim" }
                link rel="stylesheet" href=(assets::STYLE.path());
                link rel="icon" type="image/svg+xml" href=(assets::ICON.path());
                script src=(assets::SCRIPT.path()) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                (top)
                main #main tabindex="-1" { (body) }
                (bottom)
            }
        }
    }
}

fn head(within: Markup) -> Markup {
    html! {
        header.top {
            div.top-row {
                a.brand href="/" { "Verbatim" }
                (within)
            }
        }
    }
}

fn ways(at: Place) -> Markup {
    html! {
        nav aria-label="Main" {
            ul {
                @for (place, address, name) in PLACES {
                    li { a href=(address) aria-current=[(place == at).then_some("page")] { (name) } }
                }
            }
        }
    }
}

fn top(Frame { caller, at, .. }: &Frame<'_>) -> Markup {
    head(html! {
        (ways(*at))
        form role="search" method="get" action="/feedback" {
            label.visually-hidden for="search" { "Search the feedback" }
            input #search type="search" name="q" placeholder="Search words\u{2026}" maxlength="500";
        }
        (who(caller))
    })
}

fn who(caller: &Caller) -> Markup {
    html! {
        div.who {
            span { (caller.name) " \u{00b7} " (role(caller.role)) }
            @if caller.by == By::Session {
                form.inline method="post" action="/logout" {
                    input type="hidden" name="csrf" value=(caller.csrf());
                    button.quiet type="submit" { "Sign out" }
                }
            }
        }
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Sender => "sender",
        Role::Viewer => "viewer",
        Role::Editor => "editor",
        Role::Admin => "admin",
    }
}

/// How fresh what the page shows is.
fn bottom(Frame { app, .. }: &Frame<'_>) -> Markup {
    let status = app.live.status();
    html! {
        footer.bottom {
            p {
                (number::of(status.records, "record", "records"))
                @if let Some(at) = status.as_of { ", as of " (time::moment(at)) }
                @if status.loading { ", still loading" }
                @if let Some(trouble) = &status.trouble { ". " strong { (trouble) } }
                " \u{00b7} Verbatim " (env!("CARGO_PKG_VERSION"))
            }
        }
    }
}
