//! Synchronisation between devices, working offline.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "sync",
    weight: 0.04,
    moods: [0.58, 0.20, 0.22],
    bug_share: 0.65,
    neg: &[
        "[constant|the daily] sync [conflicts|errors]",
        "changes that never sync [to my phone|between devices]",
        "offline edits that vanish",
        "duplicate tasks after every sync",
        "no offline mode worth the name",
    ],
    pos: &[
        "offline mode",
        "how smoothly it syncs [between my devices|with my tablet]",
        "editing offline and syncing later",
    ],
    ask: &[
        "a [real|full] offline mode",
        "a sync status one can see",
        "a manual sync button",
        "offline access to attachments",
    ],
    bugs: &[
        "changes made [on|with] {device} don't sync, [my colleagues see yesterday's board|the desktop shows the old version]",
        "what I [enter|edit] offline is [gone|lost] after the next sync[, a whole day on the job|]",
        "sync [hangs|has been stuck] at {40-99}% since {since} [on|with] {device}",
        "after syncing there are [duplicates of every task|two versions of each task], {cons}",
    ],
    complaints: &[
        "offline mode is [useless|a lie]: no signal on the job means [no boards at all|lost entries]",
        "out of sync again: [phone and desktop show different boards|the office never sees what the crew entered], {cons}",
    ],
    requests: &[
        "please [add|build] [a sync-now button|offline access to attachments|a list of changes waiting to sync]",
        "a full offline mode would be [a dream|vital] for {trade}",
    ],
    questions: &[
        "how long are offline changes kept before they sync?",
        "why does my [phone|tablet] show an older version than the desktop until I sync?",
    ],
    praise: &[
        "offline mode [saved my day|is brilliant], [a whole shift in a basement and everything synced afterwards|no signal, no problem]",
        "syncs [instantly|flawlessly] between [phone and desktop|my {2-4} devices], [love it|magic]",
    ],
    plain: &[
        "I work offline on the job and sync in the evening",
        "it syncs every few minutes between my devices",
    ],
};
