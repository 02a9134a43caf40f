//! Which digests are archived.

use super::{frame, whose};
use crate::auth::Caller;
use crate::desk::{DigestRow, Listed, Page};
use crate::pages::layout::page;
use crate::pages::parts::{forms, time};
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use insight::digest::Week;
use insight::report::{count, printable};
use maud::{Markup, html};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    owner: String,
    cursor: String,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let part = Page::new(None, Some(asked.cursor.as_str()));
    let part = part.map_err(|error| Problem::bad_request(error.to_string()))?;
    let owner = Some(asked.owner.trim()).filter(|owner| !owner.is_empty());
    let digests = app.desk.digests(owner, &part).await?;
    let address = forms::address("/digests", &[("owner", owner.unwrap_or_default())]);
    let body = html! {
        div.lead { div {
            h1 { "Digests" }
            p { "The week on one page, as it was sent." }
        } }
        (narrow(&app, owner.unwrap_or_default()))
        section.card {
            @if digests.items.is_empty() { (nothing(owner)) } @else {
                (table(&digests))
                (forms::exports("All of them", |ending| file(owner, ending)))
            }
            (forms::pager(&address, asked.cursor.is_empty(), digests.next.as_deref()))
        }
    };
    Ok(page(&frame(&app, &caller), "Digests", body))
}

/// The same list as a file.
fn file(owner: Option<&str>, ending: &str) -> String {
    forms::address(&format!("/v1/digests.{ending}"), &[("owner", owner.unwrap_or_default())])
}

fn narrow(app: &App, owner: &str) -> Markup {
    let owners = forms::any_of("All digests", app.desk.owners().iter().map(|owner| owner.name.as_str()));
    html! {
        section.card aria-label="Narrow the list" {
            form.filters method="get" action="/digests" {
                (forms::select("owner", "Owner", owner, &owners))
                button type="submit" { "Show" }
            }
        }
    }
}

fn nothing(owner: Option<&str>) -> Markup {
    html! {
        p.empty {
            @if owner.is_some() {
                "No digest of theirs is archived. " a href="/digests" { "Show all digests" }
            } @else {
                "No digest is archived yet: " code { "verbatim serve" } " makes one each week, "
                code { "verbatim digest --archive" } " does now."
            }
        }
    }
}

fn table(digests: &Listed<DigestRow>) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Digests" {
            table.list {
                caption { (count(digests.total)) @if digests.total == 1 { " digest" } @else { " digests" } }
                thead { tr {
                    th scope="col" { "Week" }
                    th scope="col" { "For" }
                    th scope="col" { "What it says" }
                    th.number scope="col" { "Points" }
                    th scope="col" { "Made" }
                } }
                tbody { @for digest in &digests.items { (row(digest)) } }
            }
        }
    }
}

fn row(digest: &DigestRow) -> Markup {
    let address = forms::address(&format!("/digests/{}", digest.week), &[("owner", &digest.owner)]);
    html! {
        tr {
            th scope="row" {
                a href=(address) { (digest.week) }
                @if let Ok(week) = digest.week.parse::<Week>() { br; small.together { (time::period(week.period())) } }
            }
            td { bdi { (whose(&digest.owner)) } }
            td { (printable(&digest.summary)) }
            td.number { @if let Some(points) = digest.points { (count(points)) } @else { "\u{2013}" } }
            td { (time::moment(digest.made_at.0)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::At;
    use crate::pages::feedback::{HOSTILE, harmless};
    use feedback::time::Day;

    #[test]
    fn each_digest_has_an_address_of_its_own() {
        let digest = DigestRow {
            week: "2026-W12".to_owned(),
            owner: "customer success".to_owned(),
            made_at: At(Day(20_535).start()),
            points: None,
            summary: "<i>Nothing</i> notable.".to_owned(),
        };
        let drawn = row(&digest).into_string();
        assert!(drawn.contains("href=\"/digests/2026-W12?owner=customer+success\""), "{drawn}");
        assert!(drawn.contains("&lt;i&gt;Nothing") && drawn.contains("\u{2013}"), "{drawn}");
        let said = || HOSTILE.to_owned();
        harmless(&row(&DigestRow { owner: said(), summary: said(), ..digest.clone() }).into_string());
        let all = row(&DigestRow { owner: String::new(), points: Some(3), ..digest }).into_string();
        assert!(all.contains("href=\"/digests/2026-W12\"") && all.contains("everybody"), "{all}");
    }

    #[test]
    fn that_none_is_archived_says_what_to_do() {
        assert!(nothing(None).into_string().contains("verbatim digest --archive"));
        assert!(nothing(Some("identity")).into_string().contains("Show all digests"));
    }
}
