//! Other tools and the API.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "integrations",
    weight: 0.045,
    moods: [0.46, 0.32, 0.22],
    bug_share: 0.6,
    neg: &[
        "the [flaky|broken] {tool} integration",
        "API [limits|errors] {often}",
        "webhooks that [fire twice|never fire]",
        "the outdated API",
        "having to reconnect our {tool} every [week|few days]",
    ],
    pos: &[
        "the {tool} integration",
        "the open API",
        "how well it connects to [our other tools|{tool}]",
        "webhooks that just work",
    ],
    ask: &[
        "an integration with our {tool}",
        "a [proper|documented] API for [forms|attachments]",
        "webhooks for [comments|moved tasks]",
        "a connector for our {tool}",
    ],
    bugs: &[
        "the integration with our {tool} [stopped|broke] [{ago}|overnight], it says [unauthorised|token expired|error {err}]",
        "the API [returns|answers with] {apicode} for [every second call|bulk requests] since {since}",
        "our webhook [gets every event twice|has received nothing since {since}|times out]",
        "the {tool} connector [duplicates every entry|loses the attachments|drops the last page of results]",
    ],
    complaints: &[
        "the {tool} integration is [half-baked|unreliable|a toy], [we copy data by hand|it disconnects every week]",
        "the API [is years behind the product|has absurd rate limits], [our {role} has given up on it|we can't automate anything]",
    ],
    requests: &[
        "please [build|add] an integration with our {tool}[, we would use it daily|]",
        "[an API endpoint|a webhook] for [attachments|comments|form answers] would let us [automate the rest|connect our {tool}]",
    ],
    questions: &[
        "[does it|is there a way to] connect to our {tool}?",
        "what is the API's rate limit on the {plan} plan?",
        "how do I [renew|create] an API token for our {tool}?",
    ],
    praise: &[
        "the {tool} integration [works like a charm|saves us hours|is brilliant], [set up in minutes|no more copy and paste]",
        "[clean|well designed] API, our {role} [automated the whole intake|connected our {tool}] in [an afternoon|a day], [great|impressive]",
    ],
    plain: &["we connect it to our {tool} through the API", "our {tool} integration runs every night"],
};
