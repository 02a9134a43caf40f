//! What the templates' slots are filled from.

use crate::company::Platform;

/// The fillings of a slot, themselves templates; `None` for a slot nobody knows.
pub(crate) fn options(slot: &str, platform: Platform) -> Option<&'static [&'static str]> {
    Some(match (slot, platform) {
        ("device", Platform::Web) => BROWSERS,
        ("device", Platform::Ios) | ("phone", Platform::Ios) => IOS,
        ("device", Platform::Android) | ("phone", Platform::Android) => ANDROID,
        ("phone", Platform::Web) => &["my phone", "my tablet", "a {2-6}-year-old phone"],
        ("since", _) => SINCE,
        ("when", _) => WHEN,
        ("ago", _) => AGO,
        ("often", _) => OFTEN,
        ("clock", _) => &[
            "{7-9} this morning",
            "about {9-11} am",
            "lunch time",
            "{2-5} pm",
            "last night",
            "early morning",
            "half past {7-11}",
        ],
        ("month", _) => {
            &["July", "August", "September", "October", "spring", "last month", "the past quarter"]
        }
        ("money", _) => {
            &["€{19-99}", "${49-480}", "£{29-240}", "{60-900} euros", "{90-700} dollars", "€{1-3}.{200-900}"]
        }
        ("err", _) => &["{400-599}", "E-{100-999}", "0x{10-99}F{1-9}", "{1000-9999}", "LD-{10-99}"],
        ("apicode", _) => &["429", "500", "504", "401", "a 422", "an empty list"],
        ("plan", _) => &["Team", "Business", "Starter", "Crew", "Pro"],
        ("tool", _) => TOOLS,
        ("trade", _) => TRADES,
        ("role", _) => ROLES,
        ("people", _) => PEOPLE,
        ("team", _) => TEAMS,
        ("cons", _) => CONSEQUENCES,
        ("tongue", _) => &[
            "Polish",
            "German",
            "Spanish",
            "French",
            "Portuguese",
            "Turkish",
            "Romanian",
            "Japanese",
            "Welsh",
            "Ukrainian",
        ],
        ("place", _) => {
            &["Ireland", "New Zealand", "Ontario", "Wales", "Cape Town", "Oregon", "Leeds", "Bavaria"]
        }
        ("agent", _) => crate::company::AGENTS,
        ("weekday", _) => &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "weekend"],
        ("rating", _) => &["one", "two", "1", "2", "minus ten"],
        ("us", _) => &["Larchdeck", "larchdeck", "this tool", "this app", "it", "the product", "LarchDeck"],
        _ => return None,
    })
}

const BROWSERS: &[&str] = &[
    "my laptop",
    "the web version",
    "the work PC",
    "two different browsers",
    "the office computer",
    "my desktop",
    "a private window",
    "the van laptop",
    "the browser",
    "an old laptop",
    "three machines here",
    "my big screen",
];
const IOS: &[&str] =
    &["my iPhone", "iOS", "my iPad", "my work iPhone", "an older iPhone", "my iPad mini", "iOS {16-18}"];
const ANDROID: &[&str] = &[
    "my Android phone",
    "Android",
    "my Android tablet",
    "Android {12-16}",
    "our rugged Androids",
    "my old Android",
    "my work Android",
];
const SINCE: &[&str] = &[
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "yesterday",
    "last week",
    "the weekend",
    "this morning",
    "the last update",
    "version {ver}",
    "last Thursday",
    "about {3-9} days",
    "we moved office",
    "the start of the month",
];
const AGO: &[&str] = &[
    "on {weekday}",
    "yesterday",
    "last week",
    "over the weekend",
    "after the last update",
    "with version {ver}",
    "{2-9} days ago",
    "last month",
    "this morning",
    "when we moved office",
];
const WHEN: &[&str] = &[
    "in the morning",
    "around {7-11} am",
    "on Mondays",
    "after lunch",
    "late in the day",
    "when the whole team is in",
    "on Friday",
    "on rainy days",
    "towards the end of the month",
    "at shift change",
    "over our mobile network",
];
const OFTEN: &[&str] = &[
    "every time",
    "every few minutes",
    "about half the time",
    "several times a day",
    "out of nowhere",
    "every morning",
    "again and again",
    "{3-9} times a day",
    "at the worst moment",
    "all the time",
    "now and then",
    "in the middle of work",
];
const TOOLS: &[&str] = &[
    "CRM",
    "calendar",
    "accounting software",
    "chat tool",
    "time tracker",
    "warehouse system",
    "mail client",
    "BI tool",
    "payroll system",
    "ERP",
    "file storage",
    "helpdesk",
];
const TRADES: &[&str] = &[
    "roofers",
    "landscape gardeners",
    "event crews",
    "film crews",
    "electricians",
    "carers",
    "farm hands",
    "surveyors",
    "youth groups",
    "caterers",
    "tree surgeons",
    "festival teams",
    "property managers",
    "museum staff",
];
const ROLES: &[&str] = &[
    "foreman",
    "yard manager",
    "boss",
    "team lead",
    "accountant",
    "office manager",
    "project manager",
    "apprentice",
    "developer",
    "head of operations",
    "mother-in-law",
    "business partner",
    "intern",
    "dispatcher",
    "planner",
];
const PEOPLE: &[&str] = &[
    "my whole team",
    "the crew",
    "our {role}",
    "half the office",
    "{4-25} colleagues",
    "everyone here",
    "the night shift",
    "our {place} branch",
    "the new people",
    "our volunteers",
    "the outdoor crew",
    "both our planners",
];
const TEAMS: &[&str] = &[
    "a roofing company",
    "a small charity",
    "an events agency",
    "a family farm",
    "a school",
    "a film crew",
    "a clinic",
    "a landscaping business",
    "a team of {4-40}",
    "a surveying office",
    "a museum",
    "a festival",
    "a housing association",
    "a bakery with {3-12} branches",
    "a theatre",
    "a rural fire brigade",
];
const CONSEQUENCES: &[&str] = &[
    "it cost us {2-9} hours",
    "{people} had to go home",
    "a client noticed",
    "we are back to paper",
    "we missed a delivery",
    "I had to explain it to our {role}",
    "{people} stopped using it",
    "we lost a morning",
    "our {role} is not amused",
    "a job nearly fell through",
    "I worked until {8-11} pm to catch up",
    "we print everything now",
];
