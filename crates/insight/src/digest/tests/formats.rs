//! A page in every format.

use super::*;

#[test]
fn a_page_holds_no_more_than_a_page() {
    let mut world = World::full();
    for at in 0..40 {
        world.cases.push(case(&format!("c{at:02}"), "billing", "finance", 10 + at));
        world.alerts.push(alert(&format!("b{at:02}"), "search"));
        let target = world.targets[0].clone();
        world.targets.push(Target { name: format!("goal {at}"), ..target });
    }
    let digest = world.told(&history(true));
    assert_eq!((digest.cases.len(), digest.alerts.len(), digest.targets.len()), (42, 42, 42));
    let page = page(&digest);
    let text = markdown(&page);
    let lines = text.lines().filter(|line| !line.is_empty()).count();
    assert!(lines <= 110, "{lines} lines:\n{text}");
    assert!(text.contains("And 39 more: `verbatim digest --week 2026-W10 --format json`"), "{text}");
    let slack = slack(&page);
    assert!(slack["blocks"].as_array().unwrap().len() <= 50);
    assert!(slack["blocks"].to_string().len() <= 12_000);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json(&digest).unwrap()).unwrap()["cases"]
            .as_array()
            .unwrap()
            .len(),
        42
    );
}

#[test]
fn what_customers_write_is_data_in_every_format() {
    let digest = World::full().told(&history(true));
    let [markdown, html, mail, slack, json] = all_formats(&digest);
    for (name, text) in [("html", &html), ("mail", &mail)] {
        assert!(!text.contains("<script") && text.contains("&lt;script&gt;"), "{name}");
    }
    assert!(!markdown.contains("<script>") && !markdown.contains("[x](") && !markdown.contains("@everyone"));
    assert!(!slack.contains("<!channel>") && !slack.contains("@everyone") && !slack.contains("<script>"));
    for text in [&markdown, &html, &mail, &slack] {
        assert!(!text.contains(['\u{202e}', '\u{1b}']));
    }
    // JSON keeps what was said, escaped as JSON is.
    assert!(json.contains("<script>") && !json.contains('\u{1b}'));
}

#[test]
fn pages_for_browsers_and_mails_fetch_nothing() {
    let digest = World::full().told(&history(true));
    let [_, html, mail, ..] = all_formats(&digest);
    for text in [&html, &mail] {
        for fetched in
            [" src=", "<img", "<link", "@import", "url(", "<iframe", "<form", "javascript:", " onload"]
        {
            assert!(!text.contains(fetched), "{fetched}");
        }
        assert_eq!(text.matches("<table").count(), text.matches("</table>").count());
        assert_eq!(text.matches("<td").count(), text.matches("</td>").count());
    }
    assert!(
        html.contains(
            "<svg role=\"img\" aria-label=\"negative share by week, 12 weeks: now 83%, before 33%\""
        )
    );
    assert!(!mail.contains("<svg") && !mail.contains("<style") && mail.contains("bgcolor=\"#2f6f9f\""));
}

#[test]
fn json_has_the_filter_of_every_figure() {
    let digest = World::full().told(&history(true));
    let value: serde_json::Value = serde_json::from_str(&json(&digest).unwrap()).unwrap();
    assert_eq!((value["week"].as_str(), value["state"].as_str()), (Some("2026-W10"), Some("told")));
    let mover = &value["changes"][0]["movers"][0];
    assert_eq!(mover["filter"]["topic"], "login_access");
    assert_eq!(value["targets"][1]["filter"]["sentiment"], "negative");
    assert_eq!(value["cases"][0]["growth"]["is"], "new");
    assert!(value["words"]["words"][0]["interval"]["low"].as_f64().unwrap() > 1.0);
}

#[test]
fn without_a_dashboard_there_are_commands_alone() {
    let world = World { base: None, ..World::full() };
    let [markdown, html, mail, slack, _] = all_formats(&world.told(&history(true)));
    for text in [&markdown, &html, &mail, &slack] {
        assert!(text.contains("verbatim report --records") && !text.contains("v.example"));
    }
    assert!(!html.contains("<a href") && markdown.contains("`verbatim cases show done`"));
    assert!(markdown.contains("`verbatim cases times --from 2026-02-09 --to 2026-03-08`"), "{markdown}");
    assert!(
        markdown.contains("`verbatim report --records --from 2026-03-02 --to 2026-03-08 --case bill`"),
        "{markdown}"
    );
}
