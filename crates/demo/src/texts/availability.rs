//! Outages: the service as a whole is not there.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "availability",
    weight: 0.03,
    moods: [0.38, 0.32, 0.30],
    bug_share: 0.45,
    neg: &[
        "[yet another|another|this] outage",
        "the [service|site] being down [again|for hours]",
        "the downtime",
        "{3-6} outages [this year|in {2-3} months]",
        "a status page that is green while everything is down",
    ],
    pos: &[
        "the uptime",
        "no outage in [over a year|{6-18} months]",
        "the honest status page",
        "how quickly the service was back up",
    ],
    ask: &[
        "a status page with [mails|notifications]",
        "a read-only mode during outages",
        "an uptime guarantee",
    ],
    bugs: &[
        "[is everything down|are you down|the whole service is down]? [I get a 503|nothing loads|the servers don't answer] [on every page|for {people}]",
        "[the service|the site|larchdeck] has been [down|unreachable|offline] since {clock}, [we get a 502|gateway timeout|servers not responding][, {cons}|]",
        "total outage here: [503 on all boards|no server answers|nobody in the company can reach it] since {clock}",
        "[still down|down again|offline again]. [{2-9} hours now|The status page says all green|No word from anyone]",
    ],
    complaints: &[
        "[another outage|down again], the [third|fourth|second] [this month|in weeks], {cons}",
        "[the downtime is|these outages are] [unacceptable|a disgrace|costing us money], [we pay for a service that is not there|{people} sat idle]",
        "[hours|a whole day] of downtime and [not a word|the status page shows green], [appalling|shameful]",
    ],
    requests: &[
        "please [send a mail|text us] when the service goes down [and when it is back up|]",
        "we need [a read-only copy|some fallback] for the next outage",
    ],
    questions: &[
        "is there [an outage|planned downtime] [today|right now|this weekend]?",
        "what uptime do you guarantee on the {plan} plan?",
    ],
    praise: &[
        "[not a single outage|zero downtime] in {4-14} months, [impressive|excellent|brilliant uptime]",
        "the outage was [over|fixed] in minutes and you told us what happened, [respect|well done|much appreciated]",
        "always up, always there. [Great uptime|That's why we stay]",
    ],
    plain: &[
        "there was a short outage {when}, then it was back up",
        "maintenance downtime was announced as usual",
    ],
};
