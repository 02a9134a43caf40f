//! Dashboards, charts, figures.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "reporting",
    weight: 0.04,
    moods: [0.44, 0.28, 0.28],
    bug_share: 0.45,
    neg: &[
        "dashboards with [wrong|outdated] numbers",
        "the [rigid|poor|basic] reports",
        "charts nobody can read",
        "reports that [don't add up|differ from the board]",
    ],
    pos: &["the dashboards", "the weekly report", "the burn-down chart", "charts my {role} understands"],
    ask: &[
        "custom reports",
        "a dashboard for [several boards|the whole company]",
        "reports by mail every Monday",
        "time spent per [client|project] in the reports",
    ],
    bugs: &[
        "the dashboard shows {12-40} open tasks, the board has {45-90}: the [figures|numbers] are wrong since {since}",
        "the [burn-down|workload] chart is [empty|blank|stuck on {month}] [on|with] {device}",
        "filtering a report by [date|team] [changes nothing|doubles the totals]",
    ],
    complaints: &[
        "the reports are [too basic|useless for management|rigid], [I rebuild every chart in a spreadsheet|no way to group by client]",
        "two dashboards, two different numbers, [I can't show that to my {role}|nobody trusts the reports any more]",
    ],
    requests: &[
        "please let us [build our own reports|put several boards on one dashboard|schedule the weekly report by mail]",
        "[a chart of workload per person|a report of overdue tasks] would [save me an hour a week|please my {role}]",
    ],
    questions: &[
        "can a dashboard show [several boards|figures per client]?",
        "how is the [cycle time|workload] in the report [calculated|counted]?",
    ],
    praise: &[
        "the dashboards are [beautiful|superb|exactly what I need], [my {role} asks for them every week|no more slides on Monday]",
        "[reporting|the weekly report] [saves me hours|is spot on], [clear charts|all figures at a glance]",
    ],
    plain: &["I look at the dashboard once a week", "we use the weekly report in our Monday meeting"],
};
