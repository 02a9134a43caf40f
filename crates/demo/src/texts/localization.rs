//! Languages, translations, dates and currencies.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "localization",
    weight: 0.02,
    moods: [0.50, 0.32, 0.18],
    bug_share: 0.4,
    neg: &[
        "the [clumsy|half-finished|machine-made] translation",
        "American date formats [everywhere|for everybody]",
        "menus that are half in English",
        "the missing {tongue} version",
    ],
    pos: &["the {tongue} translation", "having it in {tongue}", "local date formats"],
    ask: &[
        "a {tongue} translation",
        "day-month date formats",
        "prices in our currency",
        "a language setting per user",
    ],
    bugs: &[
        "dates show as month/day although my language is set to [British English|{tongue}]",
        "the {tongue} translation [mixes with English|shows placeholder keys] on [the calendar|every form] since {since}",
        "accented letters in {tongue} names come out [garbled|as question marks]",
    ],
    complaints: &[
        "the {tongue} translation is [embarrassing|unusable|a joke], [my crew laughs at it|half of it is still English]",
        "not everybody speaks English: without {tongue} [half my crew can't use it|we can't roll it out]",
    ],
    requests: &[
        "please translate [it|the app|the forms] into {tongue}[, half our crew needs it|]",
        "let every user choose their own language and date format",
    ],
    questions: &[
        "will there be a {tongue} version?",
        "how do I switch the language [to {tongue}|of one form]?",
    ],
    praise: &[
        "[good|excellent|careful] {tongue} translation, [our crew was delighted|no odd phrases at all]",
        "finally in {tongue}, [wonderful|thank you], now everyone can use it",
    ],
    plain: &["we use it in English and {tongue}", "the language is set to {tongue} for half of us"],
};
