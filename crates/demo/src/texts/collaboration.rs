//! Sharing, comments, permissions, working together.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "collaboration",
    weight: 0.045,
    moods: [0.38, 0.26, 0.36],
    bug_share: 0.4,
    neg: &[
        "the [confusing|clumsy] sharing permissions",
        "not being able to share a board with [clients|guests]",
        "two people overwriting each other's [changes|tasks]",
        "comments that [vanish|nobody sees]",
        "guests who can see [everything|too much]",
    ],
    pos: &[
        "sharing boards with [clients|the whole crew]",
        "working together on one board",
        "comments and mentions",
        "the guest access",
    ],
    ask: &[
        "read-only sharing links",
        "permissions per [column|task]",
        "guest access for [clients|subcontractors]",
        "comments in threads",
    ],
    bugs: &[
        "shared boards are [invisible|read-only] for [guests|{people}] since {since}",
        "when two of us edit the same task [one version vanishes|the comments disappear]",
        "inviting [a guest|a colleague] to a board ends with error {err}",
        "mentions in comments [do nothing|go to the wrong person] [on|with] {device}",
    ],
    complaints: &[
        "sharing is [far too complicated|a mess]: [either guests see everything or nothing|five levels of permissions and none fits]",
        "[my {role}|a colleague] overwrote my changes again, [there is no locking and no history|working together like this is impossible]",
    ],
    requests: &[
        "please add [read-only links|guest roles|permissions per column] [for clients|]",
        "[threads in comments|seeing who is editing a task] would make teamwork [easier|smoother]",
    ],
    questions: &[
        "how do I share [a board|one task] with [a client|somebody outside the team]?",
        "who can see a private board, [admins|guests] too?",
    ],
    praise: &[
        "[working together|collaborating] on one board is [fantastic|so easy], [the crew and the office finally talk|no more mail chains]",
        "sharing a board with [clients|subcontractors] [impressed them|took one click], [great|excellent feature]",
        "comments and mentions keep [the whole team|{people}] [in the loop|together], [love it|lovely]",
    ],
    plain: &["we share {3-9} boards between two teams", "guests have read-only permission on our boards"],
};
