//! One digest: its page, drawn anew from what was archived of it. All that stands in it is data.

use super::opens::opens;
use super::{frame, whose};
use crate::auth::Caller;
use crate::desk::{KeptDigest, week};
use crate::pages::layout::page;
use crate::pages::parts::{forms, time, words};
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::App;
use axum::extract::{Path, State};
use axum::response::Response;
use insight::digest::{Open, Point, Said, Section, Spark, Tone};
use insight::report::{count, printable};
use maud::{Markup, html};
use serde::Deserialize;

/// The space that a history is drawn in.
const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 24.0;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    owner: String,
}

pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let owner = Some(asked.owner.as_str()).filter(|owner| !owner.is_empty());
    let kept = app.desk.digest(week(&name)?, owner).await?;
    let title =
        kept.page.as_ref().map_or_else(|| format!("The week {}", kept.row.week), |page| page.title.clone());
    let body = html! {
        div.lead { div {
            p.soft { a href="/digests" { "Digests" } " / " (kept.row.week) }
            h1 { (title) }
            p {
                "For " bdi { (whose(&kept.row.owner)) } ", made " (time::moment(kept.row.made_at.0)) "."
                @if let Some(page) = &kept.page { " " (printable(&page.context)) }
            }
        } }
        (said_as_a_whole(&kept))
        (taken_along(&kept))
    };
    Ok(page(&frame(&app, &caller), &title, body))
}

fn said_as_a_whole(kept: &KeptDigest) -> Markup {
    html! {
        @match (&kept.page, &kept.markdown) {
            (Some(page), _) => {
                section.card {
                    p { (printable(&page.summary)) }
                    @for note in &page.notes { p.soft { (printable(note)) } }
                }
                @for part in &page.sections { (section(part)) }
            }
            // Archived before pages were.
            (None, Some(text)) => { section.card { p.words dir="auto" { (text) } } }
            (None, None) => {
                section.card { p.empty { "Of this digest nothing is kept that could be shown." } }
            }
        }
    }
}

fn section(section: &Section) -> Markup {
    html! {
        section.card {
            h2 { (printable(&section.title)) }
            ul.plain { @for one in &section.points { li { (point(one)) } } }
            @if let Some((more, open)) = &section.more {
                p.soft { "And " (count(*more as u64)) " more: " (opened(open, "open them")) }
            }
        }
    }
}

fn point(point: &Point) -> Markup {
    let tone = match point.tone {
        Tone::Plain => None,
        Tone::Good => Some("positive"),
        Tone::Bad => Some("negative"),
    };
    html! {
        h3 class=[tone] dir="auto" { (point.title) }
        @if let Some(spark) = &point.spark { (weeks(spark)) }
        p { (printable(&point.text)) }
        @for one in &point.said { (said(one)) }
        @if let Some(open) = &point.open { p { (opened(open, "Open what is behind it")) } }
    }
}

fn said(said: &Said) -> Markup {
    let short = words::short(&said.record);
    // Where there are no links the record is named there.
    let by = said.by.strip_suffix(&short).map_or(said.by.as_str(), |by| by.trim_end_matches([',', ' ']));
    html! {
        blockquote dir="auto" { (said.text) }
        p { small { bdi { (by) } ", " a href={ "/feedback/" (said.record) } { "record " (short) } } }
    }
}

/// A link where something here answers, else the command.
fn opened(open: &Open, name: &str) -> Markup {
    html! {
        @match opens(&open.command) {
            Some(address) => { a href=(address) { (name) } }
            None => { code { (printable(&open.command)) } }
        }
    }
}

/// A bar a week, the last one stronger; the figures stand beside it.
fn weeks(spark: &Spark) -> Markup {
    let known: Vec<f64> = spark.values.iter().copied().flatten().collect();
    let low = known.iter().copied().fold(if spark.from_zero { 0.0 } else { f64::MAX }, f64::min);
    let high = known.iter().copied().fold(f64::MIN, f64::max);
    let step = WIDTH / spark.values.len().max(1) as f64;
    let tall =
        |value: f64| if high > low { ((value - low) / (high - low) * HEIGHT).max(1.0) } else { HEIGHT };
    let label = format!("{}: now {}, before {}", printable(&spark.label), spark.now, spark.before);
    let last = spark.values.len().saturating_sub(1);
    html! {
        svg.spark viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label) {
            title { (label) }
            @for (at, value) in spark.values.iter().enumerate() {
                @if let Some(value) = value {
                    rect.bar.partial[at != last] x=(fixed(at as f64 * step)) y=(fixed(HEIGHT - tall(*value)))
                        width=(fixed(step * 0.8)) height=(fixed(tall(*value))) {}
                }
            }
        }
        p { small { (label) } }
    }
}

fn fixed(value: f64) -> String {
    format!("{value:.1}")
}

/// The same as a file, as it was sent.
fn taken_along(kept: &KeptDigest) -> Markup {
    let file = |format: &str| {
        let fields = [("owner", kept.row.owner.as_str()), ("format", format)];
        forms::address(&format!("/v1/digests/{}", kept.row.week), &fields)
    };
    html! {
        p.soft {
            "As it was sent: "
            @if kept.html.is_some() { a href=(file("html")) download { "page" } " \u{00b7} " }
            @if kept.markdown.is_some() { a href=(file("markdown")) download { "Markdown" } " \u{00b7} " }
            a href=(file("json")) { "everything, for programs" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{At, DigestRow};
    use crate::pages::feedback::{HOSTILE, harmless};
    use feedback::time::Day;
    use insight::digest::Page;

    fn open(command: &str) -> Open {
        Open { command: command.to_owned(), link: Some("javascript:alert(1)".to_owned()) }
    }

    fn kept() -> KeptDigest {
        let quote = Said {
            text: "<script>alert(1)</script>".to_owned(),
            record: "0123456789abcdef".to_owned(),
            by: "ticket, 2026-03-17".to_owned(),
            open: open("verbatim report --records --record 0123456789abcdef"),
        };
        let spark = Spark {
            label: "people by week".to_owned(),
            values: vec![None, Some(2.0), Some(4.0)],
            from_zero: true,
            now: "4".to_owned(),
            before: "2".to_owned(),
            lengths: None,
        };
        let point = Point {
            title: "no login <b>at all</b>".to_owned(),
            text: "12 people".to_owned(),
            tone: Tone::Bad,
            spark: Some(spark),
            bar: None,
            said: vec![quote],
            open: Some(open("verbatim cases show aa01")),
            case: None,
        };
        let section = Section {
            title: "Cases".to_owned(),
            points: vec![point],
            more: Some((3, open("verbatim digest --week 2026-W12 --format json"))),
        };
        let page = Page {
            title: "Customer feedback, 2026-W12".to_owned(),
            context: "16 to 22 March".to_owned(),
            summary: "One case.".to_owned(),
            notes: vec!["A note.".to_owned()],
            sections: vec![section],
        };
        KeptDigest {
            row: DigestRow {
                week: "2026-W12".to_owned(),
                owner: String::new(),
                made_at: At(Day(20_535).start()),
                points: Some(4),
                summary: "One case.".to_owned(),
            },
            page: Some(page),
            html: Some("<h1>raw</h1>".to_owned()),
            markdown: Some("# raw <b>".to_owned()),
            json: None,
        }
    }

    #[test]
    fn a_digest_is_drawn_with_its_links_here_and_everything_in_it_is_text() {
        let drawn = said_as_a_whole(&kept()).into_string();
        assert!(
            drawn.contains("<h3 class=\"negative\" dir=\"auto\">no login &lt;b&gt;at all&lt;/b&gt;</h3>"),
            "{drawn}"
        );
        assert!(drawn.contains("&lt;script&gt;") && !drawn.contains("<script>"), "{drawn}");
        assert!(drawn.contains("href=\"/cases/aa01\"") && !drawn.contains("javascript:"), "{drawn}");
        assert!(drawn.contains("href=\"/feedback/0123456789abcdef\""), "{drawn}");
        assert!(
            drawn.contains("And 3 more: <code>verbatim digest --week 2026-W12 --format json</code>"),
            "{drawn}"
        );
        assert_eq!(drawn.matches("<rect").count(), 2, "a week of which nothing is known is a gap");
        assert!(!drawn.contains("style="), "{drawn}");
    }

    #[test]
    fn no_text_of_a_digest_is_markup_or_turns_our_words() {
        let mut kept = kept();
        let page = kept.page.as_mut().unwrap();
        page.notes = vec![HOSTILE.to_owned()];
        let part = &mut page.sections[0];
        let point = &mut part.points[0];
        for text in [&mut page.summary, &mut part.title, &mut point.title, &mut point.text] {
            HOSTILE.clone_into(text);
        }
        let said = &mut point.said[0];
        for text in [&mut said.text, &mut said.by, &mut said.open.command] {
            HOSTILE.clone_into(text);
        }
        HOSTILE.clone_into(&mut point.spark.as_mut().unwrap().label);
        point.open = Some(open(HOSTILE));
        part.more = Some((3, open(HOSTILE)));
        harmless(&said_as_a_whole(&kept).into_string());
        let old = KeptDigest { page: None, markdown: Some(HOSTILE.to_owned()), ..kept };
        harmless(&said_as_a_whole(&old).into_string());
    }

    #[test]
    fn without_its_page_the_text_is_shown_as_text() {
        let old = KeptDigest { page: None, ..kept() };
        assert!(said_as_a_whole(&old).into_string().contains("# raw &lt;b&gt;"));
        let gone = KeptDigest { page: None, markdown: None, ..kept() };
        assert!(said_as_a_whole(&gone).into_string().contains("nothing is kept"));
        let files = taken_along(&kept()).into_string();
        assert!(files.contains("href=\"/v1/digests/2026-W12?format=html\" download"), "{files}");
    }
}
