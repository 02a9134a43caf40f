use super::{
    render::{html, json, mail, markdown, slack},
    *,
};
use crate::{
    cases::{Life, Loop, LoopTimes, Reach, Step},
    report::{Filter, Inputs},
    rollup::rollup,
    targets::{OwnerTopics, Standing, Target, TargetsFile},
    testing::{self, Fact, nps},
    trends::Verdict,
};
use feedback::time::{Day, Timestamp};

/// Of 2026-W10.
const MONDAY: Day = Day(20_514);
const NAMES: [(&str, &str); 3] =
    [("login_access", "Login and access"), ("billing", "Billing"), ("search", "Search")];
const SAID: [&str; 6] = [
    "keeps failing for us today",
    "never loads on my phone",
    "rejects every code",
    "made our whole team give up",
    "got slower than last year",
    "works like a charm",
];
/// What a hostile customer writes.
const EVIL: &str =
    "<script>alert(1)</script> <!channel> @everyone *b* [x](https://evil.example) |\u{202e}\u{1b}[31m";

/// 36 records a day for twelve weeks and the week itself, alike on every day; with `news`, in the last week nine of ten who
/// speak of login are unhappy, and some speak of something new.
fn history(news: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    for day in -84..7 {
        for at in 0..36_u64 {
            let id = (day + 84) as u64 * 36 + at;
            let mut fact = Fact::new(id, MONDAY.plus(day), ["nps", "ticket"][(at / 18) as usize]);
            fact.author = Some(format!("a_{id}"));
            let (topic, name) = NAMES[(at % 3) as usize];
            let turn = at / 3 % 6;
            let is_news = news && day >= 0 && topic == "login_access";
            let negative = if is_news { turn != 5 } else { turn < 2 };
            let label = if negative { "negative" } else { "positive" };
            fact.sentiment = label;
            let own = format!("{name} {}", SAID[turn as usize]);
            let end = 7 + own.chars().count() as u32;
            fact.body = format!("Hello, {own}.");
            if is_news && turn < 3 {
                fact.body += &format!(" An endless captcha loop {EVIL}");
            }
            fact.topics.push((topic, label, (7, end)));
            if fact.source == "nps" {
                fact.score = nps([9.0, 10.0, 9.0, 8.0, 7.0, 3.0][turn as usize]);
            }
            facts.push(fact);
        }
    }
    facts
}

fn tables(facts: &[Fact]) -> Inputs {
    let rows = rollup(testing::facts(facts)).unwrap();
    Inputs { insights: testing::insights(&rows), facts: testing::facts(facts) }
}

fn names() -> Vec<(String, String)> {
    NAMES.map(|(id, name)| (id.to_owned(), name.to_owned())).to_vec()
}

fn case(id: &str, topic: &str, owner: &str, people: usize) -> CaseTold {
    let report = |at: usize| CaseReport {
        record: format!("{at:032x}"),
        person: Some(format!("p_{at}")),
        occurred_at: Timestamp(MONDAY.plus(1).start().0 + at as i64),
    };
    CaseTold {
        id: id.to_owned(),
        title: format!("Locked out {EVIL}"),
        topic: topic.to_owned(),
        product: String::new(),
        owner: owner.to_owned(),
        life: Life::opened(MONDAY.plus(1).start()),
        reach: Reach {
            reports: people as u64,
            people: people as u64,
            anonymous: 0,
            accounts: 2,
            revenue: 12_000.0,
            first_seen: None,
            last_seen: None,
        },
        reports: (0..people).map(report).collect(),
    }
}

fn alert(id: &str, topic: &str) -> AlertTold {
    AlertTold {
        id: id.to_owned(),
        title: format!("Complaints doubled {EVIL}"),
        state: AlertState::Firing,
        topic: Some(topic.to_owned()),
        product: None,
        owner: None,
        since: MONDAY.plus(2).start(),
        until: None,
        people: 31,
        over_budget: false,
        filter: Some(Filter::default().topic(topic)),
    }
}

fn taken_up(hours: i64) -> Loop<'static> {
    let began = MONDAY.start();
    let times = LoopTimes {
        occurred: began,
        stored: Some(began),
        triaged: Some(began),
        acknowledged: Some(Timestamp(began.0 + hours * 3_600_000_000)),
        resolved: None,
    };
    Loop { owner: "identity", topic: "login_access", times }
}

/// Everything that may be handed over.
#[derive(Default)]
struct World {
    cases: Vec<CaseTold>,
    alerts: Vec<AlertTold>,
    loops: Vec<Loop<'static>>,
    targets: Vec<Target>,
    owner: Option<&'static str>,
    base: Option<Base>,
}

impl World {
    fn full() -> Self {
        let mut done = case("done", "login_access", "identity", 4);
        done.life = done.life.then(Step::Resolved, MONDAY.plus(4).start()).unwrap();
        let text = "[[target]]\nname = \"NPS\"\nmetric = \"nps\"\nat_least = 90\n\
                    [[target]]\nname = \"Login\"\nmetric = \"negative_share\"\nunder = \"30%\"\n\
                    scope = { topic = \"login_access\" }\n";
        Self {
            cases: vec![
                case("new", "login_access", "identity", 5),
                case("bill", "billing", "finance", 7),
                done,
            ],
            alerts: vec![alert("a1", "login_access"), alert("a2", "billing")],
            loops: (1..=40).map(taken_up).collect(),
            targets: TargetsFile::parse(text).unwrap().targets,
            owner: None,
            base: Some(Base::parse("https://v.example").unwrap()),
        }
    }

    fn tell(&self, tables: &Inputs, week: &str, now: Day) -> Digest {
        let names = names();
        let owners = [
            OwnerTopics { name: "identity".into(), topics: vec!["login_access".into()] },
            OwnerTopics { name: "finance".into(), topics: vec!["billing".into()] },
        ];
        let given = Given {
            tables,
            names: &names,
            owners: &owners,
            cases: &self.cases,
            alerts: &self.alerts,
            loops: &self.loops,
            targets: &self.targets,
        };
        let week = week.parse().unwrap();
        let base = self.base.as_ref();
        let asked = Asked { week, now: now.start(), product: None, owner: self.owner, base };
        digest(&given, &asked).unwrap()
    }

    fn told(&self, facts: &[Fact]) -> Digest {
        self.tell(&tables(facts), "2026-W10", MONDAY.plus(8))
    }
}

fn all_formats(digest: &Digest) -> [String; 5] {
    let page = page(digest);
    [markdown(&page), html(&page), mail(&page), slack(&page).to_string(), json(digest).unwrap()]
}

#[test]
fn what_changed_is_told_with_numbers_quotes_and_the_way_to_its_records() {
    let digest = World::full().told(&history(true));
    assert!(digest.notable);
    let What::Topic { id, movers } = &digest.changes[0].what else { panic!("{:?}", digest.changes[0]) };
    assert_eq!(id, "login_access");
    assert!(movers.iter().all(|mover| mover.verdict == Verdict::Real));
    let weekly = &digest.changes[0].weeks;
    assert_eq!((weekly.values.len(), weekly.first.to_string()), (12, "2025-W51".to_owned()));
    let last = weekly.values.last().copied().flatten().unwrap();
    assert!((last - 5.0 / 6.0).abs() < 1e-9, "{weekly:?}");
    assert!(digest.words.words.iter().any(|word| word.word.contains("captcha")), "{:?}", digest.words);
    let page = page(&digest);
    let titles: Vec<&str> = page.sections.iter().map(|section| section.title.as_str()).collect();
    for title in [
        "What changed",
        "New and growing cases",
        "Resolved",
        "Alerts",
        "Targets",
        "How long it takes",
        "New words",
    ] {
        assert!(titles.contains(&title), "{title} is not in {titles:?}");
    }
    let change = &page.sections[0].points[0];
    assert_eq!(change.title, "Login and access: worse");
    assert!(change.text.contains("judged mentions negative, usually 33%: +50 points"), "{}", change.text);
    assert_eq!((change.said.len(), change.tone), (2, Tone::Bad));
    let open = change.open.as_ref().unwrap();
    assert!(open.command.contains("--topic login_access --sentiment negative"), "{}", open.command);
    assert!(open.link.as_ref().unwrap().starts_with("https://v.example/records?from="));
    let standing: Vec<Standing> = digest.targets.iter().map(|outcome| outcome.standing).collect();
    assert_eq!(standing, [Standing::Missed, Standing::Missed]);
    assert!(page.summary.contains("2 of 2 targets missed"), "{}", page.summary);
}

#[test]
fn an_even_week_is_nothing_notable_in_one_sentence() {
    let digest = World::default().told(&history(false));
    assert!(!digest.notable, "{digest:?}");
    let page = page(&digest);
    assert!(
        page.summary.starts_with("Nothing notable: 252 records, 252 the week before, none of "),
        "{}",
        page.summary
    );
    assert!(page.summary.ends_with("is new.") && page.sections.is_empty(), "{page:?}");
}

#[test]
fn a_week_without_anything_is_a_clear_sentence() {
    let facts = history(false);
    let world = World::default();
    let summary = |facts: &[Fact], week: &str, now: Day| page(&world.tell(&tables(facts), week, now)).summary;
    let future = summary(&facts, "2026-W12", MONDAY.plus(8));
    assert_eq!(future, "2026-W12 has not begun: it starts on 16 Mar. Ask for a week that has.");
    assert!(summary(&[], "2026-W10", MONDAY.plus(8)).starts_with("There is no feedback yet"));
    assert!(summary(&facts, "2026-W10", MONDAY).starts_with("No day of 2026-W10 is over yet"));
    let empty = summary(&facts, "2026-W11", MONDAY.plus(15));
    assert!(empty.starts_with("Nothing notable: 0 records, 252 the week before"), "{empty}");
    let before_all = summary(&facts, "2020-W01", MONDAY.plus(8));
    assert!(
        before_all.starts_with("Nothing notable: 0 records, too little to look for changes"),
        "{before_all}"
    );
}

#[test]
fn a_week_that_is_not_over_says_so() {
    let digest = World::default().tell(&tables(&history(false)), "2026-W10", MONDAY.plus(3));
    assert_eq!((digest.period.to, digest.records), (MONDAY.plus(2), 108));
    let note = &page(&digest).notes[0];
    assert_eq!(note, "The week is not over: 5 to 8 Mar 2026 (144 records so far) are left out.");
}

#[test]
fn three_answers_make_no_number() {
    let mut facts: Vec<Fact> = (0..3).map(|at| Fact::new(at, MONDAY, "nps")).collect();
    facts.iter_mut().for_each(|fact| fact.score = nps(2.0));
    let world = World { targets: World::full().targets, ..World::default() };
    let digest = world.told(&facts);
    let standing: Vec<Standing> = digest.targets.iter().map(|outcome| outcome.standing).collect();
    assert_eq!(standing, [Standing::Suppressed, Standing::NoAnswers]);
    assert!(!digest.notable && digest.words.too_little);
    let text = markdown(&page(&digest));
    assert!(text.contains("Too few to show: NPS") && !text.contains("−100"), "{text}");
}

#[test]
fn an_owner_sees_their_own() {
    let world = World { owner: Some("finance"), ..World::full() };
    let digest = world.told(&history(true));
    assert!(digest.changes.is_empty(), "{:?}", digest.changes);
    let of = |cases: &[Growing]| cases.iter().map(|case| case.id.clone()).collect::<Vec<_>>();
    assert_eq!((of(&digest.cases), of(&digest.resolved)), (vec!["bill".to_owned()], vec![]));
    assert_eq!(digest.alerts.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), ["a2"]);
    assert!(digest.targets.is_empty() && digest.loops.is_empty() && digest.words.words.is_empty());
    assert_eq!((digest.records, digest.topics.as_slice()), (84, ["billing".to_owned()].as_slice()));
    let own = World { owner: Some("identity"), ..World::full() }.told(&history(true));
    assert_eq!((own.changes.len(), own.targets.len(), own.records), (1, 1, 84));
    assert!(!own.loops.is_empty());
    let nobody = World { owner: Some("nobody"), ..World::full() }.told(&history(true));
    assert!(page(&nobody).notes.iter().any(|note| note.contains("has no topics")));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let mut facts = history(true);
    let one = all_formats(&World::full().told(&facts));
    facts.reverse();
    let mut world = World::full();
    world.cases.reverse();
    world.alerts.reverse();
    world.loops.reverse();
    assert_eq!(all_formats(&world.told(&facts)), one);
}

#[test]
fn a_page_holds_no_more_than_a_page() {
    let mut world = World::full();
    for at in 0..40 {
        world.cases.push(case(&format!("c{at:02}"), "billing", "finance", 3 + at));
        world.alerts.push(alert(&format!("b{at:02}"), "search"));
        let target = world.targets[0].clone();
        world.targets.push(Target { name: format!("goal {at}"), ..target });
    }
    let digest = world.told(&history(true));
    assert_eq!((digest.cases.len(), digest.alerts.len(), digest.targets.len()), (42, 42, 42));
    let page = page(&digest);
    let text = markdown(&page);
    let lines = text.lines().filter(|line| !line.is_empty()).count();
    assert!(lines <= 85, "{lines} lines:\n{text}");
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
    assert!(!html.contains("<a href") && markdown.contains("`verbatim cases show bill`"));
}
