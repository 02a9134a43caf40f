//! Ease of use, design, navigation.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "usability",
    weight: 0.075,
    moods: [0.36, 0.20, 0.44],
    bug_share: 0.1,
    neg: &[
        "the cluttered [screen|interface|layout]",
        "the confusing [menus|navigation|interface]",
        "too many clicks for [everything|simple things|one task]",
        "the new design",
        "buttons [hidden in three-dot menus|that move with every update]",
    ],
    pos: &[
        "how easy it is to use",
        "the clean [design|interface|layout]",
        "drag and drop",
        "the intuitive [interface|navigation|menus]",
        "how simple it keeps things",
    ],
    ask: &[
        "a simpler [layout|menu]",
        "keyboard shortcuts for [moving tasks|everything]",
        "an undo button",
        "the old layout as an option",
    ],
    bugs: &[
        "the save button is [hidden behind the keyboard|off the screen] [on|with] {device}",
        "dragging a task [drops it in the wrong column|selects the text instead] {often}",
    ],
    complaints: &[
        "the [interface|navigation|new design] is [confusing|a maze|cluttered], [I need {4-9} clicks for what took two|I never find the button I need]",
        "[who designed this menu|what happened to the layout]? [Nothing is where it was|Everything is two clicks further away]",
        "not [intuitive|user-friendly] at all, [my {role} gave up|{people} avoid it]",
        "so many clicks just to [move a task|change a date|close a task]",
    ],
    requests: &[
        "please [add|bring back] [an undo button|keyboard shortcuts|the compact layout|the sidebar]",
        "[make|could you make] the buttons [bigger|easier to find], the interface is [crowded|hard to read at a glance]",
    ],
    questions: &[
        "where did the [archive button|filter menu|calendar view] go in the new design?",
        "is there a [shortcut|quicker way] to [move|close|copy] several tasks at once?",
    ],
    praise: &[
        "[so easy to use|super intuitive|very user-friendly], [even my {role} likes it|no manual needed|a pleasure every day]",
        "[clean|beautiful|clear] [design|interface], everything is where [I expect it|it should be]",
        "[drag and drop is|the new layout is|the interface is] [a joy|wonderful|great], [I find everything|well done]",
        "[simple|easy] and [pleasant|fun] to use, {people} [took to it at once|love it]",
    ],
    plain: &[
        "the interface is [fine|all right|okay], [you get used to it|nothing special]",
        "the layout changed a bit with {ver}",
    ],
};
