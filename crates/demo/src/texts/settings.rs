//! Customisation: fields, themes, defaults.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "settings",
    weight: 0.03,
    moods: [0.38, 0.38, 0.24],
    bug_share: 0.4,
    neg: &[
        "settings [scattered over five pages|nobody can find]",
        "the [rigid|fixed] task fields",
        "preferences that reset [themselves|after every update]",
        "how little can be customised",
    ],
    pos: &["the custom fields", "the dark theme", "how much can be customised", "the settings page"],
    ask: &[
        "[more|coloured] custom fields",
        "a dark theme",
        "default values for new tasks",
        "a custom colour scheme",
        "settings per board",
    ],
    bugs: &[
        "my [settings|preferences] [reset|go back to default] {often} [on|with] {device}",
        "custom fields [disappear|lose their order] when I [save the settings|copy a board]",
        "the dark theme setting [shows black text on black|only colours half the page]",
    ],
    complaints: &[
        "the settings are [a labyrinth|all over the place], [I looked for the time zone for {15-40} minutes|nothing is where you'd look]",
        "hardly anything can be customised: [no own colours|no own fields|fixed columns], [our process does not fit|that's poor]",
    ],
    requests: &[
        "please [add|offer] [a dark theme|more custom fields|default values|own task colours] in the settings",
        "[we'd like to|let us] [rename the columns|customise the task layout|set the week to start on Sunday]",
    ],
    questions: &[
        "where is the setting for [time zone|the start of the week|task colours]?",
        "how many custom fields can [a board|a task] have?",
    ],
    praise: &[
        "custom fields let us [shape it to our process|model {trade}], [brilliant|so flexible]",
        "[the dark theme is gorgeous|so many options to customise], [love it|great for the eyes]",
    ],
    plain: &["we use {3-12} custom fields", "I changed the theme in the settings"],
};
