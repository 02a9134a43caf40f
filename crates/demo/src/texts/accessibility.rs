//! Use with screen readers, keyboards, poor sight.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "accessibility",
    weight: 0.02,
    moods: [0.54, 0.28, 0.18],
    bug_share: 0.4,
    neg: &[
        "grey text on grey, unreadable with poor eyesight",
        "how badly it works with a screen reader",
        "the tiny font",
        "colours that colour-blind people can't tell apart",
    ],
    pos: &["the high-contrast mode", "how well it works with a screen reader", "full keyboard control"],
    ask: &[
        "a larger font",
        "a high-contrast mode",
        "labels for screen readers",
        "full keyboard navigation",
        "captions on the videos",
    ],
    bugs: &[
        "my screen reader [reads every button as unlabelled|skips the task list|gets stuck in the menu] [on|with] {device}",
        "the board can't be used by keyboard alone: focus [disappears|jumps to the top] after each task",
        "with larger text switched on [the labels overlap|buttons vanish] [on|with] {device}",
    ],
    complaints: &[
        "light grey on white in a tiny font: with poor eyesight [I can't read it|it's torture]",
        "a blind colleague [can't use|is shut out of] the boards because nothing has labels for the screen reader, [in this day and age|shameful]",
    ],
    requests: &[
        "please add [a high-contrast mode|a bigger font|patterns beside colours for colour-blind users]",
        "keyboard navigation for the board would help those of us who can't use a mouse",
    ],
    questions: &[
        "is there a high-contrast mode or a larger font?",
        "does it work with a screen reader?",
        "do you have an accessibility statement?",
    ],
    praise: &[
        "works beautifully with my screen reader, [rare and much appreciated|thank you for caring]",
        "the high-contrast mode is [a blessing|great] for my eyes",
    ],
    plain: &["I use it with [a screen reader|larger text]", "one of us works by keyboard only"],
};
