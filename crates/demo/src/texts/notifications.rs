//! Notifications, reminders, mails.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "notifications",
    weight: 0.045,
    moods: [0.52, 0.26, 0.22],
    bug_share: 0.45,
    neg: &[
        "the flood of notifications",
        "{20-90} notification emails a day",
        "notifications that [arrive hours late|never arrive]",
        "missed reminders",
        "push notifications at [night|three in the morning]",
    ],
    pos: &[
        "the reminders",
        "the daily notification digest",
        "notifications I can tune",
        "how timely the push notifications are",
    ],
    ask: &[
        "quiet hours for notifications",
        "one daily digest instead of {20-60} emails",
        "reminders [before a deadline|for recurring tasks]",
        "notifications per board",
    ],
    bugs: &[
        "push notifications [stopped|don't arrive any more] [on|with] {device} since {since}",
        "[reminders|notifications] come {2-9} hours late[, so we missed a deadline|], [the email is dated right though|both by mail and push]",
        "I get every notification [twice|three times] [on|with] {device}",
        "I turned notifications off and [still get all of them|they turn themselves on again]",
    ],
    complaints: &[
        "[drowning|I'm drowning] in notifications: {40-120} [emails|alerts] a day, [most of them pointless|I mute everything and then miss what matters]",
        "no reminder, no alert, nothing, and [the deadline passed|{people} didn't show up]",
        "why a push notification at [2 am|night|dinner] for [a comment|somebody else's task]",
    ],
    requests: &[
        "please let us [mute notifications per board|set quiet hours|choose which alerts come by mail]",
        "[a reminder|a notification] [{1-3} days before the deadline|when a task has been idle] would be [useful|great]",
    ],
    questions: &[
        "how do I [turn off|mute] email notifications for [one board|weekends]?",
        "can reminders go to [the whole team|a channel] instead of one person?",
    ],
    praise: &[
        "the reminders are [a lifesaver|perfect], [I never miss a deadline now|exactly on time]",
        "notifications [come at once|are just right], [not too many, not too few|great that I can tune them per board]",
    ],
    plain: &[
        "I get [a handful of|about {5-12}] notifications a day",
        "we switched the notifications to the daily digest",
    ],
};
