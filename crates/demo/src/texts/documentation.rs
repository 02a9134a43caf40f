//! Manuals, help pages, examples.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "documentation",
    weight: 0.025,
    moods: [0.48, 0.26, 0.26],
    bug_share: 0.0,
    neg: &[
        "[outdated|poor|missing] documentation",
        "help articles from [three versions ago|2021]",
        "a manual without [examples|screenshots]",
        "dead links in the help pages",
    ],
    pos: &["the documentation", "the help articles", "the short how-to videos", "the examples in the manual"],
    ask: &[
        "[more|better] examples in the documentation",
        "a searchable manual",
        "how-to videos for [forms|automations]",
        "a changelog one can read",
    ],
    bugs: &[],
    complaints: &[
        "the documentation is [outdated|a desert|hopeless], the screenshots show [buttons that no longer exist|an old version]",
        "the help page on [formulas|permissions|automations] [has no example|ends in a dead link], [I guessed my way through|wasted an afternoon]",
        "no manual, no examples, [just marketing videos|just a forum], [bad documentation costs us time|not good enough]",
    ],
    requests: &[
        "please [update|extend] the documentation of [formulas|automations|permissions], [with examples|with screenshots]",
        "a [printable|downloadable] manual would be [useful|welcome]",
    ],
    questions: &[
        "where is the documentation for [formulas|automations|form logic]?",
        "is there a [manual|help article|tutorial] on [archiving|recurring tasks]?",
    ],
    praise: &[
        "[excellent|clear|the best] documentation, [I solved it without asking anyone|every example works]",
        "the help articles are [short and clear|a pleasure to read], [thank you|well written]",
    ],
    plain: &["I read the help article on [archiving|formulas]", "the documentation got a new layout"],
};
