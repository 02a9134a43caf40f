//! Crashes, freezes, lost work.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "stability",
    weight: 0.055,
    moods: [0.72, 0.10, 0.18],
    bug_share: 0.75,
    neg: &[
        "[constant|the constant|daily] crashes",
        "the app crashing {often}",
        "[random|sudden] freezes",
        "losing [my work|an hour of work|my notes] in a crash",
        "error messages [everywhere|at every second click]",
        "bugs after every [update|release]",
    ],
    pos: &[
        "how stable it [is|has become]",
        "zero crashes in {3-9} months",
        "an app that never crashes",
        "its rock-solid [stability|reliability]",
    ],
    ask: &[
        "autosave, so that a crash costs nothing",
        "a crash report button",
        "recovery of drafts after a crash",
    ],
    bugs: &[
        "it [crashes|closes itself|dies] [when|as soon as] I [open a task|attach a photo|switch boards|rotate the screen] [on|with] {device}[, version {ver}|]",
        "[crashed|froze] {3-8} times [today|this morning|within an hour] and [took my draft with it|lost everything I had typed]",
        "[the whole app|everything] freezes {often}, I have to [kill it and start again|force quit]",
        "I get [an unexpected error|error {err}|a blank page with a stack trace] {often}, reloading [does not help|makes it crash again]",
        "saving a task [throws|ends with] error {err} and the changes are [gone|lost]",
    ],
    complaints: &[
        "[unstable|so buggy|the buggiest app I use], [crashes daily|crashes all the time|one crash after the other]",
        "I [can't|cannot] trust it any more: {3-5} crashes [a day|every day] and [lost work each time|nobody seems to test]",
        "every [update|release] brings [a new crash|new bugs], {cons}",
    ],
    requests: &[
        "please [restore|keep] unsaved text after a crash",
        "an autosave [every few seconds|while typing] would [help when it crashes|save my nerves]",
    ],
    questions: &[
        "is the crash [when opening attachments|on start] [known|being worked on]?",
        "where do I find the crash log [on|for] {device}?",
    ],
    praise: &[
        "[rock solid|very stable|totally reliable], [not one crash in {3-11} months|I have never seen it crash]",
        "the crashes are gone since [version {ver}|the last update], [thank you|great job]",
        "[it never crashes|it has not crashed once], which I can't say of anything else we use",
    ],
    plain: &[
        "[it crashed once|one crash so far] {when}, otherwise stable",
        "I have seen a crash now and then, nothing dramatic",
    ],
};
