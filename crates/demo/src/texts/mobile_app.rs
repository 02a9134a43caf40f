//! The apps on phone and tablet, as against the desktop.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "mobile_app",
    weight: 0.055,
    moods: [0.50, 0.20, 0.30],
    bug_share: 0.45,
    neg: &[
        "the [poor|useless|limited] mobile app",
        "a phone app with half the features of the desktop",
        "how the [mobile|phone] app drains the battery",
        "the mobile app on [tablets|small screens]",
        "the app's keyboard covering half the [phone screen|form]",
    ],
    pos: &[
        "the mobile app",
        "the phone app",
        "having everything on my phone",
        "the app on the tablet out on the job",
        "the home-screen widget",
    ],
    ask: &[
        "a [proper|real] tablet app",
        "a home-screen widget for the phone",
        "landscape mode in the mobile app",
        "the calendar view in the phone app",
        "a watch app",
    ],
    bugs: &[
        "the mobile app [cuts off the text|shows half the board] on {phone} since version {ver}",
        "in the phone app [photos upload sideways|the camera button does nothing|the back button closes everything]",
        "the app drains my [phone|battery]: {25-60}% of the battery in [one morning|{2-4} hours]",
        "[rotating the tablet|landscape mode] breaks the layout of the mobile app",
    ],
    complaints: &[
        "the mobile app is [a poor copy of the website|far behind the desktop|useless on the job], [half the features are missing|I carry a laptop because of it]",
        "on my phone [the app is hardly usable|everything is tiny|it's a pain]",
        "the phone app [eats the battery|wants {300-900} MB of storage], [so I deleted it|not okay]",
    ],
    requests: &[
        "please [bring|add] the [calendar view|board filters|bulk edit] to the mobile app",
        "[a widget|a tablet layout|dark theme] for the [phone|mobile] app would be [great|handy]",
    ],
    questions: &[
        "does the mobile app run on [older phones|tablets|a {5-8}-year-old phone]?",
        "will the phone app get the [calendar|bulk edit|templates] that the desktop has?",
    ],
    praise: &[
        "the mobile app is [excellent|brilliant|a lifesaver], [I run the whole day from my phone|perfect on the job]",
        "[best|one of the best] phone app[s|] I have for work, [everything fits the small screen|works with gloves on]",
        "with the app on my [phone|tablet] I [close tasks on the train|never miss anything], [love it|so handy]",
    ],
    plain: &[
        "I mostly use the mobile app [on the job|on the train]",
        "the phone app updated to {ver} {when}",
    ],
};
