//! Speed: loading, lag, waiting.

use super::TopicTexts;

pub(super) const TEXTS: TopicTexts = TopicTexts {
    id: "performance",
    weight: 0.08,
    moods: [0.58, 0.14, 0.28],
    bug_share: 0.3,
    neg: &[
        "[painfully|terribly|really] slow loading",
        "boards that take [forever|{20-50} seconds] to load",
        "the lag when [typing|dragging tasks|scrolling]",
        "the [constant|endless] spinner",
        "slow [page loads|response times]",
        "how sluggish everything [is|feels]",
    ],
    pos: &[
        "how fast it [is|loads][ now|]",
        "the speed",
        "instant loading, even of [big|huge] boards",
        "the snappy [interface|boards]",
        "lightning-fast page loads",
    ],
    ask: &[
        "[faster|quicker] loading of [large|big] boards",
        "a lightweight mode for slow [connections|laptops]",
        "some speed on older [phones|hardware]",
    ],
    bugs: &[
        "[opening|loading] a board with {300-900} tasks takes {15-55} seconds [on|with] {device}, [it used to be|before that it was] {2-4}",
        "scrolling [lags|stutters] so badly [on|with] {device} that [the tasks jump|I lose my place]",
        "the page [hangs|freezes] for {10-30} seconds {often} and the fan [goes mad|starts screaming], something is eating all the CPU",
        "typing is {2-4} seconds behind my fingers [since {since}|on long tasks], the lag is [unbearable|awful]",
    ],
    complaints: &[
        "it's [so slow|painfully slow|far too slow|incredibly sluggish] [on|with] {device}[, I make tea while a board loads|, I watch the spinner more than my work|]",
        "[everything|each click|every page] takes [forever|ages|{5-15} seconds] to load[ {when}|]",
        "[performance|speed] has [got worse and worse|gone downhill] [since {since}|over the past months], [it crawls|everything lags]",
        "slow, slow, slow. [Loading one board takes {20-60} seconds|The waiting costs us hours a week]",
        "the bigger our boards get the slower it [becomes|gets], with {400-900} tasks it's [hardly usable|a slideshow]",
    ],
    requests: &[
        "please make [the boards|loading|search results] faster[, above all {when}|]",
        "[could you|can you] load only the tasks on the screen, so that big boards [open faster|stop lagging]",
    ],
    questions: &[
        "is there a [limit|recommended number] of tasks before a board gets slow?",
        "why is [loading|it] so much slower [on|with] {device} than on my colleague's machine?",
    ],
    praise: &[
        "it's [so fast|blazing fast|incredibly quick], boards open [instantly|in a blink|before I can blink]",
        "[loading times are|the speed is] [superb|fantastic|excellent][, even on {device}|]",
        "[wow, so fast|so much faster than what we had before|noticeably faster lately], great work",
        "a board with {400-900} tasks loads in [under a second|a second], [I'm impressed|wonderful]",
        "[snappy|smooth and quick] [on|with] {device}, no lag at all, [love it|a joy to use]",
    ],
    plain: &[
        "[loading|speed] is [okay|average|acceptable][ on {device}|], neither fast nor slow",
        "boards load in {2-4} seconds for us",
    ],
};
