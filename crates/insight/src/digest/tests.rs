use super::{
    render::{html, json, mail, markdown, slack},
    *,
};
use crate::{
    cases::{Event, LoopStep, Step},
    report::{Filter, Inputs},
    rollup::rollup,
    targets::{OwnerTopics, Standing, Target, TargetsFile},
    testing::{self, Fact, nps},
    trends::Verdict,
};
use feedback::time::{Day, Timestamp};
use polars::prelude::{DataType, LazyFrame, col, lit};

mod formats;
mod opens;
mod quoted;
mod states;
mod then;

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

/// With the columns that cases and loops read: each is stored a minute after it occurred, and decided on another one later.
fn stored(facts: &[Fact]) -> LazyFrame {
    let after = |minutes: i64| col("occurred_at").cast(DataType::Int64) + lit(minutes * 60_000_000);
    testing::facts(facts).with_columns([
        after(0).alias("updated_at"),
        after(1).alias("ingested_at"),
        after(2).alias("triaged_at"),
        lit(1_200.0).alias("revenue"),
        lit("v1").alias("vector"),
        lit(&[127_u8, 0][..]).alias("embedding"),
    ])
}

fn tables(facts: &[Fact]) -> Inputs {
    let rows = rollup(testing::facts(facts)).unwrap();
    Inputs { insights: testing::insights(&rows), facts: stored(facts) }
}

fn names() -> Vec<(String, String)> {
    NAMES.map(|(id, name)| (id.to_owned(), name.to_owned())).to_vec()
}

/// Reports of Tuesday, whose records are those of the history's last week.
fn case(id: &str, topic: &str, owner: &str, people: usize) -> CaseTold {
    let occurred = MONDAY.plus(1).start();
    let report = |at: usize| CaseReport {
        record: format!("{:032x}", 84 * 36 + at),
        person: Some(format!("p_{at}")),
        occurred_at: Timestamp(occurred.0 + at as i64),
    };
    CaseTold {
        id: id.to_owned(),
        topic: topic.to_owned(),
        product: String::new(),
        owner: owner.to_owned(),
        steps: vec![Event { at: occurred, step: Step::Opened, by: None }],
        began: Some(Began { occurred, stored: occurred, triaged: Some(occurred) }),
        reports: (0..people).map(report).collect(),
    }
}

fn stepped(mut case: CaseTold, step: Step, at: Timestamp) -> CaseTold {
    case.steps.push(Event { at, step, by: Some("jane".to_owned()) });
    case
}

fn alert(id: &str, topic: &str) -> AlertTold {
    AlertTold {
        owners: Vec::new(),
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

/// A case of one person that was taken up after so many hours.
fn taken_up(hours: i64) -> CaseTold {
    let case = case(&format!("t{hours:02}"), "login_access", "identity", 1);
    let at = Timestamp(MONDAY.plus(1).start().0 + hours * 3_600_000_000);
    stepped(case, Step::Acknowledged, at)
}

/// Everything that may be handed over.
#[derive(Default)]
struct World {
    cases: Vec<CaseTold>,
    alerts: Vec<AlertTold>,
    targets: Vec<Target>,
    /// Nobody has looked for alerts.
    blind: bool,
    owner: Option<&'static str>,
    base: Option<Base>,
}

impl World {
    fn full() -> Self {
        let done = case("done", "login_access", "identity", 4);
        let done = stepped(done, Step::Resolved, MONDAY.plus(4).start());
        let text = "[[target]]\nname = \"NPS\"\nmetric = \"nps\"\nat_least = 90\n\
                    [[target]]\nname = \"Login\"\nmetric = \"negative_share\"\nunder = \"30%\"\n\
                    scope = { topic = \"login_access\" }\n";
        let mut cases =
            vec![case("new", "login_access", "identity", 12), case("bill", "billing", "finance", 15), done];
        cases.extend((1..=40).map(taken_up));
        Self {
            cases,
            alerts: vec![alert("a1", "login_access"), alert("a2", "billing")],
            targets: TargetsFile::parse(text).unwrap().targets,
            blind: false,
            owner: None,
            base: Some(Base::parse("https://v.example").unwrap()),
        }
    }

    fn tell(&self, tables: &Inputs, week: &str, now: Day) -> Digest {
        let names = names();
        let owners = [
            OwnerTopics { name: "identity".into(), topics: vec!["login_access".into()] },
            OwnerTopics { name: "finance".into(), topics: vec!["billing".into()] },
            OwnerTopics { name: "both".into(), topics: vec!["login_access".into(), "billing".into()] },
        ];
        let week: Week = week.parse().unwrap();
        let given = Given {
            tables,
            names: &names,
            owners: &owners,
            cases: &self.cases,
            alerts: &self.alerts,
            looked: (!self.blind).then(|| week.end().min(now.start())),
            targets: &self.targets,
        };
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
    let titles: Vec<&str> = page.sections.iter().map(|section| section.title.as_str()).collect();
    assert!(page.summary.ends_with("is new.") && titles == ["How long it takes"], "{page:?}");
}

#[test]
fn an_owner_sees_their_own() {
    let world = World { owner: Some("finance"), ..World::full() };
    let digest = world.told(&history(true));
    assert!(digest.changes.is_empty(), "{:?}", digest.changes);
    let of = |cases: &[Growing]| cases.iter().map(|case| case.id.clone()).collect::<Vec<_>>();
    assert_eq!((of(&digest.cases), of(&digest.resolved)), (vec!["bill".to_owned()], vec![]));
    assert_eq!(digest.alerts.iter().map(|told| told.alert.id.as_str()).collect::<Vec<_>>(), ["a2"]);
    assert!(digest.targets.is_empty() && digest.words.words.is_empty());
    // Of this week's and those of three before, and of the two cases the one that is theirs.
    let row = |step| digest.loops.iter().find(|row| row.owner.is_none() && row.step == step).unwrap();
    assert_eq!((row(LoopStep::Stored).done, row(LoopStep::Acknowledged).waiting), (4 * 84, 1));
    assert_eq!((digest.records, digest.topics.as_slice()), (84, ["billing".to_owned()].as_slice()));
    let own = World { owner: Some("identity"), ..World::full() }.told(&history(true));
    assert_eq!((own.changes.len(), own.targets.len(), own.records), (1, 1, 84));
    assert!(own.loops.iter().any(|row| row.step == LoopStep::Acknowledged && row.done == 40));
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
    assert_eq!(all_formats(&world.told(&facts)), one);
}
